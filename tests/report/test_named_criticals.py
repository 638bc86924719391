"""What a report must not leave to a number: critical findings, and checks that crashed."""

from __future__ import annotations

from html import unescape
from pathlib import Path

from msgspec.structs import replace

from checkrein.model import App, Finding, Outcome, Place, Severity, Verdict
from checkrein.model.result import Result
from checkrein.report import markdown
from checkrein.report.choice import choose, held_back, unnamed
from checkrein.report.html.summary import left_open
from checkrein.report.run import Run
from checkrein.report.secrets import Secrets, secrets
from checkrein.report.terminal import plain


def failing(check: str, number: int, severity: Severity) -> Verdict:
    found = Finding(Place(f"{check}.yaml", number, 1, number, 2), f"{check} {number}")
    return Verdict(
        check, f"t/{number}", Outcome.FAIL, severity=severity, findings=(found,), score=9
    )


def result(*verdicts: Verdict, root: Path = Path()) -> Result:
    return Result(root=root, app=App([]), verdicts=verdicts)


CRITICAL = [failing("secret", n, Severity.CRITICAL) for n in range(1, 9)]
HIGH = [failing("old", n, Severity.HIGH) for n in range(1, 4)]


def test_every_critical_finding_is_named_before_a_high_one() -> None:
    found = result(*HIGH, *CRITICAL)
    lines = plain(found, 400).splitlines()
    named = ", ".join(f"{n} secret.yaml:{n}" for n in range(3, 9))

    assert f"  = and 6 more critical secret: {named}" in lines
    assert "  = and 1 more old: 3 old.yaml:3" in lines
    assert "held back: 1 high (--all)" in lines


def test_others_are_named_as_their_own_message_does() -> None:
    """Whoever is behind a finding may have the code of another: its place is the subject's."""
    behind = ("t/Door",)
    others = [
        replace(
            failing("odd", n, Severity.HIGH),
            subject=subject,
            findings=(Finding(Place("a.py", n), message, by=behind),),
        )
        for n, subject, message in (
            *((1, "t/A", "Door may read"), (2, "t/B", "Door may write")),
            *((3, "t/Inner", "anyone can read files of Inner, through Door"),),
            *((4, "t/Role<t/Role:Policies.0", "Door never uses it"),),
        )
    ]
    lines = plain(result(*others), 400).splitlines()

    assert "  = and 2 more odd: Inner a.py:3, Door a.py:4" in lines


def test_a_check_with_something_critical_comes_before_a_second_of_another() -> None:
    many = [failing(f"c{n:02}", k, Severity.CRITICAL) for n in range(12) for k in (1, 2)]
    found = result(*many, *HIGH)
    shown = choose(found)

    assert [each.verdict.check for each in shown] == [f"c{n:02}" for n in range(10)]
    assert [told.finding.message for told in unnamed(found, shown)] == [
        *("c10 1", "c10 2", "c11 1", "c11 2"),
    ]
    assert held_back(found, shown) == {"critical": 4, "high": 3}
    assert "critical[c11]: c11 2 (c11.yaml:2)" in plain(found, 400)


def test_a_crash_is_told_once_with_its_check_and_error() -> None:
    reason = "the check crashed: TypeError: no such thing"
    crashed = [Verdict("odd", f"t/{n}", Outcome.CRASHED, reason=reason) for n in range(13)]
    lines = plain(result(*crashed), 400).splitlines()

    assert [line for line in lines if line.startswith("crashed")] == [
        f"crashed odd on 13 resources: {reason} (a fault of checkrein's own: please report it)"
    ]


def test_every_report_for_people_names_what_crashed(run: Run) -> None:
    crashed = [Verdict(f"odd{n}", "t/it", Outcome.CRASHED, reason="KeyError") for n in range(7)]
    found = result(*crashed)
    line = "odd0: KeyError (a fault of checkrein's own: please report it)"
    text = markdown.document(found, run).decode()
    page = "".join(str(part) for part in left_open(found))

    assert text.count(": KeyError (a fault of checkrein's own: please report it)\n") == 5
    assert f"\n**Crashed**\n\n- {line}\n" in text
    assert "\n- 2 more\n" in text
    assert "<h3>Crashed (7)</h3>" in page
    assert f"<li>{line}<li>" in unescape(page)


def test_a_secret_without_an_end_is_the_text_in_quotes_there(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text('{"a": 1, "token": "kRt7-correct-horse", "b": "long rest"}')
    hidden = Finding(Place("plan.json", 1, 10), "a secret", secret=True)
    verdict = replace(CRITICAL[0], findings=(hidden,))
    known = secrets(result(verdict, root=tmp_path))

    assert known.all == {"kRt7-correct-horse"}
    assert known.text("b kRt7-correct-horse") == "b " + "*" * 18


def test_a_text_is_looked_through_once_however_often_it_stands() -> None:
    known = Secrets(long=("kRt7-correct-horse",))
    text = "is kRt7-correct-horse"
    starred = known.value({"a": [text, text], "b": text})

    assert starred["a"][0] == "is " + "*" * 18
    assert starred["a"][0] is starred["a"][1] is starred["b"]


CAUSE = failing("token", 1, Severity.CRITICAL)


def following(number: int, severity: Severity, place: Place) -> Verdict:
    verdict = failing("route", number, severity)
    return replace(verdict, findings=(replace(verdict.findings[0], cause=place),))


def test_what_follows_from_one_fault_stands_below_it() -> None:
    cause = CAUSE.findings[0].place
    routes = [following(n, Severity.CRITICAL, cause) for n in range(1, 16)]
    found = result(*routes, CAUSE, *HIGH)
    shown = choose(found)
    lines = plain(found, 600).splitlines()

    assert [each.verdict.check for each in shown] == ["token", "old", "old"]
    assert len(shown[0].caused) == len(routes)
    assert held_back(found, shown) == {"high": 1}
    named = ", ".join(f"{n} route.yaml:{n}" for n in sorted(range(1, 16), key=str))
    assert f"  = from this follow 15 critical route: {named}" in lines
    assert len(choose(found, None)) == len(routes) + len(HIGH) + 1  # each in full, where asked


def test_what_is_worse_than_its_cause_or_follows_from_nothing_told_stands_by_itself() -> None:
    cause = CAUSE.findings[0].place
    mild = replace(CAUSE, severity=Severity.HIGH)
    worse = following(1, Severity.CRITICAL, cause)
    elsewhere = following(2, Severity.CRITICAL, Place("other.py", 9, 1, 9, 2))

    assert [each.verdict.check for each in choose(result(mild, worse))] == ["route", "token"]
    assert [each.verdict.check for each in choose(result(CAUSE, elsewhere))] == ["route", "token"]
