"""The text of a document by offsets: lines, columns, and the members of each collection."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TypeAlias

import yaml

from checkrein.model import Edit, Place
from checkrein.model import Path as Keys
from checkrein.notation import Tree
from checkrein.notation.texts import line_starts
from checkrein.write.refusals import CannotEdit

Collection: TypeAlias = yaml.CollectionNode
END_OF_LINE = re.compile(r"[^\r\n]*(\r\n|\n|\r|\Z)")
COLON = re.compile(r"\s*:")
BLOCKS = ("|", ">")
HEADER = re.compile(r"((?:!\S+[ \t]+|&\S+[ \t]+)*[|>]\d?)([+-]?)")
KEPT = re.compile(r"(?:!\S+[ \t]+|&\S+[ \t]+)*[|>]\d?\+")


@dataclass(frozen=True)
class Member:
    """An entry of a mapping or an item of a list: offsets of its start, value and end.

    ``start`` is that of the key or (in block style) the dash; ``mark`` is just behind the colon
    or dash; ``value`` and ``end`` span the value.
    """

    key: str | int
    start: int
    mark: int
    value: int
    end: int


class Layout:
    """Where things stand in one document; every offset counts characters of ``text``."""

    def __init__(self, tree: Tree) -> None:
        self.tree, self.text = tree, tree.text
        self.starts = line_starts(tree.text)

    def members(self, path: Keys, node: Collection) -> list[Member]:
        if isinstance(node, yaml.MappingNode):
            return [
                self._entry(path, key)
                for key, _ in node.value
                if (*path, key.value) in self.tree.keys
            ]
        members: list[Member] = []
        for index, item in enumerate(node.value):
            start, end = self.span(item)
            if node.flow_style:
                members.append(Member(index, start, start, start, end))
                continue
            after = members[-1].end if members else self.span(node)[0]
            dash = self.text.rindex("-", after, start)
            members.append(Member(index, dash, dash + 1, start, end))
        return members

    def _entry(self, path: Keys, key: yaml.Node) -> Member:
        start, key_end = self.span(key)
        colon = COLON.match(self.text, key_end)
        if not colon:
            raise CannotEdit(f"line {key.start_mark.line + 1} of {self.tree.path} has a key apart")
        value, end = self.span(self.tree.nodes[(*path, key.value)])
        return Member(key.value, start, colon.end(), value, end)

    def span(self, node: yaml.Node) -> tuple[int, int]:
        place = self.tree.span(node)
        return self._offset(place.line, place.column), self._offset(
            place.end_line, place.end_column
        )

    def _offset(self, line: int, column: int) -> int:
        return self.starts[line - 1] + column - 1 if line <= len(self.starts) else len(self.text)

    def refuse_shared(self, node: yaml.Node) -> None:
        if self._times[id(node)] > 1:
            line = node.start_mark.line + 1
            raise CannotEdit(f"line {line} of {self.tree.path} is used in several places (anchor)")

    @cached_property
    def _times(self) -> Counter[int]:
        """How many paths lead to a node; a tag's argument is the tagged node itself."""
        return Counter(
            id(node)
            for path, node in self.tree.nodes.items()
            if not path or self.tree.nodes.get(path[:-1]) is not node
        )

    def is_spaced(self, members: list[Member]) -> bool:
        """Tell whether blank lines part most of the entries of a block."""
        gaps = [
            self.text[self.line_end(one.end) : next.start].lstrip(" \t")[:1] in ("\n", "\r")
            for one, next in pairwise(members)
        ]
        return bool(gaps) and sum(gaps) * 2 > len(gaps)

    def after(self, node: Collection, members: list[Member]) -> int:
        """Return where lines may be added behind the last entry of a block."""
        last = _last_text(node)
        if last and KEPT.match(self.text, self.span(last)[0]):
            end = last.end_mark  # blank lines are part of the text
            return self._offset(end.line + 1, end.column + 1)
        return self.line_end(members[-1].end)

    def unended(self, node: Collection) -> Iterator[Edit]:
        """Say of a block of text that ends with the file that it has no line end, nor will have."""
        last = _last_text(node)
        if last is None:
            return
        start, _ = self.span(last)
        header = HEADER.match(self.text, start)
        if header and header[2] != "-":
            yield self.edit(start, header.end(), f"{header[1]}-")

    def begins_line(self, offset: int) -> bool:
        return not self.text[self.line_start(offset) : offset].strip()

    def line_start(self, offset: int) -> int:
        return self.starts[bisect_right(self.starts, offset) - 1]

    def line_end(self, offset: int) -> int:
        found = END_OF_LINE.match(self.text, offset)
        return found.end() if found else len(self.text)

    def column(self, offset: int) -> int:
        return offset - self.line_start(offset)

    def edit(self, start: int, end: int, text: str) -> Edit:
        return Edit(Place(self.tree.path, *self._at(start), *self._at(end)), text)

    def _at(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1


def _last_text(node: yaml.Node) -> yaml.ScalarNode | None:
    """Return the block of text with which a block of entries ends, if it does."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(node, yaml.MappingNode) else last
    return node if isinstance(node, yaml.ScalarNode) and node.style in BLOCKS else None
