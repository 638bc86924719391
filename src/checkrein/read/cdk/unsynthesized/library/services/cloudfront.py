"""CloudFront: distributions, their origins and behaviors, and who reads a bucket for them."""

from __future__ import annotations

from typing import Any

from checkrein.model.values import Open, Symbol, Value
from checkrein.read.cdk.unsynthesized.library.logical_ids import logical_id
from checkrein.read.cdk.unsynthesized.library.registry import makes, method, silent
from checkrein.read.cdk.unsynthesized.library.services.s3 import add_statement
from checkrein.read.cdk.unsynthesized.library.things import Construct
from checkrein.read.cdk.unsynthesized.library.values import (
    argument,
    is_unknown,
    joined,
    last_name,
    package,
    prop,
    seconds,
    shaped,
)
from checkrein.read.cdk.unsynthesized.library.world import World
from checkrein.read.cdk.unsynthesized.trace import Called, New, Traced

VERBS = {
    "ALLOW_ALL": ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"],
    "ALLOW_GET_HEAD": ["GET", "HEAD"],
    "ALLOW_GET_HEAD_OPTIONS": ["GET", "HEAD", "OPTIONS"],
}
ORIGIN_ACCESS = {
    "OriginAccessControlOriginType": "s3",
    "SigningBehavior": "always",
    "SigningProtocol": "sigv4",
}
silent("aws_cloudfront.CachePolicy", "aws_cloudfront.OriginRequestPolicy",
       "aws_cloudfront.ResponseHeadersPolicy", "aws_cloudfront.KeyValueStore",
       "aws_cloudfront.PublicKey", "aws_cloudfront.KeyGroup")  # fmt: skip


@makes("aws_cloudfront.Distribution")
def distribution(world: World, made: Construct) -> None:
    given = made.given
    origins: list[Value] = []
    made.told["origins"] = origins
    made.told["known"] = {}
    certificate = prop(given, "certificate")
    config: dict[str, Value] = {
        "Enabled": True if prop(given, "enabled") is None else world.value(prop(given, "enabled")),
        "HttpVersion": "http2",
        "IPV6Enabled": True,
        "Aliases": world.value(prop(given, "domainNames")),
        "Comment": world.value(prop(given, "comment")),
        "DefaultRootObject": world.value(prop(given, "defaultRootObject")),
        "PriceClass": world.value(prop(given, "priceClass")),
        "WebACLId": world.value(prop(given, "webAclId")),
        "Origins": origins,
    }
    if certificate is not None:
        minimum = world.value(prop(given, "minimumProtocolVersion"))
        config["ViewerCertificate"] = {
            "AcmCertificateArn": world.value(certificate),
            "MinimumProtocolVersion": "TLSv1.2_2021" if minimum is None else minimum,
            "SslSupportMethod": "sni-only",
        }
    logs = world.value(prop(given, "enableLogging"))
    if prop(given, "logBucket") is None and is_unknown(logs):
        config["Logging"] = logs
    elif logs is True or prop(given, "logBucket") is not None:
        bucket = world.construct(prop(given, "logBucket"))
        name = world.attribute(bucket, "bucketRegionalDomainName") if bucket else Open("a bucket")
        config["Logging"] = {"Bucket": name}
    made.put("AWS::CloudFront::Distribution", {"DistributionConfig": config}, "Resource")
    made.attributes["domainName"] = made.of("DomainName")
    place = joined("arn:", Symbol("@aws", "Partition"), ":cloudfront::",
                   Symbol("@aws", "AccountId"), ":distribution/", made.of())  # fmt: skip
    made.attributes["distributionArn"] = place
    config["DefaultCacheBehavior"] = _behavior(world, made, prop(given, "defaultBehavior"))
    more = prop(given, "additionalBehaviors")
    listed = []
    for path, each in more.items() if isinstance(more, dict) else ():
        listed.append({"PathPattern": path, **_behavior(world, made, each)})
    config["CacheBehaviors"] = listed or (Open("behaviors") if more else None)
    answers = shaped(world, {"all": prop(given, "errorResponses")}, {"all": ("All", [{
        "ttl": ("ErrorCachingMinTTL", seconds), "httpStatus": "ErrorCode",
        "responseHttpStatus": "ResponseCode",
        "responsePagePath": "ResponsePagePath",
    }])})  # fmt: skip
    config["CustomErrorResponses"] = answers.get("All") if isinstance(answers, dict) else None
    made.properties["DistributionConfig"] = {k: v for k, v in config.items() if v is not None}


