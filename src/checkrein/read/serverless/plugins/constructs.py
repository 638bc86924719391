"""Constructs of serverless-lift: storage, queues, webhooks, tables and static websites.

Source: Lift's documentation and what its version 1 (MIT) makes of services. Logical ids are
those that the CDK, which Lift makes them with, gives by its published rule.
"""

from __future__ import annotations

from typing import Any

from checkrein.model.values import text
from checkrein.read.serverless.document import Document, arn, attribute, joined
from checkrein.read.serverless.events.http_api import invocation
from checkrein.read.serverless.events.polled import mapping
from checkrein.read.serverless.functions import Deployed
from checkrein.read.serverless.iam import trusting
from checkrein.read.serverless.naming import capital
from checkrein.read.serverless.parts import Part
from checkrein.read.serverless.plugins.construct_ids import cdk_id

STORING = [
    f"s3:{name}"
    for name in (
        "PutObject", "GetObject", "DeleteObject", "ListBucket", "GetObjectAcl", "PutObjectAcl",
        "GetObjectTagging", "PutObjectTagging", "DeleteObjectTagging", "GetObjectAttributes",
        "AbortMultipartUpload", "ListMultipartUploadParts", "ListBucketMultipartUploads",
        "RestoreObject",
    )
]  # fmt: skip
SENDING = ["sqs:SendMessage", "sqs:ChangeMessageVisibility"]
KEEPING = [
    f"dynamodb:{name}"
    for name in (
        "GetItem", "BatchGetItem", "Query", "Scan", "PutItem", "DeleteItem", "BatchWriteItem",
        "UpdateItem", "ConditionCheckItem",
    )
]  # fmt: skip
BLOCKS = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
CACHED = "658327ea-f89d-4fab-a63d-7e88639e58f6"  # the managed policy CachingOptimized
ENDING: list[dict[str, Any]] = [
    {
        "Status": "Enabled",
        "Transitions": [{"StorageClass": "INTELLIGENT_TIERING", "TransitionInDays": 0}],
    },
    {"Status": "Enabled", "NoncurrentVersionExpiration": {"NoncurrentDays": 30}},
]
CODES = {"s3": "AES256", "kms": "aws:kms"}


def constructs(document: Document) -> list[tuple[str, Part]]:
    """Return the constructs that a service declares."""
    return list(document.root["constructs"].items())


def construct_functions(root: Part) -> dict[str, Part]:
    """Return the functions that stand in constructs: workers and authorizers."""
    found = {}
    for key, part in root["constructs"].items():
        for setting in ("worker", "authorizer"):
            if part.is_map and part[setting].is_map:
                found[f"{key}{capital(setting)}"] = part[setting]
    return found


def add_constructs(document: Document, functions: list[Deployed]) -> None:
    """Add what constructs make, and the rights that Lift gives the shared role for them."""
    local = {function.key: function for function in functions}
    for key, part in constructs(document):
        kind = part["type"].word if part.is_map else ""
        if kind == "storage":
            _add_storage(document, key, part)
        elif kind == "queue":
            _add_queue(document, key, part, local)
        elif kind == "database/dynamodb-single-table":
            _add_table(document, key, part)
        elif kind == "webhook":
            _add_webhook(document, key, part, local)
        elif kind in ("static-website", "single-page-app"):
            _add_website(document, key, part)
        else:
            reason = f"the construct {key} is of a kind that is not read ({kind or part.value})"
            document.lose(reason, "what it makes is not in the table", part)


def _let(document: Document, actions: list[str], *resources: Any) -> None:
    if document.root.at("lift", "automaticPermissions").value is not False:
        statement = {"Effect": "Allow", "Action": actions, "Resource": list(resources)}
        document.allow(statement)


