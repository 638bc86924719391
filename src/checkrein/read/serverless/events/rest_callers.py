"""Who may call a REST API: authorizers, API keys with usage plans, validated requests."""

from __future__ import annotations

from typing import Any

from checkrein.late import regex
from checkrein.model.values import Choice, text
from checkrein.read.serverless.document import Document, arn
from checkrein.read.serverless.events.http_api import invocation
from checkrein.read.serverless.events.permission import PERMISSION
from checkrein.read.serverless.events.rest_methods import is_required, parameters
from checkrein.read.serverless.events.rest_routes import Route, api, option
from checkrein.read.serverless.functions import Deployed
from checkrein.read.serverless.naming import camel, capital, letters, normalised, start_case
from checkrein.read.serverless.parts import Part, word

POOL = regex(r"arn:[a-z-]+:cognito-idp:")
POOLS = "COGNITO_USER_POOLS"
SOURCE = "method.request.header.Authorization"
STRANGER = "whom the route asks is not known"


def authorization(document: Document, route: Route, others: dict[str, Deployed]) -> dict[str, Any]:
    """Return the properties of a method that say whom it lets in; add the authorizer it asks."""
    asked = route["authorizer"]
    if not asked:
        return {"AuthorizationType": "NONE"}
    if isinstance(asked.value, Choice):
        return {"AuthorizationType": asked}
    if asked.is_open and not _arn(asked):  # which one it is, nobody here knows
        return {"AuthorizationType": Part("CUSTOM", asked.path), "AuthorizerId": asked}
    kind = (asked["type"].word if asked.is_map else "").upper()
    if "AWS_IAM" in (kind, asked.word.upper()):
        return {"AuthorizationType": Part("AWS_IAM", asked.path)}
    scopes = asked["scopes"] or None if asked.is_map else None
    if asked.is_map and asked["authorizerId"]:
        type = "CUSTOM" if kind in ("TOKEN", "REQUEST") else asked["type"]
        found: dict[str, Any] = {"AuthorizationType": type, "AuthorizerId": asked["authorizerId"]}
    else:
        pools = kind == POOLS or bool(POOL.match(word(_arn(asked).value)))
        id = _add_authorizer(document, asked, (POOLS if pools else kind), others)
        type = Part(POOLS if pools else "CUSTOM", asked.path)
        found = {"AuthorizationType": type, "AuthorizerId": {"Ref": id}}
    return {**found, "AuthorizationScopes": scopes}


def _arn(asked: Part) -> Part:
    """Return the ARN that an authorizer gives, false where it names a function of the service."""
    if asked.is_map:
        return asked["arn"]
    return asked if ":" in word(asked.value) else Part(None, asked.path)


def _add_authorizer(document: Document, asked: Part, kind: str, others: dict[str, Deployed]) -> str:
    where = _arn(asked)
    name = _name(asked, where)
    target: Any = where or _function(document, asked, name, others)
    id = f"{normalised(name)}ApiGatewayAuthorizer"
    seconds = asked["resultTtlInSeconds"] if asked.is_map else None
    source = asked["identitySource"] if asked.is_map else None
    uncached = kind == "REQUEST" and seconds is not None and seconds.value == 0
    properties: dict[str, Any] = {
        "AuthorizerResultTtlInSeconds": _seconds(asked),
        "IdentitySource": source or (None if uncached else SOURCE),
        "Name": name,
        "RestApiId": api(document),
        "Type": kind or "TOKEN",
    }
    if kind == POOLS:
        properties["ProviderARNs"] = [target]
    else:
        properties["AuthorizerUri"] = invocation(target)
        if asked.is_map:
            expression = asked["identityValidationExpression"]
            properties["IdentityValidationExpression"] = expression
        if not (asked.is_map and asked["managedExternally"]):
            _permit(document, asked, name, target)
    document.put(id, "AWS::ApiGateway::Authorizer", properties, asked)
    return id


def _seconds(asked: Part) -> Any:
    if not asked.is_map:
        return None
    given = asked["resultTtlInSeconds"]
    return 300 if given.is_absent else given


def _name(asked: Part, where: Part) -> str:
    if asked.is_map and asked["name"].word:
        return asked["name"].word
    return word(where.value).split(":")[-1].split("-")[-1] if where else asked.word


def _function(
    document: Document, asked: Part, name: str, others: dict[str, Deployed]
) -> dict[str, Any] | Part:
    function = others.get(name)
    if function:
        return function.target
    reason = f"the authorizer {name or asked.value} is not declared"
    document.lose(reason, STRANGER, asked)
    return asked


