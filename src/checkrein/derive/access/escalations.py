"""How identities get further than their own rights: one fact for each step; steps chain.

The rules are data (``catalog/data/escalations.yaml``); this finds where their rights are held.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from checkrein.catalog.escalations import AlternativeActions, Rule, escalations_on, passing
from checkrein.derive.access.assuming import Trusting
from checkrein.derive.access.authority import PASS, Authority
from checkrein.derive.access.dependants import EVENTS, Dependants
from checkrein.derive.access.holdings import NOTHING, Held, Holdings
from checkrein.derive.stacks.directory import Directory
from checkrein.model import Escalation, Evidence, Grant, Place, Resource

ROLE = "AWS::IAM::Role"


def account(deployment: str) -> str:
    """Return the node for everything of a deployment, as its administrator has it."""
    return f"{deployment}@account"


class Scene(Struct, frozen=True):
    """What the steps are found in; ``runs_as``: resource -> identities.

    ``holders``: policy -> the identities that it is attached to.
    """

    directory: Directory
    authority: Authority
    held: Holdings
    dependants: Dependants
    trusting: Trusting
    runs_as: Mapping[str, tuple[str, ...]]
    holders: Mapping[str, set[str]]


def escalations(scene: Scene) -> Iterator[Escalation]:
    """Yield every step by which an identity of the app, or anyone, gets further."""
    found = list(_steps(scene))
    yield from found
    yield from _combined(scene, found)


def _steps(scene: Scene) -> Iterator[Escalation]:
    for identity, targets in scene.held.items():
        if identity == "account" or identity.startswith("service:"):
            continue  # the account's root delegates; what services do is wiring
        for target, held in targets.items():
            resource = scene.directory.resources[target]
            for rule in escalations_on(resource.type):
                rights = _rights(scene, rule, identity, held)
                if rights:
                    for step in _gained(scene, rule, identity, resource):
                        yield _with_rights(scene, rule, step, resource, rights)
            if resource.type == ROLE and PASS in held.may:
                yield from _passed(scene, identity, resource)


def _can_take(scene: Scene, rule: Rule, identity: str) -> bool:
    """Tell whether an identity is of the type that a rule is for."""
    resource = scene.directory.resources.get(identity)
    return resource is not None and resource.type == rule.by


class Rights(NamedTuple):
    """The actions by which a rule applies, and whether the identity surely has them."""

    actions: tuple[str, ...]
    certain: bool


def _rights(scene: Scene, rule: Rule, identity: str, held: Held) -> Rights | None:
    """Return the first alternative held of each right that a rule takes; None if one is missing."""
    if rule.by and not _can_take(scene, rule, identity):
        return None
    if not rule.anywhere:
        return _chosen(rule.needs, held)
    if rule.needs and not _chosen(rule.needs, held):
        return None
    found = scene.authority.anywhere(identity, tuple(chain.from_iterable(rule.anywhere)))
    both = Held(held.some | found.some, held.may | found.may)
    return _chosen((*rule.needs, *rule.anywhere), both)


@lru_cache(maxsize=16384)
def _chosen(wanted: tuple[AlternativeActions, ...], held: Held) -> Rights | None:
    for rights, certain in ((held.some, True), (held.may, False)):
        chosen = tuple(next((a for a in some if a in rights), "") for some in wanted)
        if all(chosen):
            return Rights(chosen, certain)
    return None


def _with_rights(
    scene: Scene, rule: Rule, step: Escalation, target: Resource, rights: Rights
) -> Escalation:
    """Add what the statements say that give the rights, and whether they do for certain."""
    certain = step.certain and rights.certain
    said = _said(rule, step.identity, target, rights.actions, certain=certain)
    first = Evidence(said, _place(scene, step.identity, target, rights.actions[:1]))
    return replace(step, certain=certain, actions=rights.actions, evidence=(first, *step.evidence))


def _said(
    rule: Rule, identity: str, target: Resource, actions: tuple[str, ...], *, certain: bool
) -> str:
    may = "may" if certain else "may, under conditions,"
    return f"{_name(identity)} {may} {rule.says} {target.name} ({', '.join(actions)})"


def _place(scene: Scene, identity: str, target: Resource, actions: tuple[str, ...]) -> Place:
    grants = scene.authority.evidence(identity, target.id, actions)
    return grants[0].place if grants else target.place


def _gained(scene: Scene, rule: Rule, identity: str, target: Resource) -> Iterator[Escalation]:
    """Yield whom or what a rule gains; nobody takes over or influences what is its own."""
    if rule.gains == "code":
        yield from _influenced(scene, rule, identity, target)
    elif rule.gains == "grants":
        yield from _written(scene, rule, identity, target)
    elif rule.gains == "runner":
        if identity not in scene.runs_as.get(target.id, (identity,)):
            yield _step(rule, identity, target.id)
    elif rule.gains == "identity":
        trusts = not rule.trusted or scene.trusting.identity(target.id, identity)
        if target.id != identity and trusts is not False:
            yield replace(_step(rule, identity, target.id), certain=trusts is True)
    elif rule.gains != "boundary" or target.value("PermissionsBoundary") is not None:
        yield _step(rule, identity, target.id)


def _influenced(scene: Scene, rule: Rule, identity: str, target: Resource) -> Iterator[Escalation]:
    for function, why in scene.dependants.of(target, rule.through).items():
        sure = _meets(scene, rule, identity, target, function)
        if sure is not None and identity not in scene.runs_as.get(function, ()):
            evidence = (why,) if rule.through else ()
            yield replace(_step(rule, identity, function), evidence=evidence, certain=sure)


def _meets(scene: Scene, rule: Rule, identity: str, bucket: Resource, function: str) -> bool | None:
    """Tell whether the keys that an identity may use are such as run a function; None: never."""
    if rule.through not in EVENTS:
        return True
    keys, known = scene.dependants.keys(bucket.id, function, rule.through)
    actions = frozenset(action for some in rule.needs for action in some)
    held = scene.authority.held_within(identity, bucket, keys, actions)
    return bool(held.some and known) if held.may else None


def _written(scene: Scene, rule: Rule, identity: str, target: Resource) -> Iterator[Escalation]:
    """Yield whose grants a rule lets an identity write; its own: then it has everything."""
    attached = target.type == "AWS::IAM::ManagedPolicy"
    for holder in scene.holders.get(target.id, ()) if attached else (target.id,):
        step = _step(rule, identity, holder)
        everything = account(scene.directory.deployment(target.id))
        own = holder == identity
        yield replace(step, target=everything, gains="account") if own else step


def holders(grants: Iterable[Grant]) -> Mapping[str, set[str]]:
    """Return whom each policy is attached to."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for grant in grants:
        if grant.resource != grant.identity:
            found[grant.resource].add(grant.identity)
    return found


