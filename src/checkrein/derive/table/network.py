"""Which functions can connect to which databases: a login, not a role, lets them read and write."""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.derive.stacks.directory import Directory
from checkrein.derive.table.closure import Edge
from checkrein.model import Evidence, Resource, Value
from checkrein.model.values import symbols

GROUPS = {  # databases that speak over the network, and where they name their security groups
    "AWS::RDS::DBInstance": "VPCSecurityGroups",
    "AWS::RDS::DBCluster": "VpcSecurityGroupIds",
    "AWS::DocDB::DBCluster": "VpcSecurityGroupIds",
    "AWS::Neptune::DBCluster": "VpcSecurityGroupIds",
    "AWS::Redshift::Cluster": "VpcSecurityGroupIds",
    "AWS::ElastiCache::CacheCluster": "VpcSecurityGroupIds",
    "AWS::ElastiCache::ReplicationGroup": "SecurityGroupIds",
    "AWS::MemoryDB::Cluster": "SecurityGroupIds",
}


def connections(directory: Directory) -> Iterator[Edge]:
    """Yield both ways between each function and each database that it can connect to."""
    resources = directory.resources.values()
    for database in (r for r in resources if r.type in GROUPS):
        for function in directory.members(directory.deployment(database.id)):
            if function.type == "AWS::Lambda::Function":
                yield from _connection(directory, function, database)


def _connection(directory: Directory, function: Resource, database: Resource) -> Iterator[Edge]:
    own = _named(directory, function.value("VpcConfig.SecurityGroupIds"))
    if not own:
        return
    certain = _admitted(directory, own, _named(directory, database.value(GROUPS[database.type])))
    if certain is None:
        return
    said = f"{function.name} can connect to {database.name}"
    note = Evidence(said, function.where("VpcConfig"))
    yield Edge(database.id, function.id, note, certain)
    yield Edge(function.id, database.id, note, certain)


def _admitted(directory: Directory, own: set[str], groups: set[str]) -> bool | None:
    """Tell whether a database's groups let a function's groups in; None where they do not.

    Certain where a rule names a group of the function; not where it names addresses, or where the
    database's groups are not known.
    """
    if not groups:
        return False
    rules = [rule for group in groups for rule in _rules(directory, group)]
    if any(_named(directory, rule.get("SourceSecurityGroupId")) & own for rule in rules):
        return True
    return False if any(rule.get("CidrIp") for rule in rules) else None


def _rules(directory: Directory, group: str) -> Iterator[dict[str, Value]]:
    resource = directory.resources[group]
    inline = resource.value("SecurityGroupIngress")
    yield from (r for r in inline if isinstance(r, dict)) if isinstance(inline, list) else ()
    for other in directory.members(directory.deployment(group)):
        separate = other.type == "AWS::EC2::SecurityGroupIngress"
        if separate and group in _named(directory, other.value("GroupId")):
            yield other.properties


def _named(directory: Directory, value: Value) -> set[str]:
    return {symbol.owner for symbol in symbols(value) if symbol.owner in directory.resources}
