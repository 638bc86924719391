"""``can`` on policies in all the places and forms that templates know."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from checkrein.compare import can, explain
from checkrein.errors import UsageError
from checkrein.model import Decided
from checkrein.pipeline import learn

Asked = Callable[..., Decided]

RESOURCES = """
Parameters: {Given: {Type: String}}
Resources:
  Notes: {Type: AWS::S3::Bucket}
  Jobs: {Type: AWS::SQS::Queue}
  News: {Type: AWS::SNS::Topic}
"""
TRUST = "{Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}]}"
READING = '{Statement: [{Effect: Allow, Action: "s3:GetObject", Resource: !Sub "${Notes.Arn}/*"}]}'
GROUP = """
  Readers: {Type: AWS::IAM::Group, Properties: {%s}}
  Ann: {Type: AWS::IAM::User, Properties: {Groups: [!Ref Readers]}}
  Bob: {Type: AWS::IAM::User}
  Cid: {Type: AWS::IAM::User}
  Joining: {Type: AWS::IAM::UserToGroupAddition, Properties: {GroupName: !Ref Readers, Users: [!Ref Bob]}}
"""


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    """Ask of the resources above and more; a role named Reader has the properties given."""

    def ask(question: str, more: str = "", **properties: str) -> Decided:
        role = {"AssumeRolePolicyDocument": TRUST, **properties}
        lines = "".join(f"      {name}: {value}\n" for name, value in role.items())
        head = "  Reader:\n    Type: AWS::IAM::Role\n    Properties:\n"
        (tmp_path / "app.yaml").write_text(RESOURCES + head + lines + more)
        principal, action, resource = question.split()
        return can(learn([tmp_path]).app, principal, action, resource, {})

    return ask


@pytest.mark.parametrize(
    ("user", "answer"), [("Ann", "yes"), ("Bob", "yes"), ("Readers", "yes"), ("Cid", "no")]
)
@pytest.mark.parametrize("place", ["inline", "attached", "own", "aws"])
def test_a_users_groups_give_it_their_policies(
    user: str, answer: str, place: str, asked: Asked
) -> None:
    inline = f"Policies: [{{PolicyName: p, PolicyDocument: {READING}}}]"
    properties = {
        "inline": inline,
        "attached": "",
        "own": "",
        "aws": "ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess']",
    }
    more = GROUP % properties[place]
    if place == "attached":
        more += f"  P: {{Type: AWS::IAM::ManagedPolicy, Properties: {{Groups: [!Ref Readers], PolicyDocument: {READING}}}}}\n"
    if place == "own":
        more += f"  P: {{Type: AWS::IAM::GroupPolicy, Properties: {{GroupName: !Ref Readers, PolicyName: p, PolicyDocument: {READING}}}}}\n"

    assert asked(f"{user} s3:GetObject Notes", more).answer == answer


def test_a_user_has_a_policy_that_is_a_resource_of_its_own(asked: Asked) -> None:
    more = f"""
  Ann: {{Type: AWS::IAM::User}}
  P: {{Type: AWS::IAM::UserPolicy, Properties: {{UserName: !Ref Ann, PolicyName: p, PolicyDocument: {READING}}}}}
"""
    assert asked("Ann s3:GetObject Notes", more).answer == "yes"


@pytest.mark.parametrize(
    ("question", "type", "target"),
    [
        ("Reader sqs:SendMessage Jobs", "SQS::QueueInlinePolicy", "Queue: !Ref Jobs"),
        ("Reader sns:Publish News", "SNS::TopicInlinePolicy", "TopicArn: !Ref News"),
    ],
)
def test_a_policy_of_one_queue_or_topic_counts(
    question: str, type: str, target: str, asked: Asked
) -> None:
    action = question.split()[1]
    document = f"{{Statement: [{{Effect: Allow, Principal: {{AWS: !GetAtt Reader.Arn}}, Action: '{action}', Resource: '*'}}]}}"
    more = f"  P: {{Type: AWS::{type}, Properties: {{{target}, PolicyDocument: {document}}}}}\n"

    assert [asked(question, more).answer, asked(question).answer] == ["yes", "no"]


def test_a_document_may_be_json_text(asked: Asked) -> None:
    text = '{"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}'
    policies = f"[{{PolicyName: p, PolicyDocument: '{text}'}}]"

    assert asked("Reader s3:GetObject Notes", Policies=policies).answer == "yes"
    assert asked("Reader s3:PutObject Notes", Policies=policies).answer == "no"


@pytest.mark.parametrize("resource", ["", ", Resource: []"])
def test_a_statement_about_nothing_allows_nothing(resource: str, asked: Asked) -> None:
    statement = f'{{Effect: Allow, Action: "s3:GetObject"{resource}}}'
    policies = f"[{{PolicyName: p, PolicyDocument: {{Statement: [{statement}]}}}}]"

    assert asked("Reader s3:GetObject Notes", Policies=policies).answer == "no"


@pytest.mark.parametrize(
    ("property", "value", "named"),
    [
        ("ManagedPolicyArns", "[!Ref Given]", "the policy ${Given}"),
        ("ManagedPolicyArns", "!Ref Given", "the policy ${Given}"),
        (
            "ManagedPolicyArns",
            "['arn:aws:iam::111122223333:policy/x']",
            "the policy arn:aws:iam::111122223333:policy/x",
        ),
        ("Policies", "[{PolicyName: p, PolicyDocument: !Ref Given}]", "an inline policy of Reader"),
        ("Policies", "!Ref Given", "an inline policy of Reader"),
    ],
)
def test_a_policy_that_nobody_can_read_is_a_maybe(
    property: str, value: str, named: str, asked: Asked
) -> None:
    found = asked("Reader s3:GetObject Notes", **{property: value})

    assert found.answer == "maybe"
    assert found.answers[0].depends == (f"if {named}, which nothing here tells, allows it",)


def test_what_is_denied_or_beyond_the_boundary_is_no_whatever_nobody_can_read(asked: Asked) -> None:
    denying = '[{PolicyName: p, PolicyDocument: {Statement: [{Effect: Deny, Action: "s3:*", Resource: "*"}]}}]'
    logs = "'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'"
    question, unread = "Reader s3:GetObject Notes", "[!Ref Given]"

    assert asked(question, ManagedPolicyArns=unread, Policies=denying).answer == "no"
    assert asked(question, ManagedPolicyArns=unread, PermissionsBoundary=logs).answer == "no"


def test_a_user_of_a_group_that_is_elsewhere_is_a_maybe(asked: Asked) -> None:
    more = "  Ann: {Type: AWS::IAM::User, Properties: {Groups: [elsewhere]}}\n"

    assert asked("Ann s3:GetObject Notes", more).answer == "maybe"


SHARED = """
  Sharing:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Notes
      PolicyDocument:
        Statement:
          - {Effect: %s, Principal: {AWS: "111122223333"}, Action: "s3:GetObject", Resource: !Sub "${Notes.Arn}/*"}
