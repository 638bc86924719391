"""Policies that a SAM template names, and the smaller ones that would do."""

from __future__ import annotations

from collections.abc import Collection

from checkrein.catalog.sam_policies import PolicyTemplate, narrower, policy_template
from checkrein.model import App, Change, Fix, Grant, Path, Resource, Symbol
from checkrein.model.values import Text

POLICIES = (("Policies",), ("ManagedPolicyArns",))  # lists whose items are policies
ITEM = 2  # the length of a policy's path: Policies, and its number


def named_template(app: App, grants: Collection[Grant]) -> PolicyTemplate | None:
    """Return the policy template that a function's only statement at a place comes from."""
    grant = next(iter(grants))
    return policy_template(grant.actions) if len(grants) == 1 and of_sam(app, grant) else None


def of_sam(app: App, grant: Grant) -> bool:
    """Tell whether a statement stands among the policies of a resource of SAM's."""
    source = app.get(Resource, grant.resource)
    return grant.path[:1] == POLICIES[0] and source is not None and bool(source.source_type)


def smaller(template: PolicyTemplate, grant: Grant, needed: Collection[str]) -> Fix | None:
    """Return the fix that names a smaller template, None where this one is the smallest."""
    found = narrower(template, needed)
    if not found:
        return None
    title = f"use {' and '.join(one.name for one in found)}"
    argument, item = _argument(grant), policy_at(grant)
    if argument is None or not item:
        return Fix(title)
    first, *others = named = [{one.name: {one.parameter: argument}} for one in found]
    if len(item) < ITEM:  # the only policy, without a list
        whole = Change(grant.resource, item, "set", named if others else first)
        return Fix(title, changes=(whole,))
    added = (Change(grant.resource, item[:1], "append", other) for other in others)
    return Fix(title, changes=(Change(grant.resource, item, "set", first), *added))


def policy_at(grant: Grant) -> Path:
    """Return where a statement's policy stands, () for none of a list, or alone in its place."""
    if grant.path[:1] not in POLICIES or len(grant.path) < ITEM:
        return ()
    return grant.path[: ITEM if isinstance(grant.path[1], int) else 1]


def _argument(grant: Grant) -> Symbol | None:
    """Return what names the resource, where it is a name of the template; else it is left."""
    first = grant.resources[0] if grant.resources else None
    parts = first.parts if isinstance(first, Text) else ()
    named = [p for p in parts if isinstance(p, Symbol) and p.owner != "@aws"]
    ends = bool(parts) and (parts[-1] in {"/*", "/index/*"} or isinstance(parts[-1], Symbol))
    return named[0] if len(named) == 1 and ends else None
