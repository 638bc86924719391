"""The methods of a REST API: what reaches the function or backend, and what comes back."""

from __future__ import annotations

from typing import Any

from checkrein.read.serverless.document import Document
from checkrein.read.serverless.events.http_api import invocation
from checkrein.read.serverless.events.rest_routes import PROXIES, Paths, Route, api, option
from checkrein.read.serverless.parts import Part, word

STREAMED = "2021-11-15"
PLACES = {"querystrings": "querystring", "paths": "path", "headers": "header"}
ANY = r"[\s\S]*"
PATTERNS = {
    "200": "",
    **{code: rf"{ANY}\[{code}\]{ANY}" for code in ("400", "401", "403", "404", "422")},
    "500": rf"{ANY}(Process\s?exited\s?before\s?completing\s?request|\[500\]){ANY}",
    "502": rf"{ANY}\[502\]{ANY}",
    "504": rf"({ANY}\[504\]{ANY})|(.*Task timed out after \d+\.\d+ seconds$)",
}
PASSED = """{
"body": $input.json("$"),
"method": "$context.httpMethod",
"principalId": "$context.authorizer.principalId",
"stage": "$context.stage",
"headers": $input.params().header,
"query": $input.params().querystring,
"path": $input.params().path,
"requestPath": "$context.resourcePath"
}"""  # the parts of a request that the framework's own template passes on
FORMS = ("application/json", "application/x-www-form-urlencoded")


def add_method(
    document: Document, paths: Paths, route: Route, authorization: dict[str, Any]
) -> None:
    """Add the method of a route."""
    private = route["private"]
    document.put(
        route.method_id, "AWS::ApiGateway::Method",
        {
            "HttpMethod": route.method,
            "RequestParameters": _expected(route),
            "ResourceId": paths.resource(route.path, route.event),
            "RestApiId": api(document),
            "OperationName": route["operationId"],
            "ApiKeyRequired": private or False,
            **authorization,
            "Integration": _integration(document, route),
            "MethodResponses": _responses(route),
        },
        route.event, DependsOn=[f"{route.function.normalised}LambdaPermissionApiGateway"],
        Metadata=paths.told(route.path),
    )  # fmt: skip


def parameters(route: Route) -> dict[str, Part]:
    """Return the parameters that a route expects, by the names that API Gateway gives them."""
    asked = route["request"]["parameters"]
    return {
        f"method.request.{name}.{key}": part
        for place, name in PLACES.items()
        for key, part in asked[place].items()
    }


def is_required(parameter: Part) -> bool:
    if parameter.is_map:
        return parameter["required"].value is not False
    return bool(parameter)


def _expected(route: Route) -> dict[str, Any]:
    return {
        key: Part(is_required(part), part.path) if part.is_map else part
        for key, part in parameters(route).items()
    }


def _integration(document: Document, route: Route) -> dict[str, Any]:
    kind = route.integration
    limit = route["timeoutInMillis"] or option(document, "timeoutInMillis")
    found: dict[str, Any] = {
        "IntegrationHttpMethod": "POST",
        "Type": Part(kind, route["integration"].path) if route["integration"] else kind,
        "TimeoutInMillis": limit or None,
    }
    if kind in ("AWS", "AWS_PROXY"):
        found["Uri"] = _invocation(route)
    elif kind in ("HTTP", "HTTP_PROXY"):
        found |= _backend(route)
    elif kind != "MOCK":
        reason = f"the integration {kind} is not known"
        document.lose(reason, "where requests go is not in the table", route.event)
    if kind not in PROXIES:
        found |= _mapped(route)
    if kind != "AWS_PROXY" and (parameters(route) or route["async"]):
        found["RequestParameters"] = _passed(route)
    return found


def _invocation(route: Route) -> Any:
    alias = route.function.alias
    function = {"Fn::GetAtt": [route.function.id, "Arn"]}
    streamed = route["response"]["transferMode"].word.upper() == "STREAM"
    end = "/response-streaming-invocations" if streamed else "/invocations"
    version = STREAMED if streamed else "2015-03-31"
    return invocation(function, version, f":{alias}{end}" if alias else end)


