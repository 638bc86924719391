"""A password alone opens the way to highly valuable data.

## Why

Passwords are reused, guessed and phished. Where signed-in users reach cards, health data or the like, whoever
has one password has that data. Cognito asks for no second factor unless told to.

A pool whose users reach nothing of that worth, or where a second factor is offered, is for auditors.

## Fix

Set `MfaConfiguration: ON` with `SOFTWARE_TOKEN_MFA` (new users are asked to set it up), or `OPTIONAL` and ask
those who need it.

## Examples

```yaml bad template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Pool:  #! a password alone opens the way to payment card number for users of Pool
    Type: AWS::Cognito::UserPool
    Properties: {UserPoolName: riders}
  Cards:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: cards
      KeySchema: [{AttributeName: card_number, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: card_number, AttributeType: S}]
  Pay:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3
        def handler(event, context):
            boto3.resource("dynamodb").Table("cards").get_item(Key={"card_number": event["pathParameters"]["card_number"]})
      Events:
        Get: {Type: Api, Properties: {Path: "/cards/{card_number}", Method: get, RestApiId: !Ref Api}}
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      Auth:
        DefaultAuthorizer: Users
        Authorizers: {Users: {UserPoolArn: !GetAtt Pool.Arn}}
```

```yaml good template.yaml
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties: {MfaConfiguration: "ON", EnabledMfas: [SOFTWARE_TOKEN_MFA]}
```

```yaml bad template.yaml
Resources:
  Pool:  #? a password alone signs users of Pool in
    Type: AWS::Cognito::UserPool
    Properties: {UserPoolName: riders}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import place_of, set_fix
from checkrein.checks.pools import POOL, opened
from checkrein.checks.questions import titles
from checkrein.checks.worth import value
from checkrein.model import App, Finding, Resource

SETTING = "MfaConfiguration"
HIGH = 8  # the value from which one factor is too little


@check(
    resource(POOL),
    fault=1,
    topics=("passwords",),
    frameworks=("CWE-308",),
    peers=(
        "F78",
        "AwsSolutions-COG2",
        "cognito_user_pool_mfa_enabled",
        *("COGNITO_USER_POOL_MFA_CONFIGURATION_RULE",),
    ),
)
def no_second_factor(pool: Resource, app: App) -> Iterator[Finding]:
    setting = pool[SETTING]
    if setting == "ON" or _is_passwordless(pool):
        return
    classes = tuple(data for data in opened(app, pool.id) if value(app, data) >= HIGH)
    strong = setting == "OPTIONAL" or not classes
    message = f"a password alone signs users of {pool.name} in"
    if not strong:
        message = f"a password alone opens the way to {titles(classes)} for users of {pool.name}"
    changes = [(SETTING, "ON"), ("EnabledMfas", ["SOFTWARE_TOKEN_MFA"])]
    yield Finding(
        place_of(pool, SETTING),
        message,
        cwe="CWE-308",
        endangers=(pool.id,),
        data=classes,
        by=() if strong else (pool.id,),
        fix=set_fix(pool, changes, "ask for a second factor"),
        hygiene=strong,
    )


def _is_passwordless(pool: Resource) -> bool:
    """Tell whether the pool's own functions ask the question instead of a password."""
    return pool.value("LambdaConfig.DefineAuthChallenge") is not None
