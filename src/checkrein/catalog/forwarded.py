"""Rights that a service uses in its caller's name, beside the one that is called.

Source: ``data/forwarded.yaml``, which says its own.
"""

from __future__ import annotations

from functools import cache

import msgspec

from checkrein.catalog.tables import table


class Forwarded(msgspec.Struct, frozen=True):
    """A right that KMS is asked for; only with a member, and a text that begins so, if given."""

    action: str
    member: str = ""
    word: str = ""


@cache
def key_actions(action: str) -> tuple[Forwarded, ...]:
    """Return what a service asks of KMS for an action, where the data has a key of one's own."""
    lines = table("forwarded.yaml")["keys"].get(action, "").split(", ")
    return tuple(_read(line) for line in lines if line)


def key_property(cfn_type: str) -> str | None:
    """Return the property that names a resource's own key; None for types without."""
    found: str | None = table("forwarded.yaml")["properties"].get(cfn_type)
    return found


def key_members() -> frozenset[str]:
    """Return the members of requests that name a key instead of the resource's own."""
    return frozenset(table("forwarded.yaml")["members"].split(", "))


def _read(line: str) -> Forwarded:
    action, _, member = line.partition(" with ")
    member, _, word = member.partition("~")
    return Forwarded(action, member, word)
