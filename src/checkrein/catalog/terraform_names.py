"""Terraform's snake_case names among CloudFormation's."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

ENDINGS = (
    "", "s", "es", "list", "config", "configs", "configuration", "configurations", "settings",
    "set", "document", "specification", "options",
)  # fmt: skip
BEGINNINGS = ("", "db", "preferred")
SAME = {"kmskeyarn": "kmskeyid", "kmskeyid": "kmskeyarn"}  # either may stand where a key is named


def found_in(shape: Mapping[str, str], name: str, kind: str = "") -> str | None:
    """Return the property of a structure that a Terraform argument names, None if none does.

    Case and underscores do not count; a repeated block is named in the singular; a queue's name is
    its ``QueueName``, where ``kind`` is ``Queue``.
    """
    names = _by_plain_name(tuple(shape))
    plain = name.replace("_", "").lower()
    ways = [plain + ending for ending in ENDINGS]
    if plain.endswith("y"):
        ways.append(f"{plain[:-1]}ies")
    ways += [start + plain for start in (*BEGINNINGS[1:], kind.lower()) if start]
    ways.append(SAME.get(plain, ""))
    return next((names[way] for way in ways if way in names), None)


@cache
def _by_plain_name(names: tuple[str, ...]) -> dict[str, str]:
    return {name.lower(): name for name in names}


def pascal(name: str) -> str:
    """Return a name as CloudFormation would write it."""
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))
