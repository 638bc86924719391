"""Security groups: who uses them, and what their rules let in from and out to everywhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from checkrein.checks.context import configuring, owners, resources
from checkrein.model import App, Path, Place, Resource
from checkrein.model.asking import of_app
from checkrein.model.values import at_path

SECURITY_GROUP = "AWS::EC2::SecurityGroup"
FUNCTION = "AWS::Lambda::Function"
WORLD = ("0.0.0.0/0", "::/0")
ALL_PORTS = (0, 65535)
GROUPS: dict[str, Path] = {  # where types name their security groups
    FUNCTION: ("VpcConfig", "SecurityGroupIds"),
    "AWS::RDS::DBInstance": ("VPCSecurityGroups",),
    "AWS::RDS::DBCluster": ("VpcSecurityGroupIds",),
    "AWS::RDS::DBProxy": ("VpcSecurityGroupIds",),
    "AWS::DocDB::DBCluster": ("VpcSecurityGroupIds",),
    "AWS::Neptune::DBCluster": ("VpcSecurityGroupIds",),
    "AWS::Redshift::Cluster": ("VpcSecurityGroupIds",),
    "AWS::ElastiCache::CacheCluster": ("VpcSecurityGroupIds",),
    "AWS::ElastiCache::ReplicationGroup": ("SecurityGroupIds",),
    "AWS::ElastiCache::ServerlessCache": ("SecurityGroupIds",),
    "AWS::MemoryDB::Cluster": ("SecurityGroupIds",),
    "AWS::OpenSearchService::Domain": ("VPCOptions", "SecurityGroupIds"),
    "AWS::Elasticsearch::Domain": ("VPCOptions", "SecurityGroupIds"),
    "AWS::EFS::MountTarget": ("SecurityGroups",),
    "AWS::EC2::Instance": ("SecurityGroupIds",),
    "AWS::EC2::VPCEndpoint": ("SecurityGroupIds",),
    "AWS::ECS::Service": ("NetworkConfiguration", "AwsvpcConfiguration", "SecurityGroups"),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": ("SecurityGroups",),
    "AWS::MSK::Cluster": ("BrokerNodeGroupInfo", "SecurityGroups"),
    "AWS::AmazonMQ::Broker": ("SecurityGroups",),
}


class Rule(Struct, frozen=True):
    """A rule of a security group, and where it stands."""

    holder: Resource  # the group, or a rule of its own beside it
    path: Path
    settings: dict[str, Any]

    @property
    def place(self) -> Place:
        """Where the rule stands."""
        return self.holder.where(self.path) if self.path else self.holder.place

    @property
    def ports(self) -> tuple[int, int] | None:
        """The first and the last port; None where nobody here can tell."""
        if str(self.settings.get("IpProtocol")) == "-1":
            return ALL_PORTS
        first, last = self.settings.get("FromPort"), self.settings.get("ToPort")
        if first is None and last is None:
            return ALL_PORTS
        if isinstance(first, int) and isinstance(last, int):
            return ALL_PORTS if -1 in (first, last) else (first, last)
        return None

    @property
    def block(self) -> str:
        """The addresses that the rule is about, "" where it names a group or is open."""
        for name in ("CidrIp", "CidrIpv6"):
            if isinstance(found := self.settings.get(name), str):
                return found
        return ""


def incoming(app: App, group: Resource) -> Iterator[Rule]:
    """Yield what a group lets in."""
    yield from _rules(app, group, "SecurityGroupIngress")


def outgoing(app: App, group: Resource) -> Iterator[Rule]:
    """Yield what a group lets out; none at all means that everything is let out."""
    yield from _rules(app, group, "SecurityGroupEgress")


def _rules(app: App, group: Resource, name: str) -> Iterator[Rule]:
    listed = group.value(name)
    for index, rule in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(rule, dict):
            yield Rule(group, (name, index), rule)
    for beside in configuring(app, group.id, f"AWS::EC2::{name}", "GroupId"):
        yield Rule(beside, (), beside.properties)


def world_rules(app: App, group: Resource) -> list[Rule]:
    """Return the rules by which a group lets in whoever there is."""
    return [rule for rule in incoming(app, group) if rule.block in WORLD]


def groups_of(app: App, member: Resource) -> list[Resource]:
    """Return the security groups that a resource names."""
    path = GROUPS.get(member.type)
    named = owners(app, member.value(path)) if path else set()
    found = (app.get(Resource, id.partition("@")[0]) for id in sorted(named))
    return [group for group in found if group and group.type == SECURITY_GROUP]


def members(app: App, group: Resource) -> list[Resource]:
    """Return what stands behind a security group."""
    return [found for id in _members(app).get(group.id, ()) if (found := app.get(Resource, id))]


@of_app
def _members(app: App) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for type, path in GROUPS.items():
        for member in resources(app, type):
            for owner in owners(app, at_path(member.properties, path)):
                found.setdefault(owner, []).append(member.id)
    return found
