"""How policies of all kinds decide together, as AWS documents it: asked of both engines."""

from __future__ import annotations

from typing import Any

import pytest

from checkrein.iam import Policies, Request, authorize
from tests.iam.reference.asking import (
    ANN,
    BUCKET,
    HOME,
    NO,
    OBJECT,
    OTHER,
    REFUSED,
    YES,
    allow,
    ask,
    deny,
    document,
)
from tests.iam.reference.evaluator import ALLOWED, EXPLICIT, IMPLICIT

WORKER = f"arn:aws:iam::{HOME}:role/team/worker"
BUILD = f"arn:aws:sts::{HOME}:assumed-role/worker/build"
ROOT = f"arn:aws:iam::{HOME}:root"
KEY = f"arn:aws:kms:eu-west-1:{HOME}:key/1234"
ROLE = f"arn:aws:iam::{HOME}:role/deploy"
ALL = document(allow())


def by(principal: Any, **more: Any) -> dict[str, Any]:
    return document(allow(Principal=principal, **more))


def but(principal: Any, **more: Any) -> dict[str, Any]:
    return document({**deny(**more), "NotPrincipal": principal})


@pytest.mark.parametrize(
    ("caller", "principal", "expected"),
    [
        (ANN, "*", YES),
        (ANN, {"AWS": "*"}, YES),
        (ANN, {"AWS": ANN}, YES),
        (ANN, {"AWS": ANN.upper()}, NO),
        (ANN, {"AWS": [WORKER, ANN]}, YES),
        (ANN, {"AWS": f"arn:aws:iam::{HOME}:user/*"}, NO),
        (ANN, {"AWS": HOME}, NO),  # it delegates, and no identity policy allows
        (ANN, {"AWS": ROOT}, NO),
        (ROOT, {"AWS": f"arn:aws:iam::{OTHER}:root"}, YES),  # the root user has all in its account
        (ANN, {"Service": ANN}, NO),
        (BUILD, {"AWS": BUILD}, YES),
        (BUILD, {"AWS": WORKER}, YES),
        (BUILD, {"AWS": f"arn:aws:iam::{OTHER}:role/team/worker"}, NO),
        (BUILD, {"AWS": f"arn:aws:iam::{HOME}:role/worker2"}, NO),
        (BUILD, {"AWS": f"arn:aws:sts::{HOME}:assumed-role/worker/other"}, NO),
        (WORKER, {"AWS": WORKER}, YES),
        (WORKER, {"AWS": BUILD}, {ALLOWED, IMPLICIT}),  # that may be its session's name
        ("", "*", YES),
        ("", {"AWS": HOME}, NO),
        ("", {"Service": "sns.amazonaws.com"}, NO),
        ("", {"Service": "*"}, NO),
        ("sns.amazonaws.com", {"Service": "sns.amazonaws.com"}, YES),
        ("sns.amazonaws.com", {"Service": "sqs.amazonaws.com"}, NO),
        ("sns.amazonaws.com", {"AWS": HOME}, NO),
        ("sns.amazonaws.com", "*", YES),
        (ANN, {"CanonicalUser": "79a59df9"}, NO),
    ],
)  # fmt: skip
def test_a_principal(caller: str, principal: Any, expected: set[str]) -> None:
    assert ask(principal=caller, owner=HOME, resource=by(principal)) == expected


@pytest.mark.parametrize(
    ("caller", "spared", "expected"),
    [
        (ANN, {"AWS": [ANN, ROOT]}, YES),
        (ANN, {"AWS": [WORKER, ROOT]}, {ALLOWED, EXPLICIT}),
        (ANN, {"AWS": ANN}, {ALLOWED, EXPLICIT}),  # "might deny … the entire account"
        (ANN, {"AWS": WORKER}, REFUSED),
        (ANN, {"AWS": f"arn:aws:iam::{OTHER}:root"}, REFUSED),
        (ANN, "*", YES),
        (ROOT, {"AWS": HOME}, YES),
        (BUILD, {"AWS": [BUILD, WORKER, HOME]}, YES),
        (BUILD, {"AWS": [BUILD, HOME]}, {ALLOWED, EXPLICIT}),
        (WORKER, {"AWS": [WORKER, HOME]}, YES),
        ("sns.amazonaws.com", {"Service": "sns.amazonaws.com"}, YES),
        ("sns.amazonaws.com", {"AWS": HOME}, REFUSED),
    ],
)  # fmt: skip
def test_whom_a_deny_spares(caller: str, spared: Any, expected: set[str]) -> None:
    policy = document(allow(Principal="*"), *but(spared)["Statement"])
    assert ask(principal=caller, owner=HOME, identity=(ALL,), resource=policy) == expected


