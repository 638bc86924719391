"""Mutations of who is let in by a resource: trust, resource policies, ACLs, permissions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.promise.mutants import Application, Mutant, Told, as_list, named, node
from tests.promise.statements import ROLE, Stated, statements

STRANGER = "arn:aws:iam::999988887777:root"
SHARED = {  # policies of resources -> the property that names whose they are
    "AWS::S3::BucketPolicy": "Bucket",
    "AWS::SQS::QueuePolicy": "Queues",
    "AWS::SNS::TopicPolicy": "Topics",
}
LIVING = (  # resources that take a policy of their own, an action, and how a policy names them
    ("AWS::SQS::Queue", "AWS::SQS::QueuePolicy", "sqs:ReceiveMessage"),
    ("AWS::SNS::Topic", "AWS::SNS::TopicPolicy", "sns:Subscribe"),
)
FUNCTIONS = ("AWS::Lambda::Function", "AWS::Serverless::Function")


def trust(application: Application) -> Iterator[Mutant]:
    """A role that anyone in any account may take, and one that another account may."""
    for found in application.resources(ROLE):
        keys = ("Properties", "AssumeRolePolicyDocument", "Statement")
        before = found.properties["AssumeRolePolicyDocument"]["Statement"]
        for who, name in (("*", "anyone"), (STRANGER, "account:999988887777")):
            principal = {"AWS": who}
            more = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
            texts = application.changed(found, keys, [*before, more])
            told = Told("entry", found.id, "assumed", gains=(name,))
            yield application.mutant(f"trust in {who}", found.name, texts, told)


def trust_condition(application: Application) -> Iterator[Mutant]:
    """Who signs in without a name gets what those who sign in with one have."""
    for found in application.resources(ROLE):
        statement = found.properties["AssumeRolePolicyDocument"]["Statement"][0]
        if "amr" in str(statement.get("Condition", "")):
            keys = ("Properties", "AssumeRolePolicyDocument", "Statement", 0, "Condition")
            texts = application.changed(found, keys, None)
            told = Told(
                "entry", found.id, "assumed", gains=("federated:cognito-identity.amazonaws.com",)
            )
            yield application.mutant("trust without a condition", found.name, texts, told)


def wider_share(application: Application) -> Iterator[Mutant]:
    """A resource's policy that lets in anyone where it let in one account."""
    for one in statements(application, *SHARED):
        principal = one.statement.get("Principal", {})
        if one.statement["Effect"] != "Allow" or "AWS" not in principal or "*" in str(principal):
            continue
        public = {**one.statement, "Principal": "*"}
        whose = _shared(one)
        if _blocked(application, whose):
            continue
        texts = application.changed(one.found, one.keys, public)
        told = Told("right", application.anyone(one.found), whose + " ", gains=(one.actions[0],))
        yield application.mutant("a public policy", one.place, texts, told)


def another_account(application: Application) -> Iterator[Mutant]:
    """One more account in a resource's policy."""
    for one in statements(application, *SHARED):
        principal = one.statement.get("Principal", {})
        if one.statement["Effect"] == "Allow" and "AWS" in principal:
            both = {**one.statement, "Principal": {"AWS": [principal["AWS"], STRANGER]}}
            texts = application.changed(one.found, one.keys, both)
            gains = (one.actions[0],)
            told = Told("right", "account:999988887777", _shared(one) + " ", gains=gains)
            yield application.mutant("another account", one.place, texts, told)


def share_condition(application: Application) -> Iterator[Mutant]:
    """A resource's policy without the condition that narrowed it."""
    for one in statements(application, *SHARED):
        if "Condition" not in one.statement:
            continue
        free = {key: value for key, value in one.statement.items() if key != "Condition"}
        texts = application.changed(one.found, one.keys, free)
        kind = "right" if one.statement["Effect"] == "Allow" else "denial"
        told = Told(kind, _principal(application, one), _shared(one))
        yield application.mutant("a share without condition", one.place, texts, told)


def share_denial(application: Application) -> Iterator[Mutant]:
    """A Deny taken out of a resource's policy."""
    for one in statements(application, *SHARED):
        if one.statement["Effect"] == "Deny":
            texts = application.changed(one.found, one.keys, None)
            told = Told(
                "denial", _principal(application, one), _shared(one), loses=(one.actions[0],)
            )
            yield application.mutant("a share's Deny removed", one.place, texts, told)


def new_share(application: Application) -> Iterator[Mutant]:
    """A policy that lets anyone in, for a resource that had none."""
    for type, policy, action in LIVING:
        for found in application.resources(type):
            if any(found.name in str(p.properties) for p in application.resources(policy)):
                continue
            statement = {"Effect": "Allow", "Principal": "*", "Action": action, "Resource": "*"}
            made = {
                SHARED[policy]: [{"Ref": found.name}],
                "PolicyDocument": {"Statement": [statement]},
            }
            texts = application.with_resources(
                found.file, Opened={"Type": policy, "Properties": made}
            )
            told = Told("right", application.anyone(found), found.id + " ", gains=(action,))
            yield application.mutant("a new public policy", found.name, texts, told)


