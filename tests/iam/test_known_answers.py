"""What AWS's documentation answers, asked of the engine and of the reference.

Many ideas are those of scality/Arsenal's tests (Apache-2.0), none of their words.
"""

from __future__ import annotations

from typing import Any

import pytest

from checkrein.iam.requests import Policies, Request
from tests.iam.reference.agreement import engine
from tests.iam.reference.evaluator import ALLOWED, EXPLICIT, IMPLICIT, outcomes

HOME, OTHER = "111122223333", "444455556666"
ANN = f"arn:aws:iam::{HOME}:user/ann"
WORKER = f"arn:aws:iam::{HOME}:role/team/worker"
BUILD = f"arn:aws:sts::{HOME}:assumed-role/worker/build"
ROOT = f"arn:aws:iam::{HOME}:root"
BUCKET = "arn:aws:s3:::photos"
OBJECT = f"{BUCKET}/ann/cat.jpg"
KEY = f"arn:aws:kms:eu-west-1:{HOME}:key/1234"
ROLE = f"arn:aws:iam::{HOME}:role/deploy"
YES, NO, REFUSED = {ALLOWED}, {IMPLICIT}, {EXPLICIT}


def ask(arn: str = OBJECT, **asked: Any) -> set[str]:
    """Ask both about reading an object, unless told otherwise; they must agree."""
    kinds = {name: asked.pop(name) for name in list(asked) if name in Policies.__struct_fields__}
    request = Request(**{"principal": ANN, "action": "s3:GetObject", "resource": arn} | asked)
    policies = Policies(**kinds)
    answer = engine(request, policies)
    assert answer == outcomes(request, policies)
    return answer


def document(*statements: dict[str, Any], version: str = "2012-10-17") -> dict[str, Any]:
    return {"Version": version, "Statement": list(statements)}


def allow(**more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", **({} if "NotAction" in more else {"Action": "*"}),
            **({} if "NotResource" in more else {"Resource": "*"}), **more}  # fmt: skip


def deny(**more: Any) -> dict[str, Any]:
    return {**allow(**more), "Effect": "Deny"}


ALL = document(allow())


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([], NO),
        ([allow()], YES),
        ([allow(Action="S3:getOBJECT")], YES),
        ([allow(Action=["s3:Put*", "s3:Get*"])], YES),
        ([allow(Action="s3:Get?bject")], YES),
        ([allow(Action="s3:GetObject?")], NO),
        ([allow(Action="s3:GetObject,PutObject")], NO),
        ([allow(Action=" s3:GetObject")], NO),
        ([allow(NotAction="s3:Delete*")], YES),
        ([allow(NotAction="s3:*")], NO),
        ([allow(NotAction=["iam:*", "S3:GET*"])], NO),
        ([allow(), deny(NotAction="s3:ListBucket")], REFUSED),
        ([allow(Resource=OBJECT)], YES),
        ([allow(Resource=OBJECT.upper())], NO),
        ([allow(Resource=BUCKET)], NO),
        ([allow(Resource=f"{BUCKET}/*")], YES),
        ([allow(Resource=f"{BUCKET}/*.jpg")], YES),
        ([allow(Resource=f"{BUCKET}/a?n/*")], YES),
        ([allow(NotResource=f"{BUCKET}/bob/*")], YES),
        ([allow(NotResource=f"{BUCKET}/*")], NO),
        ([allow(), deny(NotResource=f"{BUCKET}/bob/*")], REFUSED),
        ([allow(), deny(Resource=f"{BUCKET}/bob/*")], YES),
        ([deny(), allow()], REFUSED),
        ([deny()], REFUSED),
        ([allow(Resource="arn:aws:s3")], YES),
        ([allow(Resource="arn:aws:s3:eu-west-1")], NO),
        ([allow(Resource="arn:aws:sqs")], NO),
        ([allow(Resource=f"{BUCKET}/${{aws:username}}/*")], YES),
        ([allow(Resource=f"{BUCKET}/${{AWS:UserName}}/*")], YES),
        ([allow(Resource=f"{BUCKET}/${{aws:userid}}/*")], NO),
        ([allow(Resource=f"{BUCKET}/${{aws:userid, 'ann'}}/*")], YES),
        ([allow(Resource=f"{BUCKET}/${{aws:username, 'bob'}}/*")], YES),
        ([allow(Resource=f"{BUCKET}/${{*}}")], NO),
        ([allow(Resource=f"{BUCKET}/ann/${{aws:tags}}")], NO),
    ],
)  # fmt: skip
def test_one_identity_policy(statements: list[dict[str, Any]], expected: set[str]) -> None:
    context = {"aws:username": "ann", "aws:tags": ("cat.jpg", "dog.jpg")}
    assert ask(identity=(document(*statements),), context=context) == expected


