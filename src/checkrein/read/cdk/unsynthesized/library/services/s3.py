"""S3: buckets, their policies, notifications, and rights to them; what is copied into them."""

from __future__ import annotations

from checkrein.model.values import Open, Symbol, Value
from checkrein.read.cdk.unsynthesized.library.policies import (
    allow,
    document,
    granted,
    resource_statement,
    role_of,
    statement,
)
from checkrein.read.cdk.unsynthesized.library.registry import makes, method, silent
from checkrein.read.cdk.unsynthesized.library.services.core import kept
from checkrein.read.cdk.unsynthesized.library.services.secrets import key_arn, let_key
from checkrein.read.cdk.unsynthesized.library.things import Construct
from checkrein.read.cdk.unsynthesized.library.values import (
    argument,
    days,
    imported_as,
    is_unknown,
    joined,
    last_name,
    package,
    prop,
    shaped,
)
from checkrein.read.cdk.unsynthesized.library.world import World
from checkrein.read.cdk.unsynthesized.trace import Called, New, Traced, Unknown

READ = ["s3:GetObject*", "s3:GetBucket*", "s3:List*"]
PUT = [
    "s3:PutObject",
    "s3:PutObjectLegalHold",
    "s3:PutObjectRetention",
    "s3:PutObjectTagging",
    "s3:PutObjectVersionTagging",
    "s3:Abort*",
]
DELETE = ["s3:DeleteObject*"]
READ_KEY = ["kms:Decrypt", "kms:DescribeKey"]
WRITE_KEY = ["kms:Encrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Decrypt"]
RIGHTS = {
    "grantRead": (READ, READ_KEY),
    "grantWrite": ([*DELETE, *PUT], WRITE_KEY),
    "grantReadWrite": ([*READ, *DELETE, *PUT], [*WRITE_KEY, "kms:DescribeKey"]),
    "grantPut": (PUT, WRITE_KEY),
    "grantPutAcl": (["s3:PutObjectAcl", "s3:PutObjectVersionAcl"], []),
    "grantDelete": (DELETE, []),
}
ON_OBJECTS = ("grantPut", "grantPutAcl", "grantDelete")
BLOCKED = "@aws-cdk/aws-s3:publicAccessBlockedByDefault"
ALL_BLOCKED = {
    "BlockPublicAcls": True,
    "BlockPublicPolicy": True,
    "IgnorePublicAcls": True,
    "RestrictPublicBuckets": True,
}
CORS = {
    "allowedHeaders": "AllowedHeaders",
    "allowedMethods": "AllowedMethods",
    "allowedOrigins": "AllowedOrigins",
    "exposedHeaders": "ExposedHeaders",
    "maxAge": "MaxAge",
    "id": "Id",
}
AGE = {"storageClass": "StorageClass", "transitionAfter": ("TransitionInDays", days)}
RULES = {
    "id": "Id",
    "enabled": "Status",
    "prefix": "Prefix",
    "expiration": ("ExpirationInDays", days),
    "noncurrentVersionExpiration": ("NoncurrentVersionExpiration.NoncurrentDays", days),
    "abortIncompleteMultipartUploadAfter": (
        "AbortIncompleteMultipartUpload.DaysAfterInitiation",
        days,
    ),
    "transitions": ("Transitions", [AGE]),
    "expiredObjectDeleteMarker": "ExpiredObjectDeleteMarker",
}
silent("addInventory", "addMetric", "addReplicationPolicy")


