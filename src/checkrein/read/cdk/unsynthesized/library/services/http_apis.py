"""API Gateway's HTTP and WebSocket APIs: routes, integrations, authorizers, stages."""

from __future__ import annotations

from checkrein.model.values import Open, Symbol, Value
from checkrein.read.cdk.unsynthesized.library.policies import allow, granted
from checkrein.read.cdk.unsynthesized.library.registry import makes, method, silent
from checkrein.read.cdk.unsynthesized.library.services.http_authorizers import (
    CALLER,
    authorized,
    execute_start,
)
from checkrein.read.cdk.unsynthesized.library.services.permissions import permit
from checkrein.read.cdk.unsynthesized.library.things import Construct
from checkrein.read.cdk.unsynthesized.library.values import (
    argument,
    imported_as,
    joined,
    last_name,
    prop,
    seconds,
    shaped,
    whether,
)
from checkrein.read.cdk.unsynthesized.library.world import World
from checkrein.read.cdk.unsynthesized.trace import Called, New, Traced

API, ROUTE = "AWS::ApiGatewayV2::Api", "AWS::ApiGatewayV2::Route"
INTEGRATION, STAGE = "AWS::ApiGatewayV2::Integration", "AWS::ApiGatewayV2::Stage"
CORS = {
    "allowCredentials": "AllowCredentials",
    "allowHeaders": "AllowHeaders",
    "allowMethods": "AllowMethods",
    "allowOrigins": "AllowOrigins",
    "exposeHeaders": "ExposeHeaders",
    "maxAge": ("MaxAge", seconds),
}
silent("aws_apigatewayv2.ApiMapping", "aws_apigatewayv2.DomainName", "addVpcLink")


@makes("aws_apigatewayv2.HttpApi")
def http_api(world: World, made: Construct) -> None:
    given = made.given
    name = world.value(prop(given, "apiName"))
    made.put(
        API,
        {
            "Name": made.path[-1] if name is None else name,
            "ProtocolType": "HTTP",
            "Description": world.value(prop(given, "description")),
            "CorsConfiguration": shaped(world, prop(given, "corsPreflight"), CORS),
            "DisableExecuteApiEndpoint": world.value(prop(given, "disableExecuteApiEndpoint")),
        },
        "Resource",
    )
    made.told["authorizer"] = prop(given, "defaultAuthorizer")
    made.told["scopes"] = prop(given, "defaultAuthorizationScopes")
    made.attributes["url"] = joined(_url(made), "/")
    made.attributes["apiEndpoint"] = made.of("ApiEndpoint")
    default = prop(given, "defaultIntegration")
    if default is not None:
        _route(world, made, made.child("DefaultRoute"), "$default", default, None)
    default_stage = prop(given, "createDefaultStage")
    if default_stage is not False:
        stage = made.child("DefaultStage", kind="aws_apigatewayv2.HttpStage")
        if default_stage not in (None, True):
            stage.condition = stage.condition or world.unsure(made.stack, made.place)
        _stage(world, stage, made, {"stageName": "$default", "autoDeploy": True})
        made.parts["defaultStage"] = stage


def _url(made: Construct) -> Value:
    return joined(
        "https://", made.of(), ".execute-api.", Symbol("@aws", "Region"), ".",
        Symbol("@aws", "URLSuffix"),
    )  # fmt: skip


@makes("aws_apigatewayv2.HttpStage", "aws_apigatewayv2.WebSocketStage")
def stage(world: World, made: Construct) -> None:
    kind = "httpApi" if made.kind.endswith("HttpStage") else "webSocketApi"
    api = world.construct(world.props(made, kind))
    if api:
        _stage(world, made, api, made.given)


