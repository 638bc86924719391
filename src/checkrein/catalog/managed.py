"""The policies that AWS manages, by name or ARN.

Source: ``data/iam.pack``, made by tools/catalog_iam.py, this part from moto (Apache-2.0). Asking
for a policy reads one block, which holds a few policies.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec

from checkrein.catalog.packed import IAM


def managed_policy(arn_or_name: str) -> dict[str, Any] | None:
    """Return a fresh copy of the policy's default version, or None if AWS manages no such policy.

    Takes ``AWSLambdaBasicExecutionRole``, ``service-role/AWSLambdaBasicExecutionRole`` and ARNs of
    any partition; an ARN of a customer's policy gives None, whatever its name.
    """
    head, separator, name = arn_or_name.rpartition(":policy/")
    if separator and not head.endswith(":iam::aws"):
        return None
    name = name.rpartition("/")[2]
    block = _blocks().get(name)
    if block is None:
        return None
    document: dict[str, Any] = msgspec.json.decode(_block(block)[name])
    return document


def managed_policy_names() -> tuple[str, ...]:
    """Return the names of all policies that AWS manages, sorted."""
    return tuple(_blocks())


@cache
def _blocks() -> dict[str, int]:
    return IAM.block("managed", dict[str, int])


@cache
def _block(number: int) -> dict[str, msgspec.Raw]:
    return IAM.block(f"managed/{number}", dict[str, msgspec.Raw])
