"""REST APIs: authorizers, usage plans, keys, answers of the gateway, models and validators."""

from __future__ import annotations

from checkrein.model.values import Open, Symbol, Value
from checkrein.read.cdk.unsynthesized.library.logical_ids import logical_id
from checkrein.read.cdk.unsynthesized.library.registry import makes, method
from checkrein.read.cdk.unsynthesized.library.things import Construct
from checkrein.read.cdk.unsynthesized.library.values import (
    argument,
    joined,
    last_name,
    prop,
    seconds,
    shaped,
)
from checkrein.read.cdk.unsynthesized.library.world import World
from checkrein.read.cdk.unsynthesized.trace import Called, Traced

THROTTLE = {"rateLimit": "RateLimit", "burstLimit": "BurstLimit"}


@makes("aws_apigateway.CognitoUserPoolsAuthorizer")
def of_pools(world: World, made: Construct) -> None:
    listed = world.props(made, "cognitoUserPools")
    pools: list[Value] = []
    for each in listed if isinstance(listed, list) else (None,):
        pool = world.construct(each)
        pools.append(world.attribute(pool, "userPoolArn") if pool else Open("a user pool"))
    _authorizer(world, made, "COGNITO_USER_POOLS", {"ProviderARNs": pools})


@makes("aws_apigateway.TokenAuthorizer", "aws_apigateway.RequestAuthorizer")
def of_function(world: World, made: Construct) -> None:
    function = world.construct(world.props(made, "handler"))
    place = world.attribute(function, "functionArn") if function else Open("a function")
    uri = joined(
        "arn:", Symbol("@aws", "Partition"), ":apigateway:", Symbol("@aws", "Region"),
        ":lambda:path/2015-03-31/functions/", place, "/invocations",
    )  # fmt: skip
    kind = "TOKEN" if made.kind.endswith("TokenAuthorizer") else "REQUEST"
    _authorizer(world, made, kind, {"AuthorizerUri": uri})
    if function:
        made.told["permit"] = function


def _authorizer(world: World, made: Construct, kind: str, more: dict[str, Value]) -> None:
    name = world.given(made, "authorizerName")
    ttl = seconds(world, world.props(made, "resultsCacheTtl"))
    source = world.given(made, "identitySource")
    several = world.props(made, "identitySources")
    if several is not None and not isinstance(several, list):
        source = Open("where a token is")
    elif isinstance(several, list):
        said = [world.value(each) for each in several]
        source = ",".join(said) if all(isinstance(each, str) for each in said) else Open("a source")
    if source is None and kind != "REQUEST":
        source = "method.request.header.Authorization"
    made.put(
        "AWS::ApiGateway::Authorizer",
        {
            "Name": logical_id((made.stack.name, *made.path))[0] if name is None else name,
            "Type": kind,
            "RestApiId": Open("the API that it is used in"),
            "IdentitySource": source,
            "AuthorizerResultTtlInSeconds": 300
            if ttl is None and kind != "COGNITO_USER_POOLS"
            else ttl,
            "IdentityValidationExpression": world.given(made, "validationRegex"),
            **more,
        },
        "Resource",
    )


@method("addUsagePlan")
def add_plan(world: World, made: Construct, called: Called) -> Construct:
    found = made.child(world.text(argument(called, 0)), kind="aws_apigateway.UsagePlan")
    _plan(world, found, argument(called, 1))
    return found


@makes("aws_apigateway.UsagePlan")
def plan(world: World, made: Construct) -> None:
    _plan(world, made, made.given)


def _plan(world: World, made: Construct, given: Traced) -> None:
    stages = prop(given, "apiStages")
    made.put(
        "AWS::ApiGateway::UsagePlan",
        {
            "UsagePlanName": world.value(prop(given, "name")),
            "Throttle": shaped(world, prop(given, "throttle"), THROTTLE),
            "Quota": shaped(world, prop(given, "quota"), {"limit": "Limit", "period": "Period"}),
            "ApiStages": [_of_stage(world, each) for each in stages]
            if isinstance(stages, list)
            else world.value(stages),
        },
        "Resource",
    )


def _of_stage(world: World, given: Traced) -> Value:
    stage, api = (world.construct(prop(given, name)) for name in ("stage", "api"))
    owner = api or (stage.parts.get("api") if stage else None)
    return {
        "ApiId": world.attribute(owner, "restApiId") if owner else Open("an API"),
        "Stage": stage.of() if stage and stage.key else Open("a stage"),
    }