def bucket_policy(application: Application) -> Iterator[Mutant]:
    """A policy that lets anyone read a bucket without a public access block."""
    for found in application.resources("AWS::S3::Bucket"):
        taken = any(found.name in str(p) for p in application.resources("AWS::S3::BucketPolicy"))
        if taken or _blocked(application, found.id):
            continue
        arn = {"Fn::Sub": "${" + found.name + ".Arn}/*"}
        read = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": arn}
        made = {"Bucket": {"Ref": found.name}, "PolicyDocument": {"Statement": [read]}}
        opened = {"Type": "AWS::S3::BucketPolicy", "Properties": made}
        texts = application.with_resources(found.file, Opened=opened)
        told = Told("right", application.anyone(found), found.id + " ", gains=("s3:GetObject",))
        yield application.mutant("a public bucket policy", found.name, texts, told)


def access_list(application: Application) -> Iterator[Mutant]:
    """A canned ACL that lets anyone list a bucket whose owner takes ACLs, or anyone signed in."""
    for found in application.resources("AWS::S3::Bucket"):
        rules = found.properties.get("OwnershipControls", {}).get("Rules", [{}])
        takes = rules[0].get("ObjectOwnership", "BucketOwnerEnforced") != "BucketOwnerEnforced"
        if takes and not _blocked(application, found.id):
            texts = application.changed(found, ("Properties", "AccessControl"), "PublicReadWrite")
            told = Told("right", application.anyone(found), found.id + " ", gains=("s3:PutObject",))
            yield application.mutant("a public ACL", found.name, texts, told)


def key_policy(application: Application) -> Iterator[Mutant]:
    """A key that anyone, or another account, may use."""
    for found in application.resources("AWS::KMS::Key"):
        keys = ("Properties", "KeyPolicy", "Statement")
        before = found.properties["KeyPolicy"]["Statement"]
        for who, owner in (("*", application.anyone(found)), (STRANGER, "account:999988887777")):
            principal = {"AWS": who}
            use = {"Effect": "Allow", "Principal": principal, "Action": "kms:Decrypt"}
            texts = application.changed(found, keys, [*before, {**use, "Resource": "*"}])
            told = Told("right", owner, found.id + " ", gains=("kms:Decrypt",))
            yield application.mutant(f"a key for {who}", found.name, texts, told)


def invocation(application: Application) -> Iterator[Mutant]:
    """A permission for anyone, or another account, to invoke a function."""
    for found in application.resources(*FUNCTIONS):
        for who, owner in (
            ("*", application.anyone(found)),
            ("999988887777", "account:999988887777"),
        ):
            made = {
                "FunctionName": {"Ref": found.name},
                "Action": "lambda:InvokeFunction",
                "Principal": who,
            }
            added = {"Type": "AWS::Lambda::Permission", "Properties": made}
            texts = application.with_resources(found.file, Opened=added)
            told = Told("right", owner, found.id + " ", gains=("lambda:InvokeFunction",))
            mutant = application.mutant(f"a permission for {who}", found.name, texts, told)
            yield mutant._replace(wider=True)


def layer(application: Application) -> Iterator[Mutant]:
    """A layer that anyone may read."""
    for found in application.resources(
        "AWS::Lambda::LayerVersion", "AWS::Serverless::LayerVersion"
    ):
        made = {
            "LayerVersionArn": {"Ref": found.name},
            "Action": "lambda:GetLayerVersion",
            "Principal": "*",
        }
        added = {"Type": "AWS::Lambda::LayerVersionPermission", "Properties": made}
        texts = application.with_resources(found.file, Opened=added)
        told = Told("right", application.anyone(found), gains=("lambda:GetLayerVersion",))
        yield application.mutant("a public layer", found.name, texts, told)


def source_removed(application: Application) -> Iterator[Mutant]:
    """A permission for a service without the source that narrowed it."""
    for found in application.resources("AWS::Lambda::Permission"):
        if "SourceArn" in found.properties:
            texts = application.changed(found, ("Properties", "SourceArn"), None)
            service = f"service:{found.properties['Principal']}"
            target = node(found.file, named(found.properties["FunctionName"]))
            told = Told("right", service, target + " ", gains=("lambda:InvokeFunction",))
            yield application.mutant("a permission without source", found.name, texts, told)


KINDS = (
    trust,
    trust_condition,
    wider_share,
    another_account,
    share_condition,
    share_denial,
    new_share,
    bucket_policy,
    access_list,
    key_policy,
    invocation,
    layer,
    source_removed,
)


def _shared(one: Stated) -> str:
    first = as_list(one.found.properties[SHARED[one.found.type]])[0]
    return node(one.found.file, named(first))


def _principal(application: Application, one: Stated) -> str:
    principal: Any = one.statement["Principal"]
    if principal == "*":
        return application.anyone(one.found)
    if "Service" in principal:
        return f"service:{principal['Service']}"
    return f"account:{principal['AWS'].split(':')[4]}"


def _blocked(application: Application, bucket: str) -> bool:
    return any(
        found.id == bucket
        and found.properties.get("PublicAccessBlockConfiguration", {}).get("RestrictPublicBuckets")
        for found in application.resources("AWS::S3::Bucket")
    )
