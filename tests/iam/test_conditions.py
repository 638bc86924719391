"""What a Condition says of a request: yes, no, or perhaps."""

from __future__ import annotations

from typing import Any

import pytest

from checkrein.iam import Symbols
from checkrein.iam.conditions import condition_test
from checkrein.iam.matching import Matcher
from checkrein.iam.truth import MAYBE, NO, YES
from checkrein.model import Choice, Open, Symbol, Text

ACCOUNT = Symbol("@aws", "AccountId")
TOPIC = Text(("arn:aws:sns:eu-west-1:", ACCOUNT, ":orders"))


def holds(conditions: Any, context: Any, *, open: bool = False, variables: bool = True) -> int:
    matcher = Matcher(Symbols())
    encoded = {
        key: matcher.symbols.encode(value)[0] if isinstance(value, (Symbol, Text)) else value
        for key, value in context.items()
    }
    test = condition_test(conditions, matcher, variables=variables)
    return test(encoded, MAYBE if open else NO)


def one(operator: str, wanted: Any, given: Any, **more: Any) -> int:
    return holds({operator: {"Key": wanted}}, {} if given is None else {"key": given}, **more)


@pytest.mark.parametrize(
    ("operator", "wanted", "given", "expected"),
    [
        ("StringEquals", "ann", "ann", YES),
        ("StringEquals", "ann", "Ann", NO),
        ("StringEquals", "a*", "ann", NO),
        ("StringEquals", "a*", "a*", YES),
        ("StringEquals", ["bob", "ann"], "ann", YES),
        ("StringEquals", [], "ann", NO),
        ("StringEquals", "grün", "grün", YES),
        ("StringEquals", "grün", "grau", NO),
        ("StringEquals", "grau", "grün", NO),
        ("stringequals", "ann", "ann", YES),
        ("StringNotEquals", "ann", "ann", NO),
        ("StringNotEquals", ["bob", "ann"], "ann", NO),
        ("StringNotEquals", ["bob", "ann"], "eve", YES),
        ("StringEqualsIgnoreCase", "ANN", "ann", YES),
        ("StringEqualsIgnoreCase", "ANN", "anna", NO),
        ("StringNotEqualsIgnoreCase", "ANN", "ann", NO),
        ("StringNotEqualsIgnoreCase", "ANN", "bob", YES),
        ("StringLike", "a*n?", "aachenx", YES),
        ("StringLike", "a?n", "aan", YES),
        ("StringLike", "a?n", "an", NO),
        ("StringLike", "a*", "b", NO),
        ("StringLike", "a?", "a*", YES),
        ("StringLike", "a.c", "abc", NO),
        ("StringLike", ["x", "home/*"], "home/", YES),
        ("StringNotLike", "a*", "ann", NO),
        ("StringNotLike", ["a*", "b*"], "cid", YES),
        ("NumericEquals", "5", "5.0", YES),
        ("NumericEquals", 5, "5", YES),
        ("NumericEquals", "9007199254740993", "9007199254740992", NO),
        ("NumericNotEquals", "5", "5", NO),
        ("NumericNotEquals", "5", "6", YES),
        ("NumericLessThan", "10", "9.99", YES),
        ("NumericLessThan", "10", "10", NO),
        ("NumericLessThanEquals", "10", "10", YES),
        ("NumericLessThanEquals", "10", "11", NO),
        ("NumericGreaterThan", "-1", "0", YES),
        ("NumericGreaterThan", "0", "0", NO),
        ("NumericGreaterThanEquals", "1e3", "1000", NO),  # integers and decimals only
        ("NumericGreaterThanEquals", "1000", "999", NO),
        ("NumericEquals", "5", "five", NO),
        ("NumericEquals", "five", "5", NO),
        ("NumericEquals", "1_000", "1000", NO),
        ("NumericNotEquals", "5", "five", MAYBE),
        ("DateEquals", "2026-01-02T00:00:00Z", "2026-01-02T01:00:00+01:00", YES),
        ("DateEquals", "2026-01-02", "1767312000", YES),
        ("DateNotEquals", "2026-01-02", "1767312000", NO),
        ("DateNotEquals", "2026-01-02", "2026-01-03", YES),
        ("DateLessThan", "2026-01-02T00:00:00Z", "2026-01-01T23:59:59Z", YES),
        ("DateLessThan", "2026-01-02T00:00:00Z", "2026-01-02T00:00:00Z", NO),
        ("DateLessThanEquals", "2026-01-02T00:00:00Z", "2026-01-02T00:00:00Z", YES),
        ("DateLessThanEquals", "1767312000", "1767312001", NO),
        ("DateGreaterThan", "1767312000", "2026-01-02T00:00:01Z", YES),
        ("DateGreaterThan", "1767312000", "2026-01-02T00:00:00Z", NO),
        ("DateGreaterThanEquals", "2026-01-02", "2026-01-02", YES),
        ("DateGreaterThanEquals", "2026-01-02", "2026-01-01T23:59:59.999Z", NO),
        ("DateEquals", "2026-01-02", "tomorrow", NO),
        ("DateEquals", "2026-01-02", "2026-13-02", NO),
        ("DateEquals", "2026-13-02", "2026-13-02", NO),
        ("Bool", "true", "true", YES),
        ("Bool", True, "TRUE", YES),
        ("Bool", "false", "true", NO),
        ("Bool", "yes", "yes", NO),
        ("BinaryEquals", "QmluYXJ5", "QmluYXJ5", YES),
        ("BinaryEquals", "QmluYXJ5", "Qml0", NO),
        ("BinaryEquals", "QmluYXJ5", "Qmlu YXJ5", NO),
        ("IpAddress", "203.0.113.0/24", "203.0.113.9", YES),
        ("IpAddress", "203.0.113.7/24", "203.0.113.9", YES),
        ("IpAddress", "203.0.113.0/24", "203.0.114.9", NO),
        ("IpAddress", "203.0.113.9", "203.0.113.9", YES),
        ("IpAddress", "203.0.113.9", "203.0.113.10", NO),
        ("IpAddress", "2001:db8::/48", "2001:db8:1::1", NO),
        ("IpAddress", ["10.0.0.0/8", "2001:db8::/32"], "2001:db8::1", YES),
        ("IpAddress", "0.0.0.0/0", "2001:db8::1", NO),
        ("IpAddress", "10.0.0.0/8", "somewhere", NO),
        ("NotIpAddress", "10.0.0.0/8", "10.1.1.1", NO),
        ("NotIpAddress", "10.0.0.0/8", "11.1.1.1", YES),
        ("NotIpAddress", "10.0.0.0/8", "somewhere", MAYBE),
        ("ArnEquals", "arn:aws:sns:*:1:a*", "arn:aws:sns:eu-west-1:1:abc", YES),
        ("ArnLike", "arn:aws:sns:*:1:a?c", "arn:aws:sns:eu-west-1:1:abc", YES),
        ("ArnLike", "arn:aws:sns:*:a*", "arn:aws:sns:eu-west-1:1:abc", MAYBE),
        ("ArnLike", "arn:aws:s3:*", "arn:aws:s3:::bucket", MAYBE),
        ("ArnLike", "*", "arn:aws:s3:::bucket", MAYBE),
        ("ArnLike", "*", "bucket", NO),
        ("ArnLike", "arn:aws:sns:*:*:*", "arn:aws:sns:eu-west-1:1:abc:sub", YES),
        ("ArnLike", "arn:aws:SNS:*:*:*", "arn:aws:sns:eu-west-1:1:abc", NO),
        ("ArnLike", "arn:aws:sns:*:1:a", "arn:aws:sns:eu-west-1:9:1:a", NO),
        ("ArnNotEquals", "arn:aws:s3:::a*", "arn:aws:s3:::abc", NO),
        ("ArnNotEquals", "arn:aws:s3:::abc", "arn:aws:s3::abc", MAYBE),
        ("ArnNotLike", "arn:aws:s3:::a*", "arn:aws:s3:::bc", YES),
        ("Null", "perhaps", None, MAYBE),
        ("Null", "true", None, YES),
        ("Null", "false", None, NO),
        ("Null", False, "x", YES),
        ("Null", "true", "x", NO),
        ("Null", ["true", "false"], "x", YES),
        ("Null", "true", (), YES),
        ("Null", "true", "", MAYBE),
        ("Null", "false", "", MAYBE),
        ("Null", ["true", "false"], "", YES),
        ("StringLikes", "a", "a", MAYBE),
        ("NullIfExists", "true", None, MAYBE),
        ("ForSomeValues:StringEquals", "a", "a", MAYBE),
        ("BinaryNotEquals", "a", "a", MAYBE),
    ],
)  # fmt: skip
def test_every_operator(operator: str, wanted: Any, given: Any, expected: int) -> None:
    assert one(operator, wanted, given) == expected


