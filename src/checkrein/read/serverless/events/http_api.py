"""HTTP APIs: the API, its stage and authorizers, and a route for each event."""

from __future__ import annotations

import json
from typing import Any

from checkrein.late import regex
from checkrein.model.values import Choice
from checkrein.read.serverless.document import Document, arn, joined
from checkrein.read.serverless.events.permission import PERMISSION, permit
from checkrein.read.serverless.functions import Deployed, uses
from checkrein.read.serverless.naming import HTTP_API, normalised, path_name
from checkrein.read.serverless.parts import Part

METHODS = ("GET", "POST", "PUT", "PATCH", "OPTIONS", "HEAD", "DELETE")
ROUTE = regex(r"(?i)(\*|ANY|GET|POST|PUT|PATCH|OPTIONS|HEAD|DELETE) (/\S*)\Z")
HEADERS = [
    "Content-Type",
    "X-Amz-Date",
    "Authorization",
    "X-Api-Key",
    "X-Amz-Security-Token",
    "X-Amz-User-Agent",
    "X-Amzn-Trace-Id",
]
LOGGED = {
    "requestId": "requestId",
    "ip": "identity.sourceIp",
    "requestTime": "requestTime",
    "httpMethod": "httpMethod",
    "routeKey": "routeKey",
    "status": "status",
    "protocol": "protocol",
    "responseLength": "responseLength",
}
Route = tuple[Deployed, Part, str]  # the function, the event, the route's key


def add_http_api(document: Document, functions: list[Deployed]) -> None:
    """Add the service's HTTP API with a route for each event, where there are events."""
    found = [(f, event, route_key(event)) for f, event, _, _ in uses(functions, "httpApi")]
    routes = [route for route in found if route[2]]
    for _, event, key in found:
        if not key:
            reason = f"which route {event.value} is cannot be told"
            document.lose(reason, "it is not in the table", event)
    if not routes:
        return
    options = document.provider["httpApi"]
    if not options["id"]:
        _add_api(document, options, routes)
        _add_stage(document, options)
    authorizers = _add_authorizers(document, options, functions)
    for function, event, key in routes:
        _add_target(document, function, event)
        _add_route(document, (function, event, key), authorizers)


def route_key(event: Part) -> str:
    """Return an event's route as ``GET /path`` or ``$default``; "" if that cannot be told."""
    if event.is_map:
        path, method = event["path"].word, event["method"].word
        if path == "*":
            return "$default"
        found = ROUTE.match(f"{method or '*'} {path}")
    else:
        if event.word == "*":
            return "$default"
        found = ROUTE.match(event.word)
    return f"{found[1].upper().replace('*', 'ANY')} {found[2]}" if found else ""


def _api(document: Document) -> Any:
    return document.provider.at("httpApi", "id") or {"Ref": HTTP_API}


def _add_api(document: Document, options: Part, routes: list[Route]) -> None:
    service, stage = document.name, document.stage
    both = [service, "-", stage] if options["shouldStartNameWithService"] else [stage, "-", service]
    off = options["disableDefaultEndpoint"]
    document.put(
        HTTP_API, "AWS::ApiGatewayV2::Api",
        {
            "Name": options["name"] or joined(*both),
            "Description": options["description"] or None,
            "ProtocolType": "HTTP",
            "DisableExecuteApiEndpoint": off,
            "Tags": dict(document.provider["tags"].items()) or None,
            "CorsConfiguration": _cors(options["cors"], routes),
        },
        options or document.provider,
    )  # fmt: skip


def _cors(asked: Part, routes: list[Route]) -> Any:
    if not asked:
        return None
    if asked.is_open:
        return asked
    found: dict[str, Any] = {"AllowMethods": Part(_methods(routes), asked.path)}
    defaults = (("AllowOrigins", ["*"]), ("AllowHeaders", HEADERS))
    found |= {name: Part(value, asked.path) for name, value in defaults}
    names = {
        "allowedOrigins": "AllowOrigins",
        "allowedHeaders": "AllowHeaders",
        "allowedMethods": "AllowMethods",
        "exposedResponseHeaders": "ExposeHeaders",
    }
    if asked.is_map:
        found |= {name: list(asked[key]) for key, name in names.items() if asked[key]}
        found["AllowCredentials"] = asked["allowCredentials"] or None
        found["MaxAge"] = asked["maxAge"]
    return found


