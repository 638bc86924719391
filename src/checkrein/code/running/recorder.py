"""What the interpreter saw: call sites, reads and routes, merged by place, made into a Summary."""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from checkrein.catalog import uses
from checkrein.catalog.tokens import verifies
from checkrein.code.domain import entries
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.arms import BREADTH, armed
from checkrein.code.domain.cleaned import Cleaned
from checkrein.code.domain.flattening import Flattening, flatten
from checkrein.code.domain.scopes import HELD, PROOF
from checkrein.code.domain.values import (
    CALL,
    NOTHING,
    families,
    join_all,
    lacking,
    only_string,
    plain,
    shown,
    sources_of,
    tainted,
)
from checkrein.code.domain.ways import Reads, Requests, is_other, told
from checkrein.code.running.seen import (
    STORE,
    TABLE,
    Name,
    Seen,
    Site,
    addresses,
    is_alike,
    same_call,
    same_type,
    same_way,
    types_of,
)
from checkrein.model import Argument, CallSite, EventRead, Gap, Place, Route, Symbol

if TYPE_CHECKING:
    from checkrein.code.domain.abstract import Sources
    from checkrein.code.domain.flattening import Leaves
    from checkrein.code.harm.facts import Running

NONE: frozenset[str] = frozenset()
USE = "use"
LOG, RESPONSE = "log", "response"
STATEMENTS: Final = 64  # of a store, by one place that all go through
UNDIVIDED: Final = frozenset((LOG, RESPONSE))  # all goes to one place
HEADERS: Final = frozenset(("headers",))
EVENT: Final = "event"


