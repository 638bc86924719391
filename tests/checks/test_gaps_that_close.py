"""An API over a SQL database as tutorials leave it: each gap is told, and gone once it is closed."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline
from checkrein.model import Persona
from checkrein.pipeline import Wanted

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Timeout: 30  # GLOBALS
Resources:
  Users:
    Type: AWS::Cognito::UserPool
    Properties: {UserPoolName: users}
  Book:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs24.x
      Handler: app.handler
      CodeUri: src/
      Events:
        Post: {Type: Api, Properties: {Path: /bookings, Method: post, RestApiId: !Ref Api}}
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod  # STAGE
      DefinitionBody:
        swagger: "2.0"
        info: {title: bookings, version: "1"}
        # DEFINITIONS
        paths:
          /bookings:
            post:
              # OPERATION
              responses: {}
              x-amazon-apigateway-integration:
                httpMethod: POST
                type: aws_proxy
                uri: !Sub "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Book.Arn}/invocations"
  # RESOURCES
"""
CODE = """
const mysql = require("mysql");
exports.handler = async (event) => {
  const order = JSON.parse(event.body);
  const db = mysql.createConnection({
    host: process.env.DB_HOST, user: "rides", password: "Xk29!vRq7Lm", // CONNECTION
  });
  db.query("INSERT INTO bookings (card_number) VALUES ('" + order.card_number + "')");
  return { statusCode: 200 };
};
"""
PACKAGES = '{"dependencies": {"minimatch": "^2.0.10", "mysql": "^2.16.0"}}'
AUTHORIZER = """securityDefinitions:
          Known:
            type: apiKey
            name: Authorization
            in: header
            x-amazon-apigateway-authtype: cognito_user_pools
            x-amazon-apigateway-authorizer: {type: cognito_user_pools, providerARNs: [!GetAtt Users.Arn]}"""
MODEL = """definitions:
          Booking: {type: object, required: [card_number], properties: {card_number: {type: string, pattern: "^[0-9]+$"}}}
        x-amazon-apigateway-request-validators: {body: {validateRequestBody: true}}"""
CHECKED = """x-amazon-apigateway-request-validator: body
              parameters: [{in: body, name: Booking, required: true, schema: {$ref: "#/definitions/Booking"}}]"""
PLAN = """Plan:
    Type: AWS::ApiGateway::UsagePlan
    Properties: {ApiStages: [{ApiId: !Ref Api, Stage: prod}], Throttle: {RateLimit: 1, BurstLimit: 1}}"""
FIREWALL = """Joined:
    Type: AWS::WAFv2::WebACLAssociation
    Properties:
      ResourceArn: !Sub "arn:aws:apigateway:${AWS::Region}::/restapis/${Api}/stages/prod"
      WebACLArn: arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/filter/1234"""

GAPS = {  # check: what stands in the place of what
    "unauthenticated-route": {
        "# DEFINITIONS": AUTHORIZER,
        "# OPERATION": "security: [{Known: []}]",
    },
    "hardcoded-secret": {'"Xk29!vRq7Lm"': "process.env.DB_PASSWORD"},
    "unvalidated-request": {"# DEFINITIONS": MODEL, "# OPERATION": CHECKED},
    "unencrypted-database-connection": {"// CONNECTION": 'ssl: "Amazon RDS",'},
    "unthrottled-api": {"# RESOURCES": PLAN},
    "entry-without-web-acl": {"# RESOURCES": FIREWALL},
    "unused-package": {'"minimatch": "^2.0.10", ': ""},
    "untraced-request": {
        "# GLOBALS": "\n    Tracing: Active",
        "# STAGE": "\n      TracingEnabled: true",
    },
}


def told(folder: Path, changes: dict[str, str]) -> set[str]:
    """Return the checks that say something of the API or its code."""
    texts = {"template.yaml": TEMPLATE, "src/app.js": CODE, "src/package.json": PACKAGES}
    (folder / "src").mkdir()
    for name, text in texts.items():
        for mark, change in changes.items():
            text = text.replace(mark, change)  # noqa: PLW2901
        (folder / name).write_text(text)
    result = pipeline.scan((folder,), wanted=Wanted(persona=Persona.AUDITOR))
    pool = "template/Users"
    return {v.check for v in result.verdicts if v.findings and v.subject != pool}


def test_every_gap_is_told(tmp_path: Path) -> None:
    assert GAPS.keys() <= told(tmp_path, {})


@pytest.mark.parametrize("gap", GAPS)
def test_a_closed_gap_is_gone(gap: str, tmp_path: Path) -> None:
    assert gap not in told(tmp_path, GAPS[gap])