def _methods(routes: list[Route]) -> list[str]:
    """Return the methods of all routes, as the framework allows them to other origins."""
    found = ["OPTIONS"]
    for _, _, key in routes:
        method = key.partition(" ")[0]
        found += METHODS if method in ("ANY", "$default") else [method]
    return list(dict.fromkeys(found))


def _add_stage(document: Document, options: Part) -> None:
    logs = document.provider.at("logs", "httpApi")
    settings: dict[str, Any] = {
        "ApiId": {"Ref": HTTP_API},
        "StageName": "$default",
        "AutoDeploy": True,
        "DefaultRouteSettings": {"DetailedMetricsEnabled": options["metrics"] or False},
        "Tags": dict(document.provider["tags"].items()) or None,
    }
    if logs:
        _add_log_group(document, logs)
        written = json.dumps(
            {key: f"$context.{name}" for key, name in LOGGED.items()}, separators=(",", ":")
        )
        settings["AccessLogSettings"] = {
            "DestinationArn": {"Fn::GetAtt": ["HttpApiLogGroup", "Arn"]},
            "Format": (logs.is_map and logs["format"]) or Part(written, logs.path),
        }
    at = options or document.provider
    document.put("HttpApiStage", "AWS::ApiGatewayV2::Stage", settings, at)
    document.output("HttpApiId", {"Ref": HTTP_API}, "Id of the HTTP API")
    host = joined(
        "https://", {"Ref": HTTP_API}, ".execute-api.", {"Ref": "AWS::Region"}, ".",
        {"Ref": "AWS::URLSuffix"},
    )  # fmt: skip
    document.output("HttpApiUrl", host, "URL of the HTTP API")


def _add_log_group(document: Document, logs: Part) -> None:
    name = joined("/aws/http-api/", document.stack)
    days = document.provider["logRetentionInDays"]
    properties = {"LogGroupName": name, "RetentionInDays": days or None}
    why = "for the API's access log"
    document.put("HttpApiLogGroup", "AWS::Logs::LogGroup", properties, logs, added=why)


def _add_authorizers(
    document: Document, options: Part, functions: list[Deployed]
) -> dict[str, tuple[str, str]]:
    """Add the authorizers; return for each its kind and logical id."""
    found = {}
    others = {function.key: function for function in functions}
    for key, part in options["authorizers"].items():
        if not part.is_map:
            reason = f"what the authorizer {key} asks cannot be told ({part.value})"
            document.lose(reason, "routes that use it look open", part)
            continue
        name = part["name"].word or key
        id = f"HttpApiAuthorizer{normalised(name)}"
        request = part["type"].value == "request"
        kind = _asking(document, part, others) if request else _token(part)
        sources = list(part["identitySource"])
        document.put(
            id, "AWS::ApiGatewayV2::Authorizer",
            {"ApiId": _api(document), "Name": name, "IdentitySource": sources, **kind},
            part,
        )  # fmt: skip
        if request and not part["managedExternally"]:
            _permit_authorizer(document, name, part, others)
        found[key] = ("CUSTOM" if request else "JWT", id)
    return found


def _asking(document: Document, part: Part, others: dict[str, Deployed]) -> dict[str, Any]:
    """Return the properties of an authorizer that is a function."""
    return {
        "AuthorizerType": "REQUEST",
        "EnableSimpleResponses": part["enableSimpleResponses"],
        "AuthorizerResultTtlInSeconds": part["resultTtlInSeconds"],
        "AuthorizerPayloadFormatVersion": part["payloadVersion"] or "2.0",
        "AuthorizerUri": invocation(_authorizing(document, part, others)),
    }


