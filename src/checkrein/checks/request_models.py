"""The model that API Gateway can check a request's body against, from what code reads of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from checkrein.checks.callers import rows_at
from checkrein.checks.context import is_terraform
from checkrein.checks.questions import grouped, short
from checkrein.checks.tainted import sites_of
from checkrein.late import regex
from checkrein.model import (
    App,
    Argument,
    Change,
    Entry,
    EventRead,
    Fix,
    Function,
    Resource,
    Summary,
    Symbol,
)

BODY = "body."
DRAFT = "http://json-schema.org/draft-04/schema#"
READING = ("GET", "HEAD", "OPTIONS")
STEP = regex(r"\[\]|[^.\[\]]+")
METHODS = frozenset({  # what JavaScript calls on a value is no field of it
    "length", "trim", "split", "includes", "indexOf", "toString", "toLowerCase", "toUpperCase",
    "map", "filter", "forEach", "find", "some", "every", "join", "slice", "substring", "replace",
    "match", "startsWith", "endsWith", "concat", "push", "reduce", "keys", "values", "entries",
    "hasOwnProperty", "test",
})  # fmt: skip
TAGS = {"S": "string", "N": ["number", "string"], "BOOL": "boolean"}  # N is sent as a text
KEYS = {"S": "string", "N": "number"}  # what a table's attribute definitions ask for
METHOD = "AWS::ApiGateway::Method"


class Model(Struct, frozen=True):
    """A model's name and its JSON schema."""

    name: str
    schema: dict[str, Any]


def remedy(app: App, entry: Entry) -> Fix | None:
    """Return the fix that has a route's body checked; None where code names no field of it.

    Where no resource can hold the model, the fix makes no change and its title has the model.
    """
    function = app.get(Function, entry.function)
    model = _model(app, entry, function) if function is not None else None
    if model is None:
        return None
    changes = _of_method(app, entry, model) or _of_event(app, entry, model)
    title = (
        f"have API Gateway check the body of {entry.route} against a model of what the code reads"
    )
    if changes:
        return Fix(title, changes=changes)
    return Fix(f"{title}: {json.dumps(model.schema)}")


def _model(app: App, entry: Entry, function: Function) -> Model | None:
    schema: dict[str, Any] = {}
    for read in _reads(app, entry, function):
        _put(schema, STEP.findall(read.source.attribute.removeprefix(BODY)), required=read.required)
    if not schema:
        return None
    for path, kind in _types(app, function):
        _type(schema, STEP.findall(path), kind)
    words = [*re.findall(r"\w+", entry.route.partition(" ")[2]), "Body"]
    called = short(entry.function).rpartition(".")[2]
    name = called + "".join(word[:1].upper() + word[1:] for word in words)
    return Model(re.sub(r"[\W_]", "", name), {"$schema": DRAFT, **schema})


def _reads(app: App, entry: Entry, function: Function) -> Iterator[EventRead]:
    """Yield the fields of the body that code names; none is required where several routes lead."""
    entries = grouped(app, Entry, "function").get(function.id, [])
    writing = [each for each in entries if not each.route.startswith(READING)]
    alone = len(writing) == 1 and not entry.route.startswith("ANY")
    for summary in grouped(app, Summary, "function").get(function.id, []):
        for read in summary.reads:
            if read.source.owner == "event" and read.source.attribute.startswith(BODY):
                yield EventRead(read.source, read.place, read.required and alone)


def _put(schema: dict[str, Any], steps: list[str], *, required: bool) -> None:
    """Add a field to a schema; fields of fields make objects, elements arrays."""
    if not steps or steps[0] in METHODS:
        return
    if steps[0] == "[]":
        schema["type"] = "array"
        _put(schema.setdefault("items", {}), steps[1:], required=required)
        return
    schema["type"] = "object"
    inner = schema.setdefault("properties", {}).setdefault(steps[0], {})
    if required and steps[0] not in schema.setdefault("required", []):
        schema["required"].append(steps[0])
    _put(inner, steps[1:], required=required)


def _type(schema: dict[str, Any], steps: list[str], kind: Any) -> None:
    """Say the type of a field that the schema has."""
    for step in steps:
        inner = schema.get("items") if step == "[]" else schema.get("properties", {}).get(step)
        if inner is None:
            return
        schema = inner
    schema.setdefault("type", kind)


def _types(app: App, function: Function) -> Iterator[tuple[str, Any]]:
    """Yield fields of the body whose type DynamoDB asks for, with that type."""
    for index, site in enumerate(sites_of(app, function)):
        if site.service == "dynamodb":
            keys = _key_types(app, function, index)
            for argument in site.arguments:
                kind = _kind(argument, keys)
                if kind and isinstance(argument.value, Symbol):
                    yield argument.value.attribute.removeprefix(BODY), kind


def _kind(argument: Argument, keys: Mapping[str, Any]) -> Any:
    value = argument.value
    if not (isinstance(value, Symbol) and value.owner == "event" and BODY in value.attribute):
        return None
    *_, last = argument.path.split(".")
    return TAGS.get(last) or (keys.get(last) if "Item." in argument.path else None)


def _key_types(app: App, function: Function, index: int) -> dict[str, Any]:
    """Return the types of the attributes that the tables of a call define: those of keys."""
    found: dict[str, Any] = {}
    for row in rows_at(app, function, index):
        table = app.get(Resource, row.id)
        listed = table.value("AttributeDefinitions") if table is not None else None
        for each in listed if isinstance(listed, list) else []:
            if isinstance(each, dict) and (kind := str(each.get("AttributeType"))) in KEYS:
                found[str(each.get("AttributeName"))] = KEYS[kind]
    return found


# ------------------------------------------------------------------------------ where it stands


def _of_method(app: App, entry: Entry, model: Model) -> tuple[Change, ...]:
    """Return the changes that give a method of CloudFormation a model and a validator."""
    for method in grouped(app, Resource, "type").get(METHOD, []):
        if method.place != entry.place or method.source_type:
            continue
        by_name = f"{method.stack}/{model.name}"
        base = method.id if is_terraform(app, method) else by_name
        ids = [f"{base}{kind}" for kind in ("Model", "Validator")]
        api = method.value("RestApiId")
        contents = {"RestApiId": api, "ContentType": "application/json", "Schema": model.schema}
        contents |= {"Name": model.name} if base != by_name else {}
        checking = {"RestApiId": api, "ValidateRequestBody": True}
        models = {"application/json": Symbol(ids[0], "Ref")}
        return (
            Change(ids[0], (), "add", _resource("Model", contents)),
            Change(ids[1], (), "add", _resource("RequestValidator", checking)),
            Change(method.id, ("RequestModels",), "set", models),
            Change(method.id, ("RequestValidatorId",), "set", Symbol(ids[1], "Ref")),
        )
    return ()


def _resource(kind: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {"Type": f"AWS::ApiGateway::{kind}", "Properties": properties}


def _of_event(app: App, entry: Entry, model: Model) -> tuple[Change, ...]:
    """Return the changes that give an event of a SAM function a model of its API."""
    api = app.get(Resource, entry.source)
    verb, _, path = entry.route.partition(" ")
    if api is None or api.source_type != "AWS::Serverless::Api":
        return ()
    event = api.origins.get(("Body", "paths", path, verb.lower()))
    made = api.origin(())
    if event is None or event.path[:1] != ("Events",) or made.resource != api.id:
        return ()
    asked = {"Model": model.name, "Required": True, "ValidateBody": True}
    return (
        Change(event.resource, (*event.path, "Properties", "RequestModel"), "set", asked),
        Change(api.id, ("Models", model.name), "set", model.schema),
    )
