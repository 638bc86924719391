"""Grants as statements: the model's, and other forms than policies (ACLs, permissions, KMS grants).

Sources: the S3 User Guide ("access control list overview", with what each permission comes to),
the Lambda API reference (AddPermission) and the KMS developer guide ("grants").
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from checkrein.iam.documents import Statement
from checkrein.late import regex
from checkrein.model import Grant, Value
from checkrein.model.values import text

GROUPS: Final = {  # by the end of a group's URI
    "AllUsers": ("*", "*"),
    "AuthenticatedUsers": ("Account", "*"),
    "LogDelivery": ("Service", "logging.s3.amazonaws.com"),
}
PUBLIC: Final = frozenset({"AllUsers", "AuthenticatedUsers"})
CANNED: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {  # group and permission
    "authenticatedread": (("AuthenticatedUsers", "READ"),),
    "logdeliverywrite": (("LogDelivery", "WRITE"), ("LogDelivery", "READ_ACP")),
    "publicread": (("AllUsers", "READ"),),
    "publicreadwrite": (("AllUsers", "READ"), ("AllUsers", "WRITE")),
}
OF_A_BUCKET: Final[Mapping[str, tuple[str, ...]]] = {
    "READ": ("s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"),
    "READ_ACP": ("s3:GetBucketAcl",),
    "WRITE_ACP": ("s3:PutBucketAcl",),
}
OF_NEW_OBJECTS: Final[Mapping[str, tuple[str, ...]]] = {"WRITE": ("s3:PutObject",)}
OF_AN_OBJECT: Final[Mapping[str, tuple[str, ...]]] = {
    "READ": ("s3:GetObject", "s3:GetObjectVersion"),
    "READ_ACP": ("s3:GetObjectAcl", "s3:GetObjectVersionAcl"),
    "WRITE_ACP": ("s3:PutObjectAcl", "s3:PutObjectVersionAcl"),
}
EVERYTHING: Final = ("READ", "WRITE", "READ_ACP", "WRITE_ACP")  # FULL_CONTROL
CONDITIONS: Final = {  # of a Lambda permission: the operator and the key each property becomes
    "EventSourceToken": ("StringEquals", "lambda:EventSourceToken"),
    "FunctionUrlAuthType": ("StringEquals", "lambda:FunctionUrlAuthType"),
    "InvokedViaFunctionUrl": ("Bool", "lambda:InvokedViaFunctionUrl"),
    "PrincipalOrgID": ("StringEquals", "aws:PrincipalOrgID"),
    "SourceAccount": ("StringEquals", "aws:SourceAccount"),
    "SourceArn": ("ArnLike", "aws:SourceArn"),
}
HOST = regex(r"[a-z0-9.-]+\.(amazonaws\.com(\.cn)?|amazon\.com)")


def statement_of(
    grant: Grant, resolve: Callable[[Value], Value] = lambda value: value
) -> Statement:
    """Return a grant of the model as a statement; ``resolve`` is applied to what Resource lists."""
    resources = tuple(map(resolve, grant.resources))
    return Statement(
        effect=grant.effect,
        actions=() if grant.not_actions else grant.actions,
        not_actions=grant.actions if grant.not_actions else (),
        resources=() if grant.not_resources else resources,
        not_resources=resources if grant.not_resources else (),
        conditions=grant.conditions,
        when=grant.when,
    )


def statements_of_acl(
    acl: Value, bucket: Value, *, object: bool = False, ignore_public: bool = False
) -> tuple[Statement, ...]:
    """Return what an S3 ACL grants besides its owner's rights.

    ``acl`` is a canned one by name (``public-read``, or CloudFormation's ``PublicRead``), or what
    S3 calls an access control policy: ``{"Grants": [{"Grantee": …, "Permission": …}]}``, or those
    grants alone. ``bucket`` is the bucket's ARN. ``object``: the ACL is of the bucket's objects.
    ``ignore_public``: the bucket's IgnorePublicAcls. What cannot be read grants nothing.
    """
    return tuple(
        statement
        for group, principal, permission in _granted(acl)
        if not (ignore_public and group in PUBLIC)
        for statement in _of_permission(principal, permission, bucket, object=object)
    )


def _granted(acl: Value) -> Iterator[tuple[str, tuple[str, Value], str]]:
    """Yield the group that is granted something, if it is one, principal and permission."""
    if isinstance(acl, str):
        for group, permission in CANNED.get(acl.replace("-", "").lower(), ()):
            yield group, GROUPS[group], permission
        return
    grants = acl.get("Grants") if isinstance(acl, dict) else acl
    for grant in grants if isinstance(grants, list) else []:
        grantee = grant.get("Grantee") if isinstance(grant, dict) else None
        if isinstance(grantee, dict):
            yield from _grantee(grantee, str(grant.get("Permission")))


def _grantee(
    grantee: Mapping[str, Any], permission: str
) -> Iterator[tuple[str, tuple[str, Value], str]]:
    group = str(grantee.get("URI")).rpartition("/")[2]
    somebody = grantee.get("ID") or grantee.get("EmailAddress")
    if group in GROUPS:
        yield group, GROUPS[group], permission
    elif somebody:
        yield group, ("CanonicalUser", somebody), permission


def _of_permission(
    principal: tuple[str, Value], permission: str, bucket: Value, *, object: bool
) -> Iterator[Statement]:
    permissions = EVERYTHING if permission == "FULL_CONTROL" else (permission,)
    inside = text([bucket, "/*"])
    tables = (
        ((OF_AN_OBJECT, inside),) if object else ((OF_A_BUCKET, bucket), (OF_NEW_OBJECTS, inside))
    )
    for table, resource in tables:
        actions = tuple(action for each in permissions for action in table.get(each, ()))
        if actions:
            yield Statement(
                effect="Allow", actions=actions, resources=(resource,), principals=(principal,)
            )


def statement_of_permission(permission: Mapping[str, Value], function: Value) -> Statement:
    """Return the statement that an ``AWS::Lambda::Permission`` adds to its function's policy.

    ``permission`` are its properties, or AddPermission's parameters; ``function`` is the ARN.
    """
    conditions: dict[str, dict[str, Value]] = {}
    for name, (operator, key) in CONDITIONS.items():
        if permission.get(name) is not None:
            conditions.setdefault(operator, {})[key] = permission[name]
    return Statement(
        effect="Allow",
        actions=(permission.get("Action", ""),),
        resources=(function,),
        principals=(_principal(permission.get("Principal", "")),),
        conditions=conditions,
    )


def statement_of_kms_grant(grant: Mapping[str, Value], key: Value) -> Statement:
    """Return what a KMS grant allows on a key (its ARN), as CreateGrant's parameters tell."""
    constraints = grant.get("Constraints") or {}
    equal = constraints.get("EncryptionContextEquals") or {}
    pairs = {**(constraints.get("EncryptionContextSubset") or {}), **equal}
    conditions: dict[str, Value] = {}
    if pairs:
        named = {f"kms:EncryptionContext:{name}": value for name, value in pairs.items()}
        conditions["StringEquals"] = named
    if equal:
        conditions["ForAllValues:StringEquals"] = {"kms:EncryptionContextKeys": list(equal)}
    return Statement(
        effect="Allow",
        actions=tuple(f"kms:{operation}" for operation in grant.get("Operations") or ()),
        resources=(key,),
        principals=(_principal(grant.get("GranteePrincipal", "")),),
        conditions=conditions,
    )


def _principal(value: Value) -> tuple[str, Value]:
    if value == "*":
        return "*", value
    service = isinstance(value, str) and HOST.fullmatch(value)
    return ("Service" if service else "AWS"), value
