"""Annotations as GitHub writes and reads them, and Markdown that nothing in it can break."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from cmarkgfm import github_flavored_markdown_to_html
from cmarkgfm.cmark import Options
from markdown_it import MarkdownIt
from msgspec.structs import replace

from checkrein.model import App, Evidence, Finding, Outcome, Place, Severity, Unread, Verdict
from checkrein.model.result import Result
from checkrein.report import github, harmless, markdown
from checkrein.report.run import Run
from tests.report.application import SECRET

MADE = json.loads((Path(__file__).parent / "github" / "commands.json").read_text())["commands"]
KINDS = {"error", "notice", "warning"}


def commands(result: Result, run: Run) -> list[tuple[str, dict[str, str], str]]:
    """Return what GitHub's runner takes from the log."""
    said = github.document(result, run).decode()
    return [found for line in re.split(r"\r\n|\r|\n", said) if (found := taken(line))]


def taken(line: str) -> tuple[str, dict[str, str], str] | None:
    """Read a line as the runner does (actions/runner, ActionCommand.TryParseV2)."""
    start, mark, rest = line.lstrip().partition("::")
    head, end, text = rest.partition("::")
    name, _, said = head.partition(" ")
    if start or not mark or not end or name not in KINDS:
        return None
    pairs = [[part for part in each.split("=", 1) if part] for each in said.strip().split(",")]
    return name, {pair[0]: plain(pair[1]) for pair in pairs if len(pair) == 2}, text_of(text)


