"""Texts and branches of code that no deployed function comes to, each beside one that it does."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline
from checkrein.model import Severity, Verdict

TEMPLATE = """Transform: AWS::Serverless-2016-10-31
Parameters:
  Secret: {Type: String, NoEcho: true%(default)s}
Resources:
  Login:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: %(runtime)s
      Handler: app.handler
      CodeUri: .
      Environment: {Variables: {LEVEL: debug%(login)s}}
      Events: {In: {Type: HttpApi, Properties: {Path: /in, Method: post}}}
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: %(runtime)s
      Handler: app.handler
      CodeUri: .
      Environment: {Variables: {LEVEL: debug%(orders)s}}
"""
PYTHON = """import os
import jwt
SIGNING_SECRET = %s
def handler(event, context):
    return jwt.encode({"sub": "1"}, SIGNING_SECRET, algorithm="HS256")
"""
JAVASCRIPT = """const jwt = require("jsonwebtoken");
const SIGNING_SECRET = %s;
exports.handler = async () => jwt.sign({ sub: "1" }, SIGNING_SECRET);
"""
ISSUED = "sk_" + "live_" + "9rTq2LmXv7KdWz3HbYc8NpFs"  # in parts, as it has the form of a key
GIVEN = ", SIGNING_SECRET: !Ref Secret"


def found(
    folder: Path, file: str, code: str, check: str = "hardcoded-secret", **told: str
) -> list[Verdict]:
    runtime = "python3.14" if file.endswith(".py") else "nodejs24.x"
    said = {"default": "", "login": GIVEN, "orders": GIVEN, "runtime": runtime, **told}
    (folder / "template.yaml").write_text(TEMPLATE % said)
    (folder / file).write_text(code)
    return [v for v in pipeline.scan((folder,)).verdicts if v.check == check and v.findings]


@pytest.mark.parametrize(
    ("file", "value", "told", "low"),
    [
        ("app.py", 'os.environ.get("SIGNING_SECRET", "dev-orders-2024")', {}, True),
        ("app.py", 'os.getenv("SIGNING_SECRET") or "dev-orders-2024"', {}, True),
        ("app.js", 'process.env.SIGNING_SECRET || "dev-orders-2024"', {}, True),
        ("app.js", 'process.env["SIGNING_SECRET"] ?? "dev-orders-2024"', {}, True),
        ("app.js", 'process.env.A || process.env.SIGNING_SECRET || "dev-orders-2024"', {}, True),
        ("app.py", 'os.environ.get("SIGNING_SECRET", "dev-orders-2024")', {"orders": ""}, False),
        ("app.py", 'os.environ.get("SIGNING_KEY", "dev-orders-2024")', {}, False),
        (
            "app.js",
            'process.env.SIGNING_SECRET || "dev-orders-2024"',
            {"default": ', Default: ""'},
            False,
        ),
        ("app.js", 'process.env.LEVEL ? process.env.SIGNING_SECRET : "dev-orders-2024"', {}, False),
        ("app.js", f'process.env.SIGNING_SECRET || "{ISSUED}"', {}, False),
        ("app.js", 'config.SIGNING_SECRET || "dev-orders-2024"', {}, False),
    ],
)
def test_a_text_for_where_a_variable_is_missing_counts_where_one_is(
    tmp_path: Path, file: str, value: str, told: dict[str, str], *, low: bool
) -> None:
    code = (PYTHON if file == "app.py" else JAVASCRIPT) % value
    (verdict,) = found(tmp_path, file, code, **told)
    (finding,) = verdict.findings
    why = [e.text for e in finding.evidence]
    never = "the template gives SIGNING_SECRET to all that run this code: it is never taken"
    assert (never in why) is low
    assert (verdict.severity is Severity.LOW) is low


MAIN = """import hashlib
def hashed(text):
    return hashlib.sha512(text.encode()).hexdigest()
def handler(event, context):
    return hashed(event["body"])%s
if __name__ == "__main__":
    test_password = "%s"
    print(hashed(test_password))
