"""Which findings are to be mended, and which are left for a reason known beforehand."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from checkrein.model import Outcome, Severity, Verdict
from checkrein.model.mended import Mend, Why
from checkrein.model.result import Result

RANK = {severity: rank for rank, severity in enumerate(Severity)}


class Asked(Struct, frozen=True):
    """What somebody wants mended: safe fixes or all, of some checks or (none named) of all."""

    unsafe: bool = False
    checks: tuple[str, ...] = ()


def wishes(result: Result, asked: Asked) -> Iterator[Mend]:
    """Yield every finding that has a fix, the worst first; ``why`` says what stands against it."""
    for verdict in sorted(result.verdicts, key=_badness):
        named = not asked.checks or verdict.check in asked.checks
        if verdict.outcome is Outcome.FAIL and named:
            yield from _of(verdict, asked)


def rank(severity: Severity) -> int:
    """Return 0 for low to 3 for critical."""
    return RANK[severity]


def _badness(verdict: Verdict) -> tuple[int, float]:
    return -RANK[verdict.severity], -verdict.score


def _of(verdict: Verdict, asked: Asked) -> Iterator[Mend]:
    for finding in verdict.findings:
        fix = finding.fix
        if fix is None:
            continue
        why, reason = None, ""
        if not fix.changes:
            why, reason = Why.DECISION, "needs a decision that only you can make"
        elif not (fix.safe or asked.unsafe):
            why, reason = Why.UNSAFE, "may change what works; --unsafe applies it"
        yield Mend(
            verdict.check, verdict.subject, verdict.severity, finding, fix, why=why, reason=reason
        )
