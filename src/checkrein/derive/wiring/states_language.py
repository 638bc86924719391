"""The Amazon States Language: the tasks of a state machine, and what their payloads name.

A machine's content is one tree, its state: ``$.order.email`` is ``order.email``, whichever step
put it there. Both query languages are read, JSONPath and JSONata.

Source: the Amazon States Language specification and Step Functions' developer guide.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from checkrein.derive.content.paths import Tokens, attribute, joined, tokens
from checkrein.derive.entrances.authorizers import dictionary
from checkrein.derive.stacks.directory import Directory
from checkrein.derive.wiring.jsonata_parts import Part, parts
from checkrein.late import regex
from checkrein.model import Argument, Open, Path, Resource, Symbol, Value
from checkrein.model.values import alternatives, text

MEMBERS = r"((?:\.(?:\w|-)+|\[[^\]]*\])*)"
JSONPATH = regex(
    rf"\$(?!\{{)(?:(\$\.)(Execution\.Input|Map\.Item\.Value)?|([A-Za-z_]\w*))?{MEMBERS}"
)
QUOTED = regex(r"""\[["']([^"']+)["']\]""")
WRITTEN = regex(r"'(?:[^'\\]|\\.)*'")  # texts in intrinsic functions
INTRINSIC = regex(r"States\.(\w+)\(")
TELLING_NOTHING = frozenset({
    "ArrayContains", "ArrayLength", "ArrayRange", "Hash", "MathRandom", "UUID",
})  # fmt: skip
MAPPED = ("context", "Map", "Item", "Value")
EXECUTED = ("context", "Execution", "Input")
STATE = "event"  # owner of symbols that name parts of the machine's state
RESULT = "result"  # owner of symbols that name parts of what a task got back
WAITING = ".waitForTaskToken"
ACTIVITY = ("AWS::StepFunctions::Activity",)
TOKEN = regex(r"(?:\$\$|\$states\.context)\.Task\.Token\b")
LARGE = ("ItemReader", "ResultWriter")  # a distributed Map takes items from S3, and puts results
SELECTING = ("ItemSelector", "Parameters")  # what makes the items of a Map


class State(Struct, frozen=True):
    """A state of a machine that moves content, and where it stands.

    ``above`` is where in the machine's content the state's input is: for the states inside a Map,
    its items. ``item`` is where the item of the innermost Map is, whatever is made of it.
    """

    machine: Resource
    name: str
    content: Mapping[str, Value]
    at: Path
    jsonata: bool
    above: Tokens = ()
    item: Tokens = ()

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
    if state.kind == "Map":
        state = replace(state, item=_items(state))
        above = () if _is_made(state) else state.item
    else:
        above = state.above
    for place, value in inner:
        at = (*state.at, *place)
        yield from _states(replace(state, content=dictionary(value), at=at, above=above))
    for name in LARGE:
        if name in state.content:
            large = dictionary(state.content[name])
            yield replace(state, content=large, at=(*state.at, name))


def _is_made(state: State) -> bool:
    """Tell whether a Map's states get something else than an item as it is."""
    return any(name in state.content for name in SELECTING)


def _items(state: State) -> Tokens:
    """Return where the items of a Map stand; at the top where they come from elsewhere."""
    if "ItemReader" in state.content:
        return ()
    items = state.content.get("Items")
    if items is None:
        return (*state.input, *steps(state.content.get("ItemsPath")), "[]")
    found = [a for a in arguments(state, items) if isinstance(a.value, Symbol) and not a.path]
    return (*tokens(found[0].value.attribute), "[]") if len(found) == 1 else ()


def is_waiting(directory: Directory, state: State) -> bool:
    """Tell whether a task's result is what somebody else gives back: by its token, as a worker."""
    resource = state.content.get("Resource")
    if state.kind != "Task" or resource is None:
        return False
    deployment = directory.deployment(state.machine.id)
    return WAITING in str(resource) or bool(directory.find(resource, deployment, ACTIVITY))


def token_paths(state: State) -> Iterator[str]:
    """Yield where in a task's request its token stands."""
    name = "Arguments" if state.jsonata else "Parameters"
    for path, leaf in _leaves(state.content.get(name), ()):
        if TOKEN.search(str(leaf)):
            yield joined((*path[:-1], path[-1].removesuffix(".$"))) if path else ""