@makes("aws_s3.Bucket")
def bucket(world: World, made: Construct) -> None:
    given = made.given
    rules = shaped(world, {"rules": prop(given, "lifecycleRules")}, {"rules": ("Rules", [RULES])})
    properties = {
        "BucketName": world.value(prop(given, "bucketName")),
        "AccessControl": world.value(prop(given, "accessControl")),
        "BucketEncryption": _encryption(world, made, given),
        "CorsConfiguration": _cors(world, prop(given, "cors")),
        "LifecycleConfiguration": _rules(rules),
        "PublicAccessBlockConfiguration": _blocked(world, prop(given, "blockPublicAccess")),
        "OwnershipControls": _ownership(world, given),
        "WebsiteConfiguration": _website(world, given),
        "VersioningConfiguration": _versions(world, prop(given, "versioned")),
        "LoggingConfiguration": _logging(world, given),
    }
    told = world.value(prop(given, "eventBridgeEnabled"))
    if told is True or is_unknown(told):
        bridge = {"EventBridgeConfiguration": {"EventBridgeEnabled": told}}
        properties["NotificationConfiguration"] = bridge
    made.put("AWS::S3::Bucket", properties, "Resource", **kept(world, made))
    secure = prop(given, "enforceSSL")
    if secure is not None and secure is not False:
        _only_encrypted(made, world.value(secure))
    version = prop(given, "minimumTLSVersion")
    if version is not None and secure is True:
        condition = {"NumericLessThan": {"s3:TlsVersion": world.value(version)}}
        add_statement(made, _denied(made, condition))
    public = world.value(prop(given, "publicReadAccess"))
    if public is True:
        _read_by_all(made, made.of("Arn"), None)
    elif is_unknown(public):
        add_statement(made, Open("whether everybody may read"))
    emptied = world.value(prop(given, "autoDeleteObjects"))
    if emptied is True or is_unknown(emptied):
        _deleted(world, made)


@method("addLifecycleRule", "addCorsRule", of=("aws_s3",))
def add_rule(world: World, made: Construct, called: Called) -> None:
    shape, section, name = (
        (CORS, "CorsConfiguration", "CorsRules")
        if called.name == "addCorsRule"
        else (RULES, "LifecycleConfiguration", "Rules")
    )
    found: Value = {name: [shaped(world, argument(called, 0) or {}, shape)]}
    if name == "Rules":
        found = _rules(found)
    listed = made.properties.setdefault(section, {}).setdefault(name, [])
    if isinstance(listed, list):
        listed += found[name]


@method("enableEventBridgeNotification", of=("aws_s3",))
def enable_bridge(world: World, made: Construct, called: Called) -> None:
    bridge: Value = {"EventBridgeEnabled": True}
    made.properties["NotificationConfiguration"] = {"EventBridgeConfiguration": bridge}


