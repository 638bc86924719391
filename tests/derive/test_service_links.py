"""What services hand on to others by themselves: rules of IoT, delivery streams, subscriptions."""

from collections.abc import Callable

import pytest

from checkrein.model import App, Entry, Flow, Integration, Row

Scan = Callable[[dict[str, str]], App]

WORK = """
  Work:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/worker
      Code: {ZipFile: "def handler(event, context): return {'records': [{'data': {'city': event['records'][0]['data']['city']}}]}"}
"""


def moved(app: App, via: str) -> list[tuple[str, str]]:
    found = [flow for flow in app.every(Flow) if flow.via == f"app/{via}"]
    ends = [(flow.source, flow.target) for flow in found]
    return sorted(
        tuple(f"{slot.node.removeprefix('app/')} {slot.path}".strip() for slot in pair)  # type: ignore[misc]
        for pair in ends
    )


IOT = """
Resources:
  People: {Type: AWS::DynamoDB::Table, Properties: {TableName: people}}
  Store: {Type: AWS::DynamoDB::Table}
  Queue: {Type: AWS::SQS::Queue}
  Bucket: {Type: AWS::S3::Bucket}
  Rule:
    Type: AWS::IoT::TopicRule
    Properties:
      TopicRulePayload:
        Sql: "SELECT owner.email AS to, topic(2) AS device, get_dynamodb('people', 'id', clientid(), 'r').phone AS tel FROM 'in/+' WHERE owner.card > 1"
        Actions:
          - DynamoDB: {TableName: !Ref Store, HashKeyField: id, HashKeyValue: "${owner.id}", PayloadField: data}
          - Sqs: {QueueUrl: !Ref Queue}
          - Lambda: {FunctionArn: !GetAtt Work.Arn}
          - Http: {Url: "https://hooks.example.com/in", Headers: [{Key: x, Value: "${owner.name}"}]}
          - Republish: {Topic: "out/${topic(2)}"}
        ErrorAction: {S3: {BucketName: !Ref Bucket, Key: "failed/${owner.id}"}}
  Out:
    Type: AWS::IoT::TopicRule
    Properties: {TopicRulePayload: {Sql: "SELECT * FROM 'out/#'", Actions: [{S3: {BucketName: !Ref Bucket, Key: k}}]}}
  Other:
    Type: AWS::IoT::TopicRule
    Properties: {TopicRulePayload: {Sql: "SELECT * FROM 'in/out/#'", Actions: []}}
"""


def test_an_iot_rule_hands_on_what_it_selects(derived: Scan) -> None:
    app = derived({"app.yaml": IOT + WORK})
    assert moved(app, "Rule") == sorted([
        *(
            (source, f"{target} {at}".strip())
            for target, base in (
                ("Store", "data."), ("Queue", ""), ("Work", "event."), ("Out", ""),
                ("host:hooks.example.com", "body."),
            )
            for source, at in (("Rule owner.email", f"{base}to"), ("People phone", f"{base}tel"))
        ),
        ("Rule owner.id", "Store id"),
        ("Rule owner.id", "Bucket key"),
        ("Rule owner.name", "host:hooks.example.com headers.x"),
        ("Rule", "Bucket base64OriginalPayload"),
    ])  # fmt: skip
    assert moved(app, "Out") == [("Out", "Bucket")]
    coded = {row.id.removeprefix("app/"): row.coded for row in app.every(Row)}
    assert coded["Queue"] == ("pii.email", "pii.phone")


FIREHOSE = """
Resources:
  Source: {{Type: AWS::Kinesis::Stream, Properties: {{ShardCount: 1}}}}
  Bucket: {{Type: AWS::S3::Bucket}}
  Raw: {{Type: AWS::S3::Bucket}}
  Schema:
    Type: AWS::Glue::Table
    Properties:
      CatalogId: "1"
      DatabaseName: d
      TableInput: {{Name: t, StorageDescriptor: {{Columns: [{{Name: email, Type: string}}, {{Name: city, Type: string}}]}}}}
  Stream:
    Type: AWS::KinesisFirehose::DeliveryStream
    Properties:
      KinesisStreamSourceConfiguration: {{KinesisStreamARN: !GetAtt Source.Arn, RoleARN: r}}
      ExtendedS3DestinationConfiguration:
        BucketARN: !GetAtt Bucket.Arn
        RoleARN: r
        {more}
"""
PROCESSING = (
    "ProcessingConfiguration: {{Enabled: {on}, Processors: [{{Type: Lambda, Parameters:"
    " [{{ParameterName: LambdaArn, ParameterValue: !GetAtt Work.Arn}}]}}]}}"
)
WHOLE = ("Stream", "Bucket")


