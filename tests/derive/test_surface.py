"""The lines of an app: equal for what means the same, different for what allows more."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkrein.derive.surface import lines
from checkrein.model import App, Kind
from checkrein.model.surface import changes, covers

Scan = Callable[[dict[str, str]], App]

APP = """
Parameters: {{Given: {{Type: String}}}}
Resources:
  Box: {{Type: AWS::S3::Bucket, Properties: {{BucketName: the-box}}}}
  Rides:
    Type: AWS::DynamoDB::Table
    Properties: {{KeySchema: [{{AttributeName: id, KeyType: HASH}}]}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{}}
      Policies: [{{PolicyDocument: {{Statement: [{statements}]}}}}]
"""
BOX = "arn:aws:s3:::the-box"


def told(derived: Scan, *statements: str) -> set[str]:
    """Return the role's lines, as ``key: values``."""
    app = derived({"app.yaml": APP.format(statements=", ".join(statements))})
    return {
        f"{line.kind} {line.key}: {', '.join(line.values)}"
        for line in lines(app)
        if line.kind in {Kind.RIGHT, Kind.DENIAL}
    }


def allow(action: str, resource: str, more: str = "") -> str:
    return f"{{Effect: Allow, Action: [{action}], Resource: [{resource}]{more}}}"


def test_a_right_names_the_part_and_the_condition(derived: Scan) -> None:
    tls = ', Condition: {Bool: {"aws:SecureTransport": true}, StringEquals: {"s3:x-amz-acl": private}}'
    assert told(derived, allow("s3:PutObject", '!Sub "${Box.Arn}/in/*"', tls)) == {
        "right app/Box write: s3:PutObject on in/* if StringEquals s3:x-amz-acl private"
    }


def test_what_lies_outside_the_app_is_told_too(derived: Scan) -> None:
    said = told(derived, allow("S3:getobject", '"arn:aws:s3:::other/*", !Sub "${Box.Arn}/*"'))
    assert said == {
        "right app/Box read: s3:GetObject",
        "right arn:aws:s3:::other/*: s3:GetObject",
    }


def test_all_of_a_service_is_one_word(derived: Scan) -> None:
    said = told(derived, allow('"dynamodb:*"', "!GetAtt Rides.Arn"))
    assert "right app/Rides write: dynamodb:*" in said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('"s3:Get*", "s3:get*"', "s3:Get*"),
        ('"s3:*", "s3:**"', "s3:*"),
        ('"s3:Get*", "s3:GetObject"', "s3:Get*"),
        ('"s3:GetObject*", "s3:GetObjec??*"', "s3:GetObjec??*, s3:GetObject*"),
    ],
)
def test_patterns_that_name_the_same_are_told_once(derived: Scan, written: str, said: str) -> None:
    there = "arn:aws:s3:::other/*"
    assert told(derived, allow(written, f'"{there}"')) == {f"right {there}: {said}"}


@pytest.mark.parametrize("field", ["Action", "Resource"])
def test_what_leaves_out_less_widens(derived: Scan, field: str) -> None:
    def app(left_out: str) -> App:
        said = {"Action": '"s3:*"', "Resource": '"*"'} | {f"Not{field}": f'"{left_out}"'}
        del said[field]
        inner = ", ".join(f"{key}: {value}" for key, value in said.items())
        return derived({"app.yaml": APP.format(statements=f"{{Effect: Allow, {inner}}}")})

    whole = {"Action": "s3:GetObject*", "Resource": "arn:aws:s3:::other/*"}[field]
    less = {"Action": "s3:GetObjectAcl", "Resource": "arn:aws:s3:::other/in/*"}[field]
    found = changes(lines(app(whole)), lines(app(less)))
    assert any(each.widens and each.kind is Kind.RIGHT and less in str(each) for each in found)


def test_a_denial_is_a_line(derived: Scan) -> None:
    deny = f'{{Effect: Deny, Action: "s3:GetObject", Resource: "{BOX}/private/*"}}'
    assert f"denial {BOX}/private/*: s3:GetObject" in told(derived, deny)