def _encryption(world: World, made: Construct, given: Traced) -> Value:
    key, said = prop(given, "encryptionKey"), prop(given, "encryption")
    word = last_name(said)
    if isinstance(key, Unknown):
        return Open(key.why)
    default: dict[str, Value] = {"SSEAlgorithm": "AES256"}
    if key is not None or word == "KMS":
        default = {"SSEAlgorithm": "aws:kms"}
        if key is not None:
            default["KMSMasterKeyID"] = key_arn(world, key)
            made.told["key"] = world.construct(key)
        else:
            inner = made.child("Key", kind="aws_kms.Key")
            inner.put("AWS::KMS::Key", {"Description": "a bucket's"}, "Resource")
            default["KMSMasterKeyID"] = inner.of("Arn")
            made.told["key"] = inner
    elif said is None or word == "UNENCRYPTED":
        return None
    elif word == "KMS_MANAGED":
        default = {"SSEAlgorithm": "aws:kms"}
    elif word != "S3_MANAGED":
        return Open("how it is encrypted")
    return {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": default}]}


def _cors(world: World, listed: Traced) -> Value:
    if listed is None:
        return None
    return shaped(world, {"rules": listed}, {"rules": ("CorsRules", [CORS])})


def _rules(found: Value) -> Value:
    if not isinstance(found, dict) or found.get("Rules") in (None, []):
        return None
    for each in found["Rules"] if isinstance(found["Rules"], list) else ():
        if isinstance(each, dict):
            said = each.pop("Status", None)
            each["Status"] = (
                "Disabled" if said is False else said if is_unknown(said) else "Enabled"
            )
    return found


def _blocked(world: World, traced: Traced) -> Value:
    if traced is None:
        return None
    word = package(traced).rpartition(".")[2]
    if word == "BLOCK_ALL":
        return dict(ALL_BLOCKED)
    if word in ("BLOCK_ACLS", "BLOCK_ACLS_ONLY"):
        only = {"BlockPublicAcls": True, "IgnorePublicAcls": True}
        return only if word == "BLOCK_ACLS" else {
            **only, "BlockPublicPolicy": False, "RestrictPublicBuckets": False
        }  # fmt: skip
    if isinstance(traced, New):
        given = argument(traced, 0)
        found = {key: world.value(prop(given, key[:1].lower() + key[1:])) for key in ALL_BLOCKED}
        rest = True if world.flags.get(BLOCKED) is True else None
        stated = {key: rest if value is None else value for key, value in found.items()}
        return {key: value for key, value in stated.items() if value is not None}
    return Open("what public access is blocked")


def _ownership(world: World, given: Traced) -> Value:
    said = prop(given, "objectOwnership")
    return None if said is None else {"Rules": [{"ObjectOwnership": world.value(said)}]}


def _website(world: World, given: Traced) -> Value:
    found = shaped(world, given, {
        "websiteIndexDocument": "IndexDocument", "websiteErrorDocument": "ErrorDocument",
    })  # fmt: skip
    return found or None


def _versions(world: World, traced: Traced) -> Value:
    found = world.value(traced)
    if found is None or found is False:
        return None
    return {"Status": "Enabled" if found is True else found}


def _logging(world: World, given: Traced) -> Value:
    target, prefix = prop(given, "serverAccessLogsBucket"), prop(given, "serverAccessLogsPrefix")
    if target is None and prefix is None:
        return None
    construct = world.construct(target)
    found = {"LogFilePrefix": world.value(prefix)}
    if construct:
        found["DestinationBucketName"] = world.attribute(construct, "bucketName")
    elif target is not None:
        found["DestinationBucketName"] = Open("a bucket")
    return {key: value for key, value in found.items() if value is not None}


# ------------------------------------------------------------------------------ policies


def add_statement(made: Construct, stated: Value) -> None:
    """Write a statement into a bucket's policy, which is made for the first."""
    if not made.key:
        return
    policy = made.parts.get("policy")
    if policy is None:
        policy = made.child("Policy", kind="aws_s3.BucketPolicy")
        policy.put(
            "AWS::S3::BucketPolicy",
            {"Bucket": made.of(), "PolicyDocument": document([])},
            "Resource",
        )
        made.parts["policy"] = policy
    policy.properties["PolicyDocument"]["Statement"].append(stated)


def _denied(made: Construct, condition: Value) -> dict[str, Value]:
    return {
        "Action": "s3:*",
        "Condition": condition,
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "Resource": [made.of("Arn"), joined(made.of("Arn"), "/*")],
    }


def _only_encrypted(made: Construct, sure: Value) -> None:
    found = _denied(made, {"Bool": {"aws:SecureTransport": "false"}})
    add_statement(made, found if sure is True else Open("whether only TLS is let in"))


def _read_by_all(made: Construct, place: Value, prefix: Value) -> None:
    objects = joined(place, "/", "*" if prefix is None else prefix)
    found = {"Action": "s3:GetObject", "Effect": "Allow", "Principal": {"AWS": "*"}}
    add_statement(made, {**found, "Resource": objects})


def _deleted(world: World, made: Construct) -> None:
    """Make what empties a bucket before it is deleted."""
    add_statement(
        made,
        {
            "Action": ["s3:PutBucketPolicy", "s3:GetBucket*", "s3:List*", "s3:DeleteObject*"],
            "Effect": "Allow",
            "Principal": {"AWS": Open("the role of CDK's own function")},
            "Resource": [made.of("Arn"), joined(made.of("Arn"), "/*")],
        },
    )


@method("addToResourcePolicy", of=("aws_s3",))
def add_to_policy(world: World, made: Construct, called: Called) -> None:
    add_statement(made, statement(world, argument(called, 0)))


@makes("aws_s3.BucketPolicy")
def bucket_policy(world: World, made: Construct) -> None:
    owner = world.construct(world.props(made, "bucket"))
    if owner:
        name = world.attribute(owner, "bucketName")
        made.put(
            "AWS::S3::BucketPolicy", {"Bucket": name, "PolicyDocument": document([])}, "Resource"
        )
        made.parts["document"] = made
        owner.parts.setdefault("policy", made)


@method("addStatements", of=("aws_s3.BucketPolicy",))
def add_statements(world: World, made: Construct, called: Called) -> None:
    for each in called.arguments:
        made.properties["PolicyDocument"]["Statement"].append(statement(world, each))


@method(*RIGHTS, of=("aws_s3",))
def grant(world: World, made: Construct, called: Called) -> None:
    actions, on_key = RIGHTS[called.name]
    grantee = argument(called, 0)
    pattern = world.value(argument(called, 1))
    found = world.attribute(made, "bucketArn")
    objects = joined(found, "/", "*" if pattern is None or isinstance(pattern, dict) else pattern)
    places = [objects] if called.name in ON_OBJECTS else [found, objects]
    given = allow(world, grantee, granted(list(actions), places))
    if not given and isinstance(grantee, New) and role_of_nobody(world, grantee):
        add_statement(made, resource_statement(world, grantee, list(actions), places))
    if on_key:
        let_key(world, made, grantee, on_key)


def role_of_nobody(world: World, grantee: Traced) -> bool:
    construct = world.construct(grantee)
    return construct is None or role_of(construct) is None


@method("grantPublicAccess")
def grant_public(world: World, made: Construct, called: Called) -> None:
    _read_by_all(made, made.of("Arn"), world.value(argument(called, 0)))


@method("arnForObjects")
def arn_for_objects(world: World, made: Construct, called: Called) -> Value:
    return joined(world.attribute(made, "bucketArn"), "/", world.value(argument(called, 0)))


@method("urlForObject", "virtualHostedUrlForObject", "s3UrlForObject")
def url_for_object(world: World, made: Construct, called: Called) -> Value:
    return Open("the URL of an object")


# ------------------------------------------------------------------------------ notifications


# ------------------------------------------------------------------------------ others


@method(
    "aws_s3.Bucket.fromBucketName",
    "aws_s3.Bucket.fromBucketArn",
    "aws_s3.Bucket.fromBucketAttributes",
)
def imported(world: World, made: Construct, called: Called) -> Construct:
    told = imported_as(called)
    name = world.value(told)
    if called.name == "fromBucketArn":
        place, name = name, name.rpartition(":")[2] if isinstance(name, str) else Open("a name")
    else:
        if called.name == "fromBucketAttributes":
            said = prop(told, "bucketName")
            name = world.value(said) if said is not None else Open("a name")
        place = joined("arn:", Symbol("@aws", "Partition"), ":s3:::", name)
    made.path = (world.text(argument(called, 1)) or "Bucket",)
    scope = world.construct(argument(called, 0))
    if scope:
        made.path = (*scope.path, *made.path)
    made.attributes |= {"bucketName": name, "bucketArn": place}
    return made


@makes("aws_s3_deployment.BucketDeployment")
def deployment(world: World, made: Construct) -> None:
    target = world.construct(world.props(made, "destinationBucket"))
    if target:
        made.put(
            "Custom::CDKBucketDeployment",
            {
                "DestinationBucketName": world.attribute(target, "bucketName"),
                "DestinationBucketKeyPrefix": world.given(made, "destinationKeyPrefix"),
            },
            "CustomResource",
        )
