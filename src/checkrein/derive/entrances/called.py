"""Ways into functions that services call for something of their own: to transform, to act.

Source: the CloudFormation reference of each type, and the services' guides on how they invoke.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from checkrein.derive.entrances.authorizers import FUNCTION
from checkrein.derive.entrances.entry import entry
from checkrein.derive.stacks.directory import Directory
from checkrein.model import Entry, Resource
from checkrein.model.values import parts_at

FIREHOSE, MAIL, IOT = "firehose.amazonaws.com", "ses.amazonaws.com", "iot.amazonaws.com"
TRANSFER, BEDROCK = "transfer.amazonaws.com", "bedrock.amazonaws.com"


class Calling(Struct, frozen=True):
    """A property of a type that names a function, as whom it is called, and how.

    ``of`` is the property that names where what it gets comes from, the resource itself if empty;
    ``waits`` tells whether the caller waits for the answer.
    """

    at: str
    identity: str
    kind: str = "event"
    of: str = ""
    waits: bool = True


ACTIONS = "TopicRulePayload.Actions.*.Lambda.FunctionArn"
ON_ERROR = "TopicRulePayload.ErrorAction.Lambda.FunctionArn"
PROCESSOR = "ProcessingConfiguration.Processors.*.Parameters.*.ParameterValue"
CALLING: dict[str, tuple[Calling, ...]] = {
    "AWS::KinesisFirehose::DeliveryStream": (Calling(f"*.{PROCESSOR}", FIREHOSE),),
    "AWS::SES::ReceiptRule": (
        Calling("Rule.Actions.*.LambdaAction.FunctionArn", MAIL, waits=False),
    ),
    "AWS::IoT::TopicRule": (
        Calling(ACTIONS, IOT, "topic", waits=False),
        Calling(ON_ERROR, IOT, "topic", waits=False),
        Calling("TopicRulePayload.Sql", IOT, "topic"),
    ),
    "AWS::S3ObjectLambda::AccessPoint": (
        Calling(
            "ObjectLambdaConfiguration.TransformationConfigurations.*.ContentTransformation"
            ".AwsLambda.FunctionArn",
            "iam",
        ),
    ),
    "AWS::Lambda::EventInvokeConfig": (
        Calling(
            "DestinationConfig.*.Destination",
            "lambda.amazonaws.com",
            of="FunctionName",
            waits=False,
        ),
    ),
    "AWS::Transfer::Workflow": (
        Calling("Steps.*.CustomStepDetails.Target", TRANSFER),
        Calling("OnExceptionSteps.*.CustomStepDetails.Target", TRANSFER),
    ),
    "AWS::Bedrock::Agent": (Calling("ActionGroups.*.ActionGroupExecutor.Lambda", BEDROCK),),
    "AWS::BedrockAgentCore::GatewayTarget": (
        Calling("TargetConfiguration.Mcp.Lambda.LambdaArn", "bedrock-agentcore.amazonaws.com"),
    ),
    "AWS::CloudWatch::Alarm": (
        Calling("AlarmActions.*", "lambda.alarms.cloudwatch.amazonaws.com", waits=False),
        Calling("OKActions.*", "lambda.alarms.cloudwatch.amazonaws.com", waits=False),
    ),
    "AWS::VpcLattice::TargetGroup": (
        Calling("Targets.*.Id", "vpc-lattice.amazonaws.com", "internal"),
    ),
}


def called(directory: Directory, resource: Resource) -> Iterator[Entry]:
    """Yield the ways in that a resource opens by having its service call functions."""
    deployment = directory.deployment(resource.id)
    for calling in CALLING.get(resource.type, ()):
        for at, value in parts_at(resource.properties, tuple(calling.at.split("."))):
            for function in directory.find(value, deployment, FUNCTION):
                named = directory.find(resource.value(calling.of), deployment) if calling.of else ()
                for origin in named or (resource.id,):
                    yield entry(
                        function, calling.kind, calling.identity, resource, at=at, origin=origin,
                        asynchronous=not calling.waits,
                    )  # fmt: skip
