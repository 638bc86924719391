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
