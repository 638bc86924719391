"""Middleware that asks for a token or a password: ``app.use(expressjwt({ secret, algorithms }))``.

What stands behind it is for who has shown one; what the token says of its owner is at the request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from checkrein.catalog import uses
from checkrein.code.domain.scopes import FACTS, PROOF
from checkrein.code.domain.things import Arguments, Structure
from checkrein.code.domain.values import UNKNOWN, symbolic
from checkrein.code.harm import facts
from checkrein.code.running import calls
from checkrein.model import Symbol

if TYPE_CHECKING:
    from checkrein.code.domain.abstract import Abstract
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.domain.things import Library
    from checkrein.code.running.interpreter import Interpreter

SHOWN: Final = Symbol(PROOF, "token")
OWNER: Final = ("auth", "user")  # where they put what the token says
OPTIONAL: Final = frozenset(("credentialsRequired", "authRequired", "passthrough"))
MADE = "()"


def concerns(one: Library) -> bool:
    """Tell whether ``call`` may know a function, as its name tells."""
    return one.path.endswith(MADE) and _name(one) in uses.proving("guarding")


def _name(one: Library) -> str:
    return one.name.removesuffix(MADE).removesuffix(".").removesuffix(".default")


def call(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract | None:
    """Let middleware hand a request on, where it is one and lets nobody else through."""
    following = [each for each in given.positional if calls.is_callback(each)]
    frame = run.running.frame
    if not concerns(one) or not following or frame is None or _lets_all_in(one):
        return None
    claims = symbolic("event", "requestContext.authorizer.claims")
    for request in given.first().things:
        if isinstance(request, Structure):
            request.fields |= dict.fromkeys(OWNER, claims)
    before = frame.names.get(FACTS)
    facts.learn(run, {SHOWN: uses.bits("caller")})
    for each in following:
        calls.apply(run, each, Arguments(given.at, []), scope)
    if before is None:
        frame.names.pop(FACTS, None)
    else:
        frame.names[FACTS] = before
    return UNKNOWN


def _lets_all_in(one: Library) -> bool:
    """Tell whether an option says that callers without a token are let in too."""
    return any(
        options.fields[name].atoms == {name == "passthrough"}
        for value in one.arguments
        for options in value.things
        if isinstance(options, Structure)
        for name in OPTIONAL.intersection(options.fields)
    )
