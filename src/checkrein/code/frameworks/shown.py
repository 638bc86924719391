"""What callers show to FastAPI's security schemes, and what routes depend on besides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Class, Closure, Library
from checkrein.code.domain.values import NOTHING, UNKNOWN, join_all, only_string, symbolic
from checkrein.code.frameworks.event import COOKIES, HEADERS, QUERY
from checkrein.code.running import fields

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checkrein.code import ir
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.domain.things import Arguments
    from checkrein.code.frameworks.routes import Registered
    from checkrein.code.running.interpreter import Interpreter

MODULE = "fastapi.security"
TOKENS = frozenset(("OAuth2PasswordBearer", "OAuth2AuthorizationCodeBearer", "OpenIdConnect"))
MEMBERS = {  # of what a scheme gives: those that hold what the caller shows
    "HTTPBearer": ("credentials",),
    "HTTPDigest": ("credentials",),
    "HTTPBasic": ("username", "password"),
}
KEYS = {"APIKeyHeader": HEADERS, "APIKeyQuery": QUERY, "APIKeyCookie": COOKIES}
SCHEMES = TOKENS.union(MEMBERS, KEYS)
AUTHORIZATION = f"{HEADERS}.Authorization"
DEPENDENCIES = "dependencies"
MARKS = frozenset(("Depends", "Security"))


def scheme(one: Library, given: Arguments) -> Abstract | None:
    """Return a scheme that is made, with the name of its field; None for anything else.

    ``Depends(function)`` is the function.
    """
    if one.module == "fastapi" and one.path in MARKS:
        return given.first(0, "dependency")
    if not one.module.startswith(MODULE) or one.path not in SCHEMES:
        return None
    made = Library(one.module, f"{one.path}()", (given.first(0, "name"),))
    return Abstract(things=(made,))


def by(run: Interpreter, one: object) -> Abstract | None:
    """Return what a scheme gives that a function depends on, None if it is no scheme."""
    if not isinstance(one, Library) or not one.module.startswith(MODULE):
        return None
    name = one.path.removesuffix("()")
    if name in TOKENS:
        return symbolic("event", AUTHORIZATION)
    if name in MEMBERS:
        held = {member: symbolic("event", AUTHORIZATION) for member in MEMBERS[name]}
        return run.built("dict", {"scheme": UNKNOWN, **held})
    if name not in KEYS:
        return None
    field = only_string(one.arguments[0]) if one.arguments else None
    return symbolic("event", f"{KEYS[name]}.{field}" if field else KEYS[name])


def alias(parameter: ir.Parameter, scope: Scope) -> Abstract:
    """Return what a parameter depends on by a name of its type and that.

    ``User = Annotated[dict, Depends(current_user)]``, and then ``user: User``.
    """
    known = scope.find(parameter.annotation) if parameter.annotation.isidentifier() else None
    found = NOTHING
    for one in known.things if known is not None else ():
        if isinstance(one, Library) and one.path == f"{fields.ANNOTATED}.[]" and one.arguments:
            said = [part for value in one.arguments for part in _listed(value)]
            found = join_all(part for part in said[1:] if any(map(_is_depended, part.things)))
    return found


def _is_depended(one: object) -> bool:
    scheme = isinstance(one, Library) and one.module.startswith(MODULE)
    return scheme or isinstance(one, (Class, Closure))


def before(run: Interpreter, route: Registered) -> Iterator[Abstract]:
    """Yield what a route depends on besides its parameters: its own, its routers', the app's."""
    yield from _listed(route.options.get(DEPENDENCIES, NOTHING))
    waiting = [route.application]
    seen: set[Library] = set()
    while waiting:
        application = waiting.pop()
        if application is None or application in seen:
            continue
        seen.add(application)
        yield from (part for value in application.arguments[2:] for part in _listed(value))
        for mount in run.registry.mounts:
            if mount.inner == application:
                yield from _listed(mount.dependencies)
                waiting.append(mount.outer)


def _listed(value: Abstract) -> Iterator[Abstract]:
    for one in value.things:
        yield from (part for part in one.parts() if part)
