"""What rules of IoT and of mail, streams and filters hand over, as it comes."""

from collections.abc import Callable

import pytest

from checkrein.model import App, Flow

Scan = Callable[[dict[str, str]], App]

SCENE = """
Resources:
  Files: {Type: AWS::S3::Bucket}
  Items: {Type: AWS::DynamoDB::Table}
  Mail: {Type: AWS::SQS::Queue}
  Domain: {Type: AWS::OpenSearchService::Domain}
  Log: {Type: AWS::Logs::LogGroup}
  Stream: {Type: AWS::Kinesis::Stream}
"""


@pytest.mark.parametrize(
    ("resource", "moved"),
    [
        pytest.param(
            "{Type: AWS::IoT::TopicRule, Properties: {TopicRulePayload: {Sql: \"SELECT * FROM 'a'\","
            " Actions: [{S3: {BucketName: !Ref Files}}, {DynamoDBv2: {PutItem: {TableName: !Ref Items}}},"
            " {Sqs: {QueueUrl: !Ref Mail}}]}}}",
            [("app/It", "app/Files"), ("app/It", "app/Items"), ("app/It", "app/Mail")],
            id="a rule of IoT",
        ),
        pytest.param(
            "{Type: AWS::SES::ReceiptRule, Properties: {Rule: {Actions: [{S3Action: {BucketName: !Ref Files}}]}}}",
            [("app/It", "app/Files")],
            id="mail",
        ),
        pytest.param(
            "{Type: AWS::KinesisFirehose::DeliveryStream, Properties:"
            " {AmazonopensearchserviceDestinationConfiguration: {DomainARN: !GetAtt Domain.Arn}}}",
            [("app/It", "app/Domain")],
            id="a search domain",
        ),
        pytest.param(
            "{Type: AWS::Logs::SubscriptionFilter, Properties: {LogGroupName: !Ref Log, DestinationArn: !GetAtt Stream.Arn}}",
            [("app/Log", "app/Stream")],
            id="a log",
        ),
    ],
)  # fmt: skip
def test_what_is_handed_over(derived: Scan, resource: str, moved: list[tuple[str, str]]) -> None:
    app = derived({"app.yaml": f"{SCENE}  It: {resource}\n"})
    found = {(f.source.node, f.target.node) for f in app.every(Flow) if f.via == "app/It"}
    assert found == set(moved)