def selected(state: State) -> Iterator[tuple[Tokens, Argument]]:
    """Yield what a Map makes of each item for its states, and where that stands."""
    for name in SELECTING if state.kind == "Map" else ():
        mapping = replace(state, item=_items(state))
        for argument in arguments(mapping, state.content.get(name)):
            yield tokens(argument.path), argument


def steps(path: Value) -> Tokens:
    """Return the steps of a JSONPath, without DynamoDB's type tags."""
    return _members(path.removeprefix("$")) if isinstance(path, str) else ()


def _members(path: str) -> Tokens:
    return attribute(tokens(QUOTED.sub(r".\1", path)))


def arguments(state: State, value: Value, subject: str = STATE) -> Iterator[Argument]:
    """Yield the leaves of a payload template; their sources are parts of the ``subject``."""
    for path, leaf in _leaves(value, ()):
        last = path[-1] if path else ""
        if state.jsonata and str(leaf).lstrip().startswith("{%"):
            yield from _jsonata(state, path, str(leaf))
        elif not state.jsonata and last.endswith(".$"):
            yield from _jsonpath(state, (*path[:-1], last.removesuffix(".$")), str(leaf), subject)
        else:
            yield Argument(joined(path), leaf)


def _leaves(value: Value, path: Tokens) -> Iterator[tuple[Tokens, Value]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, (*path, str(key)))
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, (*path, "[]"))
    elif value is not None:
        yield path, value


def _jsonata(state: State, path: Tokens, said: str) -> Iterator[Argument]:
    """Yield what an expression makes, one Argument for each place in it."""
    made = parts(said.strip().removeprefix("{%").removesuffix("%}").strip())
    if made is None:
        yield Argument(joined(path), Open("an expression that is not read"))
        return
    places: defaultdict[Tokens, list[tuple[Symbol, bool]]] = defaultdict(list)
    for part in made:
        symbol = _meant(state, part)
        if symbol is not None:
            places[part.at].append((symbol, part.exact))
    for at, found in places.items() or (((), []),):
        sources = tuple(dict.fromkeys(symbol for symbol, _ in found))
        exact = all(one for _, one in found)
        value = text(list(sources)) if sources and exact else Open("computed")
        yield Argument(joined((*path, *at)), value, sources)


def _meant(state: State, part: Part) -> Symbol | None:
    """Return the symbol of a part of the state's input, its result, a context or a variable."""
    if part.variable != "states":
        return Symbol(STATE, joined((part.variable, *attribute(part.path))))
    head, rest = part.path[:1], part.path[1:]
    if head == ("result",):
        return Symbol(RESULT, joined(rest))
    for prefix, base in ((MAPPED, state.item), (EXECUTED, ()), (("input",), state.above)):
        if part.path[: len(prefix)] == prefix:
            return Symbol(STATE, joined((*base, *attribute(part.path[len(prefix) :]))))
    return None


def _jsonpath(state: State, path: Tokens, said: str, subject: str) -> Iterator[Argument]:
    """Yield what an expression names: an intrinsic function may name several things."""
    function = INTRINSIC.match(said)
    if function and function[1] in TELLING_NOTHING:
        yield Argument(joined(path), Open("computed"))
        return
    sources = tuple(dict.fromkeys(_named(state, WRITTEN.sub("", said), subject)))
    value = text(list(sources)) if sources else Open("computed")
    yield Argument(joined(path), value, sources)


def _named(state: State, said: str, subject: str) -> Iterator[Symbol]:
    """Yield what JSONPaths name: their subject, the execution's input, items, variables."""
    for found in JSONPATH.finditer(said):
        context, part, variable, rest = found.groups()
        if subject == RESULT and not context and not variable:
            yield Symbol(RESULT, joined(tokens(QUOTED.sub(r".\1", rest))))
        elif variable:
            yield Symbol(STATE, joined((variable, *_members(rest))))
        elif part == "Execution.Input":
            yield Symbol(STATE, joined(_members(rest)))
        elif part or not context:
            base = state.item if part else state.input
            yield Symbol(STATE, joined((*base, *_members(rest))))
