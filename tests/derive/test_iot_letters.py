"""Letters of a rule's own that symbols are written as do no harm."""

from pathlib import Path

import pytest

from checkrein.model import Flow
from checkrein.pipeline import scan

RULE = """
Resources:
  Rule:
    Type: AWS::IoT::TopicRule
    Properties:
      TopicRulePayload:
        Sql: SELECT get_secret('NAME', 'SecretString', 'k', 'arn:role') AS k, email FROM 'a'
        Actions: [{Sqs: {QueueUrl: !Ref Queue, RoleArn: 'arn:aws:iam::111122223333:role/r'}}]
  Queue: {Type: AWS::SQS::Queue}
"""


@pytest.mark.parametrize("name", ["\ue000", "\ue005", "\uff46", "\U0001f511"])
def test_a_name_of_letters_beyond_those_for_symbols_means_nothing(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "template.yaml").write_text(RULE.replace("NAME", name))
    flows = {str(flow.source.path) for flow in scan((tmp_path,)).app.every(Flow)}
    assert "email" in flows


SEVERAL = """
Resources:
  Rule:
    Type: AWS::IoT::TopicRule
    Properties:
      TopicRulePayload:
        Sql: !Sub >-
          SELECT get_dynamodb('${First}', 'id', id, 'arn:role').a AS one,
          get_dynamodb('${Second}', 'id', id, 'arn:role').b AS two FROM 'a'
        Actions: [{Sqs: {QueueUrl: !Ref Queue, RoleArn: 'arn:aws:iam::111122223333:role/r'}}]
  Queue: {Type: AWS::SQS::Queue}
  First: {Type: AWS::DynamoDB::Table, Properties: {KeySchema: [{AttributeName: id, KeyType: HASH}]}}
  Second: {Type: AWS::DynamoDB::Table, Properties: {KeySchema: [{AttributeName: id, KeyType: HASH}]}}
"""


def test_of_several_symbols_each_means_its_own(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(SEVERAL)
    flows = scan((tmp_path,)).app.every(Flow)
    found = {
        (flow.source.node, flow.source.path, flow.target.path)
        for flow in flows
        if flow.source.node in ("template/First", "template/Second")
    }
    assert found == {("template/First", "a", "one"), ("template/Second", "b", "two")}