@pytest.mark.parametrize(
    ("operator", "wanted", "expected"),
    [
        ("StringEquals", "a", NO),
        ("StringNotEquals", "a", YES),
        ("StringEqualsIfExists", "a", YES),
        ("StringNotEqualsIfExists", "a", YES),
        ("NumericLessThan", "1", NO),
        ("BoolIfExists", "true", YES),
        ("NotIpAddress", "10.0.0.0/8", YES),
        ("ForAllValues:StringEquals", "a", YES),
        ("ForAllValues:StringNotEquals", "a", YES),
        ("ForAnyValue:StringEquals", "a", NO),
        ("ForAnyValue:StringNotEquals", "a", NO),
    ],
)
def test_a_key_that_is_absent(operator: str, wanted: Any, expected: int) -> None:
    assert one(operator, wanted, None) == expected
    assert one(operator, wanted, None, open=True) == MAYBE


@pytest.mark.parametrize(
    ("operator", "wanted", "given", "expected"),
    [
        ("ForAllValues:StringEquals", ["a", "b"], ("a", "b", "a"), YES),
        ("ForAllValues:StringEquals", ["a", "b"], ("a", "c"), NO),
        ("ForAllValues:StringEquals", ["a"], "a", YES),
        ("ForAllValues:StringEquals", ["a"], (), YES),
        ("ForAllValues:StringEquals", ["a"], "", YES),
        ("ForAllValues:StringNotLike", ["a*"], ("b", "c"), YES),
        ("ForAllValues:StringNotLike", ["a*"], ("b", "ab"), NO),
        ("ForAnyValue:StringLike", ["a*"], ("b", "ab"), YES),
        ("ForAnyValue:StringLike", ["a*"], ("b", "c"), NO),
        ("ForAnyValue:StringLike", ["a*"], (), NO),
        ("ForAnyValue:StringNotEquals", ["a"], ("a", "b"), YES),
        ("ForAnyValue:StringNotEquals", ["a"], ("a", "a"), NO),
        ("forallvalues:numericlessthan", ["5"], ("1", "9"), NO),
        ("StringEquals", "a", ("a",), YES),
        ("StringEquals", "a", ("a", "b"), MAYBE),
        ("StringEquals", "a", ("b", "c"), NO),
        ("StringEquals", "a", (), NO),
        ("StringNotEquals", "a", ("b", "c"), MAYBE),
        ("StringNotEquals", "a", ("a", "b"), MAYBE),
    ],
)
def test_keys_of_many_values(operator: str, wanted: Any, given: Any, expected: int) -> None:
    assert one(operator, wanted, given) == expected


