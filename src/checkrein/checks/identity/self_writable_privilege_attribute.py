"""A user may set the attribute that says what the user may do.

## Why

Every signed-in user of the client can call `UpdateUserAttributes` with the attributes the client may
write. Where a role, a tenant or a tier is one of them, everybody chooses their own.

## Fix

List the attributes that users may write in the client's `WriteAttributes`, without this one; set it
on the server with `AdminUpdateUserAttributes`, or use groups.

## Examples

```yaml bad template.yaml
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      Schema:
        - {Name: role, AttributeDataType: String, Mutable: true}
  Client:
    Type: AWS::Cognito::UserPoolClient
    Properties:
      UserPoolId: !Ref Pool
      WriteAttributes: [email, "custom:role"]  #! users of Client may set their own custom:role
```

```yaml good template.yaml
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      Schema:
        - {Name: role, AttributeDataType: String, Mutable: true}
  Client:
    Type: AWS::Cognito::UserPoolClient
    Properties:
      UserPoolId: !Ref Pool
      WriteAttributes: [email]
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.questions import grouped, listed, setting
from checkrein.late import regex
from checkrein.model import App, Evidence, Finding, Fix, Resource, Summary
from checkrein.model.values import symbols

PRIVILEGE = regex(
    r"(^|[_-])(is[_-]?)?(admin|administrator|superuser|role|roles|group|groups|permission|permissions"
    r"|privilege|privileges|scope|scopes|tenant|tenant[_-]?id|tier|plan|entitlement|clearance"
    r"|access[_-]?level|approved)$"
)


@check(
    resource("AWS::Cognito::UserPoolClient"),
    fault=3,
    topics=("mass-assignment",),
    frameworks=("CWE-269", "CWE-915", "OWASP-2025:A01", "OWASP-2021:A01"),
)
def self_writable_privilege_attribute(client: Resource, app: App) -> Iterator[Finding]:
    pools = [symbol.owner for symbol in symbols(client.value("UserPoolId"))]
    known = {
        pool.id: pool for pool in grouped(app, Resource, "type").get("AWS::Cognito::UserPool", [])
    }
    writable = client["WriteAttributes"]
    for pool in (known[id] for id in pools if id in known):
        names = [name for name in _privileges(pool) if writable is None or name in writable]
        if names:
            yield _finding(client, pool, names, app)


def _finding(client: Resource, pool: Resource, names: list[str], app: App) -> Finding:
    trusting = tuple(evidence for name in names for evidence in _trusting(app, name))
    readers = [reader for name in names for reader in _readers(app, name)]
    writable = client["WriteAttributes"]
    return Finding(
        client.where("WriteAttributes") if writable else client.place,
        f"users of {client.name} may set their own {listed(names)}",
        trusting,
        cwe="CWE-269",
        endangers=tuple(dict.fromkeys((pool.id, *readers))),
        fix=_fix(client, writable, names),
        key=tuple(names),
        confidence="certain" if trusting else "likely",
    )


def _privileges(pool: Resource) -> Iterator[str]:
    """Yield the custom attributes whose names say that they give rights."""
    schema = pool["Schema"]
    known = schema if isinstance(schema, list) else []
    for attribute in (each for each in known if isinstance(each, dict)):
        name = str(attribute.get("Name", "")).removeprefix("custom:")
        fixed = (
            attribute.get("Mutable") is False
            and pool["AdminCreateUserConfig.AllowAdminCreateUserOnly"]
        )
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
        if PRIVILEGE.search(words) and not fixed:
            yield f"custom:{name}"


def _trusting(app: App, name: str) -> Iterator[Evidence]:
    for summary in app.every(Summary):
        for read in summary.reads:
            if read.source.owner == "event" and read.source.attribute.endswith(name):
                reader = summary.function.rpartition("/")[2]
                yield Evidence(f"{reader} reads {name} from the caller's token", read.place)


def _readers(app: App, name: str) -> list[str]:
    return [
        summary.function
        for summary in app.every(Summary)
        if any(read.source.attribute.endswith(name) for read in summary.reads)
    ]


def _fix(client: Resource, writable: list[str] | None, names: list[str]) -> Fix | None:
    kept = [attribute for attribute in writable or [] if attribute not in names]
    if not kept:
        return None  # which of the standard attributes users set, only the team knows
    return setting(client, "WriteAttributes", kept, f"let users write {listed(kept)} only")
