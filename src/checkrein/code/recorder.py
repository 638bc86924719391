"""What the interpreter saw: call sites, reads and routes, merged by place, made into a Summary."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from checkrein.code.things import Structure
from checkrein.code.values import (
    EMPTY,
    NOTHING,
    UNKNOWN,
    Abstract,
    derived,
    join,
    shown,
    sources_of,
)
from checkrein.model import Argument, CallSite, EventRead, Evidence, Place, Route, Symbol

if TYPE_CHECKING:
    pass

NESTING = 8  # arguments are flattened no deeper
PREFIX = "call:"


class Site(NamedTuple):
    """Where a call stands and how the handler got there."""

    place: Place
    steps: tuple[Evidence, ...] = ()


class Seen:
    """One call site while it is still being learnt about."""

    __slots__ = ("arguments", "certain", "kind", "operation", "service", "site")

    def __init__(self, kind: str, service: str, operation: str, site: Site) -> None:
        self.kind = kind
        self.service = service
        self.operation = operation
        self.site = site
        self.certain = True
        self.arguments: dict[str, Abstract] = {}


class Recorder:
    """Collects; a call site reached twice is one, with the union of what was passed."""

    def __init__(self) -> None:
        self.sites: dict[tuple[str, str, str, Place], tuple[int, Seen]] = {}
        self.reads: dict[Symbol, Place] = {}
        self.routes: list[Route] = []

    def call(
        self, name: tuple[str, str, str], site: Site, parameters: Abstract, *, certain: bool = True
    ) -> Abstract:
        """Record a call (kind, service, operation) and return its symbolic result."""
        kind, service, operation = name
        key = (*name, site.place)
        number, seen = self.sites.setdefault(
            key, (len(self.sites), Seen(kind, service, operation, site))
        )
        seen.certain = seen.certain and certain
        _learn(seen, parameters)
        return Abstract(atoms=frozenset((Symbol(f"{PREFIX}{number}", ""),)))

    def more(self, result: Abstract, parameters: Abstract) -> None:
        """Add arguments to the calls that a result is of: a body written after the request."""
        for number, seen in self.sites.values():
            if Symbol(f"{PREFIX}{number}", "") in result.atoms:
                _learn(seen, parameters)

    def read(self, symbol: Symbol, place: Place) -> None:
        self.reads.setdefault(symbol, place)

    def calls(self) -> tuple[CallSite, ...]:
        used = self._results_used()
        return tuple(
            CallSite(
                seen.kind,
                seen.service,
                seen.operation,
                seen.site.place,
                tuple(
                    Argument(path, shown(value), tuple(sorted(sources_of(value))))
                    for path, value in seen.arguments.items()
                ),
                seen.site.steps,
                seen.certain,
                tuple(used.get(f"{PREFIX}{number}", ())),
            )
            for number, seen in self.sites.values()
        )

    def event_reads(self) -> tuple[EventRead, ...]:
        """Return reads of event and environment; prefixes only where used as a whole."""
        whole = self._passed()
        named = {symbol for symbol in self.reads if symbol.owner in ("event", "env")}
        kept = [s for s in named if s in whole or not _has_longer(s, named)]
        return tuple(
            EventRead(symbol, self.reads[symbol])
            for symbol in sorted(kept, key=lambda s: (self.reads[s], s))
        )

    def _results_used(self) -> dict[str, list[str]]:
        whole = self._passed()
        named = {s for s in self.reads if s.owner.startswith(PREFIX)}
        used: dict[str, list[str]] = {}
        for symbol in sorted(s for s in {*named, *whole} if s.owner.startswith(PREFIX)):
            if symbol.attribute and (symbol in whole or not _has_longer(symbol, named)):
                used.setdefault(symbol.owner, []).append(symbol.attribute)
        return used

    def _passed(self) -> set[Symbol]:
        return {
            symbol
            for _, seen in self.sites.values()
            for value in seen.arguments.values()
            for symbol in sources_of(value)
        }


def _learn(seen: Seen, parameters: Abstract) -> None:
    for path, value in flatten(parameters).items():
        seen.arguments[path] = join(seen.arguments.get(path, NOTHING), value)


def _has_longer(symbol: Symbol, named: set[Symbol]) -> bool:
    prefix = symbol.attribute
    return any(
        other.owner == symbol.owner
        and len(other.attribute) > len(prefix)
        and other.attribute.startswith(prefix)
        and (not prefix or other.attribute[len(prefix)] in ".[")
        for other in named
    )


def flatten(value: Abstract) -> dict[str, Abstract]:
    """Return the leaves of a structure by dotted path.

    ``[]`` stands for list items, ``{}`` for keys that are not known and what stands under them.
    """
    leaves: dict[str, Abstract] = {}
    _flatten(value, "", leaves, ())
    return leaves


def _flatten(
    value: Abstract, path: str, leaves: dict[str, Abstract], inside: tuple[Structure, ...]
) -> None:
    structures = [t for t in value.things if isinstance(t, Structure)]
    if len(inside) >= NESTING:
        _leaf(derived(sources_of(value)), path, leaves)
        return
    rest = Abstract(value.atoms, (), value.sources, value.open and not structures)
    others = any(not isinstance(t, Structure) for t in value.things)
    if others:
        rest = join(rest, derived(sources_of(value) if not structures else EMPTY))
    _leaf(rest, path, leaves)
    for structure in structures:
        if structure in inside:
            continue
        _parts(structure, path, leaves, (*inside, structure))


def _parts(
    structure: Structure, path: str, leaves: dict[str, Abstract], inside: tuple[Structure, ...]
) -> None:
    _leaf(structure.rest, path, leaves)
    if structure.kind == "list":
        for item in (*structure.fields.values(), structure.element):
            _flatten(item, path + "[]", leaves, inside)
    else:
        for name, item in structure.fields.items():
            _flatten(item, f"{path}.{name}" if path else name, leaves, inside)
        _leaf(structure.keys, path + "{}", leaves)
        _flatten(structure.element, path + "{}", leaves, inside)
    if path and not structure.fields and not any(structure.parts()):
        _leaf(UNKNOWN, path, leaves)


def _leaf(value: Abstract, path: str, leaves: dict[str, Abstract]) -> None:
    if value:
        leaves[path] = join(leaves.get(path, NOTHING), value)