def test_all_operators_and_all_keys_must_hold() -> None:
    both = {
        "StringEquals": {"aws:PrincipalOrgID": "o-1", "aws:RequestedRegion": "eu-west-1"},
        "Bool": {"aws:MultiFactorAuthPresent": "true"},
    }
    context = {
        "aws:principalorgid": "o-1",
        "aws:requestedregion": "eu-west-1",
        "aws:multifactorauthpresent": "true",
    }
    assert holds(both, context) == YES
    for key in context:
        assert holds(both, {**context, key: "x"}) == NO
        assert holds(both, {k: v for k, v in context.items() if k != key}) == NO
        assert holds(both, {k: v for k, v in context.items() if k != key}, open=True) == MAYBE
    assert holds({}, {}) == YES


def test_a_given_key_decides_an_open_request() -> None:
    assert one("Null", "true", "x", open=True) == NO
    assert one("Null", "false", "x", open=True) == YES
    assert one("StringEquals", "x", "x", open=True) == YES
    assert one("Null", ["true", "false"], None, open=True) == YES


@pytest.mark.parametrize(
    ("operator", "wanted", "context", "expected"),
    [
        ("StringLike", "home/${aws:username}/*", {"aws:username": "ann", "key": "home/ann/x"}, YES),
        ("StringLike", "home/${AWS:UserName}/*", {"aws:username": "ann", "key": "home/bob/x"}, NO),
        ("StringLike", "${aws:username}", {"aws:username": "a*", "key": "ann"}, NO),
        ("StringLike", "${aws:username}", {"aws:username": "a*", "key": "a*"}, YES),
        ("StringEquals", "${a}${b}", {"a": "1", "b": "2", "key": "12"}, YES),
        ("StringEquals", "${aws:PrincipalTag/cost center}",
         {"aws:principaltag/cost center": "7", "key": "7"}, YES),
        ("StringEquals", "${a, 'none'}", {"key": "none"}, YES),
        ("StringEquals", "${a, 'none'}", {"a": "x", "key": "none"}, NO),
        ("StringEquals", "${a, 'none'}", {"a": ("x", "y"), "key": "none"}, NO),
        ("StringEquals", "${a}", {"key": "${a}"}, NO),
        ("StringEquals", ["${a}", "b"], {"key": "b"}, MAYBE),  # it may void the statement
        ("StringEquals", "${a}", {"a": ("x",), "key": "x"}, YES),
        ("StringNotEquals", "${a}", {"key": "b"}, MAYBE),
        ("StringNotEquals", "${a}", {"a": "x", "key": "b"}, YES),
        ("StringEquals", "a${*}", {"key": "a*"}, YES),
        ("StringLike", "a${*}", {"key": "ab"}, NO),
        ("StringLike", "a${*}", {"key": "a*"}, YES),
        ("StringLike", "a${?}*", {"key": "a?b"}, YES),
        ("StringLike", "a${?}*", {"key": "ab"}, NO),
        ("StringEquals", "${$}{a}", {"key": "${a}"}, YES),
        ("StringEquals", "${}", {"key": "${}"}, YES),
        ("ArnLike", "arn:aws:s3:::${b}/*", {"b": "data", "key": "arn:aws:s3:::data/x"}, YES),
        ("NumericEquals", "${a}", {"a": "1", "key": "1"}, NO),
    ],
)  # fmt: skip
def test_policy_variables(operator: str, wanted: Any, context: Any, expected: int) -> None:
    assert holds({operator: {"key": wanted}}, context) == expected


