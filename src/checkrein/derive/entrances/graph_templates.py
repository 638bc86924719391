"""AppSync's mapping templates: Velocity text over a field's arguments, its caller, and results.

Sources are symbols of ``event`` that name parts of the context: ``arguments.input.email``,
``identity.sub``, ``result.items``, ``prev.result``, ``stash.owner``, ``source.id``.

Source: AppSync's developer guide, "Resolver mapping template reference for VTL".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from msgspec.structs import replace

from checkrein.derive.entrances.mapping_templates import TRAIL, VARIABLE, Reader, closed
from checkrein.late import regex
from checkrein.model import Argument, Open, Symbol, Value

CONTEXT = regex(
    r"\b(?:ctx|context)\.(args|arguments|identity|source|result|prev\.result|stash"
    r"|request\.headers|env)\b" + TRAIL
)
SPOKEN = regex(  # said for its effect: it renders nothing
    r"\$!?\{?utils?\.(?:qr|quiet|error|appendError|validate|unauthorized|log\.\w+)(?=\()"
)
PUT = regex(r"""\$!?\{?([\w.]+?)\.put\(\s*["']([\w-]+)["']\s*,""")
PAIR = regex(r"""["']([\w-]+)["']\s*:\s*([^,}]+)""")
STASH, MAP = "ctx.stash", "map"
HEADS = {"args": "arguments"}


class GraphReader(Reader):
    """Reads the templates of one step; ``stash`` is what they put aside for those behind it."""

    def __init__(self) -> None:
        super().__init__("")
        self._puts: defaultdict[str, list[Argument]] = defaultdict(list)  # into maps, by name

    def template(self, value: Value) -> Iterator[Argument]:
        """Yield the leaves of what a template renders."""
        for argument in super().template(value):
            for put in self._put_into(argument):
                yield replace(put, path=f"{argument.path}.{put.path}".lstrip("."))
            sources = tuple(s for s in argument.sources if s.owner != MAP)
            if sources or not argument.sources:
                yield replace(argument, sources=sources)

    @property
    def stash(self) -> tuple[Argument, ...]:
        """What the templates that were read put into the stash."""
        return tuple(self._puts[STASH])

    def _put_into(self, argument: Argument) -> Iterator[Argument]:
        """Yield what was put into the map that an argument is."""
        for target, puts in self._puts.items():
            means = {*self._parts(f"${target}"), Symbol(MAP, target)}
            if target != STASH and means & {*argument.sources}:
                yield from puts

    def _undirected(self, line: str) -> str:
        """Return the text without directives, and without what is said for its effect."""
        line = super()._undirected(line)
        for found in PUT.finditer(line):
            end = closed(line, line.rindex("(", 0, found.start(2)))
            self._put(found[1].replace("context.", "ctx."), found[2], line[found.end() : end])
        kept, done = [], 0
        for found in SPOKEN.finditer(line):
            if found.start() >= done:
                kept.append(line[done : found.start()])
                done = closed(line, found.end())
        return "".join([*kept, line[done:]])

    def _assign(self, name: str, said: str, mark: str) -> None:
        super()._assign(name, said, mark)
        if said.lstrip().startswith("{"):
            self._variables[name] = (Symbol(MAP, name),)
            for found in PAIR.finditer(said):
                self._put(name, found[1], found[2])

    def _put(self, target: str, name: str, said: str) -> None:
        sources = self._parts(said)
        value = sources[0] if len(sources) == 1 else Open("computed")
        self._puts[target].append(Argument(name, value, sources))

    def _parts(self, said: str) -> tuple[Symbol, ...]:
        found = [f"{HEADS.get(m[1], m[1])}{m[2]}" for m in CONTEXT.finditer(said)]
        symbols = [Symbol("event", path) for path in found]
        for match in VARIABLE.finditer(said):
            known = self._variables.get(match[1], ())
            symbols += [Symbol(one.owner, f"{one.attribute}{match[2]}") for one in known]
        return tuple(dict.fromkeys(symbols))
