"""Something that is no function has every right.

## Why

A build, a container or a host with `AdministratorAccess` or `*` on `*` is the whole account to whoever gets a command into
it: a dependency of the build is enough. (For functions `power-beyond-use` tells it.) A role that people take on with a
second factor is less of a fault.

## Fix

Grant what it does; for pipelines a role that CloudFormation uses, with a permissions boundary.

## Examples

```yaml bad template.yaml
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Build:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: codebuild.amazonaws.com}, Action: "sts:AssumeRole"}]
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"]  #! Build (codebuild.amazonaws.com) may do everything, to e-mail address too
```

```yaml bad template.yaml
Resources:
  Build:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: codebuild.amazonaws.com}, Action: "sts:AssumeRole"}]
      Policies:
        - PolicyName: all
          PolicyDocument: {Statement: [{Effect: Allow, Action: "*", Resource: "*"}]}  #? Build (codebuild.amazonaws.com) may do everything
```

```yaml good template.yaml
Resources:
  Build:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: codebuild.amazonaws.com}, Action: "sts:AssumeRole"}]
      Policies:
        - PolicyName: logs
          PolicyDocument: {Statement: [{Effect: Allow, Action: "logs:PutLogEvents", Resource: "*"}]}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checkrein.checks import check, resource
from checkrein.checks.context import kept
from checkrein.checks.identity_policies import GROUP, ROLE, USER, trusting, written_in
from checkrein.checks.privilege import holders
from checkrein.checks.questions import grouped, listed, titles
from checkrein.checks.worth import valuable
from checkrein.iam.principals import principal_ids
from checkrein.late import regex
from checkrein.model import Access, App, Finding, Place, Resource

ADMINISTRATOR = "/AdministratorAccess"
SECOND_FACTOR = frozenset({"aws:multifactorauthpresent", "aws:multifactorauthage"})
WITHOUT = regex(r"(?i)ifexists$|not|^null$")  # operators that hold where the key is not there
NO = regex(r"(?i)\bfalse\b")
SIGNED_IN_TWICE = 2  # fault
DEPLOYING = "service:cloudformation.amazonaws.com"  # whose work is to make anything


@check(
    resource(ROLE, USER, GROUP),
    fault=3,
    topics=("least-privilege",),
    frameworks=(
        *("CWE-250", "CWE-269", "OWASP-2025:A01", "OWASP-2021:A01", "AWS-FSBP:IAM.1"),
        *("PCI-DSS-4.0.1:7.2.1", "NIST-800-53r5:AC-6", "SAS-4"),
    ),
    peers=(
        *("CKV_AWS_62", "CKV_AWS_63", "CKV_AWS_274", "IAM.1", "W43", "F3", "F4", "F5"),
        *("IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS", "AWS-0345", "AwsSolutions-IAM4"),
        *("IAM_ROLE_ADMINISTRATOR_ACCESS_POLICY_RULE", "iam_role_administratoraccess_policy"),
        *("iam_inline_policy_no_administrative_privileges", "iam_user_administrator_access_policy"),
        *("iam_aws_attached_policy_no_administrative_privileges",),
        "iam_group_administrator_access_policy",
    ),
)
def administrator_role(identity: Resource, app: App) -> Iterator[Finding]:
    place = _everything(identity)
    if place is None or holders(app, identity.id):
        return
    who = [str(p) for t in trusting(identity) for p in principal_ids(t.statement)]
    targets = {a.target for a in grouped(app, Access, "identity").get(identity.id, [])}
    data = valuable(app, {data for id in targets for data in kept(app, id)})
    named = listed(p.partition(":")[2] or p for p in who) if who else ""
    by = f" ({named})" if named and all(p.startswith("service:") for p in who) else ""
    yield Finding(
        place,
        f"{identity.name}{by} may do everything" + (f", to {titles(data)} too" if data else ""),
        cwe="CWE-250",
        endangers=tuple(sorted(targets)) or (identity.id,),
        data=tuple(data),
        fault=SIGNED_IN_TWICE if _asks_for_a_second_factor(identity) else 0,
        hygiene=not data or DEPLOYING in who,
    )


def _asks_for_a_second_factor(identity: Resource) -> bool:
    """Tell whether only people who have shown a second factor become a role."""
    said = [each.statement.conditions for each in trusting(identity)]
    return bool(said) and all(isinstance(each, dict) and _is_second(each) for each in said)


def _is_second(conditions: dict[str, Any]) -> bool:
    """Tell whether a statement's conditions want the key to be there and true, or recent."""
    return any(
        key.lower() in SECOND_FACTOR
        for operator, keys in conditions.items()
        for key, value in (keys.items() if isinstance(keys, dict) else ())
        if not WITHOUT.search(operator) and not NO.search(str(value))
    )


def _everything(identity: Resource) -> Place | None:
    """Return where an identity is given every right, None where it is not."""
    listed_ = identity.value("ManagedPolicyArns")
    for index, arn in enumerate(listed_ if isinstance(listed_, list) else ()):
        if str(arn).endswith(ADMINISTRATOR):
            return identity.where(("ManagedPolicyArns", index))
    for written in written_in(identity):
        statement = written.statement
        whole = "*" in statement.actions and "*" in statement.resources
        if statement.effect == "Allow" and whole and not statement.conditions:
            return written.where()
    return None
