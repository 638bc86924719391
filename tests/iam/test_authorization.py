"""Who may do what, by every kind of policy: a group of tests for each rule of AWS."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from checkrein.errors import InputError
from checkrein.iam import Arns, Authorizer, Policies, Request, Symbols, authorize
from checkrein.model import Choice, Open, Symbol, Text

US, THEM = "111122223333", "444455556666"
ROLE = f"arn:aws:iam::{US}:role/service/app"
SESSION = f"arn:aws:sts::{US}:assumed-role/app/one"
USER = f"arn:aws:iam::{US}:user/ann"
ROOT = f"arn:aws:iam::{US}:root"
FEDERATED = f"arn:aws:sts::{US}:federated-user/guest"
LINKED = f"arn:aws:iam::{US}:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX"
BUCKET = "arn:aws:s3:::data"
OBJECT = f"{BUCKET}/file"
READ = "s3:GetObject"


def policy(*statements: dict[str, Any], version: str | None = "2012-10-17") -> dict[str, Any]:
    return {**({"Version": version} if version else {}), "Statement": list(statements)}


def allow(action: Any = "*", resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Any = "*", resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {**allow(action, resource, **more), "Effect": "Deny"}


def to(principal: Any, action: Any = "*", **more: Any) -> dict[str, Any]:
    """Return an allowance to an AWS principal, as resource policies have it."""
    named = principal if isinstance(principal, dict) else {"AWS": principal}
    return policy(allow(action, Principal=named, **more))


def asked(
    policies: Policies,
    principal: str = ROLE,
    action: str = READ,
    resource: str = OBJECT,
    **more: Any,
) -> str:
    request = Request(principal=principal, action=action, resource=resource, **more)
    decision = authorize(request, policies)
    assert not (decision.must and decision.denied)
    assert decision.must <= decision.may
    if decision.denied:
        return "denied"
    return "yes" if decision.must else "maybe" if decision.may else "no"


ALL, NONE = policy(allow()), policy(allow("sqs:*"))


# ------------------------------------------------------------------ one identity's policies


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([], "no"),
        ([allow()], "yes"),
        ([allow("S3:GETobject", OBJECT)], "yes"),
        ([allow("s3:Get*", f"{BUCKET}/*")], "yes"),
        ([allow("s3:Get?bject", f"{BUCKET}/f?le")], "yes"),
        ([allow("s3:Put*")], "no"),
        ([allow(["s3:Put*", "s3:Get*"], ["arn:aws:s3:::x", OBJECT])], "yes"),
        ([allow("s3:GetObject, s3:PutObject")], "no"),
        ([allow(" s3:GetObject")], "no"),
        ([allow(READ, OBJECT.upper())], "no"),
        ([allow(), deny(READ)], "denied"),
        ([deny(READ), allow()], "denied"),
        ([allow(), deny("s3:Put*")], "yes"),
        ([allow(), deny(READ, f"{BUCKET}/other")], "yes"),
        ([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}], "yes"),
        ([{"Effect": "Allow", "NotAction": ["iam:*", "s3:get*"], "Resource": "*"}], "no"),
        ([allow(), {"Effect": "Deny", "NotAction": "iam:*", "Resource": "*"}], "denied"),
        ([{"Effect": "Allow", "Action": "*", "NotResource": f"{BUCKET}/x*"}], "yes"),
        ([{"Effect": "Allow", "Action": "*", "NotResource": ["x", f"{BUCKET}/f*"]}], "no"),
        ([allow(), {"Effect": "Deny", "Action": "*", "NotResource": f"{BUCKET}/x*"}], "denied"),
    ],
)
def test_statements_of_one_policy(statements: list[dict[str, Any]], expected: str) -> None:
    assert asked(Policies(identity=(policy(*statements),))) == expected


def test_any_policy_allows_and_any_denies() -> None:
    assert asked(Policies(identity=(NONE, ALL))) == "yes"
    assert asked(Policies(identity=(ALL, policy(deny("s3:*"))))) == "denied"


def test_a_document_may_be_text() -> None:
    text = '{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'
    assert asked(Policies(identity=(text,))) == "yes"
    with pytest.raises(InputError):
        asked(Policies(identity=("{",)))


def test_a_decision_names_the_statements_behind_it() -> None:
    policies = Policies(
        identity=(policy(allow(Sid="A"), deny("s3:Put*", Sid="B")),),
        resource=to(ROLE, Sid="C"),
        boundary=(policy(allow(Sid="D")),),
    )
    asking = Authorizer(policies)
    read = asking.decide(Request(principal=ROLE, action=READ, resource=OBJECT))
    assert sorted((each.kind, each.statement.sid, each.certain) for each in read.deciding) == [
        ("identity policy", "A", True),
        ("permissions boundary", "D", True),
        ("resource policy", "C", True),
    ]
    write = asking.decide(Request(principal=ROLE, action="s3:PutObject", resource=OBJECT))
    assert [each.statement.sid for each in write.deciding] == ["B"]
    for found, name in ((write, "must"), (write.deciding[0], "certain")):
        with pytest.raises(AttributeError):
            setattr(found, name, False)


# ------------------------------------------------------------------------------- resources


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*", "yes"),
        ("arn:aws:sqs:*:*:*", "yes"),
        ("arn:aws:sqs:eu-*:1*:jobs", "yes"),
        ("arn:aws:sqs:*:jobs", "maybe"),  # a last * crosses colons; but an incomplete ARN
        ("arn:aws:sqs", "yes"),
        ("arn:aws:sqs:us-*", "no"),
        ("arn:aws:sqs:eu-*", "yes"),
        ("arn:aws:s*:*", "maybe"),  # AWS says that no wildcard can name the service
        ("arn:aws:sqs:e*t-1:*:jobs", "yes"),
        ("arn:aws:sqs:e*3:jobs:*", "no"),
        ("arn:aws:sqs:eu-west-1:*:*:jobs", "no"),
        ("arn:aws:sqs:e*1:*:1*3:jobs", "no"),
    ],
)
def test_patterns_of_arns(pattern: str, expected: str) -> None:
    queue = f"arn:aws:sqs:eu-west-1:{US}:jobs"
    policies = Policies(identity=(policy(allow("sqs:*", pattern)),))
    assert asked(policies, action="sqs:SendMessage", resource=queue) == expected


def test_a_wildcard_inside_a_part_may_cross_a_colon_or_not() -> None:
    policies = Policies(identity=(policy(allow("*", f"arn:aws:sqs:e*1:{US}:jobs")),))
    queue = f"arn:aws:sqs:eu-west-1:{US}:jobs"
    assert asked(policies, action="sqs:SendMessage", resource=queue) == "yes"
    odd = f"arn:aws:sqs:eu-west-1:x1:{US}:jobs"
    assert asked(policies, action="sqs:SendMessage", resource=odd) == "maybe"


def test_an_incomplete_arn_is_completed_in_identity_policies_only() -> None:
    short = policy(allow("*", "arn:aws:s3"))
    assert asked(Policies(identity=(short,))) == "yes"
    assert asked(Policies(identity=(ALL,), boundary=(short,))) == "maybe"
    assert asked(Policies(identity=(ALL,), session=short), SESSION) == "maybe"


def test_an_incomplete_arn_that_is_left_out_is_a_doubt() -> None:
    but = {"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3*"}
    assert asked(Policies(identity=(policy(but),))) == "maybe"
    assert asked(Policies(identity=(policy(allow(), {**but, "Effect": "Deny"}),))) == "maybe"
    other = f"arn:aws:sqs:eu-west-1:{US}:jobs"
    assert asked(Policies(identity=(policy(but),)), resource=other) == "yes"


@pytest.mark.parametrize(
    ("resource", "expected"),
    [("*", "yes"), ("**", "yes"), ("arn:aws:s3:::*", "no"), (["x", "*"], "yes")],
)
def test_an_action_that_names_no_resource_needs_a_star(resource: Any, expected: str) -> None:
    policies = Policies(identity=(policy(allow("s3:*", resource)),))
    assert asked(policies, action="s3:ListAllMyBuckets", resource="*") == expected


def test_not_resource_covers_an_action_that_names_none() -> None:
    but = {"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::x"}
    assert asked(Policies(identity=(policy(but),)), resource="*") == "yes"


def test_variables_in_resources() -> None:
    home = policy(allow("*", f"{BUCKET}/${{aws:username}}/*"))
    policies = Policies(identity=(home,))
    mine = {"aws:UserName": "ann"}
    assert asked(policies, USER, resource=f"{BUCKET}/ann/x", context=mine) == "yes"
    assert asked(policies, USER, resource=f"{BUCKET}/bob/x", context=mine) == "no"
    assert asked(policies, USER, resource=f"{BUCKET}/ann/x") == "no"
    assert asked(policies, USER, resource=f"{BUCKET}/ann/x", open=True) == "maybe"
    assert asked(policies, USER, resource="arn:aws:s3:::other/ann/x", open=True) == "no"
    wild = {"aws:username": "*"}
    assert asked(policies, USER, resource=f"{BUCKET}/ann/x", context=wild) == "no"


def test_a_request_without_a_resource_is_about_none() -> None:
    held = {"StringEquals": {"aws:username": "ann"}}
    policies = Policies(identity=(policy(allow(READ, OBJECT, Condition=held)),))
    ann = {"aws:username": "ann"}
    assert asked(policies, USER, context=ann) == "yes"
    assert asked(policies, USER, resource="", context=ann) == "no"


def test_a_table_of_patterns_whose_variables_have_values_or_none() -> None:
    written = f"{BUCKET}/${{aws:username}}/*"
    authorizer = Authorizer(Policies(identity=(policy(allow(READ, [written, OBJECT])),)))
    arns = Arns([OBJECT, f"{BUCKET}/ann/x"], authorizer.matcher)
    for context, must, may in [
        ({}, [], [OBJECT]),
        ({"aws:username": "ann"}, list(arns.arns), list(arns.arns)),
    ]:
        request = Request(principal=USER, action="", resource="", context=context)
        table = authorizer.table(request, [READ], arns)
        assert (table.allowed(READ), table.allowed(READ, perhaps=True)) == (must, may)


def test_a_variable_without_a_value_in_not_resource_is_a_doubt() -> None:
    but = {"Effect": "Allow", "Action": "*", "NotResource": f"{BUCKET}/${{aws:username}}/*"}
    policies = Policies(identity=(policy(but),))
    assert asked(policies, resource=f"{BUCKET}/ann/x") == "maybe"
    assert asked(policies, resource=f"{BUCKET}/ann/x", context={"aws:username": "bob"}) == "yes"


@pytest.mark.parametrize("version", ["2008-10-17", None])
def test_documents_of_the_old_version_have_no_variables(version: str | None) -> None:
    home = policy(allow("*", f"{BUCKET}/${{aws:username}}/*"), version=version)
    mine = {"aws:username": "ann"}
    policies = Policies(identity=(home,))
    assert asked(policies, USER, resource=f"{BUCKET}/ann/x", context=mine) == "no"
    literal = f"{BUCKET}/${{aws:username}}/x"
    assert asked(policies, USER, resource=literal, context=mine) == "yes"


def test_a_default_stands_in_for_a_missing_tag() -> None:
    team = policy(allow("*", f"{BUCKET}/${{aws:PrincipalTag/team, 'all'}}/*"))
    policies = Policies(identity=(team,))
    assert asked(policies, resource=f"{BUCKET}/all/x") == "yes"
    red = {"aws:PrincipalTag/team": "red"}
    assert asked(policies, resource=f"{BUCKET}/all/x", context=red) == "no"
    assert asked(policies, resource=f"{BUCKET}/red/x", context=red) == "yes"


def test_what_is_remembered_of_conditions_depends_on_their_variables() -> None:
    own = {"StringLike": {"s3:prefix": "${aws:PrincipalTag/team}/*"}, "Bool": {"app:On": "true"}}
    authorizer = Authorizer(Policies(identity=(policy(allow(Condition=own)),)))
    for team, must in [("red", True), ("blue", False), ("red", True)]:
        given = {"s3:prefix": "red/x", "app:On": "true", "aws:PrincipalTag/team": team}
        request = Request(principal=ROLE, action=READ, resource=OBJECT, context=given)
        assert authorizer.grade(request).must is must


# -------------------------------------------------------------- identity or resource, and


@pytest.mark.parametrize("principal", [ROLE, SESSION, USER])
@pytest.mark.parametrize(
    ("identity", "resource", "same", "cross"),
    [
        ((), None, "no", "no"),
        ((ALL,), None, "yes", "no"),
        ((), to("*"), "yes", "no"),
        ((ALL,), to("*"), "yes", "yes"),
        ((), to(US), "no", "no"),
        ((), to(ROOT), "no", "no"),
        ((ALL,), to(US), "yes", "yes"),
        ((ALL,), to(ROOT), "yes", "yes"),
        ((ALL,), to(THEM), "yes", "no"),
        ((ALL,), policy(deny(Principal="*")), "denied", "denied"),
        ((ALL,), policy(deny(Principal={"AWS": US})), "denied", "denied"),
        ((ALL,), policy(deny(Principal={"AWS": THEM})), "yes", "no"),
        ((policy(deny()),), to("*"), "denied", "denied"),
    ],
)
def test_within_an_account_one_grants_and_across_both(
    principal: str, identity: Any, resource: Any, same: str, cross: str
) -> None:
    policies = Policies(identity=identity, resource=resource)
    assert asked(policies, principal) == same
    assert asked(policies, principal, owner=US) == same
    assert asked(policies, principal, owner=THEM) == cross


@pytest.mark.parametrize("named", [ROLE, SESSION])
def test_a_session_may_be_named_itself_or_by_its_role(named: str) -> None:
    policies = Policies(resource=to(named))
    assert asked(policies, SESSION) == "yes"
    assert asked(policies, f"arn:aws:sts::{US}:assumed-role/application/one") == "no"
    assert asked(policies, f"arn:aws:sts::{THEM}:assumed-role/app/one", owner=US) == "no"
    assert asked(policies, f"arn:aws:iam::{US}:user/app") == "no"


def test_a_role_may_be_called_in_a_session_that_is_named() -> None:
    assert asked(Policies(resource=to(SESSION)), ROLE) == "maybe"
    assert asked(Policies(resource=to(SESSION)), f"{ROLE}2") == "no"


def test_a_principal_is_named_whole() -> None:
    assert asked(Policies(resource=to(f"arn:aws:iam::{US}:role/*"))) == "no"
    assert asked(Policies(resource=to("AROAEXAMPLE"))) == "no"
    assert asked(Policies(resource=to({"AWS": [USER, ROLE]}))) == "yes"
    assert asked(Policies(resource=to({"Service": "sns.amazonaws.com"}))) == "no"
    assert asked(Policies(resource=policy(allow()))) == "no"


def test_a_federated_session_may_come_from_a_user_of_its_account_only() -> None:
    assert asked(Policies(resource=to(USER), session=ALL), FEDERATED) == "maybe"
    assert asked(Policies(resource=to(USER)), FEDERATED) == "no"  # without one it has nothing
    theirs = to(f"arn:aws:iam::{THEM}:user/ann")
    assert asked(Policies(resource=theirs, session=ALL), FEDERATED) == "no"
    assert asked(Policies(resource=to(ROLE), session=ALL), FEDERATED) == "no"


def test_root_may_do_everything_in_its_account() -> None:
    assert asked(Policies(), ROOT) == "yes"
    assert asked(Policies(), ROOT, owner=THEM) == "no"
    assert asked(Policies(resource=to(US)), ROOT, owner=THEM) == "yes"
    assert asked(Policies(resource=policy(deny(Principal="*"))), ROOT) == "denied"
    assert asked(Policies(service_control=((NONE,),)), ROOT) == "no"
    assert asked(Policies(boundary=(NONE,)), ROOT) == "yes"


def test_a_canonical_id_may_be_of_any_account() -> None:
    policies = Policies(identity=(ALL,), resource=to({"CanonicalUser": "79a5"}))
    assert asked(policies, owner=THEM) == "maybe"
    assert asked(policies, "") == "no"


# ------------------------------------------------------------ boundaries and session policies


@pytest.mark.parametrize(
    ("principal", "named", "boundary", "session", "expected"),
    [
        (USER, None, ALL, None, "yes"),
        (USER, None, NONE, None, "no"),
        (USER, None, policy(allow(), deny("s3:*")), None, "denied"),
        (USER, USER, NONE, None, "yes"),
        (USER, US, NONE, None, "no"),
        (USER, "*", NONE, None, "yes"),
        (ROLE, ROLE, NONE, None, "no"),
        (ROLE, ROLE, ALL, None, "yes"),
        (SESSION, None, None, ALL, "yes"),
        (SESSION, None, None, NONE, "no"),
        (SESSION, None, None, policy(deny()), "denied"),
        (SESSION, ROLE, None, NONE, "no"),
        (SESSION, ROLE, NONE, ALL, "no"),
        (SESSION, ROLE, ALL, ALL, "yes"),
        (SESSION, SESSION, NONE, NONE, "yes"),
        (SESSION, "*", NONE, None, "yes"),
        (SESSION, "*", ALL, ALL, "yes"),
        (SESSION, SESSION, policy(deny()), NONE, "denied"),
        (FEDERATED, FEDERATED, NONE, NONE, "yes"),
        (FEDERATED, USER, ALL, ALL, "yes"),
    ],
)
def test_what_limits_whom(
    principal: str, named: Any, boundary: Any, session: Any, expected: str
) -> None:
    policies = Policies(
        identity=(ALL,),
        resource=None if named is None else to(named),
        boundary=None if boundary is None else (boundary,),
        session=session,
    )
    assert asked(policies, principal) == expected


def test_boundaries_and_sessions_grant_nothing() -> None:
    assert asked(Policies(boundary=(ALL,))) == "no"
    assert asked(Policies(session=ALL), SESSION) == "no"


def test_a_boundary_without_policies_allows_nothing() -> None:
    assert asked(Policies(identity=(ALL,), boundary=())) == "no"


def test_across_accounts_a_boundary_always_limits() -> None:
    policies = Policies(identity=(ALL,), resource=to(USER), boundary=(NONE,))
    assert asked(policies, USER, owner=THEM) == "no"


def test_a_wildcard_narrowed_to_a_role_is_not_limited_by_a_boundary() -> None:
    narrowed = {"ArnEquals": {"aws:PrincipalArn": ROLE}}
    policies = Policies(resource=to("*", Condition=narrowed), boundary=(NONE,))
    assert asked(policies, SESSION, context={"aws:PrincipalArn": ROLE}) == "yes"
    assert asked(policies, SESSION, context={"aws:PrincipalArn": USER}) == "no"


# ----------------------------------------------------------------------------- NotPrincipal


@pytest.mark.parametrize(
    ("principal", "named", "expected"),
    [
        (USER, [USER, US], "yes"),
        (USER, [THEM], "denied"),
        (USER, [USER], "maybe"),
        (USER, [ROOT], "maybe"),
        (SESSION, [SESSION, ROLE, ROOT], "yes"),
        (SESSION, [ROLE, ROOT], "maybe"),
        (SESSION, [USER], "denied"),
        (ROLE, [ROLE, US], "yes"),
        (ROOT, [US], "yes"),
    ],
)
def test_a_denial_to_all_but_some(principal: str, named: list[str], expected: str) -> None:
    but = {"Effect": "Deny", "Action": "*", "Resource": "*", "NotPrincipal": {"AWS": named}}
    assert asked(Policies(identity=(ALL,), resource=policy(but)), principal) == expected


def test_a_denial_to_all_but_some_hits_whoever_has_a_boundary() -> None:
    but = {"Effect": "Deny", "Action": "*", "Resource": "*", "NotPrincipal": {"AWS": [USER, US]}}
    policies = Policies(identity=(ALL,), resource=policy(but), boundary=(ALL,))
    assert asked(policies, USER) == "denied"


@pytest.mark.parametrize(
    ("named", "expected"),
    [([FEDERATED, US], "yes"), ([FEDERATED], "maybe"), ([US], "maybe"), ([ROLE], "denied")],
)
def test_a_denial_to_all_but_a_federated_session(named: list[str], expected: str) -> None:
    but = {"Effect": "Deny", "Action": "*", "Resource": "*", "NotPrincipal": {"AWS": named}}
    policies = Policies(identity=(ALL,), session=ALL, resource=policy(but))
    assert asked(policies, FEDERATED) == expected


def test_a_denial_to_all_but_a_service() -> None:
    service = {"Service": "sns.amazonaws.com"}
    but = {"Effect": "Deny", "Action": "*", "Resource": "*", "NotPrincipal": service}
    policies = Policies(resource=policy(allow(Principal=service), but))
    assert asked(policies, "sns.amazonaws.com") == "yes"
    assert asked(policies, "sqs.amazonaws.com") == "denied"
    assert asked(policies, "") == "denied"


def test_a_denial_to_all_but_everybody_is_none() -> None:
    but = {"Effect": "Deny", "Action": "*", "Resource": "*", "NotPrincipal": "*"}
    for principal in (USER, SESSION):
        assert asked(Policies(identity=(ALL,), resource=policy(but)), principal) == "yes"


def test_a_principal_that_is_a_parameter_may_be_anyone() -> None:
    named = to(Symbol("api@parameter", "Who"))
    assert asked(Policies(resource=named)) == "maybe"
    assert asked(Policies(resource=named), "") == "maybe"


def test_an_allowance_to_all_but_some() -> None:
    but = {"Effect": "Allow", "Action": "*", "Resource": "*", "NotPrincipal": {"AWS": [USER, US]}}
    policies = Policies(resource=policy(but))
    assert asked(policies, USER) == "no"
    assert asked(policies, f"arn:aws:iam::{THEM}:user/x", owner=US) == "no"
    assert asked(policies, "") == "yes"


# -------------------------------------------------------- services and nobody in particular


SNS = "sns.amazonaws.com"
QUEUE = f"arn:aws:sqs:eu-west-1:{US}:jobs"


def test_a_service_is_granted_by_the_resource_alone() -> None:
    policies = Policies(resource=to({"Service": SNS}, "sqs:SendMessage"))
    send = {"action": "sqs:SendMessage", "resource": QUEUE}
    assert asked(policies, SNS, **send) == "yes"
    assert asked(policies, "sqs.amazonaws.com", **send) == "no"
    assert asked(policies, SNS, action="sqs:DeleteQueue", resource=QUEUE) == "no"
    assert asked(Policies(identity=(ALL,)), SNS, **send) == "no"
    assert asked(Policies(resource=to("*")), SNS, **send) == "yes"
    assert asked(Policies(resource=to(US)), SNS, **send) == "no"


@pytest.mark.parametrize("key", ["aws:SourceArn", "aws:SourceAccount"])
def test_a_service_acting_for_others_is_held_to_its_source(key: str) -> None:
    value = f"arn:aws:sns:eu-west-1:{US}:orders" if key == "aws:SourceArn" else US
    operator = "ArnLike" if key == "aws:SourceArn" else "StringEquals"
    grant = to({"Service": SNS}, Condition={operator: {key: value}})
    policies = Policies(resource=grant)
    assert asked(policies, SNS, resource=QUEUE, context={key: value}) == "yes"
    other = value.replace(US, THEM)
    assert asked(policies, SNS, resource=QUEUE, context={key: other}) == "no"
    assert asked(policies, SNS, resource=QUEUE) == "no"
    assert asked(policies, SNS, resource=QUEUE, open=True) == "maybe"


def test_nobody_in_particular_needs_everybody() -> None:
    assert asked(Policies(resource=to("*")), "") == "yes"
    assert asked(Policies(resource=policy(allow(Principal="*"))), "") == "yes"
    assert asked(Policies(resource=to(US)), "") == "no"
    assert asked(Policies(identity=(ALL,), resource=to(USER)), "") == "no"


def test_organisation_policies_limit_neither_services_nor_nobody_nor_linked_roles() -> None:
    limited = Policies(resource=to({"AWS": "*", "Service": SNS}), service_control=((NONE,),))
    assert asked(limited, SNS) == "yes"
    assert asked(limited, "") == "yes"
    assert asked(limited, ROLE) == "no"
    linked = Policies(
        identity=(ALL,),
        service_control=((policy(deny()),),),
        resource_control=((policy(deny(Principal="*")),),),
    )
    assert asked(linked, LINKED) == "yes"
    assert asked(linked, f"arn:aws:sts::{US}:assumed-role/AWSServiceRoleForX/s") == "maybe"
    assert asked(linked, f"arn:aws:iam::{US}:user/AWSServiceRoleForX") == "denied"


# ----------------------------------------------- limits of the organisation and the network


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ((), "yes"),
        (((ALL,),), "yes"),
        (((ALL,), (ALL,)), "yes"),
        (((ALL,), (NONE,)), "no"),
        (((NONE,), (ALL,)), "no"),
        (((NONE, ALL),), "yes"),
        (((ALL,), ()), "no"),
        (((ALL, policy(deny("s3:*"))), (ALL,)), "denied"),
        (((ALL,), (ALL, policy(deny("s3:*", Condition={"StringEquals": {"k": "v"}})))), "yes"),
    ],
)
def test_every_level_of_service_control_must_allow(levels: Any, expected: str) -> None:
    assert asked(Policies(identity=(ALL,), service_control=levels)) == expected
    assert asked(Policies(resource=to(USER), service_control=levels), USER) == expected


def test_resource_control_only_denies() -> None:
    ours = {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}
    limit = policy(deny("s3:*", Principal="*", Condition=ours))
    policies = Policies(resource=to("*"), resource_control=((ALL,), (limit,)))
    assert asked(policies, context={"aws:PrincipalOrgID": "o-1"}) == "yes"
    assert asked(policies, context={"aws:PrincipalOrgID": "o-2"}) == "denied"
    assert asked(policies, "") == "denied"
    assert asked(policies, open=True) == "maybe"


def test_an_endpoint_must_allow() -> None:
    for endpoint, expected in [
        (None, "yes"), ((), "no"), ((ALL,), "yes"), ((to("*"),), "yes"), ((NONE,), "no"),
        ((policy(allow(), deny("s3:Get*")),), "denied"), ((to(USER),), "no"), ((to(ROLE),), "yes"),
    ]:  # fmt: skip
        assert asked(Policies(identity=(ALL,), endpoint=endpoint)) == expected
    assert asked(Policies(resource=to("*"), endpoint=(NONE,)), "") == "no"


def test_an_endpoint_that_names_an_account_may_mean_its_root_user_only() -> None:
    policies = Policies(identity=(ALL,), endpoint=(to(US),))
    assert asked(policies, ROOT) == "yes"
    assert asked(policies) == "maybe"


# ----------------------------------------------------------------- keys, roles, what AWS has

KEY = f"arn:aws:kms:eu-west-1:{US}:key/k"
DECRYPT = {"action": "kms:Decrypt", "resource": KEY}


@pytest.mark.parametrize(
    ("identity", "key", "expected"),
    [
        ((ALL,), None, "no"),
        ((ALL,), to(USER), "no"),
        ((ALL,), to(US), "yes"),
        ((), to(US), "no"),
        ((), to(ROLE), "yes"),
        ((), to("*"), "yes"),
        ((ALL,), to(US, "kms:Encrypt"), "no"),
    ],
)
def test_a_key_is_opened_by_its_own_policy(identity: Any, key: Any, expected: str) -> None:
    assert asked(Policies(identity=identity, resource=key), **DECRYPT) == expected


def test_a_key_needs_a_policy_only_where_the_key_is_the_resource() -> None:
    every = Policies(identity=(ALL,))
    assert asked(every, action="kms:ListKeys", resource="*") == "yes"
    alias = f"arn:aws:kms:eu-west-1:{US}:alias/mine"
    assert asked(every, action="kms:CreateAlias", resource=alias) == "yes"
    assert asked(Policies(), ROOT, **DECRYPT) == "no"
    assert asked(Policies(resource=to(US)), ROOT, **DECRYPT) == "yes"


def test_a_key_by_way_of_a_service_and_for_one_context() -> None:
    condition = {
        "StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com",
                         "kms:EncryptionContext:aws:s3:arn": BUCKET},
    }  # fmt: skip
    policies = Policies(resource=to(ROLE, Condition=condition))
    given = {
        "kms:ViaService": "s3.eu-west-1.amazonaws.com",
        "kms:EncryptionContext:aws:s3:arn": BUCKET,
    }
    assert asked(policies, context=given, **DECRYPT) == "yes"
    assert asked(policies, context={**given, "kms:ViaService": "x"}, **DECRYPT) == "no"


TARGET = f"arn:aws:iam::{US}:role/target"


@pytest.mark.parametrize("action", ["AssumeRole", "TagSession", "SetSourceIdentity"])
@pytest.mark.parametrize(
    ("identity", "trust", "same", "cross"),
    [
        ((ALL,), None, "no", "no"),
        ((ALL,), to(THEM), "no", "no"),
        ((ALL,), to(US), "yes", "yes"),
        ((), to(US), "no", "no"),
        ((), to(ROLE), "yes", "no"),
        ((ALL,), to(ROLE), "yes", "yes"),
        ((policy(deny("sts:*")),), to(ROLE), "denied", "denied"),
    ],
)
def test_a_role_is_assumed_by_its_trust(
    action: str, identity: Any, trust: Any, same: str, cross: str
) -> None:
    policies = Policies(identity=identity, resource=trust)
    question = {"action": f"sts:{action}", "resource": TARGET}
    assert asked(policies, **question) == same
    assert asked(policies, owner=THEM, **question) == cross


def test_a_trust_policy_has_no_resource() -> None:
    trust = policy({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": ROLE}})
    question = {"action": "sts:AssumeRole", "resource": TARGET}
    assert asked(Policies(resource=trust), **question) == "yes"
    assert asked(Policies(resource=trust), action="sts:TagSession", resource=TARGET) == "no"
    lambdas = policy(allow("sts:AssumeRole", Principal={"Service": "lambda.amazonaws.com"}))
    assert asked(Policies(resource=lambdas), "lambda.amazonaws.com", **question) == "yes"


def test_who_signs_in_elsewhere_assumes_by_its_provider() -> None:
    provider = "cognito-identity.amazonaws.com"
    only = {"StringEquals": {f"{provider}:aud": "pool"}}
    trust = to({"Federated": provider}, "sts:AssumeRoleWithWebIdentity", Condition=only)
    question = {"action": "sts:AssumeRoleWithWebIdentity", "resource": TARGET}
    policies = Policies(resource=trust)
    assert asked(policies, provider, context={f"{provider}:aud": "pool"}, **question) == "yes"
    assert asked(policies, provider, context={f"{provider}:aud": "other"}, **question) == "no"
    assert asked(policies, "accounts.google.com", **question) == "no"
    for kind in ("saml", "oidc"):
        arn = f"arn:aws:iam::{US}:{kind}-provider/corp"
        by_arn = Policies(resource=to({"Federated": arn}))
        assert asked(by_arn, arn, **question) == "yes"


def test_root_assumes_no_role() -> None:
    policies = Policies(identity=(ALL,), resource=to(US))
    assert asked(policies, ROOT, action="sts:AssumeRole", resource=TARGET) == "no"


def test_everybody_may_ask_who_they_are() -> None:
    policies = Policies(identity=(policy(deny()),), service_control=((),))
    request = Request(principal=ROLE, action="sts:GetCallerIdentity", resource="*")
    assert authorize(request, policies).must
    assert authorize(request, policies).deciding == ()
    authorizer = Authorizer(policies)
    table = authorizer.table(request, [request.action], Arns(["*", ROLE], authorizer.matcher))
    assert table.outcomes[request.action] == (0b11, 0b11, 0)
    assert asked(Policies(), "", action="sts:GetCallerIdentity", resource="*") == "no"


@pytest.mark.parametrize(
    ("action", "resource", "expected"),
    [
        ("iam:GetPolicy", "arn:aws:iam::aws:policy/AdministratorAccess", "yes"),
        ("iam:CreatePolicyVersion", "arn:aws:iam::aws:policy/AdministratorAccess", "no"),
        ("iam:DeletePolicy", "arn:aws-cn:iam::aws:policy/x/Y", "no"),
        ("iam:AttachRolePolicy", "arn:aws:iam::aws:policy/AdministratorAccess", "yes"),
        ("iam:CreatePolicyVersion", f"arn:aws:iam::{US}:policy/mine", "yes"),
        ("iam:PutRolePolicy", LINKED, "no"),
        ("iam:GetRole", LINKED, "yes"),
        ("iam:PassRole", LINKED, "yes"),
        ("iam:CreateServiceLinkedRole", LINKED, "yes"),
        ("iam:UpdateRoleDescription", LINKED, "yes"),
        ("iam:UpdateRole", LINKED, "maybe"),
        ("iam:TagRole", LINKED, "maybe"),
        ("iam:UpdateAssumeRolePolicy", f"arn:aws:iam::{US}:role/aws-reserved/sso/X", "no"),
        ("iam:ListRolePolicies", f"arn:aws:iam::{US}:role/aws-reserved/sso/X", "yes"),
        ("kms:UpdateAlias", f"arn:aws:kms:eu-west-1:{US}:alias/aws/s3", "no"),
        ("kms:UpdateAlias", f"arn:aws:kms:eu-west-1:{US}:alias/mine", "yes"),
    ],
)
def test_what_aws_manages_nobody_changes(action: str, resource: str, expected: str) -> None:
    assert asked(Policies(identity=(ALL,)), action=action, resource=resource) == expected
    partly = Symbols()
    (arn,) = partly.encode(Symbol("api@parameter", "Arn"))
    request = Request(principal=ROLE, action=action, resource=arn)
    assert Authorizer(Policies(identity=(ALL,)), partly).grade(request).may


@pytest.mark.parametrize(
    "action",
    [
        "AttachRolePolicy",
        "CreateRole",
        "DeleteRole",
        "DeleteRolePermissionsBoundary",
        "DeleteRolePolicy",
        "DetachRolePolicy",
        "PutRolePermissionsBoundary",
        "PutRolePolicy",
        "UpdateAssumeRolePolicy",
    ],
)
def test_rights_of_a_services_own_role_nobody_changes(action: str) -> None:
    assert asked(Policies(identity=(ALL,)), action=f"iam:{action}", resource=LINKED) == "no"


@pytest.mark.parametrize("action", ["CreateAlias", "DeleteAlias", "UpdateAlias"])
def test_aliases_of_aws_nobody_changes(action: str) -> None:
    resource = f"arn:aws:kms:eu-west-1:{US}:alias/aws/s3"
    assert asked(Policies(identity=(ALL,)), action=f"kms:{action}", resource=resource) == "no"


@pytest.mark.parametrize("kind", ["AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"])
def test_identities_of_elsewhere_assume_by_trust_only(kind: str) -> None:
    policies = Policies(identity=(ALL,))
    assert asked(policies, action=f"sts:{kind}", resource=TARGET) == "no"


@pytest.mark.parametrize("verb", ["Get", "List", "Generate", "Simulate"])
def test_what_aws_manages_may_be_read(verb: str) -> None:
    policies = Policies(identity=(ALL,))
    resource = "arn:aws:iam::aws:policy/AdministratorAccess"
    assert asked(policies, action=f"iam:{verb}Policy", resource=resource) == "yes"
    reserved = f"arn:aws:iam::{US}:role/aws-reserved/sso/X"
    assert asked(policies, action=f"iam:{verb}Role", resource=reserved) == "yes"


# ------------------------------------------------------------------- buckets that are closed

PUBLIC = allow(READ, Principal="*")


@pytest.mark.parametrize(
    ("conditions", "public"),
    [
        (None, True),
        ({"StringEquals": {"aws:SourceVpce": "vpce-1"}}, False),
        ({"StringLike": {"aws:SourceVpce": "vpce-*"}}, True),
        ({"StringEquals": {"aws:SourceVpce": ["vpce-1", "vpce-*"]}}, True),
        ({"StringEquals": {"aws:PrincipalOrgID": "o-1"}}, False),
        ({"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}, True),
        ({"StringEquals": {"aws:SourceAccount": "${aws:PrincipalAccount}"}}, True),
        ({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, False),
        ({"IpAddress": {"aws:SourceIp": "0.0.0.0/1"}}, True),
        ({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, False),
        ({"IpAddress": {"aws:SourceIp": "the office"}}, True),
        ({"StringEquals": {"s3:prefix": "public/"}}, True),
        ({"StringEqualsIfExists": {"s3:prefix": "public/"}}, True),
        ({"Bool": {"aws:SecureTransport": "true"}}, True),
        ({"ArnLike": {"s3:DataAccessPointArn": f"arn:aws:s3:eu-west-1:{US}:accesspoint/*"}},
         False),
        ({"ArnLike": {"s3:DataAccessPointArn": "arn:aws:s3:eu-west-1:*:accesspoint/x"}}, True),
        ({"ArnLike": {"s3:DataAccessPointArn": "arn:aws:s3:eu-west-1::accesspoint/x"}}, True),
        ({"ArnLike": {"s3:DataAccessPointArn": "arn:aws:s3"}}, True),
    ],
)  # fmt: skip
def test_a_closed_bucket_ignores_a_public_policy(conditions: Any, *, public: bool) -> None:
    named = allow(READ, Principal={"AWS": f"arn:aws:iam::{THEM}:role/x"})
    wide = {**PUBLIC, **({"Condition": conditions} if conditions else {})}
    policies = Policies(identity=(ALL,), resource=policy(named, wide), restrict_public=True)
    outside = f"arn:aws:iam::{THEM}:role/x"
    # also whom the policy names, since all access across accounts is blocked
    assert asked(policies, outside, owner=US) == ("no" if public else "yes")


def test_a_closed_bucket_serves_its_own_account_and_services() -> None:
    grant = policy(PUBLIC, allow(READ, Principal={"Service": SNS}))
    policies = Policies(resource=grant, restrict_public=True)
    assert asked(policies, ROLE) == "yes"
    assert asked(policies, SNS) == "yes"
    assert asked(policies, "") == "no"
    assert asked(Policies(resource=grant), "") == "yes"


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("aws:PrincipalOrgID", "o-1", "yes"),
        ("aws:SourceAccount", THEM, "yes"),
        ("aws:SourceArn", "arn:aws:sns:eu-west-1:1:x", "yes"),
        ("aws:SourceOwner", THEM, "yes"),
        ("aws:SourceVpc", "vpc-1", "yes"),
        ("aws:SourceVpce", "vpce-1", "yes"),
        ("aws:userid", "AIDAEXAMPLE", "yes"),
        ("s3:DataAccessPointAccount", THEM, "yes"),
        ("s3:DataAccessPointArn", f"arn:aws:s3:eu-west-1:{US}:accesspoint/x", "yes"),
        ("s3:x-amz-server-side-encryption-aws-kms-key-id", "k", "yes"),
        ("aws:PrincipalAccount", THEM, "maybe"),
        ("aws:PrincipalArn", "arn:aws:iam::1:role/x", "maybe"),
        ("aws:PrincipalOrgPaths", "o-1/r-1/", "maybe"),
        ("aws:PrincipalTag/team", "red", "no"),
    ],
)
@pytest.mark.parametrize(
    "operator", ["StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike"]
)
def test_keys_that_keep_a_policy_from_being_public(
    operator: str, key: str, value: str, expected: str
) -> None:
    theirs = f"arn:aws:iam::{THEM}:role/x"
    fixed = allow(READ, Principal="*", Condition={operator: {key: value}})
    named = allow(READ, Principal={"AWS": theirs})
    policies = Policies(identity=(ALL,), resource=policy(named, fixed), restrict_public=True)
    assert asked(policies, theirs, owner=US) == expected


def test_a_policy_that_trusts_an_identity_provider_is_public() -> None:
    theirs = f"arn:aws:iam::{THEM}:role/x"
    grant = policy(
        allow(READ, Principal={"AWS": theirs}), allow(READ, Principal={"Federated": "x.org"})
    )
    policies = Policies(identity=(ALL,), resource=grant, restrict_public=True)
    assert asked(policies, theirs, owner=US) == "no"


@pytest.mark.parametrize(
    "doubt",
    [
        {"StringEquals": {"aws:PrincipalAccount": THEM}},
        {"StringEqualsIfExists": {"aws:SourceVpce": "vpce-1"}},
        {"ForAllValues:StringEquals": {"aws:SourceVpce": "vpce-1"}},
        {"StringEquals": {"aws:SourceVpce": Symbol("api@parameter", "Endpoint")}},
        Open("a macro"),
    ],
)
def test_a_bucket_that_may_be_public_may_be_closed(doubt: Any) -> None:
    grant = policy(allow(READ, Principal="*", Condition=doubt))
    policies = Policies(identity=(ALL,), resource=grant, restrict_public=True)
    theirs = f"arn:aws:iam::{THEM}:role/x"
    given = {"aws:PrincipalAccount": THEM, "aws:SourceVpce": "vpce-1"}
    assert asked(policies, theirs, owner=US, context=given) == "maybe"


# ---------------------------------------------------------------- what is only partly known

ACCOUNT, NAME = Symbol("@aws", "AccountId"), Symbol("api/Data")
PLACE = Text(("arn:aws:s3:::", NAME, "/file"))


def partly(policies: Policies, principal: Any, resource: Any, owner: Any = "", **more: Any) -> str:
    symbols = Symbols()
    texts = [symbols.encode(value)[0] for value in (principal, resource, owner)]
    request = Request(principal=texts[0], action=READ, resource=texts[1], owner=texts[2], **more)
    grade = Authorizer(policies, symbols).grade(request)
    return "yes" if grade.must else "maybe" if grade.may else "no"


def test_symbols_in_resources_and_patterns() -> None:
    role = Text(("arn:aws:iam::", ACCOUNT, ":role/app"))
    for pattern, expected in [
        ("*", "yes"), (PLACE, "yes"), (Text(("arn:aws:s3:::", NAME, "/*")), "yes"),
        (OBJECT, "maybe"), ("arn:aws:sqs:*:*:*", "no"), (Symbol("api@parameter", "P"), "maybe"),
    ]:  # fmt: skip
        policies = Policies(identity=(policy(allow(READ, pattern)),))
        assert partly(policies, role, PLACE) == expected


def test_symbols_in_accounts_and_principals() -> None:
    role = Text(("arn:aws:iam::", ACCOUNT, ":role/app"))
    root = Text(("arn:aws:iam::", ACCOUNT, ":root"))
    for trust, owner, expected in [
        (to(role), ACCOUNT, "yes"), (to(root), ACCOUNT, "yes"), (to(ACCOUNT), US, "yes"),
        (to(US), US, "maybe"), (to(root), US, "yes"), (None, US, "maybe"),
    ]:  # fmt: skip
        policies = Policies(identity=(ALL,), resource=trust)
        assert partly(policies, role, PLACE, owner) == expected


@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        (Symbol("api/Role", "Arn"), "maybe"),
        (Text((Symbol("api/Role"), "/x")), "maybe"),
        ("AIDAEXAMPLE", "no"),
    ],
)
def test_a_session_behind_a_role_that_is_only_named(principal: Any, expected: str) -> None:
    assert partly(Policies(resource=to(principal)), SESSION, PLACE) == expected


def test_a_role_known_by_its_symbol_only() -> None:
    role = Symbol("api/Role", "Arn")
    assert partly(Policies(identity=(ALL,)), role, PLACE) == "yes"
    assert partly(Policies(resource=to(role)), role, PLACE) == "yes"


@pytest.mark.parametrize(("kind", "caller"), [("Service", SNS), ("Federated", "accounts.x.org")])
def test_any_service_or_provider_is_a_doubt(kind: str, caller: str) -> None:
    assert asked(Policies(resource=to({kind: "*"})), caller) == "maybe"


@pytest.mark.parametrize("escape", ["*", "?"])
def test_an_escaped_wildcard_may_be_among_what_wildcards_stand_for(escape: str) -> None:
    written = f"{BUCKET}/a${{{escape}}}b"
    policies = Policies(identity=(policy(allow(READ, written)),))
    assert asked(policies, resource=f"{BUCKET}/a?b") == "maybe"
    assert asked(policies, resource=f"{BUCKET}/a*") == "maybe"
    assert asked(policies, resource=f"{BUCKET}/b*") == "no"


def test_a_default_of_an_open_request_may_not_be_what_counts() -> None:
    written = f"{BUCKET}/${{aws:PrincipalTag/team, 'file'}}"
    authorizer = Authorizer(Policies(identity=(policy(allow(READ, written)),)))
    request = Request(principal=ROLE, action=READ, resource=OBJECT)
    for open, must in [(True, False), (False, True), (True, False)]:
        grade = authorizer.grade(replace(request, open=open))
        assert (grade.must, grade.may) == (must, True)


def test_a_statement_that_is_there_under_a_condition_of_the_template_is_a_doubt() -> None:
    either = Choice((((("api#IsProd", True),), allow()), ((("api#IsProd", False),), None)))
    assert asked(Policies(identity=({"Statement": [either]},))) == "maybe"


def test_an_action_that_depends_on_a_condition_of_the_template() -> None:
    for first, second, expected in [
        ("s3:Get*", "s3:*", "yes"), ("s3:Get*", "s3:Put*", "maybe"), ("sqs:*", "s3:Put*", "no"),
    ]:  # fmt: skip
        either = Choice((((("api#P", True),), first), ((("api#P", False),), second)))
        assert asked(Policies(identity=(policy(allow(either)),))) == expected


def test_one_of_several_patterns_is_enough_for_what_is_partly_known() -> None:
    role = Text(("arn:aws:iam::", ACCOUNT, ":role/app"))
    policies = Policies(identity=(policy(allow(READ, ["arn:aws:sqs:*:*:*", PLACE])),))
    assert partly(policies, role, PLACE) == "yes"
    but = {"Effect": "Allow", "Action": "*", "NotResource": ["arn:aws:sqs:*:*:*", PLACE]}
    assert partly(Policies(identity=(policy(but),)), role, PLACE) == "no"


def test_a_pattern_of_resources_is_asked_about_as_a_whole() -> None:
    policies = Policies(identity=(policy(allow(READ, f"{BUCKET}/in/*")),))
    assert asked(policies, resource=f"{BUCKET}/in/*") == "yes"
    assert asked(policies, resource=f"{BUCKET}/*") == "maybe"
    assert asked(policies, resource=f"{BUCKET}/out/*") == "no"


def test_an_unknown_operator_is_a_doubt() -> None:
    odd = {"StringResembles": {"aws:username": "ann"}}
    assert asked(Policies(identity=(policy(allow(Condition=odd)),))) == "maybe"
    assert asked(Policies(identity=(policy(allow(), deny(Condition=odd)),))) == "maybe"


def test_a_resource_that_is_everything_only_in_one_case_is_a_doubt() -> None:
    for options in ((("*", "a"), ("a", "*")), (("*", ""), ("", "*"))):
        for first, second in options:
            either = Choice((((("api#P", True),), first), ((("api#P", False),), second)))
            assert asked(Policies(identity=(policy(allow("*", either)),))) == "maybe"
            arns = Policies(identity=(policy(allow("*", [either, OBJECT])),))
            assert asked(arns) == "yes"
