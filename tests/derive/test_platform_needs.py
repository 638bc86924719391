"""What the platform does with a function's role: its template says so, whatever the code does."""

from collections.abc import Callable
from textwrap import indent

import pytest

from checkrein.model import App, Need

Scan = Callable[[dict[str, str]], App]

TEMPLATE = """
Resources:
  Jobs: {Type: AWS::SQS::Queue}
  Sealed: {Type: AWS::SQS::Queue, Properties: {KmsMasterKeyId: !GetAtt Key.Arn}}
  Key: {Type: AWS::KMS::Key}
  News: {Type: AWS::SNS::Topic}
  Files: {Type: AWS::S3::Bucket}
  Orders: {Type: AWS::DynamoDB::Table, Properties: {StreamSpecification: {StreamViewType: KEYS_ONLY}}}
  System: {Type: AWS::EFS::FileSystem}
  Point: {Type: AWS::EFS::AccessPoint, Properties: {FileSystemId: !Ref System}}
  Secret: {Type: AWS::SecretsManager::Secret}
  Work:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: java21
      Handler: app.Handler
      Role: arn:aws:iam::111122223333:role/worker
      Code: {S3Bucket: b, S3Key: k}
"""
HERE = "${@aws.Region}:${@aws.AccountId}"
ARN = "arn:${@aws.Partition}"
LOG = f"{ARN}:logs:{HERE}:log-group:/aws/lambda/${{app/Work.Ref}}"


def needs(derived: Scan, properties: str = "", resources: str = "") -> list[Need]:
    text = TEMPLATE + indent(properties, " " * 6) + "\n" + indent(resources, "  ")
    return [need for need in derived({"app.yaml": text}).every(Need) if need.needed]


def shown(found: list[Need], cause: str) -> list[tuple[str, str]]:
    return sorted((n.action, str(arn)) for n in found if n.cause == cause for arn in n.arns)


def test_a_function_writes_its_log_and_makes_the_group_where_no_template_does(
    derived: Scan,
) -> None:
    assert shown(needs(derived), "log") == [
        ("logs:CreateLogGroup", LOG),
        ("logs:CreateLogGroup", f"{LOG}:*"),
        ("logs:CreateLogStream", f"{LOG}:*"),
        ("logs:PutLogEvents", f"{LOG}:*"),
    ]


def test_a_declared_log_group_is_not_made(derived: Scan) -> None:
    group = (
        "Trail: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Sub '/aws/lambda/${Work}'}}"
    )

    assert shown(needs(derived, resources=group), "log") == [
        ("logs:CreateLogStream", "${app/Trail.Arn}"),
        ("logs:PutLogEvents", "${app/Trail.Arn}"),
    ]


@pytest.mark.parametrize(
    ("properties", "cause", "expected"),
    [
        pytest.param(
            "TracingConfig: {Mode: Active}",
            "trace",
            [("xray:PutTelemetryRecords", "*"), ("xray:PutTraceSegments", "*")],
            id="traces",
        ),
        pytest.param("TracingConfig: {Mode: PassThrough}", "trace", [], id="no traces"),
        pytest.param(
            "DeadLetterConfig: {TargetArn: !GetAtt Jobs.Arn}",
            "delivery",
            [("sqs:SendMessage", "${app/Jobs.Arn}")],
            id="a queue for failures",
        ),
        pytest.param(
            "DeadLetterConfig: {TargetArn: !Ref News}",
            "delivery",
            [("sns:Publish", "${app/News.Ref}")],
            id="a topic for failures",
        ),
        pytest.param(
            "KmsKeyArn: !GetAtt Key.Arn",
            "environment",
            [("kms:Decrypt", "${app/Key.Arn}")],
            id="an environment with a key of its own",
        ),
        pytest.param(
            "FileSystemConfigs: [{Arn: !GetAtt Point.Arn, LocalMountPath: /mnt/a}]",
            "files",
            [
                (f"elasticfilesystem:Client{verb}", f"{ARN}:elasticfilesystem:{HERE}:{of}")
                for verb in ("Mount", "Write")
                for of in ("file-system/${app/System.Ref}",)
            ],
            id="a file system",
        ),
    ],
)
def test_a_setting_asks_for_rights(
    derived: Scan, properties: str, cause: str, expected: list[tuple[str, str]]
) -> None:
    assert shown(needs(derived, properties), cause) == expected


def test_a_network_asks_for_interfaces(derived: Scan) -> None:
    found = shown(needs(derived, "VpcConfig: {SubnetIds: [s], SecurityGroupIds: [g]}"), "network")

    assert ("ec2:CreateNetworkInterface", "*") in found
    assert len(found) == 6


