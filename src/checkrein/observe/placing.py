"""From sightings to facts: who did what to which node of the app, and the observed cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from msgspec.structs import replace

from checkrein.catalog.operations import actions
from checkrein.catalog.rights import right
from checkrein.model import (
    NOWHERE,
    App,
    Basis,
    Evidence,
    Fact,
    Function,
    Observation,
    Reason,
    Row,
    Unread,
)
from checkrein.observe.cloudtrail import ANYONE
from checkrein.observe.names import Names
from checkrein.observe.sightings import FIRST, Actor, At, Sighting, Tally, told

MOST_LOST = 20  # files of which it is told what was lost
ELSEWHERE = "observed"  # the id of what could not be placed
NOTHING_HERE = "about no resource here"
SEVERAL = "about what could be several resources here"
NAME_IT = "they were passed over; say whose they are: --observed RESOURCE=PATH"
LEFT = {  # why something has no place, and what to make of that
    NOTHING_HERE: "they say nothing of this application",
    SEVERAL: "they were passed over; scan the folder of what is deployed",
}
UNKNOWN = "what happened is not known"
HARMLESS = frozenset({"public", "untrusted"})  # families that nobody looks for


class _What(NamedTuple):
    """All that observations of one thing agree in."""

    kind: str
    node: str
    actor: str
    known: bool
    operation: str
    right: str
    actions: tuple[str, ...]
    data: str
    path: str


def placed(app: App, tally: Tally) -> App:
    """Return the app with what was seen, where a record's names mean one of its resources."""
    place = _Placing(app)
    found = place.observations(tally)
    rows = {row.id: row for row in app.every(Row)}
    told = [*_rows(rows, found)]
    changed = {row.id for row in told}
    kept = (fact for fact in app if not (isinstance(fact, Row) and fact.id in changed))
    return App([*kept, *told, *found, *_lost(tally), *place.elsewhere()])


class _Placing:
    """Finds nodes for sightings, and counts those that have none."""

    def __init__(self, app: App) -> None:
        self._names = Names(app)
        self._functions: dict[str, list[str]] = {}
        for function in app.every(Function):
            self._functions.setdefault(function.identity, []).append(function.id)
        self._nameless = 0
        self._first = ""
        self._left: Counter[tuple[str, str]] = Counter()

    def observations(self, tally: Tally) -> list[Observation]:
        """Return what was seen of the app, one fact for each thing."""
        counts: Counter[_What] = Counter()
        places: dict[_What, list[At]] = {}
        sources: dict[_What, set[str]] = {}
        for sighting, count in sorted(tally.counts.items()):
            what = self._placed(sighting)
            if isinstance(what, str) and sighting.targets in tally.contents:
                continue  # told with all that is of the same unknown thing
            if isinstance(what, str):
                self._left[what, _service(sighting)] += count
                continue
            counts[what] += count
            places.setdefault(what, []).extend(tally.places[sighting])
            sources.setdefault(what, set()).add(sighting.source)
        nameless = [holder for holder in tally.contents if not self._names.find(holder)]
        self._nameless = sum(tally.contents[holder] for holder in nameless)
        self._first = min((tally.files[holder] for holder in nameless), default="")
        return [
            _observation(what, count, sorted(places[what])[:FIRST], sorted(sources[what]))
            for what, count in counts.items()
        ]

    def elsewhere(self) -> Iterator[Unread]:
        """Yield how much was about nothing in the app."""
        for why, effect in LEFT.items():
            left = [
                (of, count) for (reason, of), count in sorted(self._left.items()) if reason == why
            ]
            if left:
                told = ", ".join(f"{service} {count}" for service, count in left)
                total = sum(count for _, count in left)
                number = "1 record is" if total == 1 else f"{total:,} records are"
                reason = f"{number} {why}: {told}"
                yield _unread(f"{ELSEWHERE} {why}", "records", reason, effect)

        if self._nameless:
            several = self._nameless > 1
            number = f"{self._nameless:,} lines or documents are" if several else "1 document is"
            reason = f"{number} of nothing here by content or path, first in {self._first}"
            yield _unread(f"{ELSEWHERE} nameless", "records", reason, NAME_IT)

    def _placed(self, sighting: Sighting) -> _What | str:
        """Return what a sighting is of the app, or why it is nothing of it."""
        nodes = self._names.find(sighting.targets)
        if not nodes:
            return NOTHING_HERE
        who = sighting.actor
        actors = self._names.find(name for name in who.names if name.text != ANYONE)
        if len(nodes) > 1:
            near = {self._names.deployment(actor) for actor in actors}
            nodes = frozenset(id for id in nodes if self._names.deployment(id) in near)
        if len(nodes) != 1:
            return SEVERAL
        (node,) = nodes
        if len(actors) > 1:
            home = self._names.deployment(node)
            near_actors = frozenset(a for a in actors if self._names.deployment(a) == home)
            actors = near_actors or actors
        return self._what(sighting, node, self._actor(who, actors))

    def _what(self, sighting: Sighting, node: str, who: tuple[str, bool]) -> _What:
        actor, known = who
        needed = _actions(sighting)
        return _What(
            kind=sighting.kind,
            node=node,
            actor=actor,
            known=known,
            operation=_asked(sighting),
            right=_right(needed),
            actions=needed,
            data=sighting.data,
            path=sighting.path,
        )

    def _actor(self, actor: Actor, ids: frozenset[str]) -> tuple[str, bool]:
        """Return who did it and whether the app knows them; "" for one of several it knows."""
        if actor.service:
            return told(actor.shown), True
        if not ids:
            return told(actor.shown), False
        if len(ids) > 1:
            return "", True
        (id,) = ids
        acting = self._functions.get(id, [])
        return (acting[0] if len(acting) == 1 else id), True


