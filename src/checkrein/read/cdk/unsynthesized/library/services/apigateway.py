"""API Gateway's REST APIs: their resources, methods, authorizers, stages, and keys."""

from __future__ import annotations

from checkrein.model.values import Open, Symbol, Value
from checkrein.read.cdk.unsynthesized.library.logical_ids import logical_id
from checkrein.read.cdk.unsynthesized.library.policies import policy_document
from checkrein.read.cdk.unsynthesized.library.registry import makes, method, silent
from checkrein.read.cdk.unsynthesized.library.services.apigateway_methods import (
    add_method,
    cors,
    make_method,
)
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

RESOURCE = "AWS::ApiGateway::Resource"
SETTINGS = {
    "metricsEnabled": "MetricsEnabled",
    "loggingLevel": "LoggingLevel",
    "dataTraceEnabled": "DataTraceEnabled",
    "throttlingBurstLimit": "ThrottlingBurstLimit",
    "throttlingRateLimit": "ThrottlingRateLimit",
    "cachingEnabled": "CachingEnabled",
    "cacheTtl": ("CacheTtlInSeconds", seconds),
    "cacheDataEncrypted": "CacheDataEncrypted",
}
THROTTLE = {"rateLimit": "RateLimit", "burstLimit": "BurstLimit"}
silent("aws_apigateway.RequestValidator", "addApiKeySource", "aws_apigateway.BasePathMapping",
       "addDomainName", "addBasePathMapping", "addApiMapping", "latestDeployment")  # fmt: skip


@makes("aws_apigateway.RestApi", "aws_apigateway.LambdaRestApi", "aws_apigateway.StepFunctionsRestApi")
def rest_api(world: World, made: Construct) -> None:
    given = made.given
    types = prop(given, "endpointTypes")
    configuration = prop(given, "endpointConfiguration")
    if types is None:
        types = prop(configuration, "types")
    policy = prop(given, "policy")
    name = world.value(prop(given, "restApiName"))
    made.put(
        "AWS::ApiGateway::RestApi",
        {
            "Name": made.path[-1] if name is None else name,
            "Description": world.value(prop(given, "description")),
            "EndpointConfiguration": None if types is None else {"Types": world.value(types)},
            "Policy": None if policy is None else policy_document(world, policy),
            "BinaryMediaTypes": world.value(prop(given, "binaryMediaTypes")),
            "DisableExecuteApiEndpoint": world.value(prop(given, "disableExecuteApiEndpoint")),
            "ApiKeySourceType": world.value(prop(given, "apiKeySourceType")),
        },
        "Resource",
    )
    root = made.child("Default", kind="aws_apigateway.Resource")
    root.key, root.told["path"] = "", "/"
    root.attributes["resourceId"] = made.of("RootResourceId")
    root.attributes["path"] = "/"
    root.parts["api"] = root.parts["restApi"] = made
    inherit(root, given, {})
    made.parts["root"] = root
    if root.told["cors"] is not None:
        cors(world, root)
    if prop(given, "deploy") is not False:
        _deploy(world, made, given)
    if made.kind.endswith("LambdaRestApi"):
        _of_function(world, made, root, given)


def inherit(made: Construct, given: Traced, above: dict[str, Traced]) -> None:
    """Keep what the methods of a resource and those below have unless they say otherwise."""
    names = {
        "options": "defaultMethodOptions",
        "integration": "defaultIntegration",
        "cors": "defaultCorsPreflightOptions",
    }
    for name, key in names.items():
        said = prop(given, key)
        made.told[name] = above.get(name) if said is None else said


def _of_function(world: World, made: Construct, root: Construct, given: Traced) -> None:
    root.told["handler"] = world.construct(prop(given, "handler"))
    root.told["integration"] = root.told["integration"] or ("function", prop(given, "handler"))
    if prop(given, "proxy") is False:
        return
    make_method(world, root, "ANY", None, None)
    below = _resource(world, root, "{proxy+}", None)
    make_method(world, below, "ANY", None, None)


