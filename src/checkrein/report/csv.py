"""Findings as a table for spreadsheets: a header, a line each, RFC 4180."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

from checkrein.model import Outcome
from checkrein.model.result import Result
from checkrein.report.details import remedy_of
from checkrein.report.order import Told, without_findings, worst_first
from checkrein.report.run import Run, place_of

COLUMNS = (
    *("outcome", "severity", "confidence", "check", "message", "file", "line", "column"),
    *("subject", "data", "cwe", "reason", "fix", "edits", "fingerprint"),
)
FORMULA = (*"=+-@\t\r\n", *"\uff1d\uff0b\uff0d\uff20")  # what makes some spreadsheet compute a cell


def document(result: Result, run: Run) -> bytes:
    """Return the table: findings, accepted ones too, the worst first; then what is undecided."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(map(harmless, _rows(result, run)))
    return text.getvalue().encode()


def _rows(result: Result, run: Run) -> Iterator[list[str]]:
    for told in worst_first(result, Outcome.FAIL, Outcome.IGNORED, Outcome.KNOWN):
        yield _found(told, result, run)
    for outcome in (Outcome.UNDECIDED, Outcome.CRASHED):
        for verdict in without_findings(result, outcome):
            place = place_of(result.app, verdict.subject)
            where = [run.path(place.path), str(place.line)] if place.path else ["", ""]
            said = [outcome.value, "", "", verdict.check, "", *where, "", verdict.subject]
            yield [*said, "", "", verdict.reason, "", "", ""]


def _found(told: Told, result: Result, run: Run) -> list[str]:
    verdict, finding = told
    return [
        verdict.outcome.value,
        verdict.severity.value,
        verdict.confidence,
        verdict.check,
        finding.message,
        run.path(finding.place.path),
        str(finding.place.line),
        str(finding.place.column),
        verdict.subject,
        " ".join(finding.data),
        finding.cwe,
        verdict.reason,
        finding.fix.title if finding.fix else "",
        str(len(remedy_of(finding, result).edits)),
        finding.fingerprint,
    ]


def harmless(cells: Iterable[object]) -> list[object]:
    """Put an apostrophe before what a spreadsheet would take for a formula."""
    return [f"'{c}" if isinstance(c, str) and c.startswith(FORMULA) else c for c in cells]
