"""A secret is one finding, where it is written; and it is never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline
from checkrein.model import Finding
from checkrein.report.json import document
from checkrein.report.terminal import plain

FUNCTIONS = """Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: python3.14
    CodeUri: src/
    Environment:
      Variables:
        SHARED_PASSWORD: Pa55-for-all
Resources:
  First:
    Type: AWS::Serverless::Function
    Properties: {Handler: first.handler}
  Second:
    Type: AWS::Serverless::Function
    Properties: {Handler: second.handler}
"""
SETTINGS = 'DB_PASSWORD = "orders-2024!"\n'
CODE = """from settings import DB_PASSWORD
import psycopg2
def handler(event, context):
    psycopg2.connect(host="db", password=DB_PASSWORD)
"""


def findings(folder: Path, files: dict[str, str]) -> list[Finding]:
    """Return what the two checks of secrets find."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    result = pipeline.scan((folder,))
    for secret in ("Pa55", "2024", "hunter2", "7fa31c0e"):
        assert secret not in plain(result) + document(result).decode()
    checks = ("plaintext-secret", "hardcoded-secret")
    found = [f for v in result.verdicts if v.check in checks for f in v.findings]
    assert all(finding.secret for finding in found)
    return sorted(found, key=lambda finding: finding.place)


def said(found: list[Finding]) -> list[tuple[str, str]]:
    return [(str(finding.place), finding.message) for finding in found]


def test_one_secret_of_many_functions_is_one_finding(tmp_path: Path) -> None:
    files = {"template.yaml": FUNCTIONS, "src/settings.py": SETTINGS}
    code, shared = findings(tmp_path, {**files, "src/first.py": CODE, "src/second.py": CODE})

    assert said([code, shared]) == [
        (
            "src/settings.py:1",
            "DB_PASSWORD stands in the code of First and Second (password)",
        ),
        ("template.yaml:8", "SHARED_PASSWORD of First is in clear (password)"),
    ]
    assert code.by == shared.by == ("template/First", "template/Second")
    assert [(step.text, str(step.place)) for step in code.steps] == [
        ("psycopg2.connect takes it as password", "src/first.py:4"),
        ("psycopg2.connect takes it as password", "src/second.py:4"),
    ]


def test_the_same_text_in_two_files_is_one_finding(tmp_path: Path) -> None:
    files = {"template.yaml": FUNCTIONS.replace("Pa55-for-all", "changeme")}
    for name in ("first", "second"):
        files[f"src/{name}.py"] = f"{SETTINGS}def handler(event, context): pass\n"
    (finding,) = findings(tmp_path, files)

    assert str(finding.place) == "src/first.py:1"
    assert [str(step.place) for step in finding.steps] == ["src/second.py:1"]


ONE = """Resources:
  Worker:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: RUNTIME
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          """
KEY = "AKIA" + "Q3EGRM7TZ5HV2WXY"
PYTHON = {
    'import jwt\njwt.encode(event, "secret")': "the key of jwt.encode stands in the code of Worker"
    " (shared secret)",
    'import requests\nrequests.get("https://x", auth=("bob", "hunter2"))': "password",
    f'k = "{KEY}"\naws_secret_access_key = "q7Rt2LmZx94KdVbN3sYw8HcPf6JgTa5Ue1XoMiQk"': (
        "aws_secret_access_key stands in the code of Worker (cloud access key pair)"
    ),
    f'k = "{KEY}"': "k stands in the code of Worker (AWS access key id)",
    'import redis\nredis.Redis("h", 1, 0, "changeme")': "password stands in the code of Worker",
    'import hmac\nhmac.compare_digest(event["token"], "letters")': "the b of hmac.compare_digest",
    'import hmac\nhmac.compare_digest(hmac.new(b"k", event["x"]).digest(), "letters")': (
        "the b of hmac.compare_digest"
    ),
    'import requests\nrequests.get("https://bob:hunter2@api.internal/x")': "connection string",
    'import os, redis\nredis.Redis("h", 1, 0, os.environ.get("P") or "hunter2")': (
        "password falls back to a text in the code of Worker (password)"
    ),
}
QUIET = (
    'import jwt, os\njwt.encode(event, os.environ["JWT_SECRET"])',
    'import jwt\njwt.decode(event, options={"verify_signature": False})',
    'import os\nos.environ.get("API_TOKEN", "")',
    'import os\nos.environ.get("API_TOKEN", "none")',
    'import os\nos.environ.get("DB_SECRET", "prod-db-credentials")',
    'import hmac\nhmac.new(event["k"].encode(), b"the message", "sha256")',
    'import requests\nrequests.get("https://x", headers={"Authorization": event["a"]})',
    'import boto3\nboto3.client("s3", aws_access_key_id="test", aws_secret_access_key="test")',
    'token = "accessToken"\npassword = "password"\nx = {"secretKey": "CLIENT_SECRET"}',
    'if event["grant_type"] == "password": x = 1',
    'import os, redis\nredis.Redis("h", 1, 0, os.environ.get("P") or "password")',
)


