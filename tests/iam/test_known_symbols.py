"""How texts that are known in part compare, where a wildcard or an escape bears on it."""

from __future__ import annotations

from typing import Any

import pytest

from checkrein.iam import Authorizer, Policies, Request, Symbols
from checkrein.model import Choice, Symbol, Text, Value
from tests.iam.reference.asking import ANN, allow, document

NAME = Symbol("app@parameter", "Name")
ACCOUNT = Symbol("@aws", "AccountId")


def asked(statement: dict[str, Any], resource: Value, **context: Value) -> str:
    symbols = Symbols()
    request = Request(
        principal=ANN,
        action="s3:GetObject",
        resource=symbols.encode(resource)[0],
        context={key: symbols.encode(value)[0] for key, value in context.items()},
    )
    grade = Authorizer(Policies(identity=(document(statement),)), symbols).grade(request)
    return "yes" if grade.must else "maybe" if grade.may else "no"


@pytest.mark.parametrize(
    ("operator", "wanted", "value", "expected"),
    [
        ("StringLike", "a*", Text(("a", NAME)), "yes"),
        ("StringLike", "a${?}", Text(("a", NAME)), "maybe"),
        ("StringLike", "a${*}", Text(("a", NAME)), "maybe"),
        ("StringLike", "b${?}", Text(("a", NAME)), "no"),
        ("StringLike", "a${?}*", Text(("ab", NAME)), "maybe"),
        ("StringLike", "a${*}*", Text(("ab", NAME)), "maybe"),
        ("StringLike", Text(("a", NAME)), Text(("a", NAME)), "yes"),
        ("StringEquals", Text(("a", NAME)), Text(("a", NAME)), "yes"),
        ("StringEquals", "ab", Text(("a", NAME)), "maybe"),
        ("StringEquals", "b", Text(("a", NAME)), "no"),
        ("StringNotEquals", "b", Text(("a", NAME)), "yes"),
        ("StringEqualsIgnoreCase", Text(("A", NAME)), Text(("a", NAME)), "yes"),
        ("ArnLike", "arn:aws:s3:::*", Text(("arn:aws:s3:::", NAME)), "yes"),
        ("ArnLike", "arn:aws:sns:*:*:x", Text(("arn:aws:sns:eu:", ACCOUNT, ":x")), "yes"),
        ("ArnLike", "arn:aws:sqs:*:*:x", Text(("arn:aws:sns:eu:", ACCOUNT, ":x")), "no"),
        ("ArnLike", "arn:aws:sns:*:*:x", Text(("arn:aws:sns:", NAME, "::x")), "maybe"),
        ("ArnLike", Text(("arn:aws:s3:::", NAME)), Text(("arn:aws:s3:::", NAME)), "yes"),
        ("ArnLike", NAME, NAME, "maybe"),  # it may be no ARN
        ("ArnLike", Text(("arn:aws:s3:::b", NAME)), Text(("arn:aws:s3:::a", NAME)), "no"),
        ("ArnLike", Text(("arn:aws:sns:*:", NAME)), "arn:aws:s3:::a", "no"),
        ("ArnNotLike", Text(("arn:aws:sns:*:", NAME)), "arn:aws:s3:::a", "maybe"),
        ("ArnNotLike", "arn:aws:sns:*:*:*", Text(("arn:aws:s3:::", NAME)), "yes"),
        ("ArnNotLike", "arn:aws:sns:*:*:*", Text(("orders", NAME)), "maybe"),
        ("NumericEquals", "5", NAME, "maybe"),
        ("Bool", "true", NAME, "maybe"),
        ("IpAddress", "10.0.0.0/8", NAME, "maybe"),
    ],
)  # fmt: skip
def test_a_condition(operator: str, wanted: Value, value: Value, expected: str) -> None:
    statement = allow(Condition={operator: {"key": wanted}})
    assert asked(statement, "arn:aws:s3:::data", key=value) == expected


def one_of(*values: Value) -> Choice:
    return Choice(tuple(((("app#IsProd", not at),), value) for at, value in enumerate(values)))


OBJECT = Text(("arn:aws:s3:::", NAME, "/cat"))
FUNCTION = Text(("arn:aws:lambda:eu-1:", ACCOUNT, ":function:", NAME))


@pytest.mark.parametrize(
    ("pattern", "arn", "expected"),
    [
        (OBJECT, OBJECT, "yes"),
        ("arn:aws:s3:::*", OBJECT, "yes"),
        ("arn:aws:s3:::*/cat", OBJECT, "yes"),
        ("arn:aws:s3:::*/dog", OBJECT, "no"),
        ("arn:aws:s3:::data/*", OBJECT, "maybe"),
        ("arn:aws:s3", OBJECT, "yes"),
        ("arn:aws:s*", OBJECT, "maybe"),
        ("arn:aws:s*:::*", OBJECT, "maybe"),
        ("*", OBJECT, "yes"),
        (NAME, OBJECT, "maybe"),
        (NAME, "*", "maybe"),
        (one_of("arn:aws:s3:::a", "arn:aws:s3:::b"), "arn:aws:s3:::a", "maybe"),
        (one_of("arn:aws:s3:::a", "arn:aws:s3:::b"), "arn:aws:s3:::b", "maybe"),
        (one_of("arn:aws:s3:::a", "arn:aws:s3:::*"), "arn:aws:s3:::a", "yes"),
        (one_of("arn:aws:s3:::a", "arn:aws:s3:::b"), "arn:aws:s3:::c", "no"),
        (OBJECT, "*", "no"),
        (Text(("arn:aws:lambda:eu-1:", ACCOUNT, ":function:*")), FUNCTION, "yes"),
        (Text(("arn:aws:lambda:e*:", ACCOUNT, ":function:*")), FUNCTION, "yes"),
        (Text(("arn:aws:lambda:e*1:", ACCOUNT, ":function:*")), FUNCTION, "maybe"),
        (Text(("arn:aws:lambda:*:function:", NAME)), FUNCTION, "yes"),  # a last * crosses colons
        (Text(("arn:aws:sqs:*:function:", NAME)), FUNCTION, "no"),
    ],
)
def test_a_resource(pattern: Value, arn: Value, expected: str) -> None:
    assert asked(allow(Resource=pattern), arn) == expected
