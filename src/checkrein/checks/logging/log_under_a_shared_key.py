"""A log group is encrypted with a key that is not the account's own.

## Why

CloudWatch encrypts every group with a key of its own. With a key of the account's, reading needs a right on the key
too, which can be taken away at once.

## Fix

Set `KmsKeyId`, and let the service use the key.

## Examples

```yaml bad template.yaml
Resources:
  SignUp:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      FunctionName: sign-up
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          def handler(event, context):
              print(event["card_number"])
  Log:  #! Log (payment card number) is encrypted with a key that is not the account's own
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupName: /aws/lambda/sign-up, RetentionInDays: 30}
```

```yaml bad template.yaml
Resources:
  Log:  #? Log is encrypted with a key that is not the account's own
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupName: app, RetentionInDays: 30}
```

```yaml good template.yaml
Resources:
  Log:
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupName: app, RetentionInDays: 30, KmsKeyId: "arn:aws:kms:eu-west-1:111122223333:key/1"}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.questions import LOG, titles
from checkrein.checks.worth import valuable, value
from checkrein.model import App, Finding, Resource, Row

HIGH = 7  # a class from here on is worth a key of its own


@check(
    resource(LOG),
    fault=1,
    topics=("key-management",),
    frameworks=("CWE-311", "OWASP-2021:A02", "PCI-DSS-4.0.1:3.6.1", "NIST-800-53r5:SC-28"),
    peers=(
        *("CKV_AWS_158", "W84", "CLOUDWATCH_LOG_GROUP_ENCRYPTED", "AWS-0017"),
        "cloudwatch_log_group_kms_encryption_enabled",
    ),
)
def log_under_a_shared_key(group: Resource, app: App) -> Iterator[Finding]:
    if group.value("KmsKeyId") is not None:
        return
    row = app.get(Row, group.id)
    data = [d for d in valuable(app, row.coded if row else ()) if value(app, d) >= HIGH]
    yield Finding(
        group.place,
        f"{group.name}{f' ({titles(data)})' if data else ''} is encrypted with a key that is not"
        " the account's own",
        cwe="CWE-311",
        endangers=(group.id,),
        key=("key",),
        data=tuple(data),
        hygiene=not data,
    )
