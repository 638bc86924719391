"""What code lets callers choose of the objects it works on, and what it knows of the callers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from checkrein.catalog.tokens import is_caller, opens
from checkrein.checks.exposure import OUTSIDE, anonymous
from checkrein.checks.questions import flows_to, grouped
from checkrein.checks.tainted import sites_of, tainted
from checkrein.checks.worth import value
from checkrein.model import (
    App,
    Call,
    CallSite,
    Entry,
    Function,
    Place,
    Row,
    Summary,
    Symbol,
    Taint,
    Text,
    Value,
)
from checkrein.model.values import alternatives

SIGNED_IN = "a signed-in caller"
VERBS = {  # operations on what one key names: what they do with it
    ("dynamodb", "GetItem"): "read",
    ("dynamodb", "Query"): "read",
    ("dynamodb", "UpdateItem"): "change",
    ("dynamodb", "DeleteItem"): "delete",
    ("s3", "GetObject"): "read",
    ("s3", "DeleteObject"): "delete",
}
KEYS = re.compile(r"(Key|KeyConditionExpression|KeyConditions)(\W|$)")
BINDING = re.compile(
    r"(Key|KeyConditionExpression|KeyConditions|FilterExpression|QueryFilter|ConditionExpression"
    r"|Expected|ExpressionAttributeValues)(\W|$)"
)
PERSONAL = frozenset({"pii", "phi", "fin", "pay", "bank", "special", "cred"})
OWNER = re.compile(  # names of attributes and fields that say whose something is
    r"(?i)(^|[.\]_:/#-])(user|owner|customer|client|account|member|tenant|employee|patient|student"
    r"|passenger|guest|seller|buyer|author|cognito)([_-]?(id|name|sub|uuid|guid|key|email))?$"
    r"|(^|[.\]_:/#-])(sub|username|e?mail|email[_-]?address)$"
)
PRIVILEGE = re.compile(
    r"(?i)(^|[._:\]-])(is[_-]?)?(admin|administrator|superuser|user[_-]?role|roles?|groups?|scopes?"
    r"|permissions?|privileges?|access[_-]?level)(\[\])?$"
)


class Choice(Struct, frozen=True):
    """A call on an object that the caller chooses: what it does, where, and what chooses."""

    function: Function
    index: int
    site: CallSite
    verb: str
    taints: tuple[Taint, ...]
    row: Row


def choices(function: Function, app: App) -> Iterator[Choice]:
    """Yield the calls on objects of stores that signed-in callers choose, bound to nobody.

    A call is bound where its key or a condition has something in it that the caller can not
    choose, where code compares what it finds with what it knows of the caller, and where it asks
    for the caller's groups or role at all.
    """
    if not signed_in(app, function.id):
        return
    sites = sites_of(app, function)
    if asks_for_privilege(app, function) or compares(sites):
        return
    for index, taints in tainted(function, app).items():
        site = sites[index]
        verb = VERBS.get((site.service, site.operation))
        chosen = tuple(t for t in taints if _is_key(site, t.argument) and _is_requested(t))
        if verb and chosen and not _is_bound(site, taints):
            for row in rows_at(app, function, index):
                yield Choice(function, index, site, verb, chosen, row)


def signed_in(app: App, function: str) -> list[Entry]:
    """Return the ways into a function that are only for people who have signed in."""
    entries = [e for e in grouped(app, Entry, "function").get(function, []) if e.kind in OUTSIDE]
    if any(anonymous(e.identity) and not e.route.startswith("OPTIONS") for e in entries):
        return []
    return [e for e in entries if e.identity != "iam" and not anonymous(e.identity)]


def rows_at(app: App, function: Function, index: int) -> list[Row]:
    """Return the rows of what a call site addresses."""
    targets = [
        call.target
        for call in grouped(app, Call, "function").get(function.id, [])
        if call.site == index and call.certain and call.target
    ]
    return [row for target in dict.fromkeys(targets) if (row := app.get(Row, target))]


def knows_caller(app: App, function: Function) -> bool:
    """Tell whether code reads what the platform or a token says of the caller."""
    summaries = grouped(app, Summary, "function").get(function.id, [])
    return any(
        any(is_caller(read.source) for read in summary.reads)
        or any(opens(site) and site.reads for site in summary.calls)
        for summary in summaries
    )


def asks_for_privilege(app: App, function: Function) -> bool:
    """Tell whether code reads a group or a role from what it knows of the caller."""
    sites = sites_of(app, function)
    reads = [
        read.source.attribute
        for summary in grouped(app, Summary, "function").get(function.id, [])
        for read in summary.reads
        if is_caller(read.source)
    ]
    known = [path for site in sites if _is_lookup(site) for path in site.reads]
    return any(map(privilege, (*reads, *known)))


def privilege(path: str) -> str:
    """Return the part of a dotted path that says what somebody may do, "" where none does."""
    return next((step for step in path.split(".") if PRIVILEGE.search(step)), "")


def authorizers_ask(app: App, function: Function) -> bool:
    """Tell whether the code of a function's authorizer asks for rights itself."""
    deciding = {entry.identity for entry in signed_in(app, function.id)}
    authorizers = [known for id in deciding if (known := app.get(Function, id))]
    return any(asks_for_privilege(app, authorizer) for authorizer in authorizers)


