"""Rights, steps and needs that are remembered are those that would be found, whatever changes."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from checkrein.cache import VARIABLE, Cache, Memory
from checkrein.derive import derive
from checkrein.derive.access import identities, needed, reach, remembered
from checkrein.derive.access.grounds import grounds
from checkrein.derive.stacks.deployments import join
from checkrein.derive.stacks.directory import Directory
from checkrein.model import Access, App, Decision, Escalation, Fact, Grant, Identity, Need
from checkrein.pipeline.reading import read

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders: {Type: AWS::DynamoDB::Table}
  Photos: {Type: AWS::S3::Bucket}
  Copy:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src
      Handler: app.handler
      Runtime: python3.12
      Environment: {Variables: {PHOTOS: !Ref Photos}}
      Policies: [{Statement: [{Effect: EFFECT, Action: ACTION, Resource: "*"}]}]
      Events: {New: {Type: S3, Properties: {Bucket: !Ref Photos, Events: EVENT}}}
  Admin:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: "def handler(event, context): pass"
      Handler: index.handler
      Runtime: python3.12
      Policies: [{Statement: [{Effect: Allow, Action: ["iam:*", "lambda:*", "s3:*"], Resource: "*"}]}]
"""
CODE = """
import os, boto3
def handler(event, context):
    REMARK
    boto3.client("s3").OPERATION(Bucket=os.environ["PHOTOS"], Key=event["key"])
    queue = boto3.client("sqs").get_queue_url(QueueName="QUEUE")["QueueUrl"]
    boto3.client("sqs").send_message(QueueUrl=queue, MessageBody="done")
"""
CHANGES = st.fixed_dictionaries({
    "EFFECT": st.sampled_from(["Allow", "Deny"]),
    "ACTION": st.sampled_from(["s3:GetObject", "s3:*", "dynamodb:PutItem"]),
    "EVENT": st.sampled_from(["s3:ObjectCreated:*", "s3:ObjectRemoved:*"]),
    "REMARK": st.sampled_from(["pass", "# why\n    pass", "print(event)"]),
    "OPERATION": st.sampled_from(["get_object", "put_object", "delete_object"]),
    "QUEUE": st.sampled_from(["copies", "others"]),
})  # fmt: skip


FIRST = {
    "EFFECT": "Allow",
    "ACTION": "s3:GetObject",
    "EVENT": "s3:ObjectCreated:*",
    "REMARK": "pass",
    "OPERATION": "get_object",
    "QUEUE": "copies",
}


def facts(root: Path, change: dict[str, str]) -> list[Fact]:
    template, code = TEMPLATE, CODE
    for name, value in change.items():
        template, code = template.replace(name, value), code.replace(name, value)
    (root / "src").mkdir(exist_ok=True)
    (root / "template.yaml").write_text(template)
    (root / "src" / "app.py").write_text(code)
    return read([root], lambda _: None, lambda folder: Cache(folder, wanted=False)).facts


@settings(max_examples=12, deadline=None)
@given(st.lists(CHANGES, min_size=2, max_size=4))
def test_what_is_remembered_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, changes: list[dict[str, str]]
) -> None:
    root = tmp_path_factory.mktemp("app")
    memory = Memory()
    for change in changes:
        found = facts(root, change)
        assert list(derive(App(found), memory)) == list(derive(App(found)))


def test_grounds_are_all_that_rights_follow_from(tmp_path: Path) -> None:
    found = facts(tmp_path, FIRST)
    joined = join(App(found))
    directory = Directory(joined.resources, joined.of_stack)
    said = Decision(id="d", evidence=(), kind="name", subject="email")
    less = Directory(joined.resources[1:], joined.of_stack)
    told = [
        grounds(directory, joined, (), Memory()),
        grounds(directory, joined, [said], Memory()),
        grounds(less, joined, (), Memory()),
        grounds(directory, replace(joined, of_stack={}), (), Memory()),
    ]

    assert len({each.whole for each in told if each}) == len(told)
    assert grounds(directory, joined, (), None) is None


def test_what_rests_on_a_crash_is_not_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = facts(tmp_path, FIRST)
    memory = Memory()
    with monkeypatch.context() as broken:
        broken.setattr(identities, "statements", lambda _: 1 / 0)
        lost = derive(App(found), memory)

    whole = derive(App(found))
    assert len(lost.every(Grant)) < len(whole.every(Grant))
    assert list(derive(App(found), memory)) == list(whole)


OTHER = """
Resources:
  Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: NAME}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]}
      Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: "s3:GetObject", Resource: "*"}]}}]
  Reader: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt Role.Arn, Code: {ZipFile: ""}, Handler: index.handler, Runtime: python3.12}}
"""


STORED = "{{resolve:ssm:/name}}"


