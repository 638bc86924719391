"""JUnit's XML, as Jenkins, GitLab and others read it: a suite for each check, a case a subject."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from checkrein.late import regex
from checkrein.model import Outcome, Severity, Unread, Verdict
from checkrein.model.result import Result
from checkrein.report.details import at, because, solution
from checkrein.report.run import Run, place_of

ORDER = tuple(Severity)
ACCEPTED = {Outcome.IGNORED, Outcome.KNOWN}
ILLEGAL = regex("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # in XML 1.0


def document(result: Result, run: Run) -> bytes:
    """Return the suites; a case fails where the scan does: at ``--fail-on`` or above."""
    by_check: dict[str, list[Verdict]] = {}
    for verdict in result.verdicts:
        by_check.setdefault(verdict.check, []).append(verdict)
    root = Element("testsuites", name="checkrein")
    for check, verdicts in sorted(by_check.items()):
        _suite(root, check, verdicts, result, run)
    _not_read(root, result.app.every(Unread), run)
    total: Counter[str] = Counter()
    for suite in root:
        total.update({name: int(suite.get(name, "0")) for name in COUNTED})
    root.attrib.update({name: str(total[name]) for name in COUNTED}, time="0")
    indent(root)
    content: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return content + b"\n"


COUNTED = ("tests", "failures", "errors", "skipped")


def _suite(root: Element, check: str, verdicts: list[Verdict], result: Result, run: Run) -> None:
    suite = SubElement(root, "testsuite", name=check)
    for verdict in sorted(verdicts, key=lambda each: each.subject):
        case = SubElement(suite, "testcase", _named(verdict, result, run))
        _outcome(case, verdict, run)
    _count(suite, run)


def _named(verdict: Verdict, result: Result, run: Run) -> dict[str, str]:
    domain = run.rule(verdict.check).domain or "checkrein"
    accepted = f" ({verdict.outcome})" if verdict.outcome in ACCEPTED else ""
    title = _text(verdict.subject + accepted)  # a subject may have findings of both kinds
    name = {"classname": f"{domain}.{verdict.check}", "name": title, "time": "0"}
    place = verdict.findings[0].place if verdict.findings else place_of(result.app, verdict.subject)
    if not place.path:
        return name
    return {**name, "file": _text(run.path(place.path)), "line": str(place.line)}


def _outcome(case: Element, verdict: Verdict, run: Run) -> None:
    if verdict.outcome is Outcome.CRASHED:
        SubElement(case, "error", message=_text(verdict.reason), type="crashed")
    elif verdict.outcome is Outcome.UNDECIDED:
        SubElement(case, "skipped", message=_text(f"undecided: {verdict.reason}"))
    elif verdict.outcome in ACCEPTED:
        SubElement(case, "skipped", message=_text(f"{verdict.outcome}: {verdict.reason}"))
    elif verdict.outcome is Outcome.FAIL:
        said = _text(f"{verdict.severity}: {verdict.findings[0].message}")
        fails = ORDER.index(verdict.severity) >= ORDER.index(run.fail_on)
        found = SubElement(case, "failure" if fails else "skipped", message=said)
        found.set("type", verdict.severity.value)
        found.text = _text("\n".join(_told(verdict, run)))


def _told(verdict: Verdict, run: Run) -> Iterable[str]:
    for finding in verdict.findings:
        yield f"{at(finding.place, run)}: {finding.message}"
        yield from (f"  {line}" for line in because(finding, run))
    yield verdict.reason
    yield solution(verdict.check, verdict.findings[0], run)


def _not_read(root: Element, unread: list[Unread], run: Run) -> None:
    """Tell what could not be read as errors where that makes the scan incomplete."""
    if not unread:
        return
    suite = SubElement(root, "testsuite", name="unread")
    for each in unread:
        path = _text(run.path(each.path))
        case = SubElement(suite, "testcase", classname="unread", name=path, time="0", file=path)
        said = _text(f"{each.reason} ({each.effect})")
        SubElement(case, "error" if each.fatal else "skipped", message=said)
    _count(suite, run)


def _count(suite: Element, run: Run) -> None:
    numbers = {
        "tests": len(suite),
        "failures": len(suite.findall("testcase/failure")),
        "errors": len(suite.findall("testcase/error")),
        "skipped": len(suite.findall("testcase/skipped")),
    }
    time = run.at.strftime("%Y-%m-%dT%H:%M:%S")
    suite.attrib.update({name: str(number) for name, number in numbers.items()})
    suite.attrib.update({"time": "0", "timestamp": time})


def _text(text: str) -> str:
    return ILLEGAL.sub("\ufffd", text)
