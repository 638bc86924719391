"""Authorizers of HTTP and WebSocket APIs."""

from __future__ import annotations

from checkrein.model.values import Open, Symbol, Value
from checkrein.read.cdk.unsynthesized.library.registry import makes
from checkrein.read.cdk.unsynthesized.library.services.permissions import permit
from checkrein.read.cdk.unsynthesized.library.things import Construct
from checkrein.read.cdk.unsynthesized.library.values import (
    argument,
    joined,
    last_name,
    prop,
    seconds,
)
from checkrein.read.cdk.unsynthesized.library.world import World
from checkrein.read.cdk.unsynthesized.trace import New, Traced

CALLER = "apigateway.amazonaws.com"


AUTHORIZER = "AWS::ApiGatewayV2::Authorizer"


def execute_start(world: World, api: Construct) -> Value:
    return joined(
        "arn:", Symbol("@aws", "Partition"), ":execute-api:", Symbol("@aws", "Region"), ":",
        Symbol("@aws", "AccountId"), ":", world.attribute(api, "apiId"),
    )  # fmt: skip


def authorized(world: World, api: Construct, traced: Traced) -> dict[str, Value]:
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
        pool, given = world.construct(argument(traced, 1, "pool")), argument(traced, 2)
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
        issuer, given = world.value(argument(traced, 1, "jwtIssuer")), argument(traced, 2)
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
    function, given = world.construct(argument(traced, 1, "handler")), argument(traced, 2)
    place = world.attribute(function, "functionArn") if function else Open("a function")
    web = api.kind.endswith("WebSocketApi")
    types = prop(given, "responseTypes")
    simple = [last_name(each) for each in types] if isinstance(types, list) else ["IAM"]
    ttl = seconds(world, prop(given, "resultsCacheTtl"))
    default = (
        ["route.request.querystring.Authorization"] if web else ["$request.header.Authorization"]
    )
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
        source = joined(execute_start(world, api), "/authorizers/", made.of())
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
