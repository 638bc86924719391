"""Facts to bytes and back. Decoding makes the types that are asked for and runs nothing.

Facts are msgspec's own matter, but for values of templates and code: there a ``Symbol`` stands
among plain JSON, where its fields would read like a dictionary. Such values are MessagePack's
extension types.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec
from msgspec import msgpack
from msgspec.structs import replace

from checkrein.model import (
    CallSite,
    Choice,
    Deployment,
    Finding,
    Grant,
    Link,
    Open,
    Resource,
    Stack,
    Summary,
    Symbol,
    Text,
    Verdict,
)

SYMBOL, OPEN, TEXT, CHOICE = 1, 2, 3, 4
VALUES: dict[Any, tuple[str, ...]] = {  # the fields that hold values
    Resource: ("properties", "metadata", "called"),
    Stack: ("parameters", "values", "exports", "outputs", "arguments", "name"),
}
_ENCODER = msgpack.Encoder()


def encode(made: Any) -> bytes:
    """Return facts as bytes; raise TypeError, ValueError or OverflowError where they do not fit."""
    return _ENCODER.encode(_prepared(made))


def packed(made: Any) -> bytes:
    """Return as bytes what holds no value of templates or code: ``encode`` without looking."""
    return _ENCODER.encode(made)


def decode(data: bytes | memoryview, kind: Any) -> Any:
    """Return what ``encode`` was given; raise msgspec.DecodeError where bytes are no ``kind``."""
    return _decoder(kind).decode(data)


@cache
def _decoder(kind: Any) -> msgpack.Decoder[Any]:
    return msgpack.Decoder(kind, ext_hook=_special)


def _prepared(made: Any) -> Any:
    if isinstance(made, list):
        return [_prepared(each) for each in made]
    if isinstance(made, Summary):
        return replace(made, calls=tuple(map(_call, made.calls)))
    if isinstance(made, Verdict) and any(each.fix for each in made.findings):
        return replace(made, findings=tuple(map(_finding, made.findings)))
    if isinstance(made, Grant):
        resources = tuple(map(plain, made.resources))
        return replace(made, resources=resources, conditions=plain(made.conditions))
    if isinstance(made, Deployment):
        links, imports = (tuple(map(_link, each)) for each in (made.links, made.imports))
        return replace(made, links=links, imports=imports)
    names = VALUES.get(type(made), ())
    return replace(made, **{n: plain(getattr(made, n)) for n in names}) if names else made


def _call(call: CallSite) -> CallSite:
    return replace(
        call, arguments=tuple(replace(each, value=plain(each.value)) for each in call.arguments)
    )


def _link(link: Link) -> Link:
    return replace(link, target=plain(link.target))


def _finding(finding: Finding) -> Finding:
    if finding.fix is None:
        return finding
    changes = tuple(replace(each, value=plain(each.value)) for each in finding.fix.changes)
    return replace(finding, fix=replace(finding.fix, changes=changes))


def plain(value: Any) -> Any:
    """Return a value with what is no JSON as extension types."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if value is None or isinstance(value, (str, int, float)):
        return value
    code, content = _extension(value)
    return msgpack.Ext(code, _ENCODER.encode(content))


def _extension(value: Any) -> tuple[int, Any]:
    match value:
        case Symbol():
            return SYMBOL, [value.owner, value.attribute]
        case Open():
            return OPEN, value.reason
        case Text():
            return TEXT, [plain(part) for part in value.parts]
        case Choice():
            return CHOICE, [[when, plain(option)] for when, option in value.options]
    raise TypeError(f"a value holds a {type(value).__name__}")


def _special(code: int, data: memoryview) -> Any:
    content = _decoder(Any).decode(data)
    if code == SYMBOL:
        return Symbol(*content)
    if code == OPEN:
        return Open(content)
    if code == TEXT:
        return Text(tuple(content))
    if code == CHOICE:
        return Choice(tuple((tuple(map(tuple, when)), option) for when, option in content))
    raise msgspec.DecodeError(f"no value is of kind {code}")