def _add_storage(document: Document, key: str, part: Part) -> None:
    id = cdk_id(key, "Bucket", "Resource")
    public = part["publicPath"]
    opened = {"BlockPublicPolicy", "RestrictPublicBuckets"} if not public.is_absent else set()
    opened |= {"BlockPublicAcls"} if opened and part["allowAcl"] else set()
    code = CODES.get(part["encryption"].word or "s3", "AES256")
    encrypted = {"ServerSideEncryptionByDefault": {"SSEAlgorithm": code}}
    document.put(
        id, "AWS::S3::Bucket",
        {
            "BucketEncryption": {"ServerSideEncryptionConfiguration": [encrypted]},
            "VersioningConfiguration": {"Status": "Enabled"},
            "PublicAccessBlockConfiguration": {name: name not in opened for name in BLOCKS},
            "LifecycleConfiguration": {"Rules": [*ENDING, *part["lifecycleRules"]]},
        },
        part, title=key, DeletionPolicy="Retain",
    )  # fmt: skip
    inside = joined(attribute(id), "/*")
    statements = [_refused({"Ref": id}, attribute(id))]
    if not public.is_absent:
        path = public.word.strip("/")
        where = inside if path in ("", "*") else joined(attribute(id), f"/{path}/*")
        statements.append(_reading(where))
    _add_policy(document, key, part, id, statements)
    _let(document, STORING, attribute(id), inside)


