"""REST APIs: the API, a method for each event, and the deployment that makes its stage."""

from __future__ import annotations

from typing import Any

from checkrein.model.values import text
from checkrein.read.serverless.document import Document, arn, joined
from checkrein.read.serverless.events.permission import permit
from checkrein.read.serverless.events.rest_callers import add_keys, add_validation, authorization
from checkrein.read.serverless.events.rest_cors import add_preflights
from checkrein.read.serverless.events.rest_methods import add_method
from checkrein.read.serverless.events.rest_routes import Paths, Route, api, option, routes
from checkrein.read.serverless.events.websockets import add_account_role
from checkrein.read.serverless.functions import Deployed, tags
from checkrein.read.serverless.naming import REST_API
from checkrein.read.serverless.parts import Part

DEPLOYMENT = "ApiGatewayDeployment"
LOG_GROUP = "ApiGatewayLogGroup"
LOGGED = (
    "requestId: $context.requestId, ip: $context.identity.sourceIp, "
    "caller: $context.identity.caller, user: $context.identity.user, "
    "requestTime: $context.requestTime, httpMethod: $context.httpMethod, "
    "resourcePath: $context.resourcePath, status: $context.status, "
    "protocol: $context.protocol, responseLength: $context.responseLength"
)


def add_rest_api(document: Document, functions: list[Deployed]) -> None:
    """Add the service's REST API with a method for each event, where there are events."""
    found = routes(document, functions)
    if not found:
        return
    open_api(document)
    paths = Paths(document)
    others = {function.key: function for function in functions}
    for route in found:
        who = authorization(document, route, others)
        add_method(document, paths, route, who)
        add_validation(document, route)
        _permit(document, route)
    add_preflights(document, paths, found)
    add_deployment(document, [route.method_id for route in found])


def open_api(document: Document) -> None:
    """Add the API itself, unless it is there or made elsewhere."""
    if REST_API not in document.resources and not document.provider.at("apiGateway", "restApiId"):
        _add_api(document)


def _add_api(document: Document) -> None:
    options = document.provider["apiGateway"]
    service, stage = document.name, document.stage
    both = [service, "-", stage] if options["shouldStartNameWithService"] else [stage, "-", service]
    policy = option(document, "resourcePolicy")
    source = options["apiKeySourceType"]
    document.put(
        REST_API, "AWS::ApiGateway::RestApi",
        {
            "Name": document.provider["apiName"] or text(both),
            "Description": options["description"] or None,
            "BinaryMediaTypes": options["binaryMediaTypes"] or None,
            "DisableExecuteApiEndpoint": options["disableDefaultEndpoint"],
            "EndpointConfiguration": _endpoint(document),
            "SecurityPolicy": options.at("endpoint", "securityPolicy"),
            "Tags": tags(document.provider["tags"]) or None,
            "Policy": {"Version": "2012-10-17", "Statement": policy} if policy else None,
            "ApiKeySourceType": Part(source.word.upper(), source.path) if source.word else None,
            "MinimumCompressionSize": options["minimumCompressionSize"],
        },
        options or document.provider,
    )  # fmt: skip


def _endpoint(document: Document) -> dict[str, Any]:
    kind, endpoints = document.provider["endpointType"], document.provider["vpcEndpointIds"]
    types = Part([kind.word.upper()], kind.path) if kind.word else ["EDGE"]
    return {"Types": types, "VpcEndpointIds": endpoints or None}


def _permit(document: Document, route: Route) -> None:
    permit(
        document, route.function, f"{route.function.normalised}LambdaPermissionApiGateway",
        "apigateway.amazonaws.com", route.event,
        SourceArn=arn("execute-api", api(document), "/*/*"),
    )  # fmt: skip


def add_deployment(document: Document, methods: list[str]) -> None:
    """Add the deployment that makes the stage; its id lacks the number of the deployment.

    The framework sets what the stage logs and traces once it is deployed; here it is described.
    """
    options = document.provider["apiGateway"]
    described = _stage(document)
    at = next(
        (part for part in (document.provider.at("logs", "restApi"), options) if part),
        document.provider,
    )
    document.put(
        DEPLOYMENT, "AWS::ApiGateway::Deployment",
        {
            "RestApiId": api(document),
            "StageName": options["stage"] or document.stage,
            "Description": options["description"] or None,
            "StageDescription": described or None,
        },
        at, DependsOn=methods,
    )  # fmt: skip
    address = joined(
        "https://", api(document), ".execute-api.", {"Ref": "AWS::Region"}, ".",
        {"Ref": "AWS::URLSuffix"}, "/", document.stage,
    )  # fmt: skip
    document.output("ServiceEndpoint", address, "URL of the service endpoint")
    add_keys(document, DEPLOYMENT)


def _stage(document: Document) -> dict[str, Any]:
    provider = document.provider
    found: dict[str, Any] = {}
    tracing = provider.at("tracing", "apiGateway")
    if not tracing.is_absent:
        found["TracingEnabled"] = tracing
    logs, metrics = provider.at("logs", "restApi"), provider.at("apiGateway", "metrics")
    every: dict[str, Any] = {"HttpMethod": "*", "ResourcePath": "/*"}
    if logs:
        every |= _levels(logs)
        if not (logs.is_map and logs["accessLogging"].value is False):
            found["AccessLogSetting"] = _access_log(document, logs)
    if not metrics.is_absent:
        every["MetricsEnabled"] = metrics
    if len(every) > 2:  # noqa: PLR2004 - more than which methods it is about
        found["MethodSettings"] = [every]
    merged = tags(provider["stackTags"], provider["tags"])
    return {**found, **({"Tags": merged} if merged else {})}


def _levels(logs: Part) -> dict[str, Any]:
    off = logs.is_map and logs["executionLogging"].value is False
    whole = logs["fullExecutionData"] if logs.is_map else Part(None, logs.path)
    level: Any = Part("OFF", logs.path) if off else (logs.is_map and logs["level"])
    return {
        "LoggingLevel": level or Part("INFO", logs.path),
        "DataTraceEnabled": True if whole.is_absent else whole,
    }


def _access_log(document: Document, logs: Part) -> dict[str, Any]:
    name = text(["/aws/api-gateway/", document.name, "-", document.stage])
    days = document.provider["logRetentionInDays"]
    properties = {"LogGroupName": name, "RetentionInDays": days or None}
    why = "for the API's access log"
    document.put(LOG_GROUP, "AWS::Logs::LogGroup", properties, logs, added=why)
    add_account_role(document, logs)
    form = (logs.is_map and logs["format"]) or Part(LOGGED, logs.path)
    return {"DestinationArn": {"Fn::GetAtt": [LOG_GROUP, "Arn"]}, "Format": form}