def confidence(choice: Choice, app: App) -> str:
    """Return how sure it is that callers get at what is not theirs."""
    return "possible" if authorizers_ask(app, choice.function) else "likely"


def compares(sites: tuple[CallSite, ...]) -> bool:
    """Tell whether code compares what it knows of the caller with anything but constants."""
    return any(
        site.kind == "use"
        and site.service == "caller"
        and any(a.path == "value" and a.sources for a in site.arguments)
        for site in sites
    )


def personal(app: App, row: Row, least: int) -> list[str]:
    """Return the classes of people's data that a row holds, worth at least so much."""
    held = {*row.intended, *row.coded, *row.observed}
    kept = {c for c in held if c.partition(".")[0] in PERSONAL and value(app, c) >= least}
    return sorted(kept, key=lambda data: (-value(app, data), data))


def has_owner(app: App, row: Row) -> bool:
    """Tell whether code writes into a store whose each thing is."""
    return any(OWNER.search(flow.target.path) for flow in flows_to(app, row.id))


def names_somebody(taint: Taint) -> bool:
    """Tell whether a request's field says, by its name, who somebody is."""
    attribute = taint.argument.removesuffix(".S").removesuffix(".N")
    return any(OWNER.search(name) for name in (taint.source.attribute, attribute))


def field(taint: Taint) -> str:
    """Name the request's field as the code of the function sees it."""
    return f"event.{taint.source.attribute}"


def rights_by_name(
    function: Function, app: App
) -> Iterator[tuple[CallSite, Taint, tuple[str, ...]]]:
    """Yield look-ups of the rights of somebody whom the caller names, and what rights these are."""
    sites = sites_of(app, function)
    if compares(sites):
        return
    for index, taints in tainted(function, app).items():
        site = sites[index]
        rights = tuple(sorted({privilege(path) for path in site.reads} - {""}))
        keys = [t for t in taints if _is_key(site, t.argument) and _is_sent(t)]
        named = [taint for taint in keys if names_somebody(taint)]
        if rights and named and VERBS.get((site.service, site.operation)) == "read":
            yield site, named[0], rights


def overridden(function: Function, app: App) -> Iterator[tuple[CallSite, Taint, str]]:
    """Yield what stands in for the authorizer's word, and that: ``body.user or claims.sub``."""
    for index, taints in tainted(function, app).items():
        site = sites_of(app, function)[index]
        for taint in (t for t in taints if _is_sent(t) and site.kind != "log"):
            values = [a.value for a in site.arguments if a.path == taint.argument]
            word = next(_words([o for v in values for o in alternatives(v)], taint.source), "")
            if word:
                yield site, taint, word


def _words(options: list[Value], source: Symbol) -> Iterator[str]:
    """Yield what an authorizer says where another option, the same in all else, has a source."""
    texts = [option.parts if isinstance(option, Text) else (option,) for option in options]
    for chosen in (parts for parts in texts if source in parts):
        at = chosen.index(source)
        for known in (parts for parts in texts if len(parts) == len(chosen)):
            said = known[at]
            same = known[:at] == chosen[:at] and known[at + 1 :] == chosen[at + 1 :]
            if same and isinstance(said, Symbol) and is_caller(said):
                yield said.attribute


def read_at(app: App, function: Function, taint: Taint) -> Place | None:
    """Return where code reads the request's field."""
    reads = [
        read.place
        for summary in grouped(app, Summary, "function").get(function.id, [])
        for read in summary.reads
        if read.source == taint.source
    ]
    return reads[0] if reads else None


def answered(app: App, function: Function, index: int) -> bool:
    """Tell whether the function answers with something of what a call found."""
    return any(
        source.owner == f"call:{index}"
        for site in sites_of(app, function)
        if site.kind == "response"
        for argument in site.arguments
        for source in argument.sources
    )


def _is_key(site: CallSite, path: str) -> bool:
    """Tell whether an argument names the object: in a key, or as a value of a key's condition."""
    if KEYS.match(path):
        return True
    placeholder = path.removeprefix("ExpressionAttributeValues.").partition(".")[0]
    return placeholder.startswith(":") and any(
        re.search(rf"{re.escape(placeholder)}\b", str(option))
        for argument in site.arguments
        if argument.path == "KeyConditionExpression"
        for option in alternatives(argument.value)
    )


def _is_requested(taint: Taint) -> bool:
    """Tell whether a taint is a field of the request that is as the caller sent it."""
    return taint.who == SIGNED_IN and _is_sent(taint)


def _is_sent(taint: Taint) -> bool:
    return (
        taint.source.owner == "event"
        and taint.enters == taint.function
        and "all" not in taint.harmless
    )


def _is_bound(site: CallSite, taints: list[Taint]) -> bool:
    """Tell whether something in a key or a condition is none of the caller's choice."""
    chosen = {(taint.argument, taint.source) for taint in taints}
    return any(
        source.owner != "env" and (argument.path, source) not in chosen
        for argument in site.arguments
        if BINDING.match(argument.path)
        for source in argument.sources
    )


def _is_lookup(site: CallSite) -> bool:
    """Tell whether a call asks for something by what is known of the caller."""
    if opens(site) or site.operation == "GetUser":
        return True
    return any(is_caller(source) for argument in site.arguments for source in argument.sources)
