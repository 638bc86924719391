"""What the app's policies allow: every statement that has a say on an identity and a resource.

An identity's own policies and what the resource's policy says of it allow together; a permission
boundary, and the key policy for a key, must allow as well. A denial for everybody binds all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple

from checkrein.catalog.actions import resource_types
from checkrein.catalog.arns import name_property
from checkrein.catalog.content import moves_content
from checkrein.derive.access.holdings import Held
from checkrein.derive.stacks.directory import Directory
from checkrein.iam.actions import PLACEHOLDER
from checkrein.iam.conditions import OF_AN_SDK, Context
from checkrein.iam.decisions import Policy
from checkrein.iam.documents import Statement
from checkrein.iam.grants import statement_of
from checkrein.iam.matching import Matcher
from checkrein.iam.symbols import Symbols
from checkrein.model import Evidence, Grant, Limit, Resource, Symbol, Value

KEY = "AWS::KMS::Key"
PASS = "iam:PassRole"  # noqa: S105 - an action
PASSED_TO = "iam:passedtoservice"
OWN_ACCOUNT = "account"


class Way(NamedTuple):
    """One way to be allowed something: a policy, and what the grants behind its statements say."""

    policy: Policy
    said: dict[int, tuple[Evidence, ...]]  # by the statement's identity
    statements: list[Statement]  # kept, so that their identities stay

    def allowed(self, arns: Sequence[str], actions: frozenset[str] | None = None) -> Held:
        """Return what is allowed on any of some ARNs, of all actions there or of those given."""
        found = list(self.policy.allowed(arns, actions).values())
        return _united([Held(each.some, each.may) for each in found])

    def evidence(self, actions: Iterable[str], arns: Iterable[str]) -> tuple[Evidence, ...]:
        """Return what the statements say that allow the most telling of some actions."""
        telling = _telling(tuple(actions))
        for arn in arns:
            known = [self.said[id(each)] for each in self.policy.allowing(telling, arn)]
            if known:  # of one part is enough
                return tuple(dict.fromkeys(chain.from_iterable(known))) if known[1:] else known[0]
        return ()


class Authority:
    """The app's policies, compiled once: ask what an identity may do on a resource."""

    def __init__(self, directory: Directory, grants: Iterable[Grant | Limit]) -> None:
        self._directory = directory
        self.symbols = symbols_of(directory)
        self._matcher = Matcher(self.symbols)
        self.arns = cache(self._arns)
        self.patterns = cache(self._patterns)
        self._learn(grants)

    def within(self, directory: Directory) -> Authority:
        """Go on in a directory of more resources, which have no ARNs and which no policy names."""
        self._directory = directory
        return self

    def instead(self, grants: Iterable[Grant | Limit]) -> Authority:
        """Return the policies of the same resources where other statements stand."""
        other = copy(self)
        other._learn(grants)  # noqa: SLF001 - of its own class
        return other

    def _learn(self, grants: Iterable[Grant | Limit]) -> None:
        self._own: defaultdict[str, list[Grant]] = defaultdict(list)
        self._boundaries: defaultdict[str, list[Grant]] = defaultdict(list)
        self._held: defaultdict[str, dict[str, list[Grant]]] = defaultdict(dict)
        for grant in grants:
            if isinstance(grant, Limit):
                self._boundaries[grant.identity].append(grant)
            elif grant.holder:
                self._held[grant.holder].setdefault(grant.identity, []).append(grant)
            else:
                self._own[grant.identity].append(grant)
        self._passing = cache(self._way_to_pass)
        self._alone = cache(self._ways_alone)
        self._decided = cache(self._decide_anywhere)
        self.anywhere = cache(self._anywhere)
        self._ways: dict[tuple[str, str], tuple[Way, ...]] = {}

    def naming(self) -> Iterable[tuple[str, str]]:
        """Return (identity, resource) for each that a resource's policy names."""
        return [(identity, holder) for holder, held in self._held.items() for identity in held]

    def grants_of(self, identity: str) -> list[Grant]:
        """Return the statements of an identity's own policies."""
        return self._own.get(identity, [])

    def held(self, identity: str, target: Resource) -> Held:
        """Return the actions that an identity has on a resource or on a part of it."""
        ways = [way.allowed(self.arns(target.id)) for way in self.ways(identity, target.id)]
        return _united(ways)

    def held_within(
        self, identity: str, target: Resource, parts: Iterable[str], actions: frozenset[str]
    ) -> Held:
        """Return which actions an identity has on parts of a resource: ``in/*`` of a bucket."""
        arns = [f"{self.arns(target.id)[0]}/{part}" for part in parts]
        return _united([way.allowed(arns, actions) for way in self.ways(identity, target.id)])

    def passes(self, identity: str, role: str, service: str) -> Held:
        """Tell whether an identity may pass a role to a service (``lambda.amazonaws.com``)."""
        way = self._passing(identity, service)
        return way.allowed(self.arns(role), frozenset({PASS}))

    def _anywhere(self, identity: str, actions: tuple[str, ...]) -> Held:
        """Tell which actions an identity has on any resource at all, existing or new."""
        return _united([self._decided(identity, action) for action in actions])

    def evidence(self, identity: str, target: str, actions: Iterable[str]) -> tuple[Evidence, ...]:
        """Return what the statements say that allow the most telling of some actions."""
        arns = self.arns(target)
        for way in self.ways(identity, target):
            found = way.evidence(actions, arns)
            if found:
                return found
        return ()

    def ways(self, identity: str, target: str) -> tuple[Way, ...]:
        """Return the ways by which an identity may be allowed something on a resource."""
        held = self._held.get(target, {})
        if not held:
            return self._alone(identity)
        key = identity, target
        if key not in self._ways:
            self._ways[key] = self._ways_on(identity, target, held)
        return self._ways[key]

    def _ways_alone(self, identity: str) -> tuple[Way, ...]:
        return (self._compiled(self.grants_of(identity), self._limits(identity)),)

    def _ways_on(self, identity: str, target: str, held: dict[str, list[Grant]]) -> tuple[Way, ...]:
        own, named = self.grants_of(identity), held.get(identity, [])
        if not _is_all(identity):
            all = (grant for who, some in held.items() if _is_all(who) for grant in some)
            named = [*named, *_denials(all)]
        limits = self._limits(identity)
        if self._directory.resources[target].type != KEY:
            return (self._compiled([*own, *named], limits),) if named else self._alone(identity)
        # a key's policy alone decides, unless it leaves that to the account's own policies
        delegated = held.get(OWN_ACCOUNT, [])
        return (
            self._compiled([*own, *_denials(named)], [*limits, delegated]),
            self._compiled([*named, *_denials(own)], limits),
        )

    def _way_to_pass(self, identity: str, service: str) -> Way:
        context = {**OF_AN_SDK, PASSED_TO: service}
        return self._compiled(self.grants_of(identity), self._limits(identity), context)

    def _limits(self, identity: str) -> list[list[Grant]]:
        boundary = self._boundaries.get(identity)
        return [boundary] if boundary else []

    def _decide_anywhere(self, identity: str, action: str) -> Held:
        """Decide an action that every kind of resource has to allow that it always names."""
        (way,) = self._alone(identity)
        found = [way.allowed((arn,), frozenset({action})) for arn in _widest(action)]
        return Held(
            frozenset[str].intersection(*(each.some for each in found)),
            frozenset[str].intersection(*(each.may for each in found)),
        )

    def _patterns(self, value: Value) -> tuple[str, ...]:
        return self.symbols.encode_pattern(self._directory.canonical(value))

    def _arns(self, id: str) -> tuple[str, ...]:
        """Return the ARNs that stand for a resource and its parts, encoded."""
        values = self._directory.arns(self._directory.resources[id])
        return tuple(arn for value in values for arn in self.symbols.encode(value))

    def _compiled(
        self,
        grants: Sequence[Grant],
        limits: Sequence[Sequence[Grant]],
        context: Context = OF_AN_SDK,
    ) -> Way:
        canonical = self._directory.canonical
        statements = [statement_of(grant, canonical) for grant in grants]
        narrowing = [[statement_of(grant, canonical) for grant in limit] for limit in limits]
        said = {id(s): g.evidence for s, g in zip(statements, grants, strict=True)}
        policy = Policy(statements, self.symbols, self._matcher, context, limits=narrowing)
        return Way(policy, said, [*statements, *(each for limit in narrowing for each in limit)])


