"""Which findings are high or critical, and which are told with less weight, and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline
from checkrein.model import Severity, Verdict

POOL = """Transform: AWS::Serverless-2016-10-31
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties: {Schema: [{Name: role, AttributeDataType: String, Mutable: true}]}
  Client: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: !Ref Pool}}
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: live
      Auth: {DefaultAuthorizer: P, Authorizers: {P: {UserPoolArn: !GetAtt Pool.Arn}}}
  Ask:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs24.x
      Handler: app.handler
      CodeUri: .
      Policies: [{Statement: [{Effect: Allow, Action: 'dynamodb:*', Resource: !GetAtt People.Arn}]}]
      Events: {Ask: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /ask, Method: post}}}
  People:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: people
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
"""
MAPPED = """  Roles:
    Type: AWS::Cognito::IdentityPoolRoleAttachment
    Properties:
      IdentityPoolId: eu-west-1:x
      RoleMappings:
        pool:
          Type: Rules
          RulesConfiguration: {Rules: [{Claim: 'custom:role', MatchType: Equals, Value: admin, RoleARN: a}]}
"""
VERIFIED = """const jwt = require("jsonwebtoken");
exports.handler = async (event) => {{
  const token = jwt.verify(event.headers.authorization, process.env.KEY);
  const role = token["custom:role"];
  return {then};
}};
"""
SIGNING_UP = """
const {{ CognitoIdentityProviderClient, SignUpCommand }} = require("@aws-sdk/client-cognito-identity-provider");
exports.handler = async (event) => {{
  const {{ email, password, role }} = JSON.parse(event.body);
  await new CognitoIdentityProviderClient({{}}).send(new SignUpCommand({{
    ClientId: "x", Username: email, Password: password,
    UserAttributes: [{{ Name: "email", Value: email }}, {{ Name: "custom:role", Value: {role} }}],
  }}));
  return event.requestContext.authorizer.claims["custom:role"] === "admin";
}};
"""


def found(root: Path, check: str) -> list[Verdict]:
    """Return the findings of one check on a folder."""
    return [v for v in pipeline.scan((root,)).verdicts if v.check == check and v.findings]


def graded(root: Path, check: str) -> list[Severity]:
    return [verdict.severity for verdict in found(root, check)]


# ------------------------------------------------------------ attributes that users may set

NOBODY = ", which no code read here asks for"


@pytest.mark.parametrize(
    ("code", "more", "expected"),
    [
        ("exports.handler = async () => 1;", "", (Severity.LOW, NOBODY)),
        ('exports.handler = async () => ({ Name: "custom:role", Value: 1 });', "", (Severity.LOW, NOBODY)),
        ('exports.handler = async () => ({ "custom:role": 1 });', "", (Severity.LOW, NOBODY)),
        ('exports.handler = async (e) => one(e)["custom:role"];', "", (Severity.HIGH, "")),
        ('exports.handler = async (e) => one(e).get("custom:role", 1);', "", (Severity.HIGH, "")),
        ('const f = ({"custom:role": role}) => role; exports.handler = f;', "", (Severity.CRITICAL, "")),
        ('exports.handler = async (e) => one(e)["custom:role"] === "admin";', "", (Severity.CRITICAL, "")),
        (VERIFIED.format(then='role === "admin"'), "", (Severity.CRITICAL, "")),
        (VERIFIED.format(then="1"), "", (Severity.HIGH, "")),
        ('exports.handler = async (e) => one(e).Name === "custom:role";', "", (Severity.CRITICAL, "")),
        ("exports.handler = async () => 1;", MAPPED, (Severity.HIGH, "")),
        (SIGNING_UP.format(role="role"), "", (Severity.MEDIUM, ", which Ask lets them choose when they sign up")),
        (SIGNING_UP.format(role='"guest"'), "", (Severity.CRITICAL, "")),
    ],
)  # fmt: skip
def test_an_attribute_is_serious_where_something_decides_by_it(
    tmp_path: Path, code: str, more: str, expected: tuple[Severity, str]
) -> None:
    (tmp_path / "template.yaml").write_text(POOL + more)
    (tmp_path / "app.js").write_text(code)
    (verdict,) = found(tmp_path, "self-writable-privilege-attribute")
    said = verdict.findings[0].message.removeprefix("users of Client may set their own custom:role")
    assert (verdict.severity, said) == expected


TRIGGERED = """  Joins:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs24.x
      Handler: joins.handler
      CodeUri: .
      Events: {Join: {Type: Cognito, Properties: {UserPool: !Ref Pool, Trigger: %s}}}
