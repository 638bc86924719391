"""The rows of the table by deployment: the one at greatest risk first, copies told once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import NamedTuple

from checkrein.model import App, Deployment, Row, Stack
from checkrein.report.cells import Cells, cells, families, name, says_something
from checkrein.report.wording import listed, many

NAMED = 3  # of several stacks
Told = tuple[str, str, Cells, int]


class Group(NamedTuple):
    """A deployment: its rows, the files that it is read from, and the deployments that repeat it.

    ``rows`` are in the order of a table: the riskiest service first.
    """

    deployment: str
    rows: tuple[Row, ...]
    files: int
    others: tuple[str, ...] = ()  # roots beside the one that names it
    copies: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Its name, or what stands for one where nothing declares it."""
        return self.deployment or "outside"

    @property
    def size(self) -> str:
        """How much it is, in words, and which deployments are the same again."""
        read = f"{many(self.files, 'file')}, " if self.files else ""
        joined = f", with {listed(self.others, NAMED)}" if self.others else ""
        again = f"; the same again in {listed(self.copies, NAMED)}" if self.copies else ""
        return f"{read}{many(len(self.rows), 'row')}{joined}{again}"

    @property
    def risk(self) -> int:
        """The stars of its riskiest row."""
        return max((row.risk for row in self.rows), default=0)


def groups(app: App) -> list[Group]:
    """Return the deployments that have something to tell, without saying the same of two.

    Environments, regions and stages of one application are copies: equal names, equal cells.
    """
    same: defaultdict[frozenset[Told], list[Group]] = defaultdict(list)
    for group in every_group(app):
        if group.rows:
            same[frozenset(_told(group.rows))].append(group)
    return [
        first._replace(copies=tuple(other.deployment for other in others))
        for first, *others in same.values()
    ]


def every_group(app: App) -> list[Group]:
    """Return all deployments, those that repeat others or have nothing to tell too."""
    rows = by_deployment(app)
    joined = {each.id: each.stacks for each in app.every(Deployment)}
    source = {stack.id: stack.source for stack in app.every(Stack)}
    found = []
    for id in {*rows, *joined}:
        stacks = joined.get(id, ())
        files = len({source[stack] for stack in stacks if stack in source})
        found.append(Group(id, tuple(_ordered(rows.get(id, ()))), files, _roots(id, stacks)))
    return sorted(found, key=lambda each: (-each.risk, -len(each.rows), each.deployment))


def _roots(first: str, stacks: tuple[str, ...]) -> tuple[str, ...]:
    """Return the stacks of a deployment that no other nests, but for the one that names it."""
    nested = {stack for stack in stacks if stack.rpartition("/")[0] in stacks}
    return tuple(stack for stack in stacks if stack not in nested and stack != first)


def by_deployment(app: App) -> dict[str, list[Row]]:
    """Return the rows that have something to tell by their deployment."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in app.every(Row):
        if says_something(row):
            found[row.deployment].append(row)
    return found


def _told(rows: Iterable[Row]) -> Iterator[Told]:
    rows = list(rows)
    everything = families(data for row in rows for data in row.coded)
    for row in rows:
        yield row.service, name(row), cells(row, everything), row.risk


def _ordered(rows: Iterable[Row]) -> list[Row]:
    rows = list(rows)
    worst: dict[str, int] = {}
    for row in rows:
        worst[row.service] = max(worst.get(row.service, 0), row.risk)
    return sorted(rows, key=lambda r: (-worst[r.service], r.service, -r.risk, r.id))


def names(rows: Iterable[Row]) -> Mapping[str, str]:
    """Return what tells each row from the others of its service, by id: more where names repeat."""
    rows = list(rows)
    plain = {row.id: name(row) for row in rows}
    often = Counter((row.service, plain[row.id]) for row in rows)
    same = [row for row in rows if plain[row.id] and often[row.service, plain[row.id]] > 1]
    same.sort(key=lambda row: (row.service, plain[row.id]))
    for _, alike in groupby(same, key=lambda row: (row.service, plain[row.id])):
        plain |= _apart([row.id for row in alike], plain)
    return plain


def _apart(ids: list[str], plain: Mapping[str, str]) -> dict[str, str]:
    """Put before a name the first part of its id that tells it from those of the same name."""
    parts = {id: id.split("/")[:-1] for id in ids}
    shared = 0
    while all(len(each) > shared for each in parts.values()) and (
        len({each[shared] for each in parts.values()}) == 1
    ):
        shared += 1
    found = {id: "/".join((*parts[id][shared : shared + 1], plain[id])) for id in ids}
    return found if len(set(found.values())) == len(ids) else {id: id for id in ids}
