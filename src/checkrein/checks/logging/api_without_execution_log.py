"""An API does not say why requests fail.

## Why

API Gateway's own log tells of what never reaches a function: requests that an authorizer, a model or a
mapping refused, and errors of the integration. `ERROR` is enough; `INFO` writes more than most want to pay for.
HTTP APIs have no such log.

## Fix

Set `LoggingLevel: ERROR` in `MethodSettings` (`DefaultRouteSettings` for WebSocket APIs), and leave
`DataTraceEnabled` off.

## Examples

```yaml bad template.yaml
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: rides}
  Stage:  #? Api does not say why it refuses requests
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: !Ref Api, StageName: prod, DeploymentId: first}
```

```yaml good template.yaml
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: rides}
  Stage:
    Type: AWS::ApiGateway::Stage
    Properties:
      RestApiId: !Ref Api
      StageName: prod
      DeploymentId: first
      MethodSettings: [{HttpMethod: "*", ResourcePath: "/*", LoggingLevel: ERROR}]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check
from checkrein.checks.doors import (
    HTTP,
    api_of,
    every_method,
    inside,
    is_websocket,
    stage_fix,
    stages,
)
from checkrein.model import App, Finding, Resource

EVERY_METHOD = [{"HttpMethod": "*", "ResourcePath": "/*", "LoggingLevel": "ERROR"}]


@check(
    stages,
    fault=1,
    topics=("logging",),
    frameworks=("CWE-778", "AWS-FSBP:APIGateway.1"),
    peers=(
        "APIGateway.1",
        "AwsSolutions-APIG6",
        "apigateway_restapi_logging_enabled",
        *("API_GW_EXECUTION_LOGGING_ENABLED",),
    ),
    hygiene=True,
)
def api_without_execution_log(stage: Resource, app: App) -> Iterator[Finding]:
    api = api_of(app, stage)
    if api is None or (api.type == HTTP and not is_websocket(api)):
        return
    levels = [
        *(settings.get("LoggingLevel") for _, settings in every_method(stage)),
        stage.value(inside(stage, "LoggingLevel")),
        stage.value("DefaultRouteSettings.LoggingLevel"),
    ]
    if not any(level is not None and level != "OFF" for level in levels):
        fix = None
        if api.type != HTTP and not every_method(stage):
            fix = stage_fix(app, stage, "MethodSettings", EVERY_METHOD, "log errors")
        yield Finding(
            stage.place,
            f"{api.name} does not say why it refuses requests",
            cwe="CWE-778",
            endangers=(api.id,),
            fix=fix,
            key=(api.id,),
        )
