"""Changes to what one expression says: an item is taken out of a list, a literal becomes another.

What a variable, a loop or a function gives is not written over.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any, NamedTuple

from checkrein.errors import InputError
from checkrein.model import Change, Edit, Place, Resource
from checkrein.model.values import Symbol
from checkrein.notation.hcl import parse_hcl
from checkrein.notation.hcl_nodes import Expression, Literal, TupleNode
from checkrein.notation.texts import line_starts
from checkrein.write.refusals import CannotEdit
from checkrein.write.terraform.rendering import WIDEST, rendered
from checkrein.write.terraform.scene import Lookup

ATTRIBUTE = re.compile(r"[\w-]+\s*=(?!=)")
COMMA = re.compile(r"\s*,")
REST = re.compile(r"\s*,?\s*((#|//).*|/\*.*\*/\s*)?")  # of an item's line: it goes with the item
NAMED = "x = "
Span = tuple[str, int, int]


class Written(NamedTuple):
    """An expression in a file: its text's span, and what it is."""

    path: str
    start: int
    end: int
    node: Expression
    base: int  # where the text begins that the node's bytes count from

    @property
    def span(self) -> Span:
        """What tells it from others, however often it is read."""
        return self.path, self.start, self.end


class Literals:
    """Gathers changes of literals and lists."""

    def __init__(self, text_of: Lookup, refer: Callable[[Symbol, Resource], str]) -> None:
        """``refer`` says a symbol as an expression, beside a resource."""
        self._text_of, self._refer = text_of, refer
        self._lists: dict[Span, tuple[Written, set[int]]] = {}
        self._new: dict[Span, str] = {}

    def add(self, change: Change, resource: Resource) -> None:
        """Note a change; raise CannotEdit where no literal or list says what it is about."""
        found = _expression(resource, change, self._text_of)
        items = _without(found, resource.value(change.path), change.value)
        if items:
            self._lists.setdefault(found.span, (found, set()))[1].update(items)
        else:
            told = self._rendered(found, resource, change)
            if self._new.setdefault(found.span, told) != told:
                where = _told(resource, change)
                raise CannotEdit(f"two fixes want different values at {where}")
        if self._lists.keys() & self._new.keys():
            raise CannotEdit("two fixes want different values of one list")

    def edits(self) -> list[Edit]:
        """Return all of it as edits."""
        lists = self._lists.values()
        made = [edit for found, gone in lists for edit in _taken(found, gone, self._text_of)]
        for (path, start, end), told in self._new.items():
            made.append(_edit(self._text_of(path), path, start, end, told))
        return made

    def _rendered(self, found: Written, resource: Resource, change: Change) -> str:
        """Return a new value as HCL; raise CannotEdit where it stands for more than itself."""
        old = resource.value(change.path)
        if _value(found.node) != (old if isinstance(found.node, Literal) else _listed(old)):
            where = _told(resource, change)
            raise CannotEdit(f"checkrein does not write Terraform there: change {where}")
        items = change.value if isinstance(change.value, (list, tuple)) else [change.value]
        parts = [rendered(item, lambda symbol: self._refer(symbol, resource)) for item in items]
        if not isinstance(change.value, (list, tuple)) and isinstance(found.node, Literal):
            return parts[0]
        line = self._text_of(found.path).rfind("\n", 0, found.start) + 1
        flat = f"[{', '.join(parts)}]"
        if found.start - line + len(flat) <= WIDEST:
            return flat
        text = self._text_of(found.path)[line:]
        indent = text[: len(text) - len(text.lstrip(" "))]
        return "[\n" + "".join(f"{indent}  {part},\n" for part in parts) + f"{indent}]"


def _told(resource: Resource, change: Change) -> str:
    place = resource.where(change.path)
    return f"{place.path}, line {place.line}"


def _expression(resource: Resource, change: Change, text_of: Lookup) -> Written:
    """Return what says a property, where one expression says all of it."""
    where = CannotEdit(
        f"checkrein does not write Terraform there: change {_told(resource, change)}"
    )
    place = resource.places.get(change.path)
    if place is None:
        raise where
    text = text_of(place.path)
    start = _offset(text, place.line, place.column)
    end = _offset(text, place.end_line, place.end_column)
    head = "" if ATTRIBUTE.match(text, start, end) else NAMED
    try:
        body = parse_hcl((head + text[start:end]).encode(), place.path)
    except InputError:
        raise where from None
    attributes = list(body.attributes.values())
    if (
        body.faults
        or len(attributes) != 1
        or not isinstance(attributes[0].value, (Literal, TupleNode))
    ):
        raise where
    node, base = attributes[0].value, start - len(head)
    if not text[start:end].isascii():
        raise where
    return Written(place.path, base + node.start, base + node.end, node, base)


def _offset(text: str, line: int, column: int) -> int:
    return line_starts(text)[line - 1] + column - 1


# ---------------------------------------------------------------------------------- removing


def _without(found: Written, old: Any, new: Any) -> set[int]:
    """Return which items of a list are gone in the new value, empty where it has others."""
    said = _value(found.node)
    if not isinstance(said, list) or not isinstance(new, (list, tuple)) or said != _listed(old):
        return set()
    if not set(map(str, new)) < set(map(str, said)):
        return set()
    return {number for number, item in enumerate(said) if item not in new}


def _taken(found: Written, gone: set[int], text_of: Lookup) -> Iterator[Edit]:
    """Yield the edits that take items out of a list, each run of neighbours by itself."""
    assert isinstance(found.node, TupleNode)
    text, items = text_of(found.path), found.node.items
    if len(gone) == len(items):
        raise CannotEdit(f"nothing would be left of a list in {found.path}")
    spans = [(found.base + item.start, found.base + item.end) for item in items]
    for is_gone, run in groupby(range(len(items)), gone.__contains__):
        if is_gone:
            for start, end in parts(text, spans, list(run)):
                yield _edit(text, found.path, start, end, "")


def parts(text: str, spans: list[tuple[int, int]], run: list[int]) -> list[tuple[int, int]]:
    """Return what goes with a run of items, so that comments of those that are left stay.

    Their lines, where each has its own; else up to the neighbour that stands on the same line.
    """
    lines = [_own_line(text, *spans[number]) for number in run]
    whole = [line for line in lines if line]
    if len(whole) == len(run):
        return whole
    (start, _), (_, end) = spans[run[0]], spans[run[-1]]
    after = spans[run[-1] + 1][0] if run[-1] + 1 < len(spans) else None
    if after is not None and "\n" not in text[end:after]:
        return [(start, after)]
    before = spans[run[0] - 1][1] if run[0] else None
    if before is not None and "\n" not in text[before:start]:
        return [(before, end)]
    comma = COMMA.match(text, end)
    return [_own_line(text, start, end) or (start, comma.end() if comma else end)]


def _own_line(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the lines of what stands on them alone but for its comment, None where it does not."""
    begin, after = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    alone = not text[begin:start].strip() and REST.fullmatch(text[end:after].rstrip("\r"))
    return (begin, after + 1) if alone and after >= 0 else None


def _edit(text: str, path: str, start: int, end: int, new: str) -> Edit:
    starts = line_starts(text)
    return Edit(Place(path, *_position(starts, start), *_position(starts, end)), new)


def _position(starts: list[int], offset: int) -> tuple[int, int]:
    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1


# --------------------------------------------------------------------------------- replacing


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]


def _value(node: Expression) -> Any:
    if isinstance(node, TupleNode):
        return [each.value if isinstance(each, Literal) else None for each in node.items]
    return node.value if isinstance(node, Literal) else None
