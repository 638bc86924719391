"""Requests with several entries that each name where they go: such a request for each entry.

``TransactWriteItems`` puts each of its items into the table that stands beside the item,
``BatchWriteItem`` into the table that is the items' key.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from checkrein.catalog.operations import addressed
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.arms import BREADTH
from checkrein.code.domain.things import Structure
from checkrein.code.domain.values import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterator

LIST, MAP = "[].", "{}"


@lru_cache(maxsize=1024)
def member(service: str, operation: str) -> str:
    """Return the member of a request whose entries name where they go, "" if there is none."""
    paths = [rule.path for rule in addressed(service, operation)]
    listed = (head for head, several, _ in (p.partition(LIST) for p in paths) if several)
    keyed = (path.removesuffix(MAP) for path in paths if path.endswith(MAP))
    return next((head for head in (*listed, *keyed) if "." not in head), "")


def apart(parameters: Abstract, name: str) -> list[Abstract]:
    """Return a request once for each entry of its member ``name``; as it is if there is but one."""
    if parameters.arms is not None:
        ways = [value for _, value in parameters.arms.values]
        ways += [] if parameters.arms.rest is None else [parameters.arms.rest]
        every = [one for way in ways for one in apart(way, name)]
        return every if len(every) <= BREADTH else [parameters]
    found: list[Abstract] = []
    for whole in parameters.things:
        if not isinstance(whole, Structure) or name not in whole.fields:
            return [parameters]
        rest: list[Abstract] = []
        every = list(_entries(whole.fields[name], rest))
        if len(every) < 2:  # noqa: PLR2004 - what else there may be is the one entry again
            return [parameters]
        found += [_with(whole, name, entry) for entry in (*every, *filter(None, rest))]
    others = Abstract(parameters.atoms, (), parameters.sources, parameters.open)
    found += [others] if others and found else []
    return found if 1 < len(found) <= BREADTH else [parameters]


def answers(value: Abstract) -> list[Abstract]:
    """Return the answers that one of several is, each by itself; what else it is counts as one."""
    whole = [one for one in value.things if isinstance(one, Structure)]
    if value.arms or len(whole) < 2 or len(whole) > BREADTH:  # noqa: PLR2004 - one answer
        return [value]
    others = tuple(one for one in value.things if not isinstance(one, Structure))
    rest = Abstract(value.atoms, others, value.sources, value.open)
    return [*(Abstract(things=(one,)) for one in whole), *([rest] if rest else [])]


def _entries(listed: Abstract, rest: list[Abstract]) -> Iterator[Abstract]:
    """Yield what a list or map holds, one by one; add to ``rest`` what may hold any entry."""
    rest.append(Abstract(listed.atoms, (), listed.sources, listed.open))
    for one in listed.things:
        if not isinstance(one, Structure):
            rest.append(Abstract(things=(one,)))
            continue
        rest.append(one.remainder())
        if one.kind == "list":
            for held in (*one.fields.values(), one.element):
                yield from (_holding("list", {"0": part}) for part in _single(held))
        else:
            yield from (_holding(one.kind, {name: held}) for name, held in one.fields.items())
            unnamed = _holding(one.kind, {}, one.keys, one.element)
            yield from [unnamed] if one.keys or one.element else []


def _single(held: Abstract) -> Iterator[Abstract]:
    yield from (Abstract(things=(one,)) for one in held.things)
    rest = Abstract(held.atoms, (), held.sources, held.open)
    if rest:
        yield rest


def _holding(
    kind: str, fields: dict[str, Abstract], keys: Abstract = NOTHING, element: Abstract = NOTHING
) -> Abstract:
    made = Structure(kind, fields, element)
    made.keys = keys
    return Abstract(things=(made,))


def _with(whole: Structure, name: str, entry: Abstract) -> Abstract:
    made = Structure(whole.kind, {**whole.fields, name: entry}, whole.element)
    made.keys, made.rest = whole.keys, whole.rest
    return Abstract(things=(made,))
