"""Objects that frameworks hand to code: requests, responses, contexts.

An object is a structure with methods that the interpreter performs and with attributes whose
setting does something; neither is part of what it holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Arguments, Modelled, native
from checkrein.code.domain.values import UNKNOWN, join_all, symbolic
from checkrein.code.frameworks.event import BODY, COOKIES, HEADERS, PATH, QUERY
from checkrein.code.running import fields

if TYPE_CHECKING:
    from collections.abc import Callable

    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

    Method = Callable[[Arguments], Abstract]


def modelled(run: Interpreter, known: dict[str, Abstract], **methods: Method) -> Modelled:
    """Return an object with some fields and methods."""
    run.births += 1
    made = Modelled("object", dict(known), birth=run.branches[-1])
    made.serial = run.births
    made.methods = {name: native(name, perform) for name, perform in methods.items()}
    return made


def value(one: Modelled) -> Abstract:
    return Abstract(things=(one,))


def part(path: str) -> Method:
    """Return a method that gives a part of the event."""
    return lambda _: symbolic("event", path)


def named(run: Interpreter, path: str, scope: Scope) -> Method:
    """Return a method that gives a part of the event by its name, all if it is given none."""

    def perform(given: Arguments) -> Abstract:
        whole = symbolic("event", path)
        if not given.positional:
            return whole
        return fields.item(run, whole, given.first(), given.at, scope)

    return perform


def web_request(run: Interpreter, scope: Scope) -> Modelled:
    """Return a request of the Fetch standard, or of Starlette: its body is read by methods."""
    known = {
        "query_params": symbolic("event", QUERY),
        "path_params": symbolic("event", PATH),
        "headers": symbolic("event", HEADERS),
        "cookies": symbolic("event", COOKIES),
        "state": run.built("dict"),
        "scope": run.built("dict", {"aws.event": symbolic("event"), "aws.context": UNKNOWN}),
    }
    body = part(BODY)
    made = modelled(run, known, json=body, text=body, form=body, body=body, formData=body)
    made.methods["header"] = native("header", named(run, HEADERS, scope))
    made.rest = symbolic("event", "requestContext")
    return made


def request(run: Interpreter, scope: Scope) -> Modelled:
    """Return Express' or Fastify's request, one for a whole run: what middleware sets, stays."""
    known = run.registry.objects.get("request")
    if known is not None:
        return known
    handed_on = run.built("dict", {"event": symbolic("event"), "context": symbolic("context")})
    names = {
        "body": BODY,
        "rawBody": BODY,
        "file": BODY,
        "files": BODY,
        "query": QUERY,
        "params": PATH,
        "headers": HEADERS,
        "cookies": COOKIES,
        "signedCookies": COOKIES,
    }
    held = {name: symbolic("event", path) for name, path in names.items()}
    header = named(run, HEADERS, scope)
    made = modelled(run, {**held, "apiGateway": handed_on, "awsLambda": handed_on}, get=header)
    made.methods["header"] = made.methods["get"]
    made.methods["param"] = native("param", _any_parameter(run, scope))
    made.rest = symbolic("event", "requestContext")
    run.registry.objects["request"] = made
    return made


def _any_parameter(run: Interpreter, scope: Scope) -> Method:
    """Return ``request.param(name)``, which looks in the path, the query and the body."""
    known = [named(run, path, scope) for path in (PATH, BODY, QUERY)]
    return lambda given: join_all(method(given) for method in known)
