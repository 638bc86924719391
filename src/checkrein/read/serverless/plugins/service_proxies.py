"""Routes that API Gateway hands to a service itself (serverless-apigateway-service-proxy).

Source: the plugin's README and what its version 2 (MIT) makes of services.
"""

from __future__ import annotations

from typing import Any

from checkrein.model.values import Open
from checkrein.read.serverless.document import Document, arn, attribute, joined
from checkrein.read.serverless.events.rest import add_deployment, open_api
from checkrein.read.serverless.events.rest_cors import add_preflights
from checkrein.read.serverless.events.rest_routes import Paths, Route, api
from checkrein.read.serverless.functions import Deployed
from checkrein.read.serverless.parts import Part

FORMS = ("application/json", "application/x-www-form-urlencoded")
FORM = {"integration.request.header.Content-Type": "'application/x-www-form-urlencoded'"}
LOGS = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
ROLES = {
    "kinesis": "ApigatewayToKinesisRole",
    "sqs": "ApigatewayToSqsRole",
    "s3": "ApigatewayToS3Role",
    "sns": "ApigatewayToSnsRole",
    "dynamodb": "ApigatewayToDynamodbRole",
    "eventbridge": "ApigatewayToEventBridgeRole",
}
METHODS = {"GetObject": "GET", "PutObject": "PUT", "DeleteObject": "DELETE"}
OBJECTS = {
    "GetObject": {"integration.request.header.Range": "method.request.header.Range"},
    "PutObject": {
        "integration.request.header.x-amz-acl": "'authenticated-read'",
        "integration.request.header.Content-Type": "method.request.header.Content-Type",
    },
}
ANSWERS = ("success", 200), ("clientError", 400), ("serverError", 500)


def add_proxies(document: Document, _functions: list[Deployed]) -> None:
    """Add the routes, and the roles in which API Gateway calls the services."""
    found: list[tuple[str, Route]] = []
    for entry in document.root.at("custom", "apiGatewayServiceProxies"):
        for service, part in entry.items():
            path, method = part["path"], part["method"]
            if service in ROLES and path.word and method.word:
                proxy = Deployed(service, part, service)
                route = Route(proxy, part, method.word.upper(), path.word.strip("/"))
                found.append((service, route))
            else:
                reason = f"the service proxy of {service} is not known"
                document.lose(reason, "its route is not in the table", part)
    if not found:
        return
    open_api(document)
    paths = Paths(document)
    for service, route in found:
        _add_method(document, paths, service, route)
    for service in dict.fromkeys(service for service, _ in found):
        _add_role(document, service, [route for name, route in found if name == service])
    add_preflights(document, paths, [route for _, route in found])
    add_deployment(document, [route.method_id for _, route in found])


def _add_method(document: Document, paths: Paths, service: str, route: Route) -> None:
    private = route["private"]
    document.put(
        route.method_id, "AWS::ApiGateway::Method",
        {
            "HttpMethod": route.method,
            "RequestParameters": route["acceptParameters"] or {},
            "AuthorizationType": route["authorizationType"] or "NONE",
            "AuthorizerId": route["authorizerId"],
            "AuthorizationScopes": route["authorizationScopes"],
            "ApiKeyRequired": private or False,
            "ResourceId": paths.resource(route.path, route.event),
            "RestApiId": api(document),
            "Integration": _integration(service, route),
            "MethodResponses": [{"StatusCode": code} for _, code in ANSWERS],
        },
        route.event, Metadata=paths.told(route.path),
    )  # fmt: skip


def _integration(service: str, route: Route) -> dict[str, Any]:
    name, parameters, template = _call(service, route)
    own = route["request"]["template"]
    templates: dict[str, Any] = dict.fromkeys(FORMS, template) if template else {}
    templates |= dict(own.items())
    if service == "sqs" and not own:
        templates = {"application/json": "{statusCode:200}"}
    return {
        "IntegrationHttpMethod": METHODS.get(route["action"].word, "POST"),
        "Type": "AWS",
        "Credentials": route["roleArn"] or attribute(ROLES[service]),
        "Uri": joined(
            "arn:", {"Ref": "AWS::Partition"}, ":apigateway:", {"Ref": "AWS::Region"}, ":", *name
        ),
        "PassthroughBehavior": "WHEN_NO_MATCH" if service == "s3" else "NEVER",
        "RequestParameters": {**parameters, **dict(route["requestParameters"].items())},
        "RequestTemplates": templates,
        "IntegrationResponses": _answers(route),
    }


def _answers(route: Route) -> list[dict[str, Any]]:
    response = route["response"]
    if isinstance(response.value, list):
        return [
            {
                "StatusCode": each["statusCode"],
                "SelectionPattern": each["selectionPattern"] or each["statusCode"],
                "ResponseParameters": each["responseParameters"] or {},
                "ResponseTemplates": each["responseTemplates"] or {},
            }
            for each in response
        ]
    found = []
    for name, code in ANSWERS:
        template = response["template"][name]
        templates = {"application/json": template} if template else {}
        found.append({"StatusCode": code, "SelectionPattern": code, "ResponseTemplates": templates})
    return found


