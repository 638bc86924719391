"""Who may ask for a field of a GraphQL API: its default way to sign in, or what the schema marks.

Source: AWS AppSync's documentation of authorization (several modes, and directives of a schema).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from checkrein.derive.entrances.authorizers import dictionary, one
from checkrein.derive.entrances.routes import graphql_identity
from checkrein.derive.stacks.directory import Directory
from checkrein.derive.surface.wording import under
from checkrein.model import Resource

SCHEMA = "AWS::AppSync::GraphQLSchema"
MODES = {  # directives of a schema -> the way to sign in that they let in
    "aws_api_key": "API_KEY",
    "aws_iam": "AWS_IAM",
    "aws_cognito_user_pools": "AMAZON_COGNITO_USER_POOLS",
    "aws_auth": "AMAZON_COGNITO_USER_POOLS",
    "aws_oidc": "OPENID_CONNECT",
    "aws_lambda": "AWS_LAMBDA",
}
REMARK = re.compile(r'#[^\n]*|"""(?:.*?)"""', re.DOTALL)
FIELD = re.compile(
    r"(\w+)\s*(?:\([^)]*\))?\s*:\s*[\[\]!\w\s]*?[\w!\]]((?:\s*@\w+(?:\([^)]*\))?)+|(?=\s))"
)
MARK = re.compile(r"@(\w+)(?:\(([^)]*)\))?")
GROUPS = re.compile(r"\"([^\"]+)\"")
UNREAD = "the schema says so"


def visitors(directory: Directory, api: Resource, type: str, field: str) -> tuple[str, ...]:
    """Return who may ask for a field; of several ways, those that the schema marks it with."""
    deployment = directory.deployment(api.id)
    modes = {
        str(one.value("AuthenticationType")): graphql_identity(directory, deployment, one)
        for one in (api, *_more(api))
    }
    default = next(iter(modes.values()))
    if len(modes) == 1:
        return (default,)
    schema = _schema(directory, api)
    if schema is None:
        return tuple(under(who, UNREAD) for who in dict.fromkeys(modes.values()))
    marked = [
        under(modes[MODES[name]], _groups(told))
        for name, told in _marks(schema, type, field)
        if MODES.get(name) in modes
    ]
    return tuple(dict.fromkeys(marked)) or (default,)


def _more(api: Resource) -> Iterator[Resource]:
    """Yield the API with each of its other ways to sign in as if it were the only one."""
    listed = api.value("AdditionalAuthenticationProviders")
    for provider in listed if isinstance(listed, list) else []:
        yield replace(api, properties=dict(dictionary(provider)))


def _schema(directory: Directory, api: Resource) -> str | None:
    """Return the text of an API's schema; None where it is in no template."""
    for member in directory.members(directory.deployment(api.id)):
        if member.type == SCHEMA and one(directory, member.value("ApiId")) == api:
            text = member.value("Definition")
            return REMARK.sub("", text) if isinstance(text, str) else None
    return None


def _marks(schema: str, type: str, field: str) -> Iterator[tuple[str, str]]:
    """Yield the directives of a field with their arguments, else those of its type."""
    block = re.search(rf"\btype\s+{re.escape(type)}\b([^{{]*)\{{(.*?)\}}", schema, re.DOTALL)
    if not block:
        return
    own = {found[1]: found[2] for found in FIELD.finditer(block[2])}
    for found in MARK.finditer(own.get(field) or block[1]):
        yield found[1], found[2] or ""


def _groups(told: str) -> str:
    names = GROUPS.findall(told)
    return f"in {' or '.join(sorted(names))}" if names else ""