def test_a_boundary_makes_not_principal_deny_always() -> None:
    policy = but({"AWS": [ANN, ROOT]})
    assert ask(identity=(ALL,), resource=policy) == YES
    assert ask(identity=(ALL,), resource=policy, boundary=(ALL,)) == REFUSED


@pytest.mark.parametrize(
    ("spared", "caller", "expected"),
    [({"AWS": ANN}, ANN, NO), ({"AWS": WORKER}, ANN, YES), ("*", ANN, NO), ({"AWS": ANN}, "", YES)],
)
def test_an_allow_for_all_but_some(spared: Any, caller: str, expected: set[str]) -> None:
    policy = document({**allow(), "NotPrincipal": spared})
    assert ask(principal=caller, owner=HOME, resource=policy) == expected


def test_a_resource_policy_that_names_nobody_says_nothing() -> None:
    assert ask(resource=ALL) == NO
    assert ask(identity=(ALL,), resource=document(deny())) == YES


def test_across_accounts_both_sides_must_allow() -> None:
    theirs = by({"AWS": ANN})
    assert ask(owner=OTHER, identity=(ALL,)) == NO
    assert ask(owner=OTHER, resource=theirs) == NO
    assert ask(owner=OTHER, identity=(ALL,), resource=theirs) == YES
    assert ask(owner=OTHER, identity=(ALL,), resource=by({"AWS": HOME})) == YES
    assert ask(owner=OTHER, identity=(ALL,), resource=theirs, boundary=()) == NO


NONE = document(allow(Action="ec2:*"))


@pytest.mark.parametrize(
    ("caller", "principal", "expected"),
    [
        (ANN, {"AWS": ANN}, YES),
        (ANN, "*", YES),
        (WORKER, {"AWS": WORKER}, NO),
        (WORKER, "*", YES),
        (BUILD, {"AWS": WORKER}, NO),
        (BUILD, {"AWS": BUILD}, YES),
        (ANN, {"AWS": HOME}, NO),
    ],
)  # fmt: skip
def test_which_grants_a_boundary_limits(caller: str, principal: Any, expected: set[str]) -> None:
    grant = by(principal)
    assert ask(principal=caller, identity=(ALL,), resource=grant, boundary=(NONE,)) == expected


@pytest.mark.parametrize(("principal", "expected"), [(WORKER, NO), (BUILD, YES), ("*", YES)])
def test_which_grants_a_session_policy_limits(principal: str, expected: set[str]) -> None:
    grant = by({"AWS": principal})
    assert ask(principal=BUILD, identity=(ALL,), resource=grant, session=NONE) == expected


def test_a_federated_session_has_nothing_without_a_session_policy() -> None:
    ann = f"arn:aws:sts::{HOME}:federated-user/ann"
    assert ask(principal=ann, identity=(ALL,)) == NO
    assert ask(principal=ann, identity=(ALL,), session=ALL) == YES
    assert ask(principal=ann, resource=by({"AWS": ann})) == YES


def test_every_level_of_the_organisation_must_allow() -> None:
    assert ask(identity=(ALL,), service_control=((ALL,), (ALL,))) == YES
    assert ask(identity=(ALL,), service_control=((ALL,), (NONE,))) == NO
    assert ask(identity=(ALL,), service_control=((ALL,), ())) == NO
    assert ask(identity=(ALL,), service_control=((ALL,), (ALL, document(deny())))) == REFUSED
    assert ask(resource=by("*"), service_control=((NONE,),)) == NO
    assert ask(principal=ROOT, service_control=((NONE,),)) == NO


