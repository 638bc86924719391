"""The directives of a GraphQL schema's fields, by which AppSync tells who may ask for them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checkrein.late import regex

REMARK = regex(r'#[^\n]*|"""(?:.*?)"""', re.DOTALL)
FIELD = regex(
    r"(\w+)\s*(?:\([^)]*\))?\s*:\s*[\[\]!\w\s]*?[\w!\]]((?:\s*@\w+(?:\([^)]*\))?)+|(?=\s))"
)
MARK = regex(r"@(\w+)(?:\(([^)]*)\))?")
MODES = {  # directives of a schema -> the way to sign in that they let in
    "aws_api_key": "API_KEY",
    "aws_iam": "AWS_IAM",
    "aws_cognito_user_pools": "AMAZON_COGNITO_USER_POOLS",
    "aws_auth": "AMAZON_COGNITO_USER_POOLS",
    "aws_oidc": "OPENID_CONNECT",
    "aws_lambda": "AWS_LAMBDA",
}


def directives(schema: str, type: str, field: str) -> Iterator[tuple[str, str]]:
    """Yield the directives of a field with their arguments, else those of its type."""
    plain = REMARK.sub("", schema)
    block = re.search(rf"\btype\s+{re.escape(type)}\b([^{{]*)\{{(.*?)\}}", plain, re.DOTALL)
    if not block:
        return
    own = {found[1]: found[2] for found in FIELD.finditer(block[2])}
    for found in MARK.finditer(own.get(field) or block[1]):
        yield found[1], found[2] or ""
