"""Flows and calls that are new or gone, and the points that tell of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from checkrein.compare.difference.side import Side, fresh, is_outside, split_node, titles
from checkrein.compare.words import listed
from checkrein.derive.content.paths import Tokens, below, tokens
from checkrein.derive.content.words import short
from checkrein.model import Changed, Evidence, Kind, Line
from checkrein.model.difference import Mark, Part, Point
from checkrein.model.values import written

FIELDS = 3  # named in a point
PLAIN, OUT, LOGGED = (
    0.4,
    0.8,
    0.5,
)  # times the value: where it goes; the table tells what is new there
CALLED = 0.15
DETAIL = 0.01  # of a flow that leads to other fields of the same node
AGAIN = 0.02  # where the same goes to the same place already
ARROW = " -> "
UNTOLD = {"?": "something that is not known", "*": "no resource"}
PARTS = {
    "@response": "what it answers",
    "@logs": "its log",
    "@sealed": "passwords",
    "@history": "its history",
    "all": "all",
}


class Group(NamedTuple):
    """What one function, or one piece of wiring, moves to one node."""

    owner: str
    target: str
    widens: bool
    mark: Mark
    fields: list[str]
    classes: set[str]
    cause: tuple[Evidence, ...]


class Asked(NamedTuple):
    """What a function asks of something."""

    owner: str
    key: str
    widens: bool
    words: tuple[str, ...]
    cause: tuple[Evidence, ...]


Sources = defaultdict[tuple[str, str], set[Tokens]]


def points(changed: list[Changed], before: Side, after: Side) -> Iterator[Point]:
    """Tell what moves where that did not, or no longer does."""
    moved = {True: _moved(before), False: _moved(after)}
    still, was = _sources(after), _sources(before)
    other = {True: {each: was[each] & still[each] for each in was}, False: still}
    news = []
    for each in changed:
        new = each.after is not None
        if not _is_part(each, after if new else before, other[new]):
            news.append(each)
    groups = _groups(news, before, after)
    come, gone = ({_name(g) for g in groups if g.widens is widens} for widens in (True, False))
    for group in groups:
        if _name(group) in come & gone:
            if group.widens:
                yield _elsewhere(group, after)
            continue
        known = moved[group.widens][group.owner, group.target]
        yield _flow(group, known, after if group.widens else before)
    yield from _calls(changed, before, after)


def _name(group: Group) -> tuple[str, str, frozenset[str], frozenset[str]]:
    """Return what makes two groups the same to who reads of them: where in the target is not."""
    return group.owner, group.target, frozenset(group.fields), frozenset(group.classes)


def _elsewhere(group: Group, side: Side) -> Point:
    """Tell of what moves to the same node as before, to other fields of it."""
    point = _flow(group, group.classes, side)
    text = f"{point.text}, to other fields than before"
    return replace(
        point, mark="~", weight=DETAIL, text=text, clause=f"{point.clause} by other fields"
    )


def _moved(side: Side) -> defaultdict[tuple[str, str], set[str]]:
    """Return the classes that each owner moves to each node."""
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for line in side.version.lines:
        if line.kind is Kind.FLOW:
            found[line.owner, _target(side, line.owner, line.key)].update(line.values)
    return found


def _sources(side: Side) -> Sources:
    """Return by owner and node what is moved there: the path of each source."""
    found: Sources = defaultdict(set)
    for line in side.version.lines:
        if line.kind is Kind.FLOW:
            source = tokens(line.key.partition(ARROW)[0])
            found[line.owner, _target(side, line.owner, line.key)].add(source)
    return found


def _is_part(changed: Changed, side: Side, known: Mapping[tuple[str, str], set[Tokens]]) -> bool:
    """Tell whether the source is a part of what ``known`` says to be moved to the same node."""
    if changed.kind is not Kind.FLOW or (changed.before and changed.after):
        return False
    target = _target(side, changed.owner, changed.key)
    source = tokens(changed.key.partition(ARROW)[0])
    return any(below(path, source) for path in known.get((changed.owner, target), ()))


def _target(side: Side, owner: str, key: str) -> str:
    """Return the node that a flow leads to; the owner's own parts are told without its name."""
    goal = key.partition(ARROW)[2]
    target, _ = split_node(side, goal)
    part = goal.partition(" ")[0]
    return target or (f"{owner}{part}" if part.startswith("@") else owner)