class Recorder:
    """Collects. A call site reached twice is one if nothing is lost by uniting what was passed.

    Otherwise it is several with the same place, so that a name is not united with the content that
    goes elsewhere; logs, which have one target, are always one, and so are responses of one type.
    """

    def __init__(self) -> None:
        self.seen: list[Seen] = []  # by number
        self.sites: dict[tuple[Name, Place], list[Seen]] = {}
        self.reads: dict[Symbol, Place] = {}
        self.fields = Reads()
        self.required: set[Symbol] = set()  # fields that code fails without
        self.optional: set[Symbol] = set()  # fields that code looks for first
        self.routes: list[Route] = []
        self.gaps: dict[tuple[str, str, str], Gap] = {}
        self.running: Running | None = None  # of the interpreter that runs
        self.news = 0  # how often something was told that was not known

    def call(
        self, name: Name, site: Site, parameters: Abstract, *, certain: bool = True
    ) -> Abstract:
        """Record a call (kind, service, operation) and return its symbolic result."""
        if name[0] == LOG:
            return self._one(name, site, flatten(parameters), certain=certain)
        if name[0] == RESPONSE:
            for one in entries.answers(parameters):
                self._typed(name, site, Flattening(one), certain=certain)
            return NOTHING
        listed = entries.member(*name[1:]) if name[0] == "sdk" else ""
        every = entries.apart(parameters, listed) if listed else [parameters]
        return join_all(self._each(name, site, Flattening(one), certain=certain) for one in every)

    def leaves(self, name: Name, site: Site, leaves: Leaves) -> Abstract:
        """Record a call whose arguments were flattened before."""
        return self._one(name, site, leaves, certain=True)

    def _each(self, name: Name, site: Site, parameters: Flattening, *, certain: bool) -> Abstract:
        """Record a call for each arm of the branchings that say several of its arguments."""
        divided = parameters.divided(addresses(name))
        if divided is None:
            return self._one(name, site, parameters.leaves, certain=certain)
        branching, parts = divided
        results = {
            arm: self._each(name, site, part, certain=certain) for arm, part in parts.items()
        }
        rest = results.pop(None, None)
        numbered = {arm: result for arm, result in results.items() if arm is not None}
        return armed(branching, numbered, rest)

    def _typed(self, name: Name, site: Site, answer: Flattening, *, certain: bool) -> None:
        """Record an answer for each type that it may be of: a page is not what else is answered."""
        divided = answer.divided(HEADERS, only=True) if types_of(answer.leaves) else None
        for part in divided[1].values() if divided else ():
            self._typed(name, site, part, certain=certain)
        if not divided:
            self._one(name, site, answer.leaves, certain=certain)

    def _one(self, name: Name, site: Site, leaves: Leaves, *, certain: bool) -> Abstract:
        running = self.running
        proofs, requests = (running.said(PROOF), running.requests()) if running else (NONE, NONE)
        known = self.sites.setdefault((name, site.place), [])
        seen = next(iter(known), None)
        if name[0] == USE:
            seen = same_way(known, site)
        elif name[0] == RESPONSE:
            seen = same_type(known, leaves)
        elif name[0] not in UNDIVIDED:
            alike = [each for each in known if each.is_shown(proofs)]
            if name[0] == "sdk":
                alike = self._of_others(alike, leaves)
            seen = same_call(alike, leaves, addresses(name))
            if name[1] == STORE and seen is not None and len(known) < STATEMENTS:
                seen = seen if is_alike(seen, leaves) else None
        if seen is None:
            seen = Seen(name, len(self.seen), site)
            known.append(seen)
            self.seen.append(seen)
            self.news += 1
        seen.certain = seen.certain and certain
        self.news += seen.reached(proofs, requests)
        self.news += seen.learn(leaves, whole=name[0] == "sdk")
        return Abstract(atoms=frozenset((seen.symbol,)))

    def _of_others(self, known: list[Seen], leaves: Leaves) -> list[Seen]:
        """Return the calls at a place that a call may add to: not what only other requests send.

        What all routes hand to one helper is otherwise told as if each sent what any of them does.
        """
        ways = self.running.requests() if self.running else NONE
        if not ways or len(known) >= BREADTH:
            return known
        return [
            seen
            for seen in known
            if seen.arguments == leaves
            or not all(here and is_other(here, ways) for here in seen.requests)
        ]

    def more(self, result: Abstract, parameters: Abstract) -> None:
        """Add arguments to the calls that a result is of: a body written after the request."""
        for seen in self.seen:
            if any(isinstance(a, Symbol) and plain(a) == seen.symbol for a in result.atoms):
                self.news += seen.learn(flatten(parameters))

    def reached(self, seen: Seen, path: str, symbol: Symbol) -> None:
        """Let a symbol flow into an argument of a call that another recorder has seen."""
        known = self.sites.get((seen.name, seen.site.place))
        if not known:
            self._one(seen.name, seen.site, {path: Abstract(open=True)}, certain=seen.certain)
            known = self.sites[seen.name, seen.site.place]
        said = known[0].arguments.get(path, NOTHING)
        known[0].arguments[path] = tainted(said, frozenset((symbol,)))
        known[0].of_caller = None

    def drawn(self, sources: Sources) -> Sources:
        """Return those of some sources that are random numbers."""
        return frozenset(symbol for symbol in sources if self._is_of(symbol, "random"))

    def is_use(self, result: Abstract, family: str) -> bool:
        """Tell whether a value is what a use of a family gave."""
        symbols = (atom for atom in result.atoms if isinstance(atom, Symbol))
        return any(self._is_of(symbol, family) for symbol in symbols)

    def is_of_store(self, symbol: Symbol) -> bool:
        """Tell whether a symbol is of what a store answered."""
        known = symbol.owner.startswith(CALL)
        return known and self.seen[int(symbol.owner.removeprefix(CALL))].name[1] == STORE

    def table(self, symbol: Symbol) -> str:
        """Return the table that a store's answer is of, "" where it is not known or not one."""
        found = self.seen[int(symbol.owner.removeprefix(CALL))].arguments.get(TABLE, NOTHING)
        return only_string(found) or ""

    def _is_of(self, symbol: Symbol, family: str) -> bool:
        if not symbol.owner.startswith(CALL):
            return False
        return self.seen[int(symbol.owner.removeprefix(CALL))].name[:2] == (USE, family)

    def read(self, symbol: Symbol, place: Place) -> None:
        known = plain(symbol)
        self.news += known not in self.reads
        self.reads.setdefault(known, place)
        self.read_again(known)

    def read_again(self, symbol: Symbol) -> None:
        """Note at which other requests a field is read that has been read before."""
        if symbol.owner == EVENT:
            ways = self.running.requests() if self.running else NONE
            self.news += self.fields.read(plain(symbol), ways)

    def gap(self, found: Gap) -> None:
        """Keep, once, what may use the function's rights unseen."""
        self.gaps.setdefault((found.service, found.operation, found.text), found)

    def told(self) -> tuple[tuple[CallSite, ...], tuple[EventRead, ...]]:
        """Return the calls, and the reads of event and environment."""
        passed = [
            [(path, value, sources_of(value)) for path, value in seen.arguments.items()]
            for seen in self.seen
        ]
        whole = {plain(symbol) for each in passed for _, _, every in each for symbol in every}
        used = self._results_used(whole)
        calls = tuple(
            CallSite(
                *seen.name,
                seen.site.place,
                tuple([_argument(p, value, self._here(every, seen)) for p, value, every in each]),
                seen.site.steps,
                seen.certain,
                tuple(used.get(seen.symbol.owner, ())),
            )
            for seen, each in zip(self.seen, passed, strict=True)
        )
        calls = tuple(map(_shown, calls, self.seen, repeat(calls)))
        return calls, self._event_reads(whole)

    def _here(self, every: Sources, seen: Seen) -> Sources:
        """Return sources without the fields that only other requests have."""
        if not all(seen.requests):
            return every
        return frozenset([self._less(symbol, seen.requests) for symbol in every])

    def _less(self, symbol: Symbol, requests: Requests) -> Symbol:
        if symbol.owner != EVENT or not requests:
            return symbol
        ways = [self.fields.missing(plain(symbol), each) for each in requests]
        missing = frozenset.intersection(*ways)
        if not missing:
            return symbol
        fields = tuple(sorted(missing.union(lacking(symbol))))
        return Cleaned(symbol.owner, symbol.attribute, families(symbol), fields)

    def _event_reads(self, whole: set[Symbol]) -> tuple[EventRead, ...]:
        """Return reads of event and environment; prefixes only where used as a whole."""
        named = {symbol for symbol in self.reads if symbol.owner in ("event", "env")}
        holding = _holding(named)
        kept = [s for s in named if s in whole or s not in holding]
        return tuple(
            EventRead(
                symbol,
                self.reads[symbol],
                symbol in self.required - self.optional,
                self.fields.requests(symbol),
            )
            for symbol in sorted(kept, key=lambda s: (self.reads[s], s))
        )

    def _results_used(self, whole: set[Symbol]) -> dict[str, list[str]]:
        named = {s for s in self.reads if s.owner.startswith(CALL)}
        used: dict[str, list[str]] = {}
        holding = _holding(named)
        for symbol in sorted(s for s in {*named, *whole} if s.owner.startswith(CALL)):
            if symbol.attribute and (symbol in whole or symbol not in holding):
                used.setdefault(symbol.owner, []).append(symbol.attribute)
        return used


