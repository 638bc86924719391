"""How the policies of all kinds combine: the one place that decides.

Everything is a set of requests as the bits of an integer: one bit for one request, or a bit for
each resource of a table. What holds for certain and what holds perhaps are a pair of such sets.

Source: the IAM User Guide's "policy evaluation logic", for one account and across accounts.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from checkrein.iam.truth import NO, YES


class Plane(NamedTuple):
    """The requests for which something holds: for certain, and perhaps (these include those)."""

    certain: int
    possible: int

    def inverted(self, full: int) -> Plane:
        """Return where it does not hold."""
        return Plane(full & ~self.possible, full & ~self.certain)


NOWHERE: Final = Plane(0, 0)


def spread(answer: int, full: int) -> Plane:
    """Return one answer for all requests of a set."""
    if answer == NO:
        return NOWHERE
    return Plane(full if answer == YES else 0, full)


def union(planes: Iterable[Plane]) -> Plane:
    """Return where at least one holds."""
    certain = possible = 0
    for plane in planes:
        certain |= plane.certain
        possible |= plane.possible
    return Plane(certain, possible)


class Layers(NamedTuple):
    """Where each kind of policy allows, where any denies, and what else bears on the outcome.

    ``account``, ``role``, ``direct`` and ``anyone``: where the resource's policy allows, by how it
    names the caller. ``limits``: what must allow besides, service control policies of each level
    and an endpoint's policy. A caller without policies of its own has ``stranger`` set.
    """

    full: int
    identity: Plane = NOWHERE
    boundary: Plane | None = None
    session: Plane | None = None
    account: Plane = NOWHERE
    role: Plane = NOWHERE
    direct: Plane = NOWHERE
    anyone: Plane = NOWHERE
    limits: tuple[Plane, ...] = ()
    denied: Plane = NOWHERE
    guarded: Plane = NOWHERE  # the resource's own policy has to allow, also in its account
    closed: Plane = NOWHERE  # nothing allows it
    shut: Plane = NOWHERE  # the resource's policy counts for nobody outside its account
    ours: Plane = NOWHERE  # the resource belongs to the caller's account
    stranger: bool = False


class Outcome(NamedTuple):
    """Where access is allowed for certain and perhaps, and where a denial applies for certain."""

    must: int
    may: int
    denied: int


CERTAIN, POSSIBLE = 0, 1


def combine(layers: Layers) -> Outcome:
    """Decide: an explicit denial wins, every limit must allow, and somebody must grant."""
    outcomes = []
    for grade in (CERTAIN, POSSIBLE):
        granted = _granted(layers, grade)
        for limit in layers.limits:
            granted &= limit[grade]
        against = layers.denied[1 - grade] | layers.closed[1 - grade]
        outcomes.append(granted & ~against)
    return Outcome(outcomes[CERTAIN], outcomes[POSSIBLE], layers.denied.certain)


def _granted(layers: Layers, grade: int) -> int:
    """Return where identity and resource policies grant, in one grade."""
    full = layers.full
    if layers.stranger:
        return (layers.direct[grade] | layers.anyone[grade]) & ~layers.shut[1 - grade]
    ours = layers.ours
    within, across = _within(layers, grade), _across(layers, grade)
    if grade == CERTAIN:  # where the account is not known, both have to grant
        return (within | (full & ~ours.possible)) & (across | ours.certain)
    return (within & ours.possible) | (across & ~ours.certain)


def _within(layers: Layers, grade: int) -> int:
    """Return what is granted in the resource's own account: by the identity or by the resource.

    A resource's policy that names the session or the user needs nothing else; one that names the
    role is limited by boundary and session policy; one that names the account only delegates.
    For one that names everybody, "no other permissions are required" within the account.
    """
    limited = _limited(layers, grade)
    own = layers.identity[grade] & limited
    named = layers.anyone[grade]
    free = layers.full & ~layers.guarded[1 - grade]
    delegated = own & (free | layers.account[grade])
    return delegated | layers.direct[grade] | named | (layers.role[grade] & limited)


def _across(layers: Layers, grade: int) -> int:
    """Return what is granted across accounts: identity and resource have to."""
    named = layers.account[grade] | layers.role[grade]
    named |= layers.direct[grade] | layers.anyone[grade]
    open = layers.full & ~layers.shut[1 - grade]
    return layers.identity[grade] & _limited(layers, grade) & named & open


def _limited(layers: Layers, grade: int) -> int:
    """Return where boundary and session policy allow; one that is not there does not limit."""
    allowed = layers.full
    for limit in (layers.boundary, layers.session):
        if limit is not None:
            allowed &= limit[grade]
    return allowed
