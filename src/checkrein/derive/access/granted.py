"""What identities are granted, to look single rights up in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from checkrein.iam.patterns import matcher
from checkrein.model import Access, Grant


class Granted:
    """What identities are granted, to look a single need up in."""

    def __init__(self, accesses: Iterable[Access], grants: Iterable[Grant]) -> None:
        self._on: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        self._patterns: defaultdict[str, set[str]] = defaultdict(set)
        for access in accesses:
            self._on[access.identity, access.target].update(a.lower() for a in access.actions)
        for grant in grants:
            if grant.effect == "Allow":
                patterns = ("*",) if grant.not_actions else grant.actions
                self._patterns[grant.identity].update(pattern.lower() for pattern in patterns)

    def gives(self, identity: str, action: str, target: str | None) -> bool:
        """Tell whether an action is granted, perhaps under conditions; anything to the unknown.

        On a resource of the app by its ARN; on anything else by the action's name.
        """
        if not identity or identity not in self._patterns:
            return True
        action = action.lower()
        if target and (identity, target) in self._on:
            return action in self._on[identity, target]
        return any(matcher(pattern)(action) for pattern in self._patterns[identity])
