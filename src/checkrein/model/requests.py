"""Which requests get to a call: what code has found a request to be, beside the ways in.

A function behind several routes often looks itself which of them was asked for
(``CallSite.request``). Paths are compared from their ends: a stage or a base path may stand before
what a template says.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import takewhile

from checkrein.model.derived import Entry
from checkrein.model.facts import Route

REQUESTED = frozenset({"http", "websocket", "url"})  # kinds of entry that have a method or a route
PREFLIGHT = "OPTIONS "
FORM = "form"  # of an event that has the field by which code tells
FIELD = "field"  # of a GraphQL schema: any way in of the server may be asked for it
SINGLE = frozenset({"method", "path", "resource", "route", "own", FIELD})
EVERY = frozenset({"ANY", "*", ""})
PATHS = 4096  # of which the segments are kept
REST = ("+}", "*")  # how a segment ends that stands for any number of them


def gets_to(
    entry: Entry, requests: Collection[Iterable[str]], routes: Collection[Route] = ()
) -> bool:
    """Tell whether what comes in by an entry can be such a request; true where nobody can tell.

    ``requests`` are what it may be (``CallSite.request``), ``routes`` all that the function's own
    code dispatches.
    """
    if entry.kind not in REQUESTED or not (entry.route or entry.form) or not requests:
        return True
    return any(_is_one(entry, request, routes) for request in requests)


def is_preflight(route: str) -> bool:
    """Tell whether browsers alone ask a route, before the request itself."""
    return route.startswith(PREFLIGHT)


def without_preflights(entries: Iterable[Entry]) -> list[Entry]:
    """Return ways in, less those that browsers alone ask (``OPTIONS``) of functions with others.

    Code answers them before it does anything; to authorize them would break the browser.
    """
    every = list(entries)
    asked = {entry.function for entry in every if not is_preflight(entry.route)}
    return [e for e in every if not (is_preflight(e.route) and e.function in asked)]


def can_come(entry: Entry, requests: Collection[Iterable[str]]) -> bool:
    """Tell whether events of an entry have the fields by which code tells such requests."""
    return not requests or any(_is_formed(entry, request) for request in requests)


def may_be_one(some: Collection[Iterable[str]], others: Collection[Iterable[str]]) -> bool:
    """Tell whether a request may be among some and among others: () are any.

    Of a method, a path or a route of the program's own a request has one.
    """
    if not some or not others:
        return True
    return any(not _is_other(dict(_said(one)), dict(_said(two))) for one in some for two in others)


def _said(request: Iterable[str]) -> Iterator[tuple[str, str]]:
    for said in request:
        field, _, text = said.partition(" ")
        if field in SINGLE:
            yield field, text


def _is_other(one: Mapping[str, str], two: Mapping[str, str]) -> bool:
    return any(one[field] != two[field] for field in one.keys() & two.keys())


def _is_one(entry: Entry, request: Iterable[str], routes: Collection[Route]) -> bool:
    if not _is_formed(entry, request):
        return False
    every = [said.split(" ", 1) for said in request]
    if any(field == "own" and _is_elsewhere(entry, text, routes) for field, text in every):
        return False
    return all(_fits(entry, field, text) for field, text in every)


def _is_formed(entry: Entry, request: Iterable[str]) -> bool:
    forms = {said.removeprefix(FORM).strip() for said in request if said.startswith(f"{FORM} ")}
    return not entry.form or forms <= {entry.form}


def _is_elsewhere(entry: Entry, own: str, routes: Collection[Route]) -> bool:
    """Tell whether a route of the program's own begins otherwise than all that an entry takes.

    ``/guests/{proxy+}`` does not lead to ``/orders``, if the program has routes below ``/guests``:
    then it sees whole paths, and nothing is stripped of them.
    """
    _, _, path = entry.route.partition(" ")
    head = tuple(takewhile(lambda segment: not _is_open(segment), _segments(path)))
    if not head or not any(_segments(route.path)[: len(head)] == head for route in routes):
        return False
    segments = _segments(own)
    rest = any("*" in segment or segment.endswith(REST) for segment in segments)
    pairs = list(zip(head, segments, strict=False))
    return any(one != other and not _is_open(other) for one, other in pairs) or (
        len(pairs) < len(head) and not rest
    )


def _fits(entry: Entry, field: str, text: str) -> bool:
    if entry.kind == "websocket":
        return field != "route" or text == entry.route
    method, _, path = entry.route.partition(" ")
    if not path:
        return True  # $default, and what a function URL takes
    if field in (FIELD, FORM):
        return True
    if field == "route":
        asked, _, text = text.partition(" ")
        return not text or (_takes(method, asked) and _ends_as(path, text))
    if field == "method":
        return _takes(method, text)
    compare = {"below": _is_below, "own": _end_alike}.get(field, _ends_as)
    return compare(path, text)


def _takes(method: str, asked: str) -> bool:
    return method in EVERY or method == asked


def _ends_as(path: str, text: str) -> bool:
    """Tell whether a path, or a template of paths, ends as a route's template says."""
    ours, theirs = _segments(path), _segments(text)
    if any(each.endswith(REST) for each in (*ours[-1:], *theirs[-1:])):
        return True
    pairs = zip(reversed(ours), reversed(theirs), strict=False)
    return len(ours) <= len(theirs) and all(
        one == other or (_is_open(one) and (_is_open(other) or "{" not in text))
        for one, other in pairs
    )


def _end_alike(path: str, text: str) -> bool:
    """Tell whether two templates can be the same but for what stands before the shorter one."""
    ours, theirs = _segments(path), _segments(text)
    if any("*" in each or each.endswith(REST) for each in (*ours[-1:], *theirs)):
        return True
    pairs = zip(reversed(ours), reversed(theirs), strict=False)
    return all(one == other or _is_open(one) or _is_open(other) for one, other in pairs)


def _is_below(path: str, head: str) -> bool:
    """Tell whether a path can begin with a text, or with the end of it."""
    ours, theirs = _segments(path), _segments(head)
    return any(
        all(
            _is_open(one) or one == other or (last and one.startswith(other))
            for one, other, last in _heads(ours, theirs[start:])
        )
        for start in range(len(theirs) or 1)
    )


def _heads(ours: tuple[str, ...], theirs: tuple[str, ...]) -> Iterable[tuple[str, str, bool]]:
    for at, other in enumerate(theirs):
        if at < len(ours):
            yield ours[at], other, at == len(theirs) - 1
            if ours[at].endswith(REST):
                return
        else:
            yield "", other, False


@lru_cache(maxsize=PATHS)
def _segments(path: str) -> tuple[str, ...]:
    return tuple([segment for segment in path.split("/") if segment])


def _is_open(segment: str) -> bool:
    return segment.startswith(("{", ":", "*", "<", "$"))
