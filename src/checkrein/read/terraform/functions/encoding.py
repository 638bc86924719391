"""JSON, YAML and other notations, made and read."""

from __future__ import annotations

import base64
import csv
import io
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote_plus

from checkrein.errors import InputError
from checkrein.model.values import Open, Symbol, Text, Value
from checkrein.notation import parse
from checkrein.read.terraform.containers import Answers, Items, Object
from checkrein.read.terraform.instances import Json
from checkrein.read.terraform.scopes import Scope
from checkrein.read.terraform.structured import read_json
from checkrein.read.terraform.unknowns import Failed, is_known, json_text, opened, shown

SECRETS = {"@secretsmanager", "SecretString"}


def json_encode(given: list[Value], scope: Scope) -> Value:
    """Keep the structure: what becomes of the text asks for it."""
    return Json(given[0])


def json_decode(given: list[Value], scope: Scope) -> Value:
    value = given[0]
    if isinstance(value, Json):
        return value.value
    if isinstance(value, (str, Text)):
        found = read_json(value)
        if found is None:
            raise Failed("jsondecode() is given no JSON")
        return found.value
    if isinstance(value, Symbol) and {value.owner, value.attribute} & SECRETS:
        return _secret(value)
    return opened("jsondecode()", value)


def _secret(secret: Symbol) -> Answers:
    """Return the keys of a secret that holds JSON, as the model names them."""

    def key(name: str) -> Symbol:
        if secret.attribute == "SecretString":
            return Symbol(secret.owner, f"{secret.attribute}.{name}")
        return Symbol(secret.owner, f"{secret.attribute}:{name}")

    return Answers(f"the keys of {shown(secret)}", key)


def yaml_decode(given: list[Value], scope: Scope) -> Value:
    value = given[0]
    if isinstance(value, Json):
        return value.value
    if not isinstance(value, str):
        return opened("yamldecode()", value)
    try:
        return held(parse(value).value)
    except InputError as error:
        raise Failed(f"yamldecode() is given no YAML: {error}") from None


def held(value: Any) -> Any:
    """Return plain JSON as the objects and lists of expressions."""
    if isinstance(value, dict):
        return Object({key: held(item) for key, item in value.items()})
    return Items(map(held, value)) if isinstance(value, list) else value


def _on_text(name: str, function: Callable[[str], Value]) -> Callable[..., Value]:
    def encode(given: list[Value], scope: Scope) -> Value:
        value = json_text(given[0].value) if isinstance(given[0], Json) else given[0]
        value = scope.module.settled(value)
        if not is_known(value):
            return opened(f"{name}()", value)
        return function(value if isinstance(value, str) else json.dumps(value))

    return encode


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _unbase64(text: str) -> Value:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (ValueError, UnicodeDecodeError):
        raise Failed("base64decode() is given no text in base64") from None


def _csv(text: str) -> Value:
    return Items(Object(row) for row in csv.DictReader(io.StringIO(text)))


def _url(text: str) -> str:
    return quote_plus(text, safe="-_.~")


def shapes(given: list[Value], scope: Scope) -> Value:
    """Leave open what hardly any file asks for."""
    return Open("an encoding that is not read here")


ENCODING: dict[str, Callable[[list[Value], Scope], Value]] = {
    "jsonencode": json_encode,
    "jsondecode": json_decode,
    "yamlencode": json_encode,
    "yamldecode": yaml_decode,
    "base64encode": _on_text("base64encode", _base64),
    "base64decode": _on_text("base64decode", _unbase64),
    "csvdecode": _on_text("csvdecode", _csv),
    "urlencode": _on_text("urlencode", _url),
    "textencodebase64": shapes,
    "textdecodebase64": shapes,
}
