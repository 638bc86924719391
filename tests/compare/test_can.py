"""``checkrein can`` from outside: yes, maybe or no, by which statements, and how it exits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from checkrein.compare import can
from checkrein.model import App
from checkrein.pipeline import learn

Ask = Callable[..., tuple[int, str]]
AskJson = Callable[..., dict[str, Any]]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Orders dynamodb:GetItem Customers", "yes"),
        ("OrdersRole dynamodb:getitem shop/Customers", "yes"),
        ("Orders dynamodb:Scan Customers", "no"),
        ("Orders dynamodb:* Customers", "maybe"),
        ("Orders dynamodb:*Item Customers", "yes"),
        ("Orders sqs:SendMessage Mails", "yes"),
        ("Builder lambda:UpdateFunctionCode Orders", "yes"),
        ("Builder lambda:UpdateFunctionCode Mailer", "no"),
        ("Mailer s3:GetObject Photos/private/x.png", "yes"),
        ("Mailer s3:GetObject arn:aws:s3:::shop-photos/private/x.png", "yes"),
        ("Mailer s3:DeleteObject Photos/private/x.png", "no"),
        ("Mailer s3:ListBucket Photos", "yes"),
        ("Mailer s3:ListAllMyBuckets *", "no"),
        ("anyone s3:GetObject Photos/public/x.png", "yes"),
        ("anyone s3:GetObject Photos/private/x.png", "no"),
        ("anyone s3:GetObject Photos", "maybe"),
        ("arn:aws:iam::444455556666:user/eve s3:GetObject Photos/private/x.png", "no"),
        ("codebuild.amazonaws.com sts:AssumeRole Deployer", "yes"),
        ("lambda.amazonaws.com sts:AssumeRole Deployer", "no"),
        ("Deployer iam:PassRole OrdersRole", "maybe"),
        ("Deployer iam:PassRole MailerRole", "no"),
    ],
)
def test_answers(question: str, answer: str, shop_app: App) -> None:
    principal, action, resource = question.split()

    assert can(shop_app, principal, action, resource, {}).answer == answer


@pytest.mark.parametrize(
    ("service", "answer"), [("ecs-tasks.amazonaws.com", "yes"), ("lambda.amazonaws.com", "no")]
)
def test_a_context_decides_conditions(service: str, answer: str, ask_json: AskJson) -> None:
    context = ["--context", f"iam:PassedToService={service}"]

    assert ask_json("can", "Deployer", "iam:PassRole", "OrdersRole", *context)["answer"] == answer


def test_a_maybe_says_on_what_it_depends(ask: Ask) -> None:
    _, printed = ask("can", "Deployer", "iam:PassRole", "OrdersRole")

    assert printed == (
        "maybe: Deployer may perhaps do iam:PassRole on OrdersRole\n"
        "  if iam:PassedToService is ecs-tasks.amazonaws.com\n"
        "  Deployer allows iam:PassRole (shop.yaml:90) · identity policy, perhaps\n"
    )


def test_a_denial_names_its_statement(ask: Ask) -> None:
    _, printed = ask("can", "Mailer", "s3:DeleteObject", "Photos/x")

    assert printed == (
        "no: Mailer (as MailerRole) may not do s3:DeleteObject on Photos/x\n"
        "  a statement denies it\n"
        "  PhotosPolicy denies s3:DeleteObject (shop.yaml:28) · resource policy\n"
    )


def test_a_no_tells_how_else(ask_json: AskJson) -> None:
    found = ask_json("can", "Planner", "dynamodb:GetItem", "Customers")

    assert found["answers"][0]["depends"] == ["no statement allows it"]
    (way,) = found["otherwise"]
    assert way["text"] == "Planner may in 2 steps take over Orders, and so read Customers"
    assert [step["place"]["line"] for step in way["steps"]] == [80, 71]


def test_statements_carry_their_kind_and_place(ask_json: AskJson) -> None:
    (answer,) = ask_json("can", "codebuild.amazonaws.com", "sts:AssumeRole", "Deployer")["answers"]
    (statement,) = answer["statements"]

    assert (statement["kind"], statement["effect"]) == ("trust policy", "Allow")
    assert (statement["place"]["path"], statement["place"]["line"]) == ("shop.yaml", 85)


def test_actions_of_a_pattern_are_grouped(ask_json: AskJson) -> None:
    answers = ask_json("can", "Orders", "dynamodb:*", "Customers")["answers"]

    assert [answer["answer"] for answer in answers] == ["yes", "no"]
    assert (
        answers[0]["actions"]
        == [
            f"dynamodb:{name}Item"
            for name in ("BatchGet", "BatchWrite", "Delete", "Get", "Put", "Update")
        ]
        or "dynamodb:GetItem" in answers[0]["actions"]
    )


@pytest.mark.parametrize(("expected", "code"), [("no", 0), ("yes", 1), ("maybe", 1)])
def test_an_expectation_decides_the_exit(expected: str, code: int, ask: Ask) -> None:
    question = ("can", "anyone", "s3:GetObject", "Photos/private/x.png")

    assert ask(*question)[0] == 0
    assert ask(*question, "--expect", expected)[0] == code


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Orders dynamodb:GetItm Customers", "AWS knows no action dynamodb:GetItm; did you mean "),
        ("Orders dynamodbb:GetItem Customers", "AWS knows no action dynamodbb:GetItem; did you"),
        ("Orders getitem Customers", "AWS knows no action getitem; did you mean dynamodb:GetItem"),
        ("Orders sqs:SendMessage Customers", "sqs:SendMessage is never done to Customers"),
        ("Photos s3:GetObject Photos", "Photos acts as nobody; give a role, a user or a function"),
        ("Ordrs s3:GetObject Photos", "nothing here is called Ordrs; did you mean Orders"),
        ("Orders s3:GetObject Fotos/x", "nothing here is called Fotos/x"),
        ("Orders s3:GetObject Photos --context x", "x is no KEY=VALUE; write it as aws:SourceIp="),
    ],
)
def test_wrong_usage_is_one_sentence(question: str, said: str, ask: Ask) -> None:
    code, printed = ask("can", *question.split())

    assert code == 2
    assert printed.startswith(f"checkrein: {said}")
    assert printed.count("\n") == 1


LIMITED = """
Resources:
  Orders: {Type: AWS::SNS::Topic}
  Inbox: {Type: AWS::SQS::Queue}
  InboxPolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Inbox]
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {Service: sns.amazonaws.com}
            Action: sqs:SendMessage
            Resource: !GetAtt Inbox.Arn
            Condition: {ArnEquals: {aws:SourceArn: "arn:aws:sns:eu-west-1:111122223333:orders"}}
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Statement:
          - {Effect: Allow, Principal: {AWS: !GetAtt Keeper.Arn}, Action: kms:Decrypt, Resource: "*"}
  Fence:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement: [{Effect: Allow, Action: ["sqs:ReceiveMessage", "kms:*"], Resource: "*"}]
  Keeper:
    Type: AWS::IAM::Role
    Properties:
      PermissionsBoundary: !Ref Fence
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
      Policies:
        - PolicyName: own
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: "sqs:*", Resource: !GetAtt Inbox.Arn}
              - {Effect: Allow, Action: "kms:Encrypt", Resource: !GetAtt Key.Arn}
