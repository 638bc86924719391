"""Which properties of which resources hand content on from one service to another, as data.

Source: the CloudFormation reference of each type, and the services' guides on what is sent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from msgspec import Struct

from checkrein.model import Path

BUCKET = ("AWS::S3::Bucket",)
EVENT = "event"


class Link(Struct, frozen=True):
    """A property that names where content goes to (``at``); of a relay, whence (``of_path``).

    ``part`` of what the source holds goes ``into`` a part of the target; ``only`` keeps targets
    of some types, where others are told that something happened, and not what.
    """

    type: str
    at: str
    verb: str
    of_path: str = ""
    part: str = ""
    into: str = ""
    only: tuple[str, ...] = ()

    @property
    def to(self) -> Path:
        """The path of the property that names the other end; ``*`` is any key or index."""
        return tuple(self.at.split("."))

    @property
    def of(self) -> Path:
        """The path of what a relay takes content from."""
        return tuple(self.of_path.split("."))


_SENT = (  # content goes from the resource to what the path names
    Link("AWS::SQS::Queue", "RedrivePolicy.deadLetterTargetArn", "gives up messages to"),
    Link("AWS::SES::ReceiptRule", "Rule.Actions.*.S3Action.BucketName", "puts mail into"),
    Link(
        "AWS::SES::ReceiptRule",
        "Rule.Actions.*.SNSAction.TopicArn",
        "sends mail to",
        into="content",
    ),
    Link("AWS::DynamoDB::Table", "KinesisStreamSpecification.StreamArn", "streams to"),
    Link(
        "AWS::DynamoDB::GlobalTable",
        "Replicas.*.KinesisStreamSpecification.StreamArn",
        "streams to",
    ),
    Link("AWS::Lambda::Function", "DeadLetterConfig.TargetArn", "gives up events to", part=EVENT),
    Link(
        "AWS::S3::Bucket",
        "ReplicationConfiguration.Rules.*.Destination.Bucket",
        "copies to",
    ),
    Link("AWS::Logs::Destination", "TargetArn", "passes its content on to"),
    Link(
        "AWS::Bedrock::KnowledgeBase",
        "StorageConfiguration.*.CollectionArn",
        "keeps what it learns in",
    ),
    Link(
        "AWS::Bedrock::KnowledgeBase",
        "StorageConfiguration.*.ResourceArn",
        "keeps what it learns in",
    ),
)
_TAKEN = (  # content comes to the resource from what the path names
    Link("AWS::CloudFront::Distribution", "DistributionConfig.Origins.*.DomainName", "serves"),
    Link(
        "AWS::CloudFront::StreamingDistribution",
        "StreamingDistributionConfig.S3Origin.DomainName",
        "serves",
    ),
    Link("AWS::S3::AccessPoint", "Bucket", "serves"),
    Link(
        "AWS::S3ObjectLambda::AccessPoint",
        "ObjectLambdaConfiguration.SupportingAccessPoint",
        "serves",
    ),
    Link("AWS::Events::Archive", "SourceArn", "keeps what comes to"),
    Link("AWS::Kinesis::StreamConsumer", "StreamARN", "reads"),
    Link(
        "AWS::DynamoDB::Table",
        "ImportSourceSpecification.S3BucketSource.S3Bucket",
        "is filled from",
    ),
    *(
        Link(
            "AWS::KinesisAnalyticsV2::Application",
            f"ApplicationConfiguration.SqlApplicationConfiguration.Inputs.*.{kind}.ResourceARN",
            "reads",
        )
        for kind in ("KinesisStreamsInput", "KinesisFirehoseInput")
    ),
)
PASSES = "passes its content on to"
_RELAYS = (  # content goes from what one property names to what another names
    Link("AWS::Logs::SubscriptionFilter", "DestinationArn", PASSES, of_path="LogGroupName"),
    *(
        Link(
            "AWS::Lambda::EventInvokeConfig",
            f"DestinationConfig.{way}.Destination",
            "hands its events on to",
            of_path="FunctionName",
            part=EVENT,
            into="requestPayload",
        )
        for way in ("OnSuccess", "OnFailure")
    ),
    Link(
        "AWS::Lambda::EventInvokeConfig",
        "DestinationConfig.OnSuccess.Destination",
        "hands its answers on to",
        of_path="FunctionName",
        part="@response",
        into="responsePayload",
    ),
    Link(  # queues and topics are told which records failed, a bucket gets them
        "AWS::Lambda::EventSourceMapping",
        "DestinationConfig.OnFailure.Destination",
        PASSES,
        of_path="EventSourceArn",
        only=BUCKET,
    ),
    Link("AWS::QLDB::Stream", "KinesisConfiguration.StreamArn", "streams to", of_path="LedgerName"),
    Link("AWS::RDS::Integration", "TargetArn", "copies to", of_path="SourceArn"),
    Link(
        "AWS::Pinpoint::EventStream", "DestinationStreamArn", "streams to", of_path="ApplicationId"
    ),
    Link(
        "AWS::Bedrock::DataSource",
        "KnowledgeBaseId",
        "is read into",
        of_path="DataSourceConfiguration.S3Configuration.BucketArn",
    ),
    Link(
        "AWS::Kendra::DataSource",
        "IndexId",
        "is read into",
        of_path="DataSourceConfiguration.S3Configuration.BucketName",
    ),
    *(
        Link(
            "AWS::KinesisAnalyticsV2::ApplicationOutput",
            f"Output.{kind}.ResourceARN",
            "writes to",
            of_path="ApplicationName",
        )
        for kind in ("KinesisStreamsOutput", "KinesisFirehoseOutput")
    ),
    Link(
        "AWS::AppFlow::Flow",
        "DestinationFlowConfigList.*.DestinationConnectorProperties.*.BucketName",
        "is copied to",
        of_path="SourceFlowConfig.SourceConnectorProperties.*.BucketName",
    ),
    Link(
        "AWS::B2BI::Capability",
        "Configuration.Edi.OutputLocation.BucketName",
        "is transformed into",
        of_path="Configuration.Edi.InputLocation.BucketName",
    ),
)


def _by_type(links: Iterable[Link]) -> dict[str, tuple[Link, ...]]:
    found: defaultdict[str, list[Link]] = defaultdict(list)
    for link in links:
        found[link.type].append(link)
    return {type: tuple(each) for type, each in found.items()}


SENT, TAKEN, RELAYS = _by_type(_SENT), _by_type(_TAKEN), _by_type(_RELAYS)
