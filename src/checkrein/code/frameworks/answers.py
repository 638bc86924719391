"""What routes answer, in the shape of an API's response: ``statusCode``, ``headers``, ``body``."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from checkrein.catalog.uses import bits
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.scopes import Scope
from checkrein.code.domain.things import Library, Modelled, Structure, native
from checkrein.code.domain.values import (
    NOTHING,
    cleaned,
    concatenate,
    constant,
    derived,
    join,
    only_string,
    sources_of,
)
from checkrein.code.frameworks.event import BODY
from checkrein.code.frameworks.objects import modelled
from checkrein.model import Symbol, Text

if TYPE_CHECKING:
    from checkrein.code import ir
    from checkrein.code.domain.things import Arguments
    from checkrein.code.running.interpreter import Interpreter

HTML, PLAIN, JSON = "text/html", "text/plain", "application/json"
TYPE, LOCATION, COOKIE = "Content-Type", "Location", "Set-Cookie"
TEXTS = {"flask": HTML, "nest": HTML, "fastify": PLAIN, "chalice": PLAIN}  # of a plain text
OBJECTS = frozenset(("fastapi", "powertools"))  # they answer everything as JSON
TUPLES = frozenset(("flask", "powertools"))  # they take ``body, status, headers``
PLACES = {  # where documented parameters go, in their order
    "Response": "response:body status:statusCode headers:headers mimetype:type content_type:type",
    "redirect": "location:Location code:statusCode",
    "starlette": "content:body status_code:statusCode headers:headers media_type:type",
    "RedirectResponse": "url:Location status_code:statusCode headers:headers",
    "HTTPException": "status_code:statusCode detail:detail headers:headers",
    "chalice": "body:body headers:headers status_code:statusCode",
    "powertools": (
        "status_code:statusCode content_type:type body:body headers:headers cookies:Set-Cookie"
    ),
}
TYPES = {
    "HTMLResponse": HTML,
    "PlainTextResponse": PLAIN,
    "JSONResponse": JSON,
    "ORJSONResponse": JSON,
    "UJSONResponse": JSON,
    "StreamingResponse": "",
}
ALIASES = {"status_code": "statusCode", "status": "statusCode", "data": BODY, "content": BODY}
TYPED = ("mimetype", "content_type", "media_type")


# ------------------------------------------------------------------------------ recording


def record(run: Interpreter, answer: Abstract, at: ir.Span, scope: Scope) -> None:
    """Record an answer at a call in the file that is running."""
    run.respond(answer, at, Scope(run.source) if run.source is not None else scope)


def response(run: Interpreter, parts: dict[str, Abstract]) -> Modelled:
    """Return a response as Python's frameworks make it; ``type`` and headers are its headers."""
    headers = run.structure("dict")
    for one in parts.get("headers", NOTHING).things:
        if isinstance(one, Structure):
            headers.fields.update(one.fields)
            headers.keys, headers.element = one.keys, one.element
            headers.rest = one.rest
    for name, part in (("type", TYPE), (LOCATION, LOCATION), (COOKIE, COOKIE)):
        if parts.get(name):
            headers.fields.setdefault(part, parts[name])
    made = modelled(run, {"headers": Abstract(things=(headers,))})
    made.kind = "response"
    for name in ("statusCode", BODY):
        if parts.get(name):
            made.fields[name] = parts[name]
    _let_change(run, made, headers)
    return made


def _let_change(run: Interpreter, made: Modelled, headers: Structure) -> None:
    """Let code set a response's status, type, content and cookies afterwards."""

    def put(structure: Structure, name: str, value: Abstract) -> None:
        run.mutated = min(run.mutated, structure.serial)
        run.repeated.changed(structure, partial(put, structure, name, value))
        structure.fields[name] = value

    def set_cookie(given: Arguments) -> Abstract:
        value = cleaned(given.first(1, "value"), bits("cookie"))  # in quotes, where it must be
        said = concatenate([given.first(0, "key"), constant("="), value])
        put(headers, COOKIE, join(headers.fields.get(COOKIE, NOTHING), said))
        return constant(None)

    made.methods["set_cookie"] = native("set_cookie", set_cookie)
    for alias, name in ALIASES.items():
        made.setters[alias] = lambda value, _, name=name: put(made, name, value)  # type: ignore[misc]
    for alias in TYPED:
        made.setters[alias] = lambda value, _: put(headers, TYPE, value)


# ------------------------------------------------------------------------------ Python