def _permit(document: Document, asked: Part, name: str, target: Any) -> None:
    id = f"{normalised(name)}LambdaPermissionApiGateway"
    if id in document.resources:
        return
    document.put(
        id, PERMISSION,
        {
            "FunctionName": target,
            "Action": "lambda:InvokeFunction",
            "Principal": "apigateway.amazonaws.com",
            "SourceArn": arn("execute-api", api(document), "/*/*"),
        },
        asked,
    )  # fmt: skip


def add_validation(document: Document, route: Route) -> None:
    """Add what checks a route's requests: required parameters, and the schema of bodies."""
    asked = [part for part in parameters(route).values() if is_required(part)]
    if not asked and not route.schemas:
        return
    validator = f"ApiGateway{letters(document.name)}RequestValidator"
    if validator not in document.resources:
        name = f"{word(document.name)}-{word(document.stage)} | Validate request body and"
        document.put(
            validator, "AWS::ApiGateway::RequestValidator",
            {
                "RestApiId": api(document),
                "ValidateRequestBody": True,
                "ValidateRequestParameters": True,
                "Name": f"{name} querystring parameters",
            },
            route["request"],
        )  # fmt: skip
    document.set(route.method_id, ("RequestValidatorId",), {"Ref": validator})
    document.written_at(route.method_id, ("RequestValidatorId",), route["request"])
    for form, schema in route.schemas.items():
        model = _add_model(document, route, form, schema)
        document.set(route.method_id, ("RequestModels", form), {"Ref": model})


def _add_model(document: Document, route: Route, form: str, schema: Part) -> str:
    shared = document.provider.at("apiGateway", "request", "schemas", schema.word or " ")
    found = shared or schema
    whole = found["schema"] if found.is_map and found["schema"] else found
    id = f"{route.method_id}{start_case(form)}Model"
    named = found is not whole
    return document.put(
        f"ApiGateway{camel(schema.word)}Model" if shared else id, "AWS::ApiGateway::Model",
        {
            "RestApiId": api(document),
            "ContentType": "application/json" if shared else form,
            "Schema": whole,
            "Name": found["name"] if named else None,
            "Description": found["description"] if named else None,
        },
        found,
    )  # fmt: skip


def add_keys(document: Document, deployment: str) -> None:
    """Add API keys, the usage plans that bound them, and which key belongs to which plan."""
    keys, plan = option(document, "apiKeys"), option(document, "usagePlan")
    if not keys and not plan:
        return
    plans = {name: part for each in plan for name, part in each.items()}
    several = plans if isinstance(plan.value, list) else {}
    for name, part in several.items():
        _add_plan(document, name, part, deployment)
    if not several:
        _add_plan(document, "", plan or keys, deployment)
    number = 0
    for entry in keys:
        name = next((key for key, _ in entry.items()), "")
        if name in several:
            for index, key in enumerate(entry[name], 1):
                _add_key(document, key, f"{capital(name)}{index}", name, deployment)
        else:
            number += 1
            _add_key(document, entry, str(number), "", deployment)


def _add_plan(document: Document, name: str, plan: Part, deployment: str) -> None:
    service, stage = document.name, document.stage
    called = f"-{name}-" if name else "-"
    quota, throttle = plan["quota"], plan["throttle"]
    document.put(
        f"ApiGatewayUsagePlan{capital(name)}", "AWS::ApiGateway::UsagePlan",
        {
            "ApiStages": [{"ApiId": api(document), "Stage": stage}],
            "UsagePlanName": text([service, called, stage]),
            "Quota": {
                "Limit": quota["limit"], "Offset": quota["offset"], "Period": quota["period"],
            } if quota else None,
            "Throttle": {
                "BurstLimit": throttle["burstLimit"], "RateLimit": throttle["rateLimit"],
            } if throttle else None,
        },
        plan, DependsOn=deployment,
    )  # fmt: skip


def _add_key(document: Document, key: Part, suffix: str, plan: str, deployment: str) -> None:
    id = f"ApiGatewayApiKey{suffix}"
    options = key if key.is_map else Part({}, key.path)
    enabled = options["enabled"]
    document.put(
        id, "AWS::ApiGateway::ApiKey",
        {
            "Enabled": True if enabled.is_absent else enabled,
            "Name": options["name"] if key.is_map else key,
            "Value": options["value"] or None,
            "Description": options["description"],
            "CustomerId": options["customerId"],
            "StageKeys": [{"RestApiId": api(document), "StageName": document.stage}],
        },
        key, DependsOn=deployment,
    )  # fmt: skip
    document.put(
        f"ApiGatewayUsagePlanKey{suffix}", "AWS::ApiGateway::UsagePlanKey",
        {
            "KeyId": {"Ref": id},
            "KeyType": "API_KEY",
            "UsagePlanId": {"Ref": f"ApiGatewayUsagePlan{capital(plan)}"},
        },
        key,
    )  # fmt: skip
