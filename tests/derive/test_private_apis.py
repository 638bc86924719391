"""Private APIs: who is outside of the network has no address to call."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline
from checkrein.model import Element, Entry, Outcome

CODE = """
import subprocess
def handler(event, context):
    subprocess.run("ls " + event["body"], shell=True)
"""
TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Parameters: {Where: {Type: String}}
Conditions: {IsPrivate: !Equals [!Ref Where, inside]}
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      EndpointConfiguration: ENDPOINT
  Run:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: app.handler
      CodeUri: src
      Policies: [AmazonSQSFullAccess]
      Events: {Any: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /a, Method: POST}}}
"""


def scanned(
    root: Path, endpoint: str, template: str = TEMPLATE
) -> tuple[list[str], list[str], list[str]]:
    """Return who may call, what the ways in say, and what is found of callers."""
    (root / "src").mkdir()
    (root / "src/app.py").write_text(CODE)
    (root / "template.yaml").write_text(template.replace("ENDPOINT", endpoint))
    result = pipeline.scan((root,), lambda _: None)
    entries = [e for e in result.app.every(Entry) if e.kind == "http"]
    found = [
        f"{verdict.severity} {finding.message}"
        for verdict in result.verdicts
        if verdict.outcome is Outcome.FAIL and verdict.check.startswith(("command", "public-route"))
        for finding in verdict.findings
    ]
    return [e.identity for e in entries], [e.evidence[0].text for e in entries], sorted(found)


@pytest.mark.parametrize(
    "endpoint", ["{Type: PRIVATE}", "{Type: PRIVATE, VPCEndpointIds: [vpce-1]}"]
)
def test_only_the_network_calls_a_private_api(tmp_path: Path, endpoint: str) -> None:
    who, said, found = scanned(tmp_path, endpoint)

    assert (who, said) == (["vpc"], ["Api POST /a invokes Run"])
    assert found == ["high a caller within its network can run commands as Run through event.body"]


@pytest.mark.parametrize("endpoint", ["{Type: REGIONAL}", "{Type: EDGE}", "{Type: !Ref Where}"])
def test_anyone_calls_another_api(tmp_path: Path, endpoint: str) -> None:
    who, said, found = scanned(tmp_path, endpoint)

    assert (who, said) == (["@anyone"], ["Api POST /a invokes Run"])
    assert found == [
        "critical anyone can run commands as Run through event.body",
        "medium anyone may call Run, which is allowed sqs:* on everything",
    ]


@pytest.mark.parametrize(
    ("default", "caller", "evidence"),
    [
        ("inside", "vpc", "Api POST /a invokes Run, within its network only, by the default of IsPrivate"),
        ("outside", "@anyone", "Api POST /a invokes Run, unless IsPrivate"),
    ],
)  # fmt: skip
def test_the_default_of_a_parameter_decides_what_is_not_told(
    tmp_path: Path, default: str, caller: str, evidence: str
) -> None:
    declared = TEMPLATE.replace("{Type: String}", f"{{Type: String, Default: {default}}}", 1)
    private = "{Type: !If [IsPrivate, PRIVATE, !Ref AWS::NoValue]}"
    who, said, found = scanned(tmp_path, private, declared)

    assert (who, said) == ([caller], [evidence])
    assert any(one.startswith("critical anyone") for one in found) is (caller == "@anyone")


def test_who_is_only_in_the_network_shows_no_token(tmp_path: Path) -> None:
    scanned(tmp_path, "{Type: PRIVATE}")
    app = pipeline.learn((tmp_path,), lambda _: None).app

    assert {e.data for e in app.every(Element) if e.data.startswith("cred.token")} == set()


def test_what_a_condition_makes_private_is_open_without_it(tmp_path: Path) -> None:
    who, said, found = scanned(tmp_path, "{Type: !If [IsPrivate, PRIVATE, !Ref AWS::NoValue]}")

    assert (who, said) == (["@anyone"], ["Api POST /a invokes Run, unless IsPrivate"])
    assert found[0].startswith("critical anyone can run commands")


def test_it_is_private_where_each_condition_says_so(tmp_path: Path) -> None:
    who, said, _ = scanned(tmp_path, "{Type: !If [IsPrivate, PRIVATE, PRIVATE]}")

    assert (who, said) == (["vpc"], ["Api POST /a invokes Run"])
