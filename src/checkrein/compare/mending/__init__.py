"""Fixes of many findings at once, round by round, each proved by reading and judging again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from msgspec.structs import replace

from checkrein.compare.mending.proof import Blame, faults
from checkrein.compare.mending.shared import Shared
from checkrein.compare.mending.wishes import Asked, wishes
from checkrein.model import Change, Edit
from checkrein.model.mended import Mend, Mended, Why
from checkrein.model.result import Result
from checkrein.notation import decode, splice
from checkrein.write import CannotEdit, edits, settle
from checkrein.write.edits import contradiction, files_of

Rejudge = Callable[[Mapping[str, str]], Result]
TRIES = 60  # readings of the whole app, after which what is left is left
AGAIN = 8  # equal findings one after the other: where one of a list goes, the next moves up
ALL = 1_000_000


class Mender:
    """Mends an app: makes all fixes that go together, proves them, and goes on with the result.

    What the proof refuses is tried again in smaller batches, down to each fix alone.
    """

    def __init__(self, before: Result, asked: Asked, rejudge: Rejudge) -> None:
        """``rejudge`` returns the result of a scan with other texts in some templates."""
        self._before, self._now = before, before
        self._asked, self._rejudge = asked, rejudge
        self._read: dict[str, bytes] = {}
        self._texts: dict[str, str] = {}
        self._done: list[Mend] = []
        self._times: Counter[str] = Counter()  # mended, by fingerprint as what follows
        self._refused: dict[str, tuple[Why, str]] = {}
        self._limits: dict[str, int] = {}  # how many may be tried with it

    def mended(self) -> Mended:
        """Apply what can be applied, and return all that happened."""
        tries = 0
        while tries < TRIES and (open := self._open()):
            batch = self._batch(open)
            if batch:  # else none of them can be written, which is known now
                self._try(batch)
                tries += 1
        left = (self._explained(mend) for mend in wishes(self._now, self._asked))
        changed = {path: (self._read[path], text) for path, text in sorted(self._texts.items())}
        return Mended(self._before, self._now, tuple(self._done), tuple(left), changed)

    def _explained(self, mend: Mend) -> Mend:
        late = (Why.REFUSED, "not tried: too many fixes stand in each other's way")
        why, reason = self._refused.get(mend.finding.fingerprint, late)
        return mend if mend.why else replace(mend, why=why, reason=reason)

    # ------------------------------------------------------------------------------ choosing

    def _open(self) -> list[Mend]:
        return [mend for mend in wishes(self._now, self._asked) if self._is_open(mend)]

    def _batch(self, open: list[Mend]) -> list[Mend]:
        """Return the fixes to try next, their changes where they belong, that go together."""
        shared = Shared(self._now.app, self._root, self._texts, open)
        placed = [found for mend in open if (found := self._placed(mend, shared))]
        limits = [self._limit(mend) for mend in placed]
        widest = max(limits, default=0)
        same = [m for m, limit in zip(placed, limits, strict=True) if limit == widest][:widest]
        batch: list[Mend] = []
        for together in _by_file(same):
            batch += self._compatible(together)
        return batch

    def _is_open(self, mend: Mend) -> bool:
        id = mend.finding.fingerprint
        if self._times[id] > AGAIN:
            self._refused[id] = (Why.REFUSED, "it was mended, and another fix brings it back")
        return mend.why is None and id not in self._refused

    def _limit(self, mend: Mend) -> int:
        return self._limits.get(mend.finding.fingerprint, ALL)

    def _placed(self, mend: Mend, shared: Shared) -> Mend | None:
        try:
            changes = shared.placed(mend)
            changes = settle(self._root, changes, self._now.app, self._texts)
            files = files_of(self._root, changes, self._now.app, self._texts)
        except CannotEdit as error:
            self._refused[mend.finding.fingerprint] = (Why.CANNOT, str(error))
            return None
        fix = replace(mend.fix, changes=changes)
        return replace(mend, fix=fix, files=tuple(sorted(files)))

    def _compatible(self, mends: list[Mend]) -> list[Mend]:
        """Return those that can be written together, the worst first; others wait their turn."""
        agreed: list[Mend] = []
        for mend in mends:
            if not self._contradiction([*agreed, mend]):
                agreed.append(mend)
            elif reason := self._contradiction([mend]):
                self._refused[mend.finding.fingerprint] = (Why.CANNOT, reason)
        if not self._obstacle(agreed):
            return agreed
        kept: list[Mend] = []
        for mend in agreed:
            if not self._obstacle([*kept, mend]):
                kept.append(mend)
            elif reason := self._obstacle([mend]):
                self._refused[mend.finding.fingerprint] = (Why.CANNOT, reason)
        return kept

    def _contradiction(self, mends: list[Mend]) -> str:
        return contradiction(self._root, _changes(mends), self._now.app, self._texts)

    def _obstacle(self, mends: list[Mend]) -> str:
        """Say why fixes cannot be written together, "" if they can."""
        try:
            self._edits(_changes(mends))
        except CannotEdit as error:
            return str(error)
        return ""

    @property
    def _root(self) -> Path:
        return self._before.root

    def _edits(self, changes: tuple[Change, ...]) -> tuple[Edit, ...]:
        return edits(self._root, changes, self._now.app, self._texts)

    # --------------------------------------------------------------------------------- proving

    def _try(self, batch: list[Mend]) -> None:
        texts = self._texts | self._spliced(self._edits(_changes(batch)))
        after = self._rejudge(texts)
        wrong = faults(self._now, after, batch, self._asked)
        if not wrong:
            self._texts, self._now = texts, after
            self._done += batch
            self._times.update(mend.finding.fingerprint for mend in batch)
        for blame in wrong:
            self._blame(blame, len(batch))

    def _blame(self, blame: Blame, tried: int) -> None:
        """Refuse the fix that is to blame; where it may be several, try fewer at once."""
        ids = [mend.finding.fingerprint for mend in blame.mends]
        if len(ids) == 1 and (blame.sure or tried == 1):
            self._refused[ids[0]] = (Why.REFUSED, blame.reason)
        for id in ids:
            self._limits[id] = min(self._limits.get(id, ALL), max(1, len(ids) // 2))

    def _spliced(self, made: Iterable[Edit]) -> dict[str, str]:
        by_file: dict[str, list[Edit]] = {}
        for edit in made:
            by_file.setdefault(edit.place.path, []).append(edit)
        return {path: splice(self._text(path), some) for path, some in by_file.items()}

    def _text(self, path: str) -> str:
        if path not in self._texts:
            self._read[path] = (self._root / path).read_bytes()
            return decode(self._read[path], path)
        return self._texts[path]


def _changes(mends: Iterable[Mend]) -> tuple[Change, ...]:
    return tuple(change for mend in mends for change in mend.fix.changes)


def _by_file(mends: list[Mend]) -> list[list[Mend]]:
    """Return the fixes by the files that they share."""
    groups: list[tuple[set[str], list[Mend]]] = []
    for mend in mends:
        near = [group for group in groups if group[0] & set(mend.files)]
        groups = [group for group in groups if group not in near]
        files = {*mend.files}.union(*(group[0] for group in near))
        groups.append((files, [*(m for group in near for m in group[1]), mend]))
    return [group[1] for group in groups]