"""


@pytest.mark.parametrize(
    ("trigger", "severity"),
    [("PreSignUp", Severity.MEDIUM), ("PreTokenGeneration", Severity.HIGH)],
)
def test_who_only_sees_people_sign_up_decides_nothing_by_an_attribute(
    tmp_path: Path, trigger: str, severity: Severity
) -> None:
    (tmp_path / "template.yaml").write_text(POOL + TRIGGERED % trigger)
    (tmp_path / "app.js").write_text("exports.handler = async () => 1;")
    (tmp_path / "joins.js").write_text(
        """exports.handler = async (event) => {
  const role = event.request.userAttributes["custom:role"] || "guest";
  if (role === "admin") console.log("an admin");
  return event;
};"""
    )
    assert graded(tmp_path, "self-writable-privilege-attribute") == [severity]


@pytest.mark.parametrize(
    ("only", "severity"), [("true", Severity.HIGH), ("false", Severity.CRITICAL)]
)
def test_an_attribute_of_people_whom_somebody_let_in_is_high(
    tmp_path: Path, only: str, severity: Severity
) -> None:
    inviting = f"{{AdminCreateUserConfig: {{AllowAdminCreateUserOnly: {only}}}, Schema:"
    (tmp_path / "template.yaml").write_text(POOL.replace("{Schema:", inviting))
    code = 'exports.handler = async (e) => one(e)["custom:role"] === "admin";'
    (tmp_path / "app.js").write_text(code)
    assert graded(tmp_path, "self-writable-privilege-attribute") == [severity]


@pytest.mark.parametrize(
    ("name", "field", "chosen"),
    [
        ("tenant_id", "tenantId", True),
        ("ownTenantId", "tenant_id", True),
        ("tenant_id", "externalId", False),
        ("access_level", "skillLevel", False),
    ],
)
def test_what_people_choose_when_they_sign_up_is_named_as_the_attribute_is(
    tmp_path: Path, name: str, field: str, *, chosen: bool
) -> None:
    text = SIGNING_UP.format(role=field).replace("password, role }", f"password, {field} }}")
    (tmp_path / "template.yaml").write_text(POOL.replace("role", name))
    (tmp_path / "app.js").write_text(text.replace("custom:role", f"custom:{name}"))
    (verdict,) = found(tmp_path, "self-writable-privilege-attribute")
    assert ("lets them choose" in verdict.findings[0].message) is chosen


def test_what_reads_an_attribute_in_a_language_that_nobody_reads_is_not_known(
    tmp_path: Path,
) -> None:
    (tmp_path / "template.yaml").write_text(
        POOL.replace("nodejs24.x", "java21").replace("app.handler", "shop.Ask::handle")
    )
    (verdict,) = found(tmp_path, "self-writable-privilege-attribute")
    assert (verdict.severity, verdict.findings[0].message) == (
        Severity.MEDIUM,
        "users of Client may set their own custom:role",
    )


# ------------------------------------------------------------------------------ secrets

SERVICE = """service: shop
provider:
  name: aws
  runtime: python3.14
  environment: {{SIGNING_SECRET: "{value}"}}
functions: {{ask: {{handler: app.handler, events: [{{httpApi: GET /ask}}]}}}}
{more}
"""
SIGNS = """import os, jwt
def handler(event, context):
    return jwt.encode({}, os.environ["SIGNING_SECRET"], algorithm="HS256")
