"""Policy documents, with template values inside, as statements."""

from __future__ import annotations

import json
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from checkrein.errors import InputError
from checkrein.model import Choice, Open, Path, Symbol, Text, Undecided, Value, When
from checkrein.model.values import SPECIAL, contradictory

# An item of a conditional list is not there when the condition fails: "" matches no ARN.
ABSENT = ""


class Statement(Struct, frozen=True, kw_only=True):
    """One statement as written; lists are tuples, also where the document had a single value.

    Of ``actions`` and ``not_actions`` exactly one has entries; of ``resources`` and
    ``not_resources`` at most one (neither: the statement is about the resource that holds it).
    ``principals`` are pairs of kind (``AWS``, ``Service``, ``Federated``, ``CanonicalUser``,
    ``*``; from ACLs ``Account``, for anyone with an account) and value. ``path`` leads from the
    document to the statement. ``when`` are the template's conditions under which the statement is
    there at all. ``variables``: whether ``${aws:username}`` is a variable here, as in documents of
    version 2012-10-17.
    """

    effect: str  # Allow, Deny
    actions: tuple[Value, ...] = ()
    not_actions: tuple[Value, ...] = ()
    resources: tuple[Value, ...] = ()
    not_resources: tuple[Value, ...] = ()
    principals: tuple[tuple[str, Value], ...] = ()
    not_principals: tuple[tuple[str, Value], ...] = ()
    conditions: dict[str, Any] | Symbol | Open | Text | Choice = {}
    path: Path = ()
    when: When = ()
    sid: str = ""
    variables: bool = True


VERSION = "2012-10-17"


def statements(document: Value) -> tuple[Statement, ...]:
    """Return a policy document's statements in order.

    Takes a parsed document or its JSON text. Raises InputError naming the statement where IAM
    would reject the policy, and Undecided where the document, a statement, its effect or its
    action cannot be told.
    """
    found = []
    for when, path, part in _options((), (), _parsed(document)):
        policy = _mapping(part, "a policy document")
        if "Statement" not in policy:
            raise InputError("a policy document has no Statement")
        written = _statements(when, (*path, "Statement"), policy["Statement"])
        version = policy.get("Version")
        variables = version == VERSION or isinstance(version, SPECIAL)
        found.extend(written if variables else [replace(s, variables=False) for s in written])
    return tuple(found)


def _parsed(document: Value) -> Value:
    if not isinstance(document, str):
        return document
    try:
        return json.loads(document)
    except ValueError as error:
        raise InputError(f"a policy document is not JSON: {error}") from error


def _statements(when: When, path: Path, value: Value) -> list[Statement]:
    found = []
    for both, at, part in _options(when, path, value):
        if isinstance(part, list):
            for index, item in enumerate(part):
                found.extend(_statements(both, (*at, index), item))
        elif part is not None:
            found.append(_statement(both, at, part))
    return found


def _options(when: When, path: Path, value: Value) -> list[tuple[When, Path, Value]]:
    """Split a conditional value; its parts keep the path of the whole."""
    if not isinstance(value, Choice):
        return [(when, path, value)]
    return [
        (both, path, option)
        for conditions, option in value.options
        if not contradictory(both := tuple(sorted({*when, *conditions})))
    ]


def _statement(when: When, path: Path, value: Value) -> Statement:
    name = ".".join(map(str, path))
    written = _mapping(value, name)
    effect = written.get("Effect")
    if isinstance(effect, (Symbol, Open, Choice, Text)):
        raise Undecided(f"{name}.Effect is {effect}")
    if effect not in ("Allow", "Deny"):
        raise InputError(f"{name}: Effect must be Allow or Deny, not {effect!r}")
    actions, not_actions = _either(written, "Action", name)
    if not actions and not not_actions:
        raise InputError(f"{name}: a statement needs an Action or a NotAction")
    resources, not_resources = _either(written, "Resource", name)
    principals, not_principals = _either_principal(written, name)
    return Statement(
        effect=effect,
        actions=actions,
        not_actions=not_actions,
        resources=resources,
        not_resources=not_resources,
        principals=principals,
        not_principals=not_principals,
        conditions=written.get("Condition") or {},
        path=path,
        when=when,
        sid=str(written.get("Sid") or ""),
    )


def _mapping(value: Value, name: str) -> dict[str, Any]:
    if isinstance(value, (Symbol, Open, Text)):
        raise Undecided(f"{name} is {value}")
    if not isinstance(value, dict):
        raise InputError(f"{name} must be a mapping, not {type(value).__name__}")
    return value


def _either(
    written: dict[str, Any], key: str, name: str
) -> tuple[tuple[Value, ...], tuple[Value, ...]]:
    """Return the values of an element and of its Not… form; both together are an error."""
    if key in written and f"Not{key}" in written:
        raise InputError(f"{name}: {key} and Not{key} exclude each other")
    return (
        _listed(written.get(key), f"{name}.{key}"),
        _listed(written.get(f"Not{key}"), f"{name}.Not{key}"),
    )


def _listed(value: Value, name: str) -> tuple[Value, ...]:
    if isinstance(value, Choice) and any(isinstance(option, list) for _, option in value.options):
        return tuple(
            Choice(((when, item), ((), ABSENT)))
            for when, option in value.options
            for item in _listed(option, name)
        )
    found: list[Value] = []
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, list):
            found.extend(_listed(item, name))
        elif item is not None:
            found.append(_string(item, name))
    return tuple(found)


def _string(item: Value, name: str) -> Value:
    if isinstance(item, (str, Symbol, Text, Open, Choice)):
        return item
    raise InputError(f"{name} must be text, not {type(item).__name__}")


Principals = tuple[tuple[str, Value], ...]


def _either_principal(written: dict[str, Any], name: str) -> tuple[Principals, Principals]:
    if "Principal" in written and "NotPrincipal" in written:
        raise InputError(f"{name}: Principal and NotPrincipal exclude each other")
    return (
        _principals(written.get("Principal"), f"{name}.Principal"),
        _principals(written.get("NotPrincipal"), f"{name}.NotPrincipal"),
    )


def _principals(value: Value, name: str) -> Principals:
    if value is None:
        return ()
    if isinstance(value, dict):
        return tuple((kind, item) for kind, items in value.items() for item in _listed(items, name))
    if value == "*":
        return (("*", "*"),)
    if isinstance(value, (Symbol, Text, Open, Choice)):
        return (("AWS", value),)
    raise InputError(f'{name} must be "*" or a mapping such as {{"AWS": …}}')
