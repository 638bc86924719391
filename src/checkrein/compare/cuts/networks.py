"""The rules of security groups that let one thing connect to another, each to be taken away."""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.compare.cuts.removable import Removable
from checkrein.derive.content.words import short
from checkrein.derive.stacks.directory import Directory
from checkrein.model import Change, Path, Resource

GROUP = "AWS::EC2::SecurityGroup"
RULE = "AWS::EC2::SecurityGroupIngress"
LISTED = "SecurityGroupIngress"
ALL = "-1"
ITSELF: Path = ()


def rules(directory: Directory) -> Iterator[Removable]:
    """Yield every rule of what a group lets in.

    Those of what it lets out stay: without any, AWS lets everything out.
    """
    for resource in directory.resources.values():
        if resource.type == RULE:
            yield _rule(resource, ITSELF)
        listed = resource.value(LISTED) if resource.type == GROUP else None
        if isinstance(listed, list):
            yield from (_rule(resource, (LISTED, at)) for at in range(len(listed)))


def _rule(resource: Resource, path: Path) -> Removable:
    dotted = ".".join(map(str, path))
    return Removable(
        key=f"{resource.id}:{dotted}-",
        kind="setting",
        text=f"{short(resource.id)} lets in {_what(resource, path)}",
        place=resource.where(path),
        changes=(Change(resource.id, path, "remove"),),
        joins=frozenset({resource.id}),
    )


def _what(resource: Resource, path: Path) -> str:
    """Say which packets a rule is about."""
    protocol = str(resource.value((*path, "IpProtocol")) or "")
    ends = [resource.value((*path, name)) for name in ("FromPort", "ToPort")]
    if protocol in {ALL, ""} or None in ends:
        return "all packets"
    first, last = ends
    return f"{protocol} {first}" if first == last else f"{protocol} {first}-{last}"