"""
IDLE = "def handler(event, context): return 1\n"


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        ("orders-production-secret-2025", SIGNS, [Severity.CRITICAL]),
        ("orders-production-secret-2025", IDLE, [Severity.LOW]),
        ("orders-production-secret-2025", f"import environs\n{IDLE}", [Severity.CRITICAL]),
        ("8f2c9a417be03d5516a0c4e7", IDLE, [Severity.CRITICAL]),
        ("whsec_123", SIGNS, [Severity.MEDIUM]),
        ("sk_test_123", SIGNS, []),
    ],
)
def test_words_that_nothing_is_signed_by_and_what_no_issuer_gave_open_nothing(
    tmp_path: Path, value: str, code: str, expected: list[Severity]
) -> None:
    (tmp_path / "serverless.yml").write_text(SERVICE.format(value=value, more=""))
    (tmp_path / "app.py").write_text(code)
    assert graded(tmp_path, "plaintext-secret") == expected


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        (".env.dev", "dev-secret-123", [Severity.LOW]),
        (".env.dev", "shop-secret-2026", [Severity.CRITICAL]),
        (".env", "dev-secret-123", [Severity.CRITICAL]),
    ],
)
def test_a_text_that_stands_for_a_secret_where_its_author_works_opens_nothing(
    tmp_path: Path, name: str, value: str, expected: list[Severity]
) -> None:
    service = SERVICE.format(value="${env:SIGNING_SECRET}", more="useDotenv: true")
    (tmp_path / "serverless.yml").write_text(service)
    (tmp_path / name).write_text(f"SIGNING_SECRET={value}\n")
    (tmp_path / "app.py").write_text(SIGNS)
    assert graded(tmp_path, "plaintext-secret") == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ('password=os.environ.get("DB_PASSWORD", "devpassword")', [Severity.LOW]),
        ('password=os.environ.get("DB_PASSWORD", "shop-2026!")', [Severity.HIGH]),
        ('host="localhost", password="shop-2026!"', [Severity.LOW]),
        ('host="db.shop.com", password="shop-2026!"', [Severity.CRITICAL]),
        ('host=os.environ.get("HOST", "localhost"), password="shop-2026!"', [Severity.CRITICAL]),
        (
            'host=os.environ.get("HOST", "localhost"), password=os.environ.get("P", "shop-2026!")',
            [Severity.LOW],
        ),
    ],
)
def test_a_password_for_the_authors_own_machine_opens_nothing(
    tmp_path: Path, given: str, expected: list[Severity]
) -> None:
    (tmp_path / "serverless.yml").write_text(SERVICE.format(value="none", more=""))
    (tmp_path / "app.py").write_text(
        f"import os, psycopg2\ndef handler(event, context):\n    return psycopg2.connect({given})\n"
    )
    assert graded(tmp_path, "hardcoded-secret") == expected


TWO = """service: shop
provider: {name: aws, runtime: python3.14}
functions:
  ask: {handler: app.handler, events: [{httpApi: GET /ask}]}
  tell: {handler: app.handler, events: [{httpApi: GET /tell}]}
"""
USERS = """USERS = [{"name": "root", "password": "shop-2026!"}]
def handler(event, context):
    return USERS
"""


def test_a_password_that_no_call_is_seen_to_take_may_open_anything(tmp_path: Path) -> None:
    (tmp_path / "serverless.yml").write_text(TWO)
    (tmp_path / "app.py").write_text(USERS)
    assert graded(tmp_path, "hardcoded-secret") == [Severity.CRITICAL]


# ------------------------------------------------------------------------ third parties

SENDING = """import requests
def handler(event, context):
    body = event["body"]
    requests.post("{url}", json={{"it": body["{field}"]}})
"""


@pytest.mark.parametrize(
    ("url", "field", "expected"),
    [
        ("https://api.telephones.com/call", "phoneNumber", [Severity.MEDIUM]),
        ("http://api.telephones.com/call", "phoneNumber", [Severity.HIGH]),
        ("https://api.telephones.com/call", "password", [Severity.MEDIUM]),
        ("https://api.telephones.com/call", "diagnosis", [Severity.MEDIUM]),
        ("http://api.telephones.com/call", "diagnosis", [Severity.HIGH]),
        ("https://api.telephones.com/call", "cardNumber", [Severity.MEDIUM]),
        ("http://api.telephones.com/call", "cardNumber", [Severity.HIGH]),
        ("https://api.telephones.com/call", "nationalId", [Severity.MEDIUM]),
    ],
)
def test_what_others_mostly_get_is_a_small_fault_over_https(
    tmp_path: Path, url: str, field: str, expected: list[Severity]
) -> None:
    (tmp_path / "serverless.yml").write_text(SERVICE.format(value="none", more=""))
    (tmp_path / "app.py").write_text(SENDING.format(url=url, field=field))
    assert graded(tmp_path, "data-to-third-party") == expected


# ------------------------------------------------------------------ what can be foretold

MAKING = """import os, random, jwt, boto3
def handler(event, context):
    body = event["body"]
    boto3.resource("dynamodb").Table("people").put_item(Item={{"email": body["email"]}})
    made = {made}
    boto3.client("cognito-idp").{call}
    return {{"ticket": random.randint(1, 9999)}}
