"""A function's variables hold secrets under a key that nobody here controls.

## Why

Lambda encrypts variables with a key of its own by default: whoever may read the function's configuration
reads them in clear. With a key of your own, reading takes `kms:Decrypt` too, and every use of it is in the
audit log. That is worth something only where the variables hold secrets, and a secret is better read from
Secrets Manager at run time.

## Fix

Let the function fetch the secret when it runs, or set `KmsKeyArn`.

## Examples

```yaml bad template.yaml
Parameters:
  Password: {Type: String, NoEcho: true}
Resources:
  Rides:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Environment:
        Variables:
          STAGE: prod
          DB_PASSWORD: !Ref Password  #! who may see the settings of Rides reads DB_PASSWORD (password): no key of yours guards it
      Code: {ZipFile: "def handler(event, context): pass"}
  Fares:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Environment:
        Variables:
          DB_PASSWORD: !Sub "{{resolve:secretsmanager:${Kept}:SecretString:password}}"  #! who may see the settings of Fares reads DB_PASSWORD (password): no key of yours guards it
      Code: {ZipFile: "def handler(event, context): pass"}
  Kept:
    Type: AWS::SecretsManager::Secret
```

What all functions get in one place is told once.

```yaml bad template.yaml
Transform: AWS::Serverless-2016-10-31
Parameters:
  Password: {Type: String, NoEcho: true}
Globals:
  Function:
    Runtime: python3.14
    Handler: index.handler
    Environment:
      Variables:
        DB_PASSWORD: !Ref Password  #! who may see the settings of Fares and Rides reads DB_PASSWORD (password): no key of yours guards it
Resources:
  Rides:
    Type: AWS::Serverless::Function
    Properties: {InlineCode: "def handler(event, context): pass"}
  Fares:
    Type: AWS::Serverless::Function
    Properties: {InlineCode: "def handler(event, context): pass"}
```

```yaml good template.yaml
Parameters:
  Password: {Type: String, NoEcho: true}
Resources:
  Rides:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      KmsKeyArn: arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab
      Environment: {Variables: {DB_PASSWORD: !Ref Password}}
      Code: {ZipFile: "def handler(event, context): pass"}
  Plain:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Environment: {Variables: {STAGE: prod}}
      Code: {ZipFile: "def handler(event, context): pass"}
  Elsewhere:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Environment:
        Variables: {BOT_TOKEN_PARAM: /rides/bot-token, DB_PASSWORD: !Ref Kept, API_TOKEN_PARAM: !Sub "/${AWS::StackName}/token"}
      Code: {ZipFile: "def handler(event, context): pass"}
  Kept:
    Type: AWS::SecretsManager::Secret
```
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.questions import elements_by_node, grouped, listed, short, titles
from checkrein.checks.worth import valuable, value
from checkrein.model import App, Finding, Place, Resource, Symbol, Text, Value
from checkrein.model.asking import of_app
from checkrein.model.values import alternatives

VARIABLES = "env."
SECRET = 7  # the value from which a class is none that a setting may show
NAMED = frozenset({"AWS::SecretsManager::Secret", "AWS::SSM::Parameter"})  # asked for by name
NAMES = ("/", "arn:")  # how the name of a parameter or a secret begins


@check(
    resource("AWS::Lambda::Function"),
    fault=1,
    topics=("secrets",),
    frameworks=("CWE-522",),
    peers=("CKV_AWS_173", "awslambda_function_env_vars_not_encrypted_with_cmk"),
)
def environment_without_own_key(function: Resource, app: App) -> Iterator[Finding]:
    names, classes = _shown(function, app)
    if not names:
        return
    same = _set_together(app).get((_place(function, names), tuple(names)), [function.id])
    if function.id != same[0]:  # what all functions are given is said once
        return
    yield Finding(
        _place(function, names),
        f"who may see the settings of {listed(map(short, same))} reads {listed(names)}"
        f" ({titles(classes)}): no key of yours guards {'it' if len(names) == 1 else 'them'}",
        cwe="CWE-522",
        endangers=tuple(same),
        data=tuple(classes),
        key=tuple(names),
    )


@of_app
def _set_together(app: App) -> dict[tuple[Place, tuple[str, ...]], list[str]]:
    """Return the functions that get their secrets in one place, by that and by their names."""
    found: defaultdict[tuple[Place, tuple[str, ...]], list[str]] = defaultdict(list)
    for function in grouped(app, Resource, "type").get("AWS::Lambda::Function", []):
        names, _ = _shown(function, app)
        if names:
            found[_place(function, names), tuple(names)].append(function.id)
    return {at: sorted(set(ids)) for at, ids in found.items()}


def _place(function: Resource, names: list[str]) -> Place:
    return function.where(("Environment", "Variables", names[0]))


def _shown(function: Resource, app: App) -> tuple[list[str], list[str]]:
    """Return the variables that show a secret to whoever sees the settings, and its classes."""
    if function.value("KmsKeyArn") is not None:
        return [], []
    held = {
        element.slot.path.removeprefix(VARIABLES): element.data
        for element in elements_by_node(app).get(function.id, [])
        if element.slot.path.startswith(VARIABLES) and element.confidence != "possible"
    }
    set_here = function.value("Environment.Variables")
    names = [
        name
        for name, data in sorted(held.items())
        if isinstance(set_here, dict)
        and set_here.get(name) not in (None, "")
        and not _is_name(app, set_here[name])
        and value(app, data) >= SECRET
    ]
    return names, valuable(app, {held[name] for name in names})


def _is_name(app: App, set_to: Value) -> bool:
    """Tell whether a variable says where a secret is kept, not what it is."""
    return all(_names(app, option) for option in alternatives(set_to))


def _names(app: App, option: Value) -> bool:
    if isinstance(option, Symbol):
        kept = app.get(Resource, option.owner)
        return kept is not None and kept.type in NAMED and option.attribute in ("Ref", "Id", "Arn")
    first = option.parts[0] if isinstance(option, Text) else option
    return isinstance(first, str) and first.startswith(NAMES)
