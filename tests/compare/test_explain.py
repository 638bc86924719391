"""``checkrein explain`` from outside: what it says of each kind of thing, and how it exits."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from checkrein.cli import run
from checkrein.compare import explain
from checkrein.model import App

Ask = Callable[..., tuple[int, str]]
AskJson = Callable[..., dict[str, Any]]


def lines(document: dict[str, Any], part: str) -> list[str]:
    return [way["text"] for way in document["parts"].get(part, [])]


def test_the_first_line_says_who_outside_reaches_it(ask: Ask) -> None:
    code, printed = ask("explain", "Customers")

    assert code == 0
    assert printed.splitlines()[0] == "Customers: anyone can make Orders read it"
    assert "\x1b" not in printed


def test_rights_stand_beside_what_code_does_of_them(ask_json: AskJson) -> None:
    (direct,) = ask_json("explain", "Customers")["parts"]["direct"]

    assert direct["text"] == (
        "Orders may read, write to and delete from it; its code only reads it"
    )
    assert (direct["rights"], direct["unused"]) == (
        ["read", "write", "delete"],
        ["write", "delete"],
    )
    assert [step["place"]["line"] for step in direct["steps"]] == [45, 40]


def test_chains_of_takeovers_are_told_step_by_step(ask_json: AskJson) -> None:
    found = ask_json("explain", "Customers")["parts"]["takeover"]

    assert [way["text"] for way in found] == [
        "Builder may take over Orders, and so read, write to and delete from it",
        "Planner may in 2 steps take over Orders, and so read, write to and delete from it",
    ]
    assert [step["text"] for step in found[1]["steps"]] == [
        "PlannerRole may replace the code of Builder (lambda:UpdateFunctionCode)",
        "BuilderRole may replace the code of Orders (lambda:UpdateFunctionCode)",
    ]


def test_callers_reach_on_through_the_code_of_several_functions(ask_json: AskJson) -> None:
    outside = ask_json("explain", "Photos")["parts"]["outside"]

    assert [way["text"] for way in outside] == [
        "anyone may read part of it",
        "anyone can make Mailer write to it",
    ]
    assert [(step["text"], step["place"]["line"]) for step in outside[1]["steps"]] == [
        ("Api POST /orders invokes Orders", 48),
        ("Orders calls sqs:SendMessage on Mails", 41),
        ("Mails runs Mailer", 62),
        ("Mailer calls s3:PutObject on Photos", 57),
    ]


def test_influence_leaves_out_what_own_rights_give(ask_json: AskJson) -> None:
    texts = lines(ask_json("explain", "Photos"), "influence")

    assert "Orders may make Mailer write to it" in texts
    assert not any(text.startswith("Mailer ") for text in texts)


def test_a_function_is_told_from_both_sides(ask_json: AskJson) -> None:
    found = ask_json("explain", "Orders")

    assert found["kind"] == "function"
    assert found["text"] == (
        "Orders: anyone can make it run; it may read, write to and delete from Customers, "
        "and may write to Mails"
    )
    assert lines(found, "runs") == ["anyone can make it run", "Deployer may make it run"]
    assert lines(found, "owners") == [
        "Builder may take it over",
        "Planner may take it over in 2 steps",
    ]
    assert lines(found, "influence") == [
        "it may make Mailer run, which reads and deletes from Mails and writes to Photos; its code does"
    ]
    assert lines(found, "leaves") == ["it can send to the internet: it runs outside a VPC"]


def test_a_role_passes_only_to_the_services_of_its_condition(ask_json: AskJson) -> None:
    found = ask_json("explain", "Deployer")

    assert found["kind"] == "role"
    assert lines(found, "trust") == ["codebuild.amazonaws.com may assume it"]
    assert lines(found, "takeover") == []
    assert lines(found, "statements")[0] == (
        "Deployer allows iam:PassRole on ${OrdersRole.Arn}, "
        "if iam:PassedToService StringEquals ecs-tasks.amazonaws.com"
    )


def test_data_are_followed_to_where_they_are_kept_and_read(ask_json: AskJson) -> None:
    found = ask_json("explain", "pii.email")
    by_title = ask_json("explain", "e-mail address")

    assert found["kind"] == "data"
    assert "Photos holds it, as intended" in lines(found, "coded")
    assert "anyone can make Orders read Customers" in lines(found, "readers")
    assert "the internet could get it by rights and wiring as they are" in lines(found, "leaves")
    assert by_title == found


def test_a_family_is_all_its_classes(ask_json: AskJson) -> None:
    assert ask_json("explain", "pii")["text"] == ask_json("explain", "personal")["text"]


@pytest.mark.parametrize(
    "word",
    ["shop/Photos", "Photos", "photos", "shop-photos", "arn:aws:s3:::shop-photos"],
)
def test_many_words_mean_the_same_thing(word: str, shop_app: App) -> None:
    assert explain(shop_app, word).subject == "shop/Photos"


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("Custommers", "nothing here is called Custommers; did you mean Customers?"),
        ("xyzzy", "nothing here is called xyzzy; give a resource, a function, a role or a class"),
    ],
)
def test_an_unknown_word_gets_the_nearest(word: str, said: str, ask: Ask) -> None:
    code, printed = ask("explain", word)

    assert code == 2
    assert printed.startswith(f"checkrein: {said}")
    assert printed.count("\n") == 1


def test_an_ambiguous_word_gets_the_candidates(shop: Path, ask: Ask) -> None:
    (shop / "other.yaml").write_text("Resources: {Photos: {Type: AWS::S3::Bucket}}")

    code, printed = ask("explain", "Photos")

    assert code == 2
    assert printed == (
        "checkrein: Photos may be other/Photos and shop/Photos; give more of its id\n"
    )


def test_about_a_screen_unless_all_is_asked_for(ask: Ask) -> None:
    _, short = ask("explain", "pii.email")
    _, everything = ask("explain", "pii.email", "--all")

    assert "more: --all" in short
    assert "more: --all" not in everything
    assert len(short.splitlines()) < 70 < len(everything.splitlines())


def test_an_answer_from_half_of_the_files_says_so(shop: Path, ask: Ask) -> None:
    (shop / "half.yaml").write_text("Resources:\n  A:\n    Type: AWS::SNS::Topic\n  B: {")

    code, printed = ask("explain", "Customers")

    assert code == 3
    assert "1 thing could not be read: the answer may lack what it holds" in printed


def test_the_document_goes_to_a_file_and_is_stable(shop: Path, tmp_path: Path) -> None:
    targets = [tmp_path / "one.json", tmp_path / "two.json"]
    for target in targets:
        arguments = ["explain", "Orders", "--in", str(shop), "--format", "json"]
        assert run([*arguments, "--output", str(target)]) == 0

    one, two = (target.read_text() for target in targets)
    assert one == two
    assert json.loads(one)["schema"] == 1


FOLDED = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Notes:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
  Writer:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: apigateway.amazonaws.com}, Action: sts:AssumeRole}]
      Policies:
        - PolicyName: notes
          PolicyDocument:
            Statement: [{Effect: Allow, Action: dynamodb:PutItem, Resource: !GetAtt Notes.Arn}]
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      DefinitionBody:
        openapi: "3.0.1"
        info: {title: notes, version: "1"}
        paths:
          /notes:
            post:
              x-amazon-apigateway-integration:
                type: aws
                httpMethod: POST
                uri: !Sub "arn:aws:apigateway:${AWS::Region}:dynamodb:action/PutItem"
                credentials: !GetAtt Writer.Arn
                requestTemplates:
                  application/json:
                    Fn::Sub: '{"TableName": "${Notes}", "Item": {"text": {"S": "$input.path(''$.text'')"}}}'
  Reader:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: java21
      Handler: notes.Reader
      CodeUri: s3://elsewhere/reader.zip
      Policies: [{DynamoDBReadPolicy: {TableName: !Ref Notes}}]
      Events:
        Read: {Type: Api, Properties: {Path: /notes, Method: get}}
  Guest:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: !ImportValue GuestRole
      InlineCode: |
        import boto3
        def handler(event, context):
            print(event["email"])
      FunctionUrlConfig: {AuthType: NONE}
"""