POLLED = [
    pytest.param(
        "!GetAtt Jobs.Arn",
        [
            ("sqs:DeleteMessage", "${app/Jobs.Arn}"),
            ("sqs:GetQueueAttributes", "${app/Jobs.Arn}"),
            ("sqs:ReceiveMessage", "${app/Jobs.Arn}"),
        ],
        id="a queue",
    ),
    pytest.param(
        "!GetAtt Orders.StreamArn",
        [
            ("dynamodb:DescribeStream", "${app/Orders.StreamArn}"),
            ("dynamodb:GetRecords", "${app/Orders.StreamArn}"),
            ("dynamodb:GetShardIterator", "${app/Orders.StreamArn}"),
            ("dynamodb:ListStreams", "*"),
        ],
        id="a table's stream",
    ),
    pytest.param(
        "arn:aws:sqs:eu-west-1:111122223333:far",
        [
            ("sqs:DeleteMessage", f"{ARN}:sqs:eu-west-1:111122223333:far"),
            ("sqs:GetQueueAttributes", f"{ARN}:sqs:eu-west-1:111122223333:far"),
            ("sqs:ReceiveMessage", f"{ARN}:sqs:eu-west-1:111122223333:far"),
        ],
        id="a queue outside the app",
    ),
]


@pytest.mark.parametrize(("source", "expected"), POLLED)
def test_polling_asks_for_rights_on_the_source(
    derived: Scan, source: str, expected: list[tuple[str, str]]
) -> None:
    mapping = (
        "Mapping: {Type: AWS::Lambda::EventSourceMapping, "
        f"Properties: {{FunctionName: !Ref Work, EventSourceArn: {source}}}}}"
    )

    assert shown(needs(derived, resources=mapping), "trigger") == expected


def test_polling_a_sealed_queue_asks_for_its_key(derived: Scan) -> None:
    mapping = (
        "Mapping: {Type: AWS::Lambda::EventSourceMapping, "
        "Properties: {FunctionName: !Ref Work, EventSourceArn: !GetAtt Sealed.Arn}}"
    )

    assert shown(needs(derived, resources=mapping), "forwarded") == [
        ("kms:Decrypt", "${app/Key.Arn}")
    ]


def test_a_broker_is_polled_from_its_network_with_a_secret(derived: Scan) -> None:
    mapping = """\
Broker: {Type: AWS::AmazonMQ::Broker}
Mapping:
  Type: AWS::Lambda::EventSourceMapping
  Properties:
    FunctionName: !Ref Work
    EventSourceArn: !GetAtt Broker.Arn
    SourceAccessConfigurations: [{Type: BASIC_AUTH, URI: !Ref Secret}]
"""
    found = shown(needs(derived, resources=mapping), "trigger")

    assert ("mq:DescribeBroker", "${app/Broker.Arn}") in found
    assert ("secretsmanager:GetSecretValue", "${app/Secret.Ref}") in found
    assert ("ec2:DescribeSecurityGroups", "*") in found


def test_a_secret_of_another_stack_is_read_for_a_cluster(derived: Scan) -> None:
    mapping = """\
Mapping:
  Type: AWS::Lambda::EventSourceMapping
  Properties:
    FunctionName: !Ref Work
    EventSourceArn: arn:aws:kafka:eu-west-1:111122223333:cluster/orders/1
    Topics: [orders]
    SourceAccessConfigurations:
      - {Type: SASL_SCRAM_512_AUTH, URI: !Ref Login}
      - {Type: VPC_SUBNET, URI: !Ref Net}
"""
    parameters = "Parameters: {Login: {Type: String}, Net: {Type: String}}\n"
    text = parameters + TEMPLATE + indent(mapping, "  ")
    all_needs = [need for need in derived({"app.yaml": text}).every(Need) if need.needed]
    found = shown(all_needs, "trigger")

    assert [what for what, _ in found].count("secretsmanager:GetSecretValue") == 1


def test_results_are_handed_on(derived: Scan) -> None:
    invoke = """\
Invoke:
  Type: AWS::Lambda::EventInvokeConfig
  Properties:
    FunctionName: !Ref Work
    Qualifier: $LATEST
    DestinationConfig:
      OnFailure: {Destination: !GetAtt Files.Arn}
      OnSuccess: {Destination: !Ref News}
"""
    assert shown(needs(derived, resources=invoke), "delivery") == [
        ("s3:ListBucket", "${app/Files.Arn}"),
        ("s3:PutObject", "${app/Files.Arn}/*"),
        ("sns:Publish", "${app/News.Ref}"),
    ]
