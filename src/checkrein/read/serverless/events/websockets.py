"""WebSocket APIs: the API, its stage, and a route for each event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checkrein.model.values import text
from checkrein.read.serverless.custom import add_handler
from checkrein.read.serverless.document import Document, arn, joined
from checkrein.read.serverless.events.http_api import invocation
from checkrein.read.serverless.events.permission import PERMISSION
from checkrein.read.serverless.functions import Deployed, uses
from checkrein.read.serverless.naming import WEBSOCKETS, normalised, websocket_route
from checkrein.read.serverless.parts import Part, word

STAGE = "WebsocketsDeploymentStage"
DEPLOYMENT = "WebsocketsDeployment"
DESCRIBED = "Serverless Websockets"
LOGGED = (
    "$context.identity.sourceIp $context.identity.caller $context.identity.user "
    '[$context.requestTime] "$context.eventType $context.routeKey $context.connectionId" '
    "$context.requestId"
)


def add_websockets(document: Document, functions: list[Deployed]) -> None:
    """Add the service's WebSocket API with a route for each event, where there are events."""
    found = [(function, event) for function, event, _, _ in uses(functions, "websocket")]
    if not found:
        return
    if not document.provider.at("apiGateway", "websocketApiId"):
        _add_api(document)
        _add_stage(document)
    others = {function.key: function for function in functions}
    routes = [_add_route(document, function, event, others) for function, event in found]
    outside = document.provider.at("apiGateway", "websocketApiId")
    document.put(
        DEPLOYMENT, "AWS::ApiGatewayV2::Deployment",
        {
            "ApiId": _api(document),
            "Description": document.provider["websocketsDescription"] or DESCRIBED,
            "StageName": document.stage if outside else None,
        },
        found[0][1], added="to deploy the API", DependsOn=routes,
    )  # fmt: skip
    address = joined(
        "wss://", _api(document), ".execute-api.", {"Ref": "AWS::Region"}, ".",
        {"Ref": "AWS::URLSuffix"}, "/", document.stage,
    )  # fmt: skip
    document.output("ServiceEndpointWebsocket", address, "URL of the service endpoint")


def _api(document: Document) -> Any:
    return document.provider.at("apiGateway", "websocketApiId") or {"Ref": WEBSOCKETS}


def _add_api(document: Document) -> None:
    provider = document.provider
    own = provider["websocketsApiName"]
    tagged = provider.at("websocket", "useProviderTags")
    document.put(
        WEBSOCKETS, "AWS::ApiGatewayV2::Api",
        {
            "Name": own or text([document.stage, "-", document.name, "-websockets"]),
            "RouteSelectionExpression": provider["websocketsApiRouteSelectionExpression"]
            or "$request.body.action",
            "Description": provider["websocketsDescription"] or DESCRIBED,
            "ProtocolType": "WEBSOCKET",
            "Tags": dict(provider["tags"].items()) if tagged else None,
        },
        own or provider,
    )  # fmt: skip
    connections = joined("arn:", {"Ref": "AWS::Partition"}, ":execute-api:*:*:*/@connections/*")
    actions = ["execute-api:ManageConnections"]
    document.allow({"Effect": "Allow", "Action": actions, "Resource": [connections]})


def _add_stage(document: Document) -> None:
    logs = document.provider.at("logs", "websocket")
    description = document.provider["websocketsDescription"] or DESCRIBED
    settings: dict[str, Any] = {
        "ApiId": _api(document),
        "StageName": document.stage,
        "Description": description,
        "DeploymentId": {"Ref": DEPLOYMENT},
    }
    if logs:
        settings |= _logging(document, logs)
    document.put(STAGE, "AWS::ApiGatewayV2::Stage", settings, logs or document.provider)


def _logging(document: Document, logs: Part) -> dict[str, Any]:
    off = logs.is_map and logs["executionLogging"].value is False
    traced = logs["fullExecutionData"].value is not False if logs.is_map else True
    level: Any = "OFF" if off else (logs.is_map and logs["level"]) or "INFO"
    name = text(["/aws/websocket/", document.name, "-", document.stage])
    days = document.provider["logRetentionInDays"]
    properties = {"LogGroupName": name, "RetentionInDays": days or None}
    why = "for the API's log"
    document.put("WebsocketsLogGroup", "AWS::Logs::LogGroup", properties, logs, added=why)
    add_account_role(document, logs)
    found: dict[str, Any] = {
        "DefaultRouteSettings": {"DataTraceEnabled": traced, "LoggingLevel": level}
    }
    if not (logs.is_map and logs["accessLogging"].value is False):
        group = arn("logs", "log-group:", {"Ref": "WebsocketsLogGroup"})
        form = (logs.is_map and logs["format"]) or Part(LOGGED, logs.path)
        found["AccessLogSettings"] = {"DestinationArn": group, "Format": form}
    return found