"""


@pytest.mark.parametrize(
    ("also", "text", "low"),
    [
        ("", "SecureOrders123!", True),
        (' == hashed("SecureOrders123!")', "SecureOrders123!", False),
        ("", ISSUED, False),
    ],
)
def test_what_only_a_program_has_is_no_secret_of_a_function(
    tmp_path: Path, also: str, text: str, *, low: bool
) -> None:
    (verdict,) = found(tmp_path, "app.py", MAIN % (also, text))
    assert (verdict.severity is Severity.LOW) is low


def test_what_every_import_runs_is_a_secret_of_a_function(tmp_path: Path) -> None:
    code = MAIN.replace('__name__ == "__main__"', "True") % ("", "SecureOrders123!")
    (verdict,) = found(tmp_path, "app.py", code)
    assert verdict.severity is not Severity.LOW


SEED = """const AWS = require("aws-sdk");
const pool = new AWS.CognitoIdentityServiceProvider();
async function ensureUser(email) {
  if (!email) return ensureUser("nobody@example.com");
  const user = { UserPoolId: process.env.POOL, Username: email, Permanent: true };
  return pool.adminSetUserPassword({ ...user, Password: "%s" }).promise();
}
exports.handler = async (event) => %s;
"""
SEED_PYTHON = """import sys, boto3
from jobs import later
pool = boto3.client("cognito-idp")
def ensure_user(email):
    return pool.admin_set_user_password(UserPoolId="p", Username=email, Password="%s")
def handler(event, context):
    return %s
"""


@pytest.mark.parametrize(
    ("file", "code", "text", "answer", "low"),
    [
        ("app.js", SEED, "DevOrders123!", "({ statusCode: 200 })", True),
        ("app.js", SEED, "DevOrders123!", "ensureUser(event.email)", False),
        ("app.js", SEED, "DevOrders123!", "event.emails.map(ensureUser)", False),
        ("app.js", SEED, "DevOrders123!", "global['ensureUser'](event.email)", False),
        ("app.js", SEED, ISSUED, "({ statusCode: 200 })", False),
        ("app.py", SEED_PYTHON, "DevOrders123!", "{}", True),
        ("app.py", SEED_PYTHON, "DevOrders123!", 'ensure_user(event["email"])', False),
        ("app.py", SEED_PYTHON, "DevOrders123!", 'globals()["ensure_user"](event)', False),
        ("app.py", SEED_PYTHON, "DevOrders123!", 'globals()["ensure_" + event["x"]](1)', False),
        (
            "app.py",
            SEED_PYTHON,
            "DevOrders123!",
            'getattr(sys.modules["app"], event["x"])(1)',
            False,
        ),
        ("app.py", SEED_PYTHON, "DevOrders123!", 'later("app.ensure_user")', False),
        ("app.py", SEED_PYTHON, "DevOrders123!", 'getattr(boto3, event["x"])(1)', True),
    ],
)
def test_what_stands_in_a_function_that_nothing_names_opens_nothing(
    tmp_path: Path, file: str, code: str, text: str, answer: str, *, low: bool
) -> None:
    (verdict,) = found(tmp_path, file, code % (text, answer))
    assert (verdict.severity is Severity.LOW) is low


WHERE = """Transform: AWS::Serverless-2016-10-31
Parameters: {Where: {Type: String}}
Resources:
  Login:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: app.handler
      CodeUri: .
      Environment:
        Variables:
          LEVEL: debug
          TOLD
"""
LOCAL = """import os, psycopg2
WHERE = os.getenv("STAGE", "local")
def handler(event, context):
    if WHERE %s "local":
        password = os.environ["DB_TOKEN"]
    else:
        password = "pg-admin-2024"
    return psycopg2.connect(host="db", user="app", password=password)
"""


@pytest.mark.parametrize(
    ("test", "told", "low"),
    [
        ("!=", "STAGE: !Ref Where", True),
        ("==", "STAGE: !Ref Where", False),
        ("!=", "OTHER: !Ref Where", False),  # unset, it is local
    ],
)
def test_a_password_for_somebodys_machine_is_none_where_it_is_deployed(
    tmp_path: Path, test: str, told: str, *, low: bool
) -> None:
    (tmp_path / "template.yaml").write_text(WHERE.replace("TOLD", told))
    (tmp_path / "app.py").write_text(LOCAL % test)
    every = pipeline.scan((tmp_path,), lambda _: None).verdicts
    verdicts = [v for v in every if v.check == "hardcoded-secret" and v.findings]
    assert verdicts
    assert all((v.severity == Severity.LOW) is low for v in verdicts)