@method("addBehavior")
def add_behavior(world: World, made: Construct, called: Called) -> None:
    config = made.properties.get("DistributionConfig")
    if isinstance(config, dict):
        path = world.value(argument(called, 0))
        options = argument(called, 2)
        behavior = _behavior(world, made, options, argument(called, 1))
        config.setdefault("CacheBehaviors", []).append({"PathPattern": path, **behavior})


def _behavior(
    world: World, made: Construct, given: Traced, origin: Traced = None
) -> dict[str, Value]:
    origin = prop(given, "origin") if origin is None else origin
    allowed = package(prop(given, "allowedMethods")).rpartition(".")[2]
    cached = package(prop(given, "cachedMethods")).rpartition(".")[2]
    viewer = world.value(prop(given, "viewerProtocolPolicy"))
    compress = world.value(prop(given, "compress"))
    found: dict[str, Value] = {
        "TargetOriginId": _origin(world, made, origin),
        "ViewerProtocolPolicy": "allow-all" if viewer is None else viewer,
        "AllowedMethods": VERBS.get(allowed)
        if allowed or prop(given, "allowedMethods") is None
        else Open("methods"),
        "CachedMethods": VERBS.get(cached.replace("CACHE", "ALLOW"))
        if cached or prop(given, "cachedMethods") is None
        else Open("methods"),
        "Compress": True if compress is None else compress,
        "CachePolicyId": _policy(world, prop(given, "cachePolicy"))
        or "658327ea-f89d-4fab-a63d-7e88639e58f6",
        "OriginRequestPolicyId": _policy(world, prop(given, "originRequestPolicy")),
        "ResponseHeadersPolicyId": _policy(world, prop(given, "responseHeadersPolicy")),
    }
    for name, to in (("edgeLambdas", "LambdaFunctionAssociations"),
                     ("functionAssociations", "FunctionAssociations"),
                     ("trustedKeyGroups", "TrustedKeyGroups")):  # fmt: skip
        if prop(given, name) is not None:
            found[to] = Open(name)
    return {key: each for key, each in found.items() if each is not None}


def _policy(world: World, traced: Traced) -> Value:
    return None if traced is None else world.value(traced)


def _origin(world: World, made: Construct, traced: Traced) -> Value:
    """Add an origin once; return its id in the distribution."""
    known: dict[int, Value] = made.told["known"]
    if id(traced) in known:
        return known[id(traced)]
    number = len(made.told["origins"]) + 1
    name = logical_id((made.stack.name, *made.path, f"Origin{number}"))[0]
    known[id(traced)] = name
    made.told["origins"].append({"Id": name, **_described(world, made, traced, number)})
    return name


def _described(world: World, made: Construct, traced: Traced, number: int) -> dict[str, Value]:
    given: Traced = None
    if isinstance(traced, Called):
        kind, first, given = traced.name, argument(traced, 0), argument(traced, 1)
    elif isinstance(traced, New):
        kind = traced.kind.rpartition(".")[2]
        first, given = argument(traced, 0), argument(traced, 1)
    else:
        return {"DomainName": Open("an origin")}
    bucket = world.construct(first)
    path = {"OriginPath": world.value(prop(given, "originPath"))}
    path = {k: v for k, v in path.items() if v is not None}
    if kind in ("withOriginAccessControl", "S3Origin", "withOriginAccessIdentity",
                "withBucketDefaults"):  # fmt: skip
        if bucket is None:
            return {"DomainName": Open("a bucket"), **path}
        return {**_of_bucket(world, made, bucket, kind, given, number), **path}
    if kind == "HttpOrigin":
        policy = world.value(prop(given, "protocolPolicy"))
        custom: dict[str, Value] = {
            "OriginProtocolPolicy": "https-only" if policy is None else policy,
            "OriginSSLProtocols": ["TLSv1.2"],
        }
        return {"DomainName": world.value(first), "CustomOriginConfig": custom, **path}
    if kind == "RestApiOrigin" and bucket:
        host = joined(
            bucket.of(), ".execute-api.", Symbol("@aws", "Region"), ".", Symbol("@aws", "URLSuffix")
        )
        stage = bucket.parts.get("deploymentStage")
        path.setdefault("OriginPath", joined("/", stage.of() if stage else Open("a stage")))
        custom = {"OriginProtocolPolicy": "https-only", "OriginSSLProtocols": ["TLSv1.2"]}
        return {"DomainName": host, "CustomOriginConfig": custom, **path}
    return {"DomainName": Open(f"an origin: {kind}"), **path}


