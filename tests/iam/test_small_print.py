"""Details that larger tests pass over."""

import pytest

from checkrein.iam import Policies, Policy, Request, authorize
from checkrein.iam.documents import Statement

ME = "arn:aws:iam::111122223333:role/me"
JOBS = "arn:aws:sqs:eu-west-1:111122223333:jobs"


def grades(
    resource: str = "*", condition: dict[str, dict[str, object]] | None = None, **context: str
) -> tuple[bool, bool]:
    statement = {"Effect": "Allow", "Action": "sqs:*", "Resource": resource}
    document = {
        "Version": "2012-10-17",
        "Statement": {**statement, **({"Condition": condition} if condition else {})},
    }
    given = {key.replace("_", ":"): value for key, value in context.items()}
    request = Request(principal=ME, action="sqs:SendMessage", resource=JOBS, context=given)
    decision = authorize(request, Policies(identity=(document,)))
    return decision.must, decision.may


@pytest.mark.parametrize(
    ("resource", "allowed"),
    [
        ("arn:aws:sqs:eu?west-1:111122223333:jobs", True),
        ("arn:aws:sqs:eu-west-?:11112222333?:jobs", True),
        ("arn:aws:sqs:eu-west-1?:111122223333:jobs", False),
    ],
)
def test_a_question_mark_in_a_part_is_one_character(resource: str, *, allowed: bool) -> None:
    assert grades(resource) == (allowed, allowed)


@pytest.mark.parametrize(
    ("pattern", "allowed"),
    [
        ("arn:aws:sns:eu-west-?:111122223333:t", True),
        ("arn:aws:sns:eu?west-1:111122223333:?", True),
        ("arn:aws:sns:eu-west-1:111122223333:t?", False),
        ("arn:aws:sns:?:111122223333:t", False),
    ],
)
def test_so_it_is_in_conditions_on_arns(pattern: str, *, allowed: bool) -> None:
    source = "arn:aws:sns:eu-west-1:111122223333:t"
    condition: dict[str, dict[str, object]] = {"ArnLike": {"aws:SourceArn": pattern}}
    assert grades(condition=condition, aws_SourceArn=source) == (allowed, allowed)


def test_a_limit_that_is_no_number_is_below_nothing() -> None:
    condition: dict[str, dict[str, object]] = {"NumericLessThan": {"s3:max-keys": "many"}}
    assert grades(condition=condition, **{"s3:max-keys": "5"}) == (False, False)


@pytest.mark.parametrize(("least", "must"), [("1.2", True), ("1.3", True), ("1.4", False)])
def test_every_sdk_speaks_a_current_version_of_tls(least: str, *, must: bool) -> None:
    decision = Policy(
        [
            Statement(effect="Allow", actions=("s3:*",), resources=("*",)),
            Statement(
                effect="Deny",
                actions=("s3:*",),
                resources=("*",),
                conditions={"NumericLessThan": {"s3:TlsVersion": least}},
            ),
        ]
    ).decide("s3:GetObject", "arn:aws:s3:::data/x")
    assert decision.must is must


def test_whether_a_boolean_takes_a_variable_is_doubtful() -> None:
    condition: dict[str, dict[str, object]] = {"Bool": {"aws:SecureTransport": "${aws:tls}"}}
    context = {"aws:SecureTransport": "true", "aws:tls": "true"}
    assert grades(condition=condition, **context) == (False, True)
