"""Grants that are no policies: access control lists, Lambda permissions, grants on keys."""

from __future__ import annotations

from typing import Any

import pytest

from checkrein.iam import (
    Policies,
    Request,
    Statement,
    authorize,
    statement_of_kms_grant,
    statement_of_permission,
    statements_of_acl,
)
from checkrein.iam.public import is_public
from checkrein.iam.truth import NO, YES

US, THEM = "111122223333", "444455556666"
BUCKET = "arn:aws:s3:::data"
ROLE, THEIRS = f"arn:aws:iam::{US}:role/app", f"arn:aws:iam::{THEM}:role/x"
ALL = {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}


def allowed(
    statements: tuple[Statement, ...], principal: str, action: str, resource: str, **context: Any
) -> str:
    policies = Policies(identity=(ALL,), resource=statements)
    request = Request(
        principal=principal, action=action, resource=resource, owner=US, context=context
    )
    decision = authorize(request, policies)
    return "yes" if decision.must else "maybe" if decision.may else "no"


@pytest.mark.parametrize(
    ("acl", "anyone", "account", "writes"),
    [
        ("private", "no", "no", "no"),
        ("public-read", "yes", "yes", "no"),
        ("PublicRead", "yes", "yes", "no"),
        ("public-read-write", "yes", "yes", "yes"),
        ("AuthenticatedRead", "no", "yes", "no"),
        ("LogDeliveryWrite", "no", "no", "no"),
        ("bucket-owner-full-control", "no", "no", "no"),
        ("unheard-of", "no", "no", "no"),
    ],
)
def test_canned_lists(acl: str, anyone: str, account: str, writes: str) -> None:
    granted = statements_of_acl(acl, BUCKET)
    assert allowed(granted, "", "s3:ListBucket", BUCKET) == anyone
    assert allowed(granted, THEIRS, "s3:ListBucket", BUCKET) == account
    assert allowed(granted, "", "s3:PutObject", f"{BUCKET}/x") == writes
    assert allowed(granted, "", "s3:GetObject", f"{BUCKET}/x") == "no"  # objects have their own
    of_objects = statements_of_acl(acl, BUCKET, object=True)
    assert allowed(of_objects, "", "s3:GetObject", f"{BUCKET}/x") == anyone
    ignored = statements_of_acl(acl, BUCKET, ignore_public=True)
    assert allowed(ignored, THEIRS, "s3:ListBucket", BUCKET) == "no"


@pytest.mark.parametrize(
    ("acl", "principal"),
    [
        ("public-read", ("*", "*")),
        ("authenticated-read", ("Account", "*")),
        ("log-delivery-write", ("Service", "logging.s3.amazonaws.com")),
    ],
)
def test_whom_lists_name(acl: str, principal: tuple[str, str]) -> None:
    assert {each.principals for each in statements_of_acl(acl, BUCKET)} == {(principal,)}


@pytest.mark.parametrize(
    ("acl", "public"),
    [("public-read", YES), ("authenticated-read", YES), ("log-delivery-write", NO)],
)
def test_which_lists_are_public(acl: str, public: int) -> None:
    assert is_public(statements_of_acl(acl, BUCKET)) == public


def test_the_log_service_may_deliver() -> None:
    granted = statements_of_acl("LogDeliveryWrite", BUCKET)
    service = "logging.s3.amazonaws.com"
    assert allowed(granted, service, "s3:PutObject", f"{BUCKET}/x") == "yes"
    assert allowed(granted, service, "s3:ListBucket", BUCKET) == "no"


def test_explicit_lists() -> None:
    everyone = "http://acs.amazonaws.com/groups/global/AllUsers"
    acl = {
        "Grants": [
            {"Grantee": {"Type": "Group", "URI": everyone}, "Permission": "READ_ACP"},
            {"Grantee": {"Type": "CanonicalUser", "ID": "79a5"}, "Permission": "FULL_CONTROL"},
            {"Grantee": {"Type": "Group", "URI": "http://x/Nobody"}, "Permission": "READ"},
        ]
    }
    granted = statements_of_acl(acl, BUCKET)
    assert allowed(granted, "", "s3:GetBucketAcl", BUCKET) == "yes"
    assert allowed(granted, "", "s3:PutBucketAcl", BUCKET) == "no"
    assert allowed(granted, THEIRS, "s3:PutBucketAcl", BUCKET) == "maybe"
    assert allowed(granted, THEIRS, "s3:PutObject", f"{BUCKET}/x") == "maybe"
    assert statements_of_acl(acl["Grants"], BUCKET) == granted