"""


@pytest.mark.parametrize(
    ("effect", "question", "answer"),
    [
        ("Allow", "arn:aws:iam::111122223333:role/x s3:GetObject Notes", "maybe"),
        ("Allow", "arn:aws:iam::111122223333:role/x s3:PutObject Notes", "no"),
        ("Allow", "arn:aws:iam::444455556666:role/x s3:GetObject Notes", "no"),
        ("Allow", "111122223333 s3:GetObject Notes", "yes"),
        ("Deny", "arn:aws:iam::111122223333:role/x s3:GetObject Notes", "no"),
    ],
)
def test_an_account_that_is_let_in_decides_for_its_own(
    effect: str, question: str, answer: str, asked: Asked
) -> None:
    assert asked(question, SHARED % effect).answer == answer


def test_what_another_account_must_allow_is_told(asked: Asked) -> None:
    name = "arn:aws:iam::111122223333:role/x"
    found = asked(f"{name} s3:GetObject Notes", SHARED % "Allow")

    assert found.answers[0].depends == (
        f"if a policy of {name}, which nothing here tells, allows it",
    )


def test_a_condition_without_values_is_told(asked: Asked) -> None:
    statement = '{Effect: Allow, Action: "s3:GetObject", Resource: "*", Condition: {StringEquals: {"aws:PrincipalTag/a": []}}}'
    policies = f"[{{PolicyName: p, PolicyDocument: {{Statement: [{statement}]}}}}]"
    found = asked("Reader s3:GetObject Notes", Policies=policies)

    assert found.answers[0].depends == ("if aws:PrincipalTag/a is one of none",)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Ann s3:GetObject Notes/ann/x", "yes"),
        ("Ann s3:GetObject Notes/bob/x", "no"),
        ("Reader kms:Decrypt Sealing", "yes"),
    ],
)
def test_what_every_request_of_a_caller_says_is_known(
    question: str, answer: str, asked: Asked
) -> None:
    more = """
  Ann:
    Type: AWS::IAM::User
    Properties:
      UserName: ann
      Policies:
        - PolicyName: p
          PolicyDocument:
            Version: "2012-10-17"
            Statement: [{Effect: Allow, Action: "s3:GetObject", Resource: !Join ["", [!GetAtt Notes.Arn, "/${aws:username}/*"]]}]
  Sealing:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Statement:
          - Effect: Allow
            Principal: "*"
            Action: kms:Decrypt
            Resource: "*"
            Condition: {StringEquals: {"kms:CallerAccount": !Ref AWS::AccountId}}
"""
    assert asked(question, more).answer == answer


@pytest.mark.parametrize("word", ["arn:", "arn:x", "arn:aws:iam::1", "arn:aws:s3:::notes"])
def test_an_arn_of_nobody_is_wrong_usage(word: str, asked: Asked) -> None:
    with pytest.raises(UsageError, match="nobody has the ARN"):
        asked(f"{word} s3:GetObject Jobs")


def test_explain_says_that_policies_are_not_known(tmp_path: Path) -> None:
    (tmp_path / "app.yaml").write_text(
        "Resources:\n  Reader: {Type: AWS::IAM::Role, Properties: "
        "{ManagedPolicyArns: ['arn:aws:iam::111122223333:policy/x'], AssumeRolePolicyDocument: "
        f"{TRUST}}}}}\n"
    )
    found = explain(learn([tmp_path]).app, "Reader")

    assert found.text.endswith("and perhaps more by policies that nothing here tells")
    assert [way.text for part in found.parts if part.id == "statements" for way in part.ways] == [
        "the policy arn:aws:iam::111122223333:policy/x allows what nothing here tells"
    ]
