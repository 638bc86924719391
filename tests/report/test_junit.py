"""JUnit, as a reader of JUnit reads it."""

from __future__ import annotations

from junitparser import Error, Failure, JUnitXml, TestCase
from msgspec.structs import replace

from checkrein.model import Finding, Outcome, Place, Severity, Verdict
from checkrein.model.result import Result
from checkrein.report import junit
from checkrein.report.run import Run
from tests.report.application import SECRET


def cases(result: Result, run: Run) -> list[TestCase]:
    return [case for suite in JUnitXml.fromstring(junit.document(result, run)) for case in suite]


def of(kind: type, found: list[TestCase]) -> list[str]:
    return [case.classname for case in found if any(isinstance(r, kind) for r in case.result)]


def test_it_fails_where_the_scan_does(result: Result, run: Run) -> None:
    found = cases(result, run)

    assert of(Failure, found) == [
        "code.command-injection",
        "logging.data-in-logs",
        "code.plaintext-secret",
        "identity.public-route-to-powerful-function",
    ]
    lower = cases(result, replace(run, fail_on=Severity.MEDIUM))
    assert "identity.unused-permission" in of(Failure, lower)


def test_below_the_threshold_undecided_and_accepted_are_skipped(result: Result, run: Run) -> None:
    said = [
        (case.classname, case.result[0].message.partition(":")[0])
        for case in cases(result, run)
        if case.is_skipped
    ]

    assert said == [
        ("identity.power-beyond-use", "undecided"),
        ("code.runtime-end-of-life", "ignored"),
        ("identity.unused-permission", "medium"),
        ("identity.unused-permission", "undecided"),
    ]


def test_what_could_not_be_read_is_an_error(result: Result, run: Run) -> None:
    found = [case for case in cases(result, run) if any(isinstance(r, Error) for r in case.result)]

    assert [case.name for case in found] == ["services/shop/broken.yaml"]


def test_the_numbers_add_up(result: Result, run: Run) -> None:
    root = JUnitXml.fromstring(junit.document(result, run))
    found = cases(result, run)

    assert (root.tests, root.failures, root.errors, root.skipped) == (len(found), 4, 1, 4)
    passed = [case for case in found if case.is_passed]
    assert len(passed) == sum(v.outcome is Outcome.PASS for v in result.verdicts)
    assert len({(case.classname, case.name) for case in found}) == len(found)


def test_a_failure_tells_all(result: Result, run: Run) -> None:
    case = next(
        c for c in cases(result, run) if c.classname == "code.command-injection" and c.result
    )
    text = case.result[0].text

    assert "services/shop/code | <1>/report.py:7: anyone can run commands as Report" in text
    assert (
        "Report reads event.queryStringParameters.name (services/shop/code | <1>/report.py:5)"
        in text
    )
    assert SECRET not in junit.document(result, run).decode()


def test_characters_that_xml_can_not_hold_do_not_break_it(result: Result, run: Run) -> None:
    finding = Finding(Place("a.py", 1), "bell \x07 and \ud800", fingerprint="0")
    verdict = Verdict("odd", "t/A", Outcome.FAIL, Severity.HIGH, findings=(finding,), reason="x")

    found = cases(replace(result, verdicts=(verdict,)), run)

    assert found[0].result[0].message == "high: bell \ufffd and \ufffd"
