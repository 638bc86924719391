"""Names of resources that one function puts into the event of another."""

from collections.abc import Callable
from textwrap import indent

import pytest

from checkrein.model import App, Call

Scan = Callable[[dict[str, str]], App]

TEMPLATE = """
Resources:
  Files: {{Type: AWS::S3::Bucket}}
  Jobs: {{Type: AWS::SQS::Queue}}
  News: {{Type: AWS::SNS::Topic}}
  Bus: {{Type: AWS::Events::EventBus, Properties: {{Name: orders}}}}
  Poll: {{Type: AWS::Lambda::EventSourceMapping, Properties: {{FunctionName: !Ref Worker, EventSourceArn: !GetAtt Jobs.Arn}}}}
  Told: {{Type: AWS::SNS::Subscription, Properties: {{TopicArn: !Ref News, Protocol: lambda, Endpoint: !GetAtt Worker.Arn}}}}
  Rule:
    Type: AWS::Events::Rule
    Properties:
      EventBusName: !Ref Bus
      EventPattern: {{source: [shop]}}
      Targets: [{{Id: work, Arn: !GetAtt Worker.Arn}}]
  Steps:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      Definition:
        StartAt: First
        States:
          First:
            Type: Task
            Resource: !GetAtt Maker.Arn
            ResultPath: $.made
            Next: Second
          Second:
            Type: Task
            Resource: arn:aws:states:::lambda:invoke
            Parameters:
              FunctionName: !Ref Worker
              Payload: {{place.$: $.input.bucket, made.$: $.made.bucket, fixed: !Ref Files}}
            End: true
  Maker:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Environment: {{Variables: {{FILES: !Ref Files}}}}
      Code:
        ZipFile: |
          import os
          def handler(event, context):
              return {{"bucket": os.environ["FILES"]}}
  Sender:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Environment:
        Variables:
          {{FILES: !Ref Files, JOBS: !Ref Jobs, NEWS: !Ref News, BUS: !Ref Bus, STEPS: !Ref Steps, WORKER: !Ref Worker}}
      Code:
        ZipFile: |
          import boto3, json, os
          def name(variable):
              return os.environ[variable]
          def handler(event, context):
{sender}
  Worker:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Code:
        ZipFile: |
          import boto3, json
          def handler(event, context):
              boto3.client("s3").get_object(Key="x", Bucket={place})
"""
MESSAGE = "json.dumps({'to': {'bucket': name('FILES')}})"
CHOSEN = "json.dumps({'to': {'bucket': event['bucket']}})"


@pytest.mark.parametrize(
    ("sender", "place", "bound"),
    [
        pytest.param(
            f"boto3.client('lambda').invoke(FunctionName=name('WORKER'), Payload={MESSAGE})",
            "event['to']['bucket']", True, id="invoked",
        ),
        pytest.param(
            f"boto3.client('lambda').invoke(FunctionName=name('WORKER'), Payload={CHOSEN})",
            "event['to']['bucket']", False, id="invoked with what the caller chose",
        ),
        pytest.param(
            "boto3.client('lambda').invoke(FunctionName=name('WORKER'), Payload=json.dumps(event))",
            "event['to']['bucket']", False, id="invoked with its own event",
        ),
        pytest.param(
            f"boto3.client('lambda').invoke(FunctionName=name('WORKER'), Payload={MESSAGE})",
            "event['to']['other']", False, id="another field",
        ),
        pytest.param(
            f"boto3.client('sqs').send_message(QueueUrl=name('JOBS'), MessageBody={MESSAGE})",
            "json.loads(event['Records'][0]['body'])['to']['bucket']", True, id="by a queue",
        ),
        pytest.param(
            f"boto3.client('sns').publish(TopicArn=name('NEWS'), Message={MESSAGE})",
            "json.loads(event['Records'][0]['Sns']['Message'])['to']['bucket']",
            True, id="by a topic",
        ),
        pytest.param(
            "boto3.client('events').put_events(Entries=[{'EventBusName': name('BUS'),"
            f" 'Source': 'shop', 'Detail': {MESSAGE}}}])",
            "event['detail']['to']['bucket']", True, id="by a bus",
        ),
        pytest.param(
            "boto3.client('events').put_events(Entries=[{'EventBusName': name('BUS'),"
            f" 'Source': 'other', 'Detail': {MESSAGE}}}])",
            "event['detail']['to']['bucket']", False, id="by a bus whose rule wants other sources",
        ),
        pytest.param(
            "boto3.client('stepfunctions').start_execution(stateMachineArn=name('STEPS'),"
            " input=json.dumps({'input': {'bucket': name('FILES')}}))",
            "event['place']", True, id="through a machine",
        ),
        pytest.param("pass", "event['fixed']", True, id="said by a machine"),
        pytest.param("pass", "event['made']", True, id="answered by a function before"),
        pytest.param("pass", "event['place']", False, id="said by nobody"),
    ],
)  # fmt: skip
def test_a_sender_says_what_the_event_names(
    derived: Scan,
    sender: str,
    place: str,
    bound: bool,  # noqa: FBT001 - a table
) -> None:
    text = TEMPLATE.format(sender=indent(sender, " " * 14), place=place)
    calls = derived({"app.yaml": text}).every(Call)
    found = [(c.target, c.certain) for c in calls if c.operation == "GetObject"]

    assert found == [("app/Files", False) if bound else (None, False)]
