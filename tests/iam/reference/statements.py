"""Whether a statement applies to a request."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from tests.iam.reference import wildcards
from tests.iam.reference.certainty import Answer, both, doubted, either, opposite
from tests.iam.reference.conditions import holds
from tests.iam.reference.operators import Scope
from tests.iam.reference.principals import Caller, excluded, named
from tests.iam.reference.variables import Context

from checkrein.iam.requests import Request


class Call(NamedTuple):
    """A request, read once. ``bounded``: the caller has a permissions boundary."""

    request: Request
    who: Caller
    context: Context
    bounded: bool


Applied = tuple[str, dict[str, Answer]]  # effect, and by which names, "" where none are given


def applied(document: Any, call: Call, *, principals: bool) -> Iterator[Applied]:
    """Yield what each statement of a policy says to the request, where it may say anything.

    Without a Version a policy is of 2008-10-17. ``principals``: the policy must name them; a
    statement that does not never applies.
    """
    policy = json.loads(document) if isinstance(document, str) else document
    version = policy.get("Version", "2008-10-17")
    for statement in _list(policy["Statement"]):
        if not action(statement, call):
            continue
        scope = Scope(call.context, version)
        about = resource(statement, call, scope)
        by = principal(statement, call) if principals else unnamed()
        if about is False or not by:
            continue
        condition = holds(statement.get("Condition", {}), scope)
        if condition is not False:
            yield statement["Effect"], _weighed(by, both([about, condition]), scope)


def _weighed(by: dict[str, Answer], rest: Answer, scope: Scope) -> dict[str, Answer]:
    """ "If AWS cannot resolve a variable, this might cause the entire statement to be invalid"."""
    return {name: doubted(both([sure, rest]), scope.unresolved) for name, sure in by.items()}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def action(statement: dict[str, Any], call: Call) -> bool:
    """Action, or NotAction: everything except what it lists."""
    negated = "NotAction" in statement
    patterns = _list(statement["NotAction" if negated else "Action"])
    found = any(wildcards.action(pattern, call.request.action) for pattern in patterns)
    return found != negated


def resource(statement: dict[str, Any], call: Call, scope: Scope) -> Answer:
    """Resource, NotResource, or neither: the resource that holds the policy.

    An action that names no resource asks about *, which only * covers.
    """
    negated = "NotResource" in statement
    if not negated and "Resource" not in statement:
        return True
    written = _list(statement["NotResource" if negated else "Resource"])
    patterns = [scope.pieces(text) for text in written]
    if call.request.resource == "*":
        found: Answer = any(set(text) == {"*"} for text in written)
    else:
        found = wildcards.any_resource(patterns, call.request.resource)
    return opposite(found) if negated else found


def principal(statement: dict[str, Any], call: Call) -> dict[str, Answer]:
    """Principal, or NotPrincipal: everyone except whom it lists."""
    if "Principal" in statement:
        return named(statement["Principal"], call.who)
    if "NotPrincipal" not in statement:
        return {}
    deny = statement["Effect"] == "Deny"
    spared = excluded(statement["NotPrincipal"], call.who, deny=deny, bounded=call.bounded)
    return {} if spared else {"everyone": opposite(spared)}


def unnamed() -> dict[str, Answer]:
    return {"": True}


def any_of(by: dict[str, Answer]) -> Answer:
    return either(by.values())
