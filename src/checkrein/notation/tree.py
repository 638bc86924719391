"""A document as plain JSON, with the node and the place of every part of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml

from checkrein.errors import InputError
from checkrein.late import regex
from checkrein.model.places import Place
from checkrein.model.values import Path, at_path
from checkrein.notation.nodes import BLOCK, DEEPEST, PREFIX, TEXT, block_end, compose, too_deep
from checkrein.notation.texts import decode, lines_of

MOST_NODES = 2_000_000
MOST_REPEATED = 100_000  # nodes that stand below an alias
MERGE = f"{PREFIX}merge"
PLAIN_INTRINSICS = ("Ref", "Condition")
TRUE = ("yes", "true", "on", "y")
ACCOUNT = regex(r"0\d{11}\Z")  # an account id that YAML 1.1 would read as octal


@dataclass(frozen=True)
class Tree:
    """A parsed document.

    ``value`` is plain JSON: keys are text as written, dates stay text, a short tag ``!X`` is
    ``{"Fn::X": …}`` (``!Ref`` and ``!Condition`` without ``Fn::``). Paths go through ``value``,
    so ``!Ref A`` has a node at its own path and at ``(…, "Ref")``, both the same. ``nodes`` holds
    the value nodes, ``keys`` the key nodes (PyYAML's, with ``tag``, ``style``, ``flow_style``).
    ``duplicates`` gives path and place of each key that a later equal key overrides; ``others``
    the places of further documents in the file, which are not read.
    """

    path: str
    text: str
    value: Any
    nodes: dict[Path, yaml.Node] = field(repr=False)
    keys: dict[Path, yaml.Node] = field(repr=False)
    duplicates: tuple[tuple[Path, Place], ...] = ()
    others: tuple[Place, ...] = ()
    # made when they are first asked for; mypyc makes a property of a cached one
    _places: dict[Path, Place] = field(default_factory=dict, init=False, repr=False, compare=False)
    _key_places: dict[Path, Place] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _split: list[str] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def places(self) -> dict[Path, Place]:
        """The span of every value."""
        if not self._places:
            self._places.update({path: self.span(node) for path, node in self.nodes.items()})
        return self._places

    @property
    def key_places(self) -> dict[Path, Place]:
        """The span of every key, by the path of its value."""
        if not self._key_places:
            self._key_places.update({path: self.span(node) for path, node in self.keys.items()})
        return self._key_places

    def below(self, head: Path) -> Tree:
        """Return what stands at a path as a tree of its own, over the same text."""
        value = at_path(self.value, head)
        end = len(head)
        nodes = {path[end:]: node for path, node in self.nodes.items() if path[:end] == head}
        keys = {path[end:]: node for path, node in self.keys.items() if path[:end] == head != path}
        return Tree(self.path, self.text, value, nodes, keys)

    def entry(self, path: Path) -> Place:
        """Return where a reader should look for a path: a scalar itself, a collection's key.

        The span of a collection that has a key runs from the key to the collection's end.
        """
        node, key = self.nodes[path], self.keys.get(path)
        first = node if key is None or isinstance(node, yaml.ScalarNode) else key
        start = first.start_mark
        return Place(self.path, start.line + 1, start.column + 1, *self._end(node))

    def span(self, node: yaml.Node) -> Place:
        """Return a node's span; blank lines and comments after a block do not belong to it."""
        start, end = node.start_mark, self._end(node)
        return Place(self.path, start.line + 1, start.column + 1, *end)

    def _end(self, node: Any) -> tuple[int, int]:
        while isinstance(node.value, list) and node.value and not node.flow_style:
            last = node.value[-1]
            node = last[1] if isinstance(last, tuple) else last
        if isinstance(node.value, str) and node.style in BLOCK:
            return block_end(node, self._lines)
        return node.end_mark.line + 1, node.end_mark.column + 1

    @property
    def _lines(self) -> list[str]:
        if not self._split:
            self._split.extend(lines_of(self.text))
        return self._split


def parse(text: str | bytes, path: str = "") -> Tree:
    """Read a YAML or JSON document; raise InputError with a sentence and, if known, the line.

    Scalars are read as CloudFormation reads them (YAML 1.1). Aliases and merge keys are
    expanded, within bounds. An empty document has the value None.
    """
    if isinstance(text, bytes):
        text = decode(text, path)
    text = text.removeprefix("\ufeff")
    root, others = compose(text, path)
    builder = _Builder(path)
    if root is None:
        return Tree(path, text, None, {}, {})
    value = builder.build(root, ())
    places = tuple(_place(path, node) for node in others)
    return Tree(path, text, value, builder.nodes, builder.keys, tuple(builder.duplicates), places)


def text_tree(text: str, path: str = "") -> Tree:
    """Return a file of another notation as a tree of one text."""
    lines = lines_of(text)
    start = yaml.Mark(path, 0, 0, 0, None, 0)
    end = yaml.Mark(path, len(text), len(lines) - 1, len(lines[-1]), None, 0)
    return Tree(path, text, text, {(): yaml.ScalarNode(TEXT, text, start, end)}, {})


def _place(path: str, node: yaml.Node) -> Place:
    start, end = node.start_mark, node.end_mark
    return Place(path, start.line + 1, start.column + 1, end.line + 1, end.column + 1)


class _Builder:
    """Nodes to plain values, keeping the node of every path."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.nodes: dict[Path, yaml.Node] = {}
        self.keys: dict[Path, yaml.Node] = {}
        self.duplicates: list[tuple[Path, Place]] = []
        self.seen: set[int] = set()
        self.repeated = 0
        self.open: set[int] = set()  # collections that are being built, to refuse cycles

    def build(self, node: yaml.Node, path: Path) -> Any:
        """Return the value of a node, which stands at ``path`` from now on."""
        self.nodes[path] = node
        tag: str = node.tag
        if tag == TEXT and isinstance(node, yaml.ScalarNode):
            return node.value
        if tag.startswith("!") and len(tag) > 1:
            name = intrinsic(tag)
            return {name: self._argument(name, node, (*path, name))}
        return scalar(node) if isinstance(node, yaml.ScalarNode) else self._collection(node, path)

    def _argument(self, name: str, node: yaml.Node, path: Path) -> Any:
        self.nodes[path] = node
        if isinstance(node, yaml.ScalarNode):
            text: str = node.value  # text, whatever it looks like
            return text.split(".", 1) if name == "Fn::GetAtt" else text
        return self._collection(node, path)

    def _collection(self, node: yaml.Node, path: Path) -> Any:
        if id(node) in self.open:
            raise self._error(node, "an alias stands inside the structure that it names")
        if len(path) > DEEPEST:
            raise too_deep(self.path, node.start_mark.line + 1)
        self._count(node)
        self.open.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            built: Any = [self.build(item, (*path, i)) for i, item in enumerate(node.value)]
        else:
            assert isinstance(node, yaml.MappingNode)
            built = self._mapping(node, path)
        self.open.discard(id(node))
        return built

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        own: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if key_node.tag == MERGE:
                merged = {**self._merge(value_node, path), **merged}
        for key_node, value_node in node.value:
            if key_node.tag == MERGE:
                continue
            key = self._key(key_node)
            below = (*path, key)
            if key in own:
                self._override(below)
            self.keys[below] = key_node
            own[key] = self.build(value_node, below)
        return {**merged, **own} if merged else own

    def _merge(self, node: yaml.Node, path: Path) -> dict[str, Any]:
        """Build what ``<<`` brings in; its nodes stand at the paths they are merged into."""
        sources = node.value if isinstance(node, yaml.SequenceNode) else [node]
        merged: dict[str, Any] = {}
        for source in sources:
            if not isinstance(source, yaml.MappingNode) or id(source) in self.open:
                raise self._error(node, "a merge key (<<) needs a mapping or a list of them")
            merged = {**self._collection(source, path), **merged}
        return merged

    def _key(self, node: yaml.Node) -> str:
        if isinstance(node, yaml.ScalarNode):
            return str(node.value)
        raise self._error(node, "a key must be a plain text, not a structure")

    def _override(self, path: Path) -> None:
        self.duplicates.append((path, _place(self.path, self.keys[path])))
        for known in [self.nodes, self.keys]:
            for below in [known_path for known_path in known if known_path[: len(path)] == path]:
                del known[below]

    def _count(self, node: yaml.Node) -> None:
        """Bound the expansion: a few lines of aliases may stand for billions of nodes."""
        if id(node) in self.seen:
            self.repeated += 1 + len(node.value)
        self.seen.add(id(node))
        if self.repeated > MOST_REPEATED:
            raise self._error(node, "aliases (*name) expand to more than 100,000 values")
        if len(self.nodes) > MOST_NODES:
            raise self._error(node, "the document has more than two million values")

    def _error(self, node: yaml.Node, problem: str) -> InputError:
        line = node.start_mark.line + 1
        return InputError(f"line {line}: {problem}; write it out or split it", self.path, line)


def intrinsic(tag: str) -> str:
    """Return the long name of a short tag: ``!Sub`` is ``Fn::Sub``, ``!Ref`` is ``Ref``."""
    name = tag.lstrip("!")
    return name if name in PLAIN_INTRINSICS or name.startswith("Fn::") else f"Fn::{name}"


def scalar(node: yaml.ScalarNode) -> Any:
    """Return a scalar's value as YAML 1.1 reads it; dates and what fails to convert stay text."""
    kind, value = node.tag.removeprefix(PREFIX), node.value
    if kind in ("bool", "null"):
        return value.lower() in TRUE if kind == "bool" else None
    if kind in ("int", "float") and not ACCOUNT.match(value):
        return _number(kind, value)
    return value


def _number(kind: str, value: str) -> Any:
    bare = value.replace("_", "")
    try:
        if kind == "int":
            return _integer(bare)
        number = float(bare)
    except ValueError:
        return value
    return number if number - number == 0 else value  # infinities are no JSON


def _integer(bare: str) -> int:
    sign = -1 if bare.startswith("-") else 1
    digits = bare.lstrip("+-")
    if ":" in digits:
        total = 0
        for part in digits.split(":"):
            total = total * 60 + int(part)
        return sign * total
    if digits != "0" and digits.startswith("0") and digits.isdigit():
        return sign * int(digits, 8)
    return sign * int(digits, 0)
