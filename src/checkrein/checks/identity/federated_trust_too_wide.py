"""A role may be taken by strangers of an identity provider.

## Why

An OIDC provider such as GitHub's signs tokens for everybody's repositories, Cognito's for everybody's identity pools. Without a condition on the
subject (`sub`) or the audience (`aud`), or with a wildcard in it, whoever has any account there gets the role.

## Fix

Demand `token.actions.githubusercontent.com:sub` to be one repository and branch
(`repo:owner/name:ref:refs/heads/main`), `cognito-identity.amazonaws.com:aud` to be the identity pool.

## Examples

```yaml bad template.yaml
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Deploy:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Principal:
              Federated: arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com  #! any repository of GitHub gets Deploy: nothing asks for sub
            Action: sts:AssumeRoleWithWebIdentity
            Condition: {StringEquals: {"token.actions.githubusercontent.com:aud": sts.amazonaws.com}}
      Policies:
        - PolicyName: read
          PolicyDocument: {Statement: [{Effect: Allow, Action: "dynamodb:GetItem", Resource: !GetAtt Customers.Arn}]}
```

```yaml bad template.yaml
Resources:
  Guest:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Principal:
              Federated: cognito-identity.amazonaws.com  #! any identity pool of Cognito gets Guest: aud may be *
            Action: sts:AssumeRoleWithWebIdentity
            Condition: {StringLike: {"cognito-identity.amazonaws.com:aud": "*"}}
```

```yaml good template.yaml
Resources:
  Deploy:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}
            Action: sts:AssumeRoleWithWebIdentity
            Condition:
              StringEquals: {"token.actions.githubusercontent.com:aud": sts.amazonaws.com}
              StringLike: {"token.actions.githubusercontent.com:sub": "repo:example/shop:*"}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from checkrein.checks import check, resource
from checkrein.checks.identity_policies import ROLE, Written, trusting
from checkrein.checks.questions import grouped
from checkrein.model import Access, App, Finding, Resource, Text, Value


class Provider(Struct, frozen=True):
    """A provider that signs for strangers: the claim that tells them apart, and who they are."""

    host: str
    claim: str
    strangers: str
    parts: int  # of the claim, between colons and slashes, that must be plain


COGNITO = "cognito-identity.amazonaws.com"
PROVIDERS = (
    Provider("token.actions.githubusercontent.com", "sub", "repository of GitHub", 2),
    Provider("gitlab.com", "sub", "project of GitLab", 1),
    Provider("agent.buildkite.com", "sub", "pipeline of Buildkite", 1),
    Provider("app.terraform.io", "sub", "workspace of Terraform", 1),
    Provider(COGNITO, "aud", "identity pool of Cognito", 1),
    Provider("accounts.google.com", "aud", "application of Google", 1),
    Provider("graph.facebook.com", "app_id", "application of Facebook", 1),
    Provider("www.amazon.com", "app_id", "application of Amazon", 1),
)
SAML = {"accounts.google.com": ("aud", "oaud", "sub"), "gitlab.com": ("sub",)}


@check(
    resource(ROLE),
    fault=3,
    topics=("authentication",),
    frameworks=(
        *("CWE-284", "CWE-287", "OWASP-2025:A07", "OWASP-2021:A07", "NIST-800-53r5:AC-3"),
        "SAS-2",
    ),
    peers=("CKV_AWS_358", "AWS-0344"),
)
def federated_trust_too_wide(role: Resource, app: App) -> Iterator[Finding]:
    for written in trusting(role):
        for kind, principal in written.statement.principals:
            provider = _provider(principal) if kind == "Federated" else None
            if provider and written.statement.effect == "Allow":
                yield from _judged(app, role, (written, provider))


def _judged(app: App, role: Resource, found: tuple[Written, Provider]) -> Iterator[Finding]:
    written, provider = found
    conditions = written.statement.conditions
    if not isinstance(conditions, dict):
        return
    asked = _asked(conditions, provider)
    loose = [value for value in asked if _is_loose(value, provider)]
    if not asked and provider.host == COGNITO:
        return  # told by role-for-any-identity-pool
    if asked and not loose:
        return
    why = f"{provider.claim} may be {loose[0]}" if loose else f"nothing asks for {provider.claim}"
    reached = {access.target for access in grouped(app, Access, "identity").get(role.id, [])}
    yield Finding(
        _place(written),
        f"any {provider.strangers} gets {role.name}: {why}",
        cwe="CWE-287",
        endangers=tuple(sorted(reached)),
        key=(provider.host, why),
        by=("@anyone",),
    )


def _place(written: Written) -> Any:
    return written.holder.where((*written.path, "Principal", "Federated"))


def _provider(principal: Value) -> Provider | None:
    text = "".join(map(str, principal.parts)) if isinstance(principal, Text) else str(principal)
    return next((p for p in PROVIDERS if text.endswith(p.host)), None)


def _asked(conditions: dict[str, Any], provider: Provider) -> list[Value]:
    """Return the values that the provider's claims are held to; those that deny do not count."""
    claims = {f"{provider.host}:{c}" for c in SAML.get(provider.host, (provider.claim,))}
    found: list[Value] = []
    for operator, keys in conditions.items():
        if "not" in operator.lower() or not isinstance(keys, dict):
            continue
        for key, value in keys.items():
            if key.lower() in claims:
                found += value if isinstance(value, list) else [value]
    return found


def _is_loose(value: Value, provider: Provider) -> bool:
    """Tell whether a value leaves open who is meant: a wildcard in one of its first parts."""
    if not isinstance(value, str):
        return False
    parts = value.replace("/", ":").split(":")
    told = parts[1 : provider.parts] if provider.parts > 1 else parts[:1]
    return "*" in parts[0] or any("*" in part for part in told)
