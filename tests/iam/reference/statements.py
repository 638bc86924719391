"""Whether a statement applies to a request."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from checkrein.iam.requests import Request
from tests.iam.reference import wildcards
from tests.iam.reference.certainty import Answer, both, doubted, either, opposite
from tests.iam.reference.conditions import holds
from tests.iam.reference.operators import Scope
from tests.iam.reference.principals import Caller, excluded, named
from tests.iam.reference.variables import Context


class Call(NamedTuple):
    """A request, read once. ``bounded``: the caller has a permissions boundary."""

    request: Request
    who: Caller
    context: Context
    bounded: bool


Applied = tuple[str, dict[str, Answer]]  # effect, and by which names


def applied(kind: str, document: Any, call: Call) -> Iterator[Applied]:
    """Yield what each statement of a policy says to the request, where it may say anything.

    Without a Version a policy is of 2008-10-17.
    """
    policy = json.loads(document) if isinstance(document, str) else document
    version = policy.get("Version", "2008-10-17")
    for statement in _list(policy["Statement"]):
        if not action(statement, call):
            continue
        scope = Scope(call.context, version)
        about = resource(statement, call, scope, certain=kind == "identity")
        by = principal(kind, statement, call)
        if about is False or not by:
            continue
        condition = holds(statement.get("Condition", {}), scope)
        if condition is not False:
            yield statement["Effect"], _weighed(by, both([about, condition]), scope)


def _weighed(by: dict[str, Answer], rest: Answer, scope: Scope) -> dict[str, Answer]:
    """ "If AWS cannot resolve a variable, this might cause the entire statement to be invalid"."""
    return {name: doubted(both([sure, rest]), doubt=scope.unresolved) for name, sure in by.items()}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def action(statement: dict[str, Any], call: Call) -> bool:
    """Action, or NotAction: everything except what it lists."""
    negated = "NotAction" in statement
    patterns = _list(statement["NotAction" if negated else "Action"])
    found = any(wildcards.action(pattern, call.request.action) for pattern in patterns)
    return found != negated


def resource(statement: dict[str, Any], call: Call, scope: Scope, *, certain: bool) -> Answer:
    """Resource, NotResource, or neither: the resource that holds the policy.

    An action that names no resource asks about *, which only * covers. ``certain``: it is an
    identity-based policy, of whose Resource alone AWS's completing of ARNs is certain.
    """
    negated = "NotResource" in statement
    if not negated and "Resource" not in statement:
        return True
    written = _list(statement["NotResource" if negated else "Resource"])
    patterns = [scope.pieces(text) for text in written]
    if call.request.resource == "*":
        found: Answer = any(set(text) == {"*"} for text in written)
    else:
        completed = certain and not negated
        found = wildcards.any_resource(patterns, call.request.resource, completed=completed)
    return opposite(found) if negated else found


NAMING = ("resource", "key", "trust", "resource control", "endpoint")


def principal(kind: str, statement: dict[str, Any], call: Call) -> dict[str, Answer]:
    """Principal, or NotPrincipal: everyone except whom it lists.

    Policies of identities and accounts name nobody: whom they are attached to is meant. What a
    resource's policy says to nobody never applies; an endpoint's, which AWS asks to name them,
    is taken to mean everyone.
    """
    named_here = "Principal" in statement or "NotPrincipal" in statement
    if kind not in NAMING or (kind == "endpoint" and not named_here):
        return {"everyone": True}
    if "Principal" in statement:
        return named(statement["Principal"], call.who)
    if "NotPrincipal" not in statement:
        return {}
    deny = statement["Effect"] == "Deny"
    spared = excluded(statement["NotPrincipal"], call.who, deny=deny, bounded=call.bounded)
    return {} if spared else {"everyone": opposite(spared)}


def any_of(by: dict[str, Answer]) -> Answer:
    return either(by.values())
