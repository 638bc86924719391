"""Response objects of Express and Fastify, and what Hono's and Koa's contexts answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.catalog import uses
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Arguments, Modelled, Structure, native
from checkrein.code.domain.values import NOTHING, UNKNOWN, cleaned, constant, join, symbolic
from checkrein.code.frameworks import answers
from checkrein.code.frameworks.answers import COOKIE, HTML, JSON, LOCATION, PLAIN, TYPE, Sent
from checkrein.code.frameworks.event import BODY, COOKIES, HEADERS, PATH, QUERY
from checkrein.code.frameworks.objects import modelled, named, part, value
from checkrein.code.running import assignment, fields

if TYPE_CHECKING:
    from collections.abc import Callable

    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

    Method = Callable[[Arguments], Abstract]

FOUND = 302
STATUS = ("status", "code", "writeHead")
SENDING = {"send": "", "end": "", "write": "", "json": JSON, "jsonp": JSON}
SETTING = ("set", "header", "setHeader", "append", "headers")
TYPING = ("type", "contentType")


class Response:
    """Express' ``res`` or Fastify's ``reply``, for one route."""

    def __init__(self, run: Interpreter, scope: Scope, sent: Sent | None = None) -> None:
        self.guesses = True  # a text's type
        self.run = run
        self.scope = scope
        self.sent = sent or Sent(NOTHING, run.structure("dict"))
        shared = run.registry.objects.setdefault("locals", modelled(run, {}))
        self.object = modelled(run, {"locals": value(shared)})
        self.object.setters["statusCode"] = lambda status, _: self._told(status)
        for names, method in (
            (STATUS, self._status),
            (SETTING, self._header),
            (TYPING, self._type),
            (("cookie", "setCookie"), self._cookie),
            (("redirect",), self._redirect),
            (("location",), self._location),
            (("render", "view"), self._render),
            (("sendStatus",), self._send_status),
        ):
            for name in names:
                self.object.methods[name] = native(name, method)
        for name, kind in SENDING.items():
            self.object.methods[name] = native(name, self._sender(kind))

    def _told(self, status: Abstract) -> None:
        self.run.mutated = -1
        self.run.repeated.unclear()
        self.sent.status = status if len(self.run.branches) == 1 else join(self.sent.status, status)

    def _status(self, given: Arguments) -> Abstract:
        """Return a response of that status; whoever has the first one sees it too."""
        self._told(given.first())
        for one in given.positional[1:]:
            self._headers(one)
        own = Response(self.run, self.scope, Sent(given.first(), self.sent.headers))
        return value(own.object)

    def _headers(self, given: Abstract) -> None:
        for one in given.things:
            if isinstance(one, Structure):
                for name, part_ in one.fields.items():
                    self._put(constant(name), part_)

    def _put(self, name: Abstract, content: Abstract) -> None:
        assignment.store(self.run, self.sent.headers, answers.header(name), content, alone=True)

    def _header(self, given: Arguments) -> Abstract:
        if len(given.positional) > 1:
            self._put(given.first(), given.first(1))
        else:
            self._headers(given.first())
        return value(self.object)

    def _type(self, given: Arguments) -> Abstract:
        self._put(constant(TYPE), given.first())
        return value(self.object)

    def _cookie(self, given: Arguments) -> Abstract:
        self._put(constant(COOKIE), answers.cookie(given))
        return value(self.object)

    def _location(self, given: Arguments) -> Abstract:
        self._put(constant(LOCATION), given.first())
        return value(self.object)

    def _redirect(self, given: Arguments) -> Abstract:
        """``redirect(url)``, ``redirect(status, url)``, Fastify's ``redirect(url, status)``."""
        numbers = [v for v in given.positional if any(isinstance(a, int) for a in v.atoms)]
        target = next((v for v in given.positional if v not in numbers), NOTHING)
        headers = self.run.structure("dict", {**self.sent.headers.fields, LOCATION: target})
        status = numbers[0] if numbers else constant(FOUND)
        answer = Sent(status, headers).answer(self.run, NOTHING)
        return self._recorded(answer, given)

    def _render(self, given: Arguments) -> Abstract:
        """Answer a page that a template makes of values, which it escapes."""
        page = self.run.structure("dict")
        for one in given.first(1).things:
            if isinstance(one, Structure):
                page.fields.update(
                    {name: cleaned(held, uses.bits("html")) for name, held in one.fields.items()}
                )
        body = Abstract(things=(page,)) if page.fields else NOTHING
        return self._recorded(self.sent.answer(self.run, body, HTML), given)

    def _send_status(self, given: Arguments) -> Abstract:
        answer = Sent(given.first(), self.sent.headers).answer(self.run, NOTHING)
        return self._recorded(answer, given)

    def _sender(self, kind: str) -> Method:
        def send(given: Arguments) -> Abstract:
            body = given.first()
            if not body:
                has_headers = bool(self.sent.headers.fields)
                return self._recorded(self.sent.answer(self.run, NOTHING), given, has_headers)
            guessed = kind or (HTML if self.guesses and answers.is_text(body) else "")
            return self._recorded(self.sent.answer(self.run, body, guessed), given)

        return send

    def _recorded(self, answer: Abstract, given: Arguments, says: bool = True) -> Abstract:  # noqa: FBT001, FBT002
        if says:
            answers.record(self.run, answer, given.at, self.scope)
        return value(self.object)


# ------------------------------------------------------------------------------ contexts


