"""A parameter that takes a secret is shown to whoever may look at the stack.

## Why

Without NoEcho the console, `describe-stacks` and the logs of the deployment show what a parameter
was given. Many may look at a stack that may not read its secrets.

## Fix

Set `NoEcho: true`; better, give the name of a secret and let `{{resolve:secretsmanager:name}}` or
the code read it.

## Examples

```yaml bad template.yaml
Parameters:
  DbPassword:  #! the stack shows what its parameter DbPassword is given (password)
    Type: String
Resources:
  Orders:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: postgres, MasterUsername: orders, MasterUserPassword: !Ref DbPassword}
```

```yaml good template.yaml
Parameters:
  DbPassword: {Type: String, NoEcho: true}
  TokenKey: {Type: "AWS::SSM::Parameter::Value<String>", Default: /prod/token}
  SecretName: {Type: String}
  OAuthToken: {Type: String, Default: arn:aws:secretsmanager:eu-west-1:111122223333:secret:oauth}
  AuthTokenSecret: {Type: String, Description: The ARN of the secret that holds the token}
  SshKey: {Type: String}
  PasswordLength: {Type: Number, Default: 16}
  ApiKey: {Type: String, AllowedValues: ["true", "false"]}
Resources:
  Orders:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: postgres, MasterUsername: orders, MasterUserPassword: !Ref DbPassword}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from checkrein.catalog.data_classes import data_class
from checkrein.checks import check
from checkrein.checks.context import TERRAFORM, parameter
from checkrein.detect.names import classify
from checkrein.detect.secret_shapes import is_reference
from checkrein.detect.secrets import CHOSEN, ISSUED
from checkrein.detect.words import words
from checkrein.late import regex
from checkrein.model import App, Finding, Place, Stack

NAMES = regex(
    r"\b(arns?|names?|id|ids|path|ssm|parameter store|secrets? ?manager)\b", re.IGNORECASE
)


def _subjects(app: App) -> list[Stack]:
    return [stack for stack in app.every(Stack) if stack.parameters]


@check(
    _subjects,
    fault=1,
    topics=("secrets",),
    frameworks=("CWE-522", "CWE-200", "OWASP-2025:A02", "OWASP-2021:A04"),
)
def echoed_secret(stack: Stack, app: App) -> Iterator[Finding]:  # noqa: ARG001 - a check's shape
    for name, declared in stack.parameters.items():
        data = _secret(name, declared) if isinstance(declared, dict) else ""
        if data:
            known = data_class(data)
            place = stack.places.get(("Parameters", name), stack.place)
            title = known.title if known else "secret"
            yield Finding(
                place,
                f"{_shown(stack)} what its {parameter(stack)} {name} is given ({title})",
                cwe="CWE-522",
                key=(name,),
                data=(data,),
                confidence="likely",
                secret=_is_around_default(stack, name, place),
            )


def _shown(stack: Stack) -> str:
    return "Terraform shows in plans" if stack.notation == TERRAFORM else "the stack shows"


def _is_around_default(stack: Stack, name: str, place: Place) -> bool:
    """Tell whether the place of a parameter is that of its default too."""
    default = stack.places.get(("Parameters", name, "Default"))
    if default is None:
        return False
    last = max(place.line, place.end_line)
    return default.path == place.path and place.line <= default.line <= last


def _secret(name: str, declared: dict[str, Any]) -> str:
    """Return the class of secret that a parameter takes itself, "" where it names one or hides."""
    match = classify(name)
    if match is None or match.data not in CHOSEN | ISSUED or match.confidence != "certain":
        return ""
    if {*words(name)} >= {"ssh", "key"} and "private" not in words(name):
        return ""  # a user's, which is the public one
    if str(declared.get("NoEcho")).lower() == "true" or declared.get("Type") != "String":
        return ""
    default = str(declared.get("Default", ""))
    if "AllowedValues" in declared or (default and is_reference(default)):
        return ""
    return "" if NAMES.search(str(declared.get("Description", ""))) else match.data
