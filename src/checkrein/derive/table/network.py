"""Which functions can connect to which databases: a login, not a role, lets them read and write."""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.derive.network.databases import STORES, Connections
from checkrein.derive.network.ways import Grade, Network
from checkrein.derive.stacks.directory import Directory
from checkrein.derive.table.closure import Edge
from checkrein.model import Evidence
from checkrein.model.workloads import runs_code


def connections(directory: Directory, network: Network) -> Iterator[Edge]:
    """Yield both ways between each function and each database that it can connect to."""
    found = Connections(network)
    for database in directory.of_type(*STORES):
        for function in directory.members(directory.deployment(database.id)):
            if runs_code(function.type):
                grade = found.to(function, database)
                if grade is not Grade.NO:
                    can = "can" if grade is Grade.CERTAIN else "may be able to"
                    said = f"{function.name} {can} connect to {database.name}"
                    note = Evidence(said, function.where("VpcConfig"))
                    yield Edge(database.id, function.id, note, grade is Grade.CERTAIN)
                    yield Edge(function.id, database.id, note, grade is Grade.CERTAIN)
