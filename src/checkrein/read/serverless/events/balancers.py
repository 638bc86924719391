"""Events of application load balancers and of CloudFront."""

from __future__ import annotations

from hashlib import md5
from typing import Any
from urllib.parse import urlsplit

from checkrein.late import regex
from checkrein.model.values import text
from checkrein.read.serverless.document import Document, arn, attribute, joined
from checkrein.read.serverless.events.permission import PERMISSION, permit
from checkrein.read.serverless.functions import Deployed, uses
from checkrein.read.serverless.naming import letters, normalised
from checkrein.read.serverless.parts import Part, word

GROUP = "AWS::ElasticLoadBalancingV2::TargetGroup"
RULE = "AWS::ElasticLoadBalancingV2::ListenerRule"
LISTENER = regex(r"listener/app/[\w-]+/([\w-]+)/([\w-]+)")
BALANCING = "elasticloadbalancing.amazonaws.com"
CONDITIONS = {  # a rule's condition by the event's: field, where its values go
    "path": ("path-pattern", ""),
    "host": ("host-header", "HostHeaderConfig"),
    "method": ("http-request-method", "HttpRequestMethodConfig"),
}
ASKING = {  # settings of an authorizer that are properties with a capital
    "cognito": ("userPoolArn", "userPoolClientId", "userPoolDomain"),
    "oidc": (
        "authorizationEndpoint", "clientId", "issuer", "tokenEndpoint", "userInfoEndpoint",
        "clientSecret",
    ),
}  # fmt: skip
SESSION = ("scope", "sessionCookieName", "sessionTimeout")
CACHED = "658327ea-f89d-4fab-a63d-7e88639e58f6"  # the managed policy CachingOptimized
DISTRIBUTION = "CloudFrontDistribution"
EDGE = {"MemorySize": ("memorySize", 128), "Timeout": ("timeout", 5)}  # where nothing is asked


def add_balanced(document: Document, functions: list[Deployed]) -> None:
    """Add rules of a listener, each with the group that its function alone is in."""
    for function, event, _, _ in uses(functions, "alb"):
        listener = event["listenerArn"]
        found = LISTENER.search(word(listener.value))
        balancer = listener["Ref"].word if listener.is_map else found[1] if found else ""
        if not balancer:
            reason = f"which load balancer {listener.value} is cannot be told"
            document.lose(reason, "its target group may have another name", event)
        several = "MultiValue" if event["multiValueHeaders"] else ""
        group = f"{function.normalised}Alb{several}TargetGroup{balancer}"
        _add_group(document, function, event, (group, balancer))
        priority = event["priority"]
        document.put(
            f"{function.normalised}AlbListenerRule{word(priority.value)}", RULE,
            {
                "Actions": _actions(document, event, group),
                "Conditions": _conditions(event["conditions"]),
                "ListenerArn": listener,
                "Priority": priority,
            },
            event,
        )  # fmt: skip


def _add_group(document: Document, function: Deployed, event: Part, named: tuple[str, str]) -> None:
    group, balancer = named
    permission = f"{function.normalised}LambdaPermissionAlb"
    registering = f"{function.normalised}LambdaPermissionRegisterTarget"
    several = "multi-value-" if event["multiValueHeaders"] else ""
    parts = [document.name, f"-{function.key}-{balancer}-", several, document.stage]
    tag, prefix = text(parts), document.provider.at("alb", "targetGroupPrefix").word
    short = md5(word(tag).encode(), usedforsecurity=False).hexdigest()
    header = {
        "Key": "lambda.multi_value_headers.enabled",
        "Value": event["multiValueHeaders"] or False,
    }
    document.put(
        group, GROUP,
        {
            "TargetType": "lambda",
            "Targets": [{"Id": function.target}],
            "Name": event["targetGroupName"] or f"{prefix}{short}"[:32],
            "TargetGroupAttributes": [header],
            **_health(event["healthCheck"]),
        },
        event, DependsOn=[registering],
    )  # fmt: skip
    permit(document, function, permission, BALANCING, event, SourceArn={"Ref": group})
    permit(document, function, registering, BALANCING, event)


