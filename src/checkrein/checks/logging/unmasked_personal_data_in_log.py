"""A log group shows personal data in full.

## Why

Logs are read by more people than the store the data came from. A data protection policy masks what CloudWatch recognises (addresses,
card numbers, keys), also in lines that nobody meant to write; who may see it in full needs `logs:Unmask`.

## Fix

Stop logging it; and set a `DataProtectionPolicy` on the group for what slips through.

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
              print(event["customer"]["email"])
  Log:  #! Log shows e-mail address in full to whoever reads it
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupName: /aws/lambda/sign-up, RetentionInDays: 30}
```

```yaml good template.yaml
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
              print(event["customer"]["email"])
  Log:
    Type: AWS::Logs::LogGroup
    Properties:
      LogGroupName: /aws/lambda/sign-up
      RetentionInDays: 30
      DataProtectionPolicy:
        Name: mask
        Version: "2021-06-01"
        Statement:
          - DataIdentifier: ["arn:aws:dataprotection::aws:data-identifier/EmailAddress"]
            Operation: {Audit: {FindingsDestination: {}}}
          - DataIdentifier: ["arn:aws:dataprotection::aws:data-identifier/EmailAddress"]
            Operation: {Deidentify: {MaskConfig: {}}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check
from checkrein.checks.context import resources, set_fix, together
from checkrein.checks.questions import LOG, rows_of, titles
from checkrein.checks.worth import valuable
from checkrein.model import App, Finding, Resource, Row

POLICY = "DataProtectionPolicy"
IDENTIFIER = "arn:aws:dataprotection::aws:data-identifier/"
# Source: CloudWatch Logs' list of managed data identifiers, those that are for every country.
IDENTIFIERS = {
    "pii.email": "EmailAddress",
    "pii.address": "Address",
    "pii.name": "Name",
    "pii.ip": "IpAddress",
    "pay.pan": "CreditCardNumber",
    "pay.cvv": "CreditCardSecurityCode",
    "pay.expiry": "CreditCardExpiration",
    "cred.cloud_key": "AwsSecretKey",
    "cred.key": "OpenSshPrivateKey",
}


@check(
    rows_of(LOG),
    fault=1,
    topics=("log-protection",),
    frameworks=(
        *("CWE-532", "OWASP-2025:A09", "OWASP-2021:A09", "PCI-DSS-4.0.1:3.4.1"),
        "NIST-800-53r5:AU-9",
    ),
    peers=("cloudwatch_log_group_no_secrets_in_logs",),
)
def unmasked_personal_data_in_log(log: Row, app: App) -> Iterator[Finding]:
    shown = [data for data in valuable(app, log.coded) if data in IDENTIFIERS]
    group = app.get(Resource, log.id)
    if not shown or not group or group.value(POLICY) is not None or _of_the_account(app, group):
        return
    known = [IDENTIFIER + IDENTIFIERS[data] for data in shown]
    policy = {
        "Name": "mask",
        "Version": "2021-06-01",
        "Statement": [
            {"DataIdentifier": known, "Operation": {"Audit": {"FindingsDestination": {}}}},
            {"DataIdentifier": known, "Operation": {"Deidentify": {"MaskConfig": {}}}},
        ],
    }
    yield Finding(
        group.place,
        f"{group.name} shows {titles(shown)} in full to whoever reads it",
        cwe="CWE-532",
        endangers=(log.id,),
        fix=set_fix(group, [(POLICY, policy)], "mask what CloudWatch recognises", safe=True),
        data=tuple(shown),
    )


def _of_the_account(app: App, group: Resource) -> bool:
    """Tell whether a policy of the account masks data in all groups."""
    policies = resources(app, "AWS::Logs::AccountPolicy")
    masking = [p for p in policies if p.value("PolicyType") == "DATA_PROTECTION_POLICY"]
    return any(together(app, policy, group) for policy in masking)
