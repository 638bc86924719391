"""A policy of CloudWatch Logs lets anyone in.

## Why

A resource policy of the logs is about all groups that it names: with the principal `*` and no condition every account may write
lines that look like the application's own, or read what it wrote.

## Fix

Name the service that writes (`es.amazonaws.com`, `route53.amazonaws.com`) and ask for `aws:SourceAccount`.

## Examples

```yaml bad template.yaml
Resources:
  Writing:  #! Writing lets anyone use logs:PutLogEvents on log groups
    Type: AWS::Logs::ResourcePolicy
    Properties:
      PolicyName: writing
      PolicyDocument: '{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "logs:PutLogEvents", "Resource": "*"}]}'
```

```yaml good template.yaml
Resources:
  Writing:
    Type: AWS::Logs::ResourcePolicy
    Properties:
      PolicyName: writing
      PolicyDocument: '{"Statement": [{"Effect": "Allow", "Principal": {"Service": "es.amazonaws.com"}, "Action": "logs:PutLogEvents", "Resource": "*"}]}'
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import is_open
from checkrein.checks.policies import valid_statements
from checkrein.checks.questions import listed
from checkrein.iam.principals import principal_ids
from checkrein.model import App, Finding, Resource

POLICY = "PolicyDocument"


@check(
    resource("AWS::Logs::ResourcePolicy"),
    fault=2,
    topics=("log-protection",),
    frameworks=("CWE-284", "CWE-117", "OWASP-2025:A01", "OWASP-2021:A01", "NIST-800-53r5:AU-9"),
    peers=("cloudwatch_log_group_not_publicly_accessible",),
)
def log_policy_for_anyone(policy: Resource, app: App) -> Iterator[Finding]:  # noqa: ARG001
    document = policy.value(POLICY)
    if document is None or is_open(document):
        return
    for statement in valid_statements(document):
        everybody = "anyone" in principal_ids(statement) and not statement.conditions
        if statement.effect == "Allow" and everybody:
            yield Finding(
                policy.place,
                f"{policy.name} lets anyone use {listed(map(str, statement.actions))} on log groups",
                cwe="CWE-284",
                endangers=(policy.id,),
                key=tuple(map(str, statement.actions)),
                by=("@anyone",),
            )
