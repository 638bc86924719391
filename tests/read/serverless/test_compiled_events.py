"""What runs functions: queues, streams, topics, buckets, times and buses."""

from __future__ import annotations

import pytest

from tests.read.serverless.compiling import events, functions, read

STORES = """\
resources:
  Resources:
    Orders: {Type: AWS::DynamoDB::Table}
    Jobs: {Type: AWS::SQS::Queue}
    Clicks: {Type: AWS::Kinesis::Stream}
"""


def test_a_queue_is_polled_with_the_right_to() -> None:
    found = events("sqs: {arn: !GetAtt Jobs.Arn, batchSize: 5, filterPatterns: [{a: [1]}]}", STORES)
    assert found.of("HelloEventSourceMappingSQSJobs") == {
        "FunctionName": "${HelloLambdaFunction.Arn}",
        "EventSourceArn": "${Jobs.Arn}",
        "BatchSize": 5,
        "Enabled": True,
        "FilterCriteria": {"Filters": [{"Pattern": '{"a":[1]}'}]},
    }
    assert found.statements()[-1] == {
        "Effect": "Allow",
        "Action": ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
        "Resource": ["${Jobs.Arn}"],
    }
    where = "Policies.0.PolicyDocument.Statement.2.Resource.0"
    assert found.line("IamRoleLambdaExecution", where).startswith("- sqs:")
    assert found.made.constructs["HelloEventSourceMappingSQSJobs"] == "functions.hello.events.0.sqs"


def test_a_queue_that_says_no_more_is_polled_by_ten() -> None:
    found = events("sqs: arn:aws:sqs:eu-west-1:123456789012:jobs")
    assert found.of("HelloEventSourceMappingSQSJobs", "BatchSize") == 10


def test_streams_are_of_tables_or_of_kinesis() -> None:
    found = events(
        "stream: {type: dynamodb, arn: !GetAtt Orders.StreamArn, batchWindow: 3}\n"
        "stream: {type: kinesis, arn: !GetAtt Clicks.Arn, consumer: true}\n"
        "stream: arn:aws:dynamodb:eu-west-1:123456789012:table/other/stream/1",
        STORES,
    )
    table = found.of("HelloEventSourceMappingDynamodbOrders")
    assert table["StartingPosition"] == "TRIM_HORIZON"
    assert table["MaximumBatchingWindowInSeconds"] == 3
    assert table["BatchSize"] == 10
    consumer = "HelloClicksConsumerStreamConsumer"
    assert found.of("HelloEventSourceMappingKinesisClicks", "EventSourceArn") == (
        f"${{{consumer}.Ref}}"
    )
    assert found.of(consumer, "StreamARN") == "${Clicks.Arn}"
    assert "HelloEventSourceMappingDynamodbOther" in found.resources
    assert [each["Action"][0] for each in found.statements()[2:]] == [
        "dynamodb:GetRecords",
        "kinesis:GetRecords",
        "kinesis:SubscribeToShard",
        "dynamodb:GetRecords",
    ]


def test_what_fails_goes_to_a_queue() -> None:
    found = events(
        "stream: {type: dynamodb, arn: !GetAtt Orders.StreamArn, "
        "destinations: {onFailure: {type: sqs, arn: !GetAtt Jobs.Arn}}}",
        STORES,
    )
    destination = found.of("HelloEventSourceMappingDynamodbOrders", "DestinationConfig")
    assert destination == {"OnFailure": {"Destination": "${Jobs.Arn}"}}
    assert ["sqs:ListQueues", "sqs:SendMessage"] in [s["Action"] for s in found.statements()]


def test_topics_are_made_or_subscribed_to() -> None:
    found = events(
        "sns: news\n"
        "sns: {topicName: picked, filterPolicy: {kind: [a]}}\n"
        "sns: {arn: arn:aws:sns:us-east-1:123456789012:far, "
        "redrivePolicy: {deadLetterTargetRef: Jobs}}",
        STORES,
    )
    assert found.of("SNSTopicNews") == {
        "TopicName": "news",
        "Subscription": [{"Endpoint": "${HelloLambdaFunction.Arn}", "Protocol": "lambda"}],
    }
    assert found.of("HelloSnsSubscriptionPicked", "FilterPolicy") == {"kind": ["a"]}
    far = found.of("HelloSnsSubscriptionFar")
    assert far["TopicArn"] == "arn:aws:sns:us-east-1:123456789012:far"
    assert far["RedrivePolicy"] == {"deadLetterTargetArn": "${Jobs.Arn}"}
    assert found.of("FarToHelloDLQPolicy", "Queues") == ["${Jobs.Ref}"]
    assert found.line("HelloLambdaPermissionNewsSNS") == "- sns: news"


