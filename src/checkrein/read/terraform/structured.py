"""Texts that are JSON, with parts that are not known: read as what they stand for.

Policies, definitions and patterns are often heredocs or files. Each part that is not known is
held by one letter that no text uses while the JSON is read.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from checkrein.errors import InputError
from checkrein.model import Path, Place
from checkrein.model.values import Choice, Open, Text, Value, choice, text
from checkrein.notation import Tree, parse
from checkrein.read.terraform.containers import Items, Object
from checkrein.read.terraform.instances import Json
from checkrein.read.terraform.unknowns import shown

FIRST = 0xE000
LAST = 0xF8FF
LONGEST = 1_000_000


@dataclass(frozen=True)
class Written:
    """Where a text begins in a file, and how far its lines are set in there."""

    path: str
    line: int
    indent: int


def is_structured(value: Value) -> bool:
    """Tell, quickly, whether a text may be an object or list in JSON."""
    first = value.parts[0] if isinstance(value, Text) else value
    return isinstance(first, str) and first.lstrip()[:1] in ("{", "[") and len(first) > 1


def read_json(value: Value, written: Written | None = None) -> Json | None:
    """Return what a text means as JSON, with places where it is known where it is written."""
    if isinstance(value, Choice):
        return None
    parts = value.parts if isinstance(value, Text) else (value,)
    held = [part for part in parts if not isinstance(part, str)]
    if len(held) > LAST - FIRST or sum(len(p) for p in parts if isinstance(p, str)) > LONGEST:
        return None
    line = _with_letters(parts)
    try:
        plain = json.loads(line, strict=False)
        tree = parse(line) if written else None
    except (ValueError, RecursionError, InputError):
        return None
    return Json(_Builder(held, tree, written).build(plain, ()))


def _with_letters(parts: tuple[Any, ...]) -> str:
    """Return the text with one letter for each part, quoted where it stands for a value."""
    found: list[str] = []
    is_inside = False
    code = FIRST
    for part in parts:
        if isinstance(part, str):
            found.append(part)
            is_inside = _inside(part, is_inside=is_inside)
        else:
            found.append(chr(code) if is_inside else f'"{chr(code)}"')
            code += 1
    return "".join(found)


def _inside(part: str, *, is_inside: bool) -> bool:
    """Tell whether a text ends inside a string of JSON."""
    escaped = False
    for letter in part:
        if escaped:
            escaped = False
        elif letter == "\\":
            escaped = is_inside
        elif letter == '"':
            is_inside = not is_inside
    return is_inside


class _Builder:
    """Plain JSON to values, each letter replaced by what it holds."""

    def __init__(self, held: list[Any], tree: Tree | None, written: Written | None) -> None:
        self.held = held
        self.tree = tree
        self.written = written

    def build(self, value: Any, path: Path) -> Any:
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, dict):
            names = {key: self._key(key) for key in value}
            places = {names[key]: self._place((*path, key)) for key in value}
            made = Object((names[key], self.build(one, (*path, key))) for key, one in value.items())
            made.places = {key: place for key, place in places.items() if place}
            return made
        if isinstance(value, list):
            items = [self.build(item, (*path, i)) for i, item in enumerate(value)]
            there = [self._place((*path, i)) for i in range(len(value))]
            return Items(items, [place for place in there if place])
        return value

    def _place(self, path: Path) -> Place | None:
        if self.tree is None or self.written is None or path not in self.tree.nodes:
            return None
        found, indent = self.tree.entry(path), self.written.indent
        lines = self.written.line - 1
        return Place(
            self.written.path,
            found.line + lines,
            found.column + indent,
            found.end_line + lines,
            found.end_column + indent,
        )

    def _key(self, key: str) -> str:
        found = self._text(key)
        return found if isinstance(found, str) else shown(Text((found,)))

    def _text(self, value: str) -> Value:
        if not any(FIRST <= ord(letter) < FIRST + len(self.held) for letter in value):
            return value
        parts: list[Any] = []
        for letter in value:
            at = ord(letter) - FIRST
            parts.append(self.held[at] if 0 <= at < len(self.held) else letter)
        return text(parts)


def structured(value: Value, written: Written | None) -> Value:
    """Return a text's structure where it is JSON, else the text; options each for themselves."""
    if isinstance(value, Choice):
        return choice([(when, structured(option, None)) for when, option in value.options])
    if isinstance(value, Open) or not is_structured(value):
        return value
    return read_json(value, written) or value
