"""Names of resources that events carry: which can stand there follows from the wiring."""

from collections.abc import Callable

import pytest

from checkrein.model import App, Call

Scan = Callable[[dict[str, str]], App]

TEMPLATE = """
Resources:
{resources}
  Work:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/work
      Code:
        ZipFile: |
          import boto3, json
          def handler(event, context):
              {code}
"""
QUEUE = """\
  Jobs: {Type: AWS::SQS::Queue}
  Poll: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref Work, EventSourceArn: !GetAtt Jobs.Arn}}
"""
STORED = """\
  News: {Type: AWS::SNS::Topic}
  Other: {Type: AWS::S3::Bucket}
  Uploads:
    Type: AWS::S3::Bucket
    Properties:
      NotificationConfiguration:
        QueueConfigurations: [{Event: "s3:ObjectCreated:*", Queue: !GetAtt Jobs.Arn}]
        TopicConfigurations: [{Event: "s3:ObjectRemoved:*", Topic: !Ref News}]
        EventBridgeConfiguration: {EventBridgeEnabled: true}
"""
SUBSCRIBED = """\
  Told: {Type: AWS::SNS::Subscription, Properties: {TopicArn: !Ref News, Protocol: lambda, Endpoint: !GetAtt Work.Arn}}
"""
FORWARDED = """\
  Archive:
    Type: AWS::S3::Bucket
    Properties:
      NotificationConfiguration:
        TopicConfigurations: [{Event: "s3:ObjectRemoved:*", Topic: !Ref Changes}]
  Changes: {Type: AWS::SNS::Topic}
  Passed: {Type: AWS::SNS::Subscription, Properties: {TopicArn: !Ref Changes, Protocol: sqs, Endpoint: !GetAtt Jobs.Arn}}
"""
RULE = """\
  Rule:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: {PATTERN}
      Targets: [{Id: work, Arn: !GetAtt Work.Arn}]
"""
GET = "boto3.client('s3').get_object(Key='x', Bucket={})"
IN_QUEUE = "json.loads(event['Records'][0]['body'])"
S3_NAME = "['Records'][0]['s3']['bucket']['name']"


def rule(pattern: str) -> str:
    return RULE.replace("{PATTERN}", pattern)


@pytest.mark.parametrize(
    ("resources", "code", "target"),
    [
        pytest.param(
            QUEUE + STORED, GET.format(IN_QUEUE + S3_NAME), "app/Uploads",
            id="a bucket tells the queue",
        ),
        pytest.param(
            STORED + SUBSCRIBED + QUEUE,
            GET.format("json.loads(event['Records'][0]['Sns']['Message'])" + S3_NAME),
            "app/Uploads",
            id="a bucket tells the topic",
        ),
        pytest.param(
            QUEUE + FORWARDED,
            GET.format(f"json.loads({IN_QUEUE}['Message']){S3_NAME}"),
            "app/Archive",
            id="a bucket tells the topic that tells the queue",
        ),
        pytest.param(
            QUEUE + FORWARDED, GET.format(IN_QUEUE + S3_NAME), None,
            id="nothing comes without the topic's envelope",
        ),
        pytest.param(
            QUEUE + FORWARDED.replace("Protocol: sqs", "Protocol: sqs, RawMessageDelivery: true"),
            GET.format(IN_QUEUE + S3_NAME),
            "app/Archive",
            id="the topic's envelope may be left out",
        ),
        pytest.param(
            QUEUE + STORED + rule("{source: [aws.s3]}"),
            GET.format("event['detail']['bucket']['name']"),
            "app/Uploads",
            id="a rule hears the buckets that speak to rules",
        ),
        pytest.param(
            QUEUE + STORED + rule("{source: [aws.s3], detail: {bucket: {name: [!Ref Other]}}}"),
            GET.format("event['detail']['bucket']['name']"),
            "app/Other",
            id="a rule's pattern names the bucket",
        ),
        pytest.param(
            STORED + QUEUE + rule("{detail: {bucket: {name: [{prefix: up}]}}}"),
            GET.format("event['detail']['bucket']['name']"),
            None,
            id="a pattern may leave it open",
        ),
        pytest.param(
            QUEUE,
            "boto3.client('sqs').purge_queue(QueueUrl=event['Records'][0]['eventSourceARN'])",
            "app/Jobs",
            id="a message's own queue",
        ),
        pytest.param(
            "  Pool: {Type: AWS::Cognito::UserPool, Properties: {LambdaConfig: {PreSignUp: !GetAtt Work.Arn}}}",
            "boto3.client('cognito-idp').admin_get_user(UserPoolId=event['userPoolId'], Username='x')",
            "app/Pool",
            id="a trigger's pool",
        ),
        pytest.param(
            """\
  Secret: {Type: AWS::SecretsManager::Secret}
  Rotation: {Type: AWS::SecretsManager::RotationSchedule, Properties: {SecretId: !Ref Secret, RotationLambdaARN: !GetAtt Work.Arn}}
""",
            "boto3.client('secretsmanager').get_secret_value(SecretId=event['SecretId'])",
            "app/Secret",
            id="the secret that is rotated",
        ),
        pytest.param(
            """\
  Chat: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: WEBSOCKET}}
  Route: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Chat, RouteKey: send, Target: !Sub "integrations/${Handing}"}}
  May: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref Work, Principal: apigateway.amazonaws.com, Action: "lambda:InvokeFunction"}}
  Handing: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Chat, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Work.Arn}}
""",
            "boto3.client('apigatewaymanagementapi', endpoint_url='https://' + event['requestContext']['domainName'] + '/' + event['requestContext']['stage']).post_to_connection(ConnectionId='x', Data='')",
            "app/Chat",
            id="the API that a message came through",
        ),
    ],
)  # fmt: skip
def test_the_wiring_says_what_an_event_names(
    derived: Scan, resources: str, code: str, target: str | None
) -> None:
    app = derived({"app.yaml": TEMPLATE.format(resources=resources, code=code)})

    assert [(call.target, call.certain) for call in app.every(Call)] == [(target, bool(target))]