@pytest.mark.parametrize(
    ("caller", "expected"),
    [
        ("", YES),
        ("sns.amazonaws.com", YES),
        (f"arn:aws:iam::{HOME}:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX", YES),
        (ANN, REFUSED),
    ],
)
def test_whom_service_control_does_not_concern(caller: str, expected: set[str]) -> None:
    control = ((document(deny()),),)
    answer = ask(principal=caller, owner=HOME, resource=by("*"), service_control=control)
    assert answer == expected


def test_resource_control_denies_whoever_calls() -> None:
    full = by("*")
    closed = ((full, document({**deny(), "Principal": "*"})),)
    assert ask(identity=(ALL,), resource_control=((full,),)) == YES
    assert ask(identity=(ALL,), resource_control=closed) == REFUSED
    assert ask(principal="", owner=HOME, resource=full, resource_control=closed) == REFUSED


def test_an_endpoint_must_let_through() -> None:
    assert ask(identity=(ALL,), endpoint=(by("*"),)) == YES
    assert ask(identity=(ALL,), endpoint=(by("*", Action="s3:Put*"),)) == NO
    assert ask(identity=(ALL,), endpoint=()) == NO
    closed = document({**deny(), "Principal": "*"})
    assert ask(identity=(ALL,), endpoint=(by("*"), closed)) == REFUSED
    assert ask(identity=(ALL,), endpoint=(by({"AWS": HOME}),)) == {ALLOWED, IMPLICIT}


@pytest.mark.parametrize(
    ("action", "arn"), [("kms:Decrypt", KEY), ("sts:AssumeRole", ROLE), ("sts:TagSession", ROLE)]
)
def test_keys_and_roles_decide_themselves(action: str, arn: str) -> None:
    def use(**more: Any) -> set[str]:
        return ask(arn, action=action, **more)

    assert use(identity=(ALL,)) == NO
    assert use(identity=(ALL,), resource=by({"AWS": WORKER})) == NO
    assert use(identity=(ALL,), resource=by({"AWS": ROOT})) == YES
    assert use(resource=by({"AWS": ROOT})) == NO
    assert use(resource=by({"AWS": ANN})) == YES
    assert use(resource=by("*")) == YES
    trust = {"Statement": {"Effect": "Allow", "Principal": {"AWS": HOME}, "Action": "*"}}
    assert use(identity=(ALL,), resource=trust) == YES


def test_what_needs_no_key_policy() -> None:
    assert ask("*", action="kms:ListKeys", identity=(ALL,)) == YES
    alias = f"arn:aws:kms:eu-west-1:{HOME}:alias/mine"
    assert ask(alias, action="kms:CreateAlias", identity=(ALL,)) == YES
    assert ask(ROLE, action="iam:PassRole", identity=(ALL,)) == YES


def test_the_root_user_assumes_no_role() -> None:
    assert ask(ROLE, principal=ROOT, action="sts:AssumeRole", resource=by({"AWS": ROOT})) == NO
    assert ask(KEY, principal=ROOT, action="kms:Decrypt", resource=by({"AWS": ROOT})) == YES


def test_identity_providers_are_trusted_by_name() -> None:
    pool = "cognito-identity.amazonaws.com"
    trust = by({"Federated": pool}, Condition={"StringEquals": {f"{pool}:aud": "eu-west-1:1"}})
    asked: dict[str, Any] = {
        "principal": pool,
        "action": "sts:AssumeRoleWithWebIdentity",
        "owner": HOME,
    }
    assert ask(ROLE, **asked, resource=trust, context={f"{pool}:aud": "eu-west-1:1"}) == YES
    assert ask(ROLE, **asked, resource=trust, context={f"{pool}:aud": "eu-west-1:2"}) == NO
    assert ask(ROLE, **asked, identity=(ALL,)) == NO


