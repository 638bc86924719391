"""What belongs together of all that is not in the lock: each change with what follows from it.

One statement that is added makes a right, and lets data come to a dozen services; one line of code
makes a flow, and its function, its table and all who read that hold the data. Each is told once,
where it comes from: ``causes`` gives what is new, by who or what it is told of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from checkrein.checks.exposure import anonymous
from checkrein.checks.locked.comparing import CELLS, current, owners, widened
from checkrein.checks.privilege import holders
from checkrein.checks.questions import LOG, grouped, is_store
from checkrein.checks.worth import worst
from checkrein.model import Access, App, Call, Evidence, Function, Kind, Row
from checkrein.model.asking import of_app
from checkrein.model.surface import Changed, covers

SERVICE, ENTRY, RIGHT, DATA, FLOW, POTENTIAL = (
    "service", "entry", "right", "data", "flow", "potential",
)  # fmt: skip
RIGHTS = frozenset({Kind.RIGHT, Kind.DENIAL, Kind.GAIN})
MOVES = frozenset({Kind.FLOW, Kind.CALL})
FEW = 3  # services with data that nobody knows where from; from more on they are told as one
ARROW = " -> "


class Key(NamedTuple):
    """Of whom something is told, and as what."""

    kind: str
    subject: str


class Cause(Struct, frozen=True):
    """One change: the lines that make it, and those that follow from them."""

    first: tuple[Changed, ...]
    then: tuple[Changed, ...] = ()

    @property
    def lines(self) -> tuple[Changed, ...]:
        return (*self.first, *self.then)


@of_app
def causes(app: App) -> Mapping[Key, Cause]:
    """Return all that is new in an app that has a lock, each line at one place."""
    return _Sorting(app).causes()


def of_kind(app: App, kind: str) -> dict[str, Cause]:
    """Return the causes that are told as one kind of thing, by of whom."""
    return {key.subject: cause for key, cause in causes(app).items() if key.kind == kind}


class _Sorting:
    """New lines on their way to their causes."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._first: defaultdict[Key, list[Changed]] = defaultdict(list)
        self._then: defaultdict[Key, list[Changed]] = defaultdict(list)
        self._at: dict[tuple[str, int], Key] = {}  # where a cause is written
        self._moves: dict[tuple[str, int], str] = {}  # where a new flow is written: its target
        self._homes = dict(_homes(app))
        self._opened: set[str] = set()  # functions with a new way in

    def causes(self) -> dict[Key, Cause]:
        new = widened(self._app)
        cells = [each for each in new if each.kind in CELLS]
        for each in new:
            if each.kind is Kind.ENTRY:
                self._opened.add(each.owner)
            if each.kind is Kind.FLOW:
                self._moves |= dict.fromkeys(_places(each), target_of(each))
        coded = {(c.owner, v) for c in cells if c.kind is Kind.CODED for v in c.added}
        self._coded(cells, coded)
        self._moving((each for each in new if each.kind in MOVES), coded)
        for each in new:
            if each.kind not in CELLS | MOVES:
                self._put(self._of(each), each)
        self._potential([each for each in cells if each.kind is Kind.POTENTIAL])
        return {
            key: Cause((*self._first[key],), (*self._then[key],)) for key in sorted(self._first)
        }

    def _put(self, key: Key, each: Changed) -> None:
        self._first[key].append(each)
        for place in _places(each):
            self._at.setdefault(place, key)

    def _home(self, kind: str, subject: str) -> Key:
        """Return of whom to tell: of a new service all is told at once."""
        home = self._homes.get(subject)
        return Key(SERVICE, home) if home else Key(kind, subject)

    def _of(self, each: Changed) -> Key:
        if each.kind is Kind.ENTRY:
            return self._home(ENTRY, each.owner)
        own = self._homes.get(each.owner)
        over = next((h for t in _about(each) if (h := self._homes.get(t))), None)
        if each.kind in RIGHTS and (own or over):
            return Key(SERVICE, own or over or "")
        return self._entered(each) or self._used(each) or Key(RIGHT, each.owner)

    def _entered(self, each: Changed) -> Key | None:
        """Return the new way in of which a caller's right to invoke is a part."""
        opened = self._opened.intersection(_about(each)) if is_caller(each.owner) else set()
        return Key(ENTRY, min(opened)) if opened else None

    def _used(self, each: Changed) -> Key | None:
        """Return the new code that needs a new right, where all of it is needed."""
        if each.kind is not Kind.RIGHT:
            return None
        target = each.key.rpartition(" ")[0]
        for function in holders(self._app, each.owner):
            for key, lines in self._first.items():
                new = any((one.owner, one.key) == (function, target) for one in lines)
                asked = _asked(self._app, function, target) if new else ()
                if asked and all(any(covers(a, v) for a in asked) for v in each.added):
                    return key
        return None

    def _coded(self, cells: Iterable[Changed], coded: set[tuple[str, str]]) -> None:
        """Put new coded cells where data comes to rest; functions and APIs only pass it on."""
        told = [each for each in cells if each.kind is Kind.CODED]
        for each in sorted(told, key=lambda one: (passes(self._app, one.owner), one.owner)):
            for key, values in self._parted(each, coded).items():
                part = replace(each, added=values)
                if key == self._home(DATA, each.owner):
                    self._put(key, part)
                else:
                    self._then[key].append(part)

    def _parted(self, cell: Changed, coded: set[tuple[str, str]]) -> dict[Key, tuple[str, ...]]:
        found: defaultdict[Key, list[str]] = defaultdict(list)
        for data in cell.added:
            found[self._origin(cell, data, coded)].append(data)
        return {key: (*some,) for key, some in found.items()}

    def _origin(self, cell: Changed, data: str, coded: set[tuple[str, str]]) -> Key:
        """Return where a new coded class of a node is told: at the node, or where it came first."""
        for place in _spots(_how(cell, data)):
            target = self._moves.get(place, cell.owner)
            key = self._home(DATA, target)
            if target != cell.owner and (target, data) in coded and key in self._first:
                return key
        key = self._home(DATA, cell.owner)
        if key.kind != SERVICE and passes(self._app, cell.owner):
            return self._holding(cell.owner, data) or key
        return key

    def _holding(self, owner: str, data: str) -> Key | None:
        """Return a cause in which a class comes to rest, in the deployment of a node."""
        here = deployment(self._app, owner)
        for key, lines in self._first.items():
            for each in lines:
                if data in each.added and deployment(self._app, each.owner) == here:
                    return key
        return None

    def _moving(self, moves: Iterable[Changed], coded: set[tuple[str, str]]) -> None:
        """Put flows with the cells that they make, and calls with the flows of their function."""
        calls = []
        for each in moves:
            if each.kind is Kind.CALL:
                calls.append(each)
                continue
            target = target_of(each)
            key = self._home(DATA, target)
            makes = any((target, data) in coded for data in each.added)
            if not (makes and key in self._first):
                known = (self._holding(each.owner, data) for data in each.added)
                key = next(filter(None, known), self._home(FLOW, each.owner))
            self._put(key, each)
        for each in calls:
            beside = (
                key for key, lines in self._first.items() for one in lines
                if one.kind is Kind.FLOW and (one.owner, target_of(one)) == (each.owner, each.key)
            )  # fmt: skip
            self._put(next(beside, self._home(FLOW, each.owner)), each)

    def _potential(self, cells: Iterable[Changed]) -> None:
        """Put what could come anywhere with the change on its way, else with the same data."""
        left: defaultdict[str, list[Changed]] = defaultdict(list)
        for cell in cells:
            found: defaultdict[Key | None, list[str]] = defaultdict(list)
            for data in cell.added:
                found[self._cause_of(cell, data)].append(data)
            for key, classes in found.items():
                part = replace(cell, added=(*classes,))
                if key is None:
                    left[deployment(self._app, cell.owner)].append(part)
                else:
                    self._then[key].append(part)
        for parts in left.values():
            self._unexplained(parts)

    def _cause_of(self, cell: Changed, data: str) -> Key | None:
        home = self._home(POTENTIAL, cell.owner)
        if home.kind == SERVICE:
            return home if home in self._first else None
        known = (self._at.get(place) for place in _spots(_how(cell, data)))
        return next(filter(None, known), None) or self._holding(cell.owner, data)

    def _unexplained(self, parts: list[Changed]) -> None:
        nodes = {each.owner for each in parts}
        most = worst_cell(self._app, {each.owner: each.added for each in parts})
        for each in parts:
            told = self._home(POTENTIAL, most if len(nodes) > FEW else each.owner)
            (self._first if told.subject == each.owner else self._then)[told].append(each)
            self._first[told].sort(key=lambda one: one.key)


