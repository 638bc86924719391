"""Changes to what stands in Terraform's files, as edits at the spans of expressions.

Only what an expression says by itself is written: an item is taken out of a list, a literal or a
list becomes another. What a variable, a loop or a function gives is not.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any, NamedTuple

from checkrein.errors import InputError
from checkrein.model import App, Change, Edit, Place, Resource
from checkrein.model.values import Open, Symbol, Text
from checkrein.notation.hcl import parse_hcl
from checkrein.notation.hcl_nodes import Expression, Literal, TupleNode
from checkrein.notation.texts import line_starts
from checkrein.write.refusals import CannotEdit

ATTRIBUTE = re.compile(r"[\w-]+\s*=(?!=)")
COMMA = re.compile(r"\s*,")
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
            for start, end in _parts(text, spans, list(run)):
                yield _edit(text, found.path, start, end, "")


def _parts(text: str, spans: list[tuple[int, int]], run: list[int]) -> list[tuple[int, int]]:
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
    """Return the lines of what stands on them alone, None where it does not."""
    begin, after = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    alone = not text[begin:start].strip() and text[end:after].strip() in ("", ",")
    return (begin, after + 1) if alone and after >= 0 else None


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
    if _value(found.node) != (old if isinstance(found.node, Literal) else _listed(old)):
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


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]


def _value(node: Expression) -> Any:
    if isinstance(node, TupleNode):
        return [each.value if isinstance(each, Literal) else None for each in node.items]
    return node.value if isinstance(node, Literal) else None


def _literal(value: Any, resource: Resource, change: Change) -> str:
    if isinstance(value, (bool, int, float)):
        return json.dumps(value)
    if isinstance(value, Symbol):
        return _reference(value, resource, change)
    parts = value.parts if isinstance(value, Text) else (value,)
    if any(not isinstance(part, (str, Symbol)) for part in parts):
        where = _told(resource, change)
        raise CannotEdit(f"checkrein cannot write {value} in Terraform: change {where}")
    told = (
        f"${{{_reference(part, resource, change)}}}" if isinstance(part, Symbol) else _plain(part)
        for part in parts
    )
    return f'"{"".join(told)}"'


def _plain(text: str | Open) -> str:
    """Return a text as it stands between quotes, where ``${`` and ``%{`` begin a template."""
    escaped = json.dumps(str(text), ensure_ascii=False)[1:-1]
    return escaped.replace("${", "$${").replace("%{", "%%{")


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
