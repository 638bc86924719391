"""The policies that AWS manages, by name or ARN.

Source: ``data/iam_managed.bin``, made by tools/catalog_iam.py from moto (Apache-2.0). The file is
an index and compressed blocks of policies, so that asking for one reads one block.
"""

from __future__ import annotations

import zlib
from functools import cache
from typing import Any

import msgspec

from checkrein.catalog.packed import FOLDER, Source, broken

NAME = "iam_managed.bin"
LENGTH_BYTES = 4


class _Index(msgspec.Struct, frozen=True):
    sources: list[Source]
    blocks: list[tuple[int, int]]  # offset after the index, length
    policies: dict[str, int]  # name -> block


def managed_policy(arn_or_name: str) -> dict[str, Any] | None:
    """Return a fresh copy of the policy's default version, or None if AWS manages no such policy.

    Takes ``AWSLambdaBasicExecutionRole``, ``service-role/AWSLambdaBasicExecutionRole`` and ARNs of
    any partition; an ARN of a customer's policy gives None, whatever its name.
    """
    head, separator, name = arn_or_name.rpartition(":policy/")
    if separator and not head.endswith(":iam::aws"):
        return None
    name = name.rpartition("/")[2]
    block = _index()[1].policies.get(name)
    if block is None:
        return None
    document: dict[str, Any] = msgspec.json.decode(_block(block)[name])
    return document


def managed_policy_names() -> tuple[str, ...]:
    """Return the names of all policies that AWS manages, sorted."""
    return tuple(_index()[1].policies)


def sources() -> tuple[Source, ...]:
    """Return the packages this knowledge was taken from."""
    return tuple(_index()[1].sources)


@cache
def _block(number: int) -> dict[str, msgspec.Raw]:
    start, index = _index()
    offset, length = index.blocks[number]
    return msgspec.json.decode(
        _inflated(_content()[start + offset :][:length]), type=dict[str, msgspec.Raw]
    )


@cache
def _index() -> tuple[int, _Index]:
    content = _content()
    end = LENGTH_BYTES + int.from_bytes(content[:LENGTH_BYTES], "big")
    index = _inflated(content[LENGTH_BYTES:end])
    try:
        return end, msgspec.json.decode(index, type=_Index)
    except msgspec.MsgspecError as error:
        raise broken(NAME, error) from error


@cache
def _content() -> bytes:
    try:
        return (FOLDER / NAME).read_bytes()
    except OSError as error:
        raise broken(NAME, error) from error


def _inflated(content: bytes) -> bytes:
    try:
        return zlib.decompress(content)
    except zlib.error as error:
        raise broken(NAME, error) from error
