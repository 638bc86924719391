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
from checkrein.checks import check, resource
from checkrein.checks.questions import grouped
from checkrein.detect.names import classify
from checkrein.model import App, Finding, Path, Resource

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
PLACEHOLDER = re.compile(  # words only: what holds digits too may be real
    r"^[^\d]*(change.?me|change.?it|replace|your|example|dummy|placeholder|todo|fixme|insert)[^\d]*$"
    r"|x{3,}|\*{3,}|\.{3}|^<.*>$|^(undefined|string|secret|password|default)$",
    re.IGNORECASE,
)
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
            title = _secret(name, property in ALWAYS and len(path) == 1)
            if title and _literal(text) and not _names_resource(app, text):
                yield Finding(
                    holder.where(path),
                    f"{name} of {holder.name} is in clear ({title})",
                    cwe="CWE-798",
                    endangers=(holder.id,),
                    key=(name,),
                    secret=True,
                )


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
    match = classify(name)
    told = match and match.confidence != "possible" and match.data.startswith("cred.")
    found = data_class(match.data) if match and told else None
    return found.title if found else "secret" if known else ""


def _literal(text: str) -> bool:
    return len(text) >= SHORTEST and not PLACEHOLDER.search(text) and not ELSEWHERE.search(text)


def _names_resource(app: App, text: str) -> bool:
    """Tell whether a text is the name of something in the app rather than a secret."""
    return text in _names(app)


def _names(app: App) -> set[str]:
    return {id.rpartition("/")[2] for id in grouped(app, Resource, "id")}
