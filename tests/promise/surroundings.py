"""Mutations of the network, and of settings that decide who gets in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checkrein.notation import parse
from tests.promise.mutants import Application, Mutant, Told, put, walk, written

FUNCTIONS = ("AWS::Lambda::Function", "AWS::Serverless::Function")
INTENT = "checkrein.yaml"
ANY = "0.0.0.0/0"
YES, NO = True, False


def no_network(application: Application) -> Iterator[Mutant]:
    """A function out of its network: what it has reaches the internet."""
    for found in application.resources(*FUNCTIONS):
        if "VpcConfig" in found.properties:
            texts = application.changed(found, ("Properties", "VpcConfig"), None)
            yield application.mutant(
                "a network removed",
                found.name,
                texts,
                Told("denial", found.id, "network", loses=("the internet",)),
            )


def endpoint(application: Application) -> Iterator[Mutant]:
    """An endpoint that lets everything through."""
    for found in application.resources("AWS::EC2::VPCEndpoint"):
        if "PolicyDocument" in found.properties:
            texts = application.changed(found, ("Properties", "PolicyDocument"), None)
            yield application.mutant(
                "an open endpoint", found.name, texts, Told("denial", found.id, "policy")
            )


def way_out(application: Application) -> Iterator[Mutant]:
    """A way out of a closed network: a NAT gateway in a subnet that leads to the internet."""
    for table in application.resources("AWS::EC2::RouteTable"):
        net = table.properties["VpcId"]
        made: dict[str, Any] = {
            "Gateway": {"Type": "AWS::EC2::InternetGateway"},
            "Attached": {
                "Type": "AWS::EC2::VPCGatewayAttachment",
                "Properties": {"VpcId": net, "InternetGatewayId": {"Ref": "Gateway"}},
            },
            "Outside": {
                "Type": "AWS::EC2::Subnet",
                "Properties": {"VpcId": net, "CidrBlock": "10.0.9.0/24"},
            },
            "OutsideRoutes": {"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": net}},
            "OutsideJoint": {
                "Type": "AWS::EC2::SubnetRouteTableAssociation",
                "Properties": {
                    "SubnetId": {"Ref": "Outside"},
                    "RouteTableId": {"Ref": "OutsideRoutes"},
                },
            },
            "Up": {
                "Type": "AWS::EC2::Route",
                "Properties": {
                    "RouteTableId": {"Ref": "OutsideRoutes"},
                    "DestinationCidrBlock": ANY,
                    "GatewayId": {"Ref": "Gateway"},
                },
            },
            "Nat": {
                "Type": "AWS::EC2::NatGateway",
                "Properties": {"SubnetId": {"Ref": "Outside"}},
            },
            "Out": {
                "Type": "AWS::EC2::Route",
                "Properties": {
                    "RouteTableId": {"Ref": table.name},
                    "DestinationCidrBlock": ANY,
                    "NatGatewayId": {"Ref": "Nat"},
                },
            },
        }
        texts = application.with_resources(table.file, **made)
        yield application.mutant(
            "a way out", table.name, texts, Told("denial", "", "network", loses=("the internet",))
        )


def unblocked(application: Application) -> Iterator[Mutant]:
    """A bucket whose policy lets anyone read, and whose settings no longer prevent it."""
    for found in application.resources("AWS::S3::Bucket"):
        block = found.properties.get("PublicAccessBlockConfiguration", {})
        public = any(
            found.name in str(policy.properties["Bucket"])
            and any(
                isinstance(value, dict)
                and value.get("Effect") == "Allow"
                and value.get("Principal") == "*"
                for _, value in walk(policy.properties)
            )
            for policy in application.resources("AWS::S3::BucketPolicy")
        )
        if not (public and block.get("RestrictPublicBuckets")):
            continue
        keys = ("Properties", "PublicAccessBlockConfiguration")
        gains = ("s3:GetObject",)
        told = Told("right", application.anyone(found), found.id + " ", gains=gains)
        for kind, texts in (
            ("not blocked", application.changed(found, (*keys, "RestrictPublicBuckets"), NO)),
            ("no block", application.changed(found, keys, None)),
        ):
            yield application.mutant(kind, found.name, texts, told)


def owned_by_writers(application: Application) -> Iterator[Mutant]:
    """A bucket that takes ACLs, and one that lets anyone write."""
    for found in application.resources("AWS::S3::Bucket"):
        block = found.properties.get("PublicAccessBlockConfiguration", {})
        if block.get("IgnorePublicAcls") or block.get("BlockPublicAcls"):
            continue
        properties = {
            **found.properties,
            "OwnershipControls": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]},
            "AccessControl": "PublicRead",
        }
        texts = application.changed(found, ("Properties",), properties)
        told = Told("right", application.anyone(found), found.id + " ")
        yield application.mutant("ownership and an ACL", found.name, texts, told)


def sign_up(application: Application) -> Iterator[Mutant]:
    """A pool where people sign up by themselves."""
    for found in application.resources("AWS::Cognito::UserPool"):
        setting = found.properties.get("AdminCreateUserConfig", {})
        if setting.get("AllowAdminCreateUserOnly"):
            keys = ("Properties", "AdminCreateUserConfig", "AllowAdminCreateUserOnly")
            texts = application.changed(found, keys, NO)
            told = Told("entry", found.id, "sign-up", gains=("@anyone",))
            yield application.mutant("self sign-up", found.name, texts, told)


def writable(application: Application) -> Iterator[Mutant]:
    """An attribute more that people may write of themselves."""
    for found in application.resources("AWS::Cognito::UserPoolClient"):
        written = found.properties.get("WriteAttributes")
        if not written:
            continue
        fresh = "custom:ward" if "custom:ward" not in written else "custom:other"
        if fresh in str(found.properties.get("ReadAttributes")):
            keys = ("Properties", "WriteAttributes")
            texts = application.changed(found, keys, [*written, fresh])
            told = Told("right", found.id, "write", gains=(fresh,))
            yield application.mutant("a writable attribute", found.name, texts, told)


def guests(application: Application) -> Iterator[Mutant]:
    """An identity pool that gives guests their role."""
    for found in application.resources("AWS::Cognito::IdentityPool"):
        if not found.properties["AllowUnauthenticatedIdentities"]:
            keys = ("Properties", "AllowUnauthenticatedIdentities")
            texts = application.changed(found, keys, YES)
            told = Told(
                "entry", "", f"identity pool {found.id}", gains=(application.anyone(found),)
            )
            yield application.mutant("guests", found.name, texts, told)


def declared(application: Application) -> Iterator[Mutant]:
    """A class more that a service is declared to hold, or that may come there."""
    if INTENT not in application.texts:
        return
    intent = parse(application.texts[INTENT], INTENT).value
    for id, said in intent["resources"].items():
        for key, kind in (("holds", "intended"), ("may_hold", "potential")):
            if key in said:
                keys = ("resources", id, key)
                texts = {INTENT: written(put(intent, keys, [*said[key], "pii.passport"]))}
                told = Told(kind, id, gains=("pii.passport",))
                yield application.mutant(f"declared: {key}", id, texts, told)


KINDS = (
    declared,
    no_network,
    endpoint,
    way_out,
    unblocked,
    owned_by_writers,
    sign_up,
    writable,
    guests,
)