"""
ADDING = "admin_create_user(UserPoolId='p', Username='u', TemporaryPassword=made)"
SETTING = "admin_set_user_password(UserPoolId='p', Username='u', Password=made, Permanent=True)"
KEYED = "jwt.encode({'id': random.random()}, os.environ['SIGNING_SECRET'])"


@pytest.mark.parametrize(
    ("made", "call", "expected"),
    [
        ("str(random.random())", ADDING, [Severity.MEDIUM]),
        ("str(random.random())", SETTING, [Severity.HIGH]),
        (KEYED, SETTING, []),
        ("os.environ['STAGE'] + str(random.random())", SETTING, [Severity.HIGH]),
    ],
)
def test_a_first_password_is_less_and_what_a_key_signs_is_nothing_to_foretell(
    tmp_path: Path, made: str, call: str, expected: list[Severity]
) -> None:
    (tmp_path / "serverless.yml").write_text(SERVICE.format(value="none", more=""))
    (tmp_path / "app.py").write_text(MAKING.format(made=made, call=call))
    assert graded(tmp_path, "predictable-secret") == expected


# ------------------------------------------------------------------------- rights and keys

PEOPLE = """  People:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: people
      KeySchema: [{AttributeName: passportNumber, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: passportNumber, AttributeType: S}]
"""
ROLE = """Resources:
%s  Admin:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {AWS: 'arn:aws:iam::111122223333:root'}
            Action: sts:AssumeRole
            %s
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess']
"""


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("", Severity.HIGH),
        ("Condition: {Bool: {'aws:MultiFactorAuthPresent': true}}", Severity.MEDIUM),
        ("Condition: {Bool: {'aws:MultiFactorAuthPresent': false}}", Severity.HIGH),
        ("Condition: {BoolIfExists: {'aws:MultiFactorAuthPresent': true}}", Severity.HIGH),
        ("Condition: {Bool: {'aws:MultiFactorAuthPresent': [true, false]}}", Severity.HIGH),
        ("Condition: {'Null': {'aws:MultiFactorAuthAge': true}}", Severity.HIGH),
        ("Condition: {StringNotEquals: {'aws:MultiFactorAuthPresent': 'no'}}", Severity.HIGH),
        ("Condition: {NumericLessThan: {'aws:MultiFactorAuthAge': 3600}}", Severity.MEDIUM),
    ],
)
def test_an_administrator_with_a_second_factor_is_less_of_a_fault(
    tmp_path: Path, condition: str, expected: Severity
) -> None:
    (tmp_path / "template.yaml").write_text(ROLE % (PEOPLE, condition))
    assert graded(tmp_path, "administrator-role") == [expected]


KEY = """Transform: AWS::Serverless-2016-10-31
Resources:
%s  Robot:
    Type: AWS::IAM::User
    Properties:
      Policies:
        - PolicyName: read
          PolicyDocument:
            Statement: [{Effect: Allow, Action: 'dynamodb:GetItem', Resource: !GetAtt People.Arn}]
  Key: {Type: AWS::IAM::AccessKey, Properties: {UserName: !Ref Robot}}
  Ask:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Policies: [{Statement: [{Effect: Allow, Action: 'dynamodb:GetItem', Resource: !GetAtt People.Arn}]}]
      InlineCode: |
        import boto3
        def handler(event, context):
            return boto3.resource("dynamodb").Table("people").get_item(Key={"passportNumber": event["body"]})
      Events: {Ask: {Type: Api, Properties: {Path: /ask, Method: get}}}
"""


def test_who_reaches_the_data_has_not_got_the_key(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(KEY % PEOPLE)
    (verdict,) = found(tmp_path, "long-lived-key")
    assert verdict.severity is Severity.MEDIUM
    assert verdict.reason.endswith("no open way in from outside")


JOINING = """Transform: AWS::Serverless-2016-10-31
Resources:
%s  Pool: {Type: AWS::Cognito::UserPool, Properties: {UserPoolName: buyers}}
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: live
      Auth: {Authorizers: {P: {UserPoolArn: !GetAtt Pool.Arn}}}
  Ask:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Policies: [{Statement: [{Effect: Allow, Action: 'dynamodb:GetItem', Resource: !GetAtt People.Arn}]}]
      InlineCode: |
        import boto3
        def handler(event, context):
            return boto3.resource("dynamodb").Table("people").get_item(Key={"passportNumber": event["body"]})
      Events:
        Ask:
          Type: Api
          Properties: {RestApiId: !Ref Api, Path: /ask, Method: get, Auth: {Authorizer: P}}
  Add:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Environment: {Variables: {POOL: !Ref Pool}}
      InlineCode: |
        import boto3, os
        def handler(event, context):
            boto3.client("cognito-idp").admin_create_user(UserPoolId=os.environ["POOL"], Username=event["body"])
      Events:
        Add:
          Type: Api
          Properties: {RestApiId: !Ref Api, Path: /add, Method: post%s}
