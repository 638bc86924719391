"""What outsiders choose and code uses: the faults of a family, one for each place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping

from msgspec import Struct

from checkrein.catalog.rights import DATABASE, deeds
from checkrein.catalog.uses import EVERY
from checkrein.checks.exposure import RANKED, past
from checkrein.checks.questions import grouped, listed, short
from checkrein.checks.webhooks import signature_reads
from checkrein.model import (
    Access,
    App,
    Argument,
    Call,
    CallSite,
    Entry,
    Finding,
    Function,
    Place,
    Row,
    Summary,
    Symbol,
    Taint,
    Text,
    Value,
)
from checkrein.model.requests import gets_to
from checkrein.model.values import alternatives

DOUBTFUL = "doubtful"
SIGNED_IN = "a signed-in caller"
EXECUTING = frozenset({"command", "code", "deserialize", "template"})  # families that run code
OVERRULING = frozenset({  # faults by which somebody else says what is done
    *("CWE-78", "CWE-89", "CWE-94", "CWE-502", "CWE-706", "CWE-943", "CWE-1336"),
})  # fmt: skip
ROLE = ("cred.cloud_key",)  # what stands in the environment of every function
BESIDE = "with"
ANSWER = ("", "body")  # all of it
OF_MANY = "[]."  # in what a field of each of several records is known by
TOUCHING = frozenset({"read", "write", "delete", "configure", "permission"})


class Fault(Struct, frozen=True):
    """A place where what somebody chooses can do harm: the taints that reach it, worst first."""

    function: Function
    site: CallSite
    taints: tuple[Taint, ...]

    @property
    def who(self) -> str:
        return self.by_taint(self.taints[0])

    def by_taint(self, taint: Taint) -> str:
        """Return who chooses what flows in: of a request, who has the role that its code asks."""
        ranked = self.site.ranked and taint.source.owner == "event" and taint.who == SIGNED_IN
        return RANKED if ranked else taint.who

    @property
    def fields(self) -> str:
        """Name what they choose, as the code of the function sees it."""
        return listed(dict.fromkeys(_named(taint) for taint in self.taints))

    @property
    def confidence(self) -> str:
        first = self.taints[0]
        if is_doubtful(first):
            return "possible"
        return "certain" if first.certain else "likely"


def _named(taint: Taint) -> str:
    source = taint.source
    if source.owner == "event":
        return f"event.{source.attribute}".rstrip(".").removesuffix("[]")
    path = taint.field.path
    return f"{short(taint.field.node)} {path}".rstrip()  # it came through a store


def faults(
    function: Function, app: App, *families: str, within: Container[str] | None = None
) -> Iterator[Fault]:
    """Yield the uses of some families in a function that somebody's choice reaches unharmed.

    ``within`` are the arguments that count, where not all do.
    """
    for call, taints in _calls(function, app):
        if call.kind == "use" and call.service in families:
            counting = [
                t
                for t in taints
                if is_argument(t.argument) and (within is None or t.argument in within)
            ]
            yield from _fault(function, call, counting, call.service)


def asked(
    function: Function,
    app: App,
    family: str,
    operations: Mapping[tuple[str, str], tuple[str, ...]],
) -> Iterator[Fault]:
    """Yield the SDK calls that take somebody's choice unharmed in one of some members.

    ``operations`` gives the members by service and operation.
    """
    for call, taints in _calls(function, app):
        members = operations.get((call.service, call.operation), ())
        if call.kind == "sdk" and members:
            yield from _fault(function, call, [t for t in taints if t.argument in members], family)


def kept(fault: Fault, counts: Callable[[Fault, Taint], bool]) -> Fault:
    """Return a fault with the taints that count, maybe none."""
    return Fault(fault.function, fault.site, tuple(t for t in fault.taints if counts(fault, t)))


def _calls(function: Function, app: App) -> Iterator[tuple[CallSite, list[Taint]]]:
    sites = sites_of(app, function)
    for site, taints in tainted(function, app).items():
        yield sites[site], taints


def _fault(
    function: Function, call: CallSite, taints: Iterable[Taint], family: str
) -> Iterator[Fault]:
    harmful = [taint for taint in taints if not is_harmless(taint, family)]
    if call.ranked:  # what stands in stores is told of only where nothing comes with the request
        harmful = [t for t in harmful if t.source.owner == "event"] or harmful
    if harmful:
        yield Fault(function, call, tuple(sorted(harmful, key=_order)))


def reached(
    function: Function, app: App, family: str, goes_wrong: Callable[[CallSite, Taint], bool]
) -> Iterator[Fault]:
    """Yield the call sites of any kind where a choice, unharmed for a family, goes wrong."""
    for call, taints in _calls(function, app):
        yield from _fault(function, call, [t for t in taints if goes_wrong(call, t)], family)


def tainted(function: Function, app: App) -> dict[int, list[Taint]]:
    """Return the taints of a function by the index of their call site."""
    found: defaultdict[int, list[Taint]] = defaultdict(list)
    for taint in grouped(app, Taint, "function").get(function.id, []):
        found[taint.site].append(taint)
    return found


def sites_of(app: App, function: Function) -> tuple[CallSite, ...]:
    """Return a function's call sites."""
    found = grouped(app, Summary, "function").get(function.id, [])
    return found[0].calls if found else ()


