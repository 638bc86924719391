"""From what records tell to facts: who counts as who, where it was first, what the table shows."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from checkrein import pipeline
from checkrein.model import App, Observation, Row, Unread
from checkrein.observe import placing
from checkrein.observe.placing import placed
from checkrein.observe.requests import named_in
from checkrein.observe.sightings import Actor, Named, Sighting, Tally

ORDERS = (Named("template/Orders"),)
SHARED = """
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties: {RoleName: both, AssumeRolePolicyDocument: {Statement: []}}
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
"""
FUNCTION = """
  %s:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: %s
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code: {ZipFile: "def handler(event, context): return {}"}
"""


def seen(app: App, *told: tuple[Sighting, tuple[str, int, int]]) -> list[Observation]:
    tally = Tally()
    for sighting, at in told:
        tally.add(sighting, at)
    return placed(app, tally).every(Observation)


def call(*names: str, source: str = "CloudTrail") -> Sighting:
    actor = Actor(tuple(map(Named, names)), "role/x")
    return Sighting("call", source, ORDERS, actor, "dynamodb", "Scan")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> App:
    """Two functions with one role, and one name that two other applications have."""
    folder = tmp_path_factory.mktemp("shared")
    (folder / "template.yaml").write_text(SHARED + FUNCTION % ("A", "a") + FUNCTION % ("B", "b"))
    for name in ("one", "other"):
        (folder / name).mkdir()
        text = "Resources:" + FUNCTION.replace("!GetAtt Role.Arn", "x") % ("Save", "save")
        (folder / name / "t.yaml").write_text(text)
    return pipeline.learn([folder]).app


def test_a_role_of_several_functions_is_nobody_of_them(shared: App) -> None:
    (found,) = seen(shared, (call("arn:aws:iam::1:role/both"), ("f", 1, 1)))

    assert (found.actor, found.known) == ("template/Role", True)


def test_who_could_be_several_is_no_stranger(shared: App) -> None:
    (found,) = seen(shared, (call("arn:aws:lambda:eu-west-1:1:function:save"), ("f", 1, 1)))

    assert (found.actor, found.known) == ("", True)


def test_the_first_place_is_told_of_all_that_tell_the_same(shop: App) -> None:
    later, first = (call("x"), ("b.log", 9, 1)), (call("x", source="X-Ray"), ("a.log", 3, 1))
    (found,) = seen(shop, later, first)

    assert found.count == 2
    assert [each.text for each in found.evidence] == [
        "seen 2 times (CloudTrail, X-Ray), first at a.log:3"
    ]


def test_anyone_is_a_name_of_nothing(shop: App) -> None:
    someone = Sighting("call", "S3 access log", ORDERS, Actor((Named("anyone"),), "anyone"))
    row = next(row for row in shop.every(Row) if row.id != "template/Orders")
    named = App([*shop, replace(row, id="anyone")])

    assert [(each.actor, each.known) for each in seen(named, (someone, ("f", 1, 1)))] == [
        ("anyone", False)
    ]


def test_cells_show_what_people_look_for_and_in_which_field(shop: App) -> None:
    tally = Tally()
    for data in ("pii.email", "public.content", "untrusted.input"):
        tally.add(Sighting("content", "text", ORDERS, data=data, path="customer"), ("f", 1, 1))
    (row,) = (r for r in placed(shop, tally).every(Row) if r.id == "template/Orders")

    assert row.observed == ("pii.email",)
    assert [r.steps[0].text for r in row.seen] == ["seen once (text), first at f:1 in customer"]


def test_files_beyond_the_first_are_counted(shop: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "MOST_LOST", 2)
    tally = Tally()
    for name in ("a", "b", "c", "d"):
        tally.lose(name, "holds no text")
    told = [(each.path, each.reason) for each in placed(shop, tally).every(Unread)]

    assert told == [
        ("a", "holds no text"),
        ("b", "holds no text"),
        ("records", "2 more files have records that could not be read"),
    ]


@pytest.mark.parametrize(
    ("service", "operation", "asked", "named"),
    [
        ("dynamodb", "GetItem", {"tableName": "a"}, [Named("a", "AWS::DynamoDB::Table")]),
        ("dynamodb", "GetItem", {"tableName": "arn:aws:dynamodb:x"}, [Named("arn:aws:dynamodb:x")]),
        ("dynamodb", "BatchGetItem", {"requestItems": {"a": {}}}, [Named("a", "AWS::DynamoDB::Table")]),
        ("events", "PutEvents", {"entries": [{"eventBusName": "b"}]}, [Named("b", "AWS::Events::EventBus")]),
        ("events", "PutEvents", {"entries": 5}, []),
    ],
)  # fmt: skip
def test_members_that_name(
    service: str, operation: str, asked: dict[str, object], named: list[Named]
) -> None:
    assert named_in(service, operation, asked) == named
