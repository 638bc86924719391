"""What schemas let through, by their documentation: a *shape* says it for each field.

A shape is the families that a value is harmless for, or a dict of shapes by field (``[]`` for the
items of a list). It is read of zod's, joi's and yup's builders, which keep it with their name, of
JSON Schema, and of the types of pydantic's models.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.catalog.uses import bits
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Library, Structure
from checkrein.code.domain.values import constants, only_string, sources_of
from checkrein.code.harm import regular

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Shape = int | dict[str, "Shape"]

TEXT = "text property"  # a text is no object
ANYTHING = 0
ITEMS = "[]"
OTHERS = "[*]"  # a field whose name is not known, where a schema refuses what it does not name
ONLY = "[only]"  # stands beside all fields that an object of a schema can have
KEEPING = frozenset((  # words after which an object still has the fields that were named
    "object", "strictObject", "extend", "safeExtend", "shape", "strict", "strip", "partial",
    "required", "optional", "nullable", "nullish", "default", "describe", "refine", "superRefine",
    "readonly", "brand", "meta", "openapi", "pick", "omit", "deepPartial", "noUnknown", "label",
))  # fmt: skip
SAFE = frozenset((  # words of builders and types: what such a value can be
    "number", "int", "int32", "int64", "float", "integer", "bigint", "boolean", "bool", "date",
    "enum", "enums", "nativeEnum", "literal", "null", "undefined", "nan", "valid", "equal", "oneOf",
    "uuid", "guid", "datetime", "isoDate", "ip", "ipv4", "ipv6", "cuid", "cuid2", "ulid", "nanoid",
    "hex", "alphanum", "jwt", "isUUID", "date-time", "time", "isInt", "isNumeric", "hash",
))  # fmt: skip
LOOSE = {"email": "sql command path url", "token": "sql command path html", "e164": "all"}
TEXTS = frozenset(("string", "str"))
PATTERNS = frozenset(("regex", "pattern", "matches"))
OBJECTS = frozenset(("object", "strictObject", "looseObject", "keys", "shape", "extend"))
LISTS = frozenset(("array", "items", "of", "set", "tuple"))
CLOSED = frozenset(("joi", "@hapi/joi"))  # builders whose objects have no fields but those named
STILL_CLOSED = frozenset((
    "object", "keys", "required", "optional", "label", "description", "messages", "message",
    "and", "xor", "oxor", "nand", "with", "without", "min", "max", "length", "meta", "strict",
))  # fmt: skip
STARTING = frozenset(("object", "strictObject"))
CHOOSING = frozenset(("pick", "omit"))
FORGETTING = frozenset((
    "transform", "preprocess", "pipe", "or", "union", "alternatives", "try", "any", "unknown",
    "mixed", "custom", "lazy", "record", "map", "external", "allow", "catchall",
))  # fmt: skip


def either(shapes: Iterable[Shape]) -> Shape:
    """Return what is harmless whichever of several shapes a value has."""
    first, *others = list(shapes) or [ANYTHING]
    for other in others:
        if isinstance(first, dict) and isinstance(other, dict):
            same = first.keys() == other.keys()
            first = {name: either((first[name], other[name])) for name in first if name in other}
            if not same:
                first.pop(ONLY, None)
        elif isinstance(first, int) and isinstance(other, int):
            first &= other
        else:
            first = ANYTHING
    return first


def both(one: Shape, other: Shape) -> Shape:
    """Return what is harmless for a value that has two shapes."""
    if isinstance(one, int) and isinstance(other, int):
        return one | other
    return one if isinstance(one, dict) else other


def closed(before: Shape | None, shape: Shape, path: str, given: list[Abstract]) -> Shape:
    """Return the shape of an object of a builder that refuses what is not named, after one call."""
    if not isinstance(shape, dict) or ITEMS in shape:
        return shape
    named = {name: part for name, part in shape.items() if name != OTHERS}
    words = [step.rpartition(".")[2] for step in path.split("().")]
    known = OTHERS in before if isinstance(before, dict) else True
    if not known or not STILL_CLOSED.issuperset(words):
        return named
    if words[-1] not in OBJECTS or not given:
        return shape
    return {**named, OTHERS: either(named.values())} if named and _is_whole(given[0]) else named


def kept(before: Shape | None, shape: Shape, word: str, given: list[Abstract]) -> Shape:
    """Return the shape of an object after one call, with whether it names all its fields."""
    if not isinstance(shape, dict) or ITEMS in shape:
        return shape
    named = {name: part for name, part in shape.items() if name != ONLY}
    known = before is None if word in STARTING else isinstance(before, dict) and ONLY in before
    if not known or word not in KEEPING:
        return named
    if word in OBJECTS or word in CHOOSING:
        if not given or not _is_whole(given[0]):
            return named
        listed = {
            name for one in given[0].things if isinstance(one, Structure) for name in one.fields
        }
        if word in CHOOSING:
            named = {n: part for n, part in named.items() if (n in listed) is (word == "pick")}
    return {**named, ONLY: ANYTHING}


def _is_whole(value: Abstract) -> bool:
    """Tell whether a value is one object all of whose fields are known."""
    (one, *others) = [*value.things, None]
    alone = len(others) == 1 and not (value.atoms or value.open or value.sources)
    return alone and isinstance(one, Structure) and not (one.rest or one.element or one.keys)


def opened(shape: Shape) -> Shape:
    """Return a shape without what it says of fields that it does not name."""
    if not isinstance(shape, dict):
        return shape
    return {name: opened(part) for name, part in shape.items() if name != OTHERS}


def of_pattern(text: str | None) -> int:
    """Return what a text is harmless for that matches a pattern."""
    return bits(TEXT) | (regular.harmless(text, anchored="none") if text else 0)


# ------------------------------------------------------------------------------ builders


def built(before: Shape | None, word: str, given: list[Abstract]) -> Shape:
    """Return the shape of a builder after one more call: ``z.string()``, ``.uuid()``."""
    first = given[0] if given else Abstract()
    if word in FORGETTING:
        return ANYTHING
    if word in OBJECTS and (parts := _fields(first)) is not None:
        return {**before, **parts} if isinstance(before, dict) else parts
    if word in LISTS:
        return {ITEMS: of_value(first)} if given else {ITEMS: before or ANYTHING}
    return both(before or ANYTHING, of_word(word, first))


def of_word(word: str, first: Abstract = Abstract()) -> int:  # noqa: B008 - it never changes
    """Return what a value is harmless for of which a schema says a word."""
    if word in SAFE:
        return 0 if sources_of(first) else bits("all")
    if word in PATTERNS:
        patterns = [t for t in first.things if isinstance(t, Library) and t.arguments]
        return of_pattern(only_string(patterns[0].arguments[0]) if patterns else None)
    if word in LOOSE:
        return bits(LOOSE[word]) | (0 if LOOSE[word] == "all" else bits(TEXT))
    return bits(TEXT) if word in TEXTS else ANYTHING


def of_value(value: Abstract) -> Shape:
    """Return the shape of a builder or an object of them."""
    found = [
        one.shape for one in value.things if isinstance(one, Library) and one.shape is not None
    ]
    if found:
        return either(found)
    fields = _fields(value)
    return ANYTHING if fields is None else fields


def _fields(value: Abstract) -> dict[str, Shape] | None:
    for one in value.things:
        if isinstance(one, Structure) and one.kind != "list":
            return {name: of_value(part) for name, part in one.fields.items()}
    return None


# ------------------------------------------------------------------------------ JSON Schema


def of_json(value: Abstract) -> Shape:
    """Return the shape that a JSON Schema says."""
    for one in value.things:
        if isinstance(one, Structure) and one.kind != "list":
            return _of_schema(one.fields)
    return ANYTHING


def _of_schema(schema: Mapping[str, Abstract]) -> Shape:
    if "enum" in schema or "const" in schema:
        return bits("all")
    if "properties" in schema:
        parts = [t for t in schema["properties"].things if isinstance(t, Structure)]
        return {name: of_json(part) for each in parts for name, part in each.fields.items()}
    if "items" in schema:
        return {ITEMS: of_json(schema["items"])}
    if "pattern" in schema:
        return of_pattern(only_string(schema["pattern"]))
    words = [*_words(schema, "type"), *_words(schema, "format")]
    found: Shape = ANYTHING
    for word in words:
        found = both(found, of_word(word))
    return found


def _words(schema: Mapping[str, Abstract], name: str) -> list[str]:
    return [str(word) for word in constants(schema[name])] if name in schema else []