def test_who_am_i_is_always_answered() -> None:
    asked: dict[str, Any] = {"action": "sts:GetCallerIdentity", "identity": (document(deny()),)}
    assert ask("*", **asked) == YES
    assert ask("*", action="sts:GetSessionToken", identity=(document(deny()),)) == REFUSED


def test_only_all_resources_cover_an_action_that_names_none() -> None:
    asked: dict[str, Any] = {"action": "s3:ListAllMyBuckets"}
    assert ask("*", **asked, identity=(ALL,)) == YES
    assert ask("*", **asked, identity=(document(allow(Resource="arn:aws:s3:::*")),)) == NO
    assert ask("*", **asked, identity=(document(allow(NotResource=BUCKET)),)) == YES
    assert ask("*", **asked, identity=(document(allow(NotResource="*")),)) == NO
    assert ask("*", **asked, identity=(ALL, document(deny(Resource=BUCKET)))) == YES


LINKED = f"arn:aws:iam::{HOME}:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX"
RESERVED = f"arn:aws:iam::{HOME}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_1"
MANAGED = "arn:aws:iam::aws:policy/AdministratorAccess"


@pytest.mark.parametrize(
    ("action", "arn", "expected"),
    [
        ("iam:GetPolicy", MANAGED, YES),
        ("iam:CreatePolicy", MANAGED, NO),
        ("iam:CreatePolicyVersion", MANAGED, NO),
        ("iam:DeletePolicy", MANAGED, NO),
        ("iam:TagPolicy", MANAGED, NO),
        ("iam:DeletePolicy", f"arn:aws:iam::{HOME}:policy/mine", YES),
        ("iam:GetRole", RESERVED, YES),
        ("iam:PutRolePolicy", RESERVED, NO),
        ("iam:TagRole", RESERVED, NO),
        ("iam:ListRolePolicies", LINKED, YES),
        ("iam:PutRolePolicy", LINKED, NO),
        ("iam:UpdateAssumeRolePolicy", LINKED, NO),
        ("iam:AttachRolePolicy", LINKED, NO),
        ("iam:DetachRolePolicy", LINKED, NO),
        ("iam:DeleteRolePolicy", LINKED, NO),
        ("iam:DeleteRole", LINKED, NO),
        ("iam:CreateRole", LINKED, NO),
        ("iam:PutRolePermissionsBoundary", LINKED, NO),
        ("iam:DeleteRolePermissionsBoundary", LINKED, NO),
        ("iam:UpdateRoleDescription", LINKED, YES),
        ("iam:CreateServiceLinkedRole", LINKED, YES),
        ("iam:DeleteServiceLinkedRole", LINKED, YES),
        ("iam:PassRole", LINKED, YES),
        ("iam:TagRole", LINKED, {ALLOWED, IMPLICIT}),
        ("iam:PutRolePolicy", ROLE, YES),
        ("kms:CreateAlias", f"arn:aws:kms:eu-west-1:{HOME}:alias/aws/s3", NO),
        ("kms:DeleteAlias", f"arn:aws:kms:eu-west-1:{HOME}:alias/awsome", YES),
    ],
)
def test_what_aws_keeps_to_itself(action: str, arn: str, expected: set[str]) -> None:
    assert ask(arn, action=action, identity=(ALL,)) == expected
    assert ask(arn, action=action, identity=(ALL, document(deny()))) == REFUSED


def vpc(name: str) -> dict[str, Any]:
    return {"StringLike": {"aws:SourceVpc": name}}


