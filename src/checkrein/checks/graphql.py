"""What lies behind a GraphQL API: its data sources, with functions or without, and its schema."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checkrein.checks.context import configuring, kept, owners
from checkrein.checks.doors import CREDENTIALS, behind
from checkrein.checks.worth import valuable
from checkrein.model import App, Resource
from checkrein.model.values import alternatives

TYPE = re.compile(r"\btype\s+(\w+)[^{]*\{(.*?)\}", re.DOTALL)
OF = re.compile(r":\s*\[*\s*(\w+)")
ROOTS = frozenset({"Query", "Mutation", "Subscription"})
SOURCE = "AWS::AppSync::DataSource"
SCHEMA = "AWS::AppSync::GraphQLSchema"
STORES = (  # where a data source names what it reads
    "DynamoDBConfig.TableName",
    "OpenSearchServiceConfig.Endpoint",
    "RelationalDatabaseConfig.RdsHttpEndpointConfig.DbClusterIdentifier",
)


def held(app: App, api: str) -> tuple[str, ...]:
    """Return the valuable classes behind a GraphQL API, the worst first.

    Those of its functions and of the stores that its data sources read themselves.
    """
    found = set(behind(app, api))
    for source in configuring(app, api, SOURCE, "ApiId"):
        for path in STORES:
            found |= {data for id in owners(app, source.value(path)) for data in kept(app, id)}
    return tuple(valuable(app, {data for data in found if not data.startswith(CREDENTIALS)}))


def modes(api: Resource) -> list[str]:
    """Return the ways to authenticate that a GraphQL API takes, the default first."""
    more = api.value("AdditionalAuthenticationProviders")
    kinds = (
        [each.get("AuthenticationType") for each in more if isinstance(each, dict)]
        if (isinstance(more, list))
        else []
    )
    return [str(kind) for kind in (api.value("AuthenticationType"), *kinds) if kind]


def nests(text: str) -> bool:
    """Tell whether types of a schema refer to each other in a circle, so that queries can nest."""
    plain = re.sub(r'#[^\n]*|"""(?:.*?)"""', "", text, flags=re.DOTALL)
    fields = {found[1]: set(OF.findall(found[2])) for found in TYPE.finditer(plain)}
    for start in fields.keys() - ROOTS:
        seen: set[str] = set()
        ahead = [start]
        while ahead:
            for inner in fields.get(ahead.pop(), set()) - seen:
                seen.add(inner)
                ahead.append(inner)
        if start in seen:
            return True
    return False


def schemas(app: App, api: str) -> Iterator[tuple[Resource, str]]:
    """Yield the schemas of a GraphQL API whose text stands in the template."""
    for schema in configuring(app, api, SCHEMA, "ApiId"):
        for text in alternatives(schema.value("Definition")):
            if isinstance(text, str):
                yield schema, text
