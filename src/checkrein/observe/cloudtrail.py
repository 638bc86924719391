"""CloudTrail: who asked which service for what, and whether it was refused.

Sources: the reference of CloudTrail's record contents and of its ``userIdentity`` element; the
events that come through EventBridge, ``lookup-events`` and CloudTrail Lake hold the same records.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from checkrein.model.workloads import LAMBDA
from checkrein.observe.requests import named_in, operation_named, service_named
from checkrein.observe.shapes import mapping, mappings, parsed
from checkrein.observe.sightings import Actor, Named, Sighting

SOURCE = "CloudTrail"
HOST = ".amazonaws.com"
ASSUMED = re.compile(r"^(arn:[^:]+):sts:(:\d*):assumed-role/([^/]+)/(.*)$")
IN_LAMBDA = "AWS_Lambda"  # in the user agent of what runs in a function
MADE_BY = re.compile(  # user agents of what deploys templates and programs
    r"cloudformation\.amazonaws\.com|Terraform|OpenTofu|HashiCorp|Pulumi|CloudControl",
    re.IGNORECASE,
)
NOBODY = frozenset({"ANONYMOUS_PRINCIPAL", "anonymous"})  # who sent no credentials
ANYONE = "anyone"
CHANGES = frozenset({  # operations that change who may do what
    "PutBucketPolicy", "DeleteBucketPolicy", "PutBucketAcl", "PutObjectAcl",
    "PutBucketPublicAccessBlock", "DeleteBucketPublicAccessBlock", "PutPublicAccessBlock",
    "DeletePublicAccessBlock", "PutAccessPointPolicy", "PutBucketOwnershipControls",
    "PutRolePolicy", "DeleteRolePolicy", "AttachRolePolicy", "DetachRolePolicy",
    "UpdateAssumeRolePolicy", "PutUserPolicy", "AttachUserPolicy", "PutGroupPolicy",
    "AttachGroupPolicy", "AddUserToGroup", "CreateAccessKey", "CreateLoginProfile",
    "UpdateLoginProfile", "CreatePolicyVersion", "SetDefaultPolicyVersion",
    "PutRolePermissionsBoundary", "DeleteRolePermissionsBoundary", "AddPermission",
    "RemovePermission", "CreateFunctionUrlConfig", "UpdateFunctionUrlConfig",
    "AddLayerVersionPermission", "PutKeyPolicy", "CreateGrant", "PutResourcePolicy",
    "DeleteResourcePolicy", "PutPermission", "SetRepositoryPolicy", "StopLogging", "DeleteTrail",
})  # fmt: skip
ATTRIBUTES = frozenset({"SetQueueAttributes", "SetTopicAttributes"})  # a policy is one of them
LINKED = ":role/aws-service-role/"
POLICY = re.compile(r"policy", re.IGNORECASE)


def is_record(value: dict[str, Any]) -> bool:
    return "eventSource" in value and "eventName" in value and "userIdentity" in value


def record_in(value: dict[str, Any]) -> dict[str, Any] | None:
    """Return the record in a document that holds one, None where it holds none."""
    for name in ("Records", "Events"):
        listed = value.get(name)
        if isinstance(listed, list) and listed and isinstance(listed[0], dict):
            value = listed[0]
    inner = value.get("CloudTrailEvent") or value.get("eventJson")
    found: Any = value
    if isinstance(inner, str):
        found = parsed(inner)
    for each in (mapping(mapping(found).get("detail")), mapping(found)):
        if is_record(each):
            return each
    return None


def sightings(record: dict[str, Any]) -> Iterator[Sighting]:
    """Yield what a record tells: one for each resource that it names."""
    host = str(record["eventSource"])
    service = service_named(host.removesuffix(HOST))
    operation = operation_named(str(record["eventName"]))
    request = mapping(record.get("requestParameters"))
    yield from (
        Sighting(
            kind=_kind(record, operation, request),
            source=SOURCE,
            targets=targets,
            actor=_actor(record),
            service=service,
            operation=operation,
        )
        for targets in _targets(record, service, operation, request)
    )


def _kind(record: dict[str, Any], operation: str, request: dict[str, Any]) -> str:
    if record.get("errorCode"):
        return "refused"
    changing = operation in CHANGES or (
        operation in ATTRIBUTES and any(map(POLICY.search, map(str, _keys(request))))
    )
    by_hand = not MADE_BY.search(f"{record.get('userAgent')} {record.get('sourceIPAddress')}")
    own = mapping(record.get("userIdentity")).get("invokedBy")
    return "change" if changing and by_hand and not own else "call"


def _keys(request: dict[str, Any]) -> Iterator[str]:
    yield from request
    attributes = request.get("attributes")
    yield from attributes if isinstance(attributes, dict) else ()
    yield str(request.get("attributeName", ""))


def _targets(
    record: dict[str, Any], service: str, operation: str, request: dict[str, Any]
) -> list[tuple[Named, ...]]:
    """Return names for each resource that a record is about."""
    by_type: dict[str, Named] = {}
    for each in mappings(record.get("resources")):
        arn = each.get("ARN") or each.get("arn")
        if isinstance(arn, str) and arn:
            by_type.setdefault(_bare(arn), Named(_bare(arn)))
    named = named_in(service, operation, request)
    if not by_type:
        return [(each,) for each in named] or [()]
    own = [name for arn, name in by_type.items() if f":{service}:" in arn] or [*by_type.values()]
    return [(each,) for each in own]


def _bare(arn: str) -> str:
    """Return the ARN of a bucket for that of an object: keys may be anybody's names."""
    head, slash, _ = arn.partition("/")
    return head if ":s3:::" in arn and slash else arn


def _actor(record: dict[str, Any]) -> Actor:
    who = mapping(record.get("userIdentity"))
    type, arn = str(who.get("type", "")), str(who.get("arn", ""))
    service = who.get("invokedBy")
    if type == "AWSService" or (isinstance(service, str) and service.endswith(HOST) and not arn):
        return Actor((), f"service {service or 'of AWS'}", service=True)
    if not NOBODY.isdisjoint((who.get("accountId"), who.get("principalId"))):
        return Actor((Named(ANYONE),), ANYONE)
    issuer = str(mapping(mapping(who.get("sessionContext")).get("sessionIssuer")).get("arn", ""))
    assumed = ASSUMED.match(arn)
    if assumed:
        return _in_role(record, issuer or f"{assumed[1]}:iam:{assumed[2]}:role/{assumed[3]}")
    if issuer:
        return Actor((Named(issuer),), issuer.rpartition(":")[2])
    if arn:
        return Actor((Named(arn),), arn.rpartition(":")[2])
    account = who.get("accountId")
    return Actor((), f"account {account}" if account else type)


def _in_role(record: dict[str, Any], role: str) -> Actor:
    """Return who acts in a role: a function, whose name the session has, or whoever took it.

    A session's name may be anybody's address, so it counts only of what runs in Lambda.
    """
    who = mapping(record.get("userIdentity"))
    session = str(who.get("arn", "")).rpartition("/")[2]
    inside = IN_LAMBDA in str(record.get("userAgent", ""))
    names = (*((Named(session, LAMBDA),) if inside else ()), Named(role))
    service = str(who.get("invokedBy", "")).endswith(HOST) or LINKED in role
    return Actor(names, role.rpartition(":")[2], service=service)
