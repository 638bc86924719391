"""API Gateway's REST APIs: their resources, methods, authorizers, stages, and keys."""

from __future__ import annotations

from checkrein.model.values import Open, Symbol, Value
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
    is_unknown,
    joined,
    prop,
    seconds,
    shaped,
)
from checkrein.read.cdk.unsynthesized.library.world import World
from checkrein.read.cdk.unsynthesized.trace import Called, New, Traced, Unknown

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
silent("aws_apigateway.RequestValidator", "addApiKeySource", "aws_apigateway.BasePathMapping",
       "addDomainName", "addBasePathMapping", "addApiMapping", "latestDeployment")  # fmt: skip


@makes(
    "aws_apigateway.RestApi", "aws_apigateway.LambdaRestApi", "aws_apigateway.StepFunctionsRestApi"
)
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
    deployed = prop(given, "deploy")
    if deployed is not False:
        _deploy(world, made, given, sure=isinstance(deployed, bool) or deployed is None)
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
    proxy = prop(given, "proxy")
    if proxy is False:
        return
    if not isinstance(proxy, bool) and proxy is not None:
        world.note("whether a function answers all of an API", made.place)
    make_method(world, root, "ANY", None, None)
    below = _resource(world, root, "{proxy+}", None)
    make_method(world, below, "ANY", None, None)


def _deploy(world: World, made: Construct, given: Traced, *, sure: bool = True) -> None:
    options = prop(given, "deployOptions")
    deployment = made.child("Deployment", kind="aws_apigateway.Deployment")
    if not sure and not deployment.condition:
        deployment.condition = world.unsure(made.stack, made.place)
    deployment.put("AWS::ApiGateway::Deployment", {"RestApiId": made.of()}, "Resource")
    deployment.parts["api"] = made
    name = world.value(prop(options, "stageName"))
    stage = made.child(f"DeploymentStage.{name or 'prod'}", kind="aws_apigateway.Stage")
    stage.condition = deployment.condition
    _stage(world, stage, made, deployment, options)
    made.parts["deploymentStage"] = stage
    made.attributes["url"] = api_url(world, made)
    made.parts["latestDeployment"] = deployment


def _stage(
    world: World, stage: Construct, api: Construct, deployment: Construct, options: Traced
) -> None:
    settings = shaped(world, options, SETTINGS) or {}
    listed: list[Value] = []
    if is_unknown(settings):
        listed.append(settings)
    elif settings:
        every = {"HttpMethod": "*", "ResourcePath": "/*", "DataTraceEnabled": False}
        listed.append({**every, **settings})
    single = prop(options, "methodOptions")
    if isinstance(single, Unknown):
        listed.append(Open(single.why))
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
        made.put(
            "AWS::ApiGateway::Deployment",
            {"RestApiId": world.attribute(api, "restApiId")},
            "Resource",
        )
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
    if part == "{unknown}":
        world.note("a part of an API's path", called.place)
    root = made.parts.get("root", made)
    known: Construct | None = root.told.get("below", {}).get(part)
    if known and not called.sure:  # what the program adds if it is not there
        return known
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
        said = world.props(made, "pathPart")
        part = world.text(said) or "{proxy+}"
        if said is not None and not world.text(said):
            world.note("a part of an API's path", made.place)
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


@method("getResource", of=("aws_apigateway",))
def get_resource(world: World, made: Construct, called: Called) -> Value:
    """Return a resource below one; where it is not there yet, programs add it at once."""
    root = made.parts.get("root", made)
    part = world.text(argument(called, 0))
    known = root.told.get("below", {}).get(part)
    return known or (_resource(world, root, part, None, called) if part else Open("a resource"))


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
