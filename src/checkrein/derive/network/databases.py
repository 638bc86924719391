"""Where databases listen: subnets, security groups and ports, and who can connect.

Sources: the CloudFormation reference of each type, and the services' default ports.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from checkrein.derive.network.interfaces import TCP, Inside, connects, inside
from checkrein.derive.network.packets import covers, on
from checkrein.derive.network.routes import public
from checkrein.derive.network.view import View
from checkrein.derive.network.ways import Grade, Network
from checkrein.model import Resource, Symbol, Value


class Listening(Struct, frozen=True):
    """Where a type names its security groups, its subnets (or a group of them), and its port."""

    groups: str
    subnets: str  # lists subnets, or names a resource with SubnetIds
    port: int
    written: str = "Port"  # the property that changes the port, "" where there is none


VPC, CACHE = "VpcSecurityGroupIds", "CacheSubnetGroupName"
TYPES = {
    "AWS::RDS::DBInstance": Listening("VPCSecurityGroups", "DBSubnetGroupName", 0),
    "AWS::RDS::DBCluster": Listening(VPC, "DBSubnetGroupName", 0),
    "AWS::RDS::DBProxy": Listening(VPC, "VpcSubnetIds", 0),
    "AWS::DocDB::DBCluster": Listening(VPC, "DBSubnetGroupName", 27017),
    "AWS::Neptune::DBCluster": Listening(VPC, "DBSubnetGroupName", 8182, "DBPort"),
    "AWS::Redshift::Cluster": Listening(VPC, "ClusterSubnetGroupName", 5439),
    "AWS::ElastiCache::CacheCluster": Listening(VPC, CACHE, 0),
    "AWS::ElastiCache::ReplicationGroup": Listening("SecurityGroupIds", CACHE, 6379),
    "AWS::ElastiCache::ServerlessCache": Listening("SecurityGroupIds", "SubnetIds", 6379, ""),
    "AWS::MemoryDB::Cluster": Listening("SecurityGroupIds", "SubnetGroupName", 6379),
}
PROXY = "AWS::RDS::DBProxy"
STORES = frozenset(TYPES) - {PROXY}
ENGINES = {  # by how the engine's name begins; the engine family for proxies
    "aurora-postgresql": 5432, "postgres": 5432, "aurora": 3306, "mysql": 3306, "mariadb": 3306,
    "oracle": 1521, "custom-oracle": 1521, "sqlserver": 1433, "custom-sqlserver": 1433,
    "db2": 50000, "redis": 6379, "valkey": 6379, "memcached": 11211,
}  # fmt: skip
TARGETS = ("DBClusterIdentifiers", "DBInstanceIdentifiers")


class Connections:
    """Which functions can open connections to which databases."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._answers: dict[tuple[object, ...], Grade] = {}

    def to(self, function: Resource, database: Resource) -> Grade:
        """Tell whether a function can connect to a database, directly or by way of a proxy."""
        return max(self._to(function, door) for door in self._doors(database))

    def _doors(self, database: Resource) -> Iterator[Resource]:
        yield database
        ground = self._network.ground
        for listed in TARGETS:
            for group in ground.referring("AWS::RDS::DBProxyTargetGroup", listed, database.id):
                yield from View(ground).resources(group.value("DBProxyName"), PROXY)

    def _to(self, function: Resource, door: Resource) -> Grade:
        found = []
        for attachment in self._network.attachments(function):
            if not attachment.inside:
                continue
            key = (door.id, *attachment.key)
            if key not in self._answers:
                self._answers[key] = max(
                    (
                        grade
                        for hope, grade in ((False, Grade.CERTAIN), (True, Grade.POSSIBLE))
                        if self._connects(self._network.interfaces(attachment, hope=hope), door)
                    ),
                    default=Grade.NO,
                )
            found.append(self._answers[key])
        if found and Grade.NO not in found:
            return min(found)
        return Grade.POSSIBLE if any(found) or self._outside(function, door) else Grade.NO

    def _connects(self, source: Inside, door: Resource) -> bool:
        port = _port(source.view, door)
        return any(connects(source, _target(source.view, door), each) for each in port)

    def _outside(self, function: Resource, door: Resource) -> bool:
        """Tell whether a function can come to a database over the internet."""
        if door.value("PubliclyAccessible") is not True:
            return False
        if self._network.internet(function).grade is Grade.NO:
            return False
        view = View(self._network.ground, hope=True)
        groups = _target(view, door).groups
        return any(
            covers(groups.receives(TCP), on(public(TCP), port), hope=True)
            for port in _port(view, door)
        )


def _target(view: View, door: Resource) -> Inside:
    owner = next(iter(view.resources(door.value("DBClusterIdentifier"))), door)
    listening = TYPES.get(owner.type, TYPES[door.type])
    subnets: Value = owner.value(listening.subnets)
    for group in view.resources(subnets):
        if group.value("SubnetIds") is not None:
            subnets = group.value("SubnetIds")
    groups = owner.value(listening.groups)
    if not groups:  # it then has the VPC's own
        vpcs = inside(view, subnets, None).vpcs
        groups = [Symbol(vpc, "DefaultSecurityGroup") for vpc in sorted(vpcs)]
    return inside(view, subnets, groups)


def _port(view: View, door: Resource) -> tuple[int, ...]:
    """Return the port that a database listens on; all defaults where it is not known."""
    listening = TYPES[door.type]
    written = door.value(listening.written) if listening.written else None
    if isinstance(written, (int, str)) and str(written).isdigit():
        return (int(written),)
    if written is not None:
        return tuple(sorted({*ENGINES.values()})) if view.hope else ()
    if listening.port:
        return (listening.port,)
    engine = str(door.value("Engine") or door.value("EngineFamily")).lower()
    known = (port for name, port in ENGINES.items() if engine.startswith(name))
    found = next(known, 0)
    return (found,) if found else tuple(sorted({*ENGINES.values()})) if view.hope else ()
