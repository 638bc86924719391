"""S3 Block Public Access: when a bucket policy counts as public ("The meaning of public")."""

from __future__ import annotations

import ipaddress
import json
from typing import Any

from tests.iam.reference.certainty import Answer, either
from tests.iam.reference.principals import written

FIXING = frozenset(
    key.lower()
    for key in (
        "aws:PrincipalOrgID",
        "aws:SourceIp",
        "aws:SourceArn",
        "aws:SourceVpc",
        "aws:SourceVpce",
        "aws:SourceOwner",
        "aws:SourceAccount",
        "aws:userid",
        "s3:x-amz-server-side-encryption-aws-kms-key-id",
        "s3:DataAccessPointArn",
        "s3:DataAccessPointAccount",
    )
)
PRINCIPAL = ("aws:principalarn", "aws:principalaccount", "aws:principalorgpaths")  # not listed
EXACT = ("stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike",
         "ipaddress")  # fmt: skip


def public(document: Any) -> Answer:
    """A policy is public unless every statement that allows grants to fixed values only."""
    policy = json.loads(document) if isinstance(document, str) else document
    statements = policy["Statement"]
    listed = statements if isinstance(statements, list) else [statements]
    return either(_public(each) for each in listed if each["Effect"] == "Allow")


def _public(statement: dict[str, Any]) -> Answer:
    if "Principal" in statement and _fixed_principals(statement["Principal"]):
        return False
    if "Principal" not in statement and "NotPrincipal" not in statement:
        return False  # it grants nothing
    answers = [
        _open(operator, key, values)
        for operator, keys in statement.get("Condition", {}).items()
        for key, values in keys.items()
    ]
    return False if False in answers else None if None in answers else True


def _fixed_principals(element: Any) -> bool:
    """A principal, user, role or service; a * and an identity provider are not fixed."""
    return all(
        (kind, value) != ("AWS", "*") and kind != "Federated" for kind, value in written(element)
    )


def _open(operator: str, key: str, values: Any) -> Answer:
    """Tell whether a condition leaves the grant public; what is not described is doubtful."""
    name, key = operator.lower().removeprefix("foranyvalue:"), key.lower()
    base = name.removeprefix("forallvalues:").removesuffix("ifexists")
    if base not in EXACT or key not in (*FIXING, *PRINCIPAL):
        return True
    listed = values if isinstance(values, list) else [values]
    if any(_varies(key, str(value)) for value in listed):
        return True
    return False if name == base and key in FIXING else None


def _varies(key: str, value: str) -> bool:
    if key == "aws:sourceip":
        return _broad(value)
    if key == "s3:dataaccesspointarn":
        parts = value.split(":")
        return len(parts) < 6 or any(sign in parts[4] for sign in "*?$")
    return "*" in value or "?" in value or "${" in value


def _broad(value: str) -> bool:
    """Broader than /8 (IPv4; no private range is) or /32 (IPv6); or no address at all."""
    try:
        network = ipaddress.ip_network(value, strict=False)
    except ValueError:
        return True
    return network.prefixlen < (32 if network.version == 6 else 8)