def _groups(changed: list[Changed], before: Side, after: Side) -> list[Group]:
    found: dict[tuple[str, str, bool, Mark], Group] = {}
    for each in changed:
        if each.kind is not Kind.FLOW:
            continue
        for widens, line, words in (
            (True, each.after, each.added),
            (False, each.before, each.removed),
        ):
            one_sided = each.before is None or each.after is None
            if line is None or not (words or one_sided):
                continue
            _put(found, each, line, (after, before) if widens else (before, after))
    return list(found.values())


def _put(
    found: dict[tuple[str, str, bool, Mark], Group],
    changed: Changed,
    line: Line,
    sides: tuple[Side, Side],
) -> None:
    side, other = sides
    widens = line is changed.after
    mark: Mark = "+" if changed.before is None else "-" if changed.after is None else "~"
    source = changed.key.partition(ARROW)[0]
    target = _target(side, changed.owner, changed.key)
    words = changed.added if widens else changed.removed
    empty = Group(changed.owner, target, widens, mark, [], set(), fresh(line.evidence, other))
    group = found.setdefault((changed.owner, target, widens, mark), empty)
    group.fields.append(_field(side, source))
    group.classes.update(words)


def _field(side: Side, slot: str) -> str:
    part, _, rest = slot.partition(" ")
    if part in PARTS:
        return " ".join(filter(None, (PARTS[part], rest)))
    node, path = split_node(side, slot)
    return " ".join(filter(None, (short(node), path)))


def _flow(group: Group, known: set[str], side: Side) -> Point:
    """Make a point; what moved there by other fields already is a detail."""
    moved = listed(sorted(set(group.fields)), FIELDS)
    about = f" ({titles(group.classes, side)})" if group.classes else ""
    itself, where = group.target == group.owner, side.titled(group.target)
    far = OUT if is_outside(group.target) else PLAIN
    factor = LOGGED if group.target.endswith("@logs") else far
    what = titles(group.classes, side) if group.classes else moved
    verb = ("" if group.widens else "no longer ") + ("takes in" if itself else "moves")
    return Point(
        mark=group.mark,
        part=Part.FLOW,
        widens=group.widens,
        weight=round(
            side.worth(group.classes - known) * factor + side.worth(group.classes) * AGAIN, 2
        ),
        subject=group.owner,
        head=side.titled(group.owner),
        text=f"{verb} {moved}{'' if itself else f' to {where}'}{about}",
        data=tuple(side.valuable(group.classes)),
        cause=group.cause,
        also=(group.target,),
        clause=f"makes {where} take in {what}" if itself else f"moves {what} to {where}",
    )


def _called(key: str, side: Side) -> str:
    return side.titled(key) if key in side.nodes else written(key)


def _calls(changed: Iterable[Changed], before: Side, after: Side) -> Iterator[Point]:
    """Tell of calls, once of what one place asks of any of several."""
    found: dict[object, list[Asked]] = {}
    for each in changed:
        for widens, line, words in (
            (True, each.after, each.added),
            (False, each.before, each.removed),
        ):
            if each.kind is Kind.CALL and line is not None and words:
                cause = fresh(line.how(words[0]), before if widens else after)
                place = cause[0].place if cause else each.key
                asked = Asked(each.owner, each.key, widens, words, cause)
                found.setdefault((each.owner, widens, words, place), []).append(asked)
    for same in found.values():
        yield _call(same, after if same[0].widens else before)


def _call(same: list[Asked], side: Side) -> Point:
    first, keys = same[0], [each.key for each in same]
    named = listed([UNTOLD.get(key) or _called(key, side) for key in keys], FIELDS)
    on = f"any of {named}" if len(keys) > 1 else named
    calls = "calls" if first.widens else "no longer calls"
    worth = max(side.worth(side.held(key)) for key in keys)
    return Point(
        mark="+" if first.widens else "-",
        part=Part.FLOW,
        widens=first.widens,
        weight=round(worth * CALLED, 2),
        subject=first.owner,
        head=side.titled(first.owner),
        text=f"{calls} {listed(first.words, FIELDS)} on {on}",
        cause=first.cause,
        also=tuple(keys),
        clause=f"makes {side.titled(first.owner)} call {listed(first.words, FIELDS)} on {on}",
    )