RANKED, PERHAPS = "role", "perhaps"  # as ``harm.ranks`` and ``harm.unfollowed`` have it


def _shown(call: CallSite, seen: Seen, calls: tuple[CallSite, ...]) -> CallSite:
    """Return a call with what is known of who calls, and of the request."""
    proof, request = _proof(seen, calls), told(seen.requests)
    if not (seen.proofs or request or seen.ignored):
        return call
    shown = seen.proofs or NONE
    ranked, perhaps = RANKED in shown, PERHAPS in shown
    held = tuple(sorted(int(one.removeprefix(HELD)) for one in shown if one.startswith(HELD)))
    call = replace(call, proof=proof, request=request, ranked=ranked, perhaps=perhaps)
    return replace(call, held=held, ignored=seen.ignored) if held or seen.ignored else call


def _proof(seen: Seen, calls: tuple[CallSite, ...]) -> str:
    """Return what a caller has shown before the code gets to a call; a token only if verified."""
    proofs = seen.proofs or NONE
    if "secret" in proofs:
        return "secret"
    numbers = [int(proof.removeprefix(CALL)) for proof in proofs if proof.startswith(CALL)]
    if "token" in proofs or any(verifies(calls[number]) for number in numbers):
        return "token"
    return "claims" if "claims" in proofs else ""


def _argument(path: str, value: Abstract, every: Sources) -> Argument:
    if not any(type(symbol) is Cleaned for symbol in every):
        return Argument(path, shown(value), tuple(sorted(every)))
    found: dict[Symbol, int] = {}
    missing: dict[Symbol, frozenset[str]] = {}
    for symbol in every:
        known = plain(symbol)
        found[known] = families(symbol) & found.get(known, -1)
        fields = frozenset(lacking(symbol))
        missing[known] = fields & missing.get(known, fields)
    sources = tuple(sorted(found))
    harmless = tuple(uses.named(found[symbol]) for symbol in sources)
    less = tuple(tuple(sorted(missing[symbol])) for symbol in sources)
    return Argument(
        path,
        shown(value),
        sources,
        harmless if any(harmless) else (),
        less if any(less) else (),
    )


def _holding(named: set[Symbol]) -> set[Symbol]:
    """Return the symbols that are a prefix of one of these: ``event.body`` of ``event.body.id``."""
    return {
        Symbol(symbol.owner, symbol.attribute[:end])
        for symbol in named
        for end, step in enumerate(symbol.attribute)
        if not end or step in ".["
    }
