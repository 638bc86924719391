"""HTTP clients: what a call of ``requests``, ``axios``, ``fetch`` and the like sends, and where.

Every call becomes a call site of kind http with ``url``, ``headers.X`` and ``body.x`` as
arguments, whatever the library calls them.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import TYPE_CHECKING

from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Arguments, Library, Structure
from checkrein.code.domain.values import (
    ASKED,
    NOTHING,
    concatenate,
    constant,
    join,
    only_string,
)
from checkrein.code.libraries import library_requests
from checkrein.code.running import calls, fields
from checkrein.model import Symbol, Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

    Model = Callable[[Interpreter, Library, Arguments, Scope], "Abstract | None"]

VERBS = frozenset(("get", "post", "put", "delete", "patch", "head", "options"))
BODIES = ("json", "data", "body", "form", "content", "fields", "files")
WRITABLE = "ClientRequest()"
FILES = "urllib"  # it opens file: too
ANY = "REQUEST"  # the method is not known
MADE_OF = {  # URLs -> the argument that says the host where it says one
    **dict.fromkeys(("URL()", "URL().href", "URL().toString()", "url.URL()", "url.URL().href"), 0),
    "urllib.parse.urljoin()": 1,
    "urllib.parse.urlparse().geturl()": 0,
}
CUSTOM_RESOURCE = frozenset(
    ("cfnresponse.send", "cfn-response.send", "crhelper.utils._send_response")
)


@functools.cache
def _modules() -> dict[str, str]:
    text = Path(__file__).with_name("library.json").read_text("utf-8")
    found: dict[str, str] = json.loads(text)["http_modules"]
    return found


def concerns(one: Library) -> bool:
    """Tell whether ``call`` may know a function, as its name tells."""
    return one.name in CUSTOM_RESOURCE or _model(one) is not None


def call(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract | None:
    """Return the response if a library's function makes an HTTP request, else None."""
    if one.name in CUSTOM_RESOURCE:
        return _custom_resource(run, given, scope)
    model = _model(one)
    return model(run, one, given, scope) if model else None


def _model(one: Library) -> Model | None:
    shape = (
        _modules().get(one.module) or _modules().get(one.name)
        if one.module
        else ("options" if one.path == "fetch" else None)
    )
    return SHAPES.get(shape) if shape else None


def send(
    run: Interpreter,
    method: str,
    url: Abstract,
    parts: dict[str, Abstract],
    given: Arguments,
    scope: Scope,
) -> Abstract:
    """Record a request; ``parts`` are headers, body, params … by name.

    ``method`` begins with the client if it opens more than HTTP's addresses: ``urllib GET``.
    """
    url = _written_out(url)
    fetched = library_requests.by_url(run, url, parts.get("params", NOTHING), given, scope)
    if fetched is not None:
        return fetched
    made = {"url": url, **{name: value for name, value in parts.items() if value}}
    site = run.site(given.at, scope)
    parameters = run.built("dict", made)
    client, _, verb = method.rpartition(" ")
    return run.recorder.call(("http", client, verb.upper()), site, parameters)


def _written_out(url: Abstract) -> Abstract:
    """Return a URL with the text it was made of: ``new URL(text)``, ``urljoin(base, text)``."""
    found = url
    for one in url.things:
        if (
            isinstance(one, Library)
            and one.name in MADE_OF
            and len(one.arguments) > MADE_OF[one.name]
        ):
            text = one.arguments[MADE_OF[one.name]]
            found = join(found, Abstract(text.atoms, (), text.sources, text.open))
    return found


def _last(one: Library) -> str:
    return one.path.rpartition(".")[2]


