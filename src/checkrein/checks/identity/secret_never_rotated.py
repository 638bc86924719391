"""A secret is never changed.

## Why

A secret that leaked stays good until somebody changes it. Secrets Manager changes it on a schedule, for
databases without any code of yours; a secret that is written by hand mostly stays for years. It matters
where code that outsiders reach reads a secret that AWS made; one that a third party gave, only they can
change.

## Fix

Add an `AWS::SecretsManager::RotationSchedule`, or let RDS manage the password
(`ManageMasterUserPassword`).

## Examples

```yaml bad template.yaml
Resources:
  Database:  #! Database is never changed, and Show, which anyone can reach, reads it
    Type: AWS::SecretsManager::Secret
    Properties:
      Name: database
      GenerateSecretString: {SecretStringTemplate: '{"username": "app"}', GenerateStringKey: password}
  Spare:  #? Spare is never changed
    Type: AWS::SecretsManager::Secret
    Properties: {GenerateSecretString: {}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: read
          PolicyDocument:
            Statement: {Effect: Allow, Action: "secretsmanager:GetSecretValue", Resource: !Ref Database}
  Show:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code:
        ZipFile: |
          import boto3
          def handler(event, context):
              found = boto3.client("secretsmanager").get_secret_value(SecretId="database")
              return connect(found["SecretString"])
  Url:
    Type: AWS::Lambda::Url
    Properties: {TargetFunctionArn: !GetAtt Show.Arn, AuthType: NONE}
  Anyone:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: !Ref Show
      Action: lambda:InvokeFunctionUrl
      Principal: "*"
      FunctionUrlAuthType: NONE
```

```yaml good template.yaml
Resources:
  Database:
    Type: AWS::SecretsManager::Secret
    Properties: {GenerateSecretString: {}}
  Rotation:
    Type: AWS::SecretsManager::RotationSchedule
    Properties:
      SecretId: !Ref Database
      RotationRules: {AutomaticallyAfterDays: 30}
      RotationLambdaARN: arn:aws:lambda:eu-west-1:111122223333:function:rotate
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import configuring, is_public
from checkrein.checks.keeping import sites
from checkrein.checks.questions import listed, short
from checkrein.model import App, Finding, Resource

SCHEDULE = "AWS::SecretsManager::RotationSchedule"
READS = frozenset({"GetSecretValue", "BatchGetSecretValue"})


@check(
    resource("AWS::SecretsManager::Secret"),
    fault=1,
    topics=("secret-rotation",),
    frameworks=(
        "CWE-262",
        "CWE-324",
        "AWS-FSBP:SecretsManager.1",
    ),
    peers=(
        *("SecretsManager.1", "SecretsManager.4", "AwsSolutions-SMG4"),
        *("secretsmanager_automatic_rotation_enabled", "SECRETSMANAGER_ROTATION_ENABLED_CHECK"),
        *("secretsmanager_secret_rotated_periodically",),
    ),
)
def secret_never_rotated(secret: Resource, app: App) -> Iterator[Finding]:
    if configuring(app, secret.id, SCHEDULE, "SecretId"):
        return
    readers = {function for function, _ in sites(app, secret.id, READS)}
    open_ones = sorted(function for function in readers if is_public(app, function))
    message = f"{secret.name} is never changed"
    if open_ones:
        verb = "read" if len(open_ones) > 1 else "reads"
        message += f", and {listed(map(short, open_ones))}, which anyone can reach, {verb} it"
    yield Finding(
        secret.place,
        message,
        cwe="CWE-262",
        endangers=(secret.id,),
        by=tuple(open_ones),
        hygiene=not open_ones or secret.value("GenerateSecretString") is None,
    )
