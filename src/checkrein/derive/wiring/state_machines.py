"""What state machines read, write and invoke in their own name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from checkrein.catalog.content import content
from checkrein.derive.content.paths import Tokens, below, joined, tokens
from checkrein.derive.content.slots import mentioned
from checkrein.derive.content.words import short
from checkrein.derive.entrances.authorizers import FUNCTION, dictionary
from checkrein.derive.stacks.directory import Directory, once
from checkrein.derive.wiring.executions import HISTORY, MACHINE, keeps, logged
from checkrein.derive.wiring.requested import Requested, member, service_name, shown
from checkrein.derive.wiring.states_language import (
    ACTIVITY,
    RESULT,
    STATE,
    State,
    arguments,
    is_waiting,
    selected,
    states,
    steps,
)
from checkrein.derive.wiring.wiring import wire
from checkrein.late import regex
from checkrein.model import Argument, CallSite, Evidence, Flow, Resource, Slot, Symbol, Value

INTEGRATED = regex(r":states:[^:]*:[^:]*:(?:aws-sdk:)?([\w-]+):(\w+)")
HTTP = {  # members of a call to an API, as those of a request that code makes
    "ApiEndpoint": "url",
    "RequestBody": "body",
    "QueryParameters": "query",
    "Headers": "headers",
}
SHAPING = ("ResultSelector", "Output", "Assign")  # what makes something of a result
PASSING = ("Parameters", "Output", "Assign")


@once
def machine_flows(directory: Directory) -> tuple[Flow, ...]:
    """Return what the states of every state machine move."""
    machines = directory.of_type(MACHINE)
    return tuple(flow for machine in machines for flow in _moved(directory, machine))


def _moved(directory: Directory, machine: Resource) -> Iterator[Flow]:
    for state in states(machine):
        if state.kind == "Task":
            yield from _asked(directory, state)
        yield from _passed(state)
    yield from logged(directory, machine)


def _asked(directory: Directory, state: State) -> Iterator[Flow]:
    yield from _worked(directory, state)
    site = request(directory, state)
    if site is None:
        return
    asked = Requested(directory, state.machine.id, site)
    yield from asked.writes(_who(state), _via(state))
    if is_waiting(directory, state):
        yield from _noted(asked, state, _answered(asked) if keeps(state.machine) else ())
        return  # its result is what somebody gives back
    verbs = "gets the answer of", "reads"
    for source, path in _results(asked, state):
        what = f"{source.path} from " if source.path else ""
        verb = verbs[not source.node.endswith("@response")]
        said = f"{_who(state)} {verb} {what}{shown(source.node)} ({asked.operation})"
        yield wire(source, Slot(state.machine.id, joined(path)), _via(state), _note(state, said))
    yield from _noted(asked, state, _recorded(asked, state))


def _worked(directory: Directory, state: State) -> Iterator[Flow]:
    """Yield what the workers of an activity get."""
    deployment = directory.deployment(state.machine.id)
    for activity in directory.find(state.content.get("Resource"), deployment, ACTIVITY):
        said = state.content.get("Arguments" if state.jsonata else "Parameters")
        given = arguments(state, said) if said is not None else (_whole(state, ""),)
        for argument in given:
            for symbol in argument.sources:
                note = _note(state, f"{_who(state)} hands {short(activity)} its work")
                source = Slot(state.machine.id, symbol.attribute)
                yield wire(source, Slot(activity, argument.path), _via(state), note)


def _noted(asked: Requested, state: State, got: Iterable[Slot]) -> Iterator[Flow]:
    """Yield what a machine's history keeps of what a task gets."""
    for source in got:
        said = f"the history of {state.machine.name} records what {state.name} gets of "
        note = _note(state, f"{said}{shown(source.node)} ({asked.operation})")
        target = Slot(f"{state.machine.id}{HISTORY}", state.name)
        yield wire(source, target, _via(state), note)