def _service(sighting: Sighting) -> str:
    return sighting.service or sighting.source


def _asked(sighting: Sighting) -> str:
    known = sighting.service and sighting.operation
    return f"{sighting.service}:{sighting.operation}" if known else ""


def _actions(sighting: Sighting) -> tuple[str, ...]:
    asked = _asked(sighting)
    return actions(sighting.service, sighting.operation) or (asked,) if asked else ()


def _right(needed: tuple[str, ...]) -> str:
    return next(filter(None, map(right, needed)), "")


def _observation(what: _What, count: int, places: Iterable[At], source: list[str]) -> Observation:
    told = " ".join(filter(None, (what.actor, what.operation, what.data, what.path)))
    return Observation(
        id=f"{what.kind} {what.node} {told}",
        evidence=tuple(_seen(count, at, source) for at in islice(places, 1)),
        kind=what.kind,
        node=what.node,
        actor=what.actor,
        known=what.known,
        operation=what.operation,
        right=what.right,
        actions=what.actions,
        data=what.data,
        path=what.path,
        count=count,
        source=tuple(source),
    )


def _seen(count: int, at: At, source: list[str]) -> Evidence:
    """Return the sentence that says where a record stands; no report may show its line."""
    file, line, column = at
    where = f"{file}:{line}" + (f":{column}" if column > 1 else "")
    often = "once" if count == 1 else f"{count} times"
    return Evidence(f"seen {often} ({', '.join(source)}), first at {where}")


def _rows(rows: dict[str, Row], found: Iterable[Observation]) -> Iterator[Row]:
    """Yield the rows of which content was seen, with what was seen."""
    seen: dict[str, dict[str, Evidence]] = {}
    for each in found:
        if each.kind != "content" or each.node not in rows or _family(each.data) in HARMLESS:
            continue
        field = f" in {each.path}" if each.path else ""
        said = Evidence(f"{each.evidence[0].text}{field}")
        seen.setdefault(each.node, {}).setdefault(each.data, said)
    for node, classes in sorted(seen.items()):
        row = rows[node]
        told = [Reason(d, Basis.OBSERVED, "direct", (e,)) for d, e in sorted(classes.items())]
        yield replace(row, observed=tuple(sorted(classes)), seen=tuple(told))


def _family(data: str) -> str:
    return data.partition(".")[0]


def _lost(tally: Tally) -> Iterator[Fact]:
    """Yield what could not be read, file by file."""
    listed = sorted(tally.lost.items())
    for (file, reason), count in listed[:MOST_LOST]:
        often = "" if count == 1 else f" ({count} times)"
        yield _unread(f"{ELSEWHERE}:{file}", file, f"{reason}{often}", "it was passed over")
    if not (listed or tally.records):
        yield _unread(f"{ELSEWHERE}:none", "records", "none are in what was given", UNKNOWN)
    if len(listed) > MOST_LOST:
        reason = f"{len(listed) - MOST_LOST} more files have records that could not be read"
        yield _unread(f"{ELSEWHERE}:more", "records", reason, "these were passed over")


def _unread(id: str, path: str, reason: str, effect: str) -> Unread:
    evidence = (Evidence(reason, NOWHERE),)
    return Unread(id=id, path=path, reason=reason, effect=effect, evidence=evidence, fatal=False)