"""


@pytest.mark.parametrize(
    ("auth", "expected"), [("", Severity.MEDIUM), (", Auth: {Authorizer: P}", Severity.HIGH)]
)
def test_accounts_that_strangers_can_have_made_may_be_for_all(
    tmp_path: Path, auth: str, expected: Severity
) -> None:
    (tmp_path / "template.yaml").write_text(JOINING % (PEOPLE, auth))
    (verdict,) = found(tmp_path, "open-sign-up")
    assert verdict.findings[0].message.endswith(", though Add makes them")
    assert verdict.severity is expected


BRINGING = """Transform: AWS::Serverless-2016-10-31
Resources:
%s  Pages: {Type: AWS::S3::Bucket, Properties: {BucketName: pages-for-all}}
  Show:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Policies:
        - Statement:
            - {Effect: Allow, Action: 'dynamodb:GetItem', Resource: !GetAtt People.Arn}
            - {Effect: Allow, Action: 's3:PutObject', Resource: !Sub '${Pages.Arn}/*'}
      InlineCode: |
        import boto3, subprocess
        def handler(event, context):
            %s
            return boto3.resource("dynamodb").Table("people").get_item(Key={"passportNumber": event["body"]})
      Events: {Show: {Type: Api, Properties: {Path: /show, Method: get}}}
"""


@pytest.mark.parametrize(
    "line", ["pass", "boto3.client('dynamodb').get_item(TableName=event['body'], Key={})"]
)
def test_what_a_store_could_come_to_hold_is_a_conjecture(tmp_path: Path, line: str) -> None:
    (tmp_path / "template.yaml").write_text(BRINGING % (PEOPLE, line))
    assert graded(tmp_path, "potential-beyond-intent") == [Severity.MEDIUM]


def test_what_python_writes_for_debugging_counts_where_a_template_asks_for_it(
    tmp_path: Path,
) -> None:
    service = SERVICE.format(value="none", more="")
    (tmp_path / "serverless.yml").write_text(service)
    (tmp_path / "app.py").write_text(
        "import logging\ndef handler(event, context):\n    logging.debug(event['body']['password'])\n"
    )
    assert graded(tmp_path, "data-in-logs") == [Severity.MEDIUM]
    (tmp_path / "serverless.yml").write_text(
        service.replace("environment: {", "environment: {LOG_LEVEL: DEBUG, ")
    )
    assert graded(tmp_path, "data-in-logs") == [Severity.HIGH]


@pytest.mark.parametrize(
    ("default", "severity"),
    [
        ("change-this-secret-in-production-2024", Severity.MEDIUM),
        ("replace_me_before_2025", Severity.MEDIUM),
        ("exchange-thistle-reproduction-2024", Severity.CRITICAL),
    ],
)
def test_a_default_that_asks_to_be_changed_is_no_signing_key_yet(
    tmp_path: Path, default: str, severity: Severity
) -> None:
    (tmp_path / "template.yaml").write_text(f"""Transform: AWS::Serverless-2016-10-31
Parameters:
  JWTSecret: {{Type: String, NoEcho: true, Default: {default}}}
Resources:
  Ask:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: app.handler
      CodeUri: .
      Environment: {{Variables: {{SIGNING_SECRET: !Ref JWTSecret}}}}
      Events: {{Ask: {{Type: HttpApi, Properties: {{Path: /ask, Method: get}}}}}}
""")
    (tmp_path / "app.py").write_text(SIGNS)
    assert graded(tmp_path, "plaintext-secret") == [severity]


SETTING = """import json, boto3
people = boto3.resource("dynamodb").Table("people")
def handler(event, context):
    body = json.loads(event["body"])
    people.put_item(Item={"email": body["email"], "isAdmin": body["isAdmin"]})
    %s