def _passed(state: State) -> Iterator[Flow]:
    """Yield what a state moves inside the machine."""
    for target, argument in _inside(state):
        for symbol in argument.sources:
            source, to = Slot(state.machine.id, symbol.attribute), Slot(state.machine.id, target)
            if symbol.owner == STATE and source.path and source != to:
                note = _note(
                    state, f"{_who(state)} makes {to.path or 'its output'} of {source.path}"
                )
                direct = mentioned(argument.value, symbol)
                yield wire(source, to, _via(state), note, certain=direct)


def _inside(state: State) -> Iterator[tuple[str, Argument]]:
    """Yield what a state makes in the machine's content, and where that stands."""
    shaping = PASSING if state.kind == "Pass" else SHAPING[1:]
    branches = [state.content, *_listed(state, "Choices"), *_listed(state, "Catch")]
    for branch in branches:
        for name in shaping:
            base = () if name == "Assign" else _result_path(state) or ()
            for argument in arguments(state, branch.get(name)):
                yield joined((*base, *tokens(argument.path))), argument
    for path, argument in selected(state):
        yield joined(path), argument


def _listed(state: State, name: str) -> list[Mapping[str, Value]]:
    found = state.content.get(name)
    return [dictionary(each) for each in found] if isinstance(found, list) else []


def _who(state: State) -> str:
    return f"{state.machine.name}'s step {state.name}"


def _via(state: State) -> str:
    return f"{state.machine.id}#{state.name}"


def _note(state: State, said: str) -> Evidence:
    return Evidence(said, state.machine.where(state.at))


# ---------------------------------------------------------------------- results


def _results(asked: Requested, state: State) -> Iterator[tuple[Slot, Tokens]]:
    """Yield which slots of what a task asks go where in the machine's content."""
    yield from _shaped(asked, state)
    base = _result_path(state)
    if base is not None and not {"ResultSelector", "Output"} & state.content.keys():
        for read in _readable(asked.site):
            for slot in asked.results(asked.site, read):
                yield slot, _kept(state, (*base, *_wrapped(state, read)))


def _shaped(asked: Requested, state: State) -> Iterator[tuple[Slot, Tokens]]:
    """Yield the same for tasks that say themselves what to make of their result."""
    for name in SHAPING:
        base = () if name == "Assign" else _result_path(state) or ()
        for argument in arguments(state, state.content.get(name), RESULT):
            for symbol in argument.sources:
                part = _spelt(asked.site, _of_payload(state, symbol.attribute))
                found = asked.results(asked.site, part) if symbol.owner == RESULT else ()
                yield from ((slot, (*base, *tokens(argument.path))) for slot in found)


def placed_results(state: State, at: Tokens) -> Iterator[tuple[Tokens, Tokens]]:
    """Yield where in a machine's content that goes which stands at a path of a task's result.

    The first of each pair is what of it goes there, where only a part does.
    """
    for name in SHAPING:
        base = () if name == "Assign" else _result_path(state) or ()
        for argument in arguments(state, state.content.get(name), RESULT):
            for symbol in argument.sources:
                wanted = tokens(symbol.attribute)
                inner, outer = below(wanted, at), below(at, wanted)
                if symbol.owner == RESULT and (inner is not None or outer is not None):
                    yield outer or (), (*base, *tokens(argument.path), *(inner or ()))
    base_path = _result_path(state)
    if base_path is not None and not {"ResultSelector", "Output"} & state.content.keys():
        yield (), _kept(state, (*base_path, *at))


def caught(state: State) -> Iterator[tuple[Tokens, Tokens]]:
    """Yield where the cause of a task's failure goes: into what each Catch hands on."""
    for each in _listed(state, "Catch"):
        path = each.get("ResultPath", "$")
        if isinstance(path, str):
            yield (), (*state.above, *steps(path), "Cause")


def _recorded(asked: Requested, state: State) -> Iterator[Slot]:
    """Yield what a task gets whole, where only the history keeps it so."""
    shaped = {"ResultSelector", "Output"} & state.content.keys()
    if shaped or _result_path(state) is None:
        yield from _answered(asked) if keeps(state.machine) else ()


def _answered(asked: Requested) -> Iterator[Slot]:
    """Yield all that a task's request gets."""
    for read in _readable(asked.site):
        yield from asked.results(asked.site, read)


