"""Findings in the order that a person wants them: the worst first, each once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from msgspec.structs import replace

from checkrein.model import Evidence, Finding, Outcome, Severity, Verdict
from checkrein.model.result import Result
from checkrein.report.wording import listed

_Said = tuple[str, str, int, str]
ORDER = tuple(Severity)
SUBJECT = "\ufffc"  # stands for the subject's name in what is said
NAMED = 3  # of those that share a finding
SOONEST = (  # what a request does by itself, the worst first
    frozenset({"CWE-77", "CWE-78", "CWE-94", "CWE-95", "CWE-502", "CWE-1336"}),  # runs code
    frozenset({"CWE-22", "CWE-73", "CWE-89", "CWE-90", "CWE-643", "CWE-706", "CWE-918", "CWE-943"}),
    frozenset({"CWE-284", "CWE-287", "CWE-290", "CWE-306", "CWE-345", "CWE-639", "CWE-862"}),
)
LATER = frozenset({  # what somebody has to read first: code, a log, a store
    "CWE-256", "CWE-259", "CWE-311", "CWE-312", "CWE-321", "CWE-522", "CWE-532", "CWE-798",
})  # fmt: skip
AGING = frozenset({"CWE-1104", "CWE-1395"})  # not kept up to date: no way in by itself
SURE = ("possible", "likely", "certain")


class Told(NamedTuple):
    """A finding, and the verdict that says how bad it is."""

    verdict: Verdict
    finding: Finding


def worst_first(result: Result, *outcomes: Outcome) -> list[Told]:
    """Return every finding once, the worst first: what a limit cuts off is the least.

    Of verdicts that fail, if no other outcomes are named.
    """
    told = distinct(result, *outcomes)
    return [Told(verdict, found) for verdict in told for found in verdict.findings]


def distinct(result: Result, *outcomes: Outcome) -> list[Verdict]:
    """Return the failing verdicts, the worst first, each finding once.

    What several subjects share (a statement of their role, a section of Globals, a line that they
    all run) is one finding of the worst: who mends the place has mended it for all. It names the
    others, which differ by nothing but the subject's name.
    """
    wanted = outcomes or (Outcome.FAIL,)
    verdicts = sorted((v for v in result.verdicts if v.outcome in wanted), key=rank)
    sharing: defaultdict[_Said, dict[str, Told]] = defaultdict(dict)
    for verdict in verdicts:
        for finding in verdict.findings:
            told = sharing[_said(verdict, finding)]
            told.setdefault(_name(verdict), Told(verdict, finding))
    kept: defaultdict[int, list[Finding]] = defaultdict(list)
    for first, *others in (list(each.values()) for each in sharing.values()):
        kept[id(first.verdict)].append(_shared(first, others))
    return [
        replace(verdict, findings=tuple(kept[id(verdict)]))
        for verdict in verdicts
        if id(verdict) in kept
    ]


def _said(verdict: Verdict, finding: Finding) -> _Said:
    """Return what a finding says and where, but for the name of whom it says it."""
    place, message = finding.place, finding.message
    if place.path:
        message = _of_any(message, _name(verdict))
    return verdict.check, place.path, place.line, message


def _of_any(message: str, name: str) -> str:
    """Return what is said with ``SUBJECT`` for a name, wherever that is not part of a longer one.

    Every finding has another name: to compile a pattern for each took longer than all the rest.
    """
    said, done = "", 0
    at = message.find(name) if name else -1
    while at >= 0:
        end = at + len(name)
        if not (_goes_on(message[at - 1 : at]) or _goes_on(message[end : end + 1])):
            said += message[done:at] + SUBJECT
            done = end
        at = message.find(name, max(done, at + 1))
    return said + message[done:]


def _goes_on(beside: str) -> bool:
    """Tell whether what stands beside a name belongs to it."""
    return beside.isalnum() or beside in ("_", "-")


def _name(verdict: Verdict) -> str:
    return verdict.subject.partition("<")[0].rpartition("/")[2].partition("@")[0]


def _shared(first: Told, others: list[Told]) -> Finding:
    """Return a finding that names the other subjects of which the same is true."""
    finding = first.finding
    names = [_name(told.verdict) for told in others if told.finding.message != finding.message]
    if not names:
        return finding
    every = Evidence(f"the same of {listed(names, len(names))}")
    endangered = dict.fromkeys(id for told in (first, *others) for id in told.finding.endangers)
    return replace(
        finding,
        message=f"{finding.message}; the same of {listed(names, NAMED)}",
        evidence=(*finding.evidence, *((every,) if len(names) > NAMED + 1 else ())),
        endangers=tuple(endangered),
    )


def rank(verdict: Verdict) -> tuple[int, bool, bool, float, int, int, str, str]:
    """Return what sorts verdicts: severity, then what somebody can use, by how bad and how soon.

    The score says how bad: who reaches it, and what it is worth. What only grows old comes last of
    its severity, and before that what is merely possible. Then certainty; then names.
    """
    severity, sure = ORDER.index(verdict.severity), SURE.index(verdict.confidence)
    old = bool(verdict.findings) and all(one.cwe in AGING for one in verdict.findings)
    soon = min((_soon(finding) for finding in verdict.findings), default=len(SOONEST))
    return -severity, old, not sure, -verdict.score, soon, -sure, verdict.check, verdict.subject


def _soon(finding: Finding) -> int:
    """Return how much stands before the harm: least where one request runs code."""
    if finding.cwe in LATER:
        return len(SOONEST) + 1
    bands = (at for at, weaknesses in enumerate(SOONEST) if finding.cwe in weaknesses)
    return next(bands, len(SOONEST))


def without_findings(result: Result, outcome: Outcome) -> Iterator[Verdict]:
    """Yield the verdicts of an outcome that tells no findings, in the order of the scan."""
    return (verdict for verdict in result.verdicts if verdict.outcome is outcome)
