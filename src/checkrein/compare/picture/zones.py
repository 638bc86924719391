"""Trust boundaries: outside, the edge of AWS, an application's account and its networks, others."""

from __future__ import annotations

from collections.abc import Iterable

from checkrein.derive.stacks.directory import Directory
from checkrein.model import Path, Resource
from checkrein.model.picture import Zone

OUTSIDE = Zone("outside", "outside", "Outside")
EDGE = Zone("edge", "edge", "Edge of the cloud")
THIRD = Zone("third", "third", "Third parties and the internet")
WHERE = {
    **dict.fromkeys(("people", "browser"), OUTSIDE),
    **dict.fromkeys(("cdn", "dns"), EDGE),
    **dict.fromkeys(("host", "internet", "recipients"), THIRD),
}
FURTHER = 4  # an instance's cluster, its group, a subnet of it, the network
SUBNETS: tuple[Path, ...] = (  # where a type names its subnets, or what has them
    ("VpcConfig", "SubnetIds"),
    ("VpcConfig", "SubnetIDs"),
    ("ResourcesVpcConfig", "SubnetIds"),
    ("VPCOptions", "SubnetIds"),
    ("VpcConfiguration", "SubnetIds"),
    ("DBSubnetGroupName",),
    ("DBClusterIdentifier",),
    ("CacheSubnetGroupName",),
    ("ClusterSubnetGroupName",),
    ("SubnetGroupName",),
    ("SubnetIds",),
    ("SubnetId",),
    ("Subnets",),
)


class Zones:
    """The zones of an app while its nodes are drawn."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._known = {zone.id: zone for zone in (OUTSIDE, EDGE, THIRD)}

    def of(self, id: str, kind: str, owner: Resource | None, deployment: str) -> str:
        """Return the id of the zone of a node, whose resource or owner may be known."""
        if kind in WHERE:
            return WHERE[kind].id
        if owner is None:
            return self._account(deployment or id.rpartition("@")[0])
        account = self._account(self._directory.deployment(owner.id))
        return self._network(owner, account) if owner.id == id else account

    def _account(self, deployment: str) -> str:
        id = f"account:{deployment}"
        self._known.setdefault(id, Zone(id, "account", deployment or "Account"))
        return id

    def _network(self, resource: Resource, account: str) -> str:
        named = [resource.value(path) for path in SUBNETS]
        if not any(named):
            return account
        deployment = self._directory.deployment(resource.id)
        found: list[str] = []
        for value in named:
            for each in value if isinstance(value, list) else [value]:
                found += self._vpcs(each, deployment, FURTHER) if each else ()
        id = f"vpc:{found[0]}" if found else f"vpc:{deployment}"
        name = found[0].rpartition("/")[2] if found else "VPC"
        self._known.setdefault(id, Zone(id, "vpc", name, account))
        return id

    def _vpcs(self, value: object, deployment: str, further: int) -> list[str]:
        """Return the networks that a value leads to: by subnets, or groups of them."""
        found: list[str] = []
        for id in self._directory.find(value, deployment):
            resource = self._directory.resources[id]
            if resource.type == "AWS::EC2::VPC":
                found.append(id)
                continue
            inner = [resource.value("VpcId"), *(resource.value(path) for path in SUBNETS)]
            for each in inner if further else ():
                for item in each if isinstance(each, list) else [each]:
                    found += self._vpcs(item, deployment, further - 1) if item else ()
        return found

    def used(self, ids: Iterable[str]) -> tuple[Zone, ...]:
        """Return some zones, and those that they lie in, by id."""
        zones = {id: self._known[id] for id in ids}
        parents = {z.parent: self._known[z.parent] for z in zones.values() if z.parent}
        return tuple(zone for _, zone in sorted({**parents, **zones}.items()))
