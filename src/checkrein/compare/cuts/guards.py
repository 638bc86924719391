"""Settings that can be put in so that less could come somewhere, as far as the model knows of any.

A public access block takes back what a bucket's policy and lists give to anyone. Others that keep
people out are none: an authoriser changes who may send, not what could be sent; a condition may be
met; and a request model is the team's to write.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from checkrein.compare.cuts.removable import Removable
from checkrein.derive.content.words import short
from checkrein.derive.stacks.directory import Directory
from checkrein.model import Change, Path, Resource

BLOCKS = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")


class Guard(Struct, frozen=True):
    """A setting: where it stands, the value that guards, and what to call it."""

    path: Path
    value: Mapping[str, Any]
    text: str


GUARDS: Mapping[str, tuple[Guard, ...]] = {
    "AWS::S3::Bucket": (
        Guard(
            path=("PublicAccessBlockConfiguration",),
            value=dict.fromkeys(BLOCKS, True),
            text="blocks all public access",
        ),
    )
}


def guards(directory: Directory, opened: frozenset[str]) -> Iterator[Removable]:
    """Yield the guards that are not in place, of the resources that are open to people outside."""
    for id in sorted(opened & directory.resources.keys()):
        resource = directory.resources[id]
        for guard in GUARDS.get(resource.type, ()):
            if resource.value(guard.path) != guard.value:
                yield _put_in(resource, guard)


def _put_in(resource: Resource, guard: Guard) -> Removable:
    path = ".".join(map(str, guard.path))
    return Removable(
        key=f"{resource.id}:{path}+",
        kind="guard",
        text=f"{short(resource.id)} {guard.text}",
        place=resource.where(guard.path),
        changes=(Change(resource.id, guard.path, "set", dict(guard.value)),),
        joins=frozenset({resource.id}),
    )