"""


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> App:
    folder = tmp_path_factory.mktemp("limited")
    (folder / "limited.yaml").write_text(LIMITED)
    return learn([folder]).app


@pytest.mark.parametrize(
    ("question", "context", "answer", "depends"),
    [
        ("Keeper sqs:ReceiveMessage Inbox", {}, "yes", ()),
        (
            *("Keeper sqs:DeleteMessage Inbox", {}, "no"),
            ("the permissions boundary has to allow it as well",),
        ),
        ("Keeper kms:Decrypt Key", {}, "yes", ()),
        (
            *("Keeper kms:Encrypt Key", {}, "no"),
            ("the policy of the resource itself has to let it as well",),
        ),
        (
            *("sns.amazonaws.com sqs:SendMessage Inbox", {}, "maybe"),
            ("if aws:SourceArn is arn:aws:sns:eu-west-1:111122223333:orders",),
        ),
        (
            "sns.amazonaws.com sqs:SendMessage Inbox",
            {"aws:SourceArn": "arn:aws:sns:eu-west-1:111122223333:orders"},
            *("yes", ()),
        ),
        (
            "sns.amazonaws.com sqs:SendMessage Inbox",
            {"aws:SourceArn": "arn:aws:sns:eu-west-1:111122223333:other"},
            *("no", ("no statement allows it",)),
        ),
        ("anyone sqs:SendMessage Inbox", {}, "no", ("no statement allows it",)),
    ],
)
def test_what_limits_a_right_has_its_say(
    question: str, context: dict[str, str], answer: str, depends: tuple[str, ...], limited: App
) -> None:
    principal, action, resource = question.split()

    found = can(limited, principal, action, resource, context)

    assert (found.answer, found.answers[0].depends) == (answer, depends)
