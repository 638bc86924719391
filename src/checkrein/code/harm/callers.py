"""Who calls: what tokens say of their bearer, and tests of what an authorizer or a token says.

A token that code takes apart itself, at its dots, says as much as one that a library opens, and so
does one that is JSON in base64 and nothing else.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from checkrein.catalog import uses
from checkrein.catalog.tokens import PARSED, UNSIGNED, is_caller, shows
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Arguments
from checkrein.code.domain.values import (
    CALL,
    atom_sources,
    cleaned,
    constant,
    constants,
    families,
    join,
    plain,
    sources_of,
    symbolic,
)
from checkrein.code.harm.uses import OPENING, record
from checkrein.code.running import calls
from checkrein.model import Symbol

if TYPE_CHECKING:
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter


PASSWORD = re.compile(  # comparePassword, isValidPassword, passwordMatches
    r"(?i)_?(?:is_?)?(?:compare|check|verify|valid|validate|match|matches|correct|authenticate)_?"
    r"(?:the_?)?passwords?|(?:is_?)?passwords?_?(?:is_?)?(?:match|matches|valid|correct)"
)
PARSING = uses.Use(OPENING, ("token",))
TEST = uses.Use("caller", ("claim", "value"), always=True)
TESTED = "compared"  # as what a site says that code tests who calls


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


def decoded(value: Abstract) -> Abstract:
    """Return a value that was read of base64."""
    return cleaned(value, uses.families()[uses.DECODED])


def form(value: Abstract) -> str:
    """Return which form of token a text is that is parsed as JSON, "" where it is none.

    All that flowed into it are pieces of a text that was split at dots, or what callers show to be
    known by, read of base64.
    """
    sources = sources_of(value)
    if not sources:
        return ""
    if all(families(symbol) & _segment() for symbol in sources):
        return PARSED
    plainly = uses.families()[uses.DECODED]
    whole = all(families(one) & plainly and shows(plain(one)) for one in sources)
    return UNSIGNED if whole else ""


def parsed(run: Interpreter, form: str, given: Arguments, scope: Scope) -> Abstract:
    """Record that code reads a part of a token, or all of it; return what that says."""
    found = record(run, PARSING, form, Arguments(given.at, given.positional[:1]), scope)
    return found or given.first()


def called(
    run: Interpreter,
    receiver: Abstract,
    name: str,
    given: Arguments,
    scope: Scope,
    *,
    asks: bool,
) -> None:
    """Note what a method that the program does not show compares; ``asks``: its name is a test's.

    ``user.comparePassword(password)``: a record whose method takes a password has one.
    """
    if asks:
        tested(run, receiver, given.first(), given.at, scope)
    if PASSWORD.fullmatch(name):
        for atom in receiver.atoms:
            if isinstance(atom, Symbol) and atom.owner.startswith(CALL):
                known = plain(atom)
                run.named(
                    Symbol(known.owner, f"{known.attribute}.password".lstrip(".")), given.at, scope
                )


def tested(run: Interpreter, left: Abstract, right: Abstract, at: Any, scope: Scope) -> None:
    """Record a test of what is known of the caller, if that is compared with something.

    Marks alone (``value.includes("@")``) ask for a text's form, whosever it is.
    """
    for claim, other in ((left, right), (right, left)):
        if _says_who(run, claim) and (sources_of(other) or any(map(_names, constants(other)))):
            given = Arguments(at, [claim, other])
            record(run, TEST, TESTED, given, scope)
            return


def _names(constant: object) -> bool:
    """Tell whether a constant may name somebody or a right: a text does that by its letters."""
    return any(map(str.isalnum, constant)) if isinstance(constant, str) else bool(constant)


def _says_who(run: Interpreter, value: Abstract) -> bool:
    return any(is_known(run, symbol) for symbol in value.sources | atom_sources(value.atoms))


def is_known(run: Interpreter, symbol: Symbol) -> bool:
    """Tell whether a symbol is what is known of the caller, or was looked up by that."""
    if not symbol.owner.startswith(CALL):
        return is_caller(symbol)
    number = symbol.owner.partition(":")[2]
    seen = run.recorder.seen[int(number)]
    if seen.name[1] == OPENING or seen.name[1:] == ("cognito-idp", "GetUser"):
        return True
    if seen.of_caller is None:
        given = (symbol for value in seen.arguments.values() for symbol in sources_of(value))
        seen.of_caller = any(is_caller(one) or _is_token(run, one) for one in given)
    return seen.of_caller


def is_opened(run: Interpreter, value: Abstract) -> bool:
    """Tell whether a value is what a token says."""
    return any(isinstance(atom, Symbol) and _is_token(run, atom) for atom in value.atoms)


def _is_token(run: Interpreter, symbol: Symbol) -> bool:
    owner, _, number = symbol.owner.partition(":")
    return owner == "call" and run.recorder.seen[int(number)].name[1] == OPENING


def _segment() -> int:
    return uses.families()[uses.SEGMENT]
