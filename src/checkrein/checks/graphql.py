"""What lies behind a GraphQL API: its data sources, with functions or without, and its schema."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from checkrein.checks.context import configuring, kept, owners
from checkrein.checks.doors import CREDENTIALS, behind, open_routes, reached
from checkrein.checks.worth import valuable
from checkrein.late import regex
from checkrein.model import App, Resource
from checkrein.model.values import alternatives, at_path
from checkrein.notation.graphql import MODES, directives

TYPE = regex(r"\btype\s+(\w+)[^{]*\{(.*?)\}", re.DOTALL)
OF = regex(r":\s*\[*\s*(\w+)")
ROOTS = frozenset({"Query", "Mutation", "Subscription"})
SOURCE = "AWS::AppSync::DataSource"
SCHEMA = "AWS::AppSync::GraphQLSchema"
RESOLVER = "AWS::AppSync::Resolver"
STEP = "AWS::AppSync::FunctionConfiguration"
KEY = "API_KEY"
STORES = (  # where a data source names what it reads
    "DynamoDBConfig.TableName",
    "OpenSearchServiceConfig.Endpoint",
    "RelationalDatabaseConfig.RdsHttpEndpointConfig.DbClusterIdentifier",
)


def held(app: App, api: str) -> tuple[str, ...]:
    """Return the valuable classes behind a GraphQL API, the worst first.

    Those of its functions and of the stores that its data sources read themselves.
    """
    sources = configuring(app, api, SOURCE, "ApiId")
    found = {*behind(app, api), *_stored(app, sources)}
    return tuple(valuable(app, {data for data in found if not data.startswith(CREDENTIALS)}))


def opened(app: App, api: Resource) -> tuple[str, ...]:
    """Return the valuable classes that an API's key, its first way in, opens: the worst first.

    Beside other ways in, only those of fields that the schema does not keep for them.
    """
    texts = [text for _, text in schemas(app, api.id)]
    if len(modes(api)) < 2 or not texts:  # noqa: PLR2004 - a way beside the key
        return held(app, api.id)
    sources = [
        source
        for resolver in configuring(app, api.id, RESOLVER, "ApiId")
        if any(_opens(resolver, text) for text in texts)
        for source in _asked(app, api.id, resolver)
    ]
    found = {*reached(app, open_routes(app, api.id)), *_stored(app, sources)}
    return tuple(valuable(app, {data for data in found if not data.startswith(CREDENTIALS)}))


def _stored(app: App, sources: Iterable[Resource]) -> Iterator[str]:
    """Yield the classes in the stores that data sources read themselves."""
    for source in sources:
        for path in STORES:
            yield from (data for id in owners(app, source.value(path)) for data in kept(app, id))


def _opens(resolver: Resource, schema: str) -> bool:
    """Tell whether the key, the default, lets callers ask for a resolver's field."""
    type, field = str(resolver.value("TypeName")), str(resolver.value("FieldName"))
    marked = [MODES[name] for name, _ in directives(schema, type, field) if name in MODES]
    return not marked or KEY in marked


def _asked(app: App, api: str, resolver: Resource) -> Iterator[Resource]:
    """Yield the data sources that a resolver asks, itself or by the steps of its pipeline."""
    steps = owners(app, at_path(resolver.value("PipelineConfig"), ("Functions",)))
    asking = [resolver, *(s for s in configuring(app, api, STEP, "ApiId") if s.id in steps)]
    names = [each.value("DataSourceName") for each in asking]
    ids = {id for name in names for id in owners(app, name)}
    for source in configuring(app, api, SOURCE, "ApiId"):
        if source.id in ids or source.value("Name") in names:
            yield source


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