def _deploy(world: World, made: Construct, given: Traced) -> None:
    options = prop(given, "deployOptions")
    deployment = made.child("Deployment", kind="aws_apigateway.Deployment")
    deployment.put("AWS::ApiGateway::Deployment", {"RestApiId": made.of()}, "Resource")
    name = world.value(prop(options, "stageName"))
    stage = made.child(f"DeploymentStage.{name or 'prod'}", kind="aws_apigateway.Stage")
    _stage(world, stage, made, deployment, options)
    made.parts["deploymentStage"] = stage
    made.attributes["url"] = api_url(world, made)
    made.parts["latestDeployment"] = deployment


def _stage(
    world: World, stage: Construct, api: Construct, deployment: Construct, options: Traced
) -> None:
    settings = shaped(world, options, SETTINGS) or {}
    listed: list[Value] = []
    if settings:
        listed.append({"HttpMethod": "*", "ResourcePath": "/*", **settings})
    single = prop(options, "methodOptions")
    for path, each in single.items() if isinstance(single, dict) else ():
        where, _, verb = path.rpartition("/")
        own = shaped(world, each, SETTINGS) or {}
        listed.append({"HttpMethod": verb, "ResourcePath": where or "/*", **own})
    logs = prop(options, "accessLogDestination")
    name = world.value(prop(options, "stageName"))
    stage.put(
        "AWS::ApiGateway::Stage",
        {
            "RestApiId": api.of(),
            "DeploymentId": deployment.of(),
            "StageName": "prod" if name is None else name,
            "MethodSettings": listed or None,
            "TracingEnabled": world.value(prop(options, "tracingEnabled")),
            "Variables": world.value(prop(options, "variables")),
            "CacheClusterEnabled": world.value(prop(options, "cacheClusterEnabled")),
            "AccessLogSetting": None if logs is None else _logs(world, logs),
            "Description": world.value(prop(options, "description")),
        },
        "Resource",
    )
    stage.parts["api"] = stage.parts["restApi"] = api
    stage.attributes["urlForPath"] = Open("the URL of a stage")


def _logs(world: World, traced: Traced) -> Value:
    group = world.construct(argument(traced, 0)) if isinstance(traced, New) else None
    found = world.attribute(group, "logGroupArn") if group else Open("where it writes its log")
    return {"DestinationArn": found, "Format": Open("a format")}


@makes("aws_apigateway.Deployment")
def deployment(world: World, made: Construct) -> None:
    api = world.construct(world.props(made, "api"))
    if api:
        made.put("AWS::ApiGateway::Deployment", {"RestApiId": world.attribute(api, "restApiId")}, "Resource")
        made.parts["api"] = api


@makes("aws_apigateway.Stage")
def stage(world: World, made: Construct) -> None:
    deployment = world.construct(world.props(made, "deployment"))
    api = deployment.parts.get("api") if deployment else None
    if deployment and api:
        _stage(world, made, api, deployment, made.given)


# ------------------------------------------------------------------------------ resources


@method("addResource")
def add_resource(world: World, made: Construct, called: Called) -> Construct:
    part = world.text(argument(called, 0)) or "{unknown}"
    root = made.parts.get("root", made)
    return _resource(world, root, part, argument(called, 1), called)


@method("resourceForPath")
def resource_for_path(world: World, made: Construct, called: Called) -> Construct:
    found = made.parts.get("root", made)
    for part in world.text(argument(called, 0)).strip("/").split("/"):
        known = found.told.setdefault("below", {}).get(part)
        found = known or (_resource(world, found, part, None, called) if part else found)
    return found


@makes("aws_apigateway.Resource", "aws_apigateway.ProxyResource")
def resource(world: World, made: Construct) -> None:
    above = world.construct(world.props(made, "parent"))
    if above:
        part = world.text(world.props(made, "pathPart")) or "{proxy+}"
        _fill(world, made, above.parts.get("root", above), part, made.given)


def _resource(
    world: World, above: Construct, part: str, given: Traced, called: Called | None = None
) -> Construct:
    made = above.child(part, kind="aws_apigateway.Resource")
    if above.told.get("path") == "/":
        api = above.parts["api"]
        made.path = (*api.path, "Default", part)
    if called:
        made.place, made.condition = called.place, world.condition or above.condition
    _fill(world, made, above, part, given)
    return made