def passes(app: App, node: str) -> bool:
    """Tell whether data only passes a node: a function, an API, a browser."""
    row = app.get(Row, node)
    kept = row is not None and (is_store(row) or row.type in {"host", LOG})
    return row is not None and not kept and not node.startswith("host:")


def is_open(app: App, node: str) -> bool:
    """Tell whether anyone may read what a node holds."""
    over = grouped(app, Access, "target").get(node, [])
    return any(anonymous(access.identity) and access.right == "read" for access in over)


def worst_cell(app: App, found: Mapping[str, Collection[str]]) -> str:
    """Return the node that matters most: whether it is public, its data, whether it keeps them."""

    def rank(node: str) -> tuple[bool, int, bool, int]:
        kept = not passes(app, node)
        return is_open(app, node), worst(app, found[node])[0], kept, len(found[node])

    return max(sorted(found), key=rank, default="")


def _homes(app: App) -> Iterator[tuple[str, str]]:
    """Yield what is new with the new service it belongs to: itself, or a function's role and log."""
    known = owners(app)
    found = {row.id for row in app.every(Row)} | {each.id for each in app.every(Function)}
    new = {node for node in found if node not in known and "@" not in node}
    for line in current(app).values():
        base = line.owner.partition("@")[0]
        if line.owner in new or base in new:
            yield line.owner, base
        elif line.owner not in known and (acting := holders(app, line.owner)) and new >= {*acting}:
            yield line.owner, acting[0]
    yield from ((node, node) for node in new)


