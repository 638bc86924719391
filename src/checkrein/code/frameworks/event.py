"""The event under the names that frameworks give its parts.

``request.json`` is ``event.body``, a path parameter ``event.pathParameters.x``, and Powertools'
``record.dynamodb.new_image`` is ``event.Records[].dynamodb.NewImage``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Arguments, Library, Structure
from checkrein.code.domain.values import only_string, symbolic

if TYPE_CHECKING:
    from checkrein.model import Symbol

BODY, QUERY, PATH, HEADERS = "body", "queryStringParameters", "pathParameters", "headers"
COOKIES = "cookies"
REQUEST = {  # names under which frameworks hand out parts of the event
    "json": BODY,
    "data": BODY,
    "form": BODY,
    "forms": BODY,
    "values": BODY,
    "files": BODY,
    "body": BODY,
    "json_body": BODY,
    "decoded_body": BODY,
    "raw_body": BODY,
    "args": QUERY,
    "query": QUERY,
    "query_params": QUERY,
    "query_string_parameters": QUERY,
    "params": PATH,
    "path_params": PATH,
    "uri_params": PATH,
    "path_parameters": PATH,
    "view_args": PATH,
    "headers": HEADERS,
    "cookies": COOKIES,
    "records": "Records",
    "request_context": "requestContext",
    "source_ip": "sourceIp",
    "get_object": "object",
    "sns": "Sns",
    "detail_type": "detail-type",
}
GETTERS = {
    "get_query_string_value": QUERY,
    "get_header_value": HEADERS,
    "get_json": BODY,
    "get_data": BODY,
    "data_as_json": "data",
    "data_as_text": "data",
    "data_as_bytes": "data",
}
CAPITAL = ("Sns", "dynamodb")  # whose fields begin with a capital letter
SHORT = {  # of whole events, which stand for their only record
    "sns_message": "Records[].Sns.Message",
    "object_key": "Records[].s3.object.key",
    "bucket_name": "Records[].s3.bucket.name",
}
REQUESTS = frozenset(("flask.request", "chalice.current_request", "bottle.request"))
CURRENT = frozenset(("current_event", "current_request"))
HANDED_ON = ("serverless.event", "awsgi.event", "apig_wsgi.full_event", "aws.event")  # by adapters


def member(one: Library, name: str, packages: frozenset[str]) -> Abstract | None:
    """Return the part of the event that a framework's name stands for, else None."""
    if one.name in REQUESTS and name in REQUEST:
        return symbolic("event", REQUEST[name])
    if one.name in REQUESTS and name == "environ":
        made = Structure("dict", dict.fromkeys(HANDED_ON, symbolic("event")))
        made.rest = symbolic("event", "requestContext")
        return Abstract(things=(made,))
    if name in CURRENT and one.module.partition(".")[0] in packages:
        return symbolic("event")
    return None


def event_field(symbols: tuple[Symbol, ...], name: str) -> str:
    """Return the event's own name of a field of Powertools' event classes."""
    paths = [symbol.attribute for symbol in symbols if symbol.owner == "event"]
    if "" in paths and name in SHORT:
        return SHORT[name]
    if any(path.endswith(CAPITAL) for path in paths):
        return "".join(part[:1].upper() + part[1:] for part in name.split("_"))
    if name in REQUEST:
        return REQUEST[name]
    first, *others = name.split("_")
    return first + "".join(part.capitalize() for part in others)


def event_method(symbol: Symbol, name: str, given: Arguments) -> Abstract | None:
    """Return what a method of Powertools' event classes gives, else None."""
    if name not in GETTERS:
        return None
    base = symbol.attribute + "." if symbol.attribute else ""
    asked = only_string(given.first(0, "name"))
    path = f"{base}{GETTERS[name]}" + (f".{asked}" if asked else "")
    return symbolic(symbol.owner, path)