def _call(service: str, route: Route) -> tuple[list[Any], dict[str, Any], Any]:
    """Return the end of the address that is called, its parameters and its template."""
    if service == "sqs":
        return _send(route)
    if service == "s3":
        return _store(route)
    action = route["action"].word
    if service == "kinesis":
        name = ["kinesis:action/", action or "PutRecord"]
        return name, {}, _record(route)
    if service == "dynamodb":
        return ["dynamodb:action/", action], {}, _item(route)
    if service == "sns":
        topic = _topic(route["topicName"])
        sent = "Action=Publish&Message=$util.urlEncode($input.body)&TopicArn=$util.urlEncode('"
        return ["sns:path//"], FORM, joined(sent, topic, "')")
    target = {"integration.request.header.X-Amz-Target": "'AWSEvents.PutEvents'"}
    return ["events:action/PutEvents"], target, _event(route)


def _send(route: Route) -> tuple[list[Any], dict[str, Any], Any]:
    name = ["sqs:path//", {"Ref": "AWS::AccountId"}, "/", route["queueName"]]
    template = "Action=SendMessage&MessageBody=$util.urlEncode($input.body)"
    if route["request"]["template"]:
        return name, FORM, template
    asked = {
        "integration.request.querystring.Action": "'SendMessage'",
        "integration.request.querystring.MessageBody": "method.request.body",
    }
    return name, asked, template


def _store(route: Route) -> tuple[list[Any], dict[str, Any], Any]:
    over = route["pathOverride"].word
    parameters: dict[str, Any] = dict(OBJECTS.get(route["action"].word, {}))
    parameters["integration.request.path.bucket"] = joined("'", route["bucket"], "'")
    key = route["key"]
    if key:
        named = _asked(key, "method.request")
        parameters["integration.request.path.object"] = named or joined("'", key, "'")
    return [f"s3:path/{{bucket}}/{over or '{object}'}"], parameters, None


def _asked(key: Part, start: str) -> str:
    """Return the part of a request that a setting names; "" where it gives a value itself."""
    if key.is_map and key["pathParam"]:
        return f"{start}.path.{key['pathParam'].word}"
    if key.is_map and key["queryStringParam"]:
        return f"{start}.querystring.{key['queryStringParam'].word}"
    return ""


def _value(key: Part) -> Any:
    """Return a setting as a template renders it."""
    asked = _asked(key, "$input.params()")
    if not asked and key.is_map and key["bodyParam"]:
        return f"$util.parseJson($input.body).{key['bodyParam'].word}"
    return asked or (key.value if not key.is_absent else "$context.requestId")


def _record(route: Route) -> Any:
    key, stream = _value(route["partitionKey"]), route["streamName"]
    start = '{"StreamName": "'
    data = '", "Data": "$util.base64Encode($input.body)", "PartitionKey": "'
    return joined(start, stream, data, key, '"}')


def _item(route: Route) -> Any:
    """Return the request for an item: its keys, and for PutItem the fields of the body."""
    keys = [part for part in (route["hashKey"], route["rangeKey"]) if part]
    pairs: list[Any] = []
    for part in keys:
        name, kind = part["keyName"].value, part["attributeType"].value or "S"
        pairs += [", " if pairs else "", '"', name, '": {"', kind, '": "', _value(part), '"}']
    put = route["action"].value == "PutItem"
    body = ', "data": {"S": "$util.escapeJavaScript($input.body)"}' if put else ""
    within = '", "Item": {' if put else '", "Key": {'
    return joined('{"TableName": "', route["tableName"], within, *pairs, body, "}}")


def _event(route: Route) -> Any:
    source, kind = _value(route["source"]), _value(route["detailType"])
    detail = route["detail"]
    given = "$util.escapeJavaScript($input.body)" if detail.is_absent else _value(detail)
    bus = route["eventBusName"]
    parts = ['{"Entries": [{"Detail": "', given, '", "DetailType": "', kind, '", "Source": "',
             source, '", "EventBusName": "', bus, '"}]}']  # fmt: skip
    return joined(*parts)


def _topic(named: Part) -> Any:
    return arn("sns", _short(named))


def _short(named: Part) -> Any:
    """Return a name: the plugin takes an attribute's reference too."""
    return named if not named.is_absent else Open("a name that is not given")


def _add_role(document: Document, service: str, found: list[Route]) -> None:
    """Add the role in which API Gateway calls a service; each route gives its right."""
    if all(route["roleArn"] for route in found):
        return
    writing = {"Effect": "Allow", "Action": LOGS, "Resource": "*"}
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "apigateway.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    statements = [
        {"Effect": "Allow", "Action": actions, "Resource": resource}
        for actions, resource in (_right(service, route) for route in found)
    ]
    policy = {"Version": "2012-10-17", "Statement": [writing, *statements]}
    properties = {
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
        "Policies": [{"PolicyName": f"apigatewayto{service}", "PolicyDocument": policy}],
    }
    document.put(ROLES[service], "AWS::IAM::Role", properties, found[0].event)
    for index, route in enumerate(found, 1):
        path = ("Policies", 0, "PolicyDocument", "Statement", index)
        document.written_at(ROLES[service], path, route.event)


def _right(service: str, route: Route) -> tuple[list[str], Any]:
    action = route["action"].word
    if service == "kinesis":
        writing = ["kinesis:PutRecord", "kinesis:PutRecords"]
        return writing, arn("kinesis", "stream/", route["streamName"])
    if service == "sqs":
        return ["sqs:SendMessage"], arn("sqs", route["queueName"])
    if service == "s3":
        objects = arn("s3", route["bucket"], "/*", region="", account="")
        return [f"s3:{action}*"], objects
    if service == "sns":
        return ["sns:Publish"], _topic(route["topicName"])
    if service == "dynamodb":
        return [f"dynamodb:{action}"], arn("dynamodb", "table/", route["tableName"])
    return ["events:PutEvents"], arn("events", "event-bus/", route["eventBusName"])