def _refused(_bucket: Any, where: Any) -> dict[str, Any]:
    return {
        "Action": "s3:*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "Resource": [where, joined(where, "/*")],
    }


def _reading(where: Any) -> dict[str, Any]:
    everybody = {"AWS": "*"}
    return {"Action": "s3:GetObject", "Effect": "Allow", "Principal": everybody, "Resource": where}


def _add_policy(
    document: Document, key: str, part: Part, bucket: str, statements: list[Any]
) -> None:
    policy = {"Version": "2012-10-17", "Statement": statements}
    properties = {"Bucket": {"Ref": bucket}, "PolicyDocument": policy}
    id = cdk_id(key, "Bucket", "Policy", "Resource")
    document.put(id, "AWS::S3::BucketPolicy", properties, part)


def _add_queue(document: Document, key: str, part: Part, local: dict[str, Deployed]) -> None:
    queue, failed = cdk_id(key, "Queue", "Resource"), cdk_id(key, "Dlq", "Resource")
    ordered = part["fifo"]
    end = ".fifo" if ordered else ""
    secret = {"KmsMasterKeyId": "alias/aws/sqs"} if part["encryption"].word else {}
    common = {"FifoQueue": ordered or None, **secret}
    base = [document.stack, "-", key]
    kept = {"QueueName": text([*base, f"-dlq{end}"]), "MessageRetentionPeriod": 1209600, **common}
    document.put(failed, "AWS::SQS::Queue", kept, part, DeletionPolicy="Delete")
    worker = local.get(part["worker"].word or f"{key}Worker")
    limit = worker.part["timeout"].value if worker else None
    window = part["maxBatchingWindow"].value
    known = isinstance(limit or 6, int) and isinstance(window or 0, int)
    document.put(
        queue, "AWS::SQS::Queue",
        {
            "QueueName": text([*base, end]),
            "VisibilityTimeout": (limit or 6) * 6 + (window or 0) if known else None,
            "DelaySeconds": part["delay"],
            "ContentBasedDeduplication": ordered or None,
            "RedrivePolicy": {
                "deadLetterTargetArn": attribute(failed),
                "maxReceiveCount": part["maxRetries"] or 3,
            },
            **common,
        },
        part, title=key,
    )  # fmt: skip
    _let(document, SENDING, attribute(queue))
    if worker is None:
        reason = f"the worker of the queue {key} is not declared"
        document.lose(reason, "what reads it is not known", part)
        return
    _add_worker(document, worker, part, queue)


def _add_worker(document: Document, worker: Deployed, part: Part, queue: str) -> None:
    most = part["maxConcurrency"]
    mapping(
        document, worker, f"{worker.normalised}EventSourceMappingSQS{capital(queue)}",
        {
            "BatchSize": part["batchSize"] or 1,
            "MaximumBatchingWindowInSeconds": part["maxBatchingWindow"] or 0,
            "EventSourceArn": attribute(queue),
            "Enabled": True,
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
            "ScalingConfig": {"MaximumConcurrency": most} if most else None,
        },
        part,
    )  # fmt: skip
    reading = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
    document.allow({"Effect": "Allow", "Action": reading, "Resource": [attribute(queue)]})


def _add_table(document: Document, key: str, part: Part) -> None:
    id = cdk_id(key, "Table", "Resource")
    count = part["gsiCount"].value if isinstance(part["gsiCount"].value, int) else 0
    both = [f"GSI-{number}" for number in range(1, count + 1)]
    local = [f"LSI-{number}" for number in range(1, 6)] if part["localSecondaryIndexes"] else []
    names = [
        "PK",
        "SK",
        *(f"{i}-SK" for i in local),
        *(f"{i}-{k}" for i in both for k in ("PK", "SK")),
    ]
    projected = {"ProjectionType": "ALL"}
    document.put(
        id, "AWS::DynamoDB::Table",
        {
            "AttributeDefinitions": [{"AttributeName": n, "AttributeType": "S"} for n in names],
            "KeySchema": _key("PK", "SK"),
            "BillingMode": "PAY_PER_REQUEST",
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
            "TimeToLiveSpecification": {"AttributeName": "TimeToLive", "Enabled": True},
            "StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"},
            "GlobalSecondaryIndexes": [
                {"IndexName": i, "KeySchema": _key(f"{i}-PK", f"{i}-SK"), "Projection": projected}
                for i in both
            ] or None,
            "LocalSecondaryIndexes": [
                {"IndexName": i, "KeySchema": _key("PK", f"{i}-SK"), "Projection": projected}
                for i in local
            ] or None,
        },
        part, title=key, DeletionPolicy="Retain",
    )  # fmt: skip
    _let(document, KEEPING, attribute(id), joined(attribute(id), "/index/*"))


def _key(partition: str, sort: str) -> list[dict[str, str]]:
    kinds = ((partition, "HASH"), (sort, "RANGE"))
    return [{"AttributeName": name, "KeyType": kind} for name, kind in kinds]


def _add_webhook(document: Document, key: str, part: Part, local: dict[str, Deployed]) -> None:
    api, bus = cdk_id(key, "HttpApi", "Resource"), cdk_id(key, "Bus", "Resource")
    role, integration = cdk_id(key, "ApiGatewayRole", "Resource"), cdk_id(key, "Integration")
    document.put(api, "AWS::ApiGatewayV2::Api", {"Name": "HttpApi", "ProtocolType": "HTTP"}, part)
    stage = {"ApiId": {"Ref": api}, "StageName": "$default", "AutoDeploy": True}
    id = cdk_id(key, "HttpApi", "DefaultStage", "Resource")
    document.put(id, "AWS::ApiGatewayV2::Stage", stage, part)
    document.put(bus, "AWS::Events::EventBus", {"Name": f"{key}Bus"}, part, title=key)
    put = {"Effect": "Allow", "Action": "events:PutEvents", "Resource": attribute(bus)}
    asking = local.get(f"{key}Authorizer")
    policy = {"Version": "2012-10-17", "Statement": [put]}
    document.put(
        role, "AWS::IAM::Role",
        {
            "AssumeRolePolicyDocument": trusting(["apigateway.amazonaws.com"]),
            "Policies": [{"PolicyName": "EventBridge", "PolicyDocument": policy}],
        },
        part,
    )  # fmt: skip
    document.put(
        integration, "AWS::ApiGatewayV2::Integration",
        {
            "ApiId": {"Ref": api},
            "ConnectionType": "INTERNET",
            "CredentialsArn": attribute(role),
            "IntegrationSubtype": "EventBridge-PutEvents",
            "IntegrationType": "AWS_PROXY",
            "PayloadFormatVersion": "1.0",
            "RequestParameters": {
                "DetailType": part["eventType"] or "Webhook",
                "Detail": "$request.body",
                "Source": key,
                "EventBusName": {"Ref": bus},
            },
        },
        part,
    )  # fmt: skip
    _add_hook(document, key, part, asking)


def _add_hook(document: Document, key: str, part: Part, asking: Deployed | None) -> None:
    """Add a webhook's route, with the function that lets callers in."""
    api, id = {"Ref": cdk_id(key, "HttpApi", "Resource")}, cdk_id(key, "Authorizer")
    role = attribute(cdk_id(key, "ApiGatewayRole", "Resource"))
    asked: dict[str, Any] = {"AuthorizationType": "NONE"}
    if asking:
        asked = {"AuthorizationType": "CUSTOM", "AuthorizerId": {"Ref": id}}
        document.put(
            id, "AWS::ApiGatewayV2::Authorizer",
            {
                "ApiId": api,
                "AuthorizerPayloadFormatVersion": "2.0",
                "AuthorizerType": "REQUEST",
                "Name": f"{key}-authorizer",
                "EnableSimpleResponses": True,
                "AuthorizerUri": invocation(asking.target),
                "AuthorizerCredentialsArn": role,
            },
            part["authorizer"],
        )  # fmt: skip
        call = {"Effect": "Allow", "Action": "lambda:InvokeFunction"}
        where = [attribute(asking.id), joined(attribute(asking.id), ":*")]
        policy = {"Version": "2012-10-17", "Statement": [{**call, "Resource": where}]}
        named = cdk_id(key, "ApiGatewayRole", "DefaultPolicy", "Resource")
        taken = [{"Ref": cdk_id(key, "ApiGatewayRole", "Resource")}]
        properties = {"PolicyName": named, "PolicyDocument": policy, "Roles": taken}
        document.put(named, "AWS::IAM::Policy", properties, part["authorizer"])
    elif not part["insecure"]:
        reason = f"the webhook {key} has no authorizer that can be read"
        document.lose(reason, "whom it asks is not known", part)
    method = part["method"].word or "POST"
    target = {"Fn::Join": ["/", ["integrations", {"Ref": cdk_id(key, "Integration")}]]}
    properties = {"ApiId": api, "RouteKey": f"{method} {part['path'].word}", "Target": target}
    route = {**properties, **asked}
    document.put(cdk_id(key, "Route"), "AWS::ApiGatewayV2::Route", route, part)


def _add_website(document: Document, key: str, part: Part) -> None:
    """Add a website's bucket, and the distribution before it."""
    bucket = cdk_id(key, "Bucket", "Resource")
    open_to_all = part["type"].value == "static-website"
    error = part["errorPage"].word.lstrip("/")
    site: dict[str, Any] = {
        "WebsiteConfiguration": {
            "IndexDocument": "index.html",
            "ErrorDocument": f"/{error}" if error else None,
        },
        "PublicAccessBlockConfiguration": dict.fromkeys(BLOCKS, False),
    }
    document.put(bucket, "AWS::S3::Bucket", site if open_to_all else {}, part, title=key)
    reading = _reading(joined(attribute(bucket), "/*"))
    _add_policy(document, key, part, bucket, [reading] if open_to_all else [_viewer(bucket)])
    certificate = part["certificate"]
    origin = {"Id": key, **_origin(bucket, open_to_all=open_to_all)}
    behaviour = {
        "TargetOriginId": key,
        "ViewerProtocolPolicy": "redirect-to-https",
        "AllowedMethods": ["GET", "HEAD", "OPTIONS"],
        "CachePolicyId": CACHED,
    }
    config = {
        "Comment": text([document.stack, f" {key} website CDN"]),
        "DefaultRootObject": "index.html",
        "DefaultCacheBehavior": behaviour,
        "Enabled": True,
        "HttpVersion": "http2",
        "Aliases": list(part["domain"]) or None,
        "Origins": [origin],
        "ViewerCertificate": {
            "AcmCertificateArn": certificate,
            "MinimumProtocolVersion": "TLSv1.2_2021",
            "SslSupportMethod": "sni-only",
        } if certificate else None,
    }  # fmt: skip
    id, properties = cdk_id(key, "CDN", "Resource"), {"DistributionConfig": config}
    document.put(id, "AWS::CloudFront::Distribution", properties, part)


def _origin(bucket: str, *, open_to_all: bool) -> dict[str, Any]:
    """Return where CloudFront fetches a site: its address for browsers, or its bucket."""
    if not open_to_all:
        domain = attribute(bucket, "RegionalDomainName")
        return {"DomainName": domain, "S3OriginConfig": {}}
    address = {"Fn::Split": ["/", attribute(bucket, "WebsiteURL")]}
    custom = {"OriginProtocolPolicy": "http-only", "OriginSSLProtocols": ["TLSv1.2"]}
    return {"DomainName": {"Fn::Select": [2, address]}, "CustomOriginConfig": custom}


def _viewer(bucket: str) -> dict[str, Any]:
    """Return the statement that lets only CloudFront read a bucket."""
    identity = arn("iam", "user/CloudFront Origin Access Identity", region="", account="cloudfront")
    where = joined(attribute(bucket), "/*")
    return {
        "Action": "s3:GetObject",
        "Effect": "Allow",
        "Principal": {"AWS": identity},
        "Resource": where,
    }