def constructed(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract | None:
    """Return the response that a function or class of a framework makes, None if it makes none."""
    package, last = one.module.partition(".")[0], one.path.rpartition(".")[2]
    if package in ("flask", "werkzeug") and last in ("jsonify", "make_response"):
        return _of_flask(run, last, given)
    places = _places(package, last)
    if places is None:
        return None
    parts: dict[str, Abstract] = {}
    for position, word in enumerate(places.split()):
        name, _, target = word.partition(":")
        value = given.first(position, name)
        parts[target] = join(parts.get(target, NOTHING), value)
    if TYPES.get(last) and not parts.get("type"):
        parts["type"] = constant(TYPES[last])
    if last == "redirect" and not parts.get("statusCode"):
        parts["statusCode"] = constant(302)
    if parts.get("detail"):
        parts[BODY] = run.built("dict", {"detail": parts["detail"]})
    made = Abstract(things=(response(run, parts),))
    if last == "HTTPException":  # nearly always raised where it is made
        record(run, made, given.at, scope)
    return made


def _places(package: str, last: str) -> str | None:
    if package in ("flask", "werkzeug", "bottle") and last in ("Response", "redirect"):
        return PLACES[last]
    if package in ("fastapi", "starlette"):
        if last in ("RedirectResponse", "HTTPException"):
            return PLACES[last]
        return PLACES["starlette"] if last == "Response" or last in TYPES else None
    if package in ("chalice", "aws_lambda_powertools") and last == "Response":
        return PLACES["chalice" if package == "chalice" else "powertools"]
    return None


def _of_flask(run: Interpreter, last: str, given: Arguments) -> Abstract:
    """Return ``jsonify(…)`` or ``make_response(body, status, headers)``."""
    if last == "jsonify":
        body = run.built("dict", dict(given.named)) if given.named else given.first()
        if len(given.positional) > 1:
            body = run.built("list", {str(i): v for i, v in enumerate(given.positional)})
        return Abstract(things=(response(run, {BODY: body, "type": constant(JSON)}),))
    every = given.positional
    value = every[0] if len(every) == 1 else run.built("list", _numbered(every))
    found = _as_response(run, value, "flask")
    return Abstract(things=tuple(_changeable(run, one) for one in found.things))


def _numbered(values: list[Abstract]) -> dict[str, Abstract]:
    return {str(position): value for position, value in enumerate(values)}


def _changeable(run: Interpreter, one: object) -> object:
    if isinstance(one, Modelled) or not isinstance(one, Structure):
        return one
    return response(run, one.fields)


def answered(run: Interpreter, value: Abstract) -> Abstract:
    """Return a route's result as a response: what has no status code of its own is the body."""
    if run.answering in ("", "whole") or not value or value == constant(None):
        return value
    return _as_response(run, value, run.answering)


def _as_response(run: Interpreter, value: Abstract, style: str) -> Abstract:
    if any(_is_response(one) for one in value.things):
        return value
    parts = {BODY: value}
    tuples = [t for t in value.things if isinstance(t, Structure) and t.kind == "list"]
    if style in TUPLES and len(tuples) == 1 and _is_answer(tuples[0]):
        parts = _of_tuple(tuples[0])
        if any(_is_response(one) for one in parts[BODY].things):
            return parts[BODY]
    kind = _type(run, parts[BODY], style)
    headers = run.structure("dict", {TYPE: constant(kind)} if kind else {})
    for one in parts.pop("headers", NOTHING).things:
        if isinstance(one, Structure):
            headers.fields.update(one.fields)
    return run.built("dict", {**parts, **_held("headers", headers)})


def _held(name: str, structure: Structure) -> dict[str, Abstract]:
    """Return a structure under a name, unless it is empty."""
    return {name: Abstract(things=(structure,))} if any(structure.parts()) else {}


def _is_response(one: object) -> bool:
    return isinstance(one, Structure) and (one.kind == "response" or "statusCode" in one.fields)


def _is_answer(one: Structure) -> bool:
    """Tell whether a tuple is ``body, status`` or ``body, status, headers``."""
    status = one.fields.get("1", NOTHING)
    numbers = all(isinstance(atom, int) for atom in status.atoms)
    return 2 <= len(one.fields) <= 3 and not one.element and bool(status.atoms) and numbers  # noqa: PLR2004


def _of_tuple(one: Structure) -> dict[str, Abstract]:
    names = {"0": BODY, "1": "statusCode", "2": "headers"}
    return {names[position]: value for position, value in one.fields.items()}


def _type(run: Interpreter, body: Abstract, style: str) -> str:
    """Return the type that a framework gives a body, "" if its value does not tell."""
    route = run.registry.running
    if route is not None:
        for one in route.options.get("response_class", NOTHING).things:
            if isinstance(one, Library):
                return TYPES.get(one.path.rpartition(".")[2], "")
    if style in OBJECTS or any(isinstance(one, Structure) for one in body.things):
        return JSON
    return TEXTS.get(style, "") if is_text(body) else ""


def is_text(value: Abstract) -> bool:
    """Tell whether a value is a text, as far as that can be seen."""
    return bool(value.atoms) and all(
        isinstance(atom, (str, Text)) or (isinstance(atom, Symbol) and _of_text(atom))
        for atom in value.atoms
    )


def _of_text(symbol: Symbol) -> bool:
    head, _, rest = symbol.attribute.partition(".")
    return bool(rest) and head in ("queryStringParameters", "pathParameters", "headers", "cookies")


# ------------------------------------------------------------------------------ JavaScript


class Sent:
    """What a JavaScript response object has been told so far."""

    __slots__ = ("headers", "status")

    def __init__(self, status: Abstract, headers: Structure) -> None:
        self.status = status
        self.headers = headers

    def answer(self, run: Interpreter, body: Abstract, kind: str = "") -> Abstract:
        """Return the answer with a body, of a type if it has none yet."""
        headers = run.structure("dict", dict(self.headers.fields))
        headers.keys, headers.element = self.headers.keys, self.headers.element
        headers.rest = self.headers.rest
        if kind and not any(name.casefold() == TYPE.casefold() for name in headers.fields):
            headers.fields[TYPE] = constant(kind)
        parts = {"statusCode": self.status, **_held("headers", headers), BODY: body}
        return run.built("dict", {name: value for name, value in parts.items() if value})


def header(name: Abstract) -> Abstract:
    """Return a header's name as it is written here: upper and lower case are one."""
    said = only_string(name)
    known = next(
        (each for each in (TYPE, LOCATION, COOKIE) if said and each.casefold() == said.casefold()),
        "",
    )
    return constant(known) if known else name


def cookie(given: Arguments) -> Abstract:
    """Return ``name=value``, as ``Set-Cookie`` says it: frameworks encode the value."""
    value = cleaned(given.first(1), bits("cookie"))
    if not only_string(given.first()):
        return derived(sources_of(value) | sources_of(given.first()))
    return concatenate([given.first(), constant("="), value])