def test_a_variable_is_text_in_the_older_language() -> None:
    text = f"{BUCKET}/${{aws:username}}/cat.jpg"
    old = {"Statement": allow(Resource=text)}
    context = {"aws:username": "ann"}
    assert ask(identity=(old,), context=context) == NO
    assert ask(text, identity=(old,), context=context) == YES


DAY = "2026-01-31T12:00:00Z"


@pytest.mark.parametrize(
    ("operator", "wanted", "value", "expected"),
    [
        ("StringEquals", "red", "red", YES),
        ("StringEquals", "red", "Red", NO),
        ("StringEquals", ["blue", "red"], "red", YES),
        ("StringEquals", "r*", "red", NO),
        ("StringEquals", "r*", "r*", YES),
        ("StringEquals", "red", None, NO),
        ("StringEqualsIfExists", "red", None, YES),
        ("StringEqualsIfExists", "red", "blue", NO),
        ("StringNotEquals", "red", "blue", YES),
        ("StringNotEquals", ["blue", "red"], "red", NO),
        ("StringNotEquals", "red", None, YES),
        ("StringEqualsIgnoreCase", "RED", "red", YES),
        ("StringNotEqualsIgnoreCase", "RED", "red", NO),
        ("StringNotEqualsIgnoreCase", "RED", "blue", YES),
        ("StringLike", "home/*", "home/a/b", YES),
        ("StringLike", "home/?", "home/ab", NO),
        ("StringLike", ["", "x"], "", YES),
        ("StringLike", "${aws:username}*", "anna", YES),
        ("StringLike", "a${*}", "ab", NO),
        ("StringLike", "a${*}", "a*", YES),
        ("StringLike", "${$}{x}", "${x}", YES),
        ("StringNotLike", "home/*", "work/a", YES),
        ("StringNotLike", ["home/*", "work/*"], "work/a", NO),
        ("StringEquals", "${aws:username}", "ann", YES),
        ("StringEquals", "${aws:nothing}", "ann", NO),
        ("StringEquals", "${aws:username", "${aws:username", YES),
        ("NumericEquals", "10", "10.0", YES),
        ("NumericEquals", 10, "11", NO),
        ("NumericEquals", "10", "ten", NO),
        ("NumericNotEquals", "10", "9", YES),
        ("NumericNotEquals", ["9", "10"], "9", NO),
        ("NumericLessThan", "10", "10", NO),
        ("NumericLessThan", "10", "9.99", YES),
        ("NumericLessThanEquals", "10", "10", YES),
        ("NumericLessThanEquals", "10", "10.01", NO),
        ("NumericGreaterThan", "10", "10", NO),
        ("NumericGreaterThan", "9", "10", YES),
        ("NumericGreaterThanEquals", "10", "10", YES),
        ("NumericGreaterThanEquals", "10", "-11", NO),
        ("DateEquals", DAY, "1769860800", YES),
        ("DateEquals", "2026-01-31T14:00:00+02:00", DAY, YES),
        ("DateEquals", "2026-01-31", DAY, NO),
        ("DateNotEquals", DAY, "1769860801", YES),
        ("DateNotEquals", DAY, DAY, NO),
        ("DateLessThan", "2026-02", DAY, YES),
        ("DateLessThan", DAY, DAY, NO),
        ("DateLessThanEquals", DAY, DAY, YES),
        ("DateGreaterThan", DAY, "2026-01-31T12:00:00.001Z", YES),
        ("DateGreaterThan", DAY, DAY, NO),
        ("DateGreaterThanEquals", DAY, DAY, YES),
        ("DateGreaterThanEquals", DAY, "tomorrow", NO),
        ("Bool", "true", "true", YES),
        ("Bool", True, "true", YES),
        ("Bool", "false", "true", NO),
        ("BoolIfExists", "false", None, YES),
        ("BinaryEquals", "cmVk", "cmVk", YES),
        ("BinaryEquals", "cmVk", "CMVK", NO),
        ("IpAddress", "203.0.113.0/24", "203.0.113.9", YES),
        ("IpAddress", ["10.0.0.0/8", "203.0.113.0/24"], "203.0.114.9", NO),
        ("IpAddress", "203.0.113.9", "203.0.113.9", YES),
        ("IpAddress", "2001:db8::/32", "2001:db8::1", YES),
        ("IpAddress", "2001:db8::/32", "203.0.113.9", NO),
        ("NotIpAddress", "203.0.113.0/24", "203.0.114.9", YES),
        ("NotIpAddress", ["203.0.113.0/24", "203.0.114.0/24"], "203.0.114.9", NO),
        ("ArnEquals", "arn:aws:sns:*:111122223333:*", "arn:aws:sns:eu-west-1:111122223333:t", YES),
        ("ArnLike", "arn:aws:sns:*:t", "arn:aws:sns:eu-west-1:111122223333:t", {ALLOWED, IMPLICIT}),
        ("ArnLike", "arn:aws:x:*:1:f/*", "arn:aws:x:r:2:s:1:f/a", NO),
        ("StringLike", "arn:aws:x:*:1:f/*", "arn:aws:x:r:2:s:1:f/a", YES),
        ("ArnNotEquals", "arn:aws:s3:::*", "arn:aws:sns:eu-west-1:111122223333:t", YES),
        ("ArnNotLike", "arn:aws:s3:::*", "arn:aws:s3:::photos", NO),
        ("Null", "true", None, YES),
        ("Null", "true", "red", NO),
        ("Null", False, "red", YES),
        ("Null", "false", None, NO),
        ("Null", "true", (), YES),
        ("ForAllValues:StringEquals", ["red", "blue"], ("blue", "red"), YES),
        ("ForAllValues:StringEquals", ["red", "blue"], ("red", "green"), NO),
        ("ForAllValues:StringEquals", "red", None, YES),
        ("ForAllValues:StringEquals", "red", "", YES),
        ("ForAllValues:StringNotEquals", "red", ("blue", "red"), NO),
        ("ForAllValues:StringLike", "r*", "red", YES),
        ("ForAnyValue:StringEquals", ["red", "blue"], ("green", "red"), YES),
        ("ForAnyValue:StringEquals", "red", ("green", "blue"), NO),
        ("ForAnyValue:StringEquals", "red", None, NO),
        ("ForAnyValue:StringNotEquals", "red", None, NO),
        ("ForAnyValue:StringNotEquals", "red", ("red", "blue"), YES),
        ("ForAnyValue:StringNotEquals", ["red", "blue"], ("red", "blue"), NO),
        ("ForAnyValue:StringEqualsIfExists", "red", None, YES),
        ("StringEquals", "red", ("red", "blue"), {ALLOWED, IMPLICIT}),
        ("StringEquals", "red", ("green", "blue"), NO),
        ("StringEquals", "red", ("red",), YES),
    ],
)  # fmt: skip
def test_a_condition(operator: str, wanted: Any, value: Any, expected: set[str]) -> None:
    context = {"aws:username": "ann"} | ({} if value is None else {"App:Key": value})
    policy = document(allow(Condition={operator: {"app:key": wanted}}))
    assert ask(identity=(policy,), context=context) == expected


