"""A user may set the attribute that says what the user may do.

## Why

Every signed-in user of the client can call `UpdateUserAttributes` with the attributes the client may
write. Where a role, a tenant or a tier is one of them, everybody chooses their own. That is serious where something
decides by it: code, a resolver, a mapping of roles. Where no code read here asks for it, it waits for code that will;
a trigger that only sees people sign up gives nobody a right by it.
Where the code that signs people up lets them choose it, as who sells and who buys, nothing may hang on it but that.

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

from msgspec import Struct

from checkrein.checks import check, resource
from checkrein.checks.questions import grouped, listed, setting, short
from checkrein.checks.settings import settings
from checkrein.late import regex
from checkrein.model import (
    App,
    Argument,
    Entry,
    Evidence,
    Finding,
    Fix,
    Function,
    Resource,
    Summary,
    Value,
)
from checkrein.model.asking import settled, settled_at
from checkrein.model.values import alternatives, symbols

PRIVILEGE = regex(
    r"(^|[_-])(is[_-]?)?(?P<right>admin|administrator|superuser|role|roles|group|groups|permission|permissions"
    r"|privilege|privileges|scope|scopes|tenant|tenant[_-]?id|tier|plan|entitlement|clearance"
    r"|access[_-]?level|approved)$"
)
WRITABLE = "WriteAttributes"
CLAIM = "claim"  # the role of a literal
COMPARING = "caller"  # the family of uses that ask who calls
OWN = ("AWS::Cognito::UserPool", "AWS::Lambda::Function")  # make the attribute, or are read as code
SIGNING_UP = "PreSignUp"  # a trigger, and in the names of permissions that plugins make for it
INVITING = "AdminCreateUserConfig.AllowAdminCreateUserOnly"
SERIOUS, PLAIN, SMALL = 3, 2, 1  # faults


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
    writable = _writable(client)
    for pool in (known[id] for id in pools if id in known):
        names = [name for name in _privileges(pool) if writable is None or name in writable]
        if names:
            yield _finding(client, pool, names, app)


def _writable(client: Resource) -> list[str] | None:
    """Return the attributes that users may write, None where the client does not say."""
    said = client[WRITABLE]
    return [name for name in said if isinstance(name, str)] if isinstance(said, list) else None


def _finding(client: Resource, pool: Resource, names: list[str], app: App) -> Finding:
    reading = [each for name in names for each in _reading(app, name)]
    choosing = [id for name in names for id in _choosing(app, name)]
    fault, said = _graded(app, reading, choosing)
    if fault == SERIOUS and pool.value(INVITING) is True:
        fault = PLAIN  # only who was given an account by somebody
    trusting = tuple(dict.fromkeys(each.evidence for each in reading))
    readers = dict.fromkeys(each.function for each in reading if each.function)
    writable = _writable(client)
    return Finding(
        client.where(WRITABLE) if writable else client.place,
        f"users of {client.name} may set their own {listed(names)}{said}",
        trusting,
        cwe="CWE-269",
        endangers=(pool.id, *readers),
        fix=_fix(client, writable, names),
        key=tuple(names),
        confidence="certain" if trusting else "likely",
        fault=fault,
    )


def _graded(app: App, reading: list[Reading], choosing: list[str]) -> tuple[int, str]:
    """Return how bad it is by who reads the attribute, and what to say of it."""
    if choosing:
        return SMALL, f", which {listed(map(short, choosing))} lets them choose when they sign up"
    if any(each.decides for each in reading):
        return SERIOUS, ""
    unread = not reading and _is_seen(app)
    return (SMALL, ", which no code read here asks for") if unread else (PLAIN, "")


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
        if _right(name) and not fixed:
            yield f"custom:{name}"


def _right(name: str) -> str:
    """Return which right a name says, without whose: ``tenant_id`` of ``ownTenantId``."""
    found = PRIVILEGE.search(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower())
    return found["right"] if found else ""


class Reading(Struct, frozen=True):
    """Where an attribute is read: by which function ("" for a template), and to decide by it."""

    evidence: Evidence
    decides: bool
    function: str = ""


def _reading(app: App, name: str) -> Iterator[Reading]:
    """Yield where code, or what a template says (a mapping of roles, a resolver), reads a name."""
    yield from _in_code(app, name)
    for holder in app.every(Resource):
        for told in () if holder.type.startswith(OWN) else settings(holder):
            if name in told.text:
                said = Evidence(f"{holder.name} reads {name}", holder.where(told.path))
                yield Reading(said, decides=True)


@settled_at
def _in_code(app: App, name: str) -> tuple[Reading, ...]:
    return tuple(_readings(app, name))


def _readings(app: App, name: str) -> Iterator[Reading]:
    for summary in app.every(Summary):
        reader = short(summary.function)
        for read in summary.reads:
            if read.source.owner == "event" and read.source.attribute.endswith(name):
                decides = not _is_signing_up(app, summary.function)
                whose = "from the caller's token" if decides else "of who signs up"
                said = Evidence(f"{reader} reads {name} {whose}", read.place)
                yield Reading(said, decides, summary.function)
        for literal in summary.literals:
            if literal.role == CLAIM and literal.text == name:
                said = Evidence(f"{reader} reads {name}", literal.place)
                decides = "compared" in literal.names or _is_used(summary, name)
                decides = decides and not _is_signing_up(app, summary.function)
                yield Reading(said, decides, summary.function)


def _is_signing_up(app: App, function: str) -> bool:
    """Tell whether a function only sees people who sign up: it gives nobody who is one a right."""
    ways = grouped(app, Entry, "function").get(function, [])
    return bool(ways) and all(SIGNING_UP in (way.route or way.source) for way in ways)


def _is_used(summary: Summary, name: str) -> bool:
    """Tell whether what an attribute holds is compared, or goes into a request."""
    return any(
        symbol.attribute.endswith(name)
        for site in summary.calls
        if site.kind == "sdk" or site.service == COMPARING
        for argument in site.arguments
        for symbol in argument.sources
    )


@settled_at
def _choosing(app: App, name: str) -> tuple[str, ...]:
    """Return the functions that sign people up with the attribute as they ask for it."""
    return tuple(_choosers(app, name))


def _choosers(app: App, name: str) -> Iterator[str]:
    asked = _plain(_right(name.removeprefix("custom:")))
    for summary in app.every(Summary):
        for site in summary.calls:
            given = {argument.path: argument for argument in site.arguments}
            values = given.get("UserAttributes[].Value")
            if site.operation == "SignUp" and values and name in _texts(given):
                own = (_plain(s.attribute) for s in values.sources if s.owner == "event")
                if any(field.endswith(asked) for field in own):
                    yield summary.function


def _plain(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")


def _texts(given: dict[str, Argument]) -> list[Value]:
    """Return the names that a call gives attributes."""
    names = given.get("UserAttributes[].Name")
    return list(alternatives(names.value)) if names else []


@settled
def _is_seen(app: App) -> bool:
    """Tell whether code was read here, and none is of a language that nothing reads."""
    foreign = any(function.code and not function.language for function in app.every(Function))
    return not foreign and any(summary.files for summary in app.every(Summary))


def _fix(client: Resource, writable: list[str] | None, names: list[str]) -> Fix | None:
    kept = [attribute for attribute in writable or [] if attribute not in names]
    if not kept:
        return None  # which of the standard attributes users set, only the team knows
    return setting(client, WRITABLE, kept, f"let users write {listed(kept)} only")
