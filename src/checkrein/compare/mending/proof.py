"""Proof that fixes help and break nothing: the app is read and judged again with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec import Struct

from checkrein.compare.mending.wishes import rank
from checkrein.model import App, Finding, Function, Need, Outcome, Unread, Verdict
from checkrein.model.mended import Mend
from checkrein.model.result import Result

Subject = tuple[str, str]  # a check, and what it judged


class Fault(Struct, frozen=True):
    """Something that is wrong after the fixes and was not before, and what it is about."""

    reason: str
    about: frozenset[str]  # ids and files
    rank: int = 4  # of a new finding; only fixes of lesser findings are to blame for it


def faults(before: Result, after: Result, batch: list[Mend]) -> dict[str, str]:
    """Return, by fingerprint, why some of the fixes that were made together must not stay.

    Each fix must take its finding away, and none may bring a graver one, an unreadable template,
    or a function without a right that it had and needs. Where it cannot be told whose fault
    something is, all are named.
    """
    return broken(before, after, batch) | dict(_unhelped(before, after, batch))


def broken(before: Result, after: Result, batch: list[Mend]) -> dict[str, str]:
    """Return what fixes break, as ``faults`` does; not whether they help."""
    found: dict[str, str] = {}
    for fault in _broken(before, after, batch):
        for mend in _culprits(fault, batch):
            found.setdefault(mend.finding.fingerprint, fault.reason)
    return found


def _culprits(fault: Fault, batch: list[Mend]) -> list[Mend]:
    able = [mend for mend in batch if rank(mend.severity) < fault.rank]
    named = [mend for mend in able if touched(mend) & fault.about]
    stacks = {id.rpartition("/")[0] for id in fault.about}
    near = [m for m in able if {id.rpartition("/")[0] for id in touched(m)} & stacks]
    return named or near or able


def touched(mend: Mend) -> set[str]:
    """Return the ids of what a fix is about and changes, and its files."""
    subject = mend.subject.partition("<")[0].partition("@")[0]
    return {mend.subject, subject, *mend.files, *(c.resource for c in mend.fix.changes)}


# ----------------------------------------------------------------------------- does it help


def _unhelped(before: Result, after: Result, batch: list[Mend]) -> Iterator[tuple[str, str]]:
    """Yield the fixes after which as much is wrong as before.

    Findings are counted, not compared: where one of a list goes, the next takes its place, and
    may say the same.
    """
    was, now = _counted(before), _counted(after)
    asked = Counter(_subject(mend.check, mend.subject) for mend in batch)
    open = {(v.check, v.subject): v for v in after.verdicts if v.outcome is Outcome.UNDECIDED}
    for mend in batch:
        subject, verdict = _subject(mend.check, mend.subject), open.get((mend.check, mend.subject))
        if now[subject] > was[subject] - asked[subject]:
            yield mend.finding.fingerprint, "the finding would stay"
        elif verdict:
            reason = f"nobody could tell whether it helps: {verdict.reason}"
            yield mend.finding.fingerprint, reason


def _counted(result: Result) -> Counter[Subject]:
    return Counter(_subject(verdict.check, verdict.subject) for verdict, _ in _failing(result))


def _subject(check: str, subject: str) -> Subject:
    """Return what is judged without its place in a list, which moves when others go."""
    return check, subject.partition("<")[0]


def _failing(result: Result) -> Iterator[tuple[Verdict, Finding]]:
    for verdict in result.verdicts:
        if verdict.outcome is Outcome.FAIL:
            for finding in verdict.findings:
                yield verdict, finding


# ------------------------------------------------------------------------ what would break


def _broken(before: Result, after: Result, batch: list[Mend]) -> Iterator[Fault]:
    yield from _unreadable(before.app, after.app)
    yield from _crashed(before, after)
    yield from _worse(before, after, {_subject(mend.check, mend.subject) for mend in batch})
    yield from _lacking(before.app, after.app)


def _unreadable(before: App, after: App) -> Iterator[Fault]:
    known = {unread.id for unread in before.every(Unread)}
    for unread in after.every(Unread):
        if unread.id not in known:
            yield Fault(f"the template would be wrong: {unread.reason}", frozenset({unread.path}))


def _crashed(before: Result, after: Result) -> Iterator[Fault]:
    known = {(v.check, v.subject) for v in before.verdicts if v.outcome is Outcome.CRASHED}
    for verdict in after.verdicts:
        subject = (verdict.check, verdict.subject)
        if verdict.outcome is Outcome.CRASHED and subject not in known:
            yield Fault(f"{verdict.check}: {verdict.reason}", frozenset({verdict.subject}))


def _worse(before: Result, after: Result, mended: set[Subject]) -> Iterator[Fault]:
    known = {
        _said(verdict, finding): rank(verdict.severity) for verdict, finding in _failing(before)
    }
    for verdict, finding in _failing(after):
        level = rank(verdict.severity)
        same = _subject(verdict.check, verdict.subject) in mended
        if same or known.get(_said(verdict, finding), -1) >= level:
            continue
        grade = f"{verdict.severity}[{verdict.check}]"
        about = frozenset({verdict.subject, *finding.by, *finding.endangers})
        yield Fault(f"it would bring {grade}: {finding.message}", about, level)


def _said(verdict: Verdict, finding: Finding) -> tuple[Subject, str]:
    return _subject(verdict.check, verdict.subject), finding.message


def _lacking(before: App, after: App) -> Iterator[Fault]:
    """Yield the rights that functions need and would not have, and do not lack already."""
    known = {_key(need) for need in _unmet(before.every(Need))}
    roles = {function.id: function.identity for function in after.every(Function)}
    for need in _unmet(after.every(Need)):
        if _key(need) not in known:
            name, on = need.function.rpartition("/")[2], need.resource.rpartition("/")[2]
            about = frozenset({need.function, need.resource, roles.get(need.function, "")})
            yield Fault(f"{name} would lack {need.action} on {on}", about - {"", "*"})


def _unmet(needs: Iterable[Need]) -> Iterator[Need]:
    return (need for need in needs if need.needed and not need.granted)


def _key(need: Need) -> tuple[str, str, str]:
    return need.function, need.action, need.resource
