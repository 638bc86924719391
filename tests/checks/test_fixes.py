"""Fixes must not break what they mend: runtimes that code can run on, webhooks, references."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline
from checkrein.model import Finding, Persona, Severity
from checkrein.report.terminal import plain

FUNCTION = """Resources:
  Rides:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: {runtime}
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          {code}
"""
CALLBACK = "exports.handler = (event, context, callback) => callback(null, event.id);"
AWAITS = "exports.handler = async (event) => event.id;"
OLD_SDK = "const AWS = require('aws-sdk');\n          " + AWAITS


def fix(folder: Path, runtime: str, code: str) -> tuple[str, list[str]]:
    """Return the title of the runtime's fix, and the texts that its edits write."""
    (folder / "template.yaml").write_text(FUNCTION.format(runtime=runtime, code=code))
    result = pipeline.scan((folder,))
    found = [f for v in result.verdicts if v.check == "runtime-end-of-life" for f in v.findings]
    mended = pipeline.mend(result, found)
    title = found[0].fix.title if found[0].fix else ""
    return title, [e.text for e in mended.remedies[found[0].fingerprint].edits]


@pytest.mark.parametrize(
    ("runtime", "code", "title", "edits"),
    [
        pytest.param(*("nodejs16.x", AWAITS, "move to nodejs24.x", ["nodejs24.x"]), id="newest"),
        pytest.param(
            *("nodejs16.x", CALLBACK),
            *("move to nodejs22.x: nodejs24.x runs no handler with a callback", ["nodejs22.x"]),
            id="callback",
        ),
        pytest.param(
            *("nodejs16.x", OLD_SDK),
            "bundle aws-sdk or use its version 3, as nodejs18.x brings no version 2,"
            " then move to nodejs24.x",
            [],
            id="sdk-2",
        ),
        pytest.param(*("nodejs20.x", OLD_SDK, "move to nodejs24.x", ["nodejs24.x"]), id="bundled"),
        pytest.param(
            *("python2.7", 'def handler(event, context): print "hello"'),
            "port the code to Python 3 (print statements, texts, renamed modules),"
            " then move to python3.14",
            [],
            id="python-2",
        ),
    ],
)
def test_the_newest_runtime_that_the_code_can_run_on(
    runtime: str, code: str, title: str, edits: list[str], tmp_path: Path
) -> None:
    assert fix(tmp_path, runtime, code) == (title, edits)


URL = """  Url:
    Type: AWS::Lambda::Url
    Properties:
      TargetFunctionArn: !GetAtt Rides.Arn
      AuthType: NONE
"""
HOOK = """import hmac
          def handler(event, context):
              given = event["headers"]["x-hub-signature-256"]
              if not hmac.compare_digest(given, "a" + event["body"]):
                  return {"statusCode": 401}
              return {"email": event["customer"]["email"]}"""


def test_a_webhook_that_checks_a_signature_is_low_and_stays_open(tmp_path: Path) -> None:
    text = FUNCTION.format(runtime="python3.14", code=HOOK) + URL
    (tmp_path / "template.yaml").write_text(text)
    found = [v for v in pipeline.scan((tmp_path,)).verdicts if v.check == "public-function-url"]

    assert [(v.severity, f.message, f.fix) for v in found for f in v.findings] == [
        (
            Severity.LOW,
            "anyone on the internet may call Rides, where only its code checks x-hub-signature-256",
            None,
        )
    ]


PARAMETER = """Parameters:
  Key:
    Type: String
    Default: kRt7-correct-horse
Resources:
  Charge:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "def handler(event, context): pass"}
      Environment:
        Variables:
          API_KEY: !Ref Key
"""


def test_a_default_is_named_and_its_reference_is_not_masked(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(PARAMETER)
    result = pipeline.scan((tmp_path,))
    found: list[Finding] = [
        f for v in result.verdicts if v.check == "plaintext-secret" for f in v.findings
    ]

    assert [evidence.text for finding in found for evidence in finding.evidence] == [
        "it is the default of the parameter Key of template.yaml"
    ]
    text = plain(result)
    assert "kRt7" not in text
    assert "API_KEY: ***" not in text


ROLES = """\
Resources:
  Read:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: {role}
      Code: {{ZipFile: "def handler(event, context): pass"}}
  Own:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{{Effect: Allow, Principal: {{Service: lambda.amazonaws.com}}, Action: sts:AssumeRole}}]
      ManagedPolicyArns: [{policy}]
"""
LOGS = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
TRACES = "arn:aws:iam::aws:policy/AWSXrayWriteOnlyAccess"


@pytest.mark.parametrize(
    ("role", "policy", "attached", "edits"),
    [
        pytest.param("!GetAtt Own.Arn", LOGS, 1, 2, id="own-role-lacks-it"),
        pytest.param("!GetAtt Own.Arn", TRACES, 0, 1, id="own-role-has-it"),
        pytest.param("arn:aws:iam::111122223333:role/plain", LOGS, 0, 0, id="elsewhere"),
    ],
)
def test_tracing_comes_with_the_rights_for_it(
    tmp_path: Path, role: str, policy: str, attached: int, edits: int
) -> None:
    (tmp_path / "template.yaml").write_text(ROLES.format(role=role, policy=policy))
    result = pipeline.scan((tmp_path,), wanted=pipeline.Wanted(Persona.AUDITOR))
    found = [f for v in result.verdicts if v.check == "untraced-request" for f in v.findings]
    mended = pipeline.mend(result, found)

    texts = [edit.text for edit in mended.remedies[found[0].fingerprint].edits]
    assert len(texts) == edits
    assert sum(TRACES in text for text in texts) == attached
