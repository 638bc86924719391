"""Covers between patterns and ARNs that are partly known."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkrein.iam import Symbols, matches, overlap
from checkrein.iam.matching import Matcher
from checkrein.iam.symbols import Cover
from checkrein.model import Choice, Open, Symbol, Text, Value

REGION, ACCOUNT = Symbol("@aws", "Region"), Symbol("@aws", "AccountId")
RIDES, USERS = Symbol("api/Rides"), Symbol("api/Users")
PARAMETER = Symbol("api@parameter", "Table")
STACK = Symbol("api@stack", "StackName")


def table(name: Value, region: Value = REGION, account: Value = ACCOUNT) -> Text:
    parts = name.parts if isinstance(name, Text) else (name,)
    return Text(("arn:aws:dynamodb:", region, ":", account, ":table/", *parts))


def either(a: Value, b: Value) -> Choice:
    """Return a value that is one thing in production and another elsewhere."""
    return Choice((((("api#IsProd", True),), a), ((("api#IsProd", False),), b)))


def cover(pattern: Value, arn: Value) -> Cover:
    symbols = Symbols()
    (text,) = symbols.encode(arn)
    return Matcher(symbols).cover_value(symbols.encode_pattern(pattern), text)


@pytest.mark.parametrize(
    ("pattern", "arn", "expected"),
    [
        ("*", table(RIDES), Cover.ALL),
        (table(RIDES), table(RIDES), Cover.ALL),
        (table(USERS), table(RIDES), Cover.NONE),
        (table("Rides"), table("Rides"), Cover.ALL),
        (table("Rides"), table("Users"), Cover.NONE),
        ("arn:aws:dynamodb:*:*:table/*", table(RIDES), Cover.ALL),
        ("arn:aws:dynamodb:eu-west-1:*:table/*", table(RIDES), Cover.MAYBE),
        ("arn:aws:dynamodb:*:111122223333:table/*", table(RIDES), Cover.MAYBE),
        ("arn:aws:dynamodb:*:nonsense:table/*", table(RIDES), Cover.NONE),
        ("arn:aws:dynamodb:*:*:table/Rides", table(RIDES), Cover.MAYBE),
        ("arn:aws:dynamodb:*:*:table/Rides/index/*", table(RIDES), Cover.NONE),
        ("arn:aws:s3:::*", table(RIDES), Cover.NONE),
        (table(PARAMETER), table(RIDES), Cover.MAYBE),
        (table(RIDES), table(PARAMETER), Cover.MAYBE),
        (PARAMETER, table(RIDES), Cover.MAYBE),
        (table(Text((STACK, "-in"))), table(Text((STACK, "-out"))), Cover.NONE),
        (table(Text((STACK, "-in"))), table(Text((STACK, "-in/*"))), Cover.NONE),
        (table(Text((STACK, "-in/*"))), table(Text((STACK, "-in/index/*"))), Cover.ALL),
        (table(Text(("in-", STACK))), table(Text(("out-", STACK))), Cover.NONE),
        (table(Text((STACK, "-in"))), table("prod-in"), Cover.MAYBE),
        (table(Text((STACK, "-in"))), table("prod/in-in"), Cover.NONE),
        (Open("unread"), table(RIDES), Cover.MAYBE),
        (Open("unread"), Open("unread"), Cover.MAYBE),
        (table(Text(("dev-", PARAMETER))), table("prod-rides"), Cover.NONE),
        (table(Text(("dev-", PARAMETER))), table("dev-rides"), Cover.MAYBE),
        (table(Text(("dev-", PARAMETER))), table(Text(("dev-", PARAMETER))), Cover.ALL),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b/*", Cover.ALL),
        ("arn:aws:s3:::b/public/*", "arn:aws:s3:::b/*", Cover.SOME),
        ("arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/*", Cover.SOME),
        ("arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/ann/x", Cover.MAYBE),
        (either("a", "b"), "a", Cover.MAYBE),
        (either("a*", "*"), "a", Cover.ALL),
        (either("x", "y"), "a", Cover.NONE),
    ],
)
def test_how_much_a_pattern_covers(pattern: Value, arn: Value, expected: Cover) -> None:
    assert cover(pattern, arn) is expected


def test_a_partition_is_the_one_that_templates_mean() -> None:
    partition = Text(("arn:", Symbol("@aws", "Partition"), ":s3:::b"))
    assert cover("arn:aws:s3:::b", partition) is Cover.ALL


def test_parameters_that_name_resources_name_different_ones() -> None:
    source, target = Symbol("api@parameter", "Source"), Symbol("api@parameter", "Target")
    for names, expected in (((), Cover.MAYBE), ((source, target), Cover.NONE)):
        symbols = Symbols(names)
        (pattern,), (arn,) = symbols.encode(table(source)), symbols.encode(table(target))
        assert Matcher(symbols).cover(pattern, arn) is expected
        assert Matcher(symbols).cover(arn, arn) is Cover.ALL


def test_what_is_encoded_can_be_decoded() -> None:
    symbols = Symbols()
    value = table(RIDES)
    assert [symbols.decode(text) for text in symbols.encode(value)] == [value]


PARTS = ("a", "b", "*", "?", "P", "Q")
VALUES = ("", "a", "b", "ab", "ba", "aa")


def instance(pattern: str, p: str, q: str) -> str:
    return pattern.replace("P", p).replace("Q", q)


@given(st.lists(st.sampled_from(PARTS), max_size=5), st.lists(st.sampled_from("ab*PQ"), max_size=4))
def test_a_cover_holds_whatever_the_symbols_stand_for(left: list[str], right: list[str]) -> None:
    symbols = Symbols()
    p, q = (symbols.encode(Symbol("api@parameter", name))[0] for name in "pq")
    pattern, arn = "".join(left), "".join(right)
    found = Matcher(symbols).cover(instance(pattern, p, q), instance(arn, p, q))
    for texts in product(VALUES, repeat=2):
        concrete, asked = instance(pattern, *texts), instance(arn, *texts)
        shared = overlap(concrete, asked) is not None
        assert found is not Cover.NONE or not shared
        assert found < Cover.SOME or shared
        assert found is not Cover.ALL or matches(concrete, asked)
