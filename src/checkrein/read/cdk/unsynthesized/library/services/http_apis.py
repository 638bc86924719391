"""API Gateway's HTTP and WebSocket APIs: routes, integrations, authorizers, stages."""

from __future__ import annotations

from checkrein.model.values import Open, Symbol, Value
from checkrein.read.cdk.unsynthesized.library.policies import allow, granted
from checkrein.read.cdk.unsynthesized.library.registry import makes, method, silent
from checkrein.read.cdk.unsynthesized.library.services.functions import permit
from checkrein.read.cdk.unsynthesized.library.things import Construct
from checkrein.read.cdk.unsynthesized.library.values import (
    argument,
    imported_as,
    joined,
    last_name,
    prop,
    seconds,
    shaped,
)
from checkrein.read.cdk.unsynthesized.library.world import World
from checkrein.read.cdk.unsynthesized.trace import Called, New, Traced

API, ROUTE = "AWS::ApiGatewayV2::Api", "AWS::ApiGatewayV2::Route"
INTEGRATION, STAGE = "AWS::ApiGatewayV2::Integration", "AWS::ApiGatewayV2::Stage"
AUTHORIZER = "AWS::ApiGatewayV2::Authorizer"
CALLER = "apigateway.amazonaws.com"
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
    if prop(given, "createDefaultStage") is not False:
        stage = made.child("DefaultStage", kind="aws_apigatewayv2.HttpStage")
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
            "AccessLogSettings": {
                "DestinationArn": world.attribute(group, "logGroupArn"), "Format": Open("a format"),
            } if group else None,
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
    verbs = [last_name(each) or world.text(each) for each in methods] if isinstance(methods, list) else ["ANY"]
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
        **_authorized(world, api, authorizer),
    }
    if scopes is not None:
        properties["AuthorizationScopes"] = world.value(scopes)
    made.put(ROUTE, properties, "Resource")


def _integration(
    world: World, api: Construct, made: Construct, traced: Traced, key: str
) -> Value:
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
        properties |= {"IntegrationType": Open("what answers"), "IntegrationUri": Open("what answers")}
    if function:
        source = joined(_execute(world, api), "/*/*", *_path(api, key))
        permit(function, made, f"{name}-Permission", CALLER, source)
    mark = id(traced) if traced is not None else id(made)
    if mark not in known:
        known[mark] = made.child(name).put(INTEGRATION, properties, "Resource")
    return known[mark]


def _path(api: Construct, key: str) -> list[Value]:
    if api.kind.endswith("WebSocketApi"):
        return []
    return [key.partition(" ")[2]] if " " in key else []


def _execute(world: World, api: Construct) -> Value:
    return joined(
        "arn:", Symbol("@aws", "Partition"), ":execute-api:", Symbol("@aws", "Region"), ":",
        Symbol("@aws", "AccountId"), ":", world.attribute(api, "apiId"),
    )  # fmt: skip


# ------------------------------------------------------------------------------ authorizers


def _authorized(world: World, api: Construct, traced: Traced) -> dict[str, Value]:
    """Return who may call a route, and make the authorizer for the first that has it."""
    if traced is None:
        return {"AuthorizationType": "NONE"}
    known: dict[int, dict[str, Value]] = api.told.setdefault("authorizers", {})
    if id(traced) not in known:
        known[id(traced)] = _authorizer(world, api, traced)
    return known[id(traced)]


def _authorizer(world: World, api: Construct, traced: Traced) -> dict[str, Value]:
    kind = traced.kind.rpartition(".")[2] if isinstance(traced, New) else ""
    construct = world.construct(traced)
    if construct and construct.key:
        return {"AuthorizationType": _kind(construct), "AuthorizerId": construct.of()}
    if kind in ("HttpNoneAuthorizer", "WebSocketNoneAuthorizer"):
        return {"AuthorizationType": "NONE"}
    if kind in ("HttpIamAuthorizer", "WebSocketIamAuthorizer"):
        return {"AuthorizationType": "AWS_IAM"}
    if not kind.endswith("Authorizer"):
        return {"AuthorizationType": Open("whether it has an authorizer")}
    name = world.text(argument(traced, 0)) or "Authorizer"
    made = api.child(name, kind="aws_apigatewayv2.HttpAuthorizer", place=traced.place)
    common = {"ApiId": world.attribute(api, "apiId")}
    if "Lambda" in kind:
        return _by_function(world, api, made, traced, common)
    if kind == "HttpUserPoolAuthorizer":
        pool, given = world.construct(argument(traced, 1)), argument(traced, 2)
        listed = prop(given, "userPoolClients")
        clients = [world.construct(each) for each in listed] if isinstance(listed, list) else []
        audience: Value = [world.attribute(each, "userPoolClientId") for each in clients if each]
        region = prop(given, "userPoolRegion")
        issuer = joined(
            "https://cognito-idp.",
            Symbol("@aws", "Region") if region is None else world.value(region),
            ".amazonaws.com/",
            world.attribute(pool, "userPoolId") if pool else Open("a user pool"),
        )
    else:
        issuer, given = world.value(argument(traced, 1)), argument(traced, 2)
        audience = world.value(prop(given, "jwtAudience"))
    said = world.value(prop(given, "authorizerName"))
    made.put(
        AUTHORIZER,
        {
            **common,
            "AuthorizerType": "JWT",
            "Name": name if said is None else said,
            "IdentitySource": world.value(prop(given, "identitySource"))
            or ["$request.header.Authorization"],
            "JwtConfiguration": {"Audience": audience, "Issuer": issuer},
        },
        "Resource",
    )
    return {"AuthorizationType": "JWT", "AuthorizerId": made.of()}


