"""One version of an app, ready to be compared: cells, who reads what, how things are called."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cached_property

from checkrein.checks.worth import VALUABLE
from checkrein.compare.words import listed
from checkrein.derive.content.words import likeness, short
from checkrein.model import Evidence, Kind
from checkrein.model.difference import Cells, Node, Reach, Recorded
from checkrein.model.values import written

ANYONE, USERS = "@anyone", "@users"
OUTSIDE = ("@recipients", "@host", "@browser")  # rows that are no service of the app
RIGHTS = frozenset({"list", "read", "write", "delete", "configure", "permission", "invoke"})
COMPUTED = frozenset({"@internet"})  # rows that follow from all the others
UNKNOWN = Node()
FEW = 3  # names in a sentence


class Side:
    """A version's lines and nodes by what a comparison asks for."""

    def __init__(self, version: Recorded) -> None:
        self.version = version
        self.nodes = version.nodes
        self.cells = _cells(version)
        self.readers = _readers(version)
        self._targets = _targets(version)
        self._alike: frozenset[str] = frozenset()  # nodes that are called as another is

    def tell_apart(self, ids: Iterable[str]) -> None:
        """Name the template too of those nodes that are called the same."""
        known = set(ids)
        called = Counter((self.node(id).service, short(id)) for id in known)
        self._alike = frozenset(id for id in known if called[self.node(id).service, short(id)] > 1)

    @cached_property
    def said(self) -> frozenset[str]:
        """Every sentence of the version, without its places."""
        return frozenset(
            evidence.text
            for line in self.version.lines
            for steps in (line.evidence, *line.steps)
            for evidence in steps
        )

    def node(self, id: str) -> Node:
        """Return what is known of a node."""
        return self.nodes.get(id, UNKNOWN)

    def worth(self, classes: Iterable[str]) -> int:
        """Return the value of the most valuable class."""
        return max((self.version.values.get(data, 0) for data in classes), default=0)

    def held(self, id: str) -> tuple[str, ...]:
        """Return the classes that a node holds, by intent or code; else those it could."""
        cells = self.cells.get(id)
        if cells is None:
            return ()
        known = {*cells.intended, *cells.coded}
        return tuple(sorted(known or {d for each in cells.potential.values() for d in each}))

    def behind(self, id: str) -> tuple[str, ...]:
        """Return the classes that a node holds, and those of all that it has rights over."""
        ids = (id, *self._targets.get(id, ()))
        return tuple(sorted({data for each in ids for data in self.held(each)}))

    def valuable(self, classes: Iterable[str]) -> list[str]:
        """Return classes, the most valuable first."""
        return sorted(set(classes), key=lambda data: (-self.version.values.get(data, 0), data))

    def called(self, id: str) -> str:
        """Return what people call a node, with its template where several are called the same."""
        if "${" in id:
            return written(id)
        stack = id.partition("@")[0].rpartition("/")[0]
        return f"{short(id)} ({stack})" if id in self._alike and stack else short(id)

    def titled(self, id: str) -> str:
        """Return a node's service and name: ``S3 WebsiteBucket``."""
        node = self.node(id)
        plain = "@" in id or id.startswith("host:") or not node.service
        return self.called(id) if plain else f"{node.service} {self.called(id)}"

    def named(self, ids: Iterable[str], most: int = FEW) -> str:
        """Join nodes for a sentence, by service: ``S3 A, B and DynamoDB C``."""
        known = sorted(set(ids), key=lambda each: (self.node(each).service, each))
        said, before = [], ""
        for id in known:
            service = self.node(id).service
            said.append(self.called(id) if service == before else self.titled(id))
            before = service
        return listed(said, most) if said else ""


def titles(classes: Iterable[str], side: Side, most: int = FEW) -> str:
    """Name classes for a sentence, the most valuable first, cheap ones if there are no others."""
    known = side.valuable(classes)
    worth = [data for data in known if side.worth([data]) >= VALUABLE]
    return listed([likeness(data) for data in worth or known], most)


def fresh(steps: Iterable[Evidence], other: Side) -> tuple[Evidence, ...]:
    """Return the first sentence of a way that the other version could not say.

    Where each single one is true of both, the last that has a place: the nearest.
    """
    told = [step for step in steps if step.place.path]
    return tuple(only(told, other)[:1] or told[-1:])


def only(steps: Iterable[Evidence], other: Side) -> list[Evidence]:
    """Return the sentences with a place that the other version could not say."""
    return [step for step in steps if step.place.path and step.text not in other.said]


def is_outside(id: str) -> bool:
    """Tell whether what comes to a node has left the app."""
    return id.startswith("host:") or id.endswith(OUTSIDE)


def reach_of(side: Side, id: str) -> float:
    """Return how much it matters who can make something happen to a node."""
    reach = side.node(id).reach
    return {Reach.ANYONE: 1.2, Reach.SIGNED_IN: 1.1}.get(reach, 1.0)


def split_right(side: Side, key: str) -> tuple[str, str]:
    """Return the node and the right that a line's key names; ("", "") for what is elsewhere."""
    target, _, right = key.rpartition(" ")
    return (target, right) if right in RIGHTS and target in side.nodes else ("", "")


def split_node(side: Side, text: str) -> tuple[str, str]:
    """Return the node that a text begins with, "" if none, and the rest."""
    end = len(text)
    while end > 0:
        if text[:end] in side.nodes:
            return text[:end], text[end:].strip()
        end = text.rfind(" ", 0, end)
    return "", text


def _cells(version: Recorded) -> dict[str, Cells]:
    found: defaultdict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    levels: defaultdict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for line in version.lines:
        if line.kind in {Kind.INTENDED, Kind.CODED}:
            found[line.owner][line.kind.value] = line.values
        elif line.kind is Kind.POTENTIAL:
            levels[line.owner][line.key] = line.values
    rows = {id for id, node in version.nodes.items() if node.service}
    return {
        id: Cells(
            found[id].get("intended", ()),
            found[id].get("coded", ()),
            levels[id],
            version.nodes.get(id, UNKNOWN).risk,
        )
        for id in sorted({*found, *levels, *rows})
    }


def _targets(version: Recorded) -> dict[str, set[str]]:
    """Return the nodes that each identity has more rights over than to see their settings."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for line in version.lines:
        target, _, right = line.key.rpartition(" ")
        if line.kind is Kind.RIGHT and right in RIGHTS - {"list"}:
            found[line.owner].add(target)
    return found


def _readers(version: Recorded) -> dict[str, set[str]]:
    """Return the people outside who may read a node's content."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for line in version.lines:
        people = version.nodes.get(line.owner, UNKNOWN).people
        if line.kind is Kind.RIGHT and people and line.key.endswith(" read"):
            found[line.key.removesuffix(" read")].add(people.strip(","))
    return found
