from __future__ import annotations

import doctest
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkrein import iam
from checkrein.iam import Extent, Policy, Statement, Symbols, statements
from checkrein.model import Choice, Symbol, Text, Value

BUCKET = "arn:aws:s3:::data"
TABLE = Text(("arn:aws:dynamodb:", Symbol("@aws", "Region"), ":1:table/", Symbol("api/Rides")))


def policy(*parts: dict[str, Any], symbols: Symbols | None = None) -> Policy:
    return Policy(statements({"Statement": list(parts)}), symbols)


def allow(action: Value, resource: Value = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Value, resource: Value = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


def either(a: Value, b: Value) -> Choice:
    """Return a value that is one thing in production and another elsewhere."""
    return Choice((((("api#IsProd", True),), a), ((("api#IsProd", False),), b)))


def grades(decision: Extent) -> str:
    return decision.must * "must " + decision.some * "some " + decision.may * "may"


CONDITION = {"StringEquals": {"aws:username": "ann"}}


@pytest.mark.parametrize(
    ("parts", "action", "arn", "expected"),
    [
        ([], "s3:GetObject", f"{BUCKET}/x", ""),
        ([allow("s3:getobject")], "S3:GetObject", f"{BUCKET}/x", "must some may"),
        ([allow(["s3:Get*"], [f"{BUCKET}/*"])], "s3:GetObject", f"{BUCKET}/*", "must some may"),
        ([allow("s3:*", BUCKET)], "s3:GetObject", f"{BUCKET}/*", ""),
        ([allow("s3:*", f"{BUCKET}/in/*")], "s3:GetObject", f"{BUCKET}/*", "some may"),
        ([allow("*"), deny("s3:Get*")], "s3:GetObject", BUCKET, ""),
        ([allow("*"), deny("s3:Get*")], "s3:PutObject", BUCKET, "must some may"),
        ([allow("s3:*"), deny("s3:*", f"{BUCKET}/a*")], "s3:GetObject", f"{BUCKET}/*", "some may"),
        ([allow("s3:*", f"{BUCKET}/ab*"), deny("s3:*", f"{BUCKET}/a*")],
         "s3:GetObject", f"{BUCKET}/*", ""),
        ([allow("s3:*", Condition=CONDITION)], "s3:GetObject", BUCKET, "may"),
        ([allow("s3:*"), deny("s3:*", Condition=CONDITION)], "s3:GetObject", BUCKET, "may"),
        ([allow("s3:*"), deny("*", Condition={"Bool": {"aws:SecureTransport": "false"}})],
         "s3:GetObject", BUCKET, "must some may"),
        ([allow("s3:*"), deny("*", Condition={"NumericLessThan": {"s3:TlsVersion": 1.2}})],
         "s3:GetObject", BUCKET, "must some may"),
        ([allow("s3:*", Condition={"Bool": {"aws:SecureTransport": [True]}})],
         "s3:GetObject", BUCKET, "must some may"),
        ([allow("s3:*", Condition={"Bool": {"aws:SecureTransport": True}, **CONDITION})],
         "s3:GetObject", BUCKET, "may"),
        ([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}],
         "s3:GetObject", BUCKET, "must some may"),
        ([{"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}], "s3:GetObject", BUCKET, ""),
        ([{"Effect": "Allow", "Action": "*", "NotResource": f"{BUCKET}/secret/*"}],
         "s3:GetObject", f"{BUCKET}/*", "some may"),
        ([{"Effect": "Allow", "Action": "*", "NotResource": f"{BUCKET}*"}],
         "s3:GetObject", f"{BUCKET}/*", ""),
        ([allow("s3:*"), {"Effect": "Deny", "Action": "*", "NotResource": f"{BUCKET}/in/*"}],
         "s3:GetObject", f"{BUCKET}/*", "some may"),
        ([allow(Symbol("api@parameter", "Action"))], "s3:GetObject", BUCKET, "may"),
        ([allow(either("s3:Get*", "s3:GetObject"))],
         "s3:GetObject", BUCKET, "must some may"),
        ([allow(either("s3:Get*", "s3:Put*"))],
         "s3:GetObject", BUCKET, "may"),
        ([allow("s3:*", Symbol("api@parameter", "Arn"))], "s3:GetObject", BUCKET, "may"),
        ([{"Effect": "Allow", "Action": "s3:GetObject", "Principal": "*"}],
         "s3:GetObject", BUCKET, "must some may"),
    ],
)  # fmt: skip
def test_a_decision(parts: list[dict[str, Any]], action: str, arn: str, expected: str) -> None:
    decided = policy(*parts)
    assert grades(decided.decide(action, arn)).strip() == expected
    in_bulk = decided.allowed([arn], frozenset({action}))[arn]
    assert [action in each for each in in_bulk] == [g in expected for g in ("must", "some", "may")]


def test_the_statements_that_decided_are_named() -> None:
    decided = policy(allow("s3:Put*"), allow("s3:*", BUCKET), deny("s3:Delete*"))
    assert [s.path[-1] for s in decided.decide("s3:PutObject", BUCKET).statements] == [0, 1]
    assert [s.path[-1] for s in decided.decide("s3:DeleteObject", BUCKET).statements] == [2]


def test_the_actions_that_make_sense_on_each_arn_are_answered_in_bulk() -> None:
    symbols = Symbols()
    (table,) = symbols.encode(TABLE)
    decided = policy(allow("dynamodb:*Item", TABLE), allow("s3:*"), symbols=symbols)
    found = decided.allowed([table, f"{BUCKET}/*", BUCKET])
    assert sorted(found[table].must) == [
        "dynamodb:BatchGetItem", "dynamodb:BatchWriteItem", "dynamodb:ConditionCheckItem",
        "dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem",
    ]  # fmt: skip
    assert "s3:GetObject" in found[f"{BUCKET}/*"].must
    assert "s3:ListBucket" not in found[f"{BUCKET}/*"].must
    assert "s3:ListBucket" in found[BUCKET].must
    assert "s3:GetObject" not in found[BUCKET].must


def test_the_example_in_the_documentation_runs() -> None:
    assert doctest.testmod(iam).failed == 0


# ------------------------------------------- against the rules, written slowly and literally


def wildcard(pattern: str, text: str) -> bool:
    """Match by definition: try every split."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(wildcard(pattern[1:], text[i:]) for i in range(len(text) + 1))
    return bool(text) and pattern[0] in {"?", text[0]} and wildcard(pattern[1:], text[1:])


def applies(statement: Statement, action: str, arn: str) -> bool:
    """Tell whether a statement of plain text speaks of an action on a resource."""
    if statement.actions:
        named = any(wildcard(p.lower(), action.lower()) for p in statement.actions)
    else:
        named = not any(wildcard(p.lower(), action.lower()) for p in statement.not_actions)
    if statement.resources:
        return named and any(wildcard(p, arn) for p in statement.resources)
    return named and not any(wildcard(p, arn) for p in statement.not_resources)


def is_allowed(present: Iterable[Statement], action: str, arn: str) -> bool:
    """Decide one request: any Deny wins, then any Allow."""
    return {s.effect for s in present if applies(s, action, arn)} == {"Allow"}


def worlds(written: Sequence[Statement]) -> Iterator[list[Statement]]:
    """Yield the statements that count, for every outcome of their conditions."""
    unsure = [s for s in written if s.conditions]
    sure = [s for s in written if not s.conditions]
    for chosen in product([False, True], repeat=len(unsure)):
        yield sure + [s for s, holds in zip(unsure, chosen, strict=True) if holds]


ACTIONS = ("s:a", "s:B", "s:ab")
RESOURCES = tuple("".join(w) for n in range(5) for w in product("ab", repeat=n))
some_actions = st.lists(st.sampled_from(["*", "s:*", "S:A*", "s:b", "s:?", "t:*"]), min_size=1)
some_resources = st.lists(st.text("ab*?", min_size=1, max_size=3), min_size=1, max_size=2)


def statement(
    effect: str,
    not_actions: bool,  # noqa: FBT001
    not_resources: bool,  # noqa: FBT001
    actions: list[str],
    resources: list[str],
    conditions: dict[str, Any],
) -> Statement:
    return Statement(
        effect=effect,
        actions=() if not_actions else tuple(actions),
        not_actions=tuple(actions) if not_actions else (),
        resources=() if not_resources else tuple(resources),
        not_resources=tuple(resources) if not_resources else (),
        conditions=conditions,
    )


some_statements = st.lists(
    st.builds(
        statement,
        st.sampled_from(["Allow", "Allow", "Deny"]),
        st.sampled_from([False, False, True]),
        st.sampled_from([False, False, True]),
        some_actions,
        some_resources,
        st.sampled_from([{}, {}, CONDITION]),
    ),
    max_size=4,
)


@given(some_statements, st.sampled_from(ACTIONS), st.sampled_from(RESOURCES))
def test_one_resource_is_decided_as_the_rules_say(
    written: list[Statement], action: str, arn: str
) -> None:
    outcomes = [is_allowed(present, action, arn) for present in worlds(written)]
    decision = Policy(written).decide(action, arn)
    assert (decision.must, decision.some, decision.may) == (
        all(outcomes), all(outcomes), any(outcomes),
    )  # fmt: skip


@given(some_statements, st.sampled_from(ACTIONS), st.text("ab*", max_size=3))
def test_many_resources_are_never_promised_too_much(
    written: list[Statement], action: str, arn: str
) -> None:
    outcomes = [
        [is_allowed(present, action, text) for present in worlds(written)]
        for text in RESOURCES
        if wildcard(arn, text)
    ]
    decision = Policy(written).decide(action, arn)
    if decision.must:
        assert all(all(each) for each in outcomes)
    if any(any(each) for each in outcomes):
        assert decision.may
    assert decision.must <= decision.some <= decision.may


@given(some_statements, st.text("ab*", max_size=3))
def test_the_bulk_answers_are_the_single_ones(written: list[Statement], arn: str) -> None:
    decided = Policy(written)
    found = decided.allowed([arn], frozenset(ACTIONS))[arn]
    singly = {action: decided.decide(action, arn) for action in ACTIONS}
    assert found.must == {action for action, decision in singly.items() if decision.must}
    assert found.some == {action for action, decision in singly.items() if decision.some}
    assert found.may == {action for action, decision in singly.items() if decision.may}


@given(some_statements, some_statements, st.sampled_from(ACTIONS), st.text("ab*", max_size=3))
def test_a_denial_never_adds_and_an_allowance_never_takes(
    written: list[Statement], more: list[Statement], action: str, arn: str
) -> None:
    before = Policy(written).decide(action, arn)
    denials = [statement for statement in more if statement.effect == "Deny"]
    allowances = [statement for statement in more if statement.effect == "Allow"]
    narrower = Policy([*written, *denials]).decide(action, arn)
    wider = Policy([*written, *allowances]).decide(action, arn)
    for grade in ("must", "some", "may"):
        assert getattr(narrower, grade) <= getattr(before, grade) <= getattr(wider, grade)


@given(some_statements, st.sampled_from(ACTIONS), st.text("ab*", max_size=3))
def test_order_and_repetition_change_nothing(
    written: list[Statement], action: str, arn: str
) -> None:
    once = Policy(written).decide(action, arn)
    again = Policy([*reversed(written), *written]).decide(action, arn)
    assert grades(once) == grades(again)


@pytest.mark.parametrize(
    ("own", "limit", "arn", "expected"),
    [
        ([allow("s3:*")], [allow("s3:Get*")], BUCKET, "must some may"),
        ([allow("s3:*")], [allow("s3:Put*")], BUCKET, ""),
        ([allow("s3:*")], [], BUCKET, ""),
        ([], [allow("s3:*")], BUCKET, ""),
        ([allow("s3:*")], [allow("*"), deny("s3:*")], BUCKET, ""),
        ([allow("s3:*")], [allow("*", Condition=CONDITION)], BUCKET, "may"),
        ([allow("s3:*", f"{BUCKET}/a*")], [allow("*", f"{BUCKET}/ab*")], f"{BUCKET}/*", "some may"),
        ([allow("s3:*", f"{BUCKET}/a*")], [allow("*", f"{BUCKET}/b*")], f"{BUCKET}/*", ""),
        ([allow("s3:*", f"{BUCKET}/a*")], [allow("*")], f"{BUCKET}/*", "some may"),
        ([allow("s3:*")], [allow("*"), deny("*", f"{BUCKET}/a*")], f"{BUCKET}/*", "some may"),
    ],
)  # fmt: skip
def test_what_limits_has_to_allow_as_well(
    own: list[dict[str, Any]], limit: list[dict[str, Any]], arn: str, expected: str
) -> None:
    limits = [statements({"Statement": limit})]
    decided = Policy(statements({"Statement": own}), limits=limits)
    assert grades(decided.decide("s3:GetObject", arn)).strip() == expected
    in_bulk = decided.allowed([arn], frozenset({"s3:GetObject"}))[arn]
    assert ["s3:GetObject" in each for each in in_bulk] == [
        grade in expected for grade in ("must", "some", "may")
    ]


@settings(max_examples=30, deadline=None)
@given(some_statements, some_statements, st.sampled_from(ACTIONS), st.text("ab*", max_size=3))
def test_limits_promise_no_more_than_each_layer_alone(
    written: list[Statement], limit: list[Statement], action: str, arn: str
) -> None:
    outcomes = [
        [
            is_allowed([*present, *(s for s in limiting if s.effect == "Deny")], action, text)
            and is_allowed(limiting, action, text)
            for present in worlds(written)
            for limiting in worlds(limit)
        ]
        for text in RESOURCES
        if wildcard(arn, text)
    ]
    decided = Policy(written, limits=[limit])
    extent = decided.decide(action, arn)
    assert not extent.must or all(all(each) for each in outcomes)
    assert extent.may or not any(any(each) for each in outcomes)
    assert extent.must <= extent.some <= extent.may
    if "*" not in arn:
        assert (extent.must, extent.may) == (all(outcomes[0]), any(outcomes[0]))
    found = decided.allowed([arn], frozenset({action}))[arn]
    assert [action in each for each in found] == [extent.must, extent.some, extent.may]
