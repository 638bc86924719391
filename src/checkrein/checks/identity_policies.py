"""The policies that templates write for identities, and who else may become a role."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from checkrein.errors import InputError
from checkrein.iam.documents import Statement, statements
from checkrein.model import Path, Place, Resource, Undecided, Value

ROLE, USER, GROUP = "AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group"
INLINE = (
    "AWS::IAM::Policy",
    "AWS::IAM::RolePolicy",
    "AWS::IAM::UserPolicy",
    "AWS::IAM::GroupPolicy",
)
MANAGED = "AWS::IAM::ManagedPolicy"
IDENTITY_POLICIES = (ROLE, USER, GROUP, MANAGED, *INLINE)
TRUST = "AssumeRolePolicyDocument"


class Written(Struct, frozen=True):
    """A statement as it stands in a template."""

    holder: Resource
    path: Path
    statement: Statement

    def where(self, key: str = "") -> Place:
        """Return where a key of the statement stands, or the statement."""
        return self.holder.where((*self.path, key) if key else self.path)


def written_in(holder: Resource) -> Iterator[Written]:
    """Yield the statements of the permission policies that a resource writes itself.

    Those that IAM would reject, or that nobody here can read, are left out.
    """
    if holder.type in (ROLE, USER, GROUP):
        listed = holder.value("Policies")
        for index, policy in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(policy, dict):
                path = ("Policies", index, "PolicyDocument")
                yield from _statements(holder, path, policy.get("PolicyDocument"))
    else:
        yield from _statements(holder, ("PolicyDocument",), holder.value("PolicyDocument"))


def trusting(role: Resource) -> Iterator[Written]:
    """Yield the statements that say who may become a role."""
    yield from _statements(role, (TRUST,), role.value(TRUST))


def _statements(holder: Resource, path: Path, document: Value) -> Iterator[Written]:
    if not isinstance(document, (dict, str)) or not document:
        return
    try:
        found = statements(document)
    except (InputError, Undecided):
        return
    for statement in found:
        yield Written(holder, (*path, *statement.path), statement)
