"""An alarm watches a metric that never comes.

## Why

CloudWatch knows a metric by its exact dimensions and does not say when there is none: the alarm stays in `INSUFFICIENT_DATA`, and
whoever relies on it learns of the fault from users. `!Ref` of a queue is its URL and of a topic its ARN, where the dimension wants the name.

## Fix

Give the dimension what the service reports: `!GetAtt Queue.QueueName`, `!GetAtt Topic.TopicName`, `!Ref Function`.

## Examples

```yaml bad template.yaml
Resources:
  Failed: {Type: AWS::SQS::Queue}
  Lost:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/SQS
      MetricName: ApproximateNumberOfMessagesVisible
      Dimensions:
        - Name: QueueName
          Value: !Ref Failed  #! Lost never fires: QueueName is the URL of Failed, where SQS reports its name
      Statistic: Maximum
      Period: 60
      EvaluationPeriods: 1
      Threshold: 1
      ComparisonOperator: GreaterThanOrEqualToThreshold
      AlarmActions: [arn:aws:sns:eu-west-1:111122223333:pager]
```

```yaml good template.yaml
Resources:
  Failed: {Type: AWS::SQS::Queue}
  Lost:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/SQS
      MetricName: ApproximateNumberOfMessagesVisible
      Dimensions: [{Name: QueueName, Value: !GetAtt Failed.QueueName}]
      Statistic: Maximum
      Period: 60
      EvaluationPeriods: 1
      Threshold: 1
      ComparisonOperator: GreaterThanOrEqualToThreshold
      AlarmActions: [arn:aws:sns:eu-west-1:111122223333:pager]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.alarms import ALARM, dimensions, metrics
from checkrein.checks.context import kept, ref, set_fix
from checkrein.model import App, Finding, Resource, Symbol

# dimension, type, attribute: what the attribute is, and the attribute that is wanted
WRONG = {
    ("QueueName", "AWS::SQS::Queue", "Ref"): ("the URL", "QueueName"),
    ("QueueName", "AWS::SQS::Queue", "Arn"): ("the ARN", "QueueName"),
    ("TopicName", "AWS::SNS::Topic", "Ref"): ("the ARN", "TopicName"),
    ("TopicName", "AWS::SNS::Topic", "TopicArn"): ("the ARN", "TopicName"),
    ("FunctionName", "AWS::Lambda::Function", "Arn"): ("the ARN", "Ref"),
    ("TableName", "AWS::DynamoDB::Table", "Arn"): ("the ARN", "Ref"),
    ("StreamName", "AWS::Kinesis::Stream", "Arn"): ("the ARN", "Ref"),
    ("StateMachineArn", "AWS::StepFunctions::StateMachine", "Name"): ("the name", "Arn"),
    ("LoadBalancer", "AWS::ElasticLoadBalancingV2::LoadBalancer", "Ref"): (
        "the ARN",
        "LoadBalancerFullName",
    ),
    ("DBInstanceIdentifier", "AWS::RDS::DBInstance", "DBInstanceArn"): ("the ARN", "Ref"),
}


@check(
    resource(ALARM),
    fault=2,
    topics=("monitoring",),
    frameworks=("CWE-778", "OWASP-2025:A09", "OWASP-2021:A09", "NIST-800-53r5:SI-4"),
)
def alarm_that_never_fires(alarm: Resource, app: App) -> Iterator[Finding]:
    for path, metric in metrics(alarm):
        for place, dimension, value in dimensions(path, metric):
            watched = app.get(Resource, value.owner) if isinstance(value, Symbol) else None
            if watched is None:
                continue
            wrong = WRONG.get((dimension, watched.type, value.attribute))
            if wrong:
                yield Finding(
                    alarm.where(place),
                    f"{alarm.name} never fires: {dimension} is {wrong[0]} of {watched.name},"
                    f" where {watched.type.split('::')[1]} reports its"
                    f" {'ARN' if wrong[1] == 'Arn' else 'name'}",
                    cwe="CWE-778",
                    endangers=(watched.id,),
                    fix=set_fix(alarm, [(place, ref(watched, wrong[1]))], "watch what is reported"),
                    key=(dimension, watched.id),
                    data=tuple(kept(app, watched.id)),
                )
