"""Templates that take others in: stack sets, included sections, macros."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from checkrein.checks import load
from checkrein.judge import judge
from checkrein.model import App, Outcome, Resource, Stack, Undecided, Unread
from checkrein.pipeline import scan
from checkrein.read.cloudformation import read_templates

Read = Callable[[dict[str, str]], App]

TOPIC = """
    Parameters: {Called: {Type: String}}
    Resources:
      News: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref Called}}
"""


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def run(files: dict[str, str]) -> App:
        for name, text in files.items():
            (tmp_path / name).write_text(dedent(text))
        return App(read_templates(tmp_path, [name for name in files if name != "part.yaml"]))

    return run


def named(app: App, id: str) -> Resource:
    found = app.get(Resource, id)
    assert found
    return found


def test_a_stack_set_of_a_template_that_is_here_is_read_with_what_it_is_given(read: Read) -> None:
    everywhere = """
        Resources:
          Everywhere:
            Type: AWS::CloudFormation::StackSet
            Properties:
              StackSetName: everywhere
              TemplateURL: !Sub https://bucket.s3.amazonaws.com/${AWS::Region}/news.yaml
              Parameters: [{ParameterKey: Called, ParameterValue: all-news}]
    """
    app = read({"news.yaml": TOPIC, "all.yaml": everywhere})

    assert named(app, "all/Everywhere/News")["TopicName"] == "all-news"
    assert [stack.id for stack in app.every(Stack)] == ["all", "all/Everywhere"]


def test_a_stack_set_may_hold_its_template_as_text(read: Read) -> None:
    everywhere = """
        Resources:
          Everywhere:
            Type: AWS::CloudFormation::StackSet
            Properties:
              StackSetName: everywhere
              TemplateBody: |
                Resources:
                  News: {Type: AWS::SNS::Topic, Properties: {TopicName: all-news}}
    """
    app = read({"all.yaml": everywhere})

    news = named(app, "all/Everywhere/News")
    assert (news["TopicName"], news.place.path, news.place.line) == ("all-news", "all.yaml", 7)
    assert not app.every(Unread)


@pytest.mark.parametrize(
    "taking",
    [
        "Transform: {Name: AWS::Include, Parameters: {Location: part.yaml}}\nResources: {}",
        "Resources:\n  Fn::Transform: {Name: AWS::Include, Parameters: {Location: part.yaml}}",
    ],
)
def test_whole_sections_may_be_taken_in(taking: str, read: Read) -> None:
    part = "\n\nNews: {Type: AWS::SNS::Topic, Properties: {TopicName: news}}\n"
    if taking.startswith("Transform"):
        part = "Resources:\n\n  News: {Type: AWS::SNS::Topic, Properties: {TopicName: news}}\n"
    head = "AWSTemplateFormatVersion: 2010-09-09\n"
    other = "\n  Own: {Type: AWS::SQS::Queue}" if "Fn" in taking else ""
    app = read({"all.yaml": head + taking + other, "part.yaml": part})

    news = named(app, "all/News")
    where = news.where("TopicName")
    assert (news["TopicName"], where.path, where.line) == ("news", "part.yaml", 3)
    assert (news.place.path, news.place.line) == ("part.yaml", 3)


def test_what_stands_beside_a_macro_may_be_changed_by_it(read: Read) -> None:
    app = read(
        {
            "all.yaml": """
                Resources:
                  Own:
                    Type: AWS::SQS::Queue
                    Properties:
                      Fn::Transform: {Name: Guard}
                      QueueName: jobs
                      RedrivePolicy: {Fn::Transform: {Name: Redrive}, maxReceiveCount: 3}
            """
        }
    )

    own = named(app, "all/Own")
    assert own["QueueName"] == "jobs"
    for absent in ("KmsMasterKeyId", "RedrivePolicy.maxReceiveCount"):
        with pytest.raises(Undecided, match="what the macro"):
            own[absent]


def test_what_a_macro_may_change_is_not_certain(tmp_path: Path) -> None:
    template = "Resources: {Box: {Type: AWS::S3::Bucket, Properties: {AccessControl: PublicRead}}}"

    def sure(head: str) -> set[tuple[str, str]]:
        (tmp_path / "all.yaml").write_text(head + template)
        verdicts = judge(scan([tmp_path]).app, load())
        failed = [each for each in verdicts if each.outcome is Outcome.FAIL]
        assert failed
        return {(each.confidence, str("macro Guard may change" in each.reason)) for each in failed}

    assert sure("Transform: Guard\n") == {("likely", "True")}
    assert ("certain", "False") in sure("")
