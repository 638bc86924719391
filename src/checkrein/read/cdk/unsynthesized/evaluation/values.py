"""Values that are not plainly known: texts put together, choices, what counts as true."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from checkrein.model import Place
from checkrein.read.cdk.unsynthesized.evaluation.things import (
    Builtin,
    Class,
    Function,
    Live,
    Method,
    Own,
    Space,
    Super,
)
from checkrein.read.cdk.unsynthesized.trace import (
    Called,
    Choice,
    New,
    Package,
    Text,
    Traced,
    Unknown,
)
from checkrein.read.serverless.program.operators import number_text

MOST_CHOICES = 16
MOST_LETTERS = 100_000
MOST_PARTS = 20_000  # of a text or an object
DEEPEST = 40
SCALARS = (str, int, float, bool, type(None))
HASHABLE = (str, int, float, bool, New)
SOLID = (New, Package, Function, Class, Builtin, Space, dict, list)  # never None or false
ASKS = ("is", "has", "try", "get", "contains", "exists")


def choice(among: list[Traced]) -> Traced:
    """Return one of several values, plainly where they are the same."""
    flat = [one for value in among for one in options(value)]
    found = distinct(flat)[:MOST_CHOICES]
    if len(found) == 1:
        return found[0]
    return Choice(found) if found else None


def distinct(among: list[Traced]) -> list[Traced]:
    """Return each value once."""
    found: dict[Any, Traced] = {}
    for one in among:
        found.setdefault(_identity(one), one)
    return list(found.values())


def _identity(value: Traced) -> Any:
    """Return what two values share where they are the same."""
    if isinstance(value, SCALARS):
        return type(value), value
    if isinstance(value, Unknown):
        return Unknown, value.why
    return (Package, value.name) if isinstance(value, Package) else id(value)


def options(value: Traced) -> list[Traced]:
    """Return every value that a value may be."""
    return value.among if isinstance(value, Choice) else [value]


def each(value: Traced, function: Callable[[Traced], Traced]) -> Traced:
    """Return what a function gives for every value that a value may be."""
    if isinstance(value, Choice):
        return choice([function(one) for one in value.among])
    return function(value)


def text(parts: list[Any]) -> Traced:
    """Return parts put together, a str where all are plain; what is beyond all bounds is cut."""
    found: list[Any] = []
    letters = 0
    for part in parts:
        for piece in part.parts if isinstance(part, Text) else (part,):
            shown = piece if isinstance(piece, str) else _shown(piece)
            letters += len(shown) if isinstance(shown, str) else 1
            if letters > MOST_LETTERS or len(found) > MOST_PARTS:
                break
            if isinstance(shown, str) and found and isinstance(found[-1], str):
                found[-1] += shown
            elif shown != "":
                found.append(shown)
    if not found:
        return ""
    if len(found) == 1 and isinstance(found[0], str):
        return found[0]
    return Text(found)


def _shown(value: Traced) -> Traced:
    if isinstance(value, (bool, int, float)):
        return number_text(value)
    return "undefined" if value is None else value


def truth(value: Traced, *, python: bool = False) -> bool | None:
    """Return whether a value counts as true, None where that is not known."""
    if isinstance(value, SCALARS) or (python and isinstance(value, (list, dict))):
        return bool(value)
    if isinstance(value, Choice):
        found = {truth(one, python=python) for one in value.among}
        return found.pop() if len(found) == 1 else None
    holds = isinstance(value, SOLID)
    if isinstance(value, Text):
        holds = any(isinstance(part, str) for part in value.parts)
    elif isinstance(value, Called):
        holds = not value.name.startswith(ASKS)
    return True if holds else None


def given(value: Traced, place: Place) -> Traced:
    """Return a value as it is handed to a package: lists and dicts as they are now."""
    found, size = _given(value, place, {}, 0)
    return found if size <= MOST_PARTS else Unknown("an object that is too large", place)


Known = dict[int, tuple[Traced, int]]


def _given(value: Traced, place: Place, known: Known, depth: int) -> tuple[Traced, int]:
    """Return a copy, and how many parts it has where those that are shared count each time."""
    if isinstance(value, Own) and not value.kind:
        return _given(value.fields, place, known, depth)
    if isinstance(value, (Function, Class, Builtin, Method, Space, Super, Live)):
        return Unknown("a function of the program", place), 1
    if not isinstance(value, (dict, list, Text, Choice)):
        return value, 1
    if depth > DEEPEST:
        return Unknown("an object that is too deep", place), 1
    if id(value) not in known:
        known[id(value)] = Unknown("an object that holds itself", place), 1
        known[id(value)] = _copied(value, place, known, depth + 1)
    return known[id(value)]


def _copied(value: Traced, place: Place, known: Known, depth: int) -> tuple[Traced, int]:
    if isinstance(value, dict):
        entries = {_key(key): _given(one, place, known, depth) for key, one in value.items()}
        whole = {key: one for key, (one, _) in entries.items()}
        return whole, 1 + sum(size for _, size in entries.values())
    if isinstance(value, list):
        listed = value
    else:
        listed = value.parts if isinstance(value, Text) else value.among
    found = [_given(one, place, known, depth) for one in listed]
    size = 1 + sum(each for _, each in found)
    copied: list[Traced] = [one for one, _ in found]
    if isinstance(value, list):
        return copied, size
    return (Text(copied) if isinstance(value, Text) else Choice(copied)), size


def _key(key: Any) -> str:
    if isinstance(key, str):
        return key
    return number_text(key) if isinstance(key, (bool, int, float)) else "?"


def unknown(whole: Traced, why: str, place: Place) -> Unknown:
    """Return what comes from a value that is not known: its reason stays."""
    return whole if isinstance(whole, Unknown) else Unknown(why, place)