def _passed(scene: Scene, identity: str, role: Resource) -> Iterator[Escalation]:
    """Yield the ways to pass a role to a new thing that then acts as it."""
    if role.id == identity:
        return
    for rule in passing():
        trusts = scene.trusting.service(role.id, rule.passes)
        rights = None if trusts is False else _rights(scene, rule, identity, NOTHING)
        if rights is None:
            continue
        passes = scene.authority.passes(identity, role.id, rule.passes)
        if not passes.may:
            continue
        certain = bool(trusts and passes.some and rights.certain)
        actions = (PASS, *rights.actions)
        said = _said(rule, identity, role, actions, certain=certain)
        yield replace(
            _step(rule, identity, role.id),
            certain=certain,
            actions=actions,
            evidence=(Evidence(said, _place(scene, identity, role, (PASS,))),),
        )


def _combined(scene: Scene, steps: list[Escalation]) -> Iterator[Escalation]:
    """Yield who may write the grants of an identity that it can also take over."""
    taken: defaultdict[str, dict[str, Escalation]] = defaultdict(dict)
    for step in steps:
        if step.gains in {"runner", "identity"}:
            roles = scene.runs_as.get(step.target, ()) if step.gains == "runner" else ()
            for role in roles or (step.target,):
                taken[step.identity].setdefault(role, step)
    for step in steps:
        if step.gains == "grants" and (way := taken[step.identity].get(step.target)):
            deployment = scene.directory.deployment(step.target)
            yield replace(
                step,
                id=f"{step.id}+{way.rule}",
                target=account(deployment),
                gains="account",
                certain=step.certain and way.certain,
                actions=(*step.actions, *way.actions),
                evidence=(*step.evidence, *way.evidence),
            )


def _step(rule: Rule, identity: str, target: str) -> Escalation:
    return Escalation(
        id=f"{identity}>{rule.id}>{target}",
        identity=identity,
        target=target,
        level=rule.level,
        gains=rule.gains,
        rule=rule.id,
    )


def _name(id: str) -> str:
    return id.rpartition("/")[2]