def _backend(route: Route) -> dict[str, Any]:
    request = route["request"]
    method = request["method"].word or route.method
    link = route["connectionType"]
    return {
        "Uri": request["uri"],
        "IntegrationHttpMethod": method.upper(),
        "ConnectionType": link.word.upper().replace("-", "_") if link else None,
        "ConnectionId": route["connectionId"],
    }


def _mapped(route: Route) -> dict[str, Any]:
    """Return how requests and answers are changed on their way."""
    request = route["request"]
    default = "NEVER" if route.integration == "AWS" else None
    return {
        "PassthroughBehavior": request["passThrough"] or default,
        "ContentHandling": request["contentHandling"],
        "RequestTemplates": _templates(route) or None,
        "IntegrationResponses": _answers(route),
    }


def _templates(route: Route) -> dict[str, Any]:
    found: dict[str, Any] = dict.fromkeys(FORMS, PASSED) if route.integration == "AWS" else {}
    for form, template in route["request"]["template"].items():
        found[form] = None if template.is_absent else template
    return {form: template for form, template in found.items() if template is not None}


def _passed(route: Route) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, part in parameters(route).items():
        mapped = part["mappedValue"] if part.is_map else None
        found[f"integration.{key.removeprefix('method.')}"] = mapped or key
    if route["async"]:
        found["integration.request.header.X-Amz-Invocation-Type"] = "'Event'"
    return found


def _codes(route: Route) -> dict[str, Part]:
    """Return the answers by their status: those asked for, else the framework's own."""
    response = route["response"]
    default = {
        code: Part({"pattern": pattern}, response.path) for code, pattern in PATTERNS.items()
    }
    asked = dict(response["statusCodes"].items())
    if not asked:
        return default if response or route.integration == "AWS" else {}
    if not any(part["pattern"].value == "" for part in asked.values()):
        asked["200"] = default["200"]
    return asked


def _headers(route: Route) -> dict[str, Any]:
    """Return the headers of every answer."""
    if not route["response"] and route.integration != "AWS":
        return {}
    found: dict[str, Any] = {}
    cors = route["cors"]
    if cors:
        found["Access-Control-Allow-Origin"] = f"'{_origin(cors)}'"
        if cors.is_map and cors["allowCredentials"]:
            found["Access-Control-Allow-Credentials"] = "true"
    return {**found, **dict(route["response"]["headers"].items())}


def _origin(cors: Part) -> str:
    if cors.is_map and cors["origins"]:
        return ",".join(word(each.value) for each in cors["origins"])
    return word(cors["origin"].value) if cors.is_map and cors["origin"] else "*"


def _answers(route: Route) -> list[dict[str, Any]]:
    found = []
    response = route["response"]
    for code, part in _codes(route).items():
        headers = {**_headers(route), **dict(part["headers"].items())}
        own = part["template"]
        template = own if own.is_map else {"application/json": own} if own else {}
        common = {"application/json": response["template"]} if response["template"] else {}
        merged = {**common, **(dict(template.items()) if template else {})}
        found.append(
            {
                "StatusCode": code,
                "SelectionPattern": part["pattern"].value or "",
                "ResponseParameters": {
                    f"method.response.header.{k}": v for k, v in headers.items()
                },
                "ResponseTemplates": merged,
                "ContentHandling": response["contentHandling"] if code[:1] == "2" else None,
            }
        )
    return found


def _responses(route: Route) -> list[dict[str, Any]]:
    if route.integration in PROXIES:
        return []
    return [
        {
            "ResponseParameters": {
                f"method.response.header.{name}": True
                for name in (*_headers(route), *(key for key, _ in part["headers"].items()))
            },
            "ResponseModels": {},
            "StatusCode": code,
        }
        for code, part in _codes(route).items()
    ]