def is_behind(app: App, entry: Entry, site: CallSite) -> bool:
    """Tell whether what comes in by an entry can get to a call site of its function."""
    summaries = grouped(app, Summary, "function").get(entry.function, [])
    return gets_to(entry, site.request, summaries[0].routes if summaries else ())


def is_verbatim(site: CallSite, taint: Taint) -> bool:
    """Tell whether an argument of a call site may be what was chosen as it is, or hold it so."""
    return any(
        option == taint.source or (isinstance(option, Text) and taint.source in option.parts)
        for option in said(site, taint.argument)
    )


def said(site: CallSite, path: str) -> list[Value]:
    """Return what an argument of a call site may be; upper and lower case are one."""
    return [
        option
        for argument in site.arguments
        if argument.path.casefold() == path.casefold()
        for option in alternatives(argument.value)
    ]


def is_answered(fault: Fault, app: App) -> bool:
    """Tell whether what a call gives goes back to the caller.

    What uses a value stands where what it asks of a store or host does.
    """
    sites = sites_of(app, fault.function)
    results = {f"call:{n}" for n, site in enumerate(sites) if site.place == fault.site.place}
    return any(
        source.owner in results
        for site in sites
        if site.kind == "response"
        for argument in site.arguments
        for source in argument.sources
    )


def goes_out(sites: tuple[CallSite, ...], results: Container[str]) -> bool:
    """Tell whether an answer holds some of the content of calls, not only what is counted of it.

    ``results`` are what the calls' results are known by.
    """
    return any(
        _tells(argument, results)
        for site in sites
        if site.kind == "response"
        for argument in site.arguments
    )


def _tells(argument: Argument, results: Container[str]) -> bool:
    """Tell whether a part of an answer is content of calls.

    Of a field of many records that is not there as it stands, only a sum or the like is told: the
    answer as a whole may still be made of it by code that nobody followed.
    """
    sources = [source for source in argument.sources if source.owner in results]
    options = [*alternatives(argument.value)] if sources else []
    whole = argument.path in ANSWER and not any(isinstance(one, Text) for one in options)
    if whole or any(OF_MANY not in source.attribute for source in sources):
        return bool(sources)
    return any(
        isinstance(part, Symbol) and part.owner in results
        for option in options
        for part in (option.parts if isinstance(option, Text) else (option,))
    )


def is_harmless(taint: Taint, family: str) -> bool:
    """Tell whether a value can not go wrong in a family of uses."""
    return EVERY in taint.harmless or family in taint.harmless


def is_argument(path: str) -> bool:
    """Tell whether an argument of a use can be the fault."""
    return path != BESIDE and not path.startswith(f"{BESIDE}.")


def is_doubtful(taint: Taint) -> bool:
    """Tell whether content may well be harmless, or come to where it does harm by way of a store.

    What one function writes and another reads are two halves: few of those that were read on
    unknown applications were one (``docs/truth.md``). Between them stand what the writer
    checks, what kind of item it is, and what the reader does to all that comes of that store.
    """
    kept = taint.source.owner.startswith("call:") and taint.field.path.startswith("event")
    return DOUBTFUL in taint.harmless or (kept and taint.enters != taint.function)


def _order(taint: Taint) -> tuple[bool, bool, bool, str]:
    anyone = taint.who.startswith("anyone")
    return is_doubtful(taint), not taint.certain, not anyone, str(taint.source)


def finding(app: App, fault: Fault, message: str, cwe: str) -> Finding:
    """Return the finding of a fault by which somebody gets the function's own rights.

    Only possible where the code reads a signature: then those who can not sign choose nothing.
    Who runs code in a function reads its role's credentials in the environment, whatever they open.
    """
    signed = bool(signature_reads(app, fault.function.id))
    return Finding(
        fault.site.place,
        message,
        steps=fault.taints[0].steps,
        cwe=cwe,
        endangers=within_reach(app, fault.function),
        key=(fault.site.operation, *sorted({_named(taint) for taint in fault.taints})),
        confidence="possible" if signed else fault.confidence,
        data=ROLE if fault.site.service in EXECUTING else (),
        by=tuple(dict.fromkeys(past(t.enters, fault.by_taint(t)) for t in fault.taints)),
        over=cwe in OVERRULING and fault.who.startswith("anyone"),
    )


def once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield findings, one for each place and message: many calls may lead to one line.

    What a method is of may be several things too: ``A || made(B)``.
    """
    said: set[tuple[Place, str]] = set()
    for finding in findings:
        if (finding.place, finding.message) not in said:
            said.add((finding.place, finding.message))
            yield finding


def within_reach(app: App, function: Function) -> tuple[str, ...]:
    """Return the rows that a function's identity may touch, and its own."""
    touched = {
        access.target
        for access in grouped(app, Access, "identity").get(function.identity, [])
        if access.right in TOUCHING
    }
    touched |= {
        call.target
        for call in grouped(app, Call, "function").get(function.id, [])
        if call.service == DATABASE and call.target and deeds(DATABASE, call.operation)
    }
    rows = (app.get(Row, id) for id in (function.id, *sorted(touched)))
    return tuple(row.id for row in rows if row is not None)