@pytest.mark.parametrize(
    ("more", "flows"),
    [
        pytest.param("Prefix: x", [WHOLE], id="as it comes"),
        pytest.param(
            PROCESSING.format(on="true"),
            [WHOLE, ("Work@response records[].data", "Bucket")],
            id="a function transforms it",
        ),
        pytest.param(PROCESSING.format(on="false"), [WHOLE], id="a function that is switched off"),
        pytest.param(
            "DataFormatConversionConfiguration: {Enabled: true, SchemaConfiguration: {TableName: !Ref Schema}}",
            [WHOLE, ("Stream city", "Bucket city"), ("Stream email", "Bucket email")],
            id="conversion to columns",
        ),
        pytest.param(
            "ProcessingConfiguration: {Enabled: true, Processors: [{Type: MetadataExtraction, Parameters:"
            " [{ParameterName: MetadataExtractionQuery, ParameterValue: '{who: .user.email}'}]}]}",
            [WHOLE, ("Stream user.email", "Bucket key.who")],
            id="dynamic partitions",
        ),
        pytest.param(
            "S3BackupMode: Enabled\n        S3BackupConfiguration: {BucketARN: !GetAtt Raw.Arn, RoleARN: r}",
            [WHOLE, ("Stream", "Raw")],
            id="a backup of all",
        ),
    ],
)
def test_what_a_delivery_stream_hands_on(
    derived: Scan, more: str, flows: list[tuple[str, str]]
) -> None:
    app = derived({"app.yaml": FIREHOSE.format(more=more) + WORK})
    assert moved(app, "Stream") == sorted([("Source", "Stream"), *flows])


def test_what_a_transforming_function_leaves_out_is_not_seen_in_the_bucket(derived: Scan) -> None:
    text = FIREHOSE.format(more=PROCESSING.format(on="true")) + WORK
    sender = WORK.replace("Work", "Send").split("ZipFile")[0] + (
        "ZipFile: \"import boto3\\ndef handler(event, context): boto3.client('firehose').put_record("
        "DeliveryStreamName='s', Record={'Data': {'email': event['email'], 'city': event['city']}})\"}\n"
    )
    text = text.replace(
        "    Properties:\n      KinesisStreamSource",
        "    Properties:\n      DeliveryStreamName: s\n      KinesisStreamSource",
    )
    app = derived({"app.yaml": text + sender})
    row = app.get(Row, "app/Bucket")
    [entry] = [e for e in app.every(Entry) if e.function == "app/Work"]
    assert row
    assert "pii.email" not in row.coded
    assert "pii.email" in row.potential  # records that the function fails
    assert (entry.source, entry.identity) == ("app/Stream", "firehose.amazonaws.com")


LINKS = """
Resources:
  Topic: {Type: AWS::SNS::Topic}
  Queue: {Type: AWS::SQS::Queue}
  Dead: {Type: AWS::SQS::Queue}
  Table: {Type: AWS::DynamoDB::Table, Properties: {StreamSpecification: {StreamViewType: NEW_IMAGE}}}
  Bucket: {Type: AWS::S3::Bucket}
  Bus: {Type: AWS::Events::EventBus, Properties: {Name: bus}}
  Raw:
    Type: AWS::SNS::Subscription
    Properties: {TopicArn: !Ref Topic, Protocol: sqs, Endpoint: !GetAtt Queue.Arn, RawMessageDelivery: true}
  Enveloped:
    Type: AWS::SNS::Subscription
    Properties:
      {TopicArn: !Ref Topic, Protocol: sqs, Endpoint: !GetAtt Queue.Arn, RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn}}
  Polls:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: !Ref Work
      EventSourceArn: !GetAtt Table.StreamArn
      DestinationConfig: {OnFailure: {Destination: !GetAtt Dead.Arn}}
  Keeps:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: !Ref Work
      EventSourceArn: !GetAtt Table.StreamArn
      DestinationConfig: {OnFailure: {Destination: !GetAtt Bucket.Arn}}
  After:
    Type: AWS::Lambda::EventInvokeConfig
    Properties:
      FunctionName: !Ref Work
      Qualifier: $LATEST
      DestinationConfig: {OnSuccess: {Destination: !GetAtt Next.Arn}, OnFailure: {Destination: !GetAtt Dead.Arn}}
  Rule:
    Type: AWS::Events::Rule
    Properties:
      EventBusName: !Ref Bus
      EventPattern: {source: [shop]}
      Targets: [{Id: a, Arn: !GetAtt Queue.Arn, Input: "{}", DeadLetterConfig: {Arn: !GetAtt Dead.Arn}}]
  Kept: {Type: AWS::Events::Archive, Properties: {SourceArn: !GetAtt Bus.Arn}}
  Served:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins:
          - {Id: site, DomainName: !GetAtt Bucket.RegionalDomainName}
          - {Id: unused, DomainName: !GetAtt Hidden.RegionalDomainName}
        DefaultCacheBehavior: {TargetOriginId: site, ViewerProtocolPolicy: https-only}
  Hidden: {Type: AWS::S3::Bucket}
"""