@lru_cache(maxsize=4096)
def _telling(actions: tuple[str, ...]) -> str:
    """Return the action that says most: one that moves content."""
    return min(actions, key=lambda action: (not moves_content(action), action))


def symbols_of(directory: Directory) -> Symbols:
    """Return a table of symbols that tells the names of the app's resources apart."""
    names = map(directory.physical_name, directory.resources.values())
    # two parameters that name two resources are never the same name
    return Symbols(
        (name for name in names if isinstance(name, Symbol)),
        made(directory),
        directory.is_elsewhere,
    )


def made(directory: Directory) -> Iterator[str]:
    """Yield the resources whose names CloudFormation makes: none is given, and it is no id."""
    for resource in directory.resources.values():
        named = name_property(resource.type) is not None
        if named and directory.physical_name(resource) == Symbol(resource.id, "Ref"):
            yield resource.id


def _united(found: Sequence[Held]) -> Held:
    found = list(dict.fromkeys(found))
    if len(found) == 1:
        return found[0]
    return Held(
        frozenset[str]().union(*(each.some for each in found)),
        frozenset[str]().union(*(each.may for each in found)),
    )


def _denials(grants: Iterable[Grant]) -> list[Grant]:
    return [grant for grant in grants if grant.effect == "Deny"]


def _is_all(identity: str) -> bool:
    return identity.endswith("@anyone") or identity == OWN_ACCOUNT


@cache
def _widest(action: str) -> tuple[str, ...]:
    """Return the widest ARN of each kind of resource that an action always names.

    Of the first kind that it may name where none is always named; ``*`` if it knows none.
    """
    kinds = resource_types(action)
    chosen = [kind for kind in kinds if kind.required] or list(kinds[:1])
    formats = [kind.formats[0] for kind in chosen if kind.formats]
    widest = (PLACEHOLDER.sub("*", each.replace("${Partition}", "aws")) for each in formats)
    return tuple(widest) or ("*",)