def hono(run: Interpreter, scope: Scope) -> Modelled:
    """Return Hono's context; what it makes is a response that the handler returns."""
    sent = Sent(NOTHING, run.structure("dict"))
    kept = run.registry.objects.setdefault("variables", modelled(run, {}))
    event = run.built("dict", {"event": symbolic("event"), "lambdaContext": symbolic("context")})
    for one in event.things:
        one.fields["requestContext"] = symbolic("event", "requestContext")

    def answer(kind: str) -> Method:
        def perform(given: Arguments) -> Abstract:
            status = next((v for v in given.positional[1:] if not v.things), sent.status)
            answer = Sent(status, sent.headers).answer(run, given.first(), kind)
            return Abstract(things=tuple(_response(one) for one in answer.things))

        return perform

    def redirect(given: Arguments) -> Abstract:
        headers = run.structure("dict", {**sent.headers.fields, LOCATION: given.first()})
        answer = Sent(given.first(1) or constant(FOUND), headers).answer(run, NOTHING)
        return Abstract(things=tuple(_response(one) for one in answer.things))

    def header(given: Arguments) -> Abstract:
        name = answers.header(given.first())
        assignment.store(run, sent.headers, name, given.first(1), alone=True)
        return constant(None)

    def status(given: Arguments) -> Abstract:
        sent.status = given.first()
        return constant(None)

    return modelled(
        run,
        {"env": event, "var": value(kept), "req": value(_hono_request(run, scope))},
        json=answer(JSON),
        text=answer(PLAIN),
        html=answer(HTML),
        body=answer(""),
        newResponse=answer(""),
        render=answer(HTML),
        redirect=redirect,
        header=header,
        status=status,
        set=_setter(run, kept),
        get=_getter(run, kept, scope),
    )


def _response(one: Structure) -> Structure:
    one.kind = "response"
    return one


def _setter(run: Interpreter, kept: Structure) -> Method:
    def perform(given: Arguments) -> Abstract:
        assignment.store(run, kept, given.first(), given.first(1), alone=True)
        return constant(None)

    return perform


def _getter(run: Interpreter, kept: Structure, scope: Scope) -> Method:
    return lambda given: fields.item(run, Abstract(things=(kept,)), given.first(), given.at, scope)


def _hono_request(run: Interpreter, scope: Scope) -> Modelled:
    body = part(BODY)
    made = modelled(
        run,
        {"raw": symbolic("event")},
        json=body,
        text=body,
        parseBody=body,
        formData=body,
        arrayBuffer=body,
        query=named(run, QUERY, scope),
        queries=named(run, QUERY, scope),
        param=named(run, PATH, scope),
        header=named(run, HEADERS, scope),
        valid=_valid,
    )
    made.rest = symbolic("event", "requestContext")
    return made


TARGETS = {"query": QUERY, "param": PATH, "header": HEADERS, "cookie": COOKIES}


def _valid(given: Arguments) -> Abstract:
    """Return what a validator has let through: of ``json``, ``form``, ``query``."""
    names = {atom for atom in given.first().atoms if isinstance(atom, str)}
    paths = {TARGETS.get(name, BODY) for name in names} or {BODY}
    result = NOTHING
    for path in sorted(paths):
        result = join(result, symbolic("event", path))
    return result


def koa(run: Interpreter, scope: Scope) -> Modelled:
    """Return Koa's context, one for a whole run: what middleware sets, stays."""
    known = run.registry.objects.get("koa")
    if known is not None:
        return known
    sent = Sent(NOTHING, run.structure("dict"))
    parts = {"query": QUERY, "params": PATH, "headers": HEADERS, "header": HEADERS}
    own = {name: symbolic("event", path) for name, path in parts.items()}
    get = named(run, HEADERS, scope)
    request = modelled(run, {**own, "body": symbolic("event", BODY)}, get=get)
    cookies = modelled(run, {}, get=named(run, COOKIES, scope), set=lambda _: UNKNOWN)
    made = modelled(run, {**own, "state": value(modelled(run, {}))}, get=get)
    made.fields["request"] = value(request)
    made.fields["cookies"] = value(cookies)
    made.rest = symbolic("event", "requestContext")
    _let_answer(run, made, sent, scope)
    run.registry.objects["koa"] = made
    return made


def _let_answer(run: Interpreter, made: Modelled, sent: Sent, scope: Scope) -> None:
    """Let what is set on Koa's context be answered."""

    def body(content: Abstract, at: tuple[int, int, int, int]) -> None:
        kind = JSON if any(isinstance(t, Structure) for t in content.things) else ""
        answers.record(run, sent.answer(run, content, kind), at, scope)

    def status(content: Abstract, _: object) -> None:
        sent.status = content

    def kind(content: Abstract, _: object) -> None:
        sent.headers.fields[TYPE] = content

    def header(given: Arguments) -> Abstract:
        headers = run.structure("dict", {**sent.headers.fields})
        for one in given.first().things:
            if isinstance(one, Structure):
                headers.fields.update(one.fields)
        assignment.store(run, headers, given.first(), given.first(1), alone=True)
        answers.record(run, Sent(sent.status, headers).answer(run, NOTHING), given.at, scope)
        return constant(None)

    def redirect(given: Arguments) -> Abstract:
        headers = run.structure("dict", {LOCATION: given.first()})
        answer = Sent(constant(FOUND), headers).answer(run, NOTHING)
        answers.record(run, answer, given.at, scope)
        return constant(None)

    setters: dict[str, Callable[[Abstract, tuple[int, int, int, int]], None]] = {
        "body": body,
        "status": status,
        "type": kind,
    }
    made.setters.update(setters)
    made.fields["response"] = value(made)
    made.methods["set"] = native("set", header)
    made.methods["redirect"] = native("redirect", redirect)