def test_all_operators_and_all_keys_must_hold() -> None:
    tests = {"StringEquals": {"a": "1", "b": "2"}, "Bool": {"c": "true"}}
    policy = document(allow(Condition=tests))
    right = {"a": "1", "b": "2", "c": "true"}
    assert ask(identity=(policy,), context=right) == YES
    for key in right:
        assert ask(identity=(policy,), context={**right, key: "0"}) == NO


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
    asked = {"principal": pool, "action": "sts:AssumeRoleWithWebIdentity", "owner": HOME}
    assert ask(ROLE, **asked, resource=trust, context={f"{pool}:aud": "eu-west-1:1"}) == YES
    assert ask(ROLE, **asked, resource=trust, context={f"{pool}:aud": "eu-west-1:2"}) == NO
    assert ask(ROLE, **asked, identity=(ALL,)) == NO


def test_who_am_i_is_always_answered() -> None:
    asked = {"action": "sts:GetCallerIdentity", "identity": (document(deny()),)}
    assert ask("*", **asked) == YES
    assert ask("*", action="sts:GetSessionToken", identity=(document(deny()),)) == REFUSED


def test_only_all_resources_cover_an_action_that_names_none() -> None:
    asked = {"action": "s3:ListAllMyBuckets"}
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
        (by("*", Condition=vpc("vpc-1")), YES),
        (by("*", Condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}), YES),
        (by("*", Condition={"IpAddress": {"aws:SourceIp": "128.0.0.0/1"}}), NO),
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
    asked = {"resource": grant, "context": context, "identity": (ALL,)}
    assert ask(owner=OTHER, **asked) == YES
    assert ask(owner=OTHER, **asked, restrict_public=True) == expected
    assert ask(owner=HOME, **asked, restrict_public=True) == YES


def test_a_public_bucket_policy_still_serves_services() -> None:
    grant = document(allow(Principal={"Service": "cloudtrail.amazonaws.com"}), allow(Principal="*"))
    asked = {"owner": HOME, "resource": grant, "restrict_public": True}
    assert ask(principal="cloudtrail.amazonaws.com", **asked) == YES
    assert ask(principal="", **asked) == NO
