"""The literals of one function's files that may be secrets, and those that its calls take."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from checkrein.catalog.secrets import may_hold_key, may_name_secret
from checkrein.catalog.uses import CREDENTIAL
from checkrein.code.harm import literals
from checkrein.code.harm.idle import Idle
from checkrein.model import Choice, Literal, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from checkrein.code.domain.scopes import Source
    from checkrein.code.ir import Span
    from checkrein.code.running.interpreter import Interpreter
    from checkrein.model import Argument, CallSite

USED = "used"
TAKING = frozenset(("sdk", "http", "use"))  # calls that may be given secrets
BESIDE = "with."


def secrets(run: Interpreter, calls: Iterable[CallSite]) -> Iterator[Literal]:
    """Yield what may be secrets in the files that were read: see ``model.Literal``."""
    taken = frozenset(text for call in calls for text in _taken(call))
    aside, idle = _aside(run), Idle(run)
    for module, source in run.modules.lowered:
        shut = _shut(run, source) | idle.literals(module)
        for one in literals.of(module):
            apart = (one.aside and one.text in aside) or (one.at, one.text) in shut
            yield Literal(
                one.text, run.place(one.at, source), one.names, one.role, one.variables, apart
            )
        if taken:
            for text, at in literals.written(module, taken):
                yield Literal(text, run.place(at, source), (), USED)
    for path, content in run.modules.data.items():
        yield from _of_json(path, content, taken)


def _aside(run: Interpreter) -> frozenset[str]:
    """Return the texts that only stand where a file is run as a program, which none is."""
    modules = [module for module, _ in run.modules.lowered]
    found = frozenset(one.text for each in modules for one in literals.of(each) if one.aside)
    if run.program or not found:
        return frozenset()
    return found.difference(*(literals.imported(each, found) for each in modules))


def _shut(run: Interpreter, source: Source) -> frozenset[tuple[Span, str]]:
    """Return where literals of a file stand that no deployment's environment lets run."""
    arms = [one.body for one in run.decided.values() if one.source is source and not one.ran]
    return frozenset((one.at, one.text) for body in arms for one in literals.among(body))


def _of_json(path: str, content: str, taken: frozenset[str]) -> Iterator[Literal]:
    """Yield what a JSON file says; of equal texts, the place of the first."""
    waiting: list[tuple[tuple[str, ...], Any]] = [((), json.loads(content))]
    while waiting:
        names, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [((*names, str(key)), item) for key, item in value.items()]
        elif isinstance(value, list):
            waiting += [(names, item) for item in value]
        elif isinstance(value, str) and (value in taken or literals.may_be_secret(value, names)):
            at = content.find(f'"{value}"')
            line = content.count("\n", 0, max(at, 0)) + 1
            column = at - content.rfind("\n", 0, max(at, 0))
            place = Place(path, line, max(column, 1), line, column + len(value) + 2)
            yield Literal(value, place, names, USED if value in taken else "")


def _taken(call: CallSite) -> Iterator[str]:
    if call.kind not in TAKING:
        return
    for argument in call.arguments:
        for text in texts(argument):
            if is_credential(call, argument) or (call.kind == "use" and may_hold_key(text)):
                yield text


def is_credential(call: CallSite, argument: Argument) -> bool:
    """Tell whether a call takes an argument as a secret, or its name may say so."""
    if call.kind == "use":
        if call.service != CREDENTIAL or argument.path.startswith(BESIDE):
            return False
        if "." not in argument.path:
            return True
    elif call.kind not in ("sdk", "http"):
        return False
    return may_name_secret(argument.path.rpartition(".")[2])


def texts(argument: Argument) -> list[str]:
    """Return the plain texts that an argument may be."""
    value = argument.value
    options = [one for _, one in value.options] if isinstance(value, Choice) else [value]
    return [one for one in options if isinstance(one, str)]