def _health(asked: Part) -> dict[str, Any]:
    if not asked:
        return {"HealthCheckEnabled": False}
    return {
        "HealthCheckEnabled": True,
        "HealthCheckPath": (asked.is_map and asked["path"]) or "/",
        "HealthCheckIntervalSeconds": (asked.is_map and asked["intervalSeconds"]) or 35,
        "HealthCheckTimeoutSeconds": (asked.is_map and asked["timeoutSeconds"]) or 30,
        "HealthyThresholdCount": (asked.is_map and asked["healthyThresholdCount"]) or 5,
        "UnhealthyThresholdCount": (asked.is_map and asked["unhealthyThresholdCount"]) or 5,
        "Matcher": {"HttpCode": asked.at("matcher", "httpCode") or "200"},
    }


def _conditions(asked: Part) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for key, (name, config) in CONDITIONS.items():
        if asked[key]:
            values: dict[str, Any] = {"Values": list(asked[key])}
            found.append({"Field": name, **({config: values} if config else values)})
    for header in asked["header"]:
        named = {"HttpHeaderName": header["name"], "Values": header["values"]}
        found.append({"Field": "http-header", "HttpHeaderConfig": named})
    if asked["query"]:
        pairs = [{"Key": k, "Value": v} for k, v in asked["query"].items()]
        found.append({"Field": "query-string", "QueryStringConfig": {"Values": pairs}})
    if asked["ip"]:
        found.append({"Field": "source-ip", "SourceIpConfig": {"Values": list(asked["ip"])}})
    return found


