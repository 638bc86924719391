"""DynamoDB: tables of both classes, their indexes, and rights to them."""

from __future__ import annotations

from typing import Any

from checkrein.model.values import SPECIAL, Open, Value
from checkrein.read.cdk.unsynthesized.library.policies import allow, granted
from checkrein.read.cdk.unsynthesized.library.registry import LAST, makes, method, silent
from checkrein.read.cdk.unsynthesized.library.services.core import kept
from checkrein.read.cdk.unsynthesized.library.services.secrets import key_arn, let_key
from checkrein.read.cdk.unsynthesized.library.things import Construct
from checkrein.read.cdk.unsynthesized.library.values import (
    argument,
    arn,
    imported_as,
    items,
    joined,
    last_name,
    prop,
)
from checkrein.read.cdk.unsynthesized.library.world import World
from checkrein.read.cdk.unsynthesized.trace import Called, Traced, Unknown

READ = [
    "dynamodb:BatchGetItem",
    "dynamodb:Query",
    "dynamodb:GetItem",
    "dynamodb:Scan",
    "dynamodb:ConditionCheckItem",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
]
WRITE = [
    "dynamodb:BatchWriteItem",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
    "dynamodb:DeleteItem",
]
DESCRIBE = "dynamodb:DescribeTable"
STREAM = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"]
READ_KEY = ["kms:Decrypt", "kms:DescribeKey"]
WRITE_KEY = ["kms:Encrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"]
RIGHTS = {
    "grantReadData": ([*READ, DESCRIBE], READ_KEY),
    "grantWriteData": ([*WRITE, DESCRIBE], [*READ_KEY, *WRITE_KEY]),
    "grantReadWriteData": ([*READ, *WRITE, DESCRIBE], [*READ_KEY, *WRITE_KEY]),
    "grantFullAccess": (["dynamodb:*"], [*READ_KEY, *WRITE_KEY]),
}
ENCRYPTED = {"AWS_MANAGED": {"SSEEnabled": True}, "DEFAULT": None}
silent(
    "autoScaleReadCapacity", "autoScaleWriteCapacity", "autoScaleGlobalSecondaryIndexReadCapacity",
    "autoScaleGlobalSecondaryIndexWriteCapacity", "scaleOnUtilization", "schema", "table",
)  # fmt: skip


@makes("aws_dynamodb.Table")
def table(world: World, made: Construct) -> None:
    given = made.given
    attributes: list[Value] = []
    made.told["attributes"] = attributes
    billing = prop(given, "billingMode")
    mode = world.value(billing)
    properties: dict[str, Value] = {
        "TableName": world.value(prop(given, "tableName")),
        "KeySchema": keys(world, given, attributes),
        "AttributeDefinitions": attributes,
        "PointInTimeRecoverySpecification": _recovery(world, given),
        "SSESpecification": _encryption(world, made, given),
        "StreamSpecification": _stream(world, given),
        "TableClass": world.value(prop(given, "tableClass")),
        "DeletionProtectionEnabled": world.value(prop(given, "deletionProtection")),
    }
    ttl = world.value(prop(given, "timeToLiveAttribute"))
    if ttl is not None:
        properties["TimeToLiveSpecification"] = {"AttributeName": ttl, "Enabled": True}
    if mode == "PAY_PER_REQUEST" or isinstance(mode, SPECIAL):
        properties["BillingMode"] = mode
    else:
        properties["ProvisionedThroughput"] = _throughput(world, given)
    made.put("AWS::DynamoDB::Table", properties, "Resource", **kept(world, made))


def _throughput(world: World, given: Traced) -> dict[str, Value]:
    names = (("readCapacity", "ReadCapacityUnits"), ("writeCapacity", "WriteCapacityUnits"))
    found = {to: world.value(prop(given, name)) for name, to in names}
    return {to: 5 if each is None else each for to, each in found.items()}


def keys(world: World, given: Traced, attributes: list[Value]) -> Value:
    """Return a key schema, and define its attributes."""
    found: list[Value] = []
    for name, kind in (("partitionKey", "HASH"), ("sortKey", "RANGE")):
        key = prop(given, name)
        if key is None:
            continue
        said, type = world.value(prop(key, "name")), world.value(prop(key, "type"))
        found.append({"AttributeName": said, "KeyType": kind})
        defined = {"AttributeName": said, "AttributeType": type}
        if not any(each["AttributeName"] == said for each in attributes):
            attributes.append(defined)
    return found


