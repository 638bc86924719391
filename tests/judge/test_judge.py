"""What the runner makes of checks: outcomes, severities, conditions, ignores, fingerprints."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from checkrein import pipeline
from checkrein.checks import Check, resource
from checkrein.judge import judge
from checkrein.judge.severity import IDLE
from checkrein.model import (
    App,
    Finding,
    Outcome,
    Persona,
    Resource,
    Severity,
    Undecided,
    Verdict,
)
from checkrein.model.result import Result

URL = """{head}Resources:
  Rides:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {{ZipFile: "def handler(event, context): pass"}}
  Url:
    Type: AWS::Lambda::Url
{metadata}    Properties:
      TargetFunctionArn: !GetAtt Rides.Arn
      AuthType: {auth}
"""
CONDITIONS = (
    "Parameters:\n  Stage: {Type: String}\nConditions:\n  IsProd: !Equals [!Ref Stage, prod]\n"
)


def scan(folder: Path, auth: str, head: str = "", metadata: str = "") -> Result:
    (folder / "template.yaml").write_text(URL.format(head=head, auth=auth, metadata=metadata))
    return pipeline.scan((folder,))


def verdict(result: Result) -> Verdict:
    return next(v for v in result.verdicts if v.check == "public-function-url")


def test_a_condition_is_named(tmp_path: Path) -> None:
    result = scan(tmp_path, "!If [IsProd, AWS_IAM, NONE]", CONDITIONS)

    assert verdict(result).outcome is Outcome.FAIL
    assert verdict(result).reason.endswith("fails when not IsProd")


def test_a_condition_that_changes_nothing_passes(tmp_path: Path) -> None:
    result = scan(tmp_path, "!If [IsProd, AWS_IAM, AWS_IAM]", CONDITIONS)

    assert verdict(result).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "auth",
    [
        "NONE # checkrein: ignore[public-function-url] a public page",
        "NONE # checkrein: ignore[other-check, public-function-url] a public page",
    ],
)
def test_a_comment_ignores(auth: str, tmp_path: Path) -> None:
    result = scan(tmp_path, auth)

    assert (verdict(result).outcome, verdict(result).reason) == (Outcome.IGNORED, "a public page")
    assert [f.message for f in verdict(result).findings] == [
        "anyone on the internet may call Rides"
    ]
    assert pipeline.exit_code(result, "medium") == 0


def test_a_comment_above_ignores(tmp_path: Path) -> None:
    comment = "# checkrein: ignore[public-function-url] a public page\n      AuthType: NONE"
    text = URL.format(head="", metadata="", auth="NONE").replace("AuthType: NONE", comment)
    (tmp_path / "template.yaml").write_text(text)

    assert verdict(pipeline.scan((tmp_path,))).outcome is Outcome.IGNORED


@pytest.mark.parametrize(
    ("auth", "flaw"),
    [
        ("NONE # checkrein: ignore[public-function-url]", "an ignore without a reason"),
        ("NONE # checkrein: ignore[another-check] a public page", ""),
    ],
)
def test_an_ignore_needs_a_reason_and_the_check(auth: str, flaw: str, tmp_path: Path) -> None:
    result = scan(tmp_path, auth)

    assert verdict(result).outcome is Outcome.FAIL
    assert flaw in verdict(result).reason


@pytest.mark.parametrize(
    ("expires", "outcome"),
    [
        ("", Outcome.IGNORED),
        (", expires: 2999-12-31", Outcome.IGNORED),
        (", expires: 2001-01-01", Outcome.FAIL),
    ],
)
def test_metadata_ignores_until_it_expires(expires: str, outcome: Outcome, tmp_path: Path) -> None:
    wish = f"{{id: public-function-url, reason: a public page{expires}}}"
    metadata = f"    Metadata: {{checkrein: {{ignore: [{wish}]}}}}\n"

    assert verdict(scan(tmp_path, "NONE", metadata=metadata)).outcome is outcome


def test_a_fingerprint_survives_moved_lines(tmp_path: Path) -> None:
    before = verdict(scan(tmp_path, "NONE"))
    after = verdict(scan(tmp_path, "NONE", head="# one line more\n\n"))

    assert before.findings[0].place != after.findings[0].place
    assert before.findings[0].fingerprint == after.findings[0].fingerprint


TOPIC = App([Resource(id="t/Topic", stack="t", type="AWS::SNS::Topic")])


def made(asked: Callable[[Resource, App], Iterable[Finding]]) -> Check:
    """Return a check of topics that asks so."""
    return Check(
        id="broken",
        domain="code",
        title="",
        docs="",
        fault=1,
        frameworks=(),
        subjects=resource("AWS::SNS::Topic"),
        judge=asked,
    )


def test_a_crash_is_a_verdict_and_ends_nothing() -> None:
    def broken(_: Resource, __: App) -> list[Finding]:
        raise ZeroDivisionError("division by zero")

    assert judge(TOPIC, [made(broken)]) == [
        Verdict(
            "broken",
            "t/Topic",
            Outcome.CRASHED,
            reason="the check crashed: ZeroDivisionError: division by zero",
        )
    ]


def test_severity_grows_with_value_and_reach(tmp_path: Path) -> None:
    plain = verdict(scan(tmp_path, "NONE"))
    (tmp_path / "checkrein.yaml").write_text(
        "resources:\n  template/Rides: {holds: [pay.pan]}\n",
    )
    valuable = verdict(scan(tmp_path, "NONE"))

    assert (plain.severity, valuable.severity) == (Severity.MEDIUM, Severity.HIGH)
    assert valuable.reason == "high: a fault; payment card number (value 9); anyone can reach it"


SITE = """Resources:
  WebsiteBucket:
    Type: AWS::S3::Bucket
    Properties:
      WebsiteConfiguration: {IndexDocument: index.html}
