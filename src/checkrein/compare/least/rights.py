"""The rights of one role: needed, granted without need, missing; and the least policy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from checkrein.checks.privilege import place_of
from checkrein.compare.least.documents import Wish, document, grouped, statement
from checkrein.compare.least.doubts import Doubts
from checkrein.compare.least.pairs import Pair, Pairs, Use, listed
from checkrein.compare.least.scene import BESIDE, Atom, Scene
from checkrein.compare.least.wording import shown, spoken
from checkrein.iam import matches
from checkrein.model import Function, Grant
from checkrein.model.least import Least, Right

GENERATED = "ManagedPolicyArns"

SHOWN = 3  # actions that a reason names


class Role:
    """One role: its functions, what they need, and what each of its statements is for."""

    def __init__(self, scene: Scene, doubts: Doubts, identity: str) -> None:
        self.scene, self.doubts, self.identity = scene, doubts, identity
        self.functions = [function.id for function in scene.roles[identity]]
        self.atoms = scene.atoms(self.functions)
        pairs = Pairs(scene, doubts, identity, self.atoms)
        grants = scene.grants(identity) if identity else []
        self.pairs: dict[str, list[Pair]] = {g.id: list(pairs.of(g)) for g in grants}
        self.grants = {grant.id: grant for grant in grants}

    def counts(self, atom: Atom) -> bool:
        """Tell whether a need is one: what a call would work without, only where it is granted."""
        return atom.need.cause != BESIDE or self.scene.decide(self.identity, atom).some

    def missing(self) -> list[Atom]:
        """Return the needs that are surely not met, and will fail at run time."""
        return [
            atom
            for atom in self.atoms
            if (atom.need.certain or (atom.need.open and atom.need.cause == "call"))
            and not atom.need.granted
            and not self.scene.decide(self.identity, atom).may
        ]


def least(role: Role, function: Function) -> Least:
    """Return what one function of a role needs, has too much and lacks; no fix yet."""
    stack = role.scene.stack(role.identity) or role.scene.stack(function.id)
    own = [a for a in role.atoms if a.need.function == function.id and role.counts(a)]
    return Least(
        function=function.id,
        identity=role.identity,
        shared=tuple(id for id in role.functions if id != function.id),
        needed=(*map(_needed, own), *_kept(role)),
        excess=tuple(excess(role)),
        missing=tuple(_needed(a) for a in role.missing() if a.need.function == function.id),
        policy=policy(role, stack),
        kept=tuple(_reasons(_kept(role))),
    )


def policy(role: Role, stack: str) -> dict[str, Any]:
    """Return the least policy document of a role, in the words of a stack's template."""
    wishes = [*_wishes(role), *_wishes_kept(role)]
    made = [statement(group) for group in grouped(sorted(wishes, key=_order))]
    said: dict[str, Any] = spoken(role.scene, document(sorted(made, key=repr)), stack)
    return said


def _order(wish: Wish) -> tuple[str, tuple[str, ...]]:
    return wish.action, wish.arns


def _wishes(role: Role) -> Iterator[Wish]:
    for atom in filter(role.counts, role.atoms):
        yield Wish(atom.action, atom.value, (atom.arn,), atom.need.conditions)


def _wishes_kept(role: Role) -> Iterator[Wish]:
    for pair, action in _kept_pairs(role):
        value = listed(pair.grant)[pair.number]
        yield Wish(action, value, role.scene.encode(value), pair.grant.conditions)


def _kept_pairs(role: Role) -> list[tuple[Pair, str]]:
    """Return what is kept without a call that is seen, by the patterns that give only that."""
    return [
        (pair, pattern_of(pair, pairs))
        for pairs in role.pairs.values()
        for pair in pairs
        if pair.use is Use.KEPT
    ]


def pattern_of(pair: Pair, beside: Iterable[Pair]) -> str:
    """Return the pattern, as written, that gives an action; the action if it gives idle ones too.

    ``beside`` are the other pairs of the statement.
    """
    if pair.grant.not_actions:
        return pair.action
    pattern = next(p for p in pair.grant.actions if matches(p, pair.action, fold=True))
    idle = (other.action for other in beside if other.use is Use.IDLE)
    return pair.action if any(matches(pattern, action, fold=True) for action in idle) else pattern


def _kept(role: Role) -> list[Right]:
    found: dict[tuple[str, str, str], Right] = {}
    for pair, action in _kept_pairs(role):
        resource = shown(listed(pair.grant)[pair.number])
        right = Right(action, resource, pair.reason, place_of(role.scene.app, pair.grant))
        found.setdefault((pair.grant.id, action, resource), right)
    return list(found.values())


def _reasons(kept: Iterable[Right]) -> Iterator[str]:
    """Yield why rights are kept, each reason once with the actions: ``…: s3:ListBucket``."""
    by_reason: dict[str, dict[str, None]] = {}
    for right in kept:
        by_reason.setdefault(right.reason, {})[right.action] = None
    for reason, actions in by_reason.items():
        shown = list(actions)[:SHOWN]
        more = len(actions) - len(shown)
        yield f"{reason}: {', '.join(shown)}" + (f" and {more} more" if more else "")


def _needed(atom: Atom) -> Right:
    need = atom.need
    reason = need.evidence[0].text if need.evidence else need.cause
    reason += f"; no narrower, as {need.open}" if need.open else ""
    return Right(atom.action, shown(atom.value), reason, need.place)


def excess(role: Role) -> Iterator[Right]:
    """Yield what the role is granted and does not need, where it can be taken away.

    A wildcard over all services of which nothing is needed counts by services.
    """
    for id, pairs in role.pairs.items():
        if not is_generated(role.grants[id]):
            yield from _excess(role, role.grants[id], pairs)


def is_generated(grant: Grant) -> bool:
    """Tell whether a transform added the statement by itself, with no words for it in the file."""
    return not grant.path and f":{GENERATED}." in grant.id


def _excess(role: Role, grant: Grant, pairs: Iterable[Pair]) -> Iterator[Right]:
    for pair in pairs:
        if pair.use not in {Use.IDLE, Use.PART}:
            continue
        written = next((p for p in grant.actions if matches(p, pair.action, fold=True)), "")
        witness = shown(role.scene.symbols.decode(pair.witness)) if pair.witness else ""
        yield Right(
            pair.action,
            shown(listed(grant)[pair.number]),
            place=place_of(role.scene.app, grant, written),
            witness=witness,
        )