@pytest.mark.parametrize(
    ("grant", "expected"),
    [
        (by("*"), NO),
        (by("*", Condition=vpc("vpc-*")), NO),
        (by("*", Condition=vpc("vpc-?")), NO),
        (by("*", Condition=vpc("vpc-1")), YES),
        (by("*", Condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}), YES),
        (by("*", Condition={"IpAddress": {"aws:SourceIp": "128.0.0.0/1"}}), NO),
        (by("*", Condition={"IpAddress": {"aws:SourceIp": "203.0.113.9/24"}}), YES),
        (by("*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}}), YES),
        (by("*", Condition={"StringEquals": {"aws:PrincipalOrgID": ["o-1", "${a}"]}}), NO),
        (by({"AWS": HOME}), YES),
        (document(allow(Principal={"AWS": HOME}), allow(Principal="*", Action="s3:Put*")), NO),
        (document(allow(Principal={"AWS": HOME}), deny(Principal="*", Action="s3:Put*")), YES),
    ],
)
def test_a_public_bucket_policy_opens_nothing_to_others(
    grant: dict[str, Any], expected: set[str]
) -> None:
    context = {"aws:SourceVpc": "vpc-1", "aws:SourceIp": "203.0.113.9", "aws:PrincipalOrgID": "o-1"}
    context["a"] = "o-2"
    asked: dict[str, Any] = {"resource": grant, "context": context, "identity": (ALL,)}
    assert ask(owner=OTHER, **asked) == YES
    assert ask(owner=OTHER, **asked, restrict_public=True) == expected
    assert ask(owner=HOME, **asked, restrict_public=True) == YES


def test_a_public_bucket_policy_still_serves_services() -> None:
    grant = document(allow(Principal={"Service": "cloudtrail.amazonaws.com"}), allow(Principal="*"))
    asked: dict[str, Any] = {"owner": HOME, "resource": grant, "restrict_public": True}
    assert ask(principal="cloudtrail.amazonaws.com", **asked) == YES
    assert ask(principal="", **asked) == NO


def test_a_bucket_policy_with_an_operator_that_aws_has_not_may_be_public() -> None:
    grant = by("*", Condition={"StringResembles": {"aws:SourceVpc": "vpc-1"}})
    request = Request(principal=ANN, action="s3:GetObject", resource=OBJECT, owner=OTHER)
    policies = Policies(identity=(ALL,), resource=grant, restrict_public=True)
    found = authorize(request, policies)
    assert (found.must, found.may, found.denied) == (False, True, False)


@pytest.mark.parametrize(
    ("key", "fixes"),
    [
        ("aws:PrincipalOrgID", "yes"),
        ("aws:SourceAccount", "yes"),
        ("aws:SourceArn", "yes"),
        ("aws:SourceOwner", "yes"),
        ("aws:SourceVpc", "yes"),
        ("aws:SourceVpce", "yes"),
        ("aws:userid", "yes"),
        ("s3:DataAccessPointAccount", "yes"),
        ("s3:x-amz-server-side-encryption-aws-kms-key-id", "yes"),
        ("aws:PrincipalArn", "maybe"),
        ("aws:PrincipalAccount", "maybe"),
        ("aws:PrincipalOrgPaths", "maybe"),
        ("aws:PrincipalTag/team", "no"),
    ],
)
@pytest.mark.parametrize("operator", ["StringEquals", "StringLike", "StringEqualsIgnoreCase"])
def test_which_keys_keep_a_bucket_policy_from_being_public(
    key: str, fixes: str, operator: str
) -> None:
    expected = {"yes": YES, "maybe": {ALLOWED, IMPLICIT}, "no": NO}[fixes]
    grant = by("*", Condition={operator: {key: "x"}})
    asked: dict[str, Any] = {
        "owner": OTHER,
        "identity": (ALL,),
        "resource": grant,
        "context": {key: "x"},
    }
    assert ask(**asked, restrict_public=True) == expected


@pytest.mark.parametrize(
    ("point", "expected"),
    [
        (f"arn:aws:s3:eu-west-1:{HOME}:accesspoint/*", YES),
        ("arn:aws:s3:eu-west-1:*:accesspoint/one", NO),
        ("arn:aws:s3:*", NO),
    ],
)
def test_access_points_of_a_fixed_account_are_not_public(point: str, expected: set[str]) -> None:
    key = "s3:DataAccessPointArn"
    grant = by("*", Condition={"StringLike": {key: point}})
    context = {key: f"arn:aws:s3:eu-west-1:{HOME}:accesspoint/one"}
    asked: dict[str, Any] = {
        "owner": OTHER,
        "identity": (ALL,),
        "resource": grant,
        "context": context,
    }
    assert ask(**asked, restrict_public=True) == expected