def _stage(world: World, made: Construct, api: Construct, given: Traced) -> None:
    name = world.value(prop(given, "stageName"))
    logs = prop(given, "accessLogSettings", "destination")
    group = world.construct(argument(logs, 0)) if isinstance(logs, New) else None
    throttle = shaped(world, prop(given, "throttle"), {
        "rateLimit": "ThrottlingRateLimit", "burstLimit": "ThrottlingBurstLimit",
    })  # fmt: skip
    made.put(
        STAGE,
        {
            "ApiId": world.attribute(api, "apiId"),
            "StageName": "$default" if name is None else name,
            "AutoDeploy": world.value(prop(given, "autoDeploy")),
            "DefaultRouteSettings": throttle,
            "AccessLogSettings": None if logs is None else {
                "DestinationArn": world.attribute(group, "logGroupArn") if group
                else Open("where it writes its log"), "Format": Open("a format"),
            },
        },
        "Resource",
    )  # fmt: skip
    made.parts["api"] = api
    base = _url(api) if api.key else Open("an imported API's URL")
    if made.kind.endswith("WebSocketStage"):
        made.attributes["url"] = joined("wss://", Open("a host"), "/", made.of())
        made.attributes["callbackUrl"] = joined(base, "/", made.of())
    else:
        made.attributes["url"] = joined(base, "/")


# ------------------------------------------------------------------------------ routes


@method("addRoutes")
def add_routes(world: World, made: Construct, called: Called) -> None:
    given = argument(called, 0)
    path = world.text(prop(given, "path"))
    methods = prop(given, "methods")
    verbs = (
        [last_name(each) or world.text(each) for each in methods]
        if isinstance(methods, list)
        else ["ANY"]
    )
    if methods is not None and not isinstance(methods, list):
        verbs = ["ANY"]
    for verb in verbs or ["ANY"]:
        key = f"{verb} {path}"
        route = made.child(f"{verb}{path}", place=called.place)
        route.condition = world.condition or made.condition
        _route(world, made, route, key, prop(given, "integration"), given)


@makes("aws_apigatewayv2.HttpRoute")
def http_route(world: World, made: Construct) -> None:
    api = world.construct(world.props(made, "httpApi"))
    key = world.props(made, "routeKey")
    if api is None:
        return
    named = "$default" if last_name(key) == "DEFAULT" else ""
    if isinstance(key, Called):
        verb = last_name(argument(key, 1)) or "ANY"
        named = f"{verb} {world.text(argument(key, 0))}"
    if not named:
        world.note("the key of a route", made.place)
    _route(world, api, made, named or "unknown", world.props(made, "integration"), made.given)


def _route(
    world: World, api: Construct, made: Construct, key: str, integration: Traced, given: Traced
) -> None:
    target = _integration(world, api, made, integration, key)
    authorizer = prop(given, "authorizer")
    inherited = authorizer is None
    authorizer = api.told.get("authorizer") if inherited else authorizer
    scopes = prop(given, "authorizationScopes")
    scopes = api.told.get("scopes") if scopes is None and inherited else scopes
    properties: dict[str, Value] = {
        "ApiId": world.attribute(api, "apiId"),
        "RouteKey": key,
        "Target": joined("integrations/", target),
        **authorized(world, api, authorizer),
    }
    if scopes is not None:
        properties["AuthorizationScopes"] = world.value(scopes)
    made.put(ROUTE, properties, "Resource")


