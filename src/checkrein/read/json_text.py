"""JSON and YAML text that has values of the model inside, as a structure."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from checkrein.errors import InputError
from checkrein.late import regex
from checkrein.model.values import Choice, Open, Symbol, Text, Value, choice, text
from checkrein.notation import parse

FIRST = 0xE000  # private-use characters stand for the symbols while the text is read as JSON
BARE = regex(r"(?<=[:\[,\s])([\ue000-\uf8ff])(?=\s*[,}\]])")  # not inside a string


def parse_json(value: Value) -> Value:
    """Return the object or list that a text says, None where it is no JSON.

    Symbols may stand inside its strings, or where a value is missing.
    """
    return _parsed(value, _loaded)


def parse_yaml(value: Value) -> Value:
    """Return the object or list that YAML text says; the text itself where it says none."""
    found = _parsed(value, _composed)
    return value if found is None else found


def _parsed(value: Value, read: Callable[[str], Any]) -> Value:
    if isinstance(value, Choice):
        options = [(when, _parsed(option, read)) for when, option in value.options]
        return choice(options) if all(option is not None for _, option in options) else None
    parts = value.parts if isinstance(value, Text) else (value,)
    held = [part for part in parts if isinstance(part, (Symbol, Open))]
    codes = iter(range(FIRST, FIRST + len(held)))
    line = "".join(part if isinstance(part, str) else chr(next(codes, FIRST)) for part in parts)
    found = read(line)
    if found is None and held:
        found = read(BARE.sub(r'"\1"', line))
    return _restored(found, held) if isinstance(found, (dict, list)) else None


def _composed(line: str) -> Any:
    try:
        return parse(line, "").value
    except InputError:
        return None


def _loaded(line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return None


def _restored(value: Any, held: list[Symbol | Open]) -> Value:
    if isinstance(value, dict):
        return {_restored_key(key, held): _restored(item, held) for key, item in value.items()}
    if isinstance(value, list):
        return [_restored(item, held) for item in value]
    if isinstance(value, str) and held:
        return text(_parts(value, held))
    return value


def _restored_key(key: str, held: list[Symbol | Open]) -> str:
    return str(text(_parts(key, held))) if held else key


def _parts(value: str, held: list[Symbol | Open]) -> list[Value]:
    known = range(FIRST, FIRST + len(held))
    return [held[ord(c) - FIRST] if ord(c) in known else c for c in value]
