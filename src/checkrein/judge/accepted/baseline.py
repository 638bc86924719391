"""Findings that were there before: what is in the baseline is known, the rest is new.

A finding is known while it is no worse than it was: one that was low and is high now is new. The
file is JSON with a line for each finding, sorted, so that it can be reviewed and merged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from checkrein import files
from checkrein.errors import InputError
from checkrein.model import Outcome, Severity, Verdict

FILE = "checkrein.baseline.json"
SCHEMA = 1
LEVELS = tuple(Severity)


class Baseline(Struct, frozen=True):
    """The findings of an earlier scan: how severe each was, by its fingerprint."""

    file: str
    severities: dict[str, Severity]


def written(verdicts: Iterable[Verdict]) -> bytes:
    """Return the file that makes all findings of some verdicts known."""
    import json  # noqa: PLC0415 - few folders have a baseline

    lines = sorted(
        json.dumps(
            {
                "check": verdict.check,
                "subject": verdict.subject,
                "severity": verdict.severity,
                "fingerprint": finding.fingerprint,
                "message": finding.message,
            },
            ensure_ascii=False,
        )
        for verdict in verdicts
        if verdict.outcome in {Outcome.FAIL, Outcome.KNOWN}
        for finding in verdict.findings
    )
    listed = ",\n".join(f"  {line}" for line in lines)
    return f'{{"schema": {SCHEMA}, "findings": [\n{listed}\n]}}\n'.encode()


def read(path: Path) -> Baseline:
    """Read a baseline; raise InputError, with what to do, where it is none."""
    import json  # noqa: PLC0415 - as above

    try:
        content = json.loads(files.content(path))
    except OSError as error:
        raise InputError(f"cannot read the baseline {path}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path.name} is no JSON ({error}): {_ADVICE}") from None
    try:
        if content["schema"] != SCHEMA:
            raise InputError(f"{path.name} has another schema than {SCHEMA}: {_ADVICE}")
        found = {f["fingerprint"]: Severity(f["severity"]) for f in content["findings"]}
    except (KeyError, TypeError, ValueError):
        raise InputError(f"{path.name} is no baseline of checkrein's: {_ADVICE}") from None
    return Baseline(path.name, found)


_ADVICE = "make it anew with checkrein baseline"


def without_known(verdicts: Iterable[Verdict], baseline: Baseline) -> Iterator[Verdict]:
    """Yield the verdicts with known findings apart: those are outcomes of their own."""
    for verdict in verdicts:
        if verdict.outcome is not Outcome.FAIL:
            yield verdict
            continue
        known = tuple(f for f in verdict.findings if _is_known(f.fingerprint, verdict, baseline))
        new = tuple(f for f in verdict.findings if f not in known)
        if known:
            yield replace(verdict, outcome=Outcome.KNOWN, findings=known)
        if new:
            yield replace(verdict, findings=new)


def notes(verdicts: Iterable[Verdict], baseline: Baseline) -> Iterator[str]:
    """Yield what a baseline holds that is not found any more, as a sentence."""
    counted = Counter(
        finding.fingerprint in baseline.severities
        for verdict in verdicts
        for finding in verdict.findings
    )
    gone = len(baseline.severities) - counted[True]
    if baseline.severities and not counted[True]:
        yield f"nothing that {baseline.file} holds was found: was it made of another folder?"
    elif gone > 0:
        yield f"{gone} of {baseline.file} are gone: checkrein baseline takes them out of it"


def _is_known(fingerprint: str, verdict: Verdict, baseline: Baseline) -> bool:
    before: Any = baseline.severities.get(fingerprint)
    return before is not None and LEVELS.index(verdict.severity) <= LEVELS.index(before)