def test_a_bucket_that_is_new_is_made_with_its_notifications() -> None:
    found = read(
        "service: shop\n"
        "provider:\n"
        "  name: aws\n"
        "  s3:\n"
        "    pictures: {name: our-pictures, versioningConfiguration: {Status: Enabled}}\n"
        "functions:\n"
        "  hello:\n"
        "    handler: a.b\n"
        "    events:\n"
        "      - s3: pictures\n"
        "      - s3: {bucket: pictures, event: 's3:ObjectRemoved:*', rules: [{suffix: .jpg}]}\n"
    )
    bucket = found.of("S3BucketPictures")
    assert bucket["BucketName"] == "our-pictures"
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert [
        each["Event"] for each in bucket["NotificationConfiguration"]["LambdaConfigurations"]
    ] == [
        "s3:ObjectCreated:*",
        "s3:ObjectRemoved:*",
    ]
    assert found.of("HelloLambdaPermissionPicturesS3", "SourceAccount") == "${AccountId}"


def test_a_bucket_that_exists_is_set_by_a_function_of_the_frameworks() -> None:
    found = events(
        "s3: {bucket: !Ref Uploads, existing: true, rules: [{prefix: in/}]}",
        "resources: {Resources: {Uploads: {Type: AWS::S3::Bucket}}}\n",
    )
    assert found.of("HelloCustomS31", "BucketConfigs") == [
        {"Event": "s3:ObjectCreated:*", "Rules": [{"Prefix": "in/"}]}
    ]
    handler = "CustomDashresourceDashexistingDashs3LambdaFunction"
    assert found.resources[handler].added
    assert found.resources["IamRoleCustomResourcesLambdaExecution"].added
    listed = found.of("Uploads", "NotificationConfiguration.LambdaConfigurations")
    assert listed[0]["Function"] == "${HelloLambdaFunction.Arn}"
    assert found.of("HelloCustomS31Permission", "Principal") == "s3.amazonaws.com"


def test_times_are_rules_or_schedules() -> None:
    found = events(
        "schedule: rate(1 hour)\n"
        "schedule: {rate: [rate(1 day), cron(0 1 * * ? *)], enabled: false, input: {a: 1}}\n"
        "schedule: {rate: [rate(2 hours)], method: scheduler, timezone: Europe/Berlin}"
    )
    assert found.of("HelloEventsRuleSchedule1", "State") == "ENABLED"
    third = found.of("HelloEventsRuleSchedule3")
    assert third["ScheduleExpression"] == "cron(0 1 * * ? *)"
    assert third["State"] == "DISABLED"
    assert third["Targets"][0]["Input"] == '{"a":1}'
    schedule = found.of("HelloSchedulerSchedule4")
    assert schedule["ScheduleExpressionTimezone"] == "Europe/Berlin"
    assert schedule["Target"]["RoleArn"] == "${IamRoleLambdaExecution.Arn}"
    trusted = found.of("IamRoleLambdaExecution", "AssumeRolePolicyDocument.Statement.0.Principal")
    assert trusted == {"Service": ["lambda.amazonaws.com", "scheduler.amazonaws.com"]}


def test_buses_that_are_named_are_made_and_those_given_by_arn_are_not() -> None:
    found = events(
        "eventBridge: {eventBus: own, pattern: {source: [shop]}}\n"
        "eventBridge: {eventBus: arn:aws:events:eu-west-1:123456789012:event-bus/far, "
        "pattern: {source: [shop]}}\n"
        "eventBridge: {schedule: rate(1 hour), inputTransformer: "
        "{inputPathsMap: {a: $.b}, inputTemplate: <a>}}\n"
        "cloudwatchEvent: {event: {source: [aws.s3]}}"
    )
    assert found.of("OwnEventBridgeEventBus", "Name") == "own"
    assert found.of("Shopdevhellorule1EventBridgeRule", "EventBusName") == "own"
    assert found.of("Shopdevhellorule2EventBridgeRule", "EventBusName") == "far"
    assert found.of("Shopdevhellorule3EventBridgeRule", "Targets.0.InputTransformer") == {
        "InputPathsMap": {"a": "$.b"},
        "InputTemplate": "<a>",
    }
    assert found.of("HelloEventsRuleCloudWatchEvent1", "EventPattern") == {"source": ["aws.s3"]}
    assert sum(t == "AWS::Events::EventBus" for t in found.types.values()) == 1


def test_older_versions_make_rules_by_a_function_with_wide_rights() -> None:
    event = "eventBridge: {eventBus: own, pattern: {source: [shop]}}"
    found = events(event, "frameworkVersion: ^2.72.0\n")
    statements = found.statements("IamRoleCustomResourcesLambdaExecution")
    assert "events:PutRule" in statements[0]["Action"]
    assert "Shopdevhellorule1EventBridgeRule" in found.resources