def _readable(site: CallSite) -> tuple[str, ...]:
    return ("",) if site.kind == "http" else content(site.service, site.operation).read


def _result_path(state: State) -> Tokens | None:
    """Return where a state's result goes in the machine's content; None where it is dropped."""
    if "ResultPath" in state.content and not isinstance(state.content["ResultPath"], str):
        return None
    return (*state.above, *steps(state.content.get("ResultPath")))


def _is_bare(state: State) -> bool:
    """Tell whether the result is the content itself: of a function's ARN, of a Map's reader."""
    named = INTEGRATED.search(str(state.content.get("Resource")))
    return not named or state.at[-1] == "ItemReader"


def _wrapped(state: State, read: str) -> Tokens:
    """Return where content sits in a result; members are spelt in capitals there."""
    return () if _is_bare(state) else tokens(read[:1].upper() + read[1:])


def _of_payload(state: State, path: str) -> str:
    return f"Payload.{path}".rstrip(".") if _is_bare(state) else path


def _spelt(site: CallSite, path: str) -> str:
    """Return a result's path as the service spells it (``output`` for ``Output``)."""
    for read in _readable(site):
        if read and path.casefold().startswith(read.casefold()):
            return read + path[len(read) :]
    return path


def _kept(state: State, path: Tokens) -> Tokens:
    """Return where content is after a state's OutputPath."""
    kept = (*state.above, *steps(state.content.get("OutputPath")))
    inside = path[: len(kept)] == kept
    return (*state.above, *path[len(kept) :]) if inside else path


# ---------------------------------------------------------------------- requests


def request(directory: Directory, state: State) -> CallSite | None:
    """Return the request that a task makes; None for activities and what is not known."""
    resource = state.content.get("Resource")
    given = state.content.get("Arguments" if state.jsonata else "Parameters")
    found = INTEGRATED.search(str(resource))
    if not found:
        return _invocation(directory, state, given)
    service, name = service_name(found[1]), found[2][:1].upper() + found[2][1:]
    if (service, name) == ("stepfunctions", "StartExecution") and ".sync" in str(resource):
        name = "StartSyncExecution"  # waits for the output, too
    said = [
        replace(each, path=_as_written(service, name, each.path))
        for each in arguments(state, given)
    ]
    if name == "Invoke" and service in {"http", "apigateway"}:
        return _http(state, said)
    if state.at[-1] == "ResultWriter":
        said.append(_whole(state, "Body"))
    return _site(state, service, name, said)


def _as_written(service: str, name: str, path: str) -> str:
    """Return a request's path as the service spells it, as far as its content is named."""
    for written in content(service, name).written:
        if path.casefold().startswith(written.casefold()):
            return written + path[len(written) :]
    return member(service, name, path)


def _invocation(directory: Directory, state: State, given: Value) -> CallSite | None:
    """Return the call of a function that a task names by its ARN."""
    resource = state.content.get("Resource")
    if not directory.find(resource, directory.deployment(state.machine.id), FUNCTION):
        return None
    said = [
        replace(each, path=f"Payload.{each.path}".rstrip(".")) for each in arguments(state, given)
    ]
    payload = [_whole(state, "Payload")] if given is None else said
    return _site(state, "lambda", "Invoke", [Argument("FunctionName", resource), *payload])


def _whole(state: State, path: str) -> Argument:
    symbol = Symbol(STATE, joined(state.input))
    return Argument(path, symbol, (symbol,))


def _http(state: State, said: list[Argument]) -> CallSite:
    found = []
    for each in said:
        head, dot, rest = each.path.partition(".")
        if head in HTTP:
            found.append(replace(each, path=f"{HTTP[head]}{dot}{rest}"))
    return replace(_site(state, "http", "Invoke", found), kind="http")


def _site(state: State, service: str, name: str, said: list[Argument]) -> CallSite:
    return CallSite(
        kind="sdk",
        service=service,
        operation=name,
        place=state.machine.where(state.at),
        arguments=tuple(said),
    )
