"""Databases, caches and search domains: what is a store of its own, and what it keeps."""

from __future__ import annotations

from checkrein.checks.context import kept
from checkrein.checks.questions import titles
from checkrein.model import App, Resource

INSTANCE, CLUSTER = "AWS::RDS::DBInstance", "AWS::RDS::DBCluster"
DOCUMENTS, GRAPH = "AWS::DocDB::DBCluster", "AWS::Neptune::DBCluster"
WAREHOUSE = "AWS::Redshift::Cluster"
CACHE, GROUP = "AWS::ElastiCache::CacheCluster", "AWS::ElastiCache::ReplicationGroup"
SERVERLESS_CACHE, MEMORY = "AWS::ElastiCache::ServerlessCache", "AWS::MemoryDB::Cluster"
SEARCH, OLD_SEARCH = "AWS::OpenSearchService::Domain", "AWS::Elasticsearch::Domain"


def is_member(database: Resource) -> bool:
    """Tell whether an instance belongs to a cluster, which sets most things for it."""
    engine = str(database.value("Engine") or "")
    return database.type == INSTANCE and (
        database.value("DBClusterIdentifier") is not None or engine.startswith("aurora")
    )


def is_copy(database: Resource) -> bool:
    """Tell whether a database is made from another one, whose settings it takes over."""
    names = ("SourceDBInstanceIdentifier", "SnapshotIdentifier", "DBSnapshotIdentifier",
             "SourceDBClusterIdentifier", "DBClusterSnapshotIdentifier")  # fmt: skip
    return any(database.value(name) is not None for name in names)


def is_aurora(database: Resource) -> bool:
    """Tell whether a cluster is one of Aurora; so where its engine is open."""
    engine = database.value("Engine")
    return not isinstance(engine, str) or engine.startswith("aurora")


def told(app: App, database: Resource) -> tuple[tuple[str, ...], str]:
    """Return the valuable classes in a database, and them in brackets for a sentence."""
    data = kept(app, database.id)
    return tuple(data), f" ({titles(data)})" if data else ""