def invocation(function: Any, version: str = "2015-03-31", end: str = "/invocations") -> Any:
    """Return the address by which API Gateway invokes a function."""
    return joined(
        "arn:", {"Ref": "AWS::Partition"}, ":apigateway:", {"Ref": "AWS::Region"},
        f":lambda:path/{version}/functions/", function, end,
    )  # fmt: skip


def _authorizing(document: Document, part: Part, others: dict[str, Deployed]) -> Any:
    if part["functionArn"]:
        return part["functionArn"]
    function = others.get(part["functionName"].word)
    if function is None:
        reason = f"the authorizer's function {part['functionName'].value} is not declared"
        document.lose(reason, "what it asks is not known", part)
        return part["functionName"]
    return function.target


def _token(part: Part) -> dict[str, Any]:
    config = {"Audience": list(part["audience"]), "Issuer": part["issuerUrl"]}
    return {"AuthorizerType": "JWT", "JwtConfiguration": config}


def _permit_authorizer(
    document: Document, name: str, part: Part, others: dict[str, Deployed]
) -> None:
    document.put(
        f"{normalised(name)}LambdaAuthorizerPermissionHttpApi", PERMISSION,
        {
            "FunctionName": _authorizing(document, part, others),
            "Action": "lambda:InvokeFunction",
            "Principal": "apigateway.amazonaws.com",
            "SourceArn": arn("execute-api", _api(document), "/*"),
        },
        part,
    )  # fmt: skip


def _add_target(document: Document, function: Deployed, event: Part) -> None:
    """Add what hands a function's routes to it, once."""
    id = f"HttpApiIntegration{function.normalised}"
    if id in document.resources:
        return
    payload = function.part.at("httpApi", "payload") or document.provider.at("httpApi", "payload")
    document.put(
        id, "AWS::ApiGatewayV2::Integration",
        {
            "ApiId": _api(document),
            "IntegrationType": "AWS_PROXY",
            "IntegrationUri": function.target,
            "PayloadFormatVersion": payload or "2.0",
            "TimeoutInMillis": 30000,
        },
        event, DependsOn=function.alias_id,
    )  # fmt: skip
    permit(
        document, function, f"{function.normalised}LambdaPermissionHttpApi",
        "apigateway.amazonaws.com", event, SourceArn=arn("execute-api", _api(document), "/*"),
    )  # fmt: skip


def _add_route(document: Document, route: Route, authorizers: dict[str, tuple[str, str]]) -> None:
    function, event, key = route
    integration = f"HttpApiIntegration{function.normalised}"
    target = {"Fn::Join": ["/", ["integrations", {"Ref": integration}]]}
    name = "Default" if key == "$default" else path_name(key)
    document.put(
        f"HttpApiRoute{name}", "AWS::ApiGatewayV2::Route",
        {
            "ApiId": _api(document),
            "RouteKey": Part(key, event.path),
            "Target": target,
            **_authorization(document, event, authorizers),
        },
        event, DependsOn=integration,
    )  # fmt: skip


def _authorization(
    document: Document, event: Part, authorizers: dict[str, tuple[str, str]]
) -> dict[str, Any]:
    asked = event["authorizer"] if event.is_map else None
    if not asked:
        return {}
    if isinstance(asked.value, Choice):
        return {"AuthorizationType": asked}
    if asked.is_open:  # whom it asks is not known, but that it asks
        return {"AuthorizationType": Part("CUSTOM", asked.path), "AuthorizerId": asked}
    kind = asked["type"].word if asked.is_map else ""
    name = asked["name"].word if asked.is_map else asked.word
    if kind == "aws_iam":
        return {"AuthorizationType": Part("AWS_IAM", asked.path)}
    type, id = authorizers.get(name, ("CUSTOM" if kind == "request" else "JWT", ""))
    outside = asked["id"] if asked.is_map else None
    if not id and not outside:
        reason = f"the authorizer {name or asked.value} is not declared"
        document.lose(reason, "whom the route asks is not known", asked)
    scopes = asked["scopes"] if asked.is_map else None
    return {
        "AuthorizationType": Part(type, asked.path),
        "AuthorizerId": outside or {"Ref": id},
        "AuthorizationScopes": scopes or None,
    }
