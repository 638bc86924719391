"""Rights that a service uses in its caller's name, beside the one that is called.

Source: ``data/forwarded.yaml``, which says its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import msgspec

from checkrein.catalog.operations import requirements
from checkrein.catalog.tables import table


class Forwarded(msgspec.Struct, frozen=True):
    """A right that KMS is asked for; only with a member, and a text that begins so, if given.

    ``seldom`` marks those of resources that seldom have a key: of one that nobody sees, none is
    to be thought.
    """

    action: str
    member: str = ""
    word: str = ""
    seldom: bool = False


def forward_access(
    service: str, operation: str, request: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """Return the actions of KMS that a call needs on the key of what it addresses.

    They count only where that resource has a key of the account's own, under ``kms:ViaService`` of
    the action's service. ``request`` as for :func:`checkrein.catalog.operations.actions`; without
    it, what only certain members ask for is returned too. Empty where the service uses the key by
    a grant or in its own name, and for what is not known.
    """
    needed = requirements(service, operation, request)
    asked = (one for each in needed for one in key_actions(each.action, f"{service}:{operation}"))
    return tuple(dict.fromkeys(one.action for one in asked if _counts(one, request)))


@cache
def key_actions(action: str, operation: str = "") -> tuple[Forwarded, ...]:
    """Return what a service asks of KMS for an action, where the data has a key of one's own.

    ``operation`` is the SDK's (``s3:UploadPart``): some ask for more than their action says.
    """
    said = table("forwarded.yaml")
    usual = [said["keys"].get(action, ""), said["operations"].get(operation, "")]
    lines = [(line, False) for some in usual for line in some.split(", ")]
    lines += [(line, True) for line in said["seldom"].get(action, "").split(", ")]
    return tuple(_read(line, seldom=seldom) for line, seldom in lines if line)


def key_property(cfn_type: str) -> str | None:
    """Return the property that names a resource's own key; None for types without."""
    found: str | None = table("forwarded.yaml")["properties"].get(cfn_type)
    return found


def key_members() -> frozenset[str]:
    """Return the members of requests that name a key instead of the resource's own."""
    return frozenset(table("forwarded.yaml")["members"].split(", "))


def _read(line: str, *, seldom: bool) -> Forwarded:
    action, _, member = line.partition(" with ")
    member, _, word = member.partition("~")
    return Forwarded(action, member, word, seldom)


def _counts(one: Forwarded, request: Mapping[str, str] | None) -> bool:
    if request is None or not one.member:
        return True
    text = request.get(one.member)
    return text is not None and (not text or text.upper().startswith(one.word))