def one(folder: Path, code: str, runtime: str = "python3.14") -> list[Finding]:
    body = "\n".join(f"    {line}" for line in code.splitlines())
    text = f"def handler(event, context):\n{body}\n"
    template = ONE.replace("RUNTIME", runtime) + text.replace("\n", "\n          ") + "\n"
    return findings(folder, {"template.yaml": template})


@pytest.mark.parametrize("code", PYTHON)
def test_what_signs_in_or_signs_is_a_secret(code: str, tmp_path: Path) -> None:
    (finding,) = one(tmp_path, code)
    assert PYTHON[code] in finding.message
    assert finding.place.line == 10 + len(code.splitlines())


@pytest.mark.parametrize("code", QUIET)
def test_what_only_resembles_a_secret_is_none(code: str, tmp_path: Path) -> None:
    assert said(one(tmp_path, code)) == []


AUTHORIZER = """Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: api}
  Guard:
    Type: AWS::ApiGateway::Authorizer
    Properties:
      Name: guard
      Type: TOKEN
      RestApiId: !Ref Api
      IdentitySource: method.request.header.Authorization
      AuthorizerUri: !Sub
        - arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${Arn}/invocations
        - {Arn: !GetAtt Worker.Arn}
  Worker:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs24.x
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          exports.handler = async (event) => {
            const [scheme, token] = event.authorizationToken.split(" ");
            if (token === "undefined" || token !== "letmein") throw Error("no");
          };
"""


def test_a_text_that_an_authorizer_accepts(tmp_path: Path) -> None:
    assert said(findings(tmp_path, {"template.yaml": AUTHORIZER})) == [
        (
            "template.yaml:25",
            "token is compared with a text in the code of Worker (token that lets in)",
        )
    ]
    plain_function = AUTHORIZER.replace("AuthorizerUri", "AuthorizerCredentials")
    assert said(findings(tmp_path, {"template.yaml": plain_function})) == []


NESTED = """Resources:
  Child:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: child.yaml
      Parameters: {Password: !Ref Password}
Parameters:
  Password: {Type: String, Default: hunter2x}
"""
CHILD = """Parameters:
  Password: {Type: String, NoEcho: true}
Resources:
  Orders:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: postgres, MasterUsername: orders, MasterUserPassword: !Ref Password}
"""


def test_a_default_is_told_once_with_whom_it_reaches(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, {"template.yaml": NESTED, "child.yaml": CHILD})

    assert said([finding]) == [
        ("template.yaml:8", "the default of parameter Password is in clear (password)")
    ]
    assert "MasterUserPassword of Orders is set to it" in [step.text for step in finding.steps]


def test_an_argument_of_a_nested_stack_is_told_where_it_is_written(tmp_path: Path) -> None:
    parent = NESTED.replace("!Ref Password", "hunter2x").partition("Parameters:\n  Password")[0]
    (finding,) = findings(tmp_path, {"template.yaml": parent, "child.yaml": CHILD})
    assert str(finding.place) == "template.yaml:6"


def test_what_a_parameter_file_gives_is_one_finding(tmp_path: Path) -> None:
    template = FUNCTIONS.replace("Pa55-for-all", "!Ref Password").replace(
        "Resources:", "Parameters:\n  Password: {Type: String, NoEcho: true}\nResources:"
    )
    config = (
        'version = 0.1\n[default.deploy.parameters]\nparameter_overrides = "Password=hunter2x"\n'
    )
    (finding,) = findings(tmp_path, {"template.yaml": template, "samconfig.toml": config})
    assert [each.text for each in finding.evidence] == [
        "samconfig.toml or a parameter file gives it to the parameter Password"
    ]


TERRAFORM = """variable "jwt_secret" {}
variable "database_password" {
  default = "hunter2x-orders"
}
resource "aws_ssm_parameter" "key" {
  name  = "shop-signing-key"
  type  = "String"
  value = var.jwt_secret
}
resource "aws_db_instance" "orders" {
  engine   = "postgres"
  username = "orders"
  password = var.database_password
}
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = "arn:aws:iam::111122223333:role/plain"
  environment {
    variables = {
      API_TOKEN = "7fa31c0e9b2d4468"
    }
  }
}
"""
SERVICE = """service: shop
provider: {name: aws, runtime: nodejs22.x}
functions:
  login:
    handler: login.handler
    environment: {JWT_SECRET: "${ssm:shop-signing-key}"}
"""