def _integration(world: World, api: Construct, made: Construct, traced: Traced, key: str) -> Value:
    """Make what answers a route, once for each integration of an API; return its id."""
    known: dict[int, Value] = api.told.setdefault("integrations", {})
    properties: dict[str, Value] = {"ApiId": world.attribute(api, "apiId")}
    function: Construct | None = None
    kind, name = "", "integration"
    if isinstance(traced, New):
        kind = traced.kind.rpartition(".")[2]
        name = world.text(argument(traced, 0)) or name
    if "LambdaIntegration" in kind or kind == "LambdaProxyIntegration":
        at = 1 if isinstance(argument(traced, 0), str) else 0
        handler = argument(traced, 1) if at else prop(argument(traced, 0), "handler")
        function = world.construct(handler)
        version = last_name(prop(argument(traced, 2), "payloadFormatVersion"))
        web = api.kind.endswith("WebSocketApi")
        place = world.attribute(function, "functionArn") if function else Open("a function")
        invoked = joined(
            "arn:", Symbol("@aws", "Partition"), ":apigateway:", Symbol("@aws", "Region"),
            ":lambda:path/2015-03-31/functions/", place, "/invocations",
        )  # fmt: skip
        properties |= {
            "IntegrationType": "AWS_PROXY",
            "IntegrationUri": invoked if web else place,
            "PayloadFormatVersion": None if web else {"VERSION_1_0": "1.0"}.get(version, "2.0"),
        }
    elif kind == "HttpUrlIntegration":
        properties |= {
            "IntegrationType": "HTTP_PROXY",
            "IntegrationUri": world.value(argument(traced, 1)),
            "IntegrationMethod": world.value(prop(argument(traced, 2), "method")) or "ANY",
            "PayloadFormatVersion": "1.0",
        }
    elif kind == "WebSocketMockIntegration":
        properties |= {"IntegrationType": "MOCK"}
    else:
        properties |= {
            "IntegrationType": Open("what answers"),
            "IntegrationUri": Open("what answers"),
        }
    if function:
        source = joined(execute_start(world, api), "/*/*", *_path(api, key))
        permit(function, made, f"{name}-Permission", CALLER, source)
    mark = id(traced) if traced is not None else id(made)
    if mark not in known:
        known[mark] = made.child(name).put(INTEGRATION, properties, "Resource")
    return known[mark]


def _path(api: Construct, key: str) -> list[Value]:
    if api.kind.endswith("WebSocketApi"):
        return []
    return [key.partition(" ")[2]] if " " in key else []


# ------------------------------------------------------------------------------ authorizers


# ------------------------------------------------------------------------------ WebSockets


@makes("aws_apigatewayv2.WebSocketApi")
def socket_api(world: World, made: Construct) -> None:
    given = made.given
    name = world.value(prop(given, "apiName"))
    selection = world.value(prop(given, "routeSelectionExpression"))
    made.put(
        API,
        {
            "Name": made.path[-1] if name is None else name,
            "ProtocolType": "WEBSOCKET",
            "RouteSelectionExpression": "$request.body.action" if selection is None else selection,
        },
        "Resource",
    )
    for key in ("connect", "disconnect", "default"):
        options = prop(given, f"{key}RouteOptions")
        if options is not None:
            _socket_route(world, made, f"${key}", options)


@method("addRoute", of=("aws_apigatewayv2",))
def add_route(world: World, made: Construct, called: Called) -> None:
    _socket_route(world, made, world.text(argument(called, 0)), argument(called, 1))


def _socket_route(world: World, api: Construct, key: str, given: Traced) -> None:
    made = api.child(f"{key}-Route", place=world.at)
    authorizer = prop(given, "authorizer")
    properties: dict[str, Value] = {
        "ApiId": api.of(),
        "RouteKey": key,
        "AuthorizationType": "NONE",
        "Target": joined(
            "integrations/", _integration(world, api, made, prop(given, "integration"), key)
        ),
    }
    if authorizer is not None:
        properties |= authorized(world, api, authorizer)
    answers = whether(world, prop(given, "returnResponse"), "$default")
    properties["RouteResponseSelectionExpression"] = answers
    made.put(ROUTE, properties, "Resource")


@method("grantManageConnections", "grantManagementApiAccess")
def grant_connections(world: World, made: Construct, called: Called) -> None:
    api = made.parts.get("api", made)
    stage = world.attribute(made, "stageName") if made is not api else "*"
    place = joined(execute_start(world, api), "/", stage, "/*/@connections/*")
    allow(world, argument(called, 0), granted(["execute-api:ManageConnections"], [place]))


@method("arnForExecuteApi", of=("aws_apigatewayv2",))
def execute_arn(world: World, made: Construct, called: Called) -> Value:
    return joined(execute_start(world, made), "/*")


@method(
    "aws_apigatewayv2.HttpApi.fromHttpApiAttributes",
    "aws_apigatewayv2.WebSocketApi.fromWebSocketApiAttributes",
)
def imported(world: World, made: Construct, called: Called) -> Construct:
    told = imported_as(called)
    name = "httpApiId" if "Http" in called.name else "webSocketId"
    made.attributes["apiId"] = made.attributes["httpApiId"] = world.value(prop(told, name))
    return made
