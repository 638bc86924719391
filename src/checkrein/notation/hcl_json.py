"""HCL in JSON (``.tf.json``): the same tree, from objects. Texts are templates there."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate
from typing import Any

import yaml

from checkrein.errors import InputError
from checkrein.model.values import Path
from checkrein.notation.hcl import parse_template
from checkrein.notation.hcl_nodes import (
    Attribute,
    Block,
    Body,
    Expression,
    Literal,
    ObjectNode,
    Source,
    TupleNode,
)
from checkrein.notation.tree import Tree, parse

LABELS = {  # how many labels the blocks of a file have
    "terraform": 0,
    "locals": 0,
    "provider": 1,
    "variable": 1,
    "output": 1,
    "module": 1,
    "resource": 2,
    "data": 2,
    "ephemeral": 2,
}
BLOCKS = ("dynamic", "lifecycle", "provisioner", "connection", "statement", "principals")
LABELLED = ("dynamic", "provisioner")


def parse_json(data: bytes, path: str) -> Body:
    """Read a ``.tf.json`` file; raise InputError.

    Blocks inside of resources look like objects there, so only those that have a meaning of
    their own become blocks; others are attributes with an object, or a list of objects.
    """
    tree = parse(data, path)
    if not isinstance(tree.value, dict):
        raise InputError("it is no object, as a file of Terraform in JSON is", path, 1)
    return _Reader(tree).file()


class _Reader:
    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.source = Source(tree.path, tree.text.encode())
        self.wide = [(i, len(c.encode()) - 1) for i, c in enumerate(tree.text) if not c.isascii()]
        self.longer = [0, *accumulate(more for _, more in self.wide)]  # bytes before each

    def file(self) -> Body:
        blocks: list[Block] = []
        for kind, count in LABELS.items():
            if kind in self.tree.value:
                blocks += self._labelled(kind, count, (kind,), ())
        return Body({}, tuple(blocks))

    def _labelled(self, kind: str, left: int, path: Path, labels: tuple[str, ...]) -> list[Block]:
        value = self._at(path)
        if isinstance(value, list):
            return [
                block
                for i in range(len(value))
                for block in self._labelled(kind, left, (*path, i), labels)
            ]
        if not isinstance(value, dict):
            return []
        if left:
            return [
                block
                for name in value
                if name != "//"
                for block in self._labelled(kind, left - 1, (*path, name), (*labels, name))
            ]
        return [self._block(kind, labels, path)]

    def _block(self, kind: str, labels: tuple[str, ...], path: Path) -> Block:
        start, end = self._span(path)
        key = self.tree.keys.get(path)
        if key is not None:
            start = self._offset(key.start_mark)
        header_end = self._offset(key.end_mark) if key is not None else start
        return Block(kind, labels, self._body(path), self.source, start, header_end, end)

    def _body(self, path: Path) -> Body:
        attributes: dict[str, Attribute] = {}
        blocks: list[Block] = []
        for name in self._at(path):
            below = (*path, name)
            if name == "//":
                continue
            if name in BLOCKS and isinstance(self._at(below), (dict, list)):
                blocks += self._labelled(name, int(name in LABELLED), below, ())
                continue
            key, end = self.tree.keys[below], self._span(below)[1]
            first, key_end = self._offset(key.start_mark), self._offset(key.end_mark)
            value = self._expression(below)
            attributes[name] = Attribute(name, value, self.source, first, key_end, end)
        return Body(attributes, tuple(blocks))

    def _expression(self, path: Path) -> Expression:
        value = self._at(path)
        start, end = self._span(path)
        if isinstance(value, str):
            return self._text(value, start, end)
        if isinstance(value, dict):
            items = tuple(
                (Literal(*self._span((*path, key)), key), self._expression((*path, key)))
                for key in value
                if key != "//"
            )
            return ObjectNode(start, end, self.source, items)
        if isinstance(value, list):
            parts = tuple(self._expression((*path, i)) for i in range(len(value)))
            return TupleNode(start, end, self.source, parts)
        return Literal(start, end, value)

    def _text(self, value: str, start: int, end: int) -> Expression:
        if "${" not in value and "%{" not in value:
            return Literal(start, end, value)
        return parse_template(value, self.tree.path)

    def _at(self, path: Path) -> Any:
        found = self.tree.value
        for key in path:
            found = found[key]
        return found

    def _span(self, path: Path) -> tuple[int, int]:
        node = self.tree.nodes[path]
        return self._offset(node.start_mark), self._offset(node.end_mark)

    def _offset(self, mark: yaml.Mark) -> int:
        index = int(mark.index)
        return index + self.longer[bisect_left(self.wide, (index, 0))]
