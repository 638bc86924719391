"""Flows and calls that are new or gone, and the points that tell of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from checkrein.compare.difference.side import Side, fresh, is_outside, split_node, titles
from checkrein.compare.words import listed
from checkrein.derive.content.paths import Tokens, below, joined, tokens
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
    both = {each: was[each] & still[each] for each in was}
    gone = [each for each in changed if each.after is None]
    less = [each for each in gone if _parts(each, before, still)]
    news = [each for each in gone if each not in less and not _is_part(each, before, still)]
    for each in changed:
        known = was if _is_known(each, after, moved[True]) else both
        if each.after is not None and not _is_part(each, after, known):
            news.append(each)
    groups = _groups(news, before, after)
    come, left = ({_name(g) for g in groups if g.widens is widens} for widens in (True, False))
    for group in groups:
        if _name(group) in come & left:
            if group.widens:
                yield _elsewhere(group, after)
            continue
        side = after if group.widens else before
        yield _flow(group, moved[group.widens][group.owner, group.target], side)
    told = [_less(each, _parts(each, before, still), before, after) for each in less]
    yield from {(each.subject, each.text): each for each in reversed(told)}.values()
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


def _parts(changed: Changed, side: Side, known: Sources) -> list[str]:
    """Return what of a source goes on being moved to the same node, [] where that is all of it."""
    if changed.kind is not Kind.FLOW:
        return []
    whole = tokens(changed.key.partition(ARROW)[0])
    found = known.get((changed.owner, _target(side, changed.owner, changed.key)), set())
    inside = {path for path in found if below(whole, path)}
    return [] if whole in found else sorted(_field(side, joined(path)) for path in inside)


def _less(changed: Changed, parts: list[str], before: Side, after: Side) -> Point:
    """Make the point of what is moved in part only, where all of it was."""
    source, target = changed.key.partition(ARROW)[0], _target(before, changed.owner, changed.key)
    whole, where = _field(before, source), before.titled(target)
    return Point(
        mark="~",
        part=Part.FLOW,
        widens=False,
        weight=round(before.worth(changed.removed) * AGAIN, 2),
        subject=changed.owner,
        head=before.titled(changed.owner),
        text=f"moves only {listed(parts, FIELDS)} of {whole} to {where}",
        data=tuple(before.valuable(changed.removed)),
        cause=fresh(changed.before.evidence if changed.before else (), after),
        also=(target,),
    )


def _is_part(changed: Changed, side: Side, known: Mapping[tuple[str, str], set[Tokens]]) -> bool:
    """Tell whether the source is a part of what ``known`` says to be moved to the same node."""
    if changed.kind is not Kind.FLOW or (changed.before and changed.after):
        return False
    target = _target(side, changed.owner, changed.key)
    source = tokens(changed.key.partition(ARROW)[0])
    return any(below(path, source) for path in known.get((changed.owner, target), ()))


def _is_known(changed: Changed, side: Side, moved: Mapping[tuple[str, str], set[str]]) -> bool:
    """Tell whether all that a new flow carries was moved to the same node before."""
    target = _target(side, changed.owner, changed.key)
    return moved.get((changed.owner, target), set()).issuperset(changed.added)


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


def _widest(fields: Iterable[str]) -> list[str]:
    """Return fields without those that are parts of others."""
    known = set(fields)
    parts = {f for f in known if any(f.startswith((f"{one}.", f"{one}[")) for one in known)}
    return sorted(known - parts)


def _flow(group: Group, known: set[str], side: Side) -> Point:
    """Make a point; what moved there by other fields already is a detail."""
    moved = listed(_widest(group.fields), FIELDS)
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
