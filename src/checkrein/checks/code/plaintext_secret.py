"""A secret stands in a template in clear.

## Why

Whoever reads the repository, the stack's template or the function's configuration has the secret,
and it stays in every old version after it was changed.

## Fix

Keep it in Secrets Manager or as a SecureString parameter, and refer to it:
`{{resolve:secretsmanager:name}}`, or read it in the code at run time.

## Examples

```yaml bad template.yaml
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
```

```yaml good template.yaml
Parameters:
  Password: {Type: String, NoEcho: true}
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
          TOKEN_TABLE: tokens
          API_KEY: "{{resolve:secretsmanager:provider}}"
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from checkrein.catalog.data_classes import data_class
from checkrein.catalog.placeholders import is_placeholder
from checkrein.checks import check, resource
from checkrein.checks.questions import grouped
from checkrein.detect.names import classify
from checkrein.model import App, Evidence, Finding, Path, Resource, Stack

HOLDERS: dict[str, tuple[str, ...]] = {  # type: properties that hold names with values, or one
    "AWS::Lambda::Function": ("Environment.Variables",),
    "AWS::CodeBuild::Project": ("Environment.EnvironmentVariables",),
    "AWS::ECS::TaskDefinition": ("ContainerDefinitions",),
    "AWS::SecretsManager::Secret": ("SecretString",),
    "AWS::RDS::DBInstance": ("MasterUserPassword",),
    "AWS::RDS::DBCluster": ("MasterUserPassword",),
    "AWS::DocDB::DBCluster": ("MasterUserPassword",),
    "AWS::Redshift::Cluster": ("MasterUserPassword",),
    "AWS::ElastiCache::ReplicationGroup": ("AuthToken",),
    "AWS::Amplify::App": ("AccessToken", "OauthToken", "EnvironmentVariables"),
    "AWS::Cognito::UserPoolIdentityProvider": ("ProviderDetails",),
    "AWS::ApiGateway::Stage": ("Variables",),
}
ALWAYS = frozenset({"SecretString", "MasterUserPassword", "AuthToken", "AccessToken", "OauthToken"})
ELSEWHERE = re.compile(
    r"^(arn:|/|\{\{resolve:|ssm:|https?://[^/@]*(/|$)|\$\{|[\d.]+$)|[\s\\]", re.IGNORECASE
)
SHORTEST = 6


@check(
    resource(*HOLDERS),
    fault=3,
    frameworks=(
        "CWE-798",
        "CWE-312",
        "OWASP-2025:A04",
        "OWASP-2021:A07",
        "SAS-7",
        "PCI-DSS-4.0.1:8.6.2",
    ),
)
def plaintext_secret(holder: Resource, app: App) -> Iterator[Finding]:
    for property in HOLDERS[holder.type]:
        value = holder.value(property)
        for name, path, text in _texts(value, (*property.split("."),)):
            data = _secret(name, property in ALWAYS and len(path) == 1)
            if data and _literal(text) and not _names_resource(app, text):
                yield _finding(app, holder, name, path, text, data)


def _finding(app: App, holder: Resource, name: str, path: Path, text: str, data: str) -> Finding:
    """Point at the literal: where a parameter's default gives it, at the default."""
    known = data_class(data)
    parameter = _parameter(app, holder, path, text)
    place = holder.where(path)
    evidence: tuple[Evidence, ...] = ()
    if parameter:
        stack, given = parameter
        place = stack.places.get(("Parameters", given, "Default"), place)
        said = f"it is the default of the parameter {given} of {stack.source}"
        evidence = (Evidence(said, place),)
    return Finding(
        place,
        f"{name} of {holder.name} is in clear ({known.title if known else 'secret'})",
        evidence,
        cwe="CWE-798",
        endangers=(holder.id,),
        key=(name,),
        data=(data,),
        by=(holder.id,),
        secret=not parameter or place != holder.where(path),
    )


def _parameter(app: App, holder: Resource, path: Path, text: str) -> tuple[Stack, str] | None:
    """Return the parameter, of the stack or one that nests it, whose default a reference gives."""
    if not any(known[: len(path)] == path and known != path for known in holder.places):
        return None  # what has nothing below it is written there
    stacks = [s for s in app.every(Stack) if f"{holder.stack}/".startswith(f"{s.id}/")]
    for stack in sorted(stacks, key=lambda each: -len(each.id)):
        for name, declared in stack.parameters.items():
            if isinstance(declared, dict) and declared.get("Default") == text:
                return stack, name
    return None


def _texts(value: Any, path: Path) -> Iterator[tuple[str, Path, str]]:
    """Yield name, path and text of each plain value; lists of Name and Value count as maps."""
    if isinstance(value, str):
        yield str(path[-1]), path, value
    elif isinstance(value, dict) and isinstance(value.get("Name"), str) and "Value" in value:
        if isinstance(value["Value"], str):
            yield value["Name"], (*path, "Value"), value["Value"]
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, (*path, index))


def _secret(name: str, known: bool) -> str:  # noqa: FBT001 - one use, next to its definition
    """Return the class of secret that a name tells of, "" for none."""
    match = classify(name)
    told = match and match.confidence != "possible" and match.data.startswith("cred.")
    return match.data if match and told else "cred.secret" if known else ""


def _literal(text: str) -> bool:
    return len(text) >= SHORTEST and not is_placeholder(text) and not ELSEWHERE.search(text)


def _names_resource(app: App, text: str) -> bool:
    """Tell whether a text is the name of something in the app rather than a secret."""
    return text in _names(app)


def _names(app: App) -> set[str]:
    return {id.rpartition("/")[2] for id in grouped(app, Resource, "id")}
