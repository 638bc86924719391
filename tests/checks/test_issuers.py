"""A credential that goes back to its issuer is no leak; what the app itself goes by is."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline
from checkrein.checks.issuers import is_issued_by

TEMPLATE = """Transform: AWS::Serverless-2016-10-31
Resources:
  Users: {{Type: AWS::Cognito::UserPool}}
  Api:
    Type: AWS::Serverless::Api
    Properties: {{StageName: live{auth}}}
  Sync:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: {runtime}
      Handler: app.handler
      CodeUri: .
      Events:
        All: {{Type: Api, Properties: {{RestApiId: !Ref Api, Path: /sync, Method: POST}}}}
"""
SIGNED_IN = ", Auth: {DefaultAuthorizer: In, Authorizers: {In: {UserPoolArn: !GetAtt Users.Arn}}}"
PYTHON = """import jwt, os, requests
def handler(event, context):
    shown = event["headers"]["HEADER"]
    BEFORE
    answer = requests.get("https://connect.squareup.com/v2/ASKED", headers={"WHERE": shown})
    return {"statusCode": answer.status_code}
"""
JAVASCRIPT = """const axios = require("axios"), jwt = require("jsonwebtoken");
exports.handler = async (event) => {
  const shown = event.headers["HEADER"];
  BEFORE
  const answer = await axios.get("https://connect.squareup.com/v2/ASKED", { headers: { "WHERE": shown } });
  return { statusCode: answer.status };
};
"""
CASES = [  # header, where it goes, signed-in callers, what comes before, leaks
    ("x-square-access-token", "Authorization", False, "", False),
    ("x-square-access-token", "Authorization", True, "", False),
    ("x-stripe-access-token", "Authorization", True, "", True),
    ("x-access-token", "Authorization", True, "", True),
    ("x-connect-token", "Authorization", True, "", True),
    ("x-stripe-access-token", "Authorization", False, "", True),
    ("x-access-token", "Authorization", False, "", False),
    ("x-access-token", "Authorization", False, "VERIFIED", True),
    ("usertoken", "Authorization", True, "", True),
    ("usertoken", "Authorization", False, "", False),
    ("usertoken", "Authorization", False, "ELSEWHERE", True),
    ("Authorization", "Authorization", True, "", True),
    ("Authorization", "Authorization", False, "", False),
    ("Authorization", "X-Who", False, "", True),
    ("Authorization", "Authorization", False, "VERIFIED", True),
    ("Authorization", "Authorization", False, "ELSEWHERE", True),
    ("Authorization", "Authorization", False, "COMPARED", True),
]
BEFORE = {
    ("app.py", "VERIFIED"): 'jwt.decode(shown, os.environ["KEY"], algorithms=["HS256"])',
    ("app.py", "COMPARED"): 'if shown != os.environ["OWN_TOKEN"]: return {"statusCode": 401}',
    (
        "app.py",
        "ELSEWHERE",
    ): 'requests.get("https://id.acme.io/me", headers={"Authorization": shown})',
    ("app.js", "VERIFIED"): "jwt.verify(shown, process.env.KEY);",
    ("app.js", "COMPARED"): "if (shown !== process.env.OWN_TOKEN) return { statusCode: 401 };",
    (
        "app.js",
        "ELSEWHERE",
    ): 'await axios.get("https://id.acme.io/me", { headers: { Authorization: shown } });',
}


FILES = {"app.py": (PYTHON, "python3.14"), "app.js": (JAVASCRIPT, "nodejs24.x")}


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("case", CASES)
def test_only_what_the_receiver_did_not_issue_leaks(
    case: tuple[str, str, bool, str, bool], file: str, tmp_path: Path
) -> None:
    header, where, signed_in, before, leaks = case
    assert _leaks(tmp_path, file, (header, where, "orders", before), signed_in=signed_in) == leaks


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize(
    ("header", "asked", "before", "leaks"),
    [
        ("usertoken", "user/me", "", False),
        ("x-access-token", "oauth2/userinfo?alt=json", "", False),
        ("x-access-token", "members", "", True),
        ("x-access-token", "me/orders", "", True),
        ("x-access-token", "user/me", "VERIFIED", True),  # the app goes by it itself
    ],
)
def test_who_says_whose_a_token_is_has_issued_it(
    header: str, asked: str, before: str, *, leaks: bool, file: str, tmp_path: Path
) -> None:
    found = _leaks(tmp_path, file, (header, "Authorization", asked, before), signed_in=True)
    assert found == leaks


def _leaks(root: Path, file: str, case: tuple[str, str, str, str], *, signed_in: bool) -> bool:
    """Tell whether an application sends a credential to another company."""
    header, where, asked, before = case
    code, runtime = FILES[file]
    template = TEMPLATE.format(auth=SIGNED_IN if signed_in else "", runtime=runtime)
    (root / "template.yaml").write_text(template)
    code = code.replace("HEADER", header).replace("WHERE", where).replace("ASKED", asked)
    (root / file).write_text(code.replace("BEFORE", BEFORE.get((file, before), "")))
    verdicts = pipeline.scan((root,)).verdicts
    found = [f for v in verdicts if v.check == "data-to-third-party" for f in v.findings]
    return any("squareup" in finding.message for finding in found)


EXCHANGING = """const axios = require("axios");
exports.handler = async (event) => {
  const { authCode, email } = JSON.parse(event.body);
  const { data } = await axios.post(SENT);
  return { statusCode: 200, body: data.token_type };
};
"""


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (
            '"https://id.video.test/token", { authCode, grant_type: "authorization_code" }',
            False,
        ),
        ("`https://id.video.test/token?authCode=${authCode}&grant_type=authorization_code`", False),
        ('"https://id.video.test/token", { authCode }', True),
        ('"https://id.video.test/token", { email, grant_type: "password" }', True),
    ],
)
def test_who_issued_a_code_gets_it_back(tmp_path: Path, sent: str, told: bool) -> None:  # noqa: FBT001
    (tmp_path / "template.yaml").write_text(
        "Transform: AWS::Serverless-2016-10-31\n"
        "Resources:\n"
        "  Ask:\n"
        "    Type: AWS::Serverless::Function\n"
        "    Properties:\n"
        "      Runtime: nodejs24.x\n"
        "      Handler: app.handler\n"
        "      CodeUri: .\n"
        "      Events: {Ask: {Type: HttpApi, Properties: {Path: /ask, Method: post}}}\n"
    )
    (tmp_path / "app.js").write_text(EXCHANGING.replace("SENT", sent))

    verdicts = pipeline.scan((tmp_path,)).verdicts

    found = [f for v in verdicts if v.check == "data-to-third-party" for f in v.findings]
    assert bool(found) is told


@pytest.mark.parametrize(
    ("held", "host", "expected"),
    [
        ("env.UNSPLASH_ACCESS_KEY", "host:api.unsplash.com", True),
        ("env.M5C_ACCESS_KEY", "host:apiv2.m5clogs.com", True),
        ("event.body.m5c_key", "host:apiv2.m5clogs.com", False),  # a caller's
        ("env.USER_KEY", "host:api.userpilot.com", False),  # says of no company
        ("env.AB_KEY", "host:api.absolute.com", False),
    ],
)
def test_a_company_s_name_may_be_cut_short(held: str, host: str, expected: bool) -> None:  # noqa: FBT001
    assert is_issued_by(held, host) is expected
