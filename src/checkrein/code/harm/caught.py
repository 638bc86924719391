"""Errors that a handler catches: whose words they are.

Services, drivers and libraries say in their errors what they are made of. An error of the program's
own says what the program wrote; what flowed into its text is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code.domain.things import Class, Library, Structure
from checkrein.code.domain.values import derived, symbolic, tainted

if TYPE_CHECKING:
    from checkrein.code import ir
    from checkrein.code.domain.abstract import Abstract, Sources
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

# Errors about values that the program or its caller gave, raised by the language itself.
OF_VALUES = frozenset({
    "ValueError", "KeyError", "IndexError", "LookupError", "TypeError", "AttributeError",
    "AssertionError", "ArithmeticError", "ZeroDivisionError", "OverflowError", "UnicodeError",
    "UnicodeDecodeError", "UnicodeEncodeError", "StopIteration", "NotImplementedError",
    "JSONDecodeError", "ValidationError",
})  # fmt: skip


def error(run: Interpreter, handler: ir.Handler, raised: Sources, scope: Scope) -> Abstract:
    """Return the error that a handler catches; ``raised`` flowed into the program's own errors."""
    if handler.types is None or _may_be_foreign(run.evaluate(handler.types, scope)):
        return tainted(symbolic("error"), raised)
    return derived(raised)


def _may_be_foreign(types: Abstract) -> bool:
    """Tell whether somebody else's words may stand in an error of one of some types."""
    things = [part for one in types.things for part in _members(one)]
    return not things or any(not _is_own(one) for one in things)


def _members(one: object) -> tuple[object, ...]:
    if isinstance(one, Structure):
        return tuple(thing for value in one.fields.values() for thing in value.things)
    return (one,)


def _is_own(one: object) -> bool:
    if isinstance(one, Library):
        return one.path.rpartition(".")[2] in OF_VALUES
    return isinstance(one, Class)
