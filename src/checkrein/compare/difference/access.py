"""Rights that are new or gone, and the points that tell of them: one for each statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from checkrein.catalog.rights import rights
from checkrein.compare.difference.side import ANYONE, Side, fresh, reach_of, split_right, titles
from checkrein.compare.words import deeds, listed
from checkrein.iam.patterns import WILD
from checkrein.model import Changed, Evidence, Kind, Line
from checkrein.model.difference import Part, Point
from checkrein.model.surface import BUT, covers, includes, parts_of
from checkrein.model.surface import EVERYTHING as ALL
from checkrein.model.values import written

ACTIONS = 3  # named in a point
FACTORS = {
    "read": 1.0, "permission": 0.9, "write": 0.8, "delete": 0.7, "configure": 0.7, "invoke": 0.7,
    "list": 0.1,
}  # fmt: skip
ELSEWHERE, ANYTHING = 3.0, 4.0  # values where no data is known: of one ARN, of "*"
EVERY_ACTION = 1.5  # times the value
OF_AWS = 0.3  # times the value: what a trigger needs anyway
SERVICE = "service:"
COVERED = 0.3  # what is new is covered by a statement that is not
STRANGER, SIGNED_IN = 2.0, 1.5  # times the value: who has the right
LEVELS = {"takeover": 0.6, "influence": 0.3}
ACCOUNT = "@account"
EVERYTHING = 10.0
FREED = " without the limits of before"  # in part of it, or under a condition
OTHERWISE = " in other ways than before"  # under another condition, or another part
FILTER = "filter"
LIMITS = frozenset({FILTER, "network", "policy", "boundary", "assumed"})  # of the owner's own
ACTS_AS = "acts as"
VERBS = {
    "runner": "act with the rights of",
    "identity": "act as",
    "content": "get at all that is in",
    "copy": "copy all that is in",
    "settings": "read the settings of",
    "account": "do anything in",
    "grants": "write the rights of",
    "boundary": "write the boundary of",
    "code": "make act",
}


class Group(NamedTuple):
    """Changed lines that one identity has by one statement."""

    owner: str
    widens: bool
    cause: tuple[Evidence, ...]
    lines: list[Changed]


def points(changed: list[Changed], before: Side, after: Side) -> Iterator[Point]:
    """Tell who may do more, or less, to what."""
    for group in _groups(changed, before, after):
        side, other = (after, before) if group.widens else (before, after)
        yield _rights(group, side, other)
    for each in changed:
        # of what is new or gone itself the rest tells
        if each.kind is Kind.DENIAL and _both_have(before, after, each.owner, each.key):
            yield _denial(each, before, after)
    yield from _gains(changed, before, after)


def _groups(changed: list[Changed], before: Side, after: Side) -> list[Group]:
    """Put together what one statement gives one identity, at home and elsewhere apart."""
    found: dict[tuple[str, bool, tuple[Evidence, ...], bool], Group] = {}
    known = {True: _elsewhere(before), False: _elsewhere(after)}
    for each in changed:
        for widens, line, words in (
            (True, each.after, each.added),
            (False, each.before, each.removed),
        ):
            if each.kind is not Kind.RIGHT or line is None:
                continue
            side, other = (after, before) if widens else (before, after)
            here = bool(split_right(side, each.key)[0])
            wider = [] if here else known[widens][each.owner]
            told = [word for word in words if not _is_within(each.key, word, wider)]
            if told:
                cause = fresh(line.how(told[0]), other)
                group = Group(each.owner, widens, cause, [])
                found.setdefault((each.owner, widens, cause, here), group).lines.append(each)
    return list(found.values())


def _both_have(before: Side, after: Side, owner: str, key: str) -> bool:
    """Tell whether both versions have an owner, and what a key names if it names a node."""
    if (key in before.nodes) != (key in after.nodes):
        return False
    return owner in before.nodes and owner in after.nodes


def _elsewhere(side: Side) -> defaultdict[str, list[Line]]:
    """Return each identity's rights over what is not the app's."""
    found: defaultdict[str, list[Line]] = defaultdict(list)
    for line in side.version.lines:
        if line.kind is Kind.RIGHT and not split_right(side, line.key)[0]:
            found[line.owner].append(line)
    return found


def _is_within(pattern: str, word: str, known: Iterable[Line]) -> bool:
    """Tell whether a wider pattern gives the same action in the other version already."""
    return any(
        pattern != line.key
        and includes(line.key, pattern)
        and any(covers(one, word) for one in line.values)
        for line in known
    )


def _rights(group: Group, side: Side, other: Side) -> Point:
    words = {word: None for e in group.lines for word in (e.added if group.widens else e.removed)}
    targets: defaultdict[str, set[str]] = defaultdict(set)
    for each in group.lines:
        target, right = split_right(side, each.key)
        targets[target or each.key].add(right)
    inside = [target for target in targets if target in side.nodes]
    held_rights = {right for held in targets.values() for right in held} - {""}
    widest = [w for w in words if not any(one != w and covers(one, w) for one in words)]
    named = listed([word.partition(" if ")[0] for word in widest or words], ACTIONS)
    limited = all(each.is_limited(widens=group.widens) for each in group.lines)
    may = "may" if group.widens else "may only within limits" if limited else "may no longer"
    stays = all(_stays(each, widens=group.widens) for each in group.lines)
    if may == "may no longer" and stays:
        may = "may in fewer ways"
    free = (FREED if limited else OTHERWISE if stays else "") if group.widens else ""
    if inside:
        clause = f"{deeds(held_rights)} {side.named(inside)}{free}"
        text = f"{may} {deeds(held_rights)} {side.named(inside)}{free} ({named})"
    else:
        clause = f"call {named} on {listed(sorted(map(written, targets)), 2)}{free}"
        text = f"{may} {clause}"
    held = {data for target in inside for data in side.held(target)}
    return Point(
        mark="+" if group.widens else "-",
        part=Part.ACCESS,
        widens=group.widens,
        weight=_weight(group.owner, targets, list(words), (side, other)),
        subject=group.owner,
        head=_who(group.owner, side),
        text=text,
        note="" if group.owner in other.nodes else "new" if group.widens else "gone",
        data=tuple(side.valuable(held)),
        cause=group.cause,
        also=tuple(sorted(inside)),
        clause=_lets(group.owner, clause, held, side) if group.widens else "",
    )


def _stays(changed: Changed, *, widens: bool) -> bool:
    """Tell whether the actions that are new or gone are in both versions, otherwise conditioned."""
    other, words = (changed.before, changed.added) if widens else (changed.after, changed.removed)
    known = {parts_of(value)[0] for value in (other.values if other else ())}
    return all(parts_of(value)[0] in known for value in words)


def _lets(owner: str, deed: str, held: set[str], side: Side) -> str:
    about = f", which holds {titles(held, side)}" if held else ""
    return f"lets {_who(owner, side)} {deed}{about}"


def _who(owner: str, side: Side) -> str:
    people = side.node(owner).people.strip(",") or ("anyone" if owner.endswith(ANYONE) else "")
    return people or side.called(owner).removeprefix(SERVICE)


def _weight(
    owner: str, targets: Mapping[str, set[str]], words: list[str], sides: tuple[Side, Side]
) -> float:
    side, other = sides
    found = [0.0]
    for target, held in targets.items():
        if target in side.nodes:
            worth = side.worth(side.held(target)) * _newness(owner, target, other)
            found.append(worth * _most(held))
        else:
            base = ANYTHING if target == "*" else ELSEWHERE
            found.append(max(base * _deed(word) for word in words))
    return round(max(found) * _power(owner, side) * 0.9, 2)


def _most(held: Iterable[str]) -> float:
    return max((FACTORS.get(right, 0.5) for right in held), default=0.5)


def _deed(word: str) -> float:
    """Return how much an action matters, whatever it is done to."""
    action = parts_of(word)[0]
    if action == "*" or action.endswith(":*"):
        return EVERY_ACTION
    if WILD.search(action):
        return FACTORS["read"]
    return _most(rights(action)) if rights(action) else FACTORS["list"]


def _power(owner: str, side: Side) -> float:
    people = side.node(owner).people
    if owner.startswith(SERVICE) and not people:
        return OF_AWS
    if not people:
        return reach_of(side, owner)
    return SIGNED_IN if "signed-in" in people else STRANGER


def _denial(changed: Changed, before: Side, after: Side) -> Point:
    side, other = (before, after) if changed.widens else (after, before)
    line = changed.before if changed.widens else changed.after
    line = line or changed.before or changed.after
    assert line
    words = changed.removed if changed.widens else changed.added
    about = side.titled(changed.key) if changed.key in side.nodes else written(changed.key)
    who = _who(changed.owner, side)
    deed = f"denied {listed(words or line.values, ACTIONS)} on {about}"
    if changed.key in LIMITS:
        deed = f"denied {listed(map(written, words or line.values), ACTIONS)} by its {changed.key}"
    text = f"is {'no longer' if changed.widens else 'now'} {deed}"
    clause = f"stops {deed.replace('denied', f'denying {who}', 1)}"
    if changed.key == FILTER and all(word.startswith(BUT) for word in words):
        only = listed((written(word.removeprefix(BUT)) for word in words), ACTIONS)
        text = f"{'no longer ' if changed.widens else ''}hands on only what has {only}"
        clause = f"makes {who} hand on more than what has {only}"
    if changed.key == FILTER and words == (ALL,):
        text = f"is {'no longer' if changed.widens else 'now'} switched off"
        clause = f"switches {who} on"
    other_events = _instead(changed)
    if other_events:
        text = f"lets through {other_events} by its {changed.key}"
        clause = f"makes {who} let through {other_events}"
    worth = side.worth(side.held(changed.key)) or side.worth(side.behind(changed.owner))
    return Point(
        mark="-" if changed.after is None else "+" if changed.before is None else "~",
        part=Part.ACCESS,
        widens=changed.widens,
        weight=round(max(worth, ELSEWHERE) * _power(changed.owner, side) * 0.8, 2),
        subject=changed.owner,
        head=who,
        text=text,
        cause=fresh(line.evidence, other),
        clause=clause if changed.widens else "",
    )


def _instead(changed: Changed) -> str:
    """Say what a limit lets in instead of what it did: ``source orders instead of payments``."""
    if not changed.removed:
        return ""  # it only keeps out more
    old, new = _let_in(changed.before), _let_in(changed.after)
    said = [
        f"{about} {new[about]} instead of {old[about]}"
        for about in new
        if old.get(about, new[about]) != new[about]
    ]
    return listed(map(written, said), ACTIONS) if said else ""


def _let_in(line: Line | None) -> dict[str, str]:
    """Return by field what a limit lets in."""
    words = [
        word.removeprefix(BUT) for word in (line.values if line else ()) if word.startswith(BUT)
    ]
    return dict(word.partition(" ")[::2] for word in words)


def _gains(changed: list[Changed], before: Side, after: Side) -> Iterator[Point]:
    for each in changed:
        if each.kind is not Kind.GAIN:
            continue
        for widens, line, words in (
            (True, each.after, each.added),
            (False, each.before, each.removed),
        ):
            if line is not None and words:
                sides = (after, before) if widens else (before, after)
                yield _gain(each, words, sides, widens=widens)


def _newness(owner: str, target: str, other: Side) -> float:
    """Return less than 1 where only what is gained is new, not who gains it."""
    return COVERED if owner in other.nodes and target not in other.nodes else 1.0


def _gain(
    changed: Changed, words: tuple[str, ...], sides: tuple[Side, Side], *, widens: bool
) -> Point:
    side, other = sides
    level, _, what = ("", "", "identity") if changed.key == ACTS_AS else changed.key.partition(" ")
    line = changed.after if widens else changed.before
    assert line
    values = [
        EVERYTHING
        if word.endswith(ACCOUNT)
        else (side.worth(side.behind(word)) or ELSEWHERE) * _newness(changed.owner, word, other)
        for word in words
    ]
    through = "the whole account" if words[0].endswith(ACCOUNT) else side.named(words)
    deed = f"{VERBS.get(what, what)} {through}"
    can = "can" if widens else "can no longer"
    return Point(
        mark="+" if widens else "-",
        part=Part.ACCESS,
        widens=widens,
        weight=round(max(values) * LEVELS.get(level, 0.5) * _power(changed.owner, side), 2),
        subject=changed.owner,
        head=_who(changed.owner, side),
        text=f"{can} {deed}",
        note=level,
        cause=fresh(line.how(words[0]), other),
        also=tuple(words),
        clause=f"lets {_who(changed.owner, side)} {deed}" if widens else "",
    )
