"""Who acts as whom: what runs as which identity, and whom roles let become them, as lines."""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.derive.access.actors import actors, inverted, pool_roles, users
from checkrein.derive.access.assuming import WAYS, assuming
from checkrein.derive.access.identities import ROLES, anyone
from checkrein.derive.stacks.directory import Directory
from checkrein.derive.surface.told import Told
from checkrein.derive.surface.wording import said, under
from checkrein.iam.documents import Statement
from checkrein.iam.principals import excluded_ids, principal_ids
from checkrein.model import App, Evidence, Function, Kind, Resource, Value

OF_SAM = "AWS::Serverless::Function"  # SAM makes a role for such a function alone
OWN_USE = "service:lambda.amazonaws.com"
MAPPED = "AWS::Cognito::IdentityPoolRoleAttachment"
SHARED_LAYER = "AWS::Lambda::LayerVersionPermission"


def acting(app: App, directory: Directory) -> Iterator[Told]:
    """Yield as which identities functions, state machines and others act."""
    roles = {function.id: function.identity for function in app.every(Function)}
    for node, identities in inverted(actors(directory, roles)).items():
        for identity in identities:
            role = directory.resources.get(identity)
            if identity and not (role and role.source_type == OF_SAM):
                named = directory.resources.get(node)
                steps = named.evidence if named else ()
                yield Told(Kind.GAIN, node, "acts as", (identity,), steps)


def trusted(directory: Directory) -> Iterator[Told]:
    """Yield whom roles let become them, and whom they refuse."""
    for role in directory.of_type("AWS::IAM::Role", MAPPED, SHARED_LAYER):
        if role.type == "AWS::IAM::Role":
            for statement in assuming(role.value("AssumeRolePolicyDocument"), WAYS) or ():
                yield from _trust(directory, role, statement)
        elif role.type == MAPPED:
            yield from _pooled(directory, role)
        elif role.type == SHARED_LAYER:
            yield from _shared(directory, role)


def _trust(directory: Directory, role: Resource, statement: Statement) -> Iterator[Told]:
    at = ("AssumeRolePolicyDocument", *statement.path)
    refused = statement.effect == "Deny"
    kind, verb = (Kind.DENIAL, "refuses") if refused else (Kind.ENTRY, "trusts")
    named = [_who(directory, role, each) for each in principal_ids(statement)]
    named += [f"all but {_who(directory, role, each)}" for each in excluded_ids(statement)]
    for who in named:
        if role.source_type == OF_SAM and who == OWN_USE:
            continue  # SAM writes that itself
        evidence = Evidence(f"{role.name} {verb} {who}", role.where(at))
        value = under(who, said(statement.conditions))
        yield Told(kind, role.id, "assumed", (value,), (evidence,))


def _who(directory: Directory, role: Resource, principal: Value) -> str:
    deployment = directory.deployment(role.id)
    found = directory.find(principal, deployment, ROLES)
    return found[0] if found else str(directory.canonical(principal))


def _pooled(directory: Directory, attachment: Resource) -> Iterator[Told]:
    """Yield who gets a role of an identity pool: who signed in, and guests where there may be."""
    deployment = directory.deployment(attachment.id)
    for pool in directory.find(attachment.value("IdentityPoolId"), deployment):
        open_to_all = directory.resources[pool].value("AllowUnauthenticatedIdentities")
        who = {"authenticated": users(deployment)}
        if open_to_all is not False:
            who["unauthenticated"] = anyone(deployment)
        for kind, name in who.items():
            for role in pool_roles(directory, attachment, kind):
                evidence = Evidence(f"{kind} visitors get it", attachment.where(("Roles", kind)))
                yield Told(Kind.ENTRY, role, f"identity pool {pool}", (name,), (evidence,))


def _shared(directory: Directory, permission: Resource) -> Iterator[Told]:
    """Yield who may read a layer's code."""
    deployment = directory.deployment(permission.id)
    principal = str(permission.value("Principal"))
    who = anyone(deployment) if principal == "*" else f"account:{principal}"
    organization = permission.value("OrganizationId")
    action = under(str(permission.value("Action")), f"in {organization}" if organization else "")
    for layer in directory.find(permission.value("LayerVersionArn"), deployment):
        yield Told(Kind.RIGHT, who, f"{layer} read", (action,), permission.evidence)
