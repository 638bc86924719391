"""Whom a role lets become it: its trust policy."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from checkrein.derive.access.identities import ROLES
from checkrein.derive.stacks.directory import Directory
from checkrein.errors import InputError
from checkrein.iam.actions import expand
from checkrein.iam.documents import Statement, statements
from checkrein.iam.principals import principal_ids
from checkrein.model import Resource, Undecided, Value

ASSUME = "sts:AssumeRole"
WAYS = frozenset({ASSUME, "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"})
UNTOLD = "?"  # the policy cannot be read: it may trust anybody


class Trusted(NamedTuple):
    """Whom a role trusts, or refuses; not ``certain`` where conditions or symbols decide."""

    principal: str
    certain: bool
    refused: bool = False


class Trusting:
    """The trust policies of the app's roles, each read once."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._read: dict[str, tuple[Trusted, ...]] = {}
        self.service = cache(self._service)

    def _service(self, role: str, host: str) -> bool | None:
        """Tell whether a role trusts a service; None where that cannot be told."""
        return self._admits(role, {f"service:{host}", "anyone"})

    def identity(self, role: str, identity: str) -> bool | None:
        """Tell whether a role trusts an identity of the app, by name or by its account."""
        return self._admits(role, {identity, "account", "anyone"})

    def _admits(self, role: str, wanted: set[str]) -> bool | None:
        found = [each for each in self._trusted(role) if each.principal in {*wanted, UNTOLD}]
        trusted = [each for each in found if not each.refused]
        refused = [each for each in found if each.refused]
        if not trusted or any(each.certain for each in refused):
            return False
        return True if not refused and any(each.certain for each in trusted) else None

    def _trusted(self, role: str) -> tuple[Trusted, ...]:
        if role not in self._read:
            self._read[role] = tuple(self._of(self._directory.resources[role]))
        return self._read[role]

    def _of(self, role: Resource) -> Iterator[Trusted]:
        found = assuming(role.value("AssumeRolePolicyDocument"))
        if found is None:
            yield Trusted(UNTOLD, certain=False)
        for statement in found or ():
            yield from self._said(role, statement)

    def _said(self, role: Resource, statement: Statement) -> Iterator[Trusted]:
        certain = not statement.conditions and not statement.when
        refused = statement.effect == "Deny"
        if statement.not_principals:
            yield Trusted(UNTOLD, certain=False, refused=refused)
        for principal in principal_ids(statement):
            roles = self._directory.find(principal, self._directory.deployment(role.id), ROLES)
            for id in roles:
                yield Trusted(id, certain, refused)
            if not roles and isinstance(principal, str):
                sure = certain and not principal.startswith("account:")
                yield Trusted(principal, sure, refused)
            elif not roles:
                yield Trusted(UNTOLD, certain=False, refused=refused)


def assuming(
    document: Value, actions: frozenset[str] = frozenset({ASSUME})
) -> tuple[Statement, ...] | None:
    """Return the statements by which a trust policy lets somebody become the role.

    ``actions`` are the ways of becoming it that are asked about (``ASSUME``, ``WAYS``): other
    statements only tag the session. None where the policy cannot be read.
    """
    if not document or not isinstance(document, (dict, str)):
        return None
    try:
        found = statements(document)
    except (InputError, Undecided):
        return None
    return tuple(statement for statement in found if _is_about(statement, actions))


def _is_about(statement: Statement, wanted: frozenset[str]) -> bool:
    actions = statement.actions or statement.not_actions
    if not all(isinstance(action, str) for action in actions):
        return True
    return not wanted.isdisjoint(expand(map(str, actions), negated=bool(statement.not_actions)))
