"""The role of a function that the user wrote, and how it gets one of AWS's own policies."""

from __future__ import annotations

from checkrein.checks.context import owners
from checkrein.model import App, Change, Resource

ROLE = "AWS::IAM::Role"
MANAGED = ("ManagedPolicyArns",)


def role_of(app: App, function: Resource) -> Resource | None:
    """Return the role here that a function acts as, None for one of elsewhere."""
    found = [app.get(Resource, id) for id in sorted(owners(app, function.value("Role")))]
    return next((role for role in found if role is not None and role.type == ROLE), None)


def attached(role: Resource, policy: str) -> Change | None:
    """Return the change that attaches a managed policy; None for a role that SAM makes."""
    if role.source_type:
        return None
    listed = isinstance(role.value(MANAGED), list)
    return Change(role.id, MANAGED, "append" if listed else "set", policy if listed else [policy])