def _fill(world: World, made: Construct, above: Construct, part: str, given: Traced) -> None:
    api = above.parts.get("api")
    made.parts |= {"parentResource": above}
    if api:
        made.parts |= {"api": api, "restApi": api}
    made.told["path"] = f"{above.told.get('path', '/').rstrip('/')}/{part}"
    made.attributes["path"] = made.told["path"]
    inherit(made, given, above.told)
    made.put(
        RESOURCE,
        {
            "ParentId": world.attribute(above, "resourceId"),
            "PathPart": part,
            "RestApiId": world.attribute(api, "restApiId") if api else Open("an API"),
        },
        "Resource",
    )
    above.told.setdefault("below", {})[part] = made
    if made.told["cors"] is not None:
        cors(world, made)


@method("getResource")
def get_resource(world: World, made: Construct, called: Called) -> Value:
    known = made.told.get("below", {}).get(world.text(argument(called, 0)))
    return known if known else Open("a resource")


@method("addMethod")
def add(world: World, made: Construct, called: Called) -> Construct | None:
    return add_method(world, made.parts.get("root", made), called)


@method("addProxy")
def add_proxy(world: World, made: Construct, called: Called) -> Construct:
    given = argument(called, 0)
    root = made.parts.get("root", made)
    found = _resource(world, root, "{proxy+}", given, called)
    if prop(given, "anyMethod") is not False:
        make_method(world, found, "ANY", None, None)
    return found


@method("addCorsPreflight")
def add_cors(world: World, made: Construct, called: Called) -> None:
    root = made.parts.get("root", made)
    root.told["cors"] = argument(called, 0) or {}
    cors(world, root)


@method("urlForPath")
def url_for_path(world: World, made: Construct, called: Called) -> Value:
    path = world.value(argument(called, 0))
    return joined(api_url(world, made), "" if path is None else path)


def api_url(world: World, made: Construct) -> Value:
    """Return the URL that an API's stage has."""
    stage = made.parts.get("deploymentStage", made)
    return joined(
        "https://", made.of(), ".execute-api.", Symbol("@aws", "Region"), ".",
        Symbol("@aws", "URLSuffix"), "/", stage.of(), "/",
    )  # fmt: skip


@method("arnForExecuteApi")
def execute_arn(world: World, made: Construct, called: Called) -> Value:
    given = [world.value(argument(called, n)) for n in range(3)]
    verb, path, stage = ("*" if each is None else each for each in given)
    if isinstance(path, str) and path != "*":
        path = path.lstrip("/")
    return joined(
        "arn:", Symbol("@aws", "Partition"), ":execute-api:", Symbol("@aws", "Region"), ":",
        Symbol("@aws", "AccountId"), ":", world.attribute(made, "restApiId"), "/", stage, "/",
        verb, "/", path,
    )  # fmt: skip


# ------------------------------------------------------------------------------ others


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
    if isinstance(several, list):
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
            "AuthorizerResultTtlInSeconds": 300 if ttl is None and kind != "COGNITO_USER_POOLS" else ttl,
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
            if isinstance(stages, list) else None,
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


@method(
    "aws_apigateway.RestApi.fromRestApiId",
    "aws_apigateway.RestApi.fromRestApiAttributes",
)
def imported(world: World, made: Construct, called: Called) -> Construct:
    told = imported_as(called)
    attributes = called.name == "fromRestApiAttributes"
    made.attributes["restApiId"] = world.value(prop(told, "restApiId") if attributes else told)
    root = Construct("aws_apigateway.Resource", made.path, made.stack, made.place)
    said = world.value(prop(told, "rootResourceId")) if attributes else None
    root.attributes["resourceId"] = Open("an imported API's root") if said is None else said
    root.told["path"] = "/"
    root.parts["api"] = root.parts["restApi"] = made
    made.path = (world.text(argument(called, 1)),)
    inherit(root, None, {})
    made.parts["root"] = root
    return made
