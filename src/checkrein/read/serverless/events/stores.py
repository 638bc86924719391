"""Events of S3 buckets and of Cognito user pools, new and existing ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checkrein.model.values import Value
from checkrein.read.serverless.custom import add_handler, handler_id
from checkrein.read.serverless.document import Document, arn, attribute, joined
from checkrein.read.serverless.events.permission import permit
from checkrein.read.serverless.functions import Deployed, uses
from checkrein.read.serverless.naming import capital, letters, start_case
from checkrein.read.serverless.parts import Part, word

BUCKET = "AWS::S3::Bucket"
POOL = "AWS::Cognito::UserPool"
CREATED = "s3:ObjectCreated:*"
SENDERS = ("CustomSMSSender", "CustomEmailSender")
POOL_READING = ["ListUserPools", "DescribeUserPool", "UpdateUserPool"]
PERMITTING = ["lambda:AddPermission", "lambda:RemovePermission"]
LINKED = "to let the bucket invoke the function"


def add_buckets(document: Document, functions: list[Deployed]) -> None:
    """Add the buckets that functions listen to, or what sets up those that exist."""
    existing = []
    for function, event, _, number in uses(functions, "s3"):
        if event.is_map and event["existing"]:
            existing.append((function, event, number))
        else:
            _listen(document, function, event)
    if existing:
        _add_existing_buckets(document, existing)


def _listen(document: Document, function: Deployed, event: Part) -> None:
    asked = event["bucket"] if event.is_map else event
    known = document.provider.at("s3", word(asked.value)) if asked.word else Part(None, ())
    name = known["name"] or asked if known.is_map else asked
    id = f"S3Bucket{letters(asked.value)}"
    permission = f"{function.normalised}LambdaPermission{letters(asked.value)}S3"
    if id not in document.resources:
        _add_bucket(document, id, (name, asked), known, event)
    configurations = ("NotificationConfiguration", "LambdaConfigurations")
    document.append(id, configurations, _notification(function, event))
    document.resources[id].setdefault("DependsOn", []).append(permission)
    permit(
        document, function, permission, "s3.amazonaws.com", event,
        SourceArn=joined("arn:", {"Ref": "AWS::Partition"}, ":s3:::", name),
        SourceAccount={"Ref": "AWS::AccountId"},
    )  # fmt: skip


def _add_bucket(
    document: Document, id: str, named: tuple[Part, Part], known: Part, event: Part
) -> None:
    name, asked = named
    more = {capital(key): part for key, part in known.items() if key != "name"}
    properties = {"BucketName": name, **more}
    at = known if known.is_map else event
    own = word(asked.value)
    document.put(id, BUCKET, properties, at, title=own, called=own)


def _notification(function: Deployed, event: Part) -> dict[str, Any]:
    found: dict[str, Any] = {
        "Event": (event.is_map and event["event"]) or CREATED,
        "Function": function.target,
    }
    rules = _rules(event)
    if rules:
        named = [{"Name": name, "Value": value} for name, value in rules]
        found["Filter"] = {"S3Key": {"Rules": named}}
    return found


def _rules(event: Part) -> list[tuple[str, Part]]:
    return list(event["rules"].items()) if event.is_map else []


def _add_existing_buckets(document: Document, existing: list[tuple[Deployed, Part, int]]) -> None:
    """Add what the framework's own function is told to set up, and what it does then."""
    statements: list[Mapping[str, Any]] = []
    for function, event, _ in existing:
        id = f"{function.normalised}CustomS31"
        config = {
            "Event": event["event"] or CREATED,
            "Rules": [{start_case(name): value} for name, value in _rules(event)],
        }
        if id in document.resources:
            document.append(id, ("BucketConfigs",), config)
            continue
        document.put(
            id, "Custom::S3",
            {
                "ServiceToken": attribute(handler_id("bucket")),
                "FunctionName": function.name,
                "BucketName": event["bucket"],
                "BucketConfigs": [config],
            },
            event, added="to set the bucket's notifications",
            DependsOn=[function.id, handler_id("bucket")],
        )  # fmt: skip
        where = joined("arn:", {"Ref": "AWS::Partition"}, ":s3:::", event["bucket"])
        setting = ["s3:PutBucketNotification", "s3:GetBucketNotification"]
        statements.append({"Effect": "Allow", "Resource": where, "Action": setting})
        permission = f"{function.normalised}CustomS31Permission"
        permit(document, function, permission, "s3.amazonaws.com", event, SourceArn=where)
        document.made.added[permission] = f"the framework's own function adds it, {LINKED}"
    every = arn("lambda", "function:*")
    statements.append({"Effect": "Allow", "Resource": every, "Action": PERMITTING})
    add_handler(document, "bucket", statements, existing[0][1])


