"""Which statements bear on one caller's action, and in which seat of the decision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from checkrein.iam.callers import Caller, Naming, same
from checkrein.iam.matching import Matcher
from checkrein.iam.particulars import FREE
from checkrein.iam.planes import NOWHERE, Layers, Plane, spread
from checkrein.iam.public import is_public
from checkrein.iam.requests import Policies
from checkrein.iam.rules import (
    BOUNDARY,
    ENDPOINT,
    IDENTITY,
    RESOURCE,
    RESOURCE_CONTROL,
    SERVICE_CONTROL,
    SESSION,
    Rule,
    Slot,
)
from checkrein.iam.truth import MAYBE, NO, YES

Seat = tuple[str, int]  # a field of Layers, and which limit of several


def _only(field: str) -> Seat:
    return field, 0


DENIED: Final = _only("denied")
LIMITS: Final = "limits"
OWN: Final[Mapping[str, Seat]] = {
    IDENTITY: _only("identity"),
    BOUNDARY: _only("boundary"),
    SESSION: _only("session"),
}
BY_NAMING: Final[Mapping[Naming, Seat]] = {
    Naming.ACCOUNT: _only("account"),
    Naming.ROLE: _only("role"),
    Naming.DIRECT: _only("direct"),
    Naming.ANYONE: _only("anyone"),
}


class Entry(NamedTuple):
    """A rule that bears on a question, for certain (YES) or perhaps (MAYBE)."""

    rule: Rule
    sure: int


class Standing:
    """One caller before a set of policies: who is concerned by which rule.

    ``owner``: the account of the resources asked about, "" for the caller's own.
    """

    def __init__(
        self,
        rules: Iterable[Rule],
        policies: Policies,
        who: Caller,
        owner: str,
        matcher: Matcher,
    ) -> None:
        self.who = who
        self._policies = policies
        self._bounded = policies.boundary is not None and who.has_account and who.kind != "root"
        self._limits = dict.fromkeys(self._present_limits())
        self._ours = _ours(who, owner, matcher)
        self._shut = self._shut_out(rules)
        self._bearing = [
            (rule, seat, sure)
            for rule in rules
            if self._concerns(rule.slot.kind)
            for seat, sure in self._seats(rule)
        ]

    def question(self, action: str) -> Question:
        """Return what bears on an action, whose case does not count."""
        action = action.lower()
        seats: dict[Seat, list[Entry]] = {DENIED: []}
        for seat in self._present():
            seats[seat] = []
        for rule, seat, sure in self._bearing:
            about = rule.action(action)
            if about:
                seats.setdefault(seat, []).append(Entry(rule, min(about, sure)))
        return Question(self, action, seats)

    def layers(
        self, full: int, planes: Mapping[Seat, Plane], guarded: Plane, closed: Plane
    ) -> Layers:
        """Put what each seat's statements say together with what the caller is."""
        fields = {name: plane for (name, _), plane in planes.items() if name != LIMITS}
        if self.who.kind == "root":  # root needs no policy in its own account
            fields["identity"] = Plane(full, full)
        if self.who.kind == "federated":  # without a session policy its session has nothing
            fields.setdefault("session", NOWHERE)
        return Layers(
            full,
            **fields,
            limits=tuple(
                self._limit(at, plane, full)
                for (name, at), plane in planes.items()
                if name == LIMITS
            ),
            guarded=guarded,
            closed=closed,
            shut=spread(self._shut, full),
            ours=spread(self._ours, full),
            stranger=not self.who.has_account,
        )

    def _limit(self, at: int, plane: Plane, full: int) -> Plane:
        """Return where a limit allows: everywhere, perhaps, if it may not concern the caller."""
        kind = list(self._limits)[at].kind
        return plane if self._concerns(kind) == YES else Plane(plane.certain, full)

    def free(self, action: str) -> bool:
        """Tell whether an action needs no permission and cannot be denied."""
        return action == FREE and self.who.kind != "anonymous"

    def _concerns(self, kind: str) -> int:
        """Tell whether policies of a kind concern the caller."""
        if kind == BOUNDARY:
            return YES if self._bounded else NO
        if kind in OWN or kind == SERVICE_CONTROL:
            own = YES if self.who.has_account else NO
            return own if kind in OWN else min(own, YES - self.who.service_linked)
        return YES - self.who.service_linked if kind == RESOURCE_CONTROL else YES

    def _present(self) -> Iterator[Seat]:
        if self._bounded:
            yield OWN[BOUNDARY]
        if self._policies.session is not None and self.who.has_account:
            yield OWN[SESSION]
        for index in range(len(self._limits)):
            yield LIMITS, index

    def _present_limits(self) -> Iterator[Slot]:
        if self._concerns(SERVICE_CONTROL):
            for level in range(len(self._policies.service_control)):
                yield Slot(SERVICE_CONTROL, level)
        if self._policies.endpoint is not None:
            yield Slot(ENDPOINT)

    def _seats(self, rule: Rule) -> Iterator[tuple[Seat, int]]:
        named = rule.namings(self.who, bounded=self._bounded)
        kind = rule.slot.kind
        if kind == ENDPOINT and self.who.kind != "root":  # a gateway's means the root user only
            named = [(how, MAYBE if how is Naming.ACCOUNT else sure) for how, sure in named]
        if rule.denies:
            if named:
                yield DENIED, min(self._concerns(kind), max(sure for _, sure in named))
        elif kind in OWN:
            yield OWN[kind], YES
        elif kind == RESOURCE:
            yield from ((BY_NAMING[how], sure) for how, sure in named)
        elif kind != RESOURCE_CONTROL and named:  # of these, AWS attaches an allowance to all
            at = list(self._limits).index(rule.slot)
            yield (LIMITS, at), max(sure for _, sure in named)

    def _shut_out(self, rules: Iterable[Rule]) -> int:
        if not self._policies.restrict_public or self.who.kind == "service":
            return NO
        return is_public(rule.statement for rule in rules if rule.slot.kind == RESOURCE)


class Question(NamedTuple):
    """What bears on one action of one caller, by seat; a limit that is there has its seat."""

    standing: Standing
    action: str
    seats: Mapping[Seat, list[Entry]]


def _ours(who: Caller, owner: str, matcher: Matcher) -> int:
    if not owner:
        return YES
    found = same(owner, who.account, matcher)
    return MAYBE if not found and who.kind == "role" and not who.account else found
