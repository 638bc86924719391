"""What files say, each part with the place where somebody wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path as File
from typing import Any

import yaml
from msgspec import Struct

from checkrein import files
from checkrein.errors import InputError
from checkrein.model import Path, Place
from checkrein.model.values import SPECIAL, Choice, Symbol, Text, Value
from checkrein.notation import Tree, decode, parse

TRUTHS = ("true", "false")
UNKNOWN = "\0"  # begins the key of an entry whose name, or how many there are, is not known
HEAVY = 100  # letters that a symbol counts for
YAML = (".yml", ".yaml", ".json", ".tfstate")


class Written(Struct):
    """A part of a file: a scalar, a value of the model, or a dict or list of such parts.

    A collection stands from its key to its end, all else where it is itself. What a variable
    brings keeps its place, so the parts of one whole may stand in several files.
    """

    value: Any
    place: Place

    def plain(self) -> Value:
        """Return the value without places."""
        if isinstance(self.value, dict):
            return {key: part.plain() for key, part in self.value.items()}
        if isinstance(self.value, list):
            return [part.plain() for part in self.value]
        return self.value

    def get(self, key: str) -> Written | None:
        """Return what stands below a key or an index."""
        if isinstance(self.value, dict):
            return self.value.get(key)
        if isinstance(self.value, list) and key.isdecimal() and int(key) < len(self.value):
            found: Written = self.value[int(key)]
            return found
        return None

    def items(self) -> list[tuple[str, Written]]:
        """Return a mapping's parts, none of anything else."""
        return list(self.value.items()) if isinstance(self.value, dict) else []


def places(part: Written, path: Path = ()) -> Iterator[tuple[Path, Place]]:
    """Yield where each path of a part is written."""
    yield path, part.place
    if isinstance(part.value, dict):
        for key, below in part.value.items():
            yield from places(below, (*path, key))
    elif isinstance(part.value, list):
        for index, below in enumerate(part.value):
            yield from places(below, (*path, index))


def of_plain(value: Any, place: Place) -> Written:
    """Return plain JSON as if all of it were written at one place."""
    if isinstance(value, dict):
        return Written({key: of_plain(below, place) for key, below in value.items()}, place)
    if isinstance(value, list):
        return Written([of_plain(below, place) for below in value], place)
    return Written(value, place)


def merged(first: Written, second: Written) -> Written:
    """Return two mappings as one, as deep as both are mappings; else the second counts."""
    if not isinstance(first.value, dict) or not isinstance(second.value, dict):
        return second
    both = dict(first.value)
    for key, part in second.value.items():
        both[key] = merged(both[key], part) if key in both else part
    return Written(both, first.place)


def is_small(part: Written, most: int) -> bool:
    """Tell whether a part has no more than so many parts below it, shared ones counted each time.

    A program's values may even hold themselves.
    """
    waiting, count = [part], 0
    while waiting and count <= most:
        one = waiting.pop()
        count += 1
        if isinstance(one.value, dict):
            waiting += one.value.values()
        elif isinstance(one.value, list):
            waiting += one.value
    return not waiting


def weight(value: Value) -> int:
    """Return how much a value adds to a text: its letters, and more for what is not plain."""
    if isinstance(value, Text):
        return sum(map(weight, value.parts))
    if isinstance(value, Choice):
        return sum(weight(option) for _, option in value.options)
    return len(value) if isinstance(value, str) else HEAVY


def member(symbol: Symbol, key: str) -> Symbol:
    """Return what stands below a key of a symbol's value."""
    if symbol.owner != "@secretsmanager" or ":" in symbol.attribute:
        return Symbol(symbol.owner, f"{symbol.attribute}.{key}")
    return Symbol(symbol.owner, f"{symbol.attribute}:{key}")


@files.remembered
def document(root: File, path: str) -> Written:
    """Read a YAML or JSON file, once in a scan; raise InputError or OSError."""
    return of_text(decode(files.content(root / path), path), path)


def of_text(text: str, path: str) -> Written:
    """Return a YAML or JSON text with its places; raise InputError."""
    return _part(parse(text, path), (), Place(path, 1))


def _part(tree: Tree, path: Path, parent: Place) -> Written:
    node = tree.nodes.get(path)
    place = parent if node is None else tree.entry(path)
    return _filled(tree, path, _at(tree.value, path), place)


def _filled(tree: Tree, path: Path, value: Any, place: Place) -> Written:
    if isinstance(value, dict):
        inner = {key: _below(tree, (*path, key), part, place) for key, part in value.items()}
        return Written(inner, place)
    if isinstance(value, list):
        listed = [_below(tree, (*path, i), part, place) for i, part in enumerate(value)]
        return Written(listed, place)
    return Written(_scalar(value, tree.nodes.get(path)), place)


def _below(tree: Tree, path: Path, value: Any, parent: Place) -> Written:
    place = tree.entry(path) if path in tree.nodes else parent
    return _filled(tree, path, value, place)


def _at(value: Any, path: Path) -> Any:
    for key in path:
        value = value[key]
    return value


def _scalar(value: Any, node: yaml.Node | None) -> Any:
    """Read a scalar as YAML 1.2 does, which the framework follows: ``on`` and ``1:30`` are text."""
    if not isinstance(node, yaml.ScalarNode):
        return value
    if isinstance(value, bool) and node.value.lower() not in TRUTHS:
        return node.value
    if isinstance(value, (int, float)) and ":" in node.value:
        return node.value
    return value


def is_special(value: Any) -> bool:
    """Tell whether a value is one of the model's: known by where it comes from, or open."""
    return isinstance(value, SPECIAL)


def load(root: File, path: str) -> Written:
    """Read a YAML or JSON file; raise InputError with a sentence where it cannot be read."""
    try:
        return document(root, path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"the file cannot be opened ({reason})", path) from None
