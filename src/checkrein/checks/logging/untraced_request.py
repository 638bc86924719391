"""Nobody can follow a request through a function or an API.

## Why

With X-Ray each request leaves a trace: which services it went through, how long each took, where it failed.
After an incident that shows what a stranger's request touched. Without it the logs of each function have to
be laid beside each other by time.

## Fix

Set `Tracing: Active` (in SAM's `Globals` for all functions), `TracingEnabled: true` for a REST API,
`XrayEnabled: true` for GraphQL. A role of the function's own needs `AWSXrayWriteOnlyAccess` for it.

## Examples

```yaml bad template.yaml
Resources:
  Rides:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn
      TracingConfig:
        Mode: PassThrough  #? requests leave no trace in Rides
      Code: {ZipFile: "def handler(event, context): pass"}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
  Graph:  #? requests leave no trace in Graph
    Type: AWS::AppSync::GraphQLApi
    Properties: {Name: rides, AuthenticationType: AWS_IAM}
```

```yaml good template.yaml
Resources:
  Rides:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      TracingConfig: {Mode: Active}
      Code: {ZipFile: "def handler(event, context): pass"}
  Graph:
    Type: AWS::AppSync::GraphQLApi
    Properties: {Name: rides, AuthenticationType: AWS_IAM, XrayEnabled: true}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from checkrein.checks import check
from checkrein.checks.context import place_of, resources
from checkrein.checks.doors import DEPLOYMENT, api_of, stage_fix, stages
from checkrein.checks.privilege import given
from checkrein.checks.questions import grouped, setting
from checkrein.checks.roles import attached, role_of
from checkrein.model import App, Finding, Fix, Grant, Resource

FUNCTION = "AWS::Lambda::Function"
REST_STAGE, GRAPH = "AWS::ApiGateway::Stage", "AWS::AppSync::GraphQLApi"
NEEDED = ("xray:PutTraceSegments", "xray:PutTelemetryRecords")
WRITING = "arn:aws:iam::aws:policy/AWSXrayWriteOnlyAccess"
TRACED: dict[str, tuple[str, Any]] = {  # type: the property that says it, and how
    FUNCTION: ("TracingConfig.Mode", "Active"),
    REST_STAGE: ("TracingEnabled", True),
    DEPLOYMENT: ("StageDescription.TracingEnabled", True),
    GRAPH: ("XrayEnabled", True),
}


def _subjects(app: App) -> list[Resource]:
    rest = [stage for stage in stages(app) if stage.type in (REST_STAGE, DEPLOYMENT)]
    return [*resources(app, FUNCTION, GRAPH), *rest]


@check(
    _subjects,
    fault=1,
    topics=("tracing",),
    frameworks=("CWE-778", "AWS-FSBP:APIGateway.3", "AWS-FSBP:Lambda.7"),
    peers=(
        *("CKV_AWS_50", "CKV_AWS_73", "AWS-0066", "AWS-0003", "WS1000", "WS2000"),
        *("APIGateway.3", "Lambda.7", "apigateway_restapi_tracing_enabled"),
    ),
    hygiene=True,
)
def untraced_request(subject: Resource, app: App) -> Iterator[Finding]:
    path, wanted = TRACED[subject.type]
    if subject[path] == wanted:
        return
    api = api_of(app, subject)
    yield Finding(
        place_of(subject, path),
        f"requests leave no trace in {(api or subject).name}",
        cwe="CWE-778",
        endangers=(api.id if api else subject.id,),
        fix=_fix(app, subject, path, wanted),
    )


def _fix(app: App, subject: Resource, path: str, wanted: Any) -> Fix:
    title = "leave a trace of each request"
    if subject.type in (REST_STAGE, DEPLOYMENT):
        return stage_fix(app, subject, "TracingEnabled", wanted, title)
    if subject.source_type == "AWS::Serverless::Function":
        path = "Tracing"
    made = setting(subject, path, wanted, title, safe=True)
    return _with_rights(app, subject, made) if subject.type == FUNCTION else made


def _with_rights(app: App, function: Resource, made: Fix) -> Fix:
    """Add what the function's own role needs for it: Lambda refuses to trace without."""
    role = role_of(app, function)
    if role is None:
        return Fix(f"{made.title}, once the role may write to X-Ray ({', '.join(NEEDED)})")
    if role.source_type or _may_trace(app, role):
        return made  # what SAM makes for a function gets the rights by itself
    change = attached(role, WRITING)
    return replace(made, changes=(*made.changes, change)) if change else made


def _may_trace(app: App, role: Resource) -> bool:
    grants = [g for g in grouped(app, Grant, "identity").get(role.id, []) if g.effect == "Allow"]
    return all(any(given(grant.actions, (action,)) for grant in grants) for action in NEEDED)
