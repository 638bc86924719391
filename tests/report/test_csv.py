"""The table, as a spreadsheet reads it."""

from __future__ import annotations

import csv
from io import StringIO

from msgspec.structs import replace

from checkrein.model import Finding, Outcome, Place, Severity, Verdict
from checkrein.model.result import Result
from checkrein.report import csv as table
from checkrein.report.run import Run
from tests.report.application import SECRET


def rows(result: Result, run: Run) -> list[dict[str, str]]:
    text = table.document(result, run).decode()
    return list(csv.DictReader(StringIO(text, newline="")))


def test_it_tells_every_outcome_but_passes(result: Result, run: Run) -> None:
    assert [(row["outcome"], row["severity"], row["check"]) for row in rows(result, run)] == [
        ("fail", "critical", "command-injection"),
        ("fail", "critical", "plaintext-secret"),
        ("fail", "high", "data-in-logs"),
        ("fail", "high", "public-route-to-powerful-function"),
        ("fail", "medium", "unused-permission"),
        ("ignored", "low", "runtime-end-of-life"),
        ("undecided", "", "power-beyond-use"),
        ("undecided", "", "unused-permission"),
    ]


def test_a_row_says_where_and_why(result: Result, run: Run) -> None:
    first = rows(result, run)[0]

    assert (first["file"], first["line"], first["column"]) == (
        *("services/shop/code | <1>/report.py", "7", "5"),
    )
    assert first["subject"] == "template/Report"
    assert first["cwe"] == "CWE-78"
    assert first["reason"].startswith("critical: a serious fault")


def test_no_cell_is_a_formula(result: Result, run: Run) -> None:
    finding = Finding(Place("=cmd.py", 1), '=HYPERLINK("x")', fingerprint="0")
    verdict = Verdict("odd", "@t/A", Outcome.FAIL, Severity.HIGH, findings=(finding,), reason="+1")
    found = rows(replace(result, verdicts=(verdict,)), replace(run, below=""))[0]

    told = [found[name] for name in ("message", "file", "subject", "reason")]
    assert told == ['\'=HYPERLINK("x")', "'=cmd.py", "'@t/A", "'+1"]


def test_nothing_secret(result: Result, run: Run) -> None:
    assert SECRET not in table.document(result, run).decode()
