"""Proof that fixes help and break nothing: the app is read and judged again with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec import Struct

from checkrein.compare.mending.wishes import Asked, rank, wishes
from checkrein.model import App, Finding, Function, Need, Outcome, Resource, Unread, Verdict
from checkrein.model.mended import Mend
from checkrein.model.result import Result

Subject = tuple[str, str]  # a check, and what it judged
Key = tuple[str, ...]
UNREAD = "unread"


class Fault(Struct, frozen=True):
    """Something that is wrong after the fixes and was not before, and what it is about.

    ``key`` is the same in each reading in which the same is wrong.
    """

    key: Key
    reason: str
    about: frozenset[str]  # ids and files
    rank: int = 4  # of a new finding; only fixes of lesser findings are to blame for it
    raised: bool = False  # an old finding that is graver now; what a new store could hold does that


class Blame(Struct, frozen=True):
    """Which fixes may be to blame for a fault: the likeliest, else the next, else any of the last.

    Nobody is where what is wrong comes with the mending of something as grave. ``plain`` where
    nobody but the likeliest can be to blame, ``sure`` where these touch what is wrong.
    """

    key: Key
    reason: str
    tiers: tuple[tuple[Mend, ...], ...] = ()
    plain: bool = False
    sure: bool = False


def faults(before: Result, after: Result, batch: list[Mend], asked: Asked) -> list[Blame]:
    """Return what is wrong with fixes that were made together; they may stay if nobody is to blame.

    Each fix must take its finding away, and none may bring a graver one (but for one of a resource
    that it adds and another fix mends), an unreadable template, or a function without a right
    that it had and needs.
    """
    return [*_unhelped(before, after, batch), *broken(before, after, batch, asked)]


def broken(
    before: Result,
    after: Result,
    batch: list[Mend],
    asked: Asked = Asked(),  # noqa: B008 - frozen
) -> Iterator[Blame]:
    """Yield what fixes break, as ``faults`` does; not whether they help."""
    mended = {_subject(mend.check, mend.subject) for mend in batch}
    found = [
        *_unreadable(before.app, after.app),
        *_crashed(before, after),
        *_worse(before, after, mended, _awaited(before, after, asked)),
        *_lacking(before.app, after.app),
    ]
    for fault in found:
        able = [mend for mend in batch if rank(mend.severity) < fault.rank]
        able = [mend for mend in able if not (fault.raised and _added_types(mend))]
        named = [mend for mend in able if touched(mend) & fault.about]
        stacks = {_stack(id) for id in fault.about}
        near = [mend for mend in able if {_stack(id) for id in touched(mend)} & stacks]
        types = _new_types(fault.about, before.app, after.app)
        adding = [mend for mend in near if _added_types(mend) & types]
        tiers = (named, adding, near, able)
        told = tuple(tuple(tier) for tier in tiers if tier)
        yield Blame(fault.key, fault.reason, told, sure=bool(named))


def _new_types(about: Iterable[str], before: App, after: App) -> set[str]:
    """Return the types of those resources, of what is wrong, that fixes have added."""
    return {
        made.type
        for id in about
        for made in after.alternatives(Resource, id)
        if not before.alternatives(Resource, id)
    }


def _stack(id: str) -> str:
    return id.rpartition("/")[0]


def _added_types(mend: Mend) -> set[str]:
    added = (change.value for change in mend.fix.changes if change.operation == "add")
    return {str(value.get("Type", "")) for value in added if isinstance(value, dict)}


def _awaited(before: Result, after: Result, asked: Asked) -> set[str]:
    """Return the findings, by fingerprint, of new resources that are to be mended next."""
    known = {resource.id for resource in before.app.every(Resource)}
    return {
        mend.finding.fingerprint
        for mend in wishes(after, asked)
        if mend.why is None and mend.subject not in known
    }


def touched(mend: Mend) -> set[str]:
    """Return the ids of what a fix is about and changes, and its files."""
    subject = mend.subject.partition("<")[0].partition("@")[0]
    return {mend.subject, subject, *mend.files, *(c.resource for c in mend.fix.changes)}


# ----------------------------------------------------------------------------- does it help


def _unhelped(before: Result, after: Result, batch: list[Mend]) -> Iterator[Blame]:
    """Yield the fixes after which as much is wrong as before.

    Findings are counted, not compared: where one of a list goes, the next takes its place, and
    may say the same.
    """
    was, now = _counted(before), _counted(after)
    open = {(v.check, v.subject): v for v in after.verdicts if v.outcome is Outcome.UNDECIDED}
    asked: dict[Subject, list[Mend]] = {}
    for mend in batch:
        asked.setdefault(_subject(mend.check, mend.subject), []).append(mend)
        if verdict := open.get((mend.check, mend.subject)):
            reason = f"nobody could tell whether it helps: {verdict.reason}"
            yield Blame(("open", mend.check, mend.subject), reason, ((mend,),), plain=True)
    for subject, mends in asked.items():
        if now[subject] > was[subject] - len(mends):
            yield Blame(("stays", *subject), "the finding would stay", (tuple(mends),), plain=True)


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


def _unreadable(before: App, after: App) -> Iterator[Fault]:
    known = {unread.id for unread in before.every(Unread)}
    for unread in after.every(Unread):
        if unread.id not in known:
            reason = f"the template would be wrong: {unread.reason}"
            yield Fault((UNREAD, unread.id), reason, frozenset({unread.path}))


def _crashed(before: Result, after: Result) -> Iterator[Fault]:
    known = {(v.check, v.subject) for v in before.verdicts if v.outcome is Outcome.CRASHED}
    for verdict in after.verdicts:
        subject = (verdict.check, verdict.subject)
        if verdict.outcome is Outcome.CRASHED and subject not in known:
            reason = f"{verdict.check}: {verdict.reason}"
            yield Fault(("crashed", *subject), reason, frozenset({verdict.subject}))


def _worse(
    before: Result, after: Result, mended: set[Subject], awaited: set[str]
) -> Iterator[Fault]:
    """Yield what is graver about a subject than the worst before, the second worst, and so on."""
    known = _ranks(before)
    for subject, found in _ranks(after).items():
        was = [level for level, _, _ in known.get(subject, [])]
        for number, (level, verdict, finding) in enumerate(found):
            less = number >= len(was) or was[number] < level
            if less and subject not in mended and finding.fingerprint not in awaited:
                grade = f"{verdict.severity}[{verdict.check}]"
                about = frozenset({verdict.subject, *finding.by, *finding.endangers})
                reason = f"it would bring {grade}: {finding.message}"
                key = ("worse", *subject, str(number))
                yield Fault(key, reason, about, level, raised=number < len(was))


def _ranks(result: Result) -> dict[Subject, list[tuple[int, Verdict, Finding]]]:
    """Return the findings about each subject, the gravest first."""
    ranks: dict[Subject, list[tuple[int, Verdict, Finding]]] = {}
    for verdict, finding in _failing(result):
        found = ranks.setdefault(_subject(verdict.check, verdict.subject), [])
        found.append((rank(verdict.severity), verdict, finding))
    return {key: sorted(each, key=lambda one: -one[0]) for key, each in ranks.items()}


def _lacking(before: App, after: App) -> Iterator[Fault]:
    """Yield the rights that functions need and would not have, and do not lack already."""
    known = {_key(need) for need in _unmet(before.every(Need))}
    roles = {function.id: function.identity for function in after.every(Function)}
    for need in _unmet(after.every(Need)):
        if _key(need) not in known:
            name, on = need.function.rpartition("/")[2], need.resource.rpartition("/")[2]
            about = frozenset({need.function, need.resource, roles.get(need.function, "")})
            reason = f"{name} would lack {need.action} on {on}"
            yield Fault(("lacks", *_key(need)), reason, about - {"", "*"})


def _unmet(needs: Iterable[Need]) -> Iterator[Need]:
    return (need for need in needs if need.needed and not need.granted)


def _key(need: Need) -> tuple[str, str, str]:
    return need.function, need.action, need.resource
