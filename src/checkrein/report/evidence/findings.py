"""What failed, was accepted or could not be judged, check by check."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checkrein.model import Evidence, Outcome, Verdict
from checkrein.model.result import Result
from checkrein.report.evidence.markdown import code, csv_of, escaped, page, table
from checkrein.report.evidence.tallies import COLUMNS, Control, Tally, all_verdicts, column

SEVERITIES = ("critical", "high", "medium", "low")
TOLD = [name for name in COLUMNS if name != "passed"]


def findings_page(controls: Sequence[Control]) -> bytes:
    """Return all findings of the checks that speak to some control, each check once."""
    tallies = {tally.check.id: tally for control in controls for tally in control.tallies}
    return page(_lines([tallies[id] for id in sorted(tallies)]))


def _lines(tallies: Sequence[Tally]) -> Iterator[str]:
    yield from (
        "# Findings",
        "",
        "By check; the worst first. Passed subjects are in `verdicts.csv`.",
    )
    for tally in tallies:
        told = [verdict for verdict in tally.verdicts if column(verdict) in TOLD]
        if told:
            yield from ("", f"## {tally.check.id}", "", f"{escaped(tally.check.title)}.")
            for name in TOLD:
                yield from _part(name, [v for v in told if column(v) == name])


def _part(name: str, verdicts: Sequence[Verdict]) -> Iterator[str]:
    if not verdicts:
        return
    yield from ("", f"### {name.capitalize()} ({len(verdicts)})", "")
    if name == "undecided":
        yield from table(
            ("subject", "why"), ((code(v.subject), escaped(v.reason)) for v in verdicts)
        )
        return
    worst_first = sorted(verdicts, key=lambda verdict: SEVERITIES.index(verdict.severity))
    yield from table(
        ("severity", "confidence", "what", "where", "because"),
        (
            (v.severity, f.confidence, escaped(f.message), code(str(f.place)), _because(v))
            for v in worst_first
            for f in v.findings
        ),
    )


def _because(verdict: Verdict) -> str:
    return escaped(verdict.reason.removeprefix(f"{verdict.severity}: "))


def accepted_page(result: Result) -> bytes:
    """Return the findings that somebody accepted, with their reasons."""
    accepted = [v for v in all_verdicts(result) if v.outcome is Outcome.IGNORED]
    lines = ["# Accepted findings", ""]
    if accepted:
        heading = ("check", "severity", "what", "where", "reason")
        lines += table(heading, (row for verdict in accepted for row in _accepted(verdict)))
    else:
        lines.append("Nobody accepted a finding.")
    return page(lines)


def _accepted(verdict: Verdict) -> Iterator[tuple[str, ...]]:
    for finding in verdict.findings:
        what, where = escaped(finding.message), code(str(finding.place))
        yield verdict.check, verdict.severity, what, where, escaped(verdict.reason)


def verdicts_table(result: Result) -> bytes:
    """Return a line for each finding, and one for each verdict without."""
    heading = (
        *("check", "subject", "outcome", "counted as", "persona", "severity", "confidence"),
        *("message", "path", "line", "reason", "evidence", "fingerprint"),
    )
    return csv_of(heading, (row for v in all_verdicts(result) for row in _verdict(v)))


def _verdict(verdict: Verdict) -> Iterator[tuple[object, ...]]:
    begins = (verdict.check, verdict.subject, verdict.outcome, column(verdict), verdict.persona)
    for f in verdict.findings:
        said = _said(f.evidence)
        place = (f.message, f.place.path, f.place.line, verdict.reason, said, f.fingerprint)
        yield (*begins, verdict.severity, f.confidence, *place)
    if not verdict.findings:
        yield (*begins, "", "", "", "", "", verdict.reason, "", "")


def _said(evidence: Sequence[Evidence]) -> str:
    return "; ".join(
        f"{each.text} ({each.place})" if each.place.path else each.text for each in evidence
    )