@method("addApiStage")
def add_stage(world: World, made: Construct, called: Called) -> None:
    made.properties.setdefault("ApiStages", []).append(_of_stage(world, argument(called, 0)))


@method("addApiKey")
def add_key(world: World, made: Construct, called: Called) -> Construct | None:
    first = argument(called, 0)
    key = world.construct(first)
    if key:  # of a usage plan
        made.child(f"UsagePlanKeyResource{len(made.stack.resources)}").put(
            "AWS::ApiGateway::UsagePlanKey",
            {"KeyId": key.of(), "KeyType": "API_KEY", "UsagePlanId": made.of()},
        )
        return None
    found = made.child(world.text(first), kind="aws_apigateway.ApiKey")
    _key(world, found, argument(called, 1))
    return found


@makes("aws_apigateway.ApiKey")
def api_key(world: World, made: Construct) -> None:
    _key(world, made, made.given)


def _key(world: World, made: Construct, given: Traced) -> None:
    made.put(
        "AWS::ApiGateway::ApiKey",
        {
            "Enabled": True,
            "Name": world.value(prop(given, "apiKeyName")),
            "Value": world.value(prop(given, "value")),
        },
        "Resource",
    )
    made.attributes["keyId"] = made.of()


@method("addGatewayResponse")
def add_response(world: World, made: Construct, called: Called) -> None:
    _response(world, made.child(world.text(argument(called, 0))), made, argument(called, 1))


@makes("aws_apigateway.GatewayResponse")
def gateway_response(world: World, made: Construct) -> None:
    api = world.construct(world.props(made, "restApi"))
    if api:
        _response(world, made, api, made.given)


def _response(world: World, made: Construct, api: Construct, given: Traced) -> None:
    type = last_name(prop(given, "type")).replace("_XX", "XX")
    headers = world.value(prop(given, "responseHeaders"))
    if isinstance(headers, dict):
        headers = {f"gatewayresponse.header.{name}": each for name, each in headers.items()}
    made.put(
        "AWS::ApiGateway::GatewayResponse",
        {
            "ResponseType": type or Open("a kind of answer"),
            "RestApiId": api.of(),
            "StatusCode": world.value(prop(given, "statusCode")),
            "ResponseParameters": headers,
            "ResponseTemplates": world.value(prop(given, "templates")),
        },
        "Resource",
    )


@method("addModel", "addRequestValidator")
def add_part(world: World, made: Construct, called: Called) -> Construct:
    kind = "Model" if called.name == "addModel" else "RequestValidator"
    found = made.child(world.text(argument(called, 0)), kind=f"aws_apigateway.{kind}")
    _part(world, found, made, argument(called, 1))
    return found


@makes("aws_apigateway.Model", "aws_apigateway.RequestValidator")
def part(world: World, made: Construct) -> None:
    api = world.construct(world.props(made, "restApi"))
    if api:
        _part(world, made, api, made.given)


def _part(world: World, made: Construct, api: Construct, given: Traced) -> None:
    common = {"RestApiId": world.attribute(api, "restApiId")}
    if made.kind.endswith("Model"):
        properties = {
            **common,
            "ContentType": world.value(prop(given, "contentType")) or "application/json",
            "Name": world.value(prop(given, "modelName")),
            "Schema": _schema(world.value(prop(given, "schema"))),
        }
        made.put("AWS::ApiGateway::Model", properties, "Resource")
        made.attributes["modelId"] = made.of()
        return
    shape = {
        "requestValidatorName": "Name",
        "validateRequestBody": "ValidateRequestBody",
        "validateRequestParameters": "ValidateRequestParameters",
    }
    found = {**common, **(shaped(world, given, shape) or {})}
    made.put("AWS::ApiGateway::RequestValidator", found, "Resource")
    made.attributes["requestValidatorId"] = made.of()


def _schema(found: Value) -> Value:
    names = {"schema": "$schema", "ref": "$ref", "id": "id"}
    if isinstance(found, dict):
        return {names.get(key, key): _schema(each) for key, each in found.items()}
    return [_schema(each) for each in found] if isinstance(found, list) else found
