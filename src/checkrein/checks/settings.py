"""Texts that a template sets, each with the name that tells what it is for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from checkrein.catalog.secrets import HOLE
from checkrein.model import Choice, Path, Resource, Text

NAMES = ("Name", "Key", "OptionName", "ParameterName", "HeaderName", "AttributeName")
VALUES = ("Value", "ParameterValue", "HeaderValue")
CODE = frozenset({"ZipFile", "FunctionCode", "InlineCode", "Code", "Script", "DefinitionBody"})


class Setting(Struct, frozen=True):
    """A text in a template; ``path`` starts below the resource's ``Properties``.

    ``name`` is the property, the variable or the field of a JSON text that it sets, ``around`` the
    names that enclose it, the nearest last. What is not known of the text is HOLE.
    """

    name: str
    around: tuple[str, ...]
    path: Path
    text: str


def settings(holder: Resource) -> Iterator[Setting]:
    """Yield every text that a resource's properties set, in order; code is left out."""
    for name, value in holder.properties.items():
        yield from _settings(value, (name,), (), name)


def _settings(value: Any, path: Path, around: tuple[str, ...], name: str) -> Iterator[Setting]:
    if isinstance(value, Choice):
        for _, option in value.options:
            yield from _settings(option, path, around, name)
    elif isinstance(value, str):
        yield from _text(value, path, around, name)
    elif isinstance(value, Text):
        known = "".join(part if isinstance(part, str) else HOLE for part in value.parts)
        yield from _text(known, path, around, name)
    elif isinstance(value, dict):
        yield from _members(value, path, around, name)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _settings(item, (*path, index), around, name)


def _members(
    value: dict[str, Any], path: Path, around: tuple[str, ...], name: str
) -> Iterator[Setting]:
    """Yield what a mapping sets; one of a name and a value sets that name."""
    told = next((value[key] for key in NAMES if isinstance(value.get(key), str)), None)
    inner = (*around, name)
    for key, item in value.items():
        if key in CODE:
            continue
        if told is not None and key in VALUES:
            yield from _settings(item, (*path, key), around, told)
        else:
            yield from _settings(item, (*path, key), inner, key)


def _text(text: str, path: Path, around: tuple[str, ...], name: str) -> Iterator[Setting]:
    """Yield a text, or what it sets if it is JSON; all of that stands where the text does."""
    fields = _json(text)
    if fields is None:
        yield Setting(name, around, path, text)
        return
    for inner in _members(fields, (), around, name):
        yield Setting(inner.name, inner.around, path, inner.text)


def _json(text: str) -> dict[str, Any] | None:
    if not text.lstrip().startswith("{"):
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
