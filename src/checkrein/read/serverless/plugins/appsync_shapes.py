"""The two shapes in which serverless-appsync-plugin's versions declare an API, as one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from checkrein.read.serverless.document import attribute
from checkrein.read.serverless.naming import capital
from checkrein.read.serverless.parts import Part


@dataclass
class GraphQL:
    """An API: what says it, who may call it, and its parts by their names."""

    part: Part
    authentication: Part
    more_authentication: list[Part]
    keys: list[Part]
    sources: dict[str, Part] = field(default_factory=dict)
    functions: dict[str, Part] = field(default_factory=dict)
    resolvers: dict[str, Part] = field(default_factory=dict)
    prefix: str = ""  # of logical ids, where a service has several

    def id(self, kind: str, *names: str) -> str:
        """Return the logical id of a part of the API."""
        return f"{self.prefix}GraphQl{kind}{''.join(map(_logical, names))}"

    @property
    def api_id(self) -> dict[str, Any]:
        """The reference to the API's own id."""
        return attribute(self.id("Api"), "ApiId")


def _logical(name: str) -> str:
    return re.sub(r"[^a-zA-Z0-9]", "", name)


def described(root: Part) -> list[GraphQL]:
    """Return the APIs that a service declares; version 1 has them below ``custom``.

    Where those are listed, their logical ids begin with their names.
    """
    part, old = root["appSync"], root.at("custom", "appSync")
    if part.is_map:
        return [_second(part)]
    found = [_first(each) for each in old if each.is_map]
    for api in found if isinstance(old.value, list) else ():
        api.prefix = capital(_logical(api.part["name"].word))
    return found


def _keys(part: Part, kinds: list[Part]) -> list[Part]:
    named = any(each.first("type", "authenticationType").value == "API_KEY" for each in kinds)
    return list(part["apiKeys"]) if named else []


def _first(part: Part) -> GraphQL:
    more = list(part["additionalAuthenticationProviders"])
    found = GraphQL(part, part, more, _keys(part, [part, *more]))
    for source in _flat(part["dataSources"]):
        found.sources[source["name"].word] = source
    for function in _flat(part["functionConfigurations"]):
        found.functions[function["name"].word] = function
    for template in _flat(part["mappingTemplates"]):
        found.resolvers[f"{template['type'].word}.{template['field'].word}"] = template
    return found


def _flat(part: Part) -> list[Part]:
    """Return the items of a list whose items may be lists, as files give them."""
    found: list[Part] = []
    for each in part:
        found += _flat(each) if isinstance(each.value, list) else [each]
    return found


def _second(part: Part) -> GraphQL:
    more = list(part["additionalAuthentications"])
    kinds = [part["authentication"], *more]
    found = GraphQL(part, part["authentication"], more, _keys(part, kinds))
    found.sources |= dict(part["dataSources"].items())
    for name, function in part["pipelineFunctions"].items():
        found.functions[name] = function
        _embedded(found, name, function)
    for name, resolver in part["resolvers"].items():
        found.resolvers[name] = resolver
        short = re.sub(r"[^a-zA-Z_]", "_", name)
        _embedded(found, short, resolver)
        for index, step in enumerate(resolver["functions"]):
            if step.is_map:
                found.functions[f"{short}_{index}"] = step
                _embedded(found, f"{short}_{index}", step)
    return found


def _embedded(found: GraphQL, name: str, part: Part) -> None:
    """Take a source that stands where it is used, under the name of what uses it."""
    if part.is_map and part["dataSource"].is_map:
        found.sources[name] = part["dataSource"]


def embedded_functions(root: Part) -> dict[str, Part]:
    """Return the functions that stand where sources or authorizers use them."""
    found: dict[str, Part] = {}
    for api in described(root):
        found |= {name: source.at("config", "function") for name, source in api.sources.items()}
        for asked in (api.authentication, *api.more_authentication):
            found[f"{api.part['name'].word}Authorizer"] = asked.at("config", "function")
    return {name: part for name, part in found.items() if part.is_map}
