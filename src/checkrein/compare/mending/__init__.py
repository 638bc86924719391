"""Fixes of many findings at once, round by round, each proved by reading and judging again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from msgspec.structs import replace

from checkrein.compare.mending.parts import Parts
from checkrein.compare.mending.proof import Blame, faults
from checkrein.compare.mending.shared import Shared
from checkrein.compare.mending.suspects import Suspects, id_of
from checkrein.compare.mending.wishes import Asked, wishes
from checkrein.model import Change, Edit
from checkrein.model.mended import Mend, Mended, Why
from checkrein.model.result import Result
from checkrein.notation import decode, splice
from checkrein.write import CannotEdit, edits, settle
from checkrein.write.edits import contradiction, files_of

Rejudge = Callable[[Mapping[str, str]], Result]
Within = Callable[[frozenset[str]], Rejudge]
TRIES = 120  # readings of a part of the app, after which what is left is left
AGAIN = 8  # equal findings one after the other: where one of a list goes, the next moves up


class Mender:
    """Mends an app: makes all fixes that go together, proves them, and goes on with the result.

    What the proof refuses is tried again in smaller batches, down to each fix alone. What was
    refused is tried once more with all others made: they may be what it needs.
    """

    def __init__(
        self,
        before: Result,
        asked: Asked,
        rejudge: Rejudge,
        progress: Callable[[str], None] = lambda _: None,
        within: Within | None = None,
    ) -> None:
        """``rejudge`` returns the result of a scan with other texts in some templates.

        ``within`` gives the same for some stacks alone.
        """
        self.before, self.now = before, before
        self._asked, self._rejudge, self._progress = asked, rejudge, progress
        self._within = within
        self.read: dict[str, bytes] = {}
        self.texts: dict[str, str] = {}
        self.done: list[Mend] = []
        self._times: Counter[str] = Counter()  # mended, by fingerprint as what follows
        self.refused: dict[str, tuple[Why, str]] = {}
        self._refused_at: dict[str, int] = {}  # when so many were mended
        self._suspects = Suspects()

    def mended(self) -> Mended:
        """Apply what can be applied, and return all that happened."""
        self.go_on()
        left = (self._explained(mend) for mend in wishes(self.now, self._asked))
        changed = {path: (self.read[path], text) for path, text in sorted(self.texts.items())}
        return Mended(self.before, self.now, tuple(self.done), tuple(left), changed)

    def go_on(self) -> None:
        """Try what is open until nothing is, or too often; ``done`` and ``texts`` tell it."""
        tries = 0
        while tries < TRIES and (open := self._open() or self._again()):
            batch = self._batch(open)
            if batch:  # else none of them can be written, which is known now
                self._try(batch)
                tries += 1

    def _explained(self, mend: Mend) -> Mend:
        late = (Why.REFUSED, "not tried: too many fixes stand in each other's way")
        why, reason = self.refused.get(id_of(mend), late)
        return mend if mend.why else replace(mend, why=why, reason=reason)

    # ------------------------------------------------------------------------------ choosing

    def _open(self) -> list[Mend]:
        return [mend for mend in wishes(self.now, self._asked) if self._is_open(mend)]

    def _again(self) -> list[Mend]:
        """Return what was refused before others were mended in the same part, open once more."""
        late = [id for id, at in self._refused_at.items() if at < len(self.done)]
        if not late:
            return []
        parts = Parts(self.now.app)
        part_of = {id_of(mend): parts.of(mend.subject) for mend in wishes(self.now, self._asked)}
        mended = [parts.of(mend.subject) for mend in self.done]
        late = [id for id in late if part_of.get(id) in mended[self._refused_at[id] :]]
        self._suspects.reopen()
        for id in late:
            del self.refused[id], self._refused_at[id]
        return self._open() if late else []

    def _batch(self, open: list[Mend]) -> list[Mend]:
        """Return the fixes to try next, their changes where they belong, that go together."""
        shared = Shared(self.now.app, self._root, self.texts, open)
        placed = [found for mend in open if (found := self._placed(mend, shared))]
        batch: list[Mend] = []
        for together in _by_file(self._suspects.chosen(placed)):
            batch += self._compatible(together)
        return batch

    def _is_open(self, mend: Mend) -> bool:
        id = id_of(mend)
        if self._times[id] > AGAIN:
            self.refused[id] = (Why.REFUSED, "it was mended, and another fix brings it back")
        return mend.why is None and id not in self.refused

    def _refuse(self, id: str, why: Why, reason: str) -> None:
        self.refused[id] = (why, reason)
        self._refused_at[id] = len(self.done)

    def _placed(self, mend: Mend, shared: Shared) -> Mend | None:
        try:
            changes = shared.placed(mend)
            changes = settle(self._root, changes, self.now.app, self.texts)
            files = files_of(self._root, changes, self.now.app, self.texts)
        except CannotEdit as error:
            self._refuse(id_of(mend), Why.CANNOT, str(error))
            return None
        fix = replace(mend.fix, changes=changes)
        return replace(mend, fix=fix, files=tuple(sorted(files)))

    def _compatible(self, mends: list[Mend]) -> list[Mend]:
        """Return those that can be written together, the worst first; others wait their turn."""
        agreed = self._together([], mends, self._contradiction)
        return self._together([], agreed, self._obstacle)

    def _together(
        self, kept: list[Mend], more: list[Mend], against: Callable[[list[Mend]], str]
    ) -> list[Mend]:
        """Return those of more fixes that go with all before them; look into halves if not all."""
        if not more or not against([*kept, *more]):
            return more
        if len(more) == 1:
            if reason := against(more):
                self._refuse(id_of(more[0]), Why.CANNOT, reason)
            return []
        half = len(more) // 2
        first = self._together(kept, more[:half], against)
        return first + self._together([*kept, *first], more[half:], against)

    def _contradiction(self, mends: list[Mend]) -> str:
        return contradiction(self._root, _changes(mends), self.now.app, self.texts)

    def _obstacle(self, mends: list[Mend]) -> str:
        """Say why fixes cannot be written together, "" if they can."""
        try:
            self._edits(_changes(mends))
        except CannotEdit as error:
            return str(error)
        return ""

    @property
    def _root(self) -> Path:
        return self.before.root

    def _edits(self, changes: tuple[Change, ...]) -> tuple[Edit, ...]:
        return edits(self._root, changes, self.now.app, self.texts)

    # --------------------------------------------------------------------------------- proving

    def _try(self, batch: list[Mend]) -> None:
        self._progress(f"proving {len(batch)} fixes, {len(self.done)} are proved")
        texts = self.texts | self._spliced(self._edits(_changes(batch)))
        after = self._rejudge(texts)
        wrong = faults(self.now, after, batch, self._asked)
        if any(blame.tiers for blame in wrong) and self._apart(batch, wrong):
            return
        guilty = self._suspects.learn(batch, wrong)
        if not any(blame.tiers for blame in wrong):
            self._accept(batch, texts, after)
        mended = {id_of(mend) for mend in self.done}
        for id, reason in guilty.items():
            if id not in mended:
                self._refuse(id, Why.REFUSED, reason)

    def _accept(self, batch: list[Mend], texts: dict[str, str], after: Result) -> None:
        self.texts, self.now = texts, after
        self.done += batch
        self._times.update(map(id_of, batch))

    # ------------------------------------------------------------------------------- apart

    def _apart(self, batch: list[Mend], wrong: list[Blame]) -> bool:
        """Mend by themselves the parts of the app in which something is wrong; tell if it holds.

        It does if a reading of all finds nothing that no reading of a part has found.
        """
        parts = Parts(self.now.app)
        blamed = {
            parts.of_fix(mend) for blame in wrong for tier in blame.tiers[:1] for mend in tier
        }
        within, self._within = self._within, None
        if within is None or "" in blamed or len(parts) == 1:
            return False
        menders = [self._of_part(parts, part, within(parts.stacks(part))) for part in blamed]
        apart = [mender for mender in menders if mender]
        rest = [mend for mend in batch if parts.of_fix(mend) not in blamed]
        if len(apart) < len(menders) or not self._united(rest, apart):
            return False
        for mender in apart:
            for id, (why, reason) in mender.refused.items():
                self._refuse(id, why, reason)
        self._within = within
        return True

    def _united(self, rest: list[Mend], apart: list[Mender]) -> bool:
        """Make what was proved of parts, and the rest, in the whole; tell if that is proved too."""
        texts = self.texts | self._spliced(self._edits(_changes(rest)))
        for mender in apart:
            changed = {path for path, text in mender.texts.items() if self.texts.get(path) != text}
            texts |= {path: mender.texts[path] for path in changed}
        done = [*rest, *(mend for mender in apart for mend in mender.done)]
        after = self._rejudge(texts)
        asked = {finding.fingerprint for finding in self.now.findings}
        known = {id_of(mend): mend for mend in done if id_of(mend) in asked}
        expected = {
            blame.key
            for mender in apart
            for blame in faults(mender.before, mender.now, [], self._asked)
        }
        found = faults(self.now, after, list(known.values()), self._asked)
        if any(blame.tiers for blame in found if blame.key not in expected):
            return False
        self._accept(done, texts, after)
        return True

    def _of_part(self, parts: Parts, part: str, rejudge: Rejudge) -> Mender | None:
        """Return what mends a part, when it has; None where it is not what it is in the whole."""
        before = rejudge(self.texts)
        if parts.known(before, part) != parts.known(self.now, part):
            return None
        found = Mender(before, self._asked, rejudge, self._progress)
        found.texts, found.read = dict(self.texts), self.read
        found.refused = dict(self.refused)
        found.go_on()
        return found

    def _spliced(self, made: Iterable[Edit]) -> dict[str, str]:
        by_file: dict[str, list[Edit]] = {}
        for edit in made:
            by_file.setdefault(edit.place.path, []).append(edit)
        return {path: splice(self._text(path), some) for path, some in by_file.items()}

    def _text(self, path: str) -> str:
        if path not in self.texts:
            self.read[path] = (self._root / path).read_bytes()
            return decode(self.read[path], path)
        return self.texts[path]


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
