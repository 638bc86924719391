"""A secret that nothing uses.

## Why

A password or key that no code, no template and no service reads any more still opens what it once opened,
and nobody would notice that it is used by somebody else.

## Fix

Delete it, and what it opens.

## Examples

```yaml bad template.yaml
Resources:
  Provider:  #! nothing here reads Provider
    Type: AWS::SecretsManager::Secret
    Properties: {Name: provider, GenerateSecretString: {}}
  Show:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "def handler(event, context): pass"}
```

```yaml good template.yaml
Resources:
  Provider:
    Type: AWS::SecretsManager::Secret
    Properties: {Name: provider, GenerateSecretString: {}}
  Named:
    Type: AWS::SecretsManager::Secret
    Properties: {Name: named, GenerateSecretString: {}}
  Written:
    Type: AWS::SecretsManager::Secret
    Properties: {Name: written, GenerateSecretString: {}}
  Resolved:
    Type: AWS::SecretsManager::Secret
    Properties: {Name: resolved, GenerateSecretString: {}}
  Substituted:
    Type: AWS::SecretsManager::Secret
    Properties: {GenerateSecretString: {}}
  Database:
    Type: AWS::RDS::DBInstance
    Properties:
      MasterUsername: "{{resolve:secretsmanager:resolved:SecretString:username}}"
      MasterUserPassword: !Sub "{{resolve:secretsmanager:${Substituted}:SecretString:password}}"
  Show:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Environment: {Variables: {PROVIDER: !Ref Provider, NAME: written}}
      Code:
        ZipFile: |
          import boto3
          def handler(event, context):
              boto3.client("secretsmanager").get_secret_value(SecretId="named")
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.mentions import mentioned_ids, mentions
from checkrein.checks.questions import grouped
from checkrein.checks.settings import settings
from checkrein.model import App, Call, Finding, Function, Resource, Summary
from checkrein.model.asking import of_app
from checkrein.model.values import Text

SECRET = "AWS::SecretsManager::Secret"  # noqa: S105 - a type
OF_SECRETS = "AWS::SecretsManager::"  # what sets a secret up does not use it
SHORT = 3  # letters that tell nothing
REFERENCES = "@secretsmanager"  # owner of the symbols of {{resolve:secretsmanager:…}}
READS = frozenset({"GetSecretValue", "BatchGetSecretValue"})
ACCESS = ("AWS::IAM::", "AWS::KMS::")  # the right to read is no reading


@check(
    resource(SECRET),
    fault=1,
    topics=(
        "unused-resources",
        "secrets",
    ),
    frameworks=(
        "CWE-1188",
        "AWS-FSBP:SecretsManager.3",
    ),
    peers=("SecretsManager.3", "secretsmanager_secret_unused", "SECRETSMANAGER_SECRET_UNUSED"),
)
def secret_nobody_uses(secret: Resource, app: App) -> Iterator[Finding]:
    if _is_mentioned(app, secret.id) or _physical(secret) & _named(app):
        return
    if any(c.target in (None, secret.id) and c.operation in READS for c in app.every(Call)):
        return  # a call whose secret is not known may read this one
    if not _code_is_seen(app).get(secret.stack) or _is_written(app, secret):
        return
    yield Finding(
        secret.place,
        f"nothing here reads {secret.name}",
        cwe="CWE-1188",
        endangers=(secret.id,),
        confidence="likely",
    )


@of_app
def _code_is_seen(app: App) -> dict[str, bool]:
    """Tell, for each stack that has functions, whether the code of all was read to its end."""
    seen: dict[str, bool] = {}
    for function in app.every(Function):
        known = grouped(app, Summary, "function").get(function.id, [])
        whole = bool(known) and not any(summary.partial for summary in known)
        stack = function.id.rpartition("/")[0]
        seen[stack] = seen.get(stack, True) and whole
    return seen


def _is_mentioned(app: App, secret: str) -> bool:
    """Tell whether anything but access and set-up names a secret: a resource, an output, a child."""
    types = mentioned_ids(app).get(secret, set())
    return any(not type.startswith((OF_SECRETS, *ACCESS)) for type in types)


def _physical(secret: Resource) -> set[str]:
    name = secret.value("Name")
    if isinstance(name, Text):
        return {str(part) for part in name.parts if isinstance(part, str) and len(part) > SHORT}
    return {name} if isinstance(name, str) else set()


@of_app
def _named(app: App) -> set[str]:
    """Return the names in dynamic references and in code."""
    found = {s.attribute.partition(":")[0] for s in mentions(app) if s.owner == REFERENCES}
    for summary in app.every(Summary):
        found |= {literal.text for literal in summary.literals}
    return found


def _is_written(app: App, secret: Resource) -> bool:
    """Tell whether a text of a template is a secret's name."""
    names = _physical(secret)
    others = (each for each in app.every(Resource) if names and each.id != secret.id)
    return any(each.text in names for other in others for each in settings(other))