@pytest.mark.parametrize(
    "same",
    [
        [allow("s3:PutObject", f'"{BOX}/*"'), allow("s3:GetObject", f'"{BOX}/*"')],
        [allow("s3:GetObject, s3:PutObject", '!Sub "${Box.Arn}/*"')],
        [allow("s3:getobject, s3:PutObject, s3:GetObject", f'"{BOX}/*", "{BOX}/in/*"')],
    ],
)
def test_what_means_the_same_gives_equal_lines(derived: Scan, same: list[str]) -> None:
    one = told(derived, allow("s3:GetObject, s3:PutObject", f'"{BOX}/*"'))
    assert told(derived, *same) == one


def test_a_wider_word_takes_nothing_away(derived: Scan) -> None:
    def app(action: str) -> App:
        return derived({"app.yaml": APP.format(statements=allow(action, "!GetAtt Rides.Arn"))})

    before, after = (lines(app(action)) for action in ("dynamodb:PutItem", '"dynamodb:*"'))
    wider = {c.key: (c.added, c.removed, c.widens) for c in changes(before, after)}
    assert wider["app/Rides write"] == (("dynamodb:*",), (), True)
    back = {c.key: (c.added, c.removed, c.widens) for c in changes(after, before)}
    assert back["app/Rides write"] == ((), ("dynamodb:*",), False)


words = st.sampled_from(["s3:*", "s3:Get*", "s3:GetObject", "s3:PutObject"])
parts = st.sampled_from(["", " on in/*", " on in/a/*"])
conditions = st.sampled_from(["", " if StringEquals a b", " if StringEquals a c"])
values = st.builds(lambda a, p, c: a + p + c, words, parts, conditions)


@given(values, values, values)
def test_covering_is_an_order(one: str, two: str, three: str) -> None:
    assert covers(one, one)
    assert not (covers(one, two) and covers(two, three)) or covers(one, three)
    assert not (covers(one, two) and covers(two, one)) or one == two


@pytest.mark.parametrize(
    ("wide", "narrow", "expected"),
    [
        ("s3:Get?bject", "s3:GetObject", True),
        ("s3:Get?bject", "s3:Get?bject", True),
        ("s3:Get*bject", "s3:Get?bject", True),
        ("s3:Get?bject", "s3:Get*bject", False),  # a star is more than one letter
        ("s3:GetObject?*", "s3:GetObject*", False),  # and none
        ("s3:GetObject on ?/*", "s3:GetObject on */*", False),
        ("s3:GetObject on [ab]/*", "s3:GetObject on a/*", False),  # IAM knows no sets
        ("s3:GetObject", "s3:GetObject on a/* if StringEquals a b", True),
        ("s3:GetObject on a/*", "s3:GetObject", False),
        ("s3:GetObject if StringEquals a b", "s3:GetObject", False),
        ("all but s3:Get*", "all but s3:GetObject", False),  # what is left out is more
        ("all but s3:GetObject", "all but s3:Get*", False),  # true, and told all the same
        ("*", "all but s3:Get*", True),
        ("s3:GetObject on all but a/*", "s3:GetObject on all but a/b", False),
    ],
)
def test_who_has_more_in_every_respect_covers(wide: str, narrow: str, *, expected: bool) -> None:
    assert covers(wide, narrow) == expected


def test_nothing_changes_between_equal_lines(derived: Scan) -> None:
    app = derived({"app.yaml": APP.format(statements=allow("s3:GetObject", '"*"'))})
    assert changes(lines(app), reversed(lines(app))) == []


def test_what_bears_a_deployments_name_is_the_same_under_another(derived: Scan) -> None:
    app = """
        Resources:
          Rides: {Type: AWS::DynamoDB::Table, Properties: {}}
          Mail: {Type: AWS::SNS::Topic, Properties: {}}
          Open:
            Type: AWS::SNS::TopicPolicy
            Properties:
              Topics: [!Ref Mail]
              PolicyDocument: {Statement: [{Effect: Allow, Principal: "*", Action: "sns:Publish", Resource: "*"}]}
    """
    first = """
        Parameters: {RidesName: {Type: String}}
        Resources: {Nothing: {Type: AWS::CloudFormation::WaitConditionHandle}}
    """
    before = lines(derived({"app.yaml": app}))
    after = lines(derived({"app.yaml": app, "a.yaml": first}))
    anyone = {line.owner for line in after if line.owner.endswith("@anyone")}
    assert anyone == {"a@anyone"}
    assert changes(before, after) == []
    assert changes(after, before) == []