def add_account_role(document: Document, logs: Part) -> None:
    """Add what lets API Gateway write logs in the account, unless that is done elsewhere."""
    id, rest = "CustomApiGatewayAccountCloudWatchRole", document.provider.at("logs", "restApi")
    if id in document.resources or (rest.is_map and rest["roleManagedExternally"]):
        return
    roles = arn("iam", "role/*", region="")
    making = ["AttachRolePolicy", "CreateRole", "ListAttachedRolePolicies", "PassRole"]
    account = joined("arn:", {"Ref": "AWS::Partition"}, ":apigateway:*::/account")
    setting = ["apigateway:GET", "apigateway:PATCH"]
    statements: list[Mapping[str, Any]] = [
        {"Effect": "Allow", "Resource": roles, "Action": [f"iam:{name}" for name in making]},
        {"Effect": "Allow", "Resource": account, "Action": setting},
    ]
    add_handler(document, "account", statements, logs)
    handler = "CustomDashresourceDashapigwDashcwDashroleLambdaFunction"
    document.put(
        id, "Custom::ApiGatewayAccountRole",
        {
            "ServiceToken": {"Fn::GetAtt": [handler, "Arn"]},
            "RoleArn": rest["role"] if rest.is_map else None,
        },
        logs, added="to let API Gateway write logs in this account",
    )  # fmt: skip


def _add_route(
    document: Document, function: Deployed, event: Part, others: dict[str, Deployed]
) -> str:
    """Add a route, what hands it to its function, and who asks the caller; return its id."""
    route = event["route"] if event.is_map else event
    id = websocket_route(word(route.value))
    integration = f"{function.normalised}WebsocketsIntegration"
    _add_target(document, function, event, integration)
    answered = event["routeResponseSelectionExpression"] if event.is_map else None
    asked = event["authorizer"] if event.is_map else None
    authorizer = _add_authorizer(document, asked, others) if asked else ""
    document.put(
        id, "AWS::ApiGatewayV2::Route",
        {
            "ApiId": _api(document),
            "RouteKey": route,
            "AuthorizationType": Part("CUSTOM", asked.path) if asked else "NONE",
            "AuthorizerId": {"Ref": authorizer} if authorizer else None,
            "Target": {"Fn::Join": ["/", ["integrations", {"Ref": integration}]]},
            "RouteResponseSelectionExpression": answered,
        },
        event,
    )  # fmt: skip
    if answered:
        response = {"ApiId": _api(document), "RouteId": {"Ref": id}, "RouteResponseKey": "$default"}
        document.put(f"{id}Response", "AWS::ApiGatewayV2::RouteResponse", response, event)
    return id


def _add_target(document: Document, function: Deployed, event: Part, id: str) -> None:
    if id in document.resources:
        return
    uri = invocation(function.target)
    properties = {"ApiId": _api(document), "IntegrationType": "AWS_PROXY", "IntegrationUri": uri}
    document.put(
        id, "AWS::ApiGatewayV2::Integration", properties, event, DependsOn=function.alias_id
    )
    _permit(document, function.normalised, function.target, event)


def _permit(document: Document, name: str, target: Any, event: Part) -> None:
    invoked = {"FunctionName": target, "Action": "lambda:InvokeFunction"}
    properties = {**invoked, "Principal": "apigateway.amazonaws.com"}
    document.put(f"{name}LambdaPermissionWebsockets", PERMISSION, properties, event)


def _add_authorizer(document: Document, asked: Part, others: dict[str, Deployed]) -> str:
    """Add an authorizer, which is a function here or elsewhere; return its id."""
    elsewhere = asked["arn"] if asked.is_map else asked
    name = asked["name"].word if asked.is_map else asked.word
    function = others.get(name)
    target: Any = elsewhere
    if function and not (asked.is_map and elsewhere):
        target = function.target
    elif ":" in word(elsewhere.value):
        name = name if asked.is_map and name else word(elsewhere.value).split(":")[-1]
    elif not elsewhere or not name:
        reason = f"the authorizer {name or asked.value} is not declared"
        document.lose(reason, "whom the route asks is not known", asked)
        name = name or "Unknown"
    sources = asked["identitySource"] if asked.is_map else None
    id = f"{normalised(name)}WebsocketsAuthorizer"
    document.put(
        id, "AWS::ApiGatewayV2::Authorizer",
        {
            "ApiId": _api(document),
            "Name": name,
            "AuthorizerType": "REQUEST",
            "AuthorizerUri": invocation(target),
            "IdentitySource": sources or ["route.request.header.Auth"],
        },
        asked,
    )  # fmt: skip
    _permit(document, normalised(name), target, asked)
    return id