def _of_bucket(
    world: World, made: Construct, bucket: Construct, kind: str, given: Traced, number: int
) -> dict[str, Value]:
    found: dict[str, Value] = {"DomainName": world.attribute(bucket, "bucketRegionalDomainName")}
    if bucket.properties.get("WebsiteConfiguration") and kind == "S3Origin":
        custom = {"OriginProtocolPolicy": "http-only", "OriginSSLProtocols": ["TLSv1.2"]}
        return {"DomainName": Open("a website's host"), "CustomOriginConfig": custom}
    objects = joined(world.attribute(bucket, "bucketArn"), "/*")
    place = made.child(f"Origin{number}")
    if kind == "withOriginAccessControl":
        control = world.construct(prop(given, "originAccessControl"))
        id: Value = control.of() if control and control.key else None
        if id is None:
            inner = place.child("S3OriginAccessControl")
            id = inner.put(
                "AWS::CloudFront::OriginAccessControl",
                {"OriginAccessControlConfig": {"Name": "".join(inner.path), **ORIGIN_ACCESS}},
                "Resource",
            )
        found |= {"OriginAccessControlId": Symbol(id.owner, "Id") if isinstance(id, Symbol) else id,
                  "S3OriginConfig": {"OriginAccessIdentity": ""}}  # fmt: skip
        levels = prop(given, "originAccessLevels")
        names = [last_name(each) for each in levels] if isinstance(levels, list) else ["READ"]
        actions = {"READ": "s3:GetObject", "WRITE": "s3:PutObject", "DELETE": "s3:DeleteObject",
                   "LIST": "s3:ListBucket", "READ_VERSIONED": "s3:GetObjectVersion"}  # fmt: skip
        wanted: Any = [actions[each] for each in names if each in actions]
        source = made.attributes["distributionArn"]
        add_statement(bucket, {
            "Action": wanted[0] if len(wanted) == 1 else wanted,
            "Condition": {"StringEquals": {"AWS:SourceArn": source}},
            "Effect": "Allow", "Principal": {"Service": "cloudfront.amazonaws.com"},
            "Resource": objects,
        })  # fmt: skip
        return found
    if kind == "withBucketDefaults":
        return {**found, "S3OriginConfig": {"OriginAccessIdentity": ""}}
    identity = world.construct(prop(given, "originAccessIdentity"))
    user: Value = None
    if identity is None:
        inner = place.child("S3Origin", kind="aws_cloudfront.OriginAccessIdentity")
        _identity(inner, Open("a comment"))
        identity = inner
    if identity.key:
        user = joined("origin-access-identity/cloudfront/", identity.of())
        _read(bucket, identity, objects)
    return {**found, "S3OriginConfig": {"OriginAccessIdentity": user or Open("an identity")}}


def _read(bucket: Construct, identity: Construct, objects: Value) -> None:
    who = {"CanonicalUser": identity.of("S3CanonicalUserId")}
    add_statement(
        bucket,
        {"Action": "s3:GetObject", "Effect": "Allow", "Principal": who, "Resource": objects},
    )


def _identity(made: Construct, comment: Value) -> None:
    made.put(
        "AWS::CloudFront::CloudFrontOriginAccessIdentity",
        {"CloudFrontOriginAccessIdentityConfig": {"Comment": comment}},
        "Resource",
    )
    made.attributes["grantPrincipal"] = {"CanonicalUser": made.of("S3CanonicalUserId")}


@makes("aws_cloudfront.OriginAccessIdentity")
def identity(world: World, made: Construct) -> None:
    said = world.given(made, "comment")
    _identity(made, "Allows CloudFront to reach the bucket" if said is None else said)


@makes("aws_cloudfront.S3OriginAccessControl", "aws_cloudfront.FunctionUrlOriginAccessControl")
def access_control(world: World, made: Construct) -> None:
    name = world.given(made, "originAccessControlName")
    made.put(
        "AWS::CloudFront::OriginAccessControl",
        {"OriginAccessControlConfig": {"Name": "".join(made.path) if name is None else name,
                                       **ORIGIN_ACCESS}},
        "Resource",
    )  # fmt: skip


@makes("aws_cloudfront.Function")
def function(world: World, made: Construct) -> None:
    code = world.props(made, "code")
    inline = isinstance(code, Called) and code.name == "fromInline"
    text = world.value(argument(code, 0)) if inline else Open("a file's text")
    made.put(
        "AWS::CloudFront::Function",
        {
            "Name": world.given(made, "functionName") or "".join(made.path),
            "FunctionCode": text,
            "AutoPublish": True,
        },
        "Resource",
    )


@makes("aws_cloudfront.CloudFrontWebDistribution")
def web_distribution(world: World, made: Construct) -> None:
    made.put(
        "AWS::CloudFront::Distribution",
        {"DistributionConfig": Open("a distribution of the older class")},
        "Resource",
    )
    made.attributes["domainName"] = made.of("DomainName")
