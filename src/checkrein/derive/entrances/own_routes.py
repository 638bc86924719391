"""The ways into APIs that no function stands behind: the API itself hands on what it is sent."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from checkrein.derive.entrances.authorizers import FUNCTION
from checkrein.derive.entrances.entry import entry
from checkrein.derive.entrances.graph_callers import field_identity
from checkrein.derive.entrances.graphs import fields
from checkrein.derive.entrances.operations import every_operation, is_proxy
from checkrein.derive.stacks.directory import Directory
from checkrein.model import Entry, Evidence, Path, Resource

GRAPH = "AWS::AppSync::GraphQLApi"


def own_routes(directory: Directory) -> Iterator[Entry]:
    """Yield an Entry for each such route, whose ``function`` is the API; they are no facts."""
    for each in every_operation(directory):
        resource = each.source
        deployment = directory.deployment(resource.id)
        function = directory.find(each.integration.get("uri"), deployment, FUNCTION)
        if not function or not is_proxy(each):
            yield _route(resource, each.api, each.kind, each.identity, each.route, each.at)
    graphs = directory.of_type(GRAPH)
    for deployment in dict.fromkeys(directory.deployment(graph.id) for graph in graphs):
        for field in fields(directory, deployment):
            api = directory.resources[field.api]
            identity = field_identity(directory, api, field.route)
            yield _route(field.resolver, field.api, "appsync", identity, field.route, ())


def _route(source: Resource, api: str, kind: str, identity: str, route: str, at: Path) -> Entry:
    made = entry(api, kind, identity, source, route=route, origin=api, at=at)
    said = f"{api.rpartition('/')[2]} takes {route} from its callers"
    return replace(made, evidence=(Evidence(said, made.place),))
