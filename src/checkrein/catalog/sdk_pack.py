"""Every AWS service as its SDKs' models describe it: operations, request members, resources.

Source: ``data/sdk.pack``, which ``tools/catalog_sdk.py`` makes from botocore, boto3 and aws-sdk
(all Apache-2.0). A look-up reads the index and one chunk of one service. Services carry
botocore's client names (``dynamodb``, ``cognito-idp``, ``stepfunctions``).
"""

from __future__ import annotations

import functools
import json
import zlib
from typing import Any

from checkrein.catalog.packed import FOLDER, broken

FILE = "sdk.pack"
# The chunks of a service, by where offset and length stand in its entry of the index.
OPERATIONS, INPUTS, RESOURCES = 0, 2, 4


def services() -> frozenset[str]:
    """Return every service's botocore name."""
    return frozenset(index()["services"])


def operations(service: str) -> tuple[str, ...]:
    """Return a service's operations; none for a service that is not known."""
    return tuple(by_fold(service).values())


def members(service: str, operation: str) -> dict[str, bool]:
    """Return the members of an operation's request, in order; True where one is required."""
    names = chunk(service, INPUTS).get(operation, "").split()
    return {name.removesuffix("*"): name.endswith("*") for name in names}


def fold(name: str) -> str:
    """Return the one key of ``put_item``, ``putItem`` and ``PutItem``; tools/ proves it unique."""
    return name.replace("_", "").lower()


@functools.cache
def by_fold(service: str) -> dict[str, str]:
    """Return a service's operations by their folded names."""
    return {fold(name): name for name in chunk(service, OPERATIONS).get("operations", ())}


@functools.cache
def index() -> dict[str, Any]:
    """Return ``services``, and by ``packages`` and ``classes`` of JavaScript the service."""
    length = int.from_bytes(_bytes()[:4], "big")
    return _unpacked(4, length)


@functools.cache
def chunk(service: str, slot: int) -> dict[str, Any]:
    """Return one of a service's chunks, {} if it has none."""
    spot = index()["services"].get(service, ())[slot : slot + 2]
    if not spot:
        return {}
    start = 4 + int.from_bytes(_bytes()[:4], "big") + spot[0]
    return _unpacked(start, spot[1])


@functools.cache
def _bytes() -> bytes:
    try:
        return (FOLDER / FILE).read_bytes()
    except OSError as error:
        raise broken(FILE, error) from error


def _unpacked(start: int, length: int) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(zlib.decompress(_bytes()[start : start + length]))
    except (zlib.error, ValueError) as error:
        raise broken(FILE, error) from error
    return found
