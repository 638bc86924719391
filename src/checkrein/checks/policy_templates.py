"""Policies that a SAM template names, and the smaller ones that would do."""

from __future__ import annotations

from collections.abc import Collection

from checkrein.catalog.sam_policies import PolicyTemplate, narrower, policy_template
from checkrein.model import App, Change, Fix, Grant, Resource, Symbol
from checkrein.model.values import Text

POLICIES = "Policies"
ITEM = 2  # the length of a policy's path: Policies, and its number


def named_template(app: App, grants: Collection[Grant]) -> PolicyTemplate | None:
    """Return the policy template that a function's only statement at a place comes from."""
    grant = next(iter(grants))
    source = app.get(Resource, grant.resource)
    if len(grants) > 1 or grant.path[:1] != (POLICIES,) or not source or not source.source_type:
        return None
    return policy_template(grant.actions)


def smaller(template: PolicyTemplate, grant: Grant, needed: Collection[str]) -> Fix | None:
    """Return the fix that names a smaller template, None where this one is the smallest."""
    found = narrower(template, needed)
    if not found:
        return None
    title = f"use {' and '.join(one.name for one in found)}"
    argument = _argument(grant)
    if argument is None or len(grant.path) < ITEM:
        return Fix(title)
    first, *others = ({one.name: {one.parameter: argument}} for one in found)
    item = grant.path[:ITEM]
    added = (Change(grant.resource, item[:1], "append", other) for other in others)
    return Fix(title, changes=(Change(grant.resource, item, "set", first), *added))


def _argument(grant: Grant) -> Symbol | None:
    """Return what names the resource, where it is a name of the template; else it is left."""
    first = grant.resources[0] if grant.resources else None
    parts = first.parts if isinstance(first, Text) else ()
    named = [p for p in parts if isinstance(p, Symbol) and p.owner != "@aws"]
    ends = bool(parts) and (parts[-1] in {"/*", "/index/*"} or isinstance(parts[-1], Symbol))
    return named[0] if len(named) == 1 and ends else None
