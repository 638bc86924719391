"""The Amazon States Language: the tasks of a state machine, and what their payloads name.

A machine's content is one tree, its state: ``$.order.email`` is ``order.email``, whichever step
put it there. Both query languages are read, JSONPath and JSONata.

Source: the Amazon States Language specification and Step Functions' developer guide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from checkrein.derive.content.paths import Tokens, attribute, joined, tokens
from checkrein.derive.entrances.authorizers import dictionary
from checkrein.model import Argument, Open, Path, Resource, Symbol, Value
from checkrein.model.values import alternatives

MEMBERS = r"((?:\.(?:\w|-)+|\[[^\]]*\])*)"
JSONPATH = re.compile(
    rf"\$(?!\{{)(?:(\$\.)(Execution\.Input|Map\.Item\.Value)?|([A-Za-z_]\w*))?{MEMBERS}"
)
JSONATA = re.compile(rf"\$states\.(input|result|context\.Execution\.Input)\b{MEMBERS}")
VARIABLE = re.compile(rf"\$(?!states\b)([A-Za-z_]\w*)\b(?!\s*\(){MEMBERS}")
QUOTED = re.compile(r"""\[["']([^"']+)["']\]""")
STATE = "event"  # owner of symbols that name parts of the machine's state
RESULT = "result"  # owner of symbols that name parts of what a task got back
LARGE = ("ItemReader", "ResultWriter")  # a distributed Map takes items from S3, and puts results


class State(Struct, frozen=True):
    """A state of a machine that moves content, and where it stands.

    ``above`` is where in the machine's content the state's input is: for the states inside a Map,
    its items.
    """

    machine: Resource
    name: str
    content: Mapping[str, Value]
    at: Path
    jsonata: bool
    above: Tokens = ()

    @property
    def kind(self) -> str:
        """``Task``, ``Pass``, ``Map``…; Tasks are also the readers and writers of a Map."""
        return "Task" if self.at[-1] in LARGE else str(self.content.get("Type"))

    @property
    def input(self) -> Tokens:
        """Where the state's input is, in the machine's content."""
        return (*self.above, *steps(self.content.get("InputPath")))


def states(machine: Resource) -> Iterator[State]:
    """Yield all states of a machine, those inside Parallel and Map states included."""
    for definition in alternatives(machine.value("Definition")):
        jsonata = dictionary(definition).get("QueryLanguage") == "JSONata"
        yield from _states(State(machine, "", dictionary(definition), ("Definition",), jsonata))


def _states(outer: State) -> Iterator[State]:
    for name, value in dictionary(outer.content.get("States")).items():
        content = dictionary(value)
        language = content.get("QueryLanguage")
        state = replace(
            outer,
            name=name,
            content=content,
            at=(*outer.at, "States", name),
            jsonata=language == "JSONata" if language else outer.jsonata,
        )
        yield state
        yield from _inside(state)


def _inside(state: State) -> Iterator[State]:
    branches = state.content.get("Branches")
    inner: list[tuple[Path, Value]] = [(("ItemProcessor",), state.content.get("ItemProcessor"))]
    inner.append((("Iterator",), state.content.get("Iterator")))
    for index, branch in enumerate(branches if isinstance(branches, list) else []):
        inner.append((("Branches", index), branch))
    above = _items(state) if state.kind == "Map" else state.above
    for place, value in inner:
        at = (*state.at, *place)
        yield from _states(replace(state, content=dictionary(value), at=at, above=above))
    for name in LARGE:
        if name in state.content:
            large = dictionary(state.content[name])
            yield replace(state, content=large, at=(*state.at, name))


def _items(state: State) -> Tokens:
    """Return where the items of a Map stand; nowhere known if they are made for it."""
    made = {"ItemSelector", "Parameters", "Items", "ItemReader"} & state.content.keys()
    return () if made else (*state.input, *steps(state.content.get("ItemsPath")), "[]")


def steps(path: Value) -> Tokens:
    """Return the steps of a JSONPath, without DynamoDB's type tags."""
    return _members(path.removeprefix("$")) if isinstance(path, str) else ()


def _members(path: str) -> Tokens:
    return attribute(tokens(QUOTED.sub(r".\1", path)))


def arguments(state: State, value: Value, subject: str = STATE) -> Iterator[Argument]:
    """Yield the leaves of a payload template; their sources are parts of the ``subject``."""
    for path, leaf in _leaves(value, ()):
        last = path[-1] if path else ""
        computed = str(leaf).startswith("{%") if state.jsonata else last.endswith(".$")
        if not computed:
            yield Argument(joined(path), leaf)
            continue
        named = (*path[:-1], last.removesuffix(".$")) if path else path
        found = (
            _jsonata(state, str(leaf)) if state.jsonata else _jsonpath(state, str(leaf), subject)
        )
        sources = tuple(dict.fromkeys(found))
        value = sources[0] if len(sources) == 1 else Open("computed")
        yield Argument(joined(named), value, sources)


def _leaves(value: Value, path: Tokens) -> Iterator[tuple[Tokens, Value]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, (*path, str(key)))
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, (*path, "[]"))
    elif value is not None:
        yield path, value


def _jsonata(state: State, said: str) -> Iterator[Symbol]:
    """Yield what an expression names: the state's input, its result, variables."""
    for found in JSONATA.finditer(said):
        if found[1] == RESULT:
            yield Symbol(RESULT, joined(tokens(found[2])))
        else:
            above = state.above if found[1] == "input" else ()
            yield Symbol(STATE, joined((*above, *_members(found[2]))))
    for found in VARIABLE.finditer(said):
        yield Symbol(STATE, joined((found[1], *_members(found[2]))))


def _jsonpath(state: State, said: str, subject: str) -> Iterator[Symbol]:
    """Yield what an expression names: its subject, the execution's input, items, variables."""
    for found in JSONPATH.finditer(said):
        context, part, variable, rest = found.groups()
        if subject == RESULT and not context and not variable:
            yield Symbol(RESULT, joined(tokens(QUOTED.sub(r".\1", rest))))
        elif variable:
            yield Symbol(STATE, joined((variable, *_members(rest))))
        elif part or not context:
            above = state.input if not context else state.above
            known = () if part == "Execution.Input" else above
            yield Symbol(STATE, joined((*known, *_members(rest))))
