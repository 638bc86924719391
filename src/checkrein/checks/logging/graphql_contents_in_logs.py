"""A GraphQL API writes requests and answers into its log.

## Why

With `LogConfig` AppSync writes each request's query, variables, headers and every resolver's input and result,
unless `ExcludeVerboseContent: true` is set: what people ask and get stands in the log in clear, at the level
`ALL` field by field.

## Fix

Set `ExcludeVerboseContent: true`, and `FieldLogLevel: ERROR`.

## Examples

```yaml bad template.yaml
Resources:
  Graph:
    Type: AWS::AppSync::GraphQLApi
    Properties:
      Name: orders
      AuthenticationType: AWS_IAM
      LogConfig:
        CloudWatchLogsRoleArn: arn:aws:iam::111122223333:role/logs
        FieldLogLevel: ALL  #! the log of Graph takes down what is asked and answered (e-mail address)
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
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import set_fix
from checkrein.checks.doors import GRAPHQL
from checkrein.checks.graphql import held
from checkrein.checks.questions import titles
from checkrein.model import App, Finding, Resource

LOG = "LogConfig"
LEVEL, EXCLUDED = f"{LOG}.FieldLogLevel", f"{LOG}.ExcludeVerboseContent"
WITH_CONTENT = ("ALL", "INFO", "DEBUG")


@check(
    resource(GRAPHQL),
    fault=2,
    topics=("data-exposure", "logging"),
    frameworks=("CWE-532",),
)
def graphql_contents_in_logs(api: Resource, app: App) -> Iterator[Finding]:
    if api.value(LOG) is None or api[EXCLUDED] is True or api[LEVEL] not in WITH_CONTENT:
        return
    classes = held(app, api.id)
    named = f" ({titles(classes)})" if classes else ""
    yield Finding(
        api.where(LEVEL),
        f"the log of {api.name} takes down what is asked and answered{named}",
        cwe="CWE-532",
        endangers=(api.id,),
        data=classes,
        by=(f"{api.id}@log",),
        fix=set_fix(api, [(EXCLUDED, True)], "leave contents out of the log", safe=True),
        hygiene=not classes,
    )
