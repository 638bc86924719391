"""Who calls: what tokens say of their bearer, and tests of what an authorizer or a token says.

A token that code takes apart itself, at its dots, says as much as one that a library opens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.catalog import uses
from checkrein.code import calls
from checkrein.code.things import Arguments
from checkrein.code.uses import OPENING, record
from checkrein.code.values import (
    Abstract,
    cleaned,
    constant,
    families,
    join,
    sources_of,
    symbolic,
)

if TYPE_CHECKING:
    from checkrein.code.interpreter import Interpreter
    from checkrein.code.scopes import Scope

PARSING = uses.Use(OPENING, ("token",))
PARSED = "JSON"  # how a site says that code parsed a part of a token itself


def opened(run: Interpreter, result: Abstract, given: Arguments, scope: Scope) -> Abstract:
    """Return what a token says, to callbacks too: ``verify(token, key, (error, said) => …)``."""
    error = join(symbolic("error"), constant(None))
    answer = Arguments(given.at, [error, result])
    for function in [found for part in given.every() for found in calls.functions_in(part)]:
        calls.apply(run, function, answer, scope)
    return result


def piece(value: Abstract) -> Abstract:
    """Return a value that is a piece of a text which was split at dots."""
    return cleaned(value, _segment())


def is_piece(value: Abstract) -> bool:
    """Tell whether all that flowed into a text are such pieces: parts of a token, if JSON."""
    sources = sources_of(value)
    return bool(sources) and all(families(symbol) & _segment() for symbol in sources)


def parsed(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """Record that code reads a part of a token; return what the part says."""
    found = record(run, PARSING, PARSED, Arguments(given.at, given.positional[:1]), scope)
    return found or given.first()


def _segment() -> int:
    return uses.families()[uses.SEGMENT]
