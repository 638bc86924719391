"""What one statement says, as AWS documents it: asked of the engine and of the reference.

Many ideas are those of scality/Arsenal's tests (Apache-2.0), none of their words.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.iam.reference.asking import BUCKET, NO, OBJECT, REFUSED, YES, allow, ask, deny, document
from tests.iam.reference.evaluator import ALLOWED, IMPLICIT


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
        ([allow(Resource="${aws:whole}")], {ALLOWED, IMPLICIT}),
        ([allow(Resource="arn:aws:s*:::a"), allow(Resource="arn:aws:s*:::photos/*")],
         {ALLOWED, IMPLICIT}),
    ],
)  # fmt: skip
def test_one_identity_policy(statements: list[dict[str, Any]], expected: set[str]) -> None:
    context = {"aws:username": "ann", "aws:tags": ("cat.jpg", "dog.jpg"), "aws:whole": OBJECT}
    assert ask(identity=(document(*statements),), context=context) == expected


STREAM = "arn:aws:logs:eu-west-1:111122223333:log-group:data:log-stream:in/a"


@pytest.mark.parametrize(
    ("last", "expected"),
    [("log-group:d*m:in/a", YES), ("log-group:*/a", YES), ("log-group:d*m:in/b", NO)],
)
def test_colons_in_the_last_part_of_an_arn_part_nothing(last: str, expected: set[str]) -> None:
    pattern = f"arn:aws:logs:eu-west-1:111122223333:{last}"
    policy = document(allow(Resource=pattern))
    assert ask(STREAM, action="logs:GetLogEvents", identity=(policy,)) == expected


def test_a_wildcard_inside_the_account_crosses_no_colon_for_certain() -> None:
    pattern = "arn:aws:logs:eu-west-1:1*data:log-stream:in/a"
    policy = document(allow(Resource=pattern))
    answer = ask(STREAM, action="logs:GetLogEvents", identity=(policy,))
    assert answer == {ALLOWED, IMPLICIT}


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