@pytest.mark.parametrize(
    ("before", "after", "anew"),
    [("one", "two", {"left"}), (STORED, STORED, set()), ("one", STORED, {"left", "right"})],
)
def test_what_another_application_declares_counts_where_both_speak_of_the_same_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str, after: str, anew: set[str]
) -> None:
    asked: set[str] = set()
    original = reach.Reach.access

    def access(
        self: reach.Reach, people: Iterable[Identity], within: Collection[str] | None = None
    ) -> Iterator[Access]:
        asked.update(each.partition("/")[0] for each in within or ())
        yield from original(self, people, within)

    monkeypatch.setattr(reach.Reach, "access", access)
    memory = Memory()
    for folder in ("left", "right"):
        (tmp_path / folder).mkdir()
    text = OTHER.replace("NAME", "three").replace('"*"', f'"arn:aws:s3:::{STORED}/*"')
    (tmp_path / "right" / "template.yaml").write_text(text)
    for name in (before, after):
        asked.clear()
        text = OTHER.replace("NAME", f'"{name}"')
        (tmp_path / "left" / "template.yaml").write_text(text)
        found = read([tmp_path], lambda _: None, lambda folder: Cache(folder, wanted=False)).facts
        app = derive(App(found), memory)
        assert list(app) == list(derive(App(found)))

    assert asked == anew


def test_it_lasts_in_a_file_and_counts_where_only_code_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "own"))
    root = tmp_path / "app"
    root.mkdir()
    asked: list[object] = []
    original = reach.Reach.access

    def access(
        self: reach.Reach, people: Iterable[Identity], within: Container[str] | None = None
    ) -> Iterator[Access]:
        asked.append(people)
        yield from original(self, people, within)

    monkeypatch.setattr(reach.Reach, "access", access)
    counts = []
    for change in (FIRST, FIRST | {"REMARK": "print(event)"}, FIRST | {"ACTION": "s3:*"}):
        found = facts(root, change)
        memory = Cache(root, judged=True)
        app = derive(App(found), memory)
        memory.save()
        counts.append(len(asked))
        for kind in (Access, Escalation, Need):
            assert app.every(kind) == derive(App(found)).every(kind)
        asked.clear()

    assert counts == [1, 0, 1]


def test_needs_are_those_of_requests_however_they_are_numbered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    original = needed._Making.needs

    def needs(self: needed._Making, function: str) -> list[Need]:
        asked.append(function)
        return original(self, function)

    monkeypatch.setattr(needed._Making, "needs", needs)
    memory = Memory()
    logged, moved = {"REMARK": "print(event)"}, {"OPERATION": "put_object"}
    lower = {"REMARK": "# why\n    print(event)"}
    counts = []
    for change in (
        FIRST,
        FIRST | logged,
        FIRST | lower,
        FIRST | logged | moved,
        FIRST | {"ACTION": "s3:*"},
    ):
        found = facts(tmp_path, change)
        app = derive(App(found), memory)
        counts.append(asked.copy())
        asked.clear()
        assert app.every(Need) == derive(App(found)).every(Need)
        asked.clear()

    every = ["template/Copy", "template/Admin"]
    assert [sorted(each) for each in counts] == [
        sorted(every),
        [],
        [],
        ["template/Copy"],
        sorted(every),
    ]


READER = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Setting: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: x}}
  Reader:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src
      Handler: app.handler
      Runtime: python3.12
      Environment: {Variables: {SETTING: !Ref Setting}}
  Writer:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: "def handler(event, context): pass"
      Handler: index.handler
      Runtime: python3.12
      Policies: [{Statement: [{Effect: Allow, Action: "ssm:PutParameter", Resource: "*"}]}]
"""


def test_steps_follow_from_what_code_reads(tmp_path: Path) -> None:
    memory = Memory()
    steps = []
    for line in ("pass", "boto3.client('ssm').get_parameter(Name=os.environ['SETTING'])", "pass"):
        (tmp_path / "src").mkdir(exist_ok=True)
        (tmp_path / "template.yaml").write_text(READER)
        code = f"import os, boto3\ndef handler(event, context):\n    {line}\n"
        (tmp_path / "src" / "app.py").write_text(code)
        found = read([tmp_path], lambda _: None, lambda folder: Cache(folder, wanted=False)).facts
        steps.append([each.rule for each in derive(App(found), memory).every(Escalation)])

    assert steps == [[], ["write-parameter"], []]


def test_steps_stand_where_what_code_reads_only_stands_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory, found = Memory(), []
    (tmp_path / "src").mkdir()
    (tmp_path / "template.yaml").write_text(READER)
    asked = "boto3.client('ssm').get_parameter(Name=os.environ['SETTING'])"
    for number, log in enumerate(("", "    print(event['one'])\n")):
        code = f"import os, boto3\ndef handler(event, context):\n{log}    {asked}\n"
        (tmp_path / "src" / "app.py").write_text(code)
        facts = read([tmp_path], lambda _: None, lambda folder: Cache(folder, wanted=False)).facts
        anew = derive(App(facts)).every(Escalation)
        if number:
            monkeypatch.setattr(remembered, "_steps", None)
        found.append(derive(App(facts), memory).every(Escalation))
        assert found[-1] == anew

    assert [each[0].evidence[-1].place.line for each in found] == [3, 4]
