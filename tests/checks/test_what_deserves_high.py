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