@pytest.mark.parametrize(
    ("permission", "of_the_bucket", "of_its_objects", "of_an_object"),
    [
        (
            "READ",
            {"ListBucket", "ListBucketVersions", "ListBucketMultipartUploads"},
            set(),
            {"GetObject", "GetObjectVersion"},
        ),
        ("WRITE", set(), {"PutObject"}, set()),
        ("READ_ACP", {"GetBucketAcl"}, set(), {"GetObjectAcl", "GetObjectVersionAcl"}),
        (
            "FULL_CONTROL",
            {
                "ListBucket",
                "ListBucketVersions",
                "ListBucketMultipartUploads",
                "GetBucketAcl",
                "PutBucketAcl",
            },
            {"PutObject"},
            {
                "GetObject",
                "GetObjectVersion",
                "GetObjectAcl",
                "GetObjectVersionAcl",
                "PutObjectAcl",
                "PutObjectVersionAcl",
            },
        ),
        ("WRITE_ACP", {"PutBucketAcl"}, set(), {"PutObjectAcl", "PutObjectVersionAcl"}),
    ],
)
def test_what_a_permission_comes_to(
    permission: str, of_the_bucket: set[str], of_its_objects: set[str], of_an_object: set[str]
) -> None:
    everyone = "http://acs.amazonaws.com/groups/global/AllUsers"
    acl = [{"Grantee": {"Type": "Group", "URI": everyone}, "Permission": permission}]
    found = {
        (each.resources, action)
        for each in statements_of_acl(acl, BUCKET)
        for action in each.actions
    }
    assert found == {((BUCKET,), f"s3:{name}") for name in of_the_bucket} | {
        ((f"{BUCKET}/*",), f"s3:{name}") for name in of_its_objects
    }
    found = {
        (each.resources, action)
        for each in statements_of_acl(acl, BUCKET, object=True)
        for action in each.actions
    }
    assert found == {((f"{BUCKET}/*",), f"s3:{name}") for name in of_an_object}


FUNCTION = f"arn:aws:lambda:eu-west-1:{US}:function:f"
INVOKE = "lambda:InvokeFunction"


@pytest.mark.parametrize(
    ("property", "value", "key", "other"),
    [
        ("SourceArn", "arn:aws:s3:::data", "aws:SourceArn", "arn:aws:s3:::other"),
        ("SourceAccount", US, "aws:SourceAccount", THEM),
        ("PrincipalOrgID", "o-1", "aws:PrincipalOrgID", "o-2"),
        ("EventSourceToken", "amzn1.x", "lambda:EventSourceToken", "y"),
        ("FunctionUrlAuthType", "NONE", "lambda:FunctionUrlAuthType", "AWS_IAM"),
        ("InvokedViaFunctionUrl", True, "lambda:InvokedViaFunctionUrl", "false"),
    ],
)
def test_permissions_are_held_to_their_conditions(
    property: str, value: Any, key: str, other: str
) -> None:
    given = {"Principal": "s3.amazonaws.com", "Action": INVOKE, property: value}
    granted = (statement_of_permission(given, FUNCTION),)
    asked = ("s3.amazonaws.com", INVOKE, FUNCTION)
    assert (
        allowed(granted, *asked, **{key: str(value).lower() if value is True else value}) == "yes"
    )
    assert allowed(granted, *asked, **{key: other}) == "no"
    assert allowed(granted, *asked) == "no"


@pytest.mark.parametrize(
    ("principal", "caller"),
    [("*", ""), (THEM, THEIRS), (THEIRS, THEIRS), ("s3.amazonaws.com", "s3.amazonaws.com")],
)
def test_whom_permissions_name(principal: str, caller: str) -> None:
    granted = (statement_of_permission({"Principal": principal, "Action": INVOKE}, FUNCTION),)
    assert allowed(granted, caller, INVOKE, FUNCTION) == "yes"
    assert allowed(granted, "sns.amazonaws.com", INVOKE, FUNCTION) == (
        "yes" if principal == "*" else "no"
    )


KEY = f"arn:aws:kms:eu-west-1:{US}:key/k"


def test_a_grant_opens_a_key() -> None:
    grant = {"GranteePrincipal": ROLE, "Operations": ["Decrypt", "GenerateDataKey"]}
    granted = (statement_of_kms_grant(grant, KEY),)
    assert allowed(granted, ROLE, "kms:Decrypt", KEY) == "yes"
    assert allowed(granted, ROLE, "kms:Encrypt", KEY) == "no"
    assert allowed(granted, f"{ROLE}2", "kms:Decrypt", KEY) == "no"
    assert allowed((), ROLE, "kms:Decrypt", KEY) == "no"


def test_a_grant_may_ask_for_an_encryption_context() -> None:
    constraints = {"EncryptionContextSubset": {"team": "red"}}
    grant = {"GranteePrincipal": ROLE, "Operations": ["Decrypt"], "Constraints": constraints}
    granted = (statement_of_kms_grant(grant, KEY),)
    team, keys = "kms:EncryptionContext:team", "kms:EncryptionContextKeys"
    asked = (ROLE, "kms:Decrypt", KEY)
    more: dict[str, Any] = {team: "red", keys: ("team", "x")}
    assert allowed(granted, *asked, **more) == "yes"
    assert allowed(granted, *asked, **{team: "blue"}) == "no"
    exact = {**grant, "Constraints": {"EncryptionContextEquals": {"team": "red"}}}
    granted = (statement_of_kms_grant(exact, KEY),)
    assert allowed(granted, *asked, **{**more, keys: ("team",)}) == "yes"
    assert allowed(granted, *asked, **more) == "no"