@pytest.mark.parametrize(
    ("event", "id", "path", "value"),
    [
        ("cloudwatchLog: /aws/x", "HelloLogsSubscriptionFilterCloudWatchLog1", "LogGroupName", "/aws/x"),
        ("alexaSkill: amzn1.x", "HelloLambdaPermissionAlexaSkill1", "EventSourceToken", "amzn1.x"),
        (
            "alexaSmartHome: amzn1.y", "HelloLambdaPermissionAlexaSmartHome1", "Principal",
            "alexa-connectedhome.amazon.com",
        ),
        ("iot: {sql: SELECT *}", "HelloIotTopicRule1", "TopicRulePayload.Sql", "SELECT *"),
        (
            "iotFleetProvisioning: {templateBody: {a: b}, provisioningRoleArn: r}",
            "HelloIotProvisioningTemplate", "TemplateBody", '{"a":"b"}',
        ),
        (
            "cognitoUserPool: {pool: people, trigger: PreSignUp}", "CognitoUserPoolPeople",
            "LambdaConfig.PreSignUp", "${HelloLambdaFunction.Arn}",
        ),
        (
            "msk: {arn: 'arn:aws:kafka:eu-west-1:1:cluster/Main/1', topic: t}",
            "HelloEventSourceMappingMSKMainT", "Topics", ["t"],
        ),
        (
            "kafka: {topic: t, bootstrapServers: [a], accessConfigurations: {saslPlainAuth: [arn:secret]}}",
            "HelloEventSourceMappingKafkaT", "SourceAccessConfigurations.0.URI", "arn:secret",
        ),
        (
            "activemq: {arn: arn:mq, queue: jobs, basicAuthArn: arn:secret}",
            "HelloEventSourceMappingActiveMQJobs", "Queues", ["jobs"],
        ),
        (
            "rabbitmq: {arn: arn:mq, queue: jobs, virtualHost: v, basicAuthArn: arn:secret}",
            "HelloEventSourceMappingRabbitMQJobs", "SourceAccessConfigurations.1.URI", "v",
        ),
        (
            "alb: {listenerArn: !Ref Listener, priority: 1, conditions: {path: /hello}}",
            "HelloAlbListenerRule1", "Conditions.0.Values", ["/hello"],
        ),
        (
            "cloudFront: {eventType: viewer-request, origin: s3://site.s3.amazonaws.com/x}",
            "CloudFrontDistribution", "DistributionConfig.Origins.0.DomainName",
            "site.s3.amazonaws.com",
        ),
    ],
)  # fmt: skip
def test_each_kind_of_event_makes_its_resource_at_its_line(
    event: str, id: str, path: str, value: object
) -> None:
    found = events(event)
    assert found.of(id, path) == value
    assert found.line(id, path) == f"- {event}"
    assert found.lost == []


def test_a_balancer_asks_what_the_event_says() -> None:
    asked = (
        "{method: [GET], query: {stage: prod, kind: new}, ip: [10.0.0.0/8],"
        " header: [{name: X-Shop, values: [a, b]}]}"
    )
    found = events(f"alb: {{listenerArn: arn:l, priority: 1, conditions: {asked}}}")
    assert found.of("HelloAlbListenerRule1", "Conditions") == [
        {"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": ["GET"]}},
        {
            "Field": "http-header",
            "HttpHeaderConfig": {"HttpHeaderName": "X-Shop", "Values": ["a", "b"]},
        },
        {
            "Field": "query-string",
            "QueryStringConfig": {
                "Values": [{"Key": "stage", "Value": "prod"}, {"Key": "kind", "Value": "new"}]
            },
        },
        {"Field": "source-ip", "SourceIpConfig": {"Values": ["10.0.0.0/8"]}},
    ]


def test_a_skill_without_a_token_may_be_any() -> None:
    found = events("alexaSkill")
    assert found.of("HelloLambdaPermissionAlexaSkill1") == {
        "FunctionName": "${HelloLambdaFunction.Arn}",
        "Action": "lambda:InvokeFunction",
        "Principal": "alexa-appkit.amazon.com",
    }
    assert found.lost == []


def test_kinds_that_are_not_known_are_said_with_their_place() -> None:
    found = events("carrierPigeon: coop")
    assert found.lost == ["events of the kind carrierPigeon are not known"]
    assert found.lines[found.made.lost[0].place.line].strip() == "- carrierPigeon: coop"


def test_functions_at_the_edge_have_neither_network_nor_variables() -> None:
    found = functions(
        "functions:\n"
        "  edge:\n"
        "    handler: a.b\n"
        "    environment: {A: b}\n"
        "    events: [cloudFront: {eventType: viewer-request, origin: https://a.example}]\n"
    )
    edge = found.of("EdgeLambdaFunction")
    assert "Environment" not in edge
    assert (edge["MemorySize"], edge["Timeout"]) == (128, 5)
