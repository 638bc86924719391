"""Which fixes may stand in each other's way, and what readings have told of whose fault it is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from checkrein.compare.mending.proof import UNREAD, Blame, Key
from checkrein.model.mended import Mend

ALL = 1_000_000


class Evidence:
    """In which readings, each with some of the fixes, the same was wrong, and in which not."""

    def __init__(self) -> None:
        self._with: dict[Key, set[str]] = {}  # made in all readings in which it was wrong
        self._without: dict[Key, set[str]] = {}  # made in one in which it was not
        self._accused: dict[Key, tuple[str, set[str]]] = {}  # and for what

    def note(self, made: Collection[str], wrong: Iterable[Blame]) -> None:
        """Take down a reading; what is unreadable says nothing of what else would be wrong."""
        seen = {blame.key: blame for blame in wrong}
        hidden = any(key[0] == UNREAD for key in seen)
        for key in self._with.keys() - seen.keys():
            self._without[key] |= set() if hidden else set(made)
        for key, blame in seen.items():
            if blame.tiers:
                self._accused[key] = blame.reason, {id_of(mend) for mend in blame.tiers[-1]}
            told = self._with.get(key, set(made)) & set(made)
            self._with[key] = told or set(made)  # none: several bring it, each alone
            self._without.setdefault(key, set())

    def able(self, key: Key) -> set[str]:
        """Return who can be to blame by all readings."""
        return self._with[key] - self._without[key]

    def proved(self) -> dict[str, str]:
        """Return whom all readings together leave as the only one to blame, and for what."""
        found: dict[str, str] = {}
        for key, (reason, accused) in self._accused.items():
            able = self.able(key)
            if len(able) == 1 and able <= accused:
                found[next(iter(able))] = reason
        return found


class Suspects:
    """Fixes that were blamed together, in groups; all groups are tried at once.

    Of a group half as many are tried as were blamed, then half of these, down to each alone.
    """

    def __init__(self) -> None:
        """Begin without a suspicion."""
        self._limits: dict[str, int] = {}
        self._groups: dict[str, int] = {}
        self._cleared: set[str] = set()
        self._alone: set[str] = set()
        self._last: set[str] = set()
        self._evidence = Evidence()

    def chosen(self, mends: Sequence[Mend]) -> list[Mend]:
        """Return those to be tried next, of fixes with the most pressing first.

        First whom nobody blamed; then of each group some, beside those who were tried with others
        and not blamed; last, and all alone, who was blamed twice without touching what is wrong.
        """
        fresh = [mend for mend in mends if id_of(mend) not in self._groups]
        if fresh:
            return fresh
        most = [mend for mend in mends if id_of(mend) not in self._last]
        return self._of_groups(most) if most else list(mends[:1])

    def _of_groups(self, mends: Sequence[Mend]) -> list[Mend]:
        groups: dict[int, list[Mend]] = {}
        for mend in mends:
            if id_of(mend) not in self._cleared:
                groups.setdefault(self._groups[id_of(mend)], []).append(mend)
        tried = set(self._cleared)
        for group in groups.values():
            widest = max(self._limits[id_of(mend)] for mend in group)
            same = [mend for mend in group if self._limits[id_of(mend)] == widest]
            tried.update(id_of(mend) for mend in same[:widest])
        return [mend for mend in mends if id_of(mend) in tried]

    def learn(self, batch: Sequence[Mend], wrong: Sequence[Blame]) -> dict[str, str]:
        """Take down a reading, and return who is to be refused by now, and for what."""
        made = {id_of(mend) for mend in batch}
        self._evidence.note(made, wrong)
        found = self._evidence.proved()
        hidden = any(blame.key[0] == UNREAD for blame in wrong)
        blamed: set[str] = set()
        alone: set[str] = set()
        for blame in wrong:
            ids = self._blamed(blame)
            blamed.update(ids)
            self._split(ids)
            if len(ids) == 1 and (blame.key[0] == UNREAD or not hidden):
                alone.update(ids)
                if blame.plain or len(made) == 1 or (blame.sure and ids[0] in self._alone):
                    found[ids[0]] = blame.reason
                elif ids[0] in self._alone:
                    self._last.update(ids)
        self._alone |= alone
        self._cleared = made - blamed if blamed else set()
        return found

    def _blamed(self, blame: Blame) -> list[str]:
        """Return on whom a blame falls: those who came in last, of the likeliest that can be it."""
        able = self._evidence.able(blame.key)
        for tier in blame.tiers:
            if ids := [id_of(mend) for mend in tier if id_of(mend) in able]:
                return [id for id in ids if id not in self._cleared] or ids
        return [id_of(mend) for mend in blame.tiers[0]] if blame.tiers else []

    def _split(self, ids: Sequence[str]) -> None:
        """Try fewer at once of those that were blamed together, apart from all others."""
        joined = {self._groups[id] for id in ids if id in self._groups}
        number = min(joined, default=len(self._groups))
        for id, group in self._groups.items():
            if group in joined:
                self._groups[id] = number
        for id in ids:
            self._groups[id] = number
            self._limits[id] = min(self._limits.get(id, ALL), max(1, len(ids) // 2))

    def reopen(self) -> None:
        """Forget what was learnt of an app that is another one now; suspicions stay."""
        self._evidence = Evidence()
        self._cleared, self._alone, self._last = set(), set(), set()


def id_of(mend: Mend) -> str:
    """Return what a fix is known by: its finding's fingerprint."""
    return mend.finding.fingerprint
