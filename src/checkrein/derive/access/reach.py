"""Which rights each identity has over each resource of its deployment.

First level only: what its own statements and the resources' policies give it directly.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from checkrein.catalog.actions import resource_types
from checkrein.catalog.content import moves_content
from checkrein.catalog.rights import RIGHTS, rights
from checkrein.derive.access.candidates import Candidates
from checkrein.derive.stacks.directory import Directory
from checkrein.iam.actions import PLACEHOLDER
from checkrein.iam.decisions import Policy
from checkrein.iam.documents import Statement
from checkrein.iam.matching import Matcher
from checkrein.iam.symbols import Symbols
from checkrein.model import Access, Basis, Evidence, Grant, Identity, Resource, Symbol, Value


class Held(NamedTuple):
    """The actions that an identity has on a resource or its parts: surely, and perhaps too."""

    some: frozenset[str]
    may: frozenset[str]


NOTHING = Held(frozenset(), frozenset())


class Compiled(NamedTuple):
    """A policy, and what the grant behind each of its statements says."""

    policy: Policy
    said: dict[int, tuple[Evidence, ...]]  # by the statement's identity
    statements: list[Statement]  # kept, so that their identities stay

    def evidence(self, actions: Iterable[str], arns: Iterable[str]) -> tuple[Evidence, ...]:
        """Return what the statements say that allow the most telling of some actions."""
        telling = min(actions, key=lambda action: (not moves_content(action), action))
        found = [
            each
            for arn in arns
            for statement in self.policy.decide(telling, arn).statements
            if statement.effect == "Allow"
            for each in self.said[id(statement)]
        ]
        return tuple(dict.fromkeys(found))


class Reach:
    """The app's policies, compiled once: ask what an identity may do on an ARN.

    ``held`` is filled by ``access``: identity -> resource -> the actions that it has there.
    """

    def __init__(self, directory: Directory, grants: Iterable[Grant]) -> None:
        self._directory = directory
        names = map(directory.physical_name, directory.resources.values())
        # two parameters that name two resources are never the same name
        self._symbols = Symbols(name for name in names if isinstance(name, Symbol))
        self._matcher = Matcher(self._symbols)
        self._arns: dict[str, tuple[str, ...]] = {}
        self._by_identity: defaultdict[str, list[Grant]] = defaultdict(list)
        self._held: defaultdict[tuple[str, str], list[Grant]] = defaultdict(list)
        self._naming: defaultdict[str, dict[str, list[Grant]]] = defaultdict(dict)
        self._sieves: dict[str, Candidates] = {}
        self.held: defaultdict[str, dict[str, Held]] = defaultdict(dict)
        self._anywhere = cache(self._held_anywhere)
        self._policies: dict[tuple[str, str], Compiled] = {}
        for grant in grants:
            if grant.holder:
                self._held[grant.identity, grant.holder].append(grant)
                self._naming[grant.identity].setdefault(grant.holder, []).append(grant)
            else:
                self._by_identity[grant.identity].append(grant)

    def access(self, identities: Iterable[Identity]) -> Iterator[Access]:
        """Yield the rights of the app's identities, and of whom its resources' policies name."""
        known = set()
        for identity in identities:
            known.add(identity.id)
            yield from self._of(identity)
        for (principal, holder), held in self._held.items():
            if principal not in known:
                resource = self._directory.resources[holder]
                policy = self._policies[principal, holder] = self._policy(held)
                yield from self._rights(principal, resource, policy)

    def _of(self, identity: Identity) -> Iterator[Access]:
        own = self._by_identity.get(identity.id, [])
        policy = self._policies[identity.id, ""] = self._policy(own)
        naming = self._naming.get(identity.id, {})
        grants = [*own, *(grant for held in naming.values() for grant in held)]
        for resource in self._candidates(identity.deployment).of(grants, self._patterns):
            held = naming.get(resource.id, [])
            if held:
                both = self._policies[identity.id, resource.id] = self._policy([*own, *held])
                yield from self._rights(identity.id, resource, both)
            else:
                yield from self._rights(identity.id, resource, policy)

    def evidence(self, identity: str, target: str, actions: Iterable[str]) -> tuple[Evidence, ...]:
        """Return what the statements say that allow an identity some actions on a resource."""
        return self._of_both(identity, target).evidence(
            actions, self.arns(self._directory.resources[target])
        )

    def decide(self, identity: str, action: str, target: str) -> Held:
        """Tell whether an identity has one action on a resource or a part of it."""
        policy = self._of_both(identity, target).policy
        arns = self.arns(self._directory.resources[target])
        decisions = [policy.decide(action, arn) for arn in arns]
        named = frozenset({action})
        return Held(
            named if any(each.some for each in decisions) else frozenset(),
            named if any(each.may for each in decisions) else frozenset(),
        )

    def anywhere(self, identity: str, actions: Iterable[str]) -> Held:
        """Tell which actions an identity has on any resource at all, existing or new."""
        found = [self._anywhere(identity, action) for action in actions]
        return Held(
            frozenset().union(*(each.some for each in found)),
            frozenset().union(*(each.may for each in found)),
        )

    def _held_anywhere(self, identity: str, action: str) -> Held:
        compiled = self._policies.get((identity, ""))
        if compiled is None:
            return NOTHING
        named, decision = frozenset({action}), compiled.policy.decide(action, _any(action))
        return Held(named if decision.some else frozenset(), named if decision.may else frozenset())

    def _of_both(self, identity: str, target: str) -> Compiled:
        return self._policies.get((identity, target)) or self._policies[identity, ""]

    def _candidates(self, deployment: str) -> Candidates:
        found = self._sieves.get(deployment)
        if found is None:
            members = self._directory.members(deployment)
            found = self._sieves[deployment] = Candidates(members, self.arns, self._symbols)
        return found

    def _patterns(self, value: Value) -> tuple[str, ...]:
        return self._symbols.encode_pattern(self._directory.canonical(value))

    def _policy(self, grants: list[Grant]) -> Compiled:
        statements = [self._statement(grant) for grant in grants]
        said = {id(s): g.evidence for s, g in zip(statements, grants, strict=True)}
        return Compiled(Policy(statements, self._symbols, self._matcher), said, statements)

    def _statement(self, grant: Grant) -> Statement:
        resources = tuple(self._directory.canonical(value) for value in grant.resources)
        return Statement(
            effect=grant.effect,
            actions=() if grant.not_actions else grant.actions,
            not_actions=grant.actions if grant.not_actions else (),
            resources=() if grant.not_resources else resources,
            not_resources=resources if grant.not_resources else (),
            conditions=grant.conditions,
            when=grant.when,
        )

    def arns(self, resource: Resource) -> tuple[str, ...]:
        """Return the ARNs that stand for a resource and its parts, encoded."""
        found = self._arns.get(resource.id)
        if found is None:
            values = self._directory.arns(resource)
            found = tuple(arn for value in values for arn in self._symbols.encode(value))
            self._arns[resource.id] = found
        return found

    def _rights(self, identity: str, resource: Resource, compiled: Compiled) -> Iterator[Access]:
        certain: defaultdict[str, set[str]] = defaultdict(set)
        possible: defaultdict[str, set[str]] = defaultdict(set)
        arns = self.arns(resource)
        allowed = compiled.policy.allowed(arns).values()
        some = frozenset[str]().union(*(each.some for each in allowed))
        may = frozenset[str]().union(*(each.may for each in allowed))
        if may:
            self.held[identity][resource.id] = Held(some, may)
        for action in may:
            for right in rights(action):
                (certain if action in some else possible)[right].add(action)
        for right in sorted({*certain, *possible} & _meaningful(resource)):
            actions = tuple(sorted(certain[right] | possible[right]))
            yield Access(
                id=f"{identity}>{right}>{resource.id}",
                identity=identity,
                right=right,
                target=resource.id,
                basis=Basis.POTENTIAL,
                certain=bool(certain[right]),
                actions=actions,
                evidence=compiled.evidence(actions, arns),
            )


@cache
def _any(action: str) -> str:
    """Return the widest ARN that an action can be limited to, ``*`` if it knows none."""
    formats = [format for type in resource_types(action) for format in type.formats]
    return PLACEHOLDER.sub("*", formats[0].replace("${Partition}", "aws")) if formats else "*"


def _meaningful(resource: Resource) -> frozenset[str]:
    """Return the rights that matter: a role holds no content, only who may become it counts."""
    if resource.type.startswith("AWS::IAM::"):
        return frozenset({"permission", "invoke"})
    return frozenset(RIGHTS)
