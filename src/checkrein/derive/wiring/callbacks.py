"""What comes back into state machines that wait: for a token's bearer, or for an activity's worker.

A task that waits for its token (``.waitForTaskToken``) or is an activity has as its result what
somebody gives to ``SendTaskSuccess``; a Catch gets the cause of ``SendTaskFailure``. No request
says which machine waits: a function that is handed the token by a task itself answers that task,
all others may answer any that waits in their deployment.

Source: Step Functions' developer guide, "Wait for a callback with task token" and "Activities".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from checkrein.derive.content.paths import Tokens, below, joined, tokens
from checkrein.derive.content.slots import Slots
from checkrein.derive.content.words import short
from checkrein.derive.entrances.operations import OPERATIONS
from checkrein.derive.stacks.directory import Directory
from checkrein.derive.wiring.executions import HISTORY, MACHINE, keeps
from checkrein.derive.wiring.integrations import requests
from checkrein.derive.wiring.requested import Requested
from checkrein.derive.wiring.state_machines import caught, placed_results, request
from checkrein.derive.wiring.states_language import State, is_waiting, states, token_paths
from checkrein.derive.wiring.wiring import wire
from checkrein.model import Argument, CallSite, Evidence, Flow, Resource, Slot

ANSWERING = {"SendTaskSuccess": "output", "SendTaskFailure": "cause"}


class Waiting(Struct, frozen=True):
    """A state that waits, and the functions that it hands its token to, with the paths there."""

    state: State
    handed: tuple[tuple[str, str], ...]


class Answer(Struct, frozen=True):
    """A request that answers a task: who makes it, in whose name, with which request."""

    via: str
    said: str
    slots: Slots
    site: CallSite


def callbacks(directory: Directory, slots: Iterable[Slots]) -> Iterator[Flow]:
    """Yield what functions, routes and other machines give back to machines that wait."""
    waiting = list(_waiting(directory))
    for answer in _answers(directory, slots) if waiting else ():
        found = _meant(directory, answer, waiting)
        for each in found:
            yield from _given(answer, each.state, sure=len(found) == 1)


def _waiting(directory: Directory) -> Iterator[Waiting]:
    for machine in directory.of_type(MACHINE):
        for state in states(machine):
            if is_waiting(directory, state):
                yield Waiting(state, tuple(_handed(directory, state)))


def _handed(directory: Directory, state: State) -> Iterator[tuple[str, str]]:
    """Yield the functions that a state invokes with its token, and where in the event it is."""
    site = request(directory, state)
    if site is not None and site.service == "lambda":
        asked = Requested(directory, state.machine.id, site)
        for path in token_paths(state):
            rest = below(("Payload",), tokens(path))
            for function in asked.targets(site) if rest else ():
                yield function, joined(rest or ())


def _answers(directory: Directory, slots: Iterable[Slots]) -> Iterator[Answer]:
    for each in slots:
        for site in filter(_is_answer, each.binding.summary.calls):
            yield Answer(each.function, short(each.function), each, site)
    for resource in directory.of_type(*OPERATIONS, MACHINE):
        yield from _of_routes(directory, resource)
        yield from _of_machine(directory, resource)


def _of_routes(directory: Directory, resource: Resource) -> Iterator[Answer]:
    for operation, site in requests(directory).get(resource.id, ()):
        if _is_answer(site):
            via = f"{operation.api}#{operation.route}"
            asked = Requested(directory, operation.api, site)
            yield Answer(via, f"{operation.route} of {short(operation.api)}", asked, site)


def _of_machine(directory: Directory, resource: Resource) -> Iterator[Answer]:
    for state in states(resource) if resource.type == MACHINE else ():
        made = request(directory, state) if state.kind == "Task" else None
        if made is not None and _is_answer(made):
            via, who = f"{resource.id}#{state.name}", f"{resource.name}'s step {state.name}"
            yield Answer(via, who, Requested(directory, resource.id, made), made)


def _is_answer(site: CallSite) -> bool:
    return site.service == "stepfunctions" and site.operation in ANSWERING


def _meant(directory: Directory, answer: Answer, waiting: Iterable[Waiting]) -> list[Waiting]:
    """Return the states that a request may answer."""
    node = answer.slots.function
    read = {
        symbol.attribute
        for argument in answer.site.arguments
        if argument.path == "taskToken"
        for symbol in argument.sources
        if symbol.owner == "event"
    }
    near = directory.deployment(node)
    found = [each for each in waiting if directory.deployment(each.state.machine.id) == near]
    told = [each for each in found if any((node, path) in each.handed for path in read)]
    return told or found


def _given(answer: Answer, state: State, *, sure: bool) -> Iterator[Flow]:
    """Yield what comes into a state's machine of what an answer says."""
    name = ANSWERING[answer.site.operation]
    for argument in answer.site.arguments:
        rest = below((name,), tokens(argument.path))
        if rest is None:
            continue
        for source, target in _slots(answer, state, argument, rest):
            said = f"{answer.said} gives {state.machine.name}'s step {state.name} its result"
            note = Evidence(f"{said} (stepfunctions:{answer.site.operation})", answer.site.place)
            yield wire(source, target, answer.via, note, certain=sure)


def _slots(
    answer: Answer, state: State, argument: Argument, rest: Tokens
) -> Iterator[tuple[Slot, Slot]]:
    machine = state.machine.id
    is_success = answer.site.operation == "SendTaskSuccess"
    placed = placed_results(state, rest) if is_success else caught(state)
    for symbol in argument.sources:
        for source in answer.slots.sources(symbol):
            for deeper, path in placed:
                inner = Slot(source.node, joined((*tokens(source.path), *deeper)))
                yield inner, Slot(machine, joined(path))
            if keeps(state.machine):
                yield source, Slot(f"{machine}{HISTORY}", joined((state.name, *rest)))