@pytest.mark.parametrize(
    ("operator", "wanted", "expected"),
    [
        ("ForAllValues:StringEquals", "${a}", MAYBE),
        ("ForAllValues:StringEquals", "${a, 'x'}", YES),
        ("ForAllValues:StringEquals", ["x", "${a}"], MAYBE),
        ("StringNotEquals", "${a}", MAYBE),
        ("StringEqualsIfExists", "${a}", YES),
        ("ForAnyValue:StringEquals", "${a}", NO),
    ],
)
def test_a_variable_without_a_value_may_void_what_holds_without_its_key(
    operator: str, wanted: Any, expected: int
) -> None:
    assert one(operator, wanted, None) == expected


def test_older_policies_have_no_variables() -> None:
    assert one("StringEquals", "${a}", "${a}", variables=False) == YES
    assert one("StringLike", "${*}", "${xy}", variables=False) == YES


def test_a_variable_of_an_open_request_may_be_anything_that_fits() -> None:
    like = {"StringLike": {"key": "home/${aws:username}/*"}}
    assert holds(like, {"key": "home/ann/x"}, open=True) == MAYBE
    assert holds(like, {"key": "work/ann/x"}, open=True) == NO


@pytest.mark.parametrize(
    ("operator", "wanted", "given", "expected"),
    [
        ("StringEquals", ACCOUNT, ACCOUNT, YES),
        ("StringEquals", ACCOUNT, "111122223333", MAYBE),
        ("StringEquals", ACCOUNT, "nobody", NO),
        ("StringNotEquals", ACCOUNT, ACCOUNT, NO),
        ("StringNotEquals", ACCOUNT, "111122223333", MAYBE),
        ("StringNotEquals", ACCOUNT, "nobody", YES),
        ("StringEquals", "111122223333", ACCOUNT, MAYBE),
        ("StringEqualsIgnoreCase", Text((ACCOUNT, "-A")), Text((ACCOUNT, "-a")), YES),
        ("StringLike", "arn:aws:sns:*", TOPIC, YES),
        ("StringLike", "arn:aws:sns:*:111122223333:*", TOPIC, MAYBE),
        ("StringLike", "arn:aws:sqs:*", TOPIC, NO),
        ("ArnLike", TOPIC, TOPIC, YES),
        ("ArnLike", "arn:aws:sns:*:*:orders", TOPIC, YES),
        ("ArnEquals", TOPIC, "arn:aws:sns:eu-west-1:111122223333:orders", MAYBE),
        ("ArnEquals", TOPIC, "arn:aws:sns:eu-west-1:111122223333:users", NO),
        ("ArnLike", "arn:aws:sns:*:orders", TOPIC, MAYBE),
        ("ArnLike", Symbol("api@parameter", "Arn"), TOPIC, MAYBE),
        ("NumericEquals", Symbol("api@parameter", "N"), "5", MAYBE),
        ("Bool", "true", Symbol("api@parameter", "N"), MAYBE),
        ("IpAddress", Symbol("api@parameter", "N"), "10.0.0.1", MAYBE),
        ("StringEquals", Open("unread"), "x", MAYBE),
        ("StringEquals", Choice((((), "a"), ((), "b"))), "a", MAYBE),
        ("StringEquals", Choice((((), "a"), ((), "b"))), "c", NO),
        ("StringEquals", Choice((((), ["a"]), ((), ["a", "b"]))), "a", YES),
        ("StringEquals", ["c", Choice((((), "a"), ((), "b")))], "a", MAYBE),
        ("StringEquals", ["c", Choice((((), "a"), ((), "b")))], "c", YES),
        ("StringEquals", ["c", Choice((((), "a"), ((), "b")))], "d", NO),
    ],
)
def test_values_that_are_partly_known(
    operator: str, wanted: Any, given: Any, expected: int
) -> None:
    assert one(operator, wanted, given) == expected


def test_a_condition_that_cannot_be_told_may_hold() -> None:
    assert holds(Open("a macro"), {}) == MAYBE
    assert holds({"StringEquals": Symbol("api@parameter", "C")}, {}) == MAYBE