def _actions(document: Document, event: Part, group: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for name in event["authorizer"]:
        asked = document.provider.at("alb", "authorizers", name.word or " ")
        kind = asked["type"].word if asked.is_map else ""
        if kind not in ASKING:
            reason = f"the authorizer {name.value} is not declared"
            document.lose(reason, "whom the listener asks is not known", name)
            continue
        keys = (*ASKING[kind], *SESSION)
        config: dict[str, Any] = {key[0].upper() + key[1:]: asked[key] for key in keys}
        config["OnUnauthenticatedRequest"] = asked["onUnauthenticatedRequest"] or "deny"
        config["AuthenticationRequestExtraParams"] = asked["requestExtraParams"]
        type = f"authenticate-{kind}"
        where = f"Authenticate{kind.capitalize()}Config"
        found.append({"Type": type, "Order": len(found) + 1, where: config})
    order = {"Order": len(found) + 1} if found else {}
    return [*found, {"Type": "forward", "TargetGroupArn": {"Ref": group}, **order}]


def add_edge(document: Document, functions: list[Deployed]) -> None:
    """Add the distribution whose requests functions change, and let it invoke them."""
    found = [(function, event) for function, event, _, _ in uses(functions, "cloudFront")]
    if not found:
        return
    origins: dict[str, dict[str, Any]] = {}
    behaviours: dict[tuple[Any, str], dict[str, Any]] = {}
    for function, event in found:
        _loosen(document, function)
        origin = _origin(event["origin"])
        origins.setdefault(origin["Id"], origin)
        key = (word(event["pathPattern"].value), origin["Id"])
        own = behaviours.setdefault(key, _behaviour(event, origin["Id"]))
        own["LambdaFunctionAssociations"].append(_association(function, event))
        _permit_edge(document, function, event)
    for name, part in document.provider.at("cloudFront", "cachePolicies").items():
        config = {
            **dict(part.items()),
            "Name": text([document.name, "-", document.stage, "-", name]),
        }
        policy = {"CachePolicyConfig": config}
        document.put(
            f"CloudFrontCachePolicy{normalised(name)}", "AWS::CloudFront::CachePolicy", policy, part
        )
    _add_distribution(document, found, list(origins.values()), list(behaviours.values()))
    document.trust("edgelambda.amazonaws.com")
    anywhere = joined("arn:", {"Ref": "AWS::Partition"}, ":logs:*:*:*")
    actions = ["CreateLogGroup", "CreateLogStream", "PutLogEvents", "TagResource"]
    writing = [f"logs:{name}" for name in actions]
    document.allow({"Effect": "Allow", "Action": writing, "Resource": [anywhere]})


def _loosen(document: Document, function: Deployed) -> None:
    """Take away what functions at the edge cannot have: a network and variables."""
    resource = document.resources[function.id]
    resource["DeletionPolicy"] = "Retain"
    for name in ("VpcConfig", "Environment"):
        resource["Properties"].pop(name, None)
    for name, (key, most) in EDGE.items():
        if not (function.part[key] or document.provider[key]):
            resource["Properties"][name] = most


def _origin(asked: Part) -> dict[str, Any]:
    if asked.is_map:
        bucket = bool(asked["S3OriginConfig"]) or "S3OriginConfig" in asked.value
        domain = asked["DomainName"]
        name = domain.word or letters(str(domain.value))
        id = f"{'s3' if bucket else 'custom'}/{name}{asked['OriginPath'].word}"
        return {**dict(asked.items()), "Id": id}
    address = urlsplit(word(asked.value))
    bucket = address.scheme == "s3"
    custom = {"CustomOriginConfig": {"OriginProtocolPolicy": "match-viewer"}}
    path = address.path if len(address.path) > 1 else None
    return {
        "DomainName": Part(address.hostname or address.path, asked.path),
        "OriginPath": path,
        **({"S3OriginConfig": {}} if bucket else custom),
        "Id": f"{'s3' if bucket else 'custom'}/{address.hostname or ''}{path or ''}",
    }


def _behaviour(event: Part, origin: str) -> dict[str, Any]:
    own = dict(event["behavior"].items())
    named = event["cachePolicy"]
    if named:
        policy: Any = named["id"] or {
            "Ref": f"CloudFrontCachePolicy{normalised(named['name'].word)}"
        }
    else:
        forwards = {"ForwardedValues", "MaxTTL", "MinTTL", "DefaultTTL", "CachePolicyId"} & set(own)
        policy = own.get("CachePolicyId") if forwards else CACHED
    return {
        "ViewerProtocolPolicy": "allow-all",
        **own,
        "CachePolicyId": policy,
        "TargetOriginId": origin,
        "LambdaFunctionAssociations": [],
        "PathPattern": event["pathPattern"] or None,
    }


def _association(function: Deployed, event: Part) -> dict[str, Any]:
    version = {"Ref": f"{function.normalised}LambdaVersion"}
    return {
        "EventType": event["eventType"],
        "LambdaFunctionARN": version,
        "IncludeBody": event["includeBody"],
    }


def _permit_edge(document: Document, function: Deployed, event: Part) -> None:
    document.put(
        f"{function.id}InvokePermission", PERMISSION,
        {
            "FunctionName": {"Ref": f"{function.normalised}LambdaVersion"},
            "Action": "lambda:InvokeFunction",
            "Principal": "edgelambda.amazonaws.com",
            "SourceArn": arn("cloudfront", "distribution/", {"Ref": DISTRIBUTION}, region=""),
        },
        event,
    )  # fmt: skip


def _add_distribution(
    document: Document,
    found: list[tuple[Deployed, Part]],
    origins: list[dict[str, Any]],
    behaviours: list[dict[str, Any]],
) -> None:
    ordered = sorted(behaviours, key=lambda each: each["PathPattern"] is not None)
    default = ordered[0]
    if default["PathPattern"] is not None:
        origin = next((e["origin"] for _, e in found if e["isDefaultOrigin"]), None)
        chosen = _origin(origin)["Id"] if origin else origins[0]["Id"]
        left = ("PathPattern", "LambdaFunctionAssociations")
        kept = {key: value for key, value in default.items() if key not in left}
        ordered.insert(0, {**kept, "TargetOriginId": chosen})
    config = {
        "Comment": text([document.name, " ", document.stage]),
        "Enabled": True,
        "DefaultCacheBehavior": ordered[0],
        "Origins": origins,
        "CacheBehaviors": ordered[1:] or None,
    }
    properties = {"DistributionConfig": config}
    document.put(DISTRIBUTION, "AWS::CloudFront::Distribution", properties, found[0][1])
    document.output(DISTRIBUTION, {"Ref": DISTRIBUTION}, "CloudFront Distribution Id")
    name = attribute(DISTRIBUTION, "DomainName")
    document.output(f"{DISTRIBUTION}DomainName", name, "CloudFront Distribution Domain Name")
