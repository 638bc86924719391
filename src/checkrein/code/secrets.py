"""The literals of one function's files that may be secrets, and those that its calls take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.catalog.secrets import may_hold_key, may_name_secret
from checkrein.catalog.uses import CREDENTIAL
from checkrein.code import literals
from checkrein.model import Choice, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from checkrein.code.interpreter import Interpreter
    from checkrein.model import Argument, CallSite

USED = "used"
BESIDE = "with."


def secrets(run: Interpreter, calls: Iterable[CallSite]) -> Iterator[Literal]:
    """Yield what may be secrets in the files that were read: see ``model.Literal``."""
    taken = frozenset(text for call in calls for text in _taken(call))
    for module, source in run.modules.lowered:
        for one in literals.of(module):
            yield Literal(one.text, run.place(one.at, source), one.names, one.role)
        if taken:
            for text, at in literals.written(module, taken):
                yield Literal(text, run.place(at, source), (), USED)


def _taken(call: CallSite) -> Iterator[str]:
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
