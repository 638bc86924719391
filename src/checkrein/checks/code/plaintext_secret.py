"""A secret stands in a template in clear.

## Why

Whoever reads the repository, the stack's template or the function's configuration has the secret,
and it stays in every old version after it was changed.

## Fix

Keep it in Secrets Manager or as a SecureString parameter, and refer to it:
`{{resolve:secretsmanager:name}}`, or read it in the code at run time.

## Examples

```yaml bad template.yaml
Parameters:
  BrokerPassword:
    Type: String
    NoEcho: true
    Default: broker-Pa55  #! the default of parameter BrokerPassword is in clear (password)
  Stage: {Type: String, Default: prod}
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
          DB_PASSWORD: kRt7-correct-horse  #! DB_PASSWORD of Charge is in clear (password)
          BROKER_PASSWORD: !Ref BrokerPassword
          JWT_SECRET: my-signing-words  #! JWT_SECRET of Charge is in clear (shared secret)
  Orders:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: postgres
      MasterUsername: orders
      MasterUserPassword: letmein  #! MasterUserPassword of Orders is in clear (password)
  Connection:
    Type: AWS::SSM::Parameter
    Properties:
      Type: String
      Value: !Sub postgres://orders:hunter2@${Orders.Endpoint.Address}/orders  #! Value of Connection is in clear (connection string with a password)
  Worker:
    Type: AWS::EC2::Instance
    Properties:
      UserData:
        Fn::Base64: !Sub |
          #!/bin/bash
          export STAGE=${Stage}
          export API_TOKEN=7fa31c0e9b2d4468  #! UserData of Worker is in clear (API key or access token)
```

```yaml good template.yaml
Parameters:
  Password: {Type: String, NoEcho: true}
  SecretName: {Type: String, Default: prod/db-password1}
  TokenKey: {Type: "AWS::SSM::Parameter::Value<String>", Default: /prod/token1}
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
          DB_PASSWORD: !Ref Password
          DB_SECRET: prod-database-credentials
          TOKEN_TABLE: tokens
          TOKEN_ISSUER: https://login.example.com/v2
          API_KEY: "{{resolve:secretsmanager:provider}}"
          CALLBACK_PASSWORD: changeme
          DATABASE_URL: !Sub "postgres://orders:${Password}@db/orders"
  Orders:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: postgres
      MasterUsername: orders
      MasterUserPassword: !Sub "{{resolve:secretsmanager:${Secret}:SecretString:password}}"
  Secret:
    Type: AWS::SecretsManager::Secret
    Properties:
      GenerateSecretString:
        SecretStringTemplate: '{"username": "orders"}'
        GenerateStringKey: password
  Users:
    Type: AWS::Cognito::UserPoolClient
    Properties:
      UserPoolId: eu-west-1_Example1
      GenerateSecret: false
      TokenValidityUnits: {AccessToken: minutes, RefreshToken: days}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.catalog.secrets import template_words
from checkrein.checks import check
from checkrein.checks.context import parameter
from checkrein.checks.doors import stages
from checkrein.checks.questions import short
from checkrein.checks.template_secrets import Written, written
from checkrein.model import App, Evidence, Fact, Finding, Resource, Stack


def _subjects(app: App) -> list[Fact]:
    """Select what takes secrets: parameters, variables, some types, and whatever has one."""
    known = {each.owner for each in written(app)}
    types = template_words("variables") | template_words("holders")
    served = {stage.id for stage in stages(app)}  # a deployment may be a stage too
    holders = [r for r in app.every(Resource) if r.type in types or r.id in known | served]
    return [*holders, *(stack for stack in app.every(Stack) if stack.parameters)]


@check(
    _subjects,
    fault=3,
    topics=("secrets",),
    frameworks=("CWE-798", "CWE-312"),
    peers=(
        "CKV_AWS_45",
        "CKV_AWS_46",
        "CKV_AWS_384",
        "awslambda_function_no_secrets_in_variables",
        *(
            "apigateway_restapi_no_secrets_in_stage_variables",
            "stepfunctions_statemachine_no_secrets_in_definition",
            "KINESIS_FIREHOSE_REDSHIFT_DESTINATION_CONFIGURATION_NO_PLAINTEXT_PASSWORD",
            "KINESIS_FIREHOSE_SPLUNK_DESTINATION_CONFIGURATION_NO_PLAINTEXT_PASSWORD",
        ),
    ),
)
def plaintext_secret(holder: Fact, app: App) -> Iterator[Finding]:
    for each in written(app):
        if each.owner == holder.id and each.default is isinstance(holder, Stack):
            yield _finding(app, each, holder)


def _finding(app: App, found: Written, holder: Fact) -> Finding:
    users = tuple(dict.fromkeys(use.resource for use in found.uses)) or (holder.id,)
    what = f"{found.name} of {short(holder.id)}"
    if isinstance(holder, Stack):
        what = f"the default of {parameter(holder)} {found.name}"
    steps = [use.said for use in found.uses if use.place != found.place]
    weak = found.weak(app)
    said = (found.note, weak or found.left)
    return Finding(
        found.place,
        f"{what} is in clear ({found.secret.title})",
        tuple(Evidence(note, found.place) for note in said if note),
        steps=tuple(dict.fromkeys(steps)) if isinstance(holder, Stack) else (),
        cwe="CWE-798",
        endangers=() if weak else users,
        key=(found.name,),
        confidence=found.secret.confidence,
        data=() if weak else (found.secret.data,),
        by=users,
        fault=1 if weak or found.left else found.secret.fault,
        secret=True,
    )
