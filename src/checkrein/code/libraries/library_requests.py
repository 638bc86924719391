"""Functions of libraries that ask a service of AWS: caches of secrets, parameters, middleware.

Which they are stands in ``library_requests.json``; what they ask for becomes a call like any other,
and what they give is the part of its result that holds the content.
"""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Library, Structure, native
from checkrein.code.domain.values import (
    NOTHING,
    UNKNOWN,
    concatenate,
    constant,
    extend,
    join_all,
    ordered,
)
from checkrein.code.libraries import requests
from checkrein.code.running import fields
from checkrein.model import Symbol, Text

if TYPE_CHECKING:
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.domain.things import Arguments
    from checkrein.code.running.interpreter import Interpreter

FETCHED = ("fetchData", "names", "secrets")  # how the middleware's versions call it
HOST = re.compile(r"^http://(?:localhost|127\.0\.0\.1)(?=[:/$<])[^/]*")  # the extension's own port
PLAIN = ("data", "body", "content")  # where HTTP clients hand out a response's body
CALLED = ("json", "read")


@functools.cache
def _data() -> dict[str, Any]:
    text = Path(__file__).with_name("library_requests.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def concerns(one: Library) -> bool:
    """Tell whether ``call`` may know a function, as its name tells."""
    return any(one.name in _data()[kind] for kind in ("constructors", "middleware", "functions"))


def call(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract | None:
    """Return the content that a library's function fetches, None if it asks no service."""
    data, name = _data(), one.name
    if name in data["constructors"]:
        made = [given.first(0, word) for word in data["constructors"][name] or [""]]
        return Abstract(things=(Library(one.module, f"{one.path}()", tuple(made)),))
    if name in data["middleware"]:
        return _middleware(run, data["middleware"][name], given, scope)
    rule = data["functions"].get(name)
    if rule is None:
        return None
    made_with = one.arguments[0] if one.arguments else NOTHING
    parts = {
        path: _part(run, made_with if how[0] < 0 else given.first(how[0], how[1]), how, scope)
        for path, how in rule["with"].items()
    }
    return _asked(run, rule, parts, given, scope)


def _part(run: Interpreter, value: Abstract, how: list[Any], scope: Scope) -> Abstract:
    """Return what of an argument is meant; see the data's first line."""
    asked = how[2] if len(how) > 2 else ""  # noqa: PLR2004 - the third word
    if asked == "keys":
        return fields.keys(run, value)
    if asked.startswith("field"):
        return fields.read(run, value, asked.partition(" ")[2], (1, 1, 1, 1), scope)
    return value


def _asked(
    run: Interpreter,
    rule: dict[str, Any],
    parts: dict[str, Abstract],
    given: Arguments,
    scope: Scope,
) -> Abstract:
    """Send the request that a rule describes; return the part of the result that it gives."""
    parameters = requests.parameters(run, {})
    for path, value in parts.items():
        parameters = requests.united(run, requests.nested(run, path, value), parameters)
    service, _, operation = rule["asks"].partition(":")
    result = requests.send(run, (service, operation), parameters, given.at, scope)
    for name in filter(None, rule.get("gives", "").replace("[]", ".[]").split(".")):
        result = Abstract(frozenset(extend(a, name) for a in result.atoms))
    for symbol in result.atoms:
        run.named(symbol, given.at, scope)
    return result


# ------------------------------------------------------------------------------ middleware


def _middleware(run: Interpreter, rule: dict[str, Any], given: Arguments, scope: Scope) -> Abstract:
    """``ssm({fetchData: {key: "/path"}})``: the handler's context has the content as ``key``."""
    for options in given.first().things:
        for name in FETCHED if isinstance(options, Structure) else ():
            for fetched in options.fields.get(name, NOTHING).things:
                for key, wanted in getattr(fetched, "fields", {}).items():
                    parts = {rule["parameter"]: wanted}
                    run.injected[key] = _asked(run, rule, parts, given, scope)
    return UNKNOWN


# ------------------------------------------------------------------------------ the extension


def by_url(
    run: Interpreter, url: Abstract, query: Abstract, given: Arguments, scope: Scope
) -> Abstract | None:
    """Return the answer of the extension that fetches parameters and secrets over HTTP, or None.

    ``query`` are parameters that the HTTP library adds to the URL.
    """
    found = [_rule(run, atom, query, given, scope) for atom in ordered(url.atoms)]
    if not found or None in found:
        return None
    return _response(run, join_all(one for one in found if one is not None))


def _rule(
    run: Interpreter, atom: object, query: Abstract, given: Arguments, scope: Scope
) -> Abstract | None:
    address = str(atom)
    host = HOST.match(address) if isinstance(atom, (str, Text)) else None
    for path, rule in _data()["extension"].items():
        if host and re.match(rf"{path}/?(?:\?|$)", address[host.end() :]):
            asked = _queried(atom, rule["query"])
            asked = asked or fields.read(run, query, rule["query"], given.at, scope)
            return _asked(run, rule, {rule["parameter"]: asked}, given, scope)
    return None


def _queried(url: object, name: str) -> Abstract:
    """Return a parameter of a URL's query, with the symbols in it."""
    parts = url.parts if isinstance(url, Text) else (url,)
    found: list[Abstract] = []
    inside = False
    for part in parts:
        if not isinstance(part, str):
            found += [
                Abstract(frozenset((part,))) if isinstance(part, Symbol) else UNKNOWN
            ] * inside
            continue
        start = 0
        if not inside and (match := re.search(rf"[?&]{name}=", part)):
            inside, start = True, match.end()
        if inside:
            value, more, _ = part[start:].partition("&")
            found.append(constant(unquote(value)))
            if more:
                break
    return concatenate(found) if found else NOTHING


def _response(run: Interpreter, answer: Abstract) -> Abstract:
    """Return a response whose body is the service's answer, however the client hands it out."""
    function = native("body", lambda _: answer)
    made = run.structure("dict", dict.fromkeys(PLAIN, answer) | dict.fromkeys(CALLED, function))
    made.fields["text"] = Abstract(answer.atoms, function.things)  # called by some
    made.rest = answer
    return Abstract(things=(made,))