def _verbs(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract | None:
    """``requests.post(url, json=…, headers=…)``, of a session too."""
    verb = _last(one)
    if verb in ("request", "send"):
        method = only_string(given.first(0, "method")) or ANY
        given = Arguments(given.at, given.positional[1:], given.named, given.rest)
    elif verb in VERBS:
        method = verb
    else:
        return None
    second = {"post": "data", "put": "data", "patch": "data", "get": "params"}.get(verb, "params")
    named = {k: v for k, v in given.named.items() if k != "url"}
    if len(given.positional) > 1:
        named[second] = given.positional[1]
    return send(run, method, given.first(0, "url"), _parts(named), given, scope)


def _parts(named: dict[str, Abstract]) -> dict[str, Abstract]:
    """Return the parts of a request under one set of names."""
    parts: dict[str, Abstract] = {}
    for name, value in named.items():
        kept = "body" if name in BODIES else name
        if kept in ("body", "headers", "params", "query", "qs", "searchParams", "auth", "cookies"):
            parts[kept] = join(parts.get(kept, NOTHING), value)
    return parts


def _pool(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract | None:
    """``urllib3.PoolManager().request(method, url, fields, headers)``."""
    if _last(one) not in ("request", "urlopen", "request_encode_body", "request_encode_url"):
        return None
    method = only_string(given.first(0, "method")) or ANY
    named = {**given.named, **dict(zip(("body", "headers"), given.positional[2:], strict=False))}
    return send(run, method, given.first(1, "url"), _parts(named), given, scope)


def _urlopen(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract | None:
    """``urllib.request.urlopen(url or Request(…), data)``."""
    last = _last(one)
    if last == "Request":
        names = ("url", "data", "headers")
        parts = {**dict(zip(names, given.positional, strict=False)), **given.named}
        return run.built("dict", parts)
    if last not in ("urlopen", "urlretrieve", "open"):
        return None
    target = given.first(0, "url")
    structures = [t for t in target.things if isinstance(t, Structure)]
    named = dict(given.named)
    if len(given.positional) > 1:
        named["data"] = given.positional[1]
    method = NOTHING
    for one_request in structures:
        named = {**one_request.fields, **named}
        method = one_request.fields.get("method", NOTHING)
        target = one_request.fields.get("url", NOTHING)
    guessed = "POST" if named.get("data") else "GET"
    verb = f"{FILES} {only_string(method) or guessed}"
    return send(run, verb, target, _parts(named), given, scope)


def _connection(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract | None:
    """``http.client.HTTPSConnection(host).request(method, path, body, headers)``."""
    if _last(one) != "request":
        return None
    host = one.arguments[0] if one.arguments else NOTHING
    scheme = "https://" if "HTTPS" in one.path else "http://"
    url = concatenate([constant(scheme), host, _rooted(given.first(1, "url"))])
    named = {**given.named, **dict(zip(("body", "headers"), given.positional[2:], strict=False))}
    method = only_string(given.first(0, "method")) or ANY
    return send(run, method, url, _parts(named), given, scope)


def _rooted(path: Abstract) -> Abstract:
    """Return the path of a request whose host is given apart: it can not be a part of the host."""
    beginnings = [a.parts[0] if isinstance(a, Text) else a for a in path.atoms]
    known = beginnings and all(isinstance(b, str) and b[:1] in ("", "/") for b in beginnings)
    return path if known else concatenate([constant("/"), path])


# ------------------------------------------------------------------------------ JavaScript

ASKING = ("", "axios", "default", "request", "postform", "putform", "patchform")  # "": required
ASKS = frozenset((*VERBS, *ASKING))  # isAxiosError asks nobody


def _axios(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract | None:
    """``axios(config)``, ``axios.get(url, config)``, ``axios.post(url, data, config)``."""
    verb = _last(one).lower()
    if verb not in ASKS:
        return None
    if verb in VERBS:
        has_body = verb in ("post", "put", "patch")
        parts = _options(run, given.first(2 if has_body else 1), given, scope)
        if has_body:
            parts["data"] = given.first(1)
        url = _based(run, one, given.first(), given, scope)
        return _carried(run, send(run, verb, url, _parts(parts), given, scope))
    parts = _options(run, given.first(len(given.positional) - 1), given, scope)
    direct = Abstract(given.first().atoms, (), given.first().sources, given.first().open)
    url = join(parts.get("url", NOTHING), direct)
    method = only_string(parts.get("method", NOTHING)) or "GET"
    address = _based(run, one, url, given, scope)
    return _carried(run, send(run, method, address, _parts(parts), given, scope))


def _carried(run: Interpreter, answer: Abstract) -> Abstract:
    """Let the request be a part of the errors that are raised: an AxiosError holds all of it."""
    run.raised |= frozenset(Symbol(ASKED, a.owner) for a in answer.atoms if isinstance(a, Symbol))
    return answer


def _based(
    run: Interpreter, one: Library, url: Abstract, given: Arguments, scope: Scope
) -> Abstract:
    """Return a URL below the ``baseURL`` that the client was made with."""
    if not one.arguments:
        return url
    base = _options(run, one.arguments[0], given, scope).get("baseURL")
    return concatenate([base, url]) if base else url


def _options(
    run: Interpreter, value: Abstract, given: Arguments, scope: Scope
) -> dict[str, Abstract]:
    """Return an options object's fields, of all that it may be."""
    parts: dict[str, Abstract] = {}
    for one in value.things:
        if isinstance(one, Structure):
            for name, part in one.fields.items():
                parts[name] = join(parts.get(name, NOTHING), part)
            if one.rest:
                for name in ("url", "method", "headers", "body"):
                    found = fields.read(run, one.rest, name, given.at, scope)
                    parts.setdefault(name, found)
    return parts


def _fetch(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract | None:
    """``fetch(url, options)``, ``got.post(url, options)``, ``request(options, callback)``."""
    verb = _last(one).lower()
    plain = [v for v in given.positional if not any(map(calls.is_function, v.things))]
    first = plain[0] if plain else NOTHING
    parts = _options(run, plain[-1] if plain else NOTHING, given, scope)
    direct = Abstract(
        first.atoms,
        tuple(t for t in first.things if not isinstance(t, Structure)),
        first.sources,
        first.open,
    )
    url = join(direct, join(parts.get("url", NOTHING), parts.get("uri", NOTHING)))
    method = verb if verb in VERBS else only_string(parts.get("method", NOTHING)) or "GET"
    result = send(run, method, url, _parts(parts), given, scope)
    return _answered(run, result, given, scope)


def _answered(run: Interpreter, result: Abstract, given: Arguments, scope: Scope) -> Abstract:
    """Call a node-style callback with error, response and body."""
    for function in given.positional[-1:]:
        if any(map(calls.is_function, function.things)):
            error = constant(None)
            calls.apply(run, function, Arguments(given.at, [error, result, result]), scope)
    return result


def _needle(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract | None:
    """``needle(method, url, data, options)``, ``needle.post(url, data, options)``."""
    verb = _last(one).lower()
    start = 0 if verb in VERBS else 1
    method = verb if verb in VERBS else only_string(given.first()) or ANY
    parts = {"body": given.first(start + 1)} if len(given.positional) > start + 1 else {}
    return send(run, method, given.first(start), parts, given, scope)


def _node(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract | None:
    """``https.request(url or options, callback)``; what is written to it is the body."""
    if one.path.startswith(WRITABLE):
        return _written(run, one, given, scope)
    if _last(one) not in ("request", "get"):
        return None
    first = given.first()
    options: dict[str, Abstract] = {}
    for value in given.positional[:2]:
        options.update(_options(run, value, given, scope))
    url = Abstract(
        first.atoms,
        tuple(t for t in first.things if not isinstance(t, Structure)),
        first.sources,
        first.open,
    )
    if not url:
        host = options.get("hostname") or options.get("host") or NOTHING
        scheme = constant(f"{one.module}://")
        url = concatenate([scheme, host, _rooted(options.get("path", constant("")))])
    method = only_string(options.get("method", NOTHING)) or "GET"
    result = send(run, method, url, _parts(options), given, scope)
    for function in given.positional[-1:]:
        if any(map(calls.is_function, function.things)):
            calls.apply(run, function, Arguments(given.at, [result]), scope)
    return Abstract(things=(Library(one.module, WRITABLE, (result,)),))


def _written(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract:
    """``request.write(body)``, ``request.end(body)``, ``request.on("response", function)``."""
    result = one.arguments[0]
    for value in given.positional:
        if any(map(calls.is_function, value.things)):
            calls.apply(run, value, Arguments(given.at, [result]), scope)
        elif _last(one) in ("write", "end"):
            run.recorder.more(result, run.built("dict", {"body": value}))
    return Abstract(things=(Library(one.module, WRITABLE, one.arguments),))


def _custom_resource(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """CloudFormation's answer to a custom resource: the body goes to the event's ResponseURL."""
    url = fields.read(run, given.first(), "ResponseURL", given.at, scope)
    body = run.built("dict", {"Status": given.first(2), "Data": given.first(3, "responseData")})
    return send(run, "PUT", url, {"body": body}, given, scope)


SHAPES: dict[str, Model] = {
    "verbs": _verbs,
    "pool": _pool,
    "urlopen": _urlopen,
    "connection": _connection,
    "axios": _axios,
    "options": _fetch,
    "needle": _needle,
    "node": _node,
}