def plain(value: str) -> str:
    return text_of(value, {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"})


def text_of(text: str, escapes: Mapping[str, str] | None = None) -> str:
    for escaped, character in (escapes or {"%0D": "\r", "%0A": "\n", "%25": "%"}).items():
        text = text.replace(escaped, character)
    return text


def told(case: Mapping[str, Any]) -> Result:
    """Return a scan whose one annotation is that of a case."""
    path, line = case.get("file", ""), case.get("line", 0)
    if "severity" not in case:
        lost = Unread(id="lost", path=path or ".", reason=case["message"], effect="")
        return Result(Path(), app=App([lost]))
    end = case.get("endLine", 0), case.get("endColumn", 0)
    finding = Finding(Place(path, line, case.get("col", 1), *end), case["message"])
    verdict = Verdict(
        *("odd", "t/A", Outcome.FAIL, Severity(case["severity"])),
        findings=(finding,),
        reason=case["reason"],
    )
    return Result(Path(), app=App([]), verdicts=(verdict,))


def _finding(place: Place, message: str) -> Finding:
    said = (Evidence(message, place),)
    return Finding(place, message, said, said, fingerprint=str(place.line))


def many(result: Result, number: int, message: str = "m", path: str = "a.py") -> Result:
    verdicts = [
        Verdict(
            *("odd", f"t/A{n:03}", Outcome.FAIL, Severity.HIGH),
            findings=(_finding(Place(path, n + 1, 2, n + 1, 5), message),),
            reason="high: so says @octocat",
        )
        for n in range(number)
    ]
    return replace(result, verdicts=tuple(verdicts))


@pytest.mark.parametrize("case", MADE, ids=lambda case: ascii(case["command"])[:90])
def test_githubs_own_tools_write_the_same(case: Mapping[str, Any], run: Run) -> None:
    found = github.document(told(case), replace(run, below=""))

    assert found.decode() == case["command"]
    assert harmless.document(found, obeyed=True) == found


@pytest.mark.parametrize("case", MADE, ids=lambda case: ascii(case["command"])[:90])
def test_githubs_runner_reads_what_was_meant(case: Mapping[str, Any], run: Run) -> None:
    [(kind, said, text)] = commands(told(case), replace(run, below=""))

    title = {"title": f"{case['severity']}[odd]"} if "severity" in case else {}
    names = ("file", "line", "endLine", "col", "endColumn")
    assert kind == case["kind"]
    assert said == title | {name: str(case[name]) for name in names if name in case}
    assert text == "\n".join(case[part] for part in ("message", "reason") if part in case)


def test_annotations_stand_beside_the_code(result: Result, run: Run) -> None:
    found = commands(result, run)

    assert [(kind, said.get("title")) for kind, said, _ in found] == [
        ("warning", None),
        ("error", "critical[command-injection]"),
        ("error", "critical[plaintext-secret]"),
        ("error", "high[data-in-logs]"),
        ("error", "high[public-route-to-powerful-function]"),
        ("warning", "medium[unused-permission]"),
    ]
    _, said, text = found[1]
    assert {name: said[name] for name in ("file", "line", "col")} == {
        "file": "services/shop/code | <1>/report.py",
        "line": "7",
        "col": "5",
    }
    assert text.splitlines()[0].startswith("anyone can run commands as Report")
    assert "ServerlessRestApi POST /report invokes Report (services/shop/template.yaml:17)" in text


def test_github_shows_ten_of_a_kind_and_the_rest_is_counted(result: Result, run: Run) -> None:
    told = many(result, 13)

    assert len([kind for kind, *_ in commands(told, run) if kind == "error"]) == 10
    last = github.document(told, run).decode().splitlines()[-1]
    assert last == "checkrein: 3 findings without an annotation: 3 high"


def test_what_has_no_file_is_told_too(result: Result, run: Run) -> None:
    lost = Unread(id=".", path=".", reason="no template: none", effect="nothing was judged")
    found = github.document(Result(result.root, App([lost])), run).decode()

    assert found == "::warning::no template: none\n"


def test_no_text_ends_a_command(result: Result, run: Run) -> None:
    odd = "100%0A done, a:b\n::error::no"

    (*_, (_, said, text)) = commands(many(result, 1, odd, "a,b:c%.py"), run)

    assert said["file"] == "services/shop/a,b:c%.py"
    assert text.startswith(odd)


def test_markdown_says_all_of_a_finding(result: Result, run: Run) -> None:
    text = markdown.document(result, run).decode()

    assert text.splitlines()[0] == "## checkrein: 5 findings"
    assert text.splitlines()[2].startswith(
        "2 critical · 2 high · 1 medium · 2 undecided · 1 ignored"
    )
    block = text.split("<details>")[1]
    assert "<code>services/shop/code &#124; &lt;1&gt;/report.py:7</code>" in block
    assert "- Report passes it to os.system (services/shop/code \\| \\<1\\>/report.py:7)\n" in block
    assert "`command-injection` · CWE-78" in block
    assert "```diff\n-      Policies" in text
    assert "broken.yaml" in text


def test_markdown_tells_the_data(result: Result, run: Run) -> None:
    text = markdown.document(result, run).decode()

    assert "| Risk | Service | Data seen in code | Could also hold |" in text
    assert "| DynamoDB Users | e-mail address |" in text


def test_nothing_in_a_message_is_markup_or_a_mention(result: Result, run: Run) -> None:
    text = markdown.document(many(result, 1, "<b>| `x` *y* @octocat</b>"), run).decode()

    assert "@octocat" not in text
    assert "&lt;b&gt;&#124; &#96;x&#96; &#42;y&#42; @&#8203;octocat&lt;/b&gt;" in text


def test_a_reader_of_markdown_finds_only_our_own_markup(result: Result, run: Run) -> None:
    odd = many(result, 3, "<img src=x onerror=alert(1)> [a](javascript:b) ![c](d) | ``` </details>")
    for told in (result, odd):
        html = MarkdownIt("gfm-like", {"linkify": False}).render(
            markdown.document(told, run).decode()
        )

        tags = set(re.findall(r"</?([a-z][a-z0-9]*)", html))
        assert tags <= {
            *("h2", "h3", "p", "ul", "li", "strong", "em", "code", "pre", "br", "details"),
            *("summary", "table", "thead", "tbody", "tr", "th", "td", "b"),
        }
        assert html.count("<details>") == html.count("</details>")
        assert html.count("<details>") - len(told.findings) in {0, 1}  # the last one is the table
        head, *rows = re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL)
        assert {len(re.findall("<t[hd]", row)) for row in (head, *rows)} == {4}


def test_githubs_own_renderer_finds_only_our_own_markup(result: Result, run: Run) -> None:
    odd = "<img src=x onerror=alert(1)> [a](https://b.example) ![c](d) | ``` </details> - [ ] ~~e~~"
    addresses = (
        " https://b.example www.b.example WWW.B.example mailto:c@b.example a@b.example ftp://b"
    )
    for shown in (
        result,
        many(result, 40, odd + addresses),
        many(result, 40, addresses, "a | <b>"),
    ):
        html = github_flavored_markdown_to_html(
            markdown.document(shown, run).decode(), options=Options.CMARK_OPT_UNSAFE
        )

        tags = set(re.findall(r"</?([a-z][a-z0-9]*)", html))
        assert tags <= {
            *("h2", "h3", "p", "ul", "li", "strong", "em", "code", "pre", "br", "details"),
            *("summary", "table", "thead", "tbody", "tr", "th", "td", "b"),
        }
        assert html.count("<details>") == html.count("</details>") > 0
        _, *rows = re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL)
        assert {len(re.findall("<td", row)) for row in rows} == {4}


def test_what_a_scan_printed_is_shown_again(result: Result, run: Run) -> None:
    said = "https://a.example/x#y and www.b.example, a_b*c [d] & <e>"
    html = github_flavored_markdown_to_html(
        markdown.document(many(result, 1, said), run).decode(), options=Options.CMARK_OPT_UNSAFE
    )

    assert f"<b>high</b> {said} ·" in unescape(html)
    assert f"<li>{said} (services/shop/a.py:1)</li>" in unescape(html)


def test_a_comment_holds_it(result: Result, run: Run) -> None:
    text = markdown.document(many(result, 2000, "long " * 40), run).decode()

    assert len(text) < 65_536
    assert re.search(r"\d+ less severe findings not shown here", text)
    assert "| Risk | Service |" in text


def test_a_screen_of_findings_stands_open_and_the_others_folded(result: Result, run: Run) -> None:
    text = markdown.document(many(result, 40), run).decode()
    seen, _, folded = text.partition("<summary>28 less severe findings</summary>")

    assert seen.count("<details><summary><b>high</b>") == 12
    assert folded.count("<details><summary><b>high</b>") == 28
    assert text.count("<details>") == text.count("</details>")


def test_nothing_secret(result: Result, run: Run) -> None:
    for module in (github, markdown):
        assert SECRET not in module.document(result, run).decode()
