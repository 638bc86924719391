"""Code as the terminal shows it: spans with labels, in any width, nothing secret."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from checkrein.model import App, Evidence, Finding, Fix, Outcome, Place, Severity, Verdict
from checkrein.model.result import Remedy, Result
from checkrein.model.verdicts import Edit
from checkrein.report.secrets import without_secrets
from checkrein.report.terminal import plain

CODE = """def handler(event):
\tname = event["name"]
    key = "hunter2"
    return call(name, key)
"""


def shown(tmp_path: Path, finding: Finding, width: int = 120, remedy: Remedy | None = None) -> str:
    (tmp_path / "app.py").write_text(CODE)
    verdict = Verdict(
        "odd", "t/A", Outcome.FAIL, Severity.HIGH, findings=(finding,), reason="high: so"
    )
    remedies = {finding.fingerprint: remedy} if remedy else {}
    text = plain(Result(tmp_path, App(), (verdict,), remedies), width)
    return text[text.index("high[odd]") :]


def step(text: str, line: int, column: int, end: int) -> Evidence:
    return Evidence(text, Place("app.py", line, column, line, end))


def test_the_steps_that_lead_there_are_labels(tmp_path: Path) -> None:
    finding = Finding(
        Place("app.py", 4, 12, 4, 27),
        "anyone can call",
        steps=(
            Evidence("A is called", Place("template.yaml", 7)),
            step("A reads name", 2, 9, 22),
            step("A passes it to call", 4, 12, 27),
        ),
    )

    assert shown(tmp_path, finding).splitlines()[:8] == [
        "high[odd]: anyone can call",
        "  --> app.py:4:12",
        '    2 | name = event["name"]',  # a tab is a column
        "      |        ------------- A reads name",
        "    4 |    return call(name, key)",
        "      |           ^^^^^^^^^^^^^^^ A passes it to call",
        "  = A is called (template.yaml:7)",
        "  = high: so",
    ]


def test_what_has_no_room_on_a_line_goes_on_behind_its_margin(tmp_path: Path) -> None:
    place = Place("app.py", 4, 12, 4, 27)
    finding = Finding(
        place,
        "anyone can call",
        (Evidence(f"A may {', '.join(['call'] * 9)}", place),),
        fix=Fix("say it", safe=True),
        fingerprint="1",
    )
    edit = Edit(Place("app.py", 4, 1, 4, 1), f"    return {' or '.join(['nothing'] * 6)}\n")

    assert shown(tmp_path, finding, 50, Remedy(edits=(edit,))).splitlines()[2:9] == [
        "    4 | return call(name, key)",
        "      |        ^^^^^^^^^^^^^^^",
        "      |   A may call, call, call, call,",
        "      |   call, call, call, call, call",
        "  = fix: say it",
        "      + return nothing or nothing or",
        "          nothing or nothing or nothing or nothing",
    ]


def test_a_secret_is_hidden_wherever_it_stands(tmp_path: Path) -> None:
    finding = Finding(
        Place("app.py", 3, 11, 3, 20), "a key", secret=True, fix=Fix("take it out"), fingerprint="1"
    )
    remedy = Remedy(edits=(Edit(Place("app.py", 3, 11, 3, 20), "KEY"),))
    text = shown(tmp_path, finding, remedy=remedy)

    assert "hunter2" not in text
    assert text.splitlines()[2:4] == ['    3 | key = "*******"', "      |       ^^^^^^^^^"]
    assert text.splitlines()[4:7] == [
        "  = fix: take it out (review it: this may change what works)",
        '      - key = "*******"',
        "      + key = KEY",
    ]


def test_a_secret_is_hidden_from_what_others_say_of_its_line(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(CODE)
    secret = Finding(Place("app.py", 3, 11, 3, 20), "a key", secret=True)
    other = Finding(Place("app.py", 3, 5, 3, 8), "odd name")
    said = [
        Verdict(check, "t/A", outcome, Severity.LOW, findings=(finding,), reason="low: so")
        for check, outcome, finding in (
            ("key", Outcome.IGNORED, secret),
            ("odd", Outcome.FAIL, other),
        )
    ]

    text = plain(Result(tmp_path, App(), tuple(said)))
    assert '    3 | key = "*******"' in text.splitlines()
    assert "hunter2" not in text


def test_no_edit_with_a_secret_leaves_the_house(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(CODE)
    found = Finding(Place("app.py", 3, 11, 3, 20), "a key", secret=True, fingerprint="1")
    verdict = Verdict("key", "t/A", Outcome.FAIL, findings=(found,))
    rewritten = Remedy(edits=(Edit(Place("app.py", 3, 5, 3, 20), 'KEY = "hunter2"'),))
    taken_out = Remedy(edits=(Edit(Place("app.py", 3, 5, 3, 20), "KEY = load()"),))

    for remedy, kept in ((rewritten, ()), (taken_out, taken_out.edits)):
        result = Result(tmp_path, App(), (verdict,), {"1": remedy})
        assert without_secrets(result).remedies["1"].edits == kept


def test_a_long_line_is_cut_around_its_span(tmp_path: Path) -> None:
    line = "x = 1; " * 40 + "call(name)" + "; y = 2" * 40
    (tmp_path / "long.py").write_text(line)
    finding = Finding(Place("long.py", 1, 281, 1, 291), "odd call")
    lines = shown(tmp_path, finding, 60).splitlines()

    at = lines[3].index("^")
    assert lines[2][at : at + len("call(name)")] == "call(name)"
    assert lines[3] == " " * 6 + "|" + " " * (at - 7) + "^" * 10
    assert max(map(len, lines)) <= 60


def test_lines_that_wrap_hang_below_their_words(tmp_path: Path) -> None:
    long = Evidence("because " + "word " * 30)
    finding = Finding(Place("app.py", 1, 1, 1, 4), "odd", evidence=(long,))
    lines = shown(tmp_path, finding, 60).splitlines()

    start = next(n for n, line in enumerate(lines) if line.startswith("  = because"))
    assert lines[start + 1].startswith("    word")


def test_all_findings_are_shown_where_asked_for(tmp_path: Path) -> None:
    found = Finding(Place("app.py", 1), "odd")
    verdicts = tuple(
        Verdict(
            *("odd", f"t/A{n:02}", Outcome.FAIL, Severity.LOW),
            findings=(replace(found, message=f"odd {n}", place=Place("app.py", n)),),
            reason="low: so",
        )
        for n in range(1, 15)
    )
    result = Result(tmp_path, App(), verdicts)

    assert plain(result).count("low[odd]") == 2  # of one check; the others are named
    assert "held back: 12 low (--all)" in plain(result)
    assert plain(result, most=None).count("low[odd]") == 14
    assert "held back" not in plain(result, most=None)


def test_what_is_for_auditors_known_or_ignored_is_counted(tmp_path: Path) -> None:
    def one(outcome: Outcome) -> Verdict:
        found = Finding(Place("app.py", 1), "odd")
        return Verdict("odd", f"t/{outcome}", outcome, findings=(found,), reason="so")

    result = Result(
        tmp_path, App(), (one(Outcome.KNOWN), one(Outcome.IGNORED)), held=(one(Outcome.FAIL),)
    )

    held = "1 for auditors (--persona auditor) · 1 in the baseline (--no-baseline)"
    assert plain(result, 160).splitlines()[-2:] == [
        f"held back: {held} · 1 ignored (--format csv)",
        "0 findings",
    ]
