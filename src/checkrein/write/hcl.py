"""Changes to what stands in Terraform's files, as edits at the spans of expressions.

Only what an expression says by itself is written: an item is taken out of a list, a literal or a
list becomes another. What a variable, a loop or a function gives is not.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from checkrein.errors import InputError
from checkrein.model import App, Change, Edit, Place, Resource
from checkrein.model.values import Symbol, Text
from checkrein.notation.hcl import parse_hcl
from checkrein.notation.hcl_nodes import Expression, Literal, TupleNode
from checkrein.notation.texts import line_starts
from checkrein.write.refusals import CannotEdit

ATTRIBUTE = re.compile(r"[\w-]+\s*=(?!=)")
NAMED = "x = "
WIDEST = 100  # columns, beyond which a list stands on several lines
REFERRED = {"Arn": "arn"}  # attributes that every resource of Terraform has under one name
SET = "set"
Span = tuple[str, int, int]
Lookup = Callable[[str], str]  # a file's text by its path


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


def hcl_edits(changes: Iterable[Change], app: App, text_of: Lookup) -> list[Edit]:
    """Return the edits that make changes; raise CannotEdit where one of them cannot be made."""
    lists: dict[Span, tuple[Written, set[int]]] = {}
    new: dict[Span, str] = {}
    for change in changes:
        resource = next(iter(app.alternatives(Resource, change.resource)), None)
        if resource is None or change.operation != SET:
            raise CannotEdit("checkrein does not write Terraform there")
        found = _expression(resource, change, text_of)
        items = _without(found, resource.value(change.path), change.value)
        if items:
            lists.setdefault(found.span, (found, set()))[1].update(items)
            continue
        told = _rendered(found, resource, change, text_of)
        if new.setdefault(found.span, told) != told:
            raise CannotEdit(f"two fixes want different values at {_told(resource, change)}")
    if lists.keys() & new.keys():
        raise CannotEdit("two fixes want different values of one list")
    made = [edit for found, gone in lists.values() for edit in _taken(found, gone, text_of)]
    for (path, start, end), told in new.items():
        made.append(_edit(text_of(path), path, start, end, told))
    return made


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
    start, end = (
        _offset(text, place.line, place.column),
        _offset(text, place.end_line, place.end_column),
    )
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
    if not isinstance(found.node, TupleNode) or not isinstance(new, (list, tuple)):
        return set()
    said = [each.value if isinstance(each, Literal) else None for each in found.node.items]
    kept = list(old) if isinstance(old, list) else [old]
    if kept != said or not set(map(str, new)) < set(map(str, said)):
        return set()
    return {number for number, item in enumerate(said) if item not in new}


def _taken(found: Written, gone: set[int], text_of: Lookup) -> Iterator[Edit]:
    """Yield the edits that take items out of a list: whole lines where they stand alone."""
    assert isinstance(found.node, TupleNode)
    text, items = text_of(found.path), found.node.items
    if len(gone) == len(items):
        raise CannotEdit(f"nothing would be left of a list in {found.path}")
    spans = [(found.base + item.start, found.base + item.end) for item in items]
    for number in sorted(gone):
        start, end = spans[number]
        line_start, line_end = text.rfind("\n", 0, start) + 1, text.find("\n", end)
        alone = not text[line_start:start].strip() and text[end:line_end].strip() in ("", ",")
        if alone and line_end >= 0:
            yield _edit(text, found.path, line_start, line_end + 1, "")
        elif any(after not in gone for after in range(number + 1, len(items))):
            yield _edit(text, found.path, start, spans[number + 1][0], "")
        else:
            before = max(each for each in range(number) if each not in gone)
            first = spans[before][1] if before == number - 1 else spans[number - 1][1]
            yield _edit(text, found.path, first, end, "")


def _edit(text: str, path: str, start: int, end: int, new: str) -> Edit:
    starts = line_starts(text)
    return Edit(Place(path, *_position(starts, start), *_position(starts, end)), new)


def _position(starts: list[int], offset: int) -> tuple[int, int]:
    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1


# --------------------------------------------------------------------------------- replacing


def _rendered(found: Written, resource: Resource, change: Change, text_of: Lookup) -> str:
    """Return a new value as HCL; raise CannotEdit where it stands for more than itself."""
    old = resource.value(change.path)
    said = _value(found.node)
    same = said == (
        old if isinstance(found.node, Literal) else [*old] if isinstance(old, list) else [old]
    )
    if not same:
        where = _told(resource, change)
        raise CannotEdit(f"checkrein does not write Terraform there: change {where}")
    items = change.value if isinstance(change.value, (list, tuple)) else [change.value]
    parts = [_literal(item, resource, change) for item in items]
    if not isinstance(change.value, (list, tuple)) and isinstance(found.node, Literal):
        return parts[0]
    line = text_of(found.path).rfind("\n", 0, found.start) + 1
    flat = f"[{', '.join(parts)}]"
    if found.start - line + len(flat) <= WIDEST:
        return flat
    text = text_of(found.path)[line:]
    indent = text[: len(text) - len(text.lstrip(" "))]
    return "[\n" + "".join(f"{indent}  {part},\n" for part in parts) + f"{indent}]"


def _value(node: Expression) -> Any:
    if isinstance(node, TupleNode):
        return [each.value if isinstance(each, Literal) else None for each in node.items]
    return node.value if isinstance(node, Literal) else None


def _literal(value: Any, resource: Resource, change: Change) -> str:
    if isinstance(value, (str, bool, int, float)) and "${" not in str(value):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Symbol):
        return _reference(value, resource, change)
    parts = value.parts if isinstance(value, Text) else (value,)
    if any(not isinstance(part, (str, Symbol)) for part in parts):
        where = _told(resource, change)
        raise CannotEdit(f"checkrein cannot write {value} in Terraform: change {where}")
    told = (
        f"${{{_reference(part, resource, change)}}}" if isinstance(part, Symbol) else str(part)
        for part in parts
    )
    return f'"{"".join(told)}"'


def _reference(symbol: Symbol, resource: Resource, change: Change) -> str:
    """Return a reference within the root module; resources of modules have no name outside."""
    stack, _, address = symbol.owner.rpartition("/")
    attribute = REFERRED.get(symbol.attribute)
    inside = "module." in address or "module." in resource.name
    if stack != resource.stack or attribute is None or inside or "[" in address:
        raise CannotEdit(
            f"checkrein cannot write {symbol} in Terraform: change {_told(resource, change)}"
        )
    return f"{address}.{attribute}"
