"""Which rights each identity has over each resource of its deployment.

First level only: what its own statements and the resources' policies give it directly; the others
follow from it (``escalations``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from functools import cache, lru_cache

from checkrein.catalog.rights import RIGHTS, rights
from checkrein.derive.access.authority import Authority
from checkrein.derive.access.candidates import Candidates
from checkrein.derive.access.holdings import Held, Holdings
from checkrein.derive.stacks.directory import Directory
from checkrein.model import Access, Basis, Identity, Resource


class Reach:
    """The rights of identities; ``held`` fills while ``access`` yields them."""

    def __init__(self, directory: Directory, authority: Authority) -> None:
        self._directory = directory
        self._authority = authority
        self._sieves: dict[str, Candidates] = {}
        self.held: Holdings = defaultdict(dict)

    def access(
        self, identities: Iterable[Identity], within: Container[str] | None = None
    ) -> Iterator[Access]:
        """Yield the rights of the app's identities, and of whom its resources' policies name.

        ``within`` are the deployments whose identities and resources count; None: all do.
        """
        known = set()
        named: defaultdict[str, set[str]] = defaultdict(set)
        for principal, holder in self._authority.naming():
            named[principal].add(holder)
        for identity in identities:
            known.add(identity.id)
            if within is not None and identity.deployment not in within:
                continue
            for resource in self._touched(identity, named[identity.id]):
                yield from self.rights(identity.id, resource)
        for principal in sorted(named.keys() - known):
            for holder in sorted(named[principal]):
                if within is not None and self._directory.deployment(holder) not in within:
                    continue
                yield from self.rights(principal, self._directory.resources[holder])

    def _touched(self, identity: Identity, named: set[str]) -> Iterator[Resource]:
        """Yield the resources that some statement can be about."""
        sieve = self._candidates(identity.deployment)
        own = self._authority.grants_of(identity.id)
        yield from sieve.of(own, self._authority.patterns, named)

    def _candidates(self, deployment: str) -> Candidates:
        found = self._sieves.get(deployment)
        if found is None:
            members = self._directory.members(deployment)
            symbols, arns = self._authority.symbols, self._authority.arns
            found = self._sieves[deployment] = Candidates(members, lambda r: arns(r.id), symbols)
        return found

    def rights(self, identity: str, resource: Resource) -> Iterator[Access]:
        """Yield the rights of one identity over one resource."""
        held = self._authority.held(identity, resource)
        if not held.may:
            return
        self.held[identity][resource.id] = held
        for right, actions, certain in _by_right(held):
            if right in _meaningful(resource.type):
                yield Access(
                    id=f"{identity}>{right}>{resource.id}",
                    identity=identity,
                    right=right,
                    target=resource.id,
                    basis=Basis.POTENTIAL,
                    certain=certain,
                    actions=actions,
                    evidence=self._authority.evidence(identity, resource.id, actions),
                )


@lru_cache(maxsize=4096)
def _by_right(held: Held) -> list[tuple[str, tuple[str, ...], bool]]:
    """Sort actions under the rights that they give, and say which rights are certain."""
    possible: defaultdict[str, list[str]] = defaultdict(list)
    for action in sorted(held.may):
        for right in rights(action):
            possible[right].append(action)
    return [
        (right, tuple(actions), not held.some.isdisjoint(actions))
        for right, actions in sorted(possible.items())
    ]


@cache
def _meaningful(cfn_type: str) -> frozenset[str]:
    """Return the rights that matter: a role holds no content, only who may become it counts."""
    if cfn_type.startswith("AWS::IAM::"):
        return frozenset({"permission", "invoke"})
    return frozenset(RIGHTS)