def test_links_between_services(derived: Scan) -> None:
    app = derived({"app.yaml": LINKS + WORK + WORK.replace("Work", "Next")})
    found = {via: moved(app, via) for via in ("Raw", "Enveloped", "Polls", "Keeps", "After")}
    assert found == {
        "Raw": [("Topic", "Queue")],
        "Enveloped": [("Topic", "Dead Message"), ("Topic", "Queue Message")],
        "Polls": [],  # a queue is told which records failed, and not what is in them
        "Keeps": [("Table", "Bucket")],
        "After": [
            ("Work event", "Dead requestPayload"),
            ("Work event", "Next event.requestPayload"),
            ("Work@response", "Next event.responsePayload"),
        ],
    }
    assert moved(app, "Rule") == [("Bus", "Dead detail")]  # the target gets a constant
    assert moved(app, "Kept") == [("Bus", "Kept")]
    assert moved(app, "Served") == [("Bucket", "Served"), ("Served", "app@browser")]
    assert [e.source for e in app.every(Entry) if e.function == "app/Next"] == ["app/Work"]


PIPE = """
Resources:
  Queue: {{Type: AWS::SQS::Queue}}
  Other: {{Type: AWS::SQS::Queue}}
  Log: {{Type: AWS::Logs::LogGroup}}
  Pipe:
    Type: AWS::Pipes::Pipe
    Properties:
      RoleArn: r
      Source: !GetAtt Queue.Arn
      Target: !GetAtt Other.Arn
      LogConfiguration: {{Level: {level}, {how}CloudwatchLogsLogDestination: {{LogGroupArn: !GetAtt Log.Arn}}}}
"""
LOGS = ("Queue", "Log payload.body")


@pytest.mark.parametrize(
    ("level", "how", "logged"),
    [
        ("ERROR", "IncludeExecutionData: [ALL], ", [LOGS]),
        ("ERROR", "", []),
        ("'OFF'", "IncludeExecutionData: [ALL], ", []),
    ],
)
def test_a_pipe_logs_what_it_moves_where_told(
    derived: Scan, level: str, how: str, logged: list[tuple[str, str]]
) -> None:
    app = derived({"app.yaml": PIPE.format(level=level, how=how)})
    assert moved(app, "Pipe") == sorted([("Queue", "Other body"), *logged])


ROUTE = """
Resources:
  People: {{Type: AWS::DynamoDB::Table, Properties: {{TableName: people}}}}
  Hidden: {{Type: AWS::DynamoDB::Table, Properties: {{TableName: hidden}}}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{Statement: [{{Effect: Allow, Principal: {{Service: apigateway.amazonaws.com}}, Action: sts:AssumeRole}}]}}
      Policies: [{{PolicyName: p, PolicyDocument: {{Statement: [{{Effect: Allow, Action: "dynamodb:GetItem", Resource: "*"}}]}}}}]
  Api: {{Type: AWS::ApiGateway::RestApi, Properties: {{Name: a}}}}
  Method:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: POST
      AuthorizationType: {who}
      Integration:
        Type: AWS
        Credentials: !GetAtt Role.Arn
        Uri: !Sub "arn:aws:apigateway:${{AWS::Region}}:dynamodb:action/{operation}"
        RequestTemplates: {{application/json: '{{"TableName": {table}, "Key": {{"id": {{"S": "$input.path(\\"$.id\\")"}}}}}}'}}
"""


@pytest.mark.parametrize(
    ("who", "operation", "table", "found"),
    [
        ("NONE", "GetItem", '"people"', [("@anyone", "People", ("read",), False)]),
        ("AWS_IAM", "GetItem", '"people"', [("iam", "People", ("read",), False)]),
        ("NONE", "DeleteItem", '"people"', []),  # the role may not
        (
            "NONE",
            "GetItem",
            '"$input.path(\\"$.table\\")"',
            [("@anyone", "Hidden", ("read",), True), ("@anyone", "People", ("read",), True)],
        ),
        ("NONE", "GetItem", '"elsewhere"', []),
    ],
)
def test_what_callers_of_a_route_without_code_do(
    derived: Scan, who: str, operation: str, table: str, found: list[object]
) -> None:
    app = derived({"app.yaml": ROUTE.format(who=who, operation=operation, table=table)})
    assert [
        (each.identity, each.resource.removeprefix("app/"), each.rights, each.named)
        for each in app.every(Integration)
    ] == found
