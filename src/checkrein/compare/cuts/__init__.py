"""The cheapest cuts: what to take away so that a row could hold no more than it is meant to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from checkrein.compare.cuts.editing import edits_of
from checkrein.compare.cuts.proof import broken, narrower, valued, without
from checkrein.compare.cuts.removable import Removable
from checkrein.compare.cuts.search import MOST, Goal, Limit, Search
from checkrein.compare.cuts.world import NOTHING, Worlds, parts_of
from checkrein.compare.cuts.world import Cut as Keys
from checkrein.compare.scene import Scene
from checkrein.compare.subjects import subject_of
from checkrein.derive.content.contents import UNTRUSTED
from checkrein.derive.content.words import short
from checkrein.errors import UsageError
from checkrein.model import App, Data, Evidence, Row
from checkrein.model.cuts import Cut, Cuts, Kept, Removed, Stays
from checkrein.model.verdicts import Edit
from checkrein.write import CannotEdit

SECONDS = 4.0  # for all sets of one kind
SHOWN = 3  # cuts for each goal
UNVALIDATED = (
    "what callers send unchecked is left out: a request validator keeps it out of functions, and "
    "--data untrusted looks for cuts"
)


class Cutter:
    """Finds cuts for the rows of one app."""

    def __init__(self, read: App, app: App, root: Path, seconds: float = SECONDS) -> None:
        """Take what was read below ``root``, and the ``app`` that was derived from it."""
        self._read, self._app, self._root, self._seconds = read, app, root, seconds
        self._scene = Scene(app)
        self._values = {data.id: data.value for data in app.every(Data)}
        self._worlds = Worlds(read, app, root)

    def cuts(self, word: str, classes: Iterable[str] = ()) -> Cuts:
        """Return the cuts for what a word means, of some classes of data (words too) or all.

        Raises UsageError where a word means nothing, several things, or no row of the table.
        """
        row = self._row(word)
        asked = frozenset(id for each in classes for id in self._classes(each))
        beyond = frozenset(row.potential) - frozenset(row.intended) - frozenset(row.coded)
        parts = parts_of(row.id, row.type)
        wanted = beyond & asked if asked else beyond - {UNTRUSTED}
        excess = self._worlds.after(NOTHING).comes(parts, wanted, NOTHING)
        coded = frozenset(row.coded) - frozenset(row.intended)
        kept, stays = self._kept(row, Goal(parts, excess)) if excess else ((), ())
        return Cuts(
            subject=row.id,
            service=row.service,
            text=self._text(row, excess, asked),
            intended=valued(row.intended, self._values),
            excess=valued(excess, self._values),
            coded=valued(coded & asked if asked else coded, self._values),
            kept=kept,
            stays=stays,
            notes=(UNVALIDATED,) if UNTRUSTED in beyond and not asked else (),
        )

    def _row(self, word: str) -> Row:
        subject = subject_of(self._scene, word)
        row = self._scene.rows.get(subject.id)
        if row is None:
            raise UsageError(f"{word} is no row of the table; give a store, a function or a log")
        return row

    def _classes(self, word: str) -> tuple[str, ...]:
        subject = subject_of(self._scene, word)
        if subject.kind != "data":
            raise UsageError(f"{word} is no class of data; write it as pii.email or pii")
        return subject.ids

    def _text(self, row: Row, excess: frozenset[str], asked: frozenset[str]) -> str:
        name = short(row.id)
        if excess:
            number = "1 class" if len(excess) == 1 else f"{len(excess)} classes"
            return f"{name} could hold {number} of data beyond its intent"
        these = "none of these" if asked else "nothing"
        return f"{name} could hold {these} beyond its intent and what code puts there"

    # --------------------------------------------------------------------------- the goals

    def _kept(self, row: Row, goal: Goal) -> tuple[tuple[Kept, ...], tuple[Stays, ...]]:
        """Return what statements keep out, what it takes triggers for, and what nothing does."""
        plain, switching = Search(self._worlds), Search(self._worlds, switching=True)
        rest = plain.everything(goal)
        stuck = switching.everything(Goal(goal.parts, rest)) if rest else rest
        found: list[Kept] = []
        for search, wanted in ((plain, goal.wanted - rest), (switching, rest - stuck)):
            if wanted:
                found += self._goal(row, search, Goal(goal.parts, wanted))
        reasons = {reason.data: reason.steps for reason in row.reasons}
        stays = (Stays(data, reasons.get(data, ())) for data in valued(stuck, self._values))
        return tuple(found), tuple(stays)

    def _goal(self, row: Row, search: Search, goal: Goal) -> Iterator[Kept]:
        """Yield the cuts for all classes of a goal; else what it takes, and those for some."""
        whole = self._of(row, search, goal)
        yield whole
        if whole.cuts or whole.stopped:
            return
        ones = [Goal(goal.parts, frozenset({data})) for data in whole.data]
        easy = [one for one in ones if search.at_least(one, NOTHING, MOST) <= MOST]
        together = Goal(goal.parts, frozenset().union(*(one.wanted for one in easy)))
        for one in (together, *easy[:1]) if easy and together != goal else easy[:1]:
            some = self._of(row, search, one)
            if some.cuts:
                yield some
                return

    def _of(self, row: Row, search: Search, goal: Goal) -> Kept:
        limit = Limit(self._seconds)
        found = list(search.cuts(goal, limit))
        data = valued(goal.wanted, self._values)
        made = [self._cut(row, search, keys, goal) for keys in found[:SHOWN]]
        kept = Kept(
            data=data,
            cuts=tuple(made),
            switching=search.switching,
            stopped=limit.over,
            looked=limit.looked,
        )
        return kept if found else self._beyond(kept, row, search, goal)

    def _beyond(self, kept: Kept, row: Row, search: Search, goal: Goal) -> Kept:
        """Say how much it takes where four things are not enough."""
        least = search.at_least(goal, NOTHING, most=99)
        some = search.some(goal, Limit(self._seconds))
        enough = self._cut(row, search, some, goal) if some else None
        return Kept(
            data=kept.data,
            switching=kept.switching,
            least=least,
            enough=enough,
            stopped=kept.stopped,
            looked=kept.looked,
        )

    # ---------------------------------------------------------------------------- one cut

    def _cut(self, row: Row, search: Search, keys: Keys, goal: Goal) -> Cut:
        removed = [search.all[key] for key in sorted(keys, key=lambda k: search.all[k].place)]
        after = without(self._read, removed)
        now = next((r for r in after.every(Row) if r.id == row.id), None)
        left = goal.wanted & frozenset(now.potential) if now else frozenset()
        edits, why_not = self._edits(removed)
        return Cut(
            removed=tuple(Removed(each.kind, each.text, each.place) for each in removed),
            proved=not left,
            breaks=tuple(self._breaks(removed, keys)),
            doubts=tuple(sorted(self._worlds.doubts(keys))),
            rows=tuple(id for id in narrower(self._app, after) if id != row.id),
            edits=edits,
            why_not=why_not,
        )

    def _breaks(self, removed: list[Removable], keys: Keys) -> Iterator[Evidence]:
        return broken(self._app, removed, self._worlds.losing(keys))

    def _edits(self, removed: list[Removable]) -> tuple[tuple[Edit, ...], str]:
        try:
            changes = [change for each in removed for change in each.changes]
            return edits_of(self._root, self._app, changes), ""
        except CannotEdit as error:
            return (), str(error)
