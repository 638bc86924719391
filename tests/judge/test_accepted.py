"""What somebody accepted: for checkrein, for another tool, in checkrein.yaml, in a baseline."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from checkrein import pipeline
from checkrein.checks import Check, resource
from checkrein.cli import run
from checkrein.errors import InputError
from checkrein.judge import judge
from checkrein.judge.accepted import without_ignored
from checkrein.model import Finding, Outcome
from checkrein.model.result import Result

TEMPLATE = """Resources:
  Rides:
    Type: AWS::Serverless::Function
    Metadata: {metadata}
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: "def handler(event, context): pass"
      {comment}
      FunctionUrlConfig: {{AuthType: NONE}}
"""
CHECK = "public-function-url"
KNOWN = Check(
    id="known-elsewhere",
    domain="identity",
    title="",
    docs="",
    fault=1,
    frameworks=(),
    peers=("CKV_AWS_258", "W99", "AwsSolutions-X1", "URL_RULE"),
    subjects=resource("AWS::Lambda::Url", "AWS::Lambda::Function", "AWS::IAM::Role"),
    judge=lambda subject, _: [Finding(subject.place, "is open")],
)


def put(folder: Path, metadata: str = "{}", comment: str = "MemorySize: 128") -> Path:
    (folder / "template.yaml").write_text(TEMPLATE.format(metadata=metadata, comment=comment))
    return folder


def scanned(folder: Path, **asked: object) -> Result:
    return pipeline.scan((folder,), wanted=pipeline.Wanted(**asked))  # type: ignore[arg-type]


def found(result: Result) -> list[tuple[Outcome, str]]:
    return [(v.outcome, v.reason) for v in result.verdicts if v.check == CHECK]


@pytest.mark.parametrize(
    ("metadata", "comment", "reason"),
    [
        (
            "{cfn_nag: {rules_to_suppress: [{id: W99, reason: a demo}]}}",
            "",
            "cfn_nag as W99: a demo",
        ),
        (
            "{cdk_nag: {rules_to_suppress: [{id: AwsSolutions-X1, reason: a demo}]}}",
            "",
            "cdk_nag as AwsSolutions-X1: a demo",
        ),
        ("{guard: {SuppressedRules: [URL_RULE]}}", "", "guard as URL_RULE"),
        (
            "{checkov: {skip: [{id: CKV_AWS_258, comment: a demo}]}}",
            "",
            "checkov as CKV_AWS_258: a demo",
        ),
        ("{}", "# checkov:skip=CKV_AWS_258:a demo", "checkov as CKV_AWS_258: a demo"),
    ],
)
def test_what_another_tool_was_told_counts_for_all_that_came_of_the_resource(
    metadata: str, comment: str, reason: str, tmp_path: Path
) -> None:
    app = pipeline.learn((put(tmp_path, metadata, comment or "MemorySize: 128"),)).app
    verdicts = list(without_ignored(judge(app, [KNOWN]), app, tmp_path, {KNOWN.id: KNOWN.peers}))

    assert len(verdicts) == 3
    assert {(v.outcome, v.reason) for v in verdicts} == {
        (Outcome.IGNORED, f"suppressed for {reason}")
    }


@pytest.mark.parametrize(
    ("metadata", "comment"),
    [
        ("{cfn_nag: {rules_to_suppress: [{id: W98, reason: a demo}]}}", "MemorySize: 128"),
        ("{cfn_nag: [W99], guard: W99, checkov: {skip: W99}}", "MemorySize: 128"),
        ("{}", "# checkov:skip=CKV_AWS_259:a demo"),
    ],
)
def test_other_faults_stay(metadata: str, comment: str, tmp_path: Path) -> None:
    app = pipeline.learn((put(tmp_path, metadata, comment),)).app
    verdicts = list(without_ignored(judge(app, [KNOWN]), app, tmp_path, {KNOWN.id: KNOWN.peers}))

    assert {v.outcome for v in verdicts} == {Outcome.FAIL}


@pytest.mark.parametrize(
    ("entry", "outcome", "note"),
    [
        (f"id: {CHECK}, reason: a page", Outcome.IGNORED, None),
        (f"id: {CHECK}, reason: a page, subject: template/*", Outcome.IGNORED, None),
        (f"id: {CHECK}, reason: a page, path: temp*.yaml", Outcome.IGNORED, None),
        (f"id: {CHECK}, reason: a page, expires: 2999-01-01", Outcome.IGNORED, None),
        (f"id: {CHECK}, reason: a page, expires: 2001-01-01", Outcome.FAIL, None),
        (
            f"id: {CHECK}, reason: a page, subject: other/*",
            Outcome.FAIL,
            f"nothing to ignore, {CHECK} finds nothing there",
        ),
        (
            "id: public-function-ulr, reason: a page",
            Outcome.FAIL,
            f"no check is named public-function-ulr; did you mean {CHECK}?",
        ),
    ],
)
def test_the_intent_file_ignores(
    entry: str, outcome: Outcome, note: str | None, tmp_path: Path
) -> None:
    put(tmp_path)
    (tmp_path / "checkrein.yaml").write_text(f"ignore:\n  - {{{entry}}}\n")
    result = scanned(tmp_path)

    assert [o for o, _ in found(result)] == [outcome]
    assert result.notes[1:] == ((f"checkrein.yaml line 2: {note}",) if note else ())


def test_a_baseline_leaves_what_is_new(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(tmp_path)
    assert run(["scan", str(tmp_path), "--fail-on", "low"]) == 1
    assert run(["baseline", str(tmp_path)]) == 0
    assert "checkrein.baseline.json: " in capsys.readouterr().out
    assert run(["scan", str(tmp_path), "--fail-on", "low"]) == 0
    assert "in the baseline" in capsys.readouterr().out
    assert run(["scan", str(tmp_path), "--fail-on", "low", "--no-baseline"]) == 1

    text = (tmp_path / "template.yaml").read_text()
    (tmp_path / "template.yaml").write_text(text + text.partition("\n")[2].replace("Rides", "New"))
    new = [v for v in scanned(tmp_path).verdicts if v.check == CHECK]
    assert {(v.subject, v.outcome) for v in new} == {
        ("template/NewUrl", Outcome.FAIL),
        ("template/RidesUrl", Outcome.KNOWN),
    }


def test_what_has_become_worse_is_new(tmp_path: Path) -> None:
    put(tmp_path)
    run(["baseline", str(tmp_path)])
    (tmp_path / "checkrein.yaml").write_text("resources:\n  template/Rides: {holds: [pay.pan]}\n")

    assert [outcome for outcome, _ in found(scanned(tmp_path))] == [Outcome.FAIL]


def test_a_baseline_that_is_too_long_or_of_elsewhere_says_so(tmp_path: Path) -> None:
    put(tmp_path)
    run(["baseline", str(tmp_path)])
    file = tmp_path / "checkrein.baseline.json"
    content = json.loads(file.read_text())
    entry = {**content["findings"][0], "fingerprint": "gone"}

    content["findings"].append(entry)
    file.write_text(json.dumps(content))
    assert scanned(tmp_path).notes[1:] == (
        "1 of checkrein.baseline.json are gone: checkrein baseline takes them out of it",
    )
    file.write_text(json.dumps({"schema": 1, "findings": [entry]}))
    assert scanned(tmp_path).notes[1:] == (
        "nothing that checkrein.baseline.json holds was found: was it made of another folder?",
    )


@pytest.mark.parametrize("text", ["{", "[]", '{"schema": 2}', '{"schema": 1, "findings": [1]}'])
def test_what_is_no_baseline_is_one_sentence(text: str, tmp_path: Path) -> None:
    put(tmp_path)
    (tmp_path / "checkrein.baseline.json").write_text(text)

    with pytest.raises(InputError, match=r"checkrein\.baseline\.json.*checkrein baseline"):
        scanned(tmp_path)


def test_a_baseline_that_was_asked_for_must_be_there(tmp_path: Path) -> None:
    assert run(["scan", str(put(tmp_path)), "--baseline", str(tmp_path / "no.json")]) == 2


def test_a_baseline_reads_the_same_twice(tmp_path: Path) -> None:
    put(tmp_path)
    run(["baseline", str(tmp_path)])
    once = (tmp_path / "checkrein.baseline.json").read_bytes()
    run(["baseline", str(tmp_path)])

    assert (tmp_path / "checkrein.baseline.json").read_bytes() == once
