"""A GraphQL API keeps no log.

## Why

Without `LogConfig` nobody sees which fields were asked for by whom, nor which resolvers refused. Field-level
logs (`ERROR`) say it without the contents.

## Fix

Set `LogConfig` with a role that may write logs, `FieldLogLevel: ERROR` and `ExcludeVerboseContent: true`.

## Examples

```yaml bad template.yaml
Resources:
  Graph:  #! nobody can tell who asked Graph, behind which is e-mail address
    Type: AWS::AppSync::GraphQLApi
    Properties: {Name: orders, AuthenticationType: AWS_IAM}
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Source:
    Type: AWS::AppSync::DataSource
    Properties:
      ApiId: !GetAtt Graph.ApiId
      Name: orders
      Type: AMAZON_DYNAMODB
      DynamoDBConfig: {TableName: !Ref Orders, AwsRegion: eu-west-1}
```

```yaml good template.yaml
Resources:
  Graph:
    Type: AWS::AppSync::GraphQLApi
    Properties:
      Name: orders
      AuthenticationType: AWS_IAM
      LogConfig:
        CloudWatchLogsRoleArn: arn:aws:iam::111122223333:role/logs
        FieldLogLevel: ERROR
        ExcludeVerboseContent: true
```

```yaml bad template.yaml
Resources:
  Graph:
    Type: AWS::AppSync::GraphQLApi
    Properties:
      Name: orders
      AuthenticationType: AWS_IAM
      LogConfig:
        CloudWatchLogsRoleArn: arn:aws:iam::111122223333:role/logs
        FieldLogLevel: NONE  #? nobody can tell who asked Graph
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import place_of
from checkrein.checks.doors import GRAPHQL
from checkrein.checks.graphql import held
from checkrein.checks.questions import titles
from checkrein.model import App, Finding, Resource

LEVEL = "LogConfig.FieldLogLevel"


@check(
    resource(GRAPHQL),
    fault=1,
    topics=("logging",),
    frameworks=("CWE-778", "AWS-FSBP:AppSync.2"),
    peers=(
        *("CKV_AWS_193", "CKV_AWS_194", "AppSync.2", "AwsSolutions-ASC3"),
        "appsync_field_level_logging_enabled",
    ),
)
def graphql_without_log(api: Resource, app: App) -> Iterator[Finding]:
    if api.value("LogConfig") is not None and api[LEVEL] != "NONE":
        return
    classes = held(app, api.id)
    behind = f", behind which is {titles(classes)}" if classes else ""
    yield Finding(
        place_of(api, LEVEL),
        f"nobody can tell who asked {api.name}{behind}",
        cwe="CWE-778",
        endangers=(api.id,),
        data=classes,
        hygiene=not classes,
    )
