"""How bad an authorizer is that no route asks: less where the code asks itself, or nobody read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline
from checkrein.model import Outcome

TEMPLATE = """
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: rides}
  Check:
    Type: AWS::ApiGateway::Authorizer
    Properties:
      Name: check
      Type: COGNITO_USER_POOLS
      RestApiId: !Ref Api
      ProviderARNs: ["arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_abc"]
  Rides:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: RUNTIME
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Environment: {Variables: {PASSWORD: !Ref Word}}
      Code: CODE
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: NONE
      Integration:
        Type: AWS_PROXY
        IntegrationHttpMethod: POST
        Uri: !Sub "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Rides.Arn}/invocations"
Parameters:
  Word: {Type: String, NoEcho: true}
"""
UNREAD = "{S3Bucket: far, S3Key: away.zip}"
PYTHON = """
        ZipFile: |
          import boto3, jwt, os
          def handler(event, context):
              GUARD
              return boto3.resource("dynamodb").Table("customers").scan()["Items"]
"""
JAVASCRIPT = """
        ZipFile: |
          const AWS = require("aws-sdk"), jwt = require("jsonwebtoken");
          exports.handler = async (event) => {
            GUARD
            return (await new AWS.DynamoDB.DocumentClient().scan({ TableName: "customers" }).promise()).Items;
          };
"""
VERIFIED = (
    'jwt.decode(event["headers"]["authorization"], os.environ["KEY"], algorithms=["RS256"])',
    "jwt.verify(event.headers.authorization, process.env.KEY);",
)
CASES = [
    ("python3.14", PYTHON.replace("GUARD", "print(1)"), "critical", "open to anyone"),
    (
        "python3.14",
        PYTHON.replace("GUARD", VERIFIED[0]),
        "medium",
        "but for what the code asks itself",
    ),
    ("nodejs24.x", JAVASCRIPT.replace("GUARD", ""), "critical", "open to anyone"),
    (
        "nodejs24.x",
        JAVASCRIPT.replace("GUARD", VERIFIED[1]),
        "medium",
        "but for what the code asks itself",
    ),
    ("python3.14", UNREAD, "high", "open to anyone"),
]


@pytest.mark.parametrize(("runtime", "code", "severity", "said"), CASES)
def test_how_bad(tmp_path: Path, runtime: str, code: str, severity: str, said: str) -> None:
    text = TEMPLATE.replace("RUNTIME", runtime).replace("CODE", code)
    (tmp_path / "template.yaml").write_text(text)
    (verdict,) = (
        each
        for each in pipeline.scan((tmp_path,), lambda _: None).verdicts
        if each.check == "dangling-authorizer" and each.outcome is Outcome.FAIL
    )
    assert str(verdict.severity) == severity
    assert verdict.findings[0].message.endswith(said)


POOL = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_abc"
BESIDE = """
  Other:
    Type: AWS::ApiGateway::Authorizer
    Properties: {Name: other, Type: COGNITO_USER_POOLS, RestApiId: !Ref %(api)s, ProviderARNs: ["%(pool)s"]}
  More: {Type: AWS::ApiGateway::RestApi, Properties: {Name: more}}
  Post:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref %(api)s
      ResourceId: !GetAtt %(api)s.RootResourceId
      HttpMethod: POST
      AuthorizationType: COGNITO_USER_POOLS
      AuthorizerId: !Ref Other
      Integration:
        Type: AWS_PROXY
        IntegrationHttpMethod: POST
        Uri: !Sub "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Rides.Arn}/invocations"
Parameters:"""


@pytest.mark.parametrize(
    ("pool", "api", "severity"),
    [
        (POOL, "Api", "medium"),  # a leftover: the people it knows are asked for
        (POOL.replace("abc", "xyz"), "Api", "critical"),  # nobody asks for these
        (POOL, "More", "critical"),
    ],
)
def test_another_for_the_same_people_makes_it_a_leftover(
    tmp_path: Path, pool: str, api: str, severity: str
) -> None:
    text = TEMPLATE.replace("\nParameters:", BESIDE % {"pool": pool, "api": api})
    code = PYTHON.replace("GUARD", "print(1)")
    (tmp_path / "template.yaml").write_text(
        text.replace("RUNTIME", "python3.14").replace("CODE", code)
    )
    found = [
        str(each.severity)
        for each in pipeline.scan((tmp_path,), lambda _: None).verdicts
        if each.check == "dangling-authorizer" and each.outcome is Outcome.FAIL
    ]
    assert found == [severity]