def target_of(flow: Changed) -> str:
    """Return the node at which a flow ends; what it says of its own function is within that."""
    end = flow.key.partition(ARROW)[2].split(" ")[0]
    return f"{flow.owner}{end}" if end.startswith("@") else end


def is_caller(identity: str) -> bool:
    """Tell whether an identity is a service or an outsider, whose rights come with ways in."""
    return identity.startswith("service:") or anonymous(identity)


def _asked(app: App, function: str, target: str) -> set[str]:
    """Return the actions that a function's code asks for on a resource."""
    calls = grouped(app, Call, "function").get(function, [])
    return {action for call in calls if call.target == target for action in call.actions}


def _about(each: Changed) -> tuple[str, ...]:
    """Return the resources over which a right is, or what a gain is of."""
    if each.kind is Kind.GAIN:
        return each.added if len(each.added) == 1 else ()
    return (each.key.rpartition(" ")[0],)


def _how(cell: Changed, data: str) -> tuple[Evidence, ...]:
    return cell.after.how(data) if cell.after else ()


def _places(each: Changed) -> set[tuple[str, int]]:
    """Return where that is written which is new in a line."""
    line = each.after
    if line is None:
        return set()
    steps = [step for value in each.added for step in line.how(value)] or list(line.evidence)
    return {(step.place.path, step.place.line) for step in steps if step.place.path}


def _spots(steps: Iterable[Evidence]) -> list[tuple[str, int]]:
    """Return where the steps of a way are written, the last first."""
    return [(step.place.path, step.place.line) for step in reversed([*steps])]


@of_app
def deployment(app: App, node: str) -> str:
    """Return the deployment of a node, "" where several share it or none is known."""
    row = app.get(Row, node)
    return row.deployment if row else ""
