"""Who a resource's policy speaks of."""

from __future__ import annotations

from checkrein.iam.documents import Statement
from checkrein.late import regex
from checkrein.model import Symbol, Text, Value
from checkrein.model.values import alternatives

ACCOUNT_ROOT = regex(r"arn:[^:]+:iam::(\d{12}):root|(\d{12})")
OWN_ACCOUNT = Symbol("@aws", "AccountId")


def principal_ids(statement: Statement) -> tuple[str | Value, ...]:
    """Return whom a statement names, in order and without repeats.

    ``anyone`` for ``*``; ``account`` for the app's own account (its root delegates to identity
    policies), ``account:123456789012`` for a given one; ``service:sns.amazonaws.com``;
    ``federated:cognito-identity.amazonaws.com``; ``canonical:ID``; otherwise the ARN, as text or
    as the symbolic value it is. Nobody is named by a statement without a principal, nor by
    NotPrincipal, which excludes instead (ask ``excluded_ids``).
    """
    return _ids(statement.principals)


def excluded_ids(statement: Statement) -> tuple[str | Value, ...]:
    """Return whom ``NotPrincipal`` names, in the words of ``principal_ids``."""
    return _ids(statement.not_principals)


def _ids(principals: tuple[tuple[str, Value], ...]) -> tuple[str | Value, ...]:
    found: list[str | Value] = []
    for kind, value in principals:
        for option in alternatives(value):
            id = _id(kind, option)
            if id not in found:
                found.append(id)
    return tuple(found)


def _id(kind: str, value: Value) -> str | Value:
    if value == "*":
        return "anyone"
    prefix = {"Service": "service", "Federated": "federated", "CanonicalUser": "canonical"}
    if kind in prefix:
        return f"{prefix[kind]}:{_host(value)}"
    if value == OWN_ACCOUNT or _is_own_root(value):
        return "account"
    if isinstance(value, str) and (root := ACCOUNT_ROOT.fullmatch(value)):
        return f"account:{root[1] or root[2]}"
    return value


def _is_own_root(value: Value) -> bool:
    """Tell ``arn:aws:iam::${AWS::AccountId}:root``, with the partition known or symbolic."""
    if not isinstance(value, Text):
        return False
    ends = OWN_ACCOUNT in value.parts and value.parts[-2:] == (OWN_ACCOUNT, ":root")
    return ends and str(value.parts[0]).startswith("arn:")


def _host(value: Value) -> str:
    """Render a service's host; ``${AWS::URLSuffix}`` is amazonaws.com outside China."""
    parts = value.parts if isinstance(value, Text) else (value,)
    return "".join(
        "amazonaws.com" if part == Symbol("@aws", "URLSuffix") else str(part) for part in parts
    )