def _recovery(world: World, given: Traced) -> Value:
    whole = prop(given, "pointInTimeRecoverySpecification")
    said = prop(whole, "pointInTimeRecoveryEnabled")
    if said is None:
        said = prop(given, "pointInTimeRecovery")
    return None if said is None else {"PointInTimeRecoveryEnabled": world.value(said)}


def _encryption(world: World, made: Construct, given: Traced) -> Value:
    key, said = prop(given, "encryptionKey"), prop(given, "encryption")
    word = last_name(said)
    if isinstance(key, Unknown):
        return Open(key.why)
    if key is not None:
        made.told["key"] = world.construct(key)
        return {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": key_arn(world, key)}
    if said is None or word == "DEFAULT":
        return None
    if word == "AWS_MANAGED":
        return {"SSEEnabled": True}
    if word == "CUSTOMER_MANAGED":
        inner = made.child("Key", kind="aws_kms.Key")
        inner.put(
            "AWS::KMS::Key", {"Description": "a table's", "EnableKeyRotation": True}, "Resource"
        )
        made.told["key"] = inner
        return {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": inner.of("Arn")}
    return Open("how it is encrypted")


def _stream(world: World, given: Traced) -> Value:
    said = prop(given, "stream")
    regions = prop(given, "replicationRegions")
    if said is None and regions is not None:
        kind = "NEW_AND_OLD_IMAGES"
        return {"StreamViewType": kind if isinstance(regions, list) else Open("a stream")}
    return None if said is None else {"StreamViewType": world.value(said)}


@makes("aws_dynamodb.TableV2")
def table_v2(world: World, made: Construct) -> None:
    given = made.given
    attributes: list[Value] = []
    made.told["attributes"] = attributes
    replica: dict[str, Any] = {
        "Region": made.stack.region or {"Ref": "AWS::Region"},
        "PointInTimeRecoverySpecification": _recovery(world, given),
        "DeletionProtectionEnabled": world.value(prop(given, "deletionProtection")),
        "TableClass": world.value(prop(given, "tableClass")),
    }
    stream = prop(given, "dynamoStream")
    encryption = prop(given, "encryption")
    name = encryption.name if isinstance(encryption, Called) else ""
    specification: Value = None
    if name == "awsManagedKey":
        specification = {"SSEEnabled": True, "SSEType": "KMS"}
    elif name == "customerManagedKey":
        specification = {"SSEEnabled": True, "SSEType": "KMS"}
        replica["SSESpecification"] = {"KMSMasterKeyId": key_arn(world, argument(encryption, 0))}
    elif encryption is not None and name != "dynamoOwnedKey":
        specification = Open("how it is encrypted")
    billing = prop(given, "billing")
    provisioned = isinstance(billing, Called) and billing.name == "provisioned"
    ttl = world.value(prop(given, "timeToLiveAttribute"))
    replicas: list[Value] = [{k: v for k, v in replica.items() if v is not None}]
    for each in items(world, prop(given, "replicas"), "replicas of a table"):
        replicas.append({**replicas[0], "Region": world.value(prop(each, "region"))})
    properties = {
        "TableName": world.value(prop(given, "tableName")),
        "KeySchema": keys(world, given, attributes),
        "AttributeDefinitions": attributes,
        "BillingMode": "PROVISIONED"
        if provisioned
        else "PAY_PER_REQUEST"
        if billing is None or isinstance(billing, Called)
        else Open("how it is paid"),
        "Replicas": replicas,
        "SSESpecification": specification,
        "StreamSpecification": None if stream is None else {"StreamViewType": world.value(stream)},
        "TimeToLiveSpecification": None if ttl is None else {"AttributeName": ttl, "Enabled": True},
    }
    made.put("AWS::DynamoDB::GlobalTable", properties, "Resource", **kept(world, made))
    for each in items(world, prop(given, "globalSecondaryIndexes"), "indexes of a table"):
        _add_index(world, made, "GlobalSecondaryIndexes", each)
    for each in items(world, prop(given, "localSecondaryIndexes"), "indexes of a table"):
        _add_index(world, made, "LocalSecondaryIndexes", each)


@method("addGlobalSecondaryIndex", "addLocalSecondaryIndex")
def add_index(world: World, made: Construct, called: Called) -> None:
    key = "GlobalSecondaryIndexes" if "Global" in called.name else "LocalSecondaryIndexes"
    _add_index(world, made, key, argument(called, 0))


def _add_index(world: World, made: Construct, key: str, given: Traced) -> None:
    attributes = made.told.get("attributes", [])
    schema = keys(world, given, attributes)
    if key.startswith("Local"):
        schema = [*made.properties.get("KeySchema", [])[:1], *schema]
    type = world.value(prop(given, "projectionType")) or "ALL"
    projection: dict[str, Value] = {"ProjectionType": type}
    more = world.value(prop(given, "nonKeyAttributes"))
    if more is not None:
        projection["NonKeyAttributes"] = more
    index: dict[str, Value] = {
        "IndexName": world.value(prop(given, "indexName")),
        "KeySchema": schema,
        "Projection": projection,
    }
    if "ProvisionedThroughput" in made.properties and key.startswith("Global"):
        index["ProvisionedThroughput"] = _throughput(world, given)
    listed = made.properties.setdefault(key, [])
    if isinstance(listed, list):
        listed.append(index)
    made.told["indexed"] = True


# ------------------------------------------------------------------------------ rights


@method(*RIGHTS, of=("aws_dynamodb",))
def grant(world: World, made: Construct, called: Called) -> None:
    actions, on_key = RIGHTS[called.name]
    let(world, made, argument(called, 0), actions)
    let_key(world, made, argument(called, 0), on_key)


@method("grant", of=("aws_dynamodb",))
def grant_some(world: World, made: Construct, called: Called) -> None:
    actions = [world.value(each) for each in called.arguments[1:]]
    let(world, made, argument(called, 0), actions)


def let(world: World, made: Construct, grantee: Traced, actions: list[Value]) -> None:
    """Give a grantee a right to a table, and to its indexes if it has any."""
    found = world.attribute(made, "tableArn")
    indexes = joined(found, "/index/*")
    places: list[Value] = [found]
    if made.told.get("indexed"):
        places.append(indexes)
    else:
        made.told.setdefault("waiting", []).append((places, indexes))
    stated = granted(actions, [found])
    stated["Resource"] = places
    allow(world, grantee, stated)


@LAST.append
def finish(world: World) -> None:
    """Give rights that came before a table's first index their indexes too."""
    for construct in world.constructs.values():
        if construct.told.get("indexed"):
            for places, indexes in construct.told.get("waiting", ()):
                places.append(indexes)


@method("grantStreamRead", "grantTableListStreams", of=("aws_dynamodb",))
def grant_stream(world: World, made: Construct, called: Called) -> None:
    grantee = argument(called, 0)
    allow(world, grantee, granted(["dynamodb:ListStreams"], ["*"]))
    if called.name == "grantStreamRead":
        allow(world, grantee, granted(STREAM, [world.attribute(made, "tableStreamArn")]))


@method(
    "aws_dynamodb.Table.fromTableName",
    "aws_dynamodb.Table.fromTableArn",
    "aws_dynamodb.Table.fromTableAttributes",
    "aws_dynamodb.TableV2.fromTableName",
    "aws_dynamodb.TableV2.fromTableArn",
    "aws_dynamodb.TableV2.fromTableAttributes",
)
def imported(world: World, made: Construct, called: Called) -> Construct:
    told = imported_as(called)
    name, place = world.value(told), world.value(told)
    if called.name == "fromTableAttributes":
        name, place = (world.value(prop(told, each)) for each in ("tableName", "tableArn"))
        made.attributes["tableStreamArn"] = world.value(prop(told, "tableStreamArn"))
        indexes = prop(told, "globalIndexes") or prop(told, "grantIndexPermissions")
        made.told["indexed"] = bool(indexes)
    elif called.name == "fromTableArn":
        name = place.rpartition("/")[2] if isinstance(place, str) else None
    else:
        place = None
    if place is None:
        place = arn("dynamodb", joined("table/", name))
    made.attributes |= {"tableArn": place}
    made.attributes["tableName"] = Open("the name of an imported table") if name is None else name
    return made
