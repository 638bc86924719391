"""Who may ask for a field of a GraphQL API: its default way to sign in, or what the schema marks.

Source: AWS AppSync's documentation of authorization (several modes, and directives of a schema).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from checkrein.derive.entrances.authorizers import (
    ANYONE,
    IAM,
    authorizer_identity,
    dictionary,
    one,
)
from checkrein.derive.stacks.directory import Directory
from checkrein.model import Resource
from checkrein.notation.graphql import MODES, directives

SCHEMA = "AWS::AppSync::GraphQLSchema"


def field_identity(directory: Directory, api: Resource, *routes: str) -> str:
    """Return who may ask for one of some fields, ``Mutation.addRide``: the most open of several.

    Where no schema is known, or no field, those of the default way to sign in.
    """
    ways = ways_in(directory, api)
    default = next(iter(ways.values()))
    schema = schema_of(directory, api) if len(ways) > 1 else None
    found: list[str] = []
    for route in routes if schema else ():
        type, _, field = route.partition(".")
        found += [who for who, _ in callers(ways, schema or "", type, field)] or [default]
    return min(found, key=_closed, default=default)


def _closed(identity: str) -> int:
    return 0 if identity == ANYONE else 2 if identity == IAM else 1


def ways_in(directory: Directory, api: Resource) -> dict[str, str]:
    """Return whom each of an API's ways to sign in lets in, the default first."""
    deployment = directory.deployment(api.id)
    return {
        str(each.value("AuthenticationType")): _identity(directory, deployment, each)
        for each in (api, *_more(api))
    }


def callers(
    ways: Mapping[str, str], schema: str, type: str, field: str
) -> Iterator[tuple[str, str]]:
    """Yield whom the directives of a field let in, each with the directive's arguments."""
    for name, told in directives(schema, type, field):
        if MODES.get(name) in ways:
            yield ways[MODES[name]], told


def schema_of(directory: Directory, api: Resource) -> str | None:
    """Return the text of an API's schema; None where it is in no template."""
    for member in directory.members(directory.deployment(api.id)):
        if member.type == SCHEMA and one(directory, member.value("ApiId")) == api:
            text = member.value("Definition")
            return text if isinstance(text, str) else None
    return None


def _more(api: Resource) -> Iterator[Resource]:
    """Yield the API with each of its other ways to sign in as if it were the only one."""
    listed = api.value("AdditionalAuthenticationProviders")
    for provider in listed if isinstance(listed, list) else []:
        yield replace(api, properties=dict(dictionary(provider)))


def _identity(directory: Directory, deployment: str, api: Resource) -> str:
    kind = api.value("AuthenticationType")
    if kind == "AMAZON_COGNITO_USER_POOLS":
        return authorizer_identity(
            directory, deployment, api.value("UserPoolConfig.UserPoolId"), None
        )
    if kind == "AWS_LAMBDA":
        return authorizer_identity(
            directory, deployment, None, api.value("LambdaAuthorizerConfig.AuthorizerUri")
        )
    if kind == "OPENID_CONNECT":
        return str(api.value("OpenIDConnectConfig.Issuer"))
    return IAM if kind == "AWS_IAM" else ANYONE
