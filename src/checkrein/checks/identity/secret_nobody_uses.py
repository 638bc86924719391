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
  Show:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Environment: {Variables: {PROVIDER: !Ref Provider}}
      Code:
        ZipFile: |
          import boto3
          def handler(event, context):
              boto3.client("secretsmanager").get_secret_value(SecretId="named")
```
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from checkrein.checks import check, resource
from checkrein.checks.questions import grouped
from checkrein.model import App, Call, Finding, Function, Resource, Stack, Summary
from checkrein.model.values import Text, Value, symbols

SECRET = "AWS::SecretsManager::Secret"  # noqa: S105 - a type
OF_SECRETS = "AWS::SecretsManager::"  # what sets a secret up does not use it
SHORT = 3  # letters that tell nothing
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
    if secret.id in _named(app) or _physical(secret) & _resolved(app):
        return
    if grouped(app, Call, "target").get(secret.id):
        return
    functions = grouped(app, Function, "identity").values()
    here = [f for some in functions for f in some if f.id.startswith(f"{secret.stack}/")]
    if not here or not all(_is_seen(app, function) for function in here):
        return
    yield Finding(
        secret.place,
        f"nothing here reads {secret.name}",
        cwe="CWE-1188",
        endangers=(secret.id,),
        confidence="likely",
    )


def _is_seen(app: App, function: Function) -> bool:
    """Tell whether a function's code was read to its end."""
    known = grouped(app, Summary, "function").get(function.id, [])
    return bool(known) and not any(summary.partial for summary in known)


@lru_cache(maxsize=2)
def _named(app: App) -> set[str]:
    """Return what anything but access and set-up refers to: resources, outputs, children."""
    values: list[Value] = [
        resource.properties
        for resource in app.every(Resource)
        if not resource.type.startswith((OF_SECRETS, *ACCESS))
    ]
    values += [part for s in app.every(Stack) for part in (s.outputs, s.exports, s.arguments)]
    return {symbol.owner for value in values for symbol in symbols(value)}


def _physical(secret: Resource) -> set[str]:
    name = secret.value("Name")
    if isinstance(name, Text):
        return {str(part) for part in name.parts if isinstance(part, str) and len(part) > SHORT}
    return {name} if isinstance(name, str) else set()


@lru_cache(maxsize=2)
def _resolved(app: App) -> set[str]:
    """Return the names in dynamic references, and the texts that stand in templates and code."""
    found = set()
    for each in app.every(Resource):
        if each.type != SECRET:
            found |= {s.attribute for s in symbols(each.properties)}
            found |= set(_texts(each.properties))
    for summary in app.every(Summary):
        found |= {literal.text for literal in summary.literals}
    return found


def _texts(value: Value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