def connect(document: Document, functions: list[Deployed]) -> None:
    """Put what the framework's own functions set up into the buckets and pools of this stack."""
    for function, event, _, _ in uses(functions, "s3"):
        if event.is_map and event["existing"]:
            id = _declared(document, BUCKET, "BucketName", event["bucket"].value)
            if id:
                path = ("NotificationConfiguration", "LambdaConfigurations")
                document.append(id, path, _notification(function, event))
    for function, event, _, _ in uses(functions, "cognitoUserPool"):
        if event.is_map and event["existing"]:
            id = _declared(document, POOL, "UserPoolName", event["pool"].value)
            if id:
                _set_trigger(document, id, function, event)


def _declared(document: Document, type: str, property: str, name: Value) -> str:
    """Return the resource of this stack that has a name, "" where there is none."""
    for id, resource in document.resources.items():
        if resource.get("Type") == type:
            properties = resource.get("Properties") or {}
            if name == {"Ref": id} or (name is not None and properties.get(property) == name):
                return id
    return ""


def add_pools(document: Document, functions: list[Deployed]) -> None:
    """Add the user pools whose triggers are functions, or what sets up those that exist."""
    existing = []
    for function, event, _, _ in uses(functions, "cognitoUserPool"):
        if event["existing"]:
            existing.append((function, event))
            continue
        pool = event["pool"]
        id = f"CognitoUserPool{letters(pool.value)}"
        if id not in document.resources:
            own = word(pool.value)
            document.put(id, POOL, {"UserPoolName": pool}, event, title=own, called=own)
        _set_trigger(document, id, function, event)
        document.resources[id].setdefault("DependsOn", []).append(function.alias_id or function.id)
        permit(
            document, function,
            f"{function.normalised}LambdaPermissionCognitoUserPool{letters(pool.value)}"
            f"TriggerSource{letters(event['trigger'].value)}",
            "cognito-idp.amazonaws.com", event, SourceArn=attribute(id),
        )  # fmt: skip
    if existing:
        _add_existing_pools(document, existing)


def _set_trigger(document: Document, id: str, function: Deployed, event: Part) -> None:
    trigger, version = event["trigger"].word, event["lambdaVersion"]
    if trigger in SENDERS:
        value: Any = {"LambdaArn": function.target, "LambdaVersion": version or "V1_0"}
        document.set(id, ("LambdaConfig", "KMSKeyID"), event["kmsKeyId"])
    elif trigger == "PreTokenGeneration" and version:
        trigger = "PreTokenGenerationConfig"
        value = {"LambdaArn": function.target, "LambdaVersion": version}
    else:
        value = function.target
    document.set(id, ("LambdaConfig", trigger), value)
    document.written_at(id, ("LambdaConfig", trigger), event["trigger"])


def _add_existing_pools(document: Document, existing: list[tuple[Deployed, Part]]) -> None:
    statements: list[Mapping[str, Any]] = []
    for function, event in existing:
        id = f"{function.normalised}CustomCognitoUserPool1"
        config = {"Trigger": event["trigger"], "LambdaVersion": event["lambdaVersion"]}
        if event["trigger"].word in SENDERS:
            config["KMSKeyID"] = event["kmsKeyId"]
        if id in document.resources:
            document.append(id, ("UserPoolConfigs",), config)
            continue
        document.put(
            id, "Custom::CognitoUserPool",
            {
                "ServiceToken": attribute(handler_id("pool")),
                "FunctionName": function.name,
                "UserPoolName": event["pool"],
                "UserPoolConfigs": [config],
            },
            event, added="to set the user pool's triggers",
            DependsOn=[function.id, handler_id("pool")],
        )  # fmt: skip
        own = arn("lambda", "function:", function.name, region="*", account="*")
        statements.append({"Effect": "Allow", "Resource": own, "Action": PERMITTING})
        permission = f"{id}Permission"
        permit(document, function, permission, "cognito-idp.amazonaws.com", event)
        document.made.added[permission] = (
            "the framework's own function adds it, to let the pool invoke the function"
        )
    reading = [f"cognito-idp:{action}" for action in POOL_READING]
    roles = arn("iam", "role/*", region="", account="*")
    statements += [
        {"Effect": "Allow", "Resource": "*", "Action": reading},
        {"Effect": "Allow", "Resource": arn("lambda", "function:*"), "Action": PERMITTING[1:]},
        {"Effect": "Allow", "Resource": roles, "Action": ["iam:PassRole"]},
    ]
    add_handler(document, "pool", statements, existing[0][1])