def test_what_files_give_to_variables_of_terraform_stands_there(tmp_path: Path) -> None:
    files = {
        "infra/main.tf": TERRAFORM,
        "infra/terraform.tfvars": '\njwt_secret = "hunter2-signs-all"\n',
        "api/serverless.yml": SERVICE,
        "api/login.js": "exports.handler = async () => process.env.JWT_SECRET.length\n",
    }
    found = findings(tmp_path, files)

    assert said(found) == [
        (
            "infra/main.tf:3",
            "the default of variable database_password is in clear (password)",
        ),
        (
            "infra/main.tf:20",
            "API_TOKEN of aws_lambda_function.f is in clear (API key or access token)",
        ),
        (
            "infra/terraform.tfvars:2",
            "Value of aws_ssm_parameter.key is in clear (private or encryption key)",
        ),
    ]
    assert found[2].by == ("infra/aws_ssm_parameter.key", "api/serverless/login")


def test_a_secret_is_hidden_and_its_name_is_not(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(TERRAFORM)
    told = plain(pipeline.scan((tmp_path,)))

    assert 'API_TOKEN = "****************"' in told
    assert 'variable "database_password" {' in told


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (
            "app.py",
            """import boto3
people = boto3.resource("dynamodb").Table("people")
COMMON_PASSWORDS = ["password123", "qwerty12!"]
DEFAULTS = {"adminPasswords": ["hunter2!x"]}
def handler(event, context):
    if event["password"] in COMMON_PASSWORDS:
        return None
    people.update_item(Key={"id": 1}, UpdateExpression="SET password = :p, username = :u")
    return DEFAULTS
""",
        ),
        (
            "app.js",
            """const { DynamoDB } = require("aws-sdk");
const people = new DynamoDB.DocumentClient();
const commonPasswords = ["password123", "qwerty12!"];
const defaults = { adminPasswords: ["hunter2!x"] };
exports.handler = async (event) => {
  if (commonPasswords.includes(event.password)) return null;
  await people.update({ Key: { id: 1 }, UpdateExpression: "SET password = :p, username = :u" }).promise();
  return defaults;
};
""",
        ),
    ],
)
def test_what_is_refused_or_bound_is_no_password(file: str, code: str, tmp_path: Path) -> None:
    runtime = "python3.14" if file.endswith("py") else "nodejs24.x"
    template = f"""Resources:
  One:
    Type: AWS::Lambda::Function
    Properties: {{Runtime: {runtime}, Handler: app.handler, Code: .}}
"""
    (found,) = findings(tmp_path, {"template.yaml": template, file: code})
    assert found.place.line == 4


PARAMETER = """Parameters:
  ClientSecret: {Type: String, Default: %s}
Resources:
  Ask:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: java21
      Handler: a.B
      Role: arn:aws:iam::111122223333:role/plain
      Code: {S3Bucket: made, S3Key: ask.jar}
      Environment: {Variables: {CLIENT_SECRET: !Ref ClientSecret}}
"""


@pytest.mark.parametrize(
    ("default", "severity"), [("secret", "medium"), ("kRt7-horse", "critical")]
)
def test_a_default_that_says_what_belongs_there_weighs_less(
    tmp_path: Path, default: str, severity: str
) -> None:
    (tmp_path / "template.yaml").write_text(PARAMETER % default)

    verdicts = pipeline.scan((tmp_path,)).verdicts

    found = [v for v in verdicts if v.check == "plaintext-secret" and v.findings]
    assert [str(each.severity) for each in found] == [severity]


PAGE = """const config = {{
  apiKey: "AIzaSyB2c8d7e6f5g4h3j2k1l0m9n8o7p6q5r4s",
  {beside},
}};
exports.handler = async () => config;
"""
JAVASCRIPT = """Transform: AWS::Serverless-2016-10-31
Resources:
  Only:
    Type: AWS::Serverless::Function
    Properties: {Runtime: nodejs24.x, Handler: first.handler, CodeUri: src/}
"""


@pytest.mark.parametrize(
    ("beside", "fault"),
    [
        ('authDomain: "rides-4468.firebaseapp.com"', 1),
        ("authDomain: `${process.env.PROJECT}.firebaseapp.com`", 1),
        ('endpoint: "generativelanguage.googleapis.com"', 2),
        ('other: { authDomain: "rides-4468.firebaseapp.com" }', 2),
    ],
)
def test_a_key_that_every_page_of_firebase_is_given_opens_nothing(
    tmp_path: Path, beside: str, fault: int
) -> None:
    code = PAGE.format(beside=beside)
    (finding,) = findings(tmp_path, {"template.yaml": JAVASCRIPT, "src/first.js": code})

    assert (finding.fault, bool(finding.data)) == (fault, fault > 1)