@pytest.fixture
def notes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[str], dict[str, Any]]:
    (tmp_path / "notes.yaml").write_text(FOLDED)

    def explained(word: str) -> dict[str, Any]:
        run(["explain", word, "--in", str(tmp_path), "--format", "json"])
        document: dict[str, Any] = json.loads(capsys.readouterr().out)
        return document

    return explained


def test_a_route_without_a_function_is_a_way_in(notes: Callable[[str], dict[str, Any]]) -> None:
    assert "anyone can write to it through POST /notes of Api" in lines(notes("Notes"), "outside")


def test_code_that_nobody_read_may_do_what_its_rights_allow(
    notes: Callable[[str], dict[str, Any]],
) -> None:
    (way,) = [way for way in notes("Notes")["parts"]["outside"] if "Reader" in way["text"]]

    assert way["text"] == "anyone can run Reader, which may read it; its code was not read in full"
    assert way["certain"] is False


def test_an_api_is_told_by_its_callers(notes: Callable[[str], dict[str, Any]]) -> None:
    found = notes("Api")

    assert found["text"] == "Api: anyone can call POST /notes"
    assert [step["place"]["line"] for step in found["parts"]["callers"][0]["steps"]] == [28]


def test_a_role_that_is_elsewhere_is_not_taken_for_none(
    notes: Callable[[str], dict[str, Any]],
) -> None:
    assert notes("Guest")["text"] == (
        "Guest: anyone can make it run; "
        "what it may do is not known, since its role is in no template here"
    )


def test_a_log_is_told_by_what_comes_there(notes: Callable[[str], dict[str, Any]]) -> None:
    found = notes("Guest@logs")

    assert found["text"] == "the log of Guest: code puts e-mail address there from Guest"
    assert lines(found, "coded") == ["e-mail address is there"]
