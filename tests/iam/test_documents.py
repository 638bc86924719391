from __future__ import annotations

import json
from typing import Any

import pytest

from checkrein.catalog.managed import managed_policy, managed_policy_names
from checkrein.errors import InputError
from checkrein.iam import excluded_ids, principal_ids, statements
from checkrein.model import Choice, Open, Symbol, Text, Undecided, Value

ALLOW = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
ACCOUNT = Symbol("@aws", "AccountId")
IS_PROD = (("api#IsProd", True),)


def test_a_statement_is_read_with_its_path_and_single_values_as_lists() -> None:
    document = {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "Read", "Effect": "Allow", "Action": "s3:Get*", "Resource": ["a", "b"]},
            {
                "Effect": "Deny",
                "NotAction": ["s3:*"],
                "NotResource": "c",
                "Condition": {"Bool": {}},
            },
        ],
    }
    first, second = statements(json.dumps(document))
    assert (first.sid, first.effect, first.actions, first.resources, first.path) == (
        "Read", "Allow", ("s3:Get*",), ("a", "b"), ("Statement", 0),
    )  # fmt: skip
    assert (second.not_actions, second.not_resources, second.path) == (
        ("s3:*",), ("c",), ("Statement", 1),
    )  # fmt: skip
    assert [s.conditions for s in (first, second)] == [{}, {"Bool": {}}]


def test_a_single_statement_needs_no_list() -> None:
    assert [s.path for s in statements({"Statement": ALLOW})] == [("Statement",)]


def test_template_values_stay_as_they_are() -> None:
    arn = Text(("arn:aws:s3:::", Symbol("api/Bucket")))
    (statement,) = statements({"Statement": [{**ALLOW, "Resource": arn}]})
    assert statement.resources == (arn,)


def test_a_conditional_statement_knows_when_it_is_there() -> None:
    either = Choice(((IS_PROD, ALLOW), ((("api#IsProd", False),), None)))
    (statement,) = statements({"Statement": [either]})
    assert statement.when == IS_PROD


def test_a_conditional_list_of_resources_may_be_there() -> None:
    either = Choice(((IS_PROD, ["a", "b"]), ((("api#IsProd", False),), ["c"])))
    (statement,) = statements({"Statement": {**ALLOW, "Resource": either}})
    assert [options.options[0][1] for options in statement.resources] == ["a", "b", "c"]


def test_every_policy_that_aws_manages_can_be_read() -> None:
    documents = [managed_policy(name) for name in managed_policy_names()]
    assert [document for document in documents if not statements(document)] == []


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("{", "a policy document is not JSON"),
        ([], "a policy document must be a mapping, not list"),
        ({}, "a policy document has no Statement"),
        ({"Statement": ["x"]}, "Statement.0 must be a mapping, not str"),
        ({"Statement": {**ALLOW, "Effect": "allow"}}, "Effect must be Allow or Deny, not 'allow'"),
        ({"Statement": [{"Effect": "Allow", "Resource": "*"}]}, "Statement.0: a statement needs"),
        ({"Statement": {**ALLOW, "NotAction": "x"}}, "Action and NotAction exclude each other"),
        ({"Statement": {**ALLOW, "Action": [7]}}, "Statement.Action must be text, not int"),
        ({"Statement": {**ALLOW, "Principal": "me"}}, 'Principal must be "*" or a mapping'),
    ],
)
def test_what_iam_would_reject_is_said_in_a_sentence(document: Any, message: str) -> None:
    with pytest.raises(InputError, match=".*".join(message.split("*"))):
        statements(document)


@pytest.mark.parametrize(
    "document",
    [Open("a macro"), {"Statement": Symbol("api@parameter", "P")}, {"Statement": Open("x")}],
)
def test_what_cannot_be_told_is_undecided(document: Value) -> None:
    with pytest.raises(Undecided):
        statements(document)


@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        ("*", ("anyone",)),
        ({"AWS": "*"}, ("anyone",)),
        ({"Service": ["sns.amazonaws.com", "s3.amazonaws.com"]},
         ("service:sns.amazonaws.com", "service:s3.amazonaws.com")),
        ({"Service": Text(("lambda.", Symbol("@aws", "URLSuffix")))},
         ("service:lambda.amazonaws.com",)),
        ({"Federated": "cognito-identity.amazonaws.com"},
         ("federated:cognito-identity.amazonaws.com",)),
        ({"AWS": ACCOUNT}, ("account",)),
        ({"AWS": Text(("arn:aws:iam::", ACCOUNT, ":root"))}, ("account",)),
        ({"AWS": Text(("arn:", Symbol("@aws", "Partition"), ":iam::", ACCOUNT, ":root"))},
         ("account",)),
        ({"AWS": "111122223333"}, ("account:111122223333",)),
        ({"AWS": "arn:aws:iam::111122223333:root"}, ("account:111122223333",)),
        ({"AWS": "arn:aws:iam::111122223333:role/Admin"},
         ("arn:aws:iam::111122223333:role/Admin",)),
        ({"AWS": Symbol("api/Role", "Arn")}, (Symbol("api/Role", "Arn"),)),
        ({"CanonicalUser": "79a5"}, ("canonical:79a5",)),
        (None, ()),
    ],
)  # fmt: skip
def test_whom_a_statement_names(principal: Value, expected: tuple[Value, ...]) -> None:
    (statement,) = statements({"Statement": {**ALLOW, "Principal": principal}})
    assert principal_ids(statement) == expected


def test_whom_a_statement_leaves_out() -> None:
    (statement,) = statements({"Statement": {**ALLOW, "NotPrincipal": {"AWS": "111122223333"}}})
    assert (principal_ids(statement), excluded_ids(statement)) == ((), ("account:111122223333",))
