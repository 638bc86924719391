"""Which findings a person sees first: the worst, each once, with what stands at the same place."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from checkrein.model import Finding, Severity, Verdict
from checkrein.model.result import Result
from checkrein.report.order import ORDER, Told, distinct, rank, worst_first

MOST = 10  # shown in full, where nobody asks for all
OF_ONE_CHECK = 2  # shown in full on a terminal; the others of the check are named below them


class Shown(Struct, frozen=True):
    """A verdict shown in full, and what is told in a line each.

    ``beside`` are other checks' verdicts on the same place and identity, ``same`` say the same of
    other places, ``more`` are others of the check, ``caused`` follow from what is shown.
    """

    verdict: Verdict
    beside: tuple[Verdict, ...] = ()
    same: tuple[Verdict, ...] = ()
    more: tuple[Verdict, ...] = ()
    caused: tuple[Verdict, ...] = ()


def choose(
    result: Result, most: int | None = MOST, of_one_check: int = OF_ONE_CHECK
) -> list[Shown]:
    """Return the worst verdicts, at most so many; of one check few, the last naming the rest.

    Every check with something critical comes before a second of any. Where ``most`` is None, return
    all of them.
    """
    verdicts = distinct(result)
    if most is None:
        return _alike(_together(verdicts))
    following = _following(verdicts)
    groups = _alike(_together([v for v in verdicts if id(v) not in following]))
    groups = _with_caused(groups, verdicts, following)
    taken: Counter[str] = Counter()
    shown: list[Shown] = []
    for group in _in_turn(groups):
        check = group.verdict.check
        if taken[check] < of_one_check and len(shown) < most:
            shown.append(group)
            taken[check] += 1
    return list(_with_rest(sorted(shown, key=groups.index), groups))


def _in_turn(groups: list[Shown]) -> list[Shown]:
    """Put the worst of each check that has something critical before all others."""
    critical = [group for group in groups if group.verdict.severity is Severity.CRITICAL]
    first = {group.verdict.check: group for group in reversed(critical)}
    leading = [group for group in critical if first[group.verdict.check] is group]
    return [*leading, *(group for group in groups if group not in leading)]


def _with_rest(shown: list[Shown], groups: list[Shown]) -> Iterator[Shown]:
    """Let the last that is shown of each check name the others."""
    last = {group.verdict.check: group for group in shown}
    for group in shown:
        check = group.verdict.check
        rest = [g for g in groups if g.verdict.check == check and g not in shown]
        others = tuple(verdict for each in rest for verdict in (each.verdict, *each.same))
        yield replace(group, more=others) if group is last[check] else group


def _following(verdicts: list[Verdict]) -> dict[int, Verdict]:
    """Return, for what follows from a fault that is told too and as bad, the verdict on that."""
    leading = {
        (finding.place.path, finding.place.line): verdict
        for verdict in reversed(verdicts)
        for finding in verdict.findings
        if finding.cause is None
    }
    found: dict[int, Verdict] = {}
    for verdict in verdicts:
        causes = {(f.cause.path, f.cause.line) if f.cause else None for f in verdict.findings}
        cause = causes.pop() if len(causes) == 1 else None
        leader = leading.get(cause) if cause is not None else None
        if leader and ORDER.index(leader.severity) >= ORDER.index(verdict.severity):
            found[id(verdict)] = leader
    return found


def _with_caused(
    groups: list[Shown], verdicts: list[Verdict], following: Mapping[int, Verdict]
) -> list[Shown]:
    """Put what follows from a fault below the group that tells of that."""
    led: defaultdict[int, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        if id(verdict) in following:
            led[id(following[id(verdict)])].append(verdict)
    return [
        replace(group, caused=tuple(v for each in _told(group) for v in led[id(each)]))
        for group in groups
    ]


def _told(group: Shown) -> tuple[Verdict, ...]:
    return group.verdict, *group.beside, *group.same


def held_back(result: Result, shown: list[Shown]) -> Counter[str]:
    """Count, by severity, the findings that are told nowhere but in a number or a name."""
    return Counter(verdict.severity.value for verdict, _ in _left(result, shown))


def unnamed(result: Result, shown: list[Shown]) -> list[Told]:
    """Return the critical findings of checks of which nothing is shown."""
    checks = {each.verdict.check for each in shown}
    left = [told for told in _left(result, shown) if told.verdict.check not in checks]
    return [told for told in left if told.verdict.severity is Severity.CRITICAL]


def _left(result: Result, shown: list[Shown]) -> list[Told]:
    """Return what is neither shown nor, critical as it is, named below what is shown."""
    told = {_key(verdict) for each in shown for verdict in (*_told(each), *each.caused)}
    named = [verdict for each in shown for verdict in each.more]
    told |= {_key(verdict) for verdict in named if verdict.severity is Severity.CRITICAL}
    return [each for each in worst_first(result) if _key(each.verdict) not in told]


def _key(verdict: Verdict) -> tuple[str, str, str]:
    return verdict.check, verdict.subject, verdict.reason  # of one subject each grade has its own


def _together(verdicts: list[Verdict]) -> Iterator[Shown]:
    """Put what several checks say of one identity at one place below the worst of them."""
    beside: defaultdict[tuple[str, int], list[list[Verdict]]] = defaultdict(list)
    for verdict in verdicts:
        first = verdict.findings[0]
        groups = beside[first.place.path, first.place.line]
        for group in groups:
            if _same_identity(group[0], verdict) and verdict.check not in {v.check for v in group}:
                group.append(verdict)
                break
        else:
            groups.append([verdict])
    for groups in beside.values():
        yield from (Shown(group[0], tuple(group[1:])) for group in groups)


def _same_identity(one: Verdict, other: Verdict) -> bool:
    return bool({*one.findings[0].by} & {*other.findings[0].by})


def _alike(groups: Iterable[Shown]) -> list[Shown]:
    """Put groups that say the same of other places below the worst of them."""
    found: defaultdict[tuple[str, str], list[Shown]] = defaultdict(list)
    for group in sorted(groups, key=lambda each: rank(each.verdict)):
        found[group.verdict.check, group.verdict.findings[0].message].append(group)
    return [
        replace(groups[0], same=tuple(each.verdict for each in groups[1:]))
        for groups in found.values()
    ]


def subject_of(verdict: Verdict, finding: Finding) -> str:
    """Name whom a finding is about: its subject where its message does, else who is behind it."""
    subject = _short(verdict.subject)
    told = subject in finding.message.replace(",", " ").split()
    return subject if told or not finding.by else _short(finding.by[0])


def _short(id: str) -> str:
    return id.partition("<")[0].rpartition("/")[2].partition("@")[0]


def named(verdict: Verdict) -> str:
    """Name whom a verdict is about, and where."""
    first = verdict.findings[0]
    return f"{subject_of(verdict, first)} {first.place}"


def followed(caused: Iterable[Verdict]) -> Iterator[str]:
    """Yield a sentence for each check that found what follows from another fault."""
    checks: defaultdict[tuple[str, str], list[Verdict]] = defaultdict(list)
    for verdict in caused:
        checks[verdict.severity.value, verdict.check].append(verdict)
    for (severity, check), verdicts in checks.items():
        said = f"from this follow {len(verdicts)} {severity} {check}"
        yield f"{said}: {', '.join(map(named, verdicts))}"
