"""Ways to reach a call site, and which of them are told as one call.

Two visits of one place are one call where nothing is lost by uniting what was passed: a name is not
united with content that goes elsewhere, nor what callers showed with what is open to anyone.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from checkrein.catalog.operations import addressed
from checkrein.code.domain.arms import BREADTH
from checkrein.code.domain.flattening import LIMITS, head
from checkrein.code.domain.members import ADDRESSING
from checkrein.code.domain.scopes import HELD
from checkrein.code.domain.values import CALL, NOTHING, UNKNOWN, join
from checkrein.code.domain.ways import Requests, either
from checkrein.model import Evidence, Place, Symbol

if TYPE_CHECKING:
    from checkrein.code.domain.abstract import Abstract, Sources
    from checkrein.code.domain.flattening import Leaves

NONE: Final[frozenset[str]] = frozenset()
STORE, TABLE = "database", "Of.table"
TYPES: Final = frozenset(("headers.content-type", "multivalueheaders.content-type[]"))
Name = tuple[str, str, str]  # kind, service, operation


class Site:
    """Where a call stands and how the handler got there."""

    __slots__ = ("place", "steps")

    def __init__(self, place: Place, steps: tuple[Evidence, ...] = ()) -> None:
        self.place = place
        self.steps = steps


class Seen:
    """One way to reach a call site, while it is still being learnt about."""

    __slots__ = (
        "arguments",
        "certain",
        "ignored",
        "name",
        "number",
        "of_caller",
        "proofs",
        "requests",
        "site",
    )

    def __init__(self, name: Name, number: int, site: Site) -> None:
        self.name = name
        self.number = number
        self.site = site
        self.certain = True
        self.ignored = False  # what it tells by raising is caught, and the code goes on
        self.proofs: frozenset[str] | None = None  # what callers showed on every way here
        self.requests: Requests = frozenset()  # what is known of it, on one way or another
        self.arguments: Leaves = {}
        # whether what is known of the caller flows in, as was found since it last learnt something
        self.of_caller: bool | None = None

    @property
    def symbol(self) -> Symbol:
        """What the call's result is known by."""
        return Symbol(f"{CALL}{self.number}", "")

    def reached(self, proofs: frozenset[str], requests: frozenset[str]) -> bool:
        """Note what was known on a way here; tell whether less was than on those before."""
        if self.proofs is None:
            self.proofs, self.requests = proofs, frozenset((requests,))
            return False
        known = either(self.requests, requests)
        less = not (self.proofs <= proofs and self.requests == known)
        self.proofs &= proofs
        self.requests = known
        return less

    def is_shown(self, proofs: frozenset[str]) -> bool:
        """Tell whether callers have shown something here as there, or nothing at both."""
        own, other = _sure(self.proofs or NONE), _sure(proofs)
        return bool(own & other) if own else not other

    def learn(self, leaves: Leaves, *, whole: bool = False) -> bool:
        """Add what the call is given once more; tell whether that is more than was known.

        ``whole`` if that is all, so that what is missing was left out.
        """
        if not self.arguments:
            self.of_caller = None
            self.arguments = dict(leaves)
            return bool(leaves)
        more = False
        if whole:
            absent = {p for p in self.arguments.keys() ^ leaves.keys() if head(p) in ADDRESSING}
            leaves = leaves | {path: join(leaves.get(path, NOTHING), UNKNOWN) for path in absent}
        for path, value in leaves.items():
            known = self.arguments.get(path, NOTHING)
            self.arguments[path] = united = join(known, value)
            more = more or united != known
        if more:
            self.of_caller = None
        return more


def _sure(proofs: frozenset[str]) -> frozenset[str]:
    """Return proofs without those that rest on what was found, which tell no ways apart."""
    return frozenset([proof for proof in proofs if not proof.startswith(HELD)])


@lru_cache(maxsize=1024)
def addresses(name: Name) -> frozenset[str]:
    """Return the parameters that say where a call goes."""
    kind, service, operation = name
    if kind == "http":
        return frozenset(("url",))
    if service == STORE:
        return frozenset(("Of", "Columns", "Key"))
    return frozenset(head(rule.path) for rule in addressed(service, operation))


def same_way(known: list[Seen], site: Site) -> Seen | None:
    """Return the use that the handler gets to by the same calls: each way is a fault of its own."""
    for seen in known:
        if seen.site.steps == site.steps:
            return seen
    return known[-1] if len(known) >= BREADTH else None


def same_type(known: list[Seen], leaves: Leaves) -> Seen | None:
    """Return the answer of a place that is of the same type."""
    types = types_of(leaves)
    for seen in known:
        if types_of(seen.arguments) == types:
            return seen
    return known[-1] if len(known) >= BREADTH else None


def types_of(leaves: Leaves) -> Sources:
    """Return the types that an answer's headers give its body, none where they do not say."""
    said = (leaves[path] for path in leaves if path.casefold() in TYPES)
    return frozenset(atom for value in said for atom in value.atoms)


def same_call(known: list[Seen], leaves: Leaves, addresses: frozenset[str]) -> Seen | None:
    """Return a call that these arguments add to without mixing what belongs apart."""
    for seen in known:
        if _united(seen, leaves):
            return seen
    if len(known) >= BREADTH:
        return known[-1]
    alike = [s for s in known if not {head(p) for p in _differing(s, leaves)} & addresses]
    return alike[-1] if len(alike) >= LIMITS[1] else None


def is_alike(seen: Seen, leaves: Leaves) -> bool:
    """Tell whether a request of a store is about the same columns: helpers hand on all of them."""
    own, other = (
        {path for path in each if head(path) in {"Of", "Columns", "Item", "Key"}}
        for each in (seen.arguments, leaves)
    )
    return own == other and seen.arguments.get(TABLE) == leaves.get(TABLE)


def _differing(seen: Seen, leaves: Leaves) -> list[str]:
    return [p for p in {**seen.arguments, **leaves} if seen.arguments.get(p) != leaves.get(p)]


def _united(seen: Seen, leaves: Leaves) -> bool:
    """Tell whether the union says no more than both: one holds the other, or one part differs."""
    differing = _differing(seen, leaves)
    if len({head(path) for path in differing}) <= 1:
        return True
    known = seen.arguments
    pairs = [(known.get(path, NOTHING), leaves.get(path, NOTHING)) for path in differing]
    return all(_within(one, other) for one, other in pairs) or all(
        _within(other, one) for one, other in pairs
    )


def _within(one: Abstract, other: Abstract) -> bool:
    return one.atoms <= other.atoms and one.sources <= other.sources and one.open <= other.open
