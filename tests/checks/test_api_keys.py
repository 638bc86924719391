"""A route that asks for an API key is told of as that, whichever module makes its method."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline
from checkrein.model import Persona, Severity
from checkrein.pipeline import Wanted

ROOT = """
resource "aws_api_gateway_rest_api" "rides" { name = "rides" }
resource "aws_api_gateway_authorizer" "users" {
  name          = "users"
  type          = "COGNITO_USER_POOLS"
  rest_api_id   = aws_api_gateway_rest_api.rides.id
  provider_arns = [aws_cognito_user_pool.users.arn]
}
resource "aws_cognito_user_pool" "users" { name = "users" }
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = "arn:aws:iam::111122223333:role/f"
}
module "mine" {
  source        = "./route"
  api           = aws_api_gateway_rest_api.rides.id
  root          = aws_api_gateway_rest_api.rides.root_resource_id
  uri           = aws_lambda_function.f.invoke_arn
  path          = "mine"
  authorization = "COGNITO_USER_POOLS"
  authorizer    = aws_api_gateway_authorizer.users.id
}
module "partner" {
  source        = "./route"
  api           = aws_api_gateway_rest_api.rides.id
  root          = aws_api_gateway_rest_api.rides.root_resource_id
  uri           = aws_lambda_function.f.invoke_arn
  path          = "partner"
  authorization = "NONE"
  key           = KEY
}
"""
ROUTE = """
variable "api" {}
variable "root" {}
variable "uri" {}
variable "path" {}
variable "authorization" {}
variable "authorizer" { default = null }
variable "key" { default = false }
resource "aws_api_gateway_resource" "r" {
  rest_api_id = var.api
  parent_id   = var.root
  path_part   = var.path
}
resource "aws_api_gateway_method" "m" {
  rest_api_id      = var.api
  resource_id      = aws_api_gateway_resource.r.id
  http_method      = "GET"
  authorization    = var.authorization
  authorizer_id    = var.authorizer
  api_key_required = var.key
}
resource "aws_api_gateway_integration" "i" {
  rest_api_id             = var.api
  resource_id             = aws_api_gateway_resource.r.id
  http_method             = aws_api_gateway_method.m.http_method
  integration_http_method = "POST"
  type                    = "AWS_PROXY"
  uri                     = var.uri
}
"""


def found(folder: Path, key: str) -> list[tuple[str, str]]:
    """Return what two checks say where the route of partners does or does not ask for a key."""
    (folder / "route").mkdir(parents=True)
    (folder / "main.tf").write_text(ROOT.replace("KEY", key))
    (folder / "route/main.tf").write_text(ROUTE)
    result = pipeline.scan((folder,), wanted=Wanted(persona=Persona.AUDITOR))
    checks = ("unauthenticated-route", "api-key-as-only-credential")
    return [(v.check, f.message) for v in result.verdicts if v.check in checks for f in v.findings]


def test_a_key_is_asked_for_by_one_of_two_instances_of_a_module(tmp_path: Path) -> None:
    api = "aws_api_gateway_rest_api.rides"
    assert found(tmp_path / "open", "false") == [
        (
            "unauthenticated-route",
            f"GET /partner asks nobody who calls {api}, though GET /mine asks it",
        )
    ]
    assert found(tmp_path / "keyed", "true") == [
        ("api-key-as-only-credential", f"an API key is all that stands before {api}")
    ]


BOOKING = """Transform: AWS::Serverless-2016-10-31
Resources:
  Rides:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: rides
      KeySchema: [{AttributeName: passport, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: passport, AttributeType: S}]
  Api: {Type: AWS::Serverless::Api, Properties: {StageName: live, Auth: {ApiKeyRequired: true}}}
  Book:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: app.handler
      CodeUri: .
      Events: {Ask: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /rides, Method: post}}}
"""
RIDING = """import boto3, json
rides = boto3.resource("dynamodb").Table("rides")
def handler(event, context):
    body = json.loads(event["body"])
    LINE
"""


@pytest.mark.parametrize(
    ("line", "severity"),
    [
        ('rides.put_item(Item={"passport": body["passport"]})', Severity.MEDIUM),
        ('return rides.get_item(Key={"passport": body["passport"]})["Item"]', Severity.HIGH),
        ('rides.delete_item(Key={"passport": body["passport"]})', Severity.HIGH),
        ('print(body["passport"])', Severity.MEDIUM),
    ],
)
def test_a_key_before_what_callers_only_hand_in_is_a_small_fault(
    tmp_path: Path, line: str, severity: Severity
) -> None:
    (tmp_path / "template.yaml").write_text(BOOKING)
    (tmp_path / "app.py").write_text(RIDING.replace("LINE", line))

    verdicts = pipeline.scan((tmp_path,)).verdicts

    found = [v for v in verdicts if v.check == "api-key-as-only-credential" and v.findings]
    assert [each.severity for each in found] == [severity]