"""
UNASKED = ", by which no code read here decides"
LOOKED_UP = 'person = people.get_item(Key={"email": body["boss"]})["Item"]'


CLAIMED = """def handler(event, context):
    return event["requestContext"]["authorizer"]["claims"]["groups"] == "admins"
"""


@pytest.mark.parametrize(
    ("after", "beside", "expected"),
    [
        ("pass", IDLE, (Severity.MEDIUM, UNASKED)),
        (f'{LOOKED_UP}; return {{"isAdmin": person["isAdmin"]}}', IDLE, (Severity.MEDIUM, UNASKED)),
        (f'{LOOKED_UP}; return people.scan() if person["isAdmin"] else None', IDLE, (Severity.MEDIUM, "")),
        ("pass", CLAIMED, (Severity.MEDIUM, "")),
        (LOOKED_UP + '; print(person["isAdmin"] == body["boss"])', CLAIMED, (Severity.HIGH, "")),
    ],
)  # fmt: skip
def test_a_right_that_callers_set_is_serious_where_code_decides_by_it(
    tmp_path: Path, after: str, beside: str, expected: tuple[Severity, str]
) -> None:
    text = POOL.replace("DefaultAuthorizer: P, ", "").replace("email", "password")
    text += TRIGGERED % "PostConfirmation"
    (tmp_path / "template.yaml").write_text(text.replace("nodejs24.x", "python3.14"))
    (tmp_path / "app.py").write_text(SETTING % after)
    (tmp_path / "joins.py").write_text(beside)
    (verdict,) = found(tmp_path, "mass-assignment")
    said = verdict.findings[0].message.partition("event.body.isAdmin")[2]
    assert (verdict.severity, said) == expected


CREDITS = """service: films
provider: {{name: aws, runtime: nodejs24.x, environment: {{DATABASE_URL: "${{env:URL}}"}}}}
functions:
  put: {{handler: put.handler, events: [{{http: {{method: post, path: credits}}}}]}}
  ask: {{handler: ask.handler, events: [{{http: {{method: get, path: me}}}}]}}
"""
PUTS = """const {{ PrismaClient }} = require("@prisma/client");
const prisma = new PrismaClient();
exports.handler = async (event) => {{
  const {{ email, role }} = JSON.parse(event.body);
  await prisma.{table}.create({{ data: {{ email, role }} }});
}};
"""
ASKS = """const { PrismaClient } = require("@prisma/client");
const prisma = new PrismaClient();
exports.handler = async (event) => {
  const user = await prisma.user.findUnique({ where: { id: event.pathParameters.id } });
  return { statusCode: user.role === "admin" ? 200 : 403 };
};
"""


@pytest.mark.parametrize(("table", "unasked"), [("user", False), ("credit", True)])
def test_a_role_in_another_table_than_code_decides_by_is_no_right(
    tmp_path: Path, table: str, *, unasked: bool
) -> None:
    (tmp_path / "serverless.yml").write_text(CREDITS.format())
    (tmp_path / "put.js").write_text(PUTS.format(table=table))
    (tmp_path / "ask.js").write_text(ASKS)
    (verdict,) = found(tmp_path, "mass-assignment")
    assert verdict.findings[0].message.endswith(UNASKED) is unasked


GUESSED = """import random, string, boto3
def handler(event, context):
    password = "".join(random.choices(string.ascii_letters, k=12))
    boto3.client("cognito-idp").admin_set_user_password(
        UserPoolId="pool", Username=event["email"], Password=password, Permanent=True)
    %s
"""


@pytest.mark.parametrize(
    ("then", "severity"),
    [
        ("return {}", Severity.MEDIUM),
        ("print(random.random())", Severity.MEDIUM),
        ('return {"ticket": random.randint(1, 9999)}', Severity.HIGH),
        ('boto3.client("ses").send_raw_email(RawMessage={"Data": password})', Severity.HIGH),
    ],
)
def test_numbers_that_nobody_sees_foretell_little(
    tmp_path: Path, then: str, severity: Severity
) -> None:
    (tmp_path / "serverless.yml").write_text(
        SERVICE.format(value="${env:KEY}", more="").replace("GET /ask", "POST /ask")
    )
    (tmp_path / "app.py").write_text(GUESSED % then)
    assert graded(tmp_path, "predictable-secret") == [severity]