def _by_function(
    world: World, api: Construct, made: Construct, traced: New, common: dict[str, Value]
) -> dict[str, Value]:
    function, given = world.construct(argument(traced, 1)), argument(traced, 2)
    place = world.attribute(function, "functionArn") if function else Open("a function")
    web = api.kind.endswith("WebSocketApi")
    types = prop(given, "responseTypes")
    simple = [last_name(each) for each in types] if isinstance(types, list) else ["IAM"]
    ttl = seconds(world, prop(given, "resultsCacheTtl"))
    default = ["route.request.querystring.Authorization"] if web else ["$request.header.Authorization"]
    name = world.value(prop(given, "authorizerName"))
    made.put(
        AUTHORIZER,
        {
            **common,
            "AuthorizerType": "REQUEST",
            "Name": made.path[-1] if name is None else name,
            "AuthorizerUri": joined(
                "arn:", Symbol("@aws", "Partition"), ":apigateway:", Symbol("@aws", "Region"),
                ":lambda:path/2015-03-31/functions/", place, "/invocations",
            ),
            "AuthorizerPayloadFormatVersion": None if web else
            "2.0" if "SIMPLE" in simple else "1.0",
            "EnableSimpleResponses": None if web else "SIMPLE" in simple,
            "AuthorizerResultTtlInSeconds": None if web else 300 if ttl is None else ttl,
            "IdentitySource": world.value(prop(given, "identitySource")) or default,
        },
        "Resource",
    )  # fmt: skip
    if function:
        source = joined(_execute(world, api), "/authorizers/", made.of())
        permit(function, made, f"{'-'.join(made.path)}-Permission", CALLER, source)
    return {"AuthorizationType": "CUSTOM", "AuthorizerId": made.of()}


@makes("aws_apigatewayv2.HttpAuthorizer")
def authorizer(world: World, made: Construct) -> None:
    api = world.construct(world.props(made, "httpApi"))
    kind = last_name(world.props(made, "type"))
    names = {"JWT": "JWT", "LAMBDA": "REQUEST"}
    properties = {
        "ApiId": world.attribute(api, "apiId") if api else Open("an API"),
        "AuthorizerType": names.get(kind, Open("a kind of authorizer")),
        "Name": world.given(made, "authorizerName") or made.path[-1],
        "IdentitySource": world.given(made, "identitySource"),
        "AuthorizerUri": world.given(made, "authorizerUri"),
    }
    if kind == "JWT":
        properties["JwtConfiguration"] = {
            "Audience": world.given(made, "jwtAudience"),
            "Issuer": world.given(made, "jwtIssuer"),
        }
    made.put(AUTHORIZER, properties, "Resource")


def _kind(construct: Construct) -> Value:
    return {"JWT": "JWT", "REQUEST": "CUSTOM"}.get(
        str(construct.properties.get("AuthorizerType")), Open("an authorizer")
    )


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
        properties |= _authorized(world, api, authorizer)
    if prop(given, "returnResponse") is True:
        properties["RouteResponseSelectionExpression"] = "$default"
    made.put(ROUTE, properties, "Resource")


@method("grantManageConnections", "grantManagementApiAccess")
def grant_connections(world: World, made: Construct, called: Called) -> None:
    api = made.parts.get("api", made)
    stage = world.attribute(made, "stageName") if made is not api else "*"
    place = joined(_execute(world, api), "/", stage, "/*/@connections/*")
    allow(world, argument(called, 0), granted(["execute-api:ManageConnections"], [place]))


@method("arnForExecuteApi", of=("aws_apigatewayv2",))
def execute_arn(world: World, made: Construct, called: Called) -> Value:
    return joined(_execute(world, made), "/*")


@method(
    "aws_apigatewayv2.HttpApi.fromHttpApiAttributes",
    "aws_apigatewayv2.WebSocketApi.fromWebSocketApiAttributes",
)
def imported(world: World, made: Construct, called: Called) -> Construct:
    told = imported_as(called)
    name = "httpApiId" if "Http" in called.name else "webSocketId"
    made.attributes["apiId"] = made.attributes["httpApiId"] = world.value(prop(told, name))
    return made