"""
API = """Parameters:
  WebsiteBucket: {Type: String}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: site
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: "s3:PutObject", Resource: !Sub "arn:aws:s3:::${WebsiteBucket}/*"}
  Keep:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code:
        ZipFile: |
          def handler(event, context):
              return {"email": event["customer"]["email"]}
"""


def test_a_finding_says_on_which_guess_it_rests(tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_text(SITE)
    (tmp_path / "api.yaml").write_text(API)

    found = next(
        v for v in pipeline.scan((tmp_path,)).verdicts if v.check == "potential-beyond-intent"
    )

    assert (found.outcome, found.confidence) == (Outcome.FAIL, "likely")
    assert "rests on taking api.WebsiteBucket for site/WebsiteBucket" in found.reason


def test_a_declared_link_is_no_guess(tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_text(SITE)
    (tmp_path / "api.yaml").write_text(API)
    (tmp_path / "checkrein.yaml").write_text("links: {api.WebsiteBucket: site/WebsiteBucket}\n")

    found = next(
        v for v in pipeline.scan((tmp_path,)).verdicts if v.check == "potential-beyond-intent"
    )

    assert found.outcome is Outcome.FAIL
    assert "rests on" not in found.reason


def test_hygiene_is_held_back_from_all_but_auditors() -> None:
    def findings(topic: Resource, _: App) -> Iterator[Finding]:
        yield Finding(topic.place, "it matters")
        yield Finding(topic.place, "it is good practice", hygiene=True)

    verdicts = judge(TOPIC, [made(findings)])

    assert [(v.persona, [f.message for f in v.findings]) for v in verdicts] == [
        (Persona.REGULAR, ["it matters"]),
        (Persona.AUDITOR, ["it is good practice"]),
    ]


def test_findings_of_one_subject_are_graded_each_by_its_own_data() -> None:
    def findings(topic: Resource, _: App) -> Iterator[Finding]:
        for message, data in (
            ("mail", "pii.email"),
            ("key", "cred.token"),
            ("more", "pii.email"),
        ):
            yield Finding(topic.place, message, data=(data,), by=("t@anyone",), fault=2)

    verdicts = judge(TOPIC, [made(findings)])

    assert [(v.reason, [f.message for f in v.findings]) for v in verdicts] == [
        ("high: a fault; API key or access token (value 9); anyone can reach it", ["key"]),
        ("high: a fault; e-mail address (value 5); anyone can reach it", ["mail", "more"]),
    ]
    assert [v.score for v in verdicts] == sorted((v.score for v in verdicts), reverse=True)


def test_a_check_of_hygiene_is_for_auditors_whatever_comes_out() -> None:
    def nothing(_: Resource, __: App) -> Iterator[Finding]:
        yield from ()

    def undecided(_: Resource, __: App) -> Iterator[Finding]:
        raise Undecided("not known")

    checks = [replace(made(asked), hygiene=True) for asked in (nothing, undecided)]

    assert [(v.persona, v.outcome) for v in judge(TOPIC, checks)] == [
        (Persona.AUDITOR, Outcome.PASS),
        (Persona.AUDITOR, Outcome.UNDECIDED),
    ]


@pytest.mark.parametrize(
    ("action", "steered", "still"),
    [
        ("dynamodb:*", Severity.CRITICAL, Severity.MEDIUM),
        ("kms:*", Severity.CRITICAL, Severity.MEDIUM),
        ("iam:*", Severity.CRITICAL, Severity.MEDIUM),
        ("codedeploy:*", Severity.HIGH, Severity.MEDIUM),
        ("xray:*", Severity.MEDIUM, Severity.LOW),
        ("logs:*", Severity.MEDIUM, Severity.LOW),
    ],
)
@pytest.mark.parametrize("runs", [True, False])
def test_all_of_a_service_is_as_bad_as_what_it_gives_and_as_who_steers_it(
    action: str, steered: Severity, still: Severity, *, runs: bool, tmp_path: Path
) -> None:
    text = URL.format(head="", metadata="", auth="NONE").replace(
        "arn:aws:iam::111122223333:role/plain", "!GetAtt Role.Arn"
    )
    text = text.replace("pass", f"return {'eval' if runs else ''}(event['body']['password'])")
    role = (
        "  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: {}\n"
        "      Policies:\n        - PolicyName: all\n          PolicyDocument:\n"
        f"            Statement: [{{Effect: Allow, Action: '{action}', Resource: '*'}}]\n"
    )
    (tmp_path / "template.yaml").write_text(text + role)
    result = pipeline.scan((tmp_path,))
    found = next(v for v in result.verdicts if v.check == "public-route-to-powerful-function")
    assert (found.outcome, found.severity) == (Outcome.FAIL, steered if runs else still)


@pytest.mark.parametrize(
    ("finding", "expected"),
    [
        ({}, "medium: a serious fault; no valuable data known; anyone can reach it"),
        (
            {"over": True},
            "high: a serious fault; power over data that nobody here knows; anyone can reach it",
        ),
        (
            {"over": True, "data": ("pay.pan",)},
            "critical: a serious fault; payment card number (value 9); anyone can reach it",
        ),
        (
            {"idle": True, "data": ("pay.pan",), "fault": 2},
            f"medium: a fault; payment card number (value 9); {IDLE}",
        ),
        (
            {"secret": True, "data": ("cred.token",), "fault": 2, "by": ()},
            "high: a fault; API key or access token (value 9); whoever reads it can use it",
        ),
    ],
)
def test_what_a_finding_says_of_itself_is_in_its_line(
    finding: dict[str, Any], expected: str
) -> None:
    def findings(topic: Resource, _: App) -> Iterator[Finding]:
        yield Finding(topic.place, "so", **{"fault": 3, "by": ("t@anyone",), **finding})

    assert [verdict.reason for verdict in judge(TOPIC, [made(findings)])] == [expected]
