"""Objects that callers choose: calls of code on what a request names, bound to nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from checkrein.catalog.tokens import PRIVILEGE, is_caller
from checkrein.checks.callers import (
    OWNER,
    TENANT,
    TEST,
    asks_for_privilege,
    authorizers_ask,
    compared,
    compares,
    invited,
    privilege,
    rows_at,
    without_turns,
)
from checkrein.checks.holders import unasked
from checkrein.checks.portions import keys
from checkrein.checks.questions import grouped
from checkrein.checks.signatures import signs_in
from checkrein.checks.tainted import sites_of, tainted
from checkrein.late import regex
from checkrein.model import (
    App,
    Call,
    CallSite,
    Function,
    Place,
    Row,
    Summary,
    Symbol,
    Taint,
    Text,
    Value,
)
from checkrein.model.items import Items
from checkrein.model.requests import may_be_one
from checkrein.model.values import alternatives

SIGNED_IN = "a signed-in caller"
VERBS = {  # operations on what one key names: what they do with it
    ("dynamodb", "GetItem"): "read",
    ("dynamodb", "Query"): "read",
    ("dynamodb", "UpdateItem"): "change",
    ("dynamodb", "DeleteItem"): "delete",
    ("database", "Select"): "read",
    ("database", "Update"): "change",
    ("database", "Delete"): "delete",
    ("s3", "GetObject"): "read",
    ("s3", "DeleteObject"): "delete",
}
PUTTING = frozenset({("dynamodb", "PutItem"), ("database", "Insert")})
KEYS = regex(r"(Key|KeyConditionExpression|KeyConditions)(\W|$)")
BINDING = regex(
    r"(Key|KeyConditionExpression|KeyConditions|FilterExpression|QueryFilter|ConditionExpression"
    r"|Expected|ExpressionAttributeValues)(\W|$)"
)
OWNERS_ID = regex(
    r"(?i)Item\.(?:\w+\.)?((user|owner|author|customer|account|tenant|member|cognito)([_-]?(id|sub|name))?"
    r"|created_?by)(\.[SN])?$"
)
ADDRESSEE = regex(r"(?i)(recipient|receiver|addressee|invitee)[a-z_]*$")  # never the caller
SHOWN = regex(r"(?i)(?:multiValue)?headers\.(?:authorization|cookie)\b")  # the caller's own word
SEVERAL = 3  # fields of a request by different names: parts of something, not ways to say one
UNITED = regex(r"\[\]|\{\}")  # below it stand several things, each another's other


class Choice(Struct, frozen=True):
    """A call on an object that the caller chooses: what it does, where, and what chooses."""

    function: Function
    index: int
    site: CallSite
    verb: str
    taints: tuple[Taint, ...]
    row: Row
    items: Items = ()  # of which the call is


def choices(function: Function, app: App) -> Iterator[Choice]:
    """Yield the calls on objects of stores that signed-in callers choose, bound to nobody.

    A call is bound where its key or a condition has something in it that the caller can not
    choose, where code compares what it finds with what it knows of the caller, and where it asks
    for the caller's groups or role at all.
    """
    sites, free = sites_of(app, function), unasked(app, function)
    every = tainted(function, app) if free else {}
    for index, taints in every.items():
        site = sites[index]
        verb = VERBS.get((site.service, site.operation)) if index in free else None
        named = (t for t in taints if _is_key(site, t.argument))
        chosen = tuple(t for t in named if _is_requested(t, sure=free[index])) if verb else ()
        if verb and chosen and not _is_bound_anywhere(sites, index, every):
            for row in rows_at(app, function, index):
                yield Choice(
                    function, index, site, verb, chosen, row, _items(app, function, index, row)
                )


def _is_bound_anywhere(
    sites: tuple[CallSite, ...], index: int, every: Mapping[int, list[Taint]]
) -> bool:
    """Tell whether a call, or one that looks first whether its object is the caller's, is bound.

    Such a call asks by the same field of the request and by something that is none of it:
    ``members.get(team, caller)`` before ``teams.delete(team)``.
    """
    site, chosen = sites[index], {t.source for t in every[index]}
    if _is_bound(site, every[index]):
        return True
    return any(
        other != index
        and VERBS.get((sites[other].service, sites[other].operation)) == "read"
        and may_be_one(sites[other].request, site.request)
        and any(t.source in chosen and BINDING.match(t.argument) for t in taints)
        and _is_bound(sites[other], taints)
        for other, taints in every.items()
    )


def in_the_name_of(function: Function, app: App) -> Iterator[Choice]:
    """Yield items that signed-in callers write as somebody else's: ``Item.userId`` of the body.

    An item that has something of the caller's in it, or whose key this is, is none.
    """
    sites, free = sites_of(app, function), unasked(app, function)
    for index, taints in (tainted(function, app) if free else {}).items():
        if index not in free:
            continue
        site, sure = sites[index], free[index]
        named = [t for t in taints if OWNERS_ID.match(t.argument) and _is_requested(t, sure=sure)]
        if (site.service, site.operation) in PUTTING and named:
            chosen = {taint.source for taint in taints}
            others = {s for a in site.arguments if a.path.startswith("Item") for s in a.sources}
            for row in rows_at(app, function, index):
                kept = tuple(t for t in named if not _is_key_of(app, row, t.argument))
                if kept and not any(_may_bind(s) and s not in chosen for s in others):
                    of = _items(app, function, index, row)
                    yield Choice(function, index, site, "write", kept, row, of)


def _items(app: App, function: Function, index: int, row: Row) -> Items:
    """Return of which items of a store a call is."""
    every = grouped(app, Call, "function").get(function.id, [])
    return next((c.items for c in every if (c.site, c.target) == (index, row.id)), ())


def _is_key_of(app: App, row: Row, path: str) -> bool:
    """Tell whether an attribute is part of a table's key."""
    return path.split(".")[1] in keys(app, row.id)


PROOF = regex(r"(?i)passw|pwd|hash|secret|otp\b|\bpin\b")


def rights_by_name(
    function: Function, app: App
) -> Iterator[tuple[CallSite, Taint, tuple[str, ...]]]:
    """Yield look-ups of the rights of somebody whom the caller names, and what rights these are.

    Without rights where they find what somebody said, which goes back to the caller.
    """
    sites = sites_of(app, function)
    if compares(sites):
        return
    for index, taints in tainted(function, app).items():
        site = sites[index]
        rights = tuple(sorted({privilege(path) for path in without_turns(site.reads)} - {""}))
        keys = [t for t in taints if _is_key(site, t.argument) and _is_sent(t)]
        named = [taint for taint in keys if names_somebody(taint)]
        if any(PROOF.search(path) for path in site.reads) or signs_in(sites, site):
            continue  # a sign-in: the caller proves to be who they name
        talk = len(without_turns(site.reads)) < len(site.reads) and answered(app, function, index)
        if (rights or talk) and named and VERBS.get((site.service, site.operation)) == "read":
            yield site, named[0], rights


def overridden(function: Function, app: App) -> Iterator[tuple[CallSite, Taint, str]]:
    """Yield what stands in for the authorizer's word, and that: ``body.user or claims.sub``."""
    if asks_for_privilege(app, function):
        return  # administrators may name others
    sites = sites_of(app, function)
    checked = compared(sites)
    for index, taints in tainted(function, app).items():
        site = sites[index]
        sent = (t for t in taints if _is_sent(t) and site.kind != "log")
        for taint in (t for t in sent if not UNITED.search(t.argument)):
            values = [a.value for a in site.arguments if a.path == taint.argument]
            options = [option for value in values for option in alternatives(value)]
            word = next(_words(options, taint.source), "")
            another = taint.source in checked or ADDRESSEE.search(taint.source.attribute)
            decides = not _is_tested(site) or _decides(site, taint.source, word)
            if word and decides and not another and not _are_members(options):
                yield site, taint, word


def _is_tested(site: CallSite) -> bool:
    """Tell whether a site is a test of what is known of the caller."""
    return (site.kind, site.service) == ("use", TEST)


def _decides(site: CallSite, source: Symbol, word: str) -> bool:
    """Tell whether a test may decide by who calls, or by their right.

    It does where it compares with something, or where what the request has there has a name that
    says who somebody is or what they may, or the authorizer's own. A test of whatever stands in an
    object (``for (const value of Object.values(event)) if (value === "yes")``) decides nothing.
    """
    if any(a.path == "value" and a.sources for a in site.arguments):
        return True
    name = source.attribute.removesuffix("[]")
    same = name.rpartition(".")[2] == word.removesuffix("[]").rpartition(".")[2]
    return same or bool(OWNER.search(name) or TENANT.search(name) or PRIVILEGE.search(name))


def _are_members(options: list[Value]) -> bool:
    """Tell whether options are what stands under several keys: fields by name, and any field.

    Code that copies some keys of a map has them as what each of the copies may be, and what takes
    any number of values has each as any of them.
    """
    named = {o.attribute.rpartition(".")[2] for o in options if _is_field(o)}
    if len({name.lower().replace("_", "") for name in named}) >= SEVERAL:
        return True
    fields = {o.attribute for o in options if isinstance(o, Symbol) and o.owner == "event"}
    whole = {field.removesuffix("[]") for field in fields if field.endswith("[]")}
    return any(f"{one}." in field for one in whole for field in fields)


def _is_field(option: Value) -> bool:
    """Tell whether an option is a field of the request, and no word of an authorizer's."""
    return isinstance(option, Symbol) and option.owner == "event" and not is_caller(option)


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


def answered(app: App, function: Function, index: int) -> bool:
    """Tell whether the function answers with something of what a call found."""
    return any(
        source.owner == f"call:{index}"
        for site in sites_of(app, function)
        if site.kind == "response"
        for argument in site.arguments
        for source in argument.sources
    )


def read_at(app: App, function: Function, taint: Taint) -> Place | None:
    """Return where code reads the request's field."""
    reads = [
        read.place
        for summary in grouped(app, Summary, "function").get(function.id, [])
        for read in summary.reads
        if read.source == taint.source
    ]
    return reads[0] if reads else None


def confidence(choice: Choice, app: App) -> str:
    """Return how sure it is that callers get at what is not theirs."""
    decided = authorizers_ask(app, choice.function) or invited(app, choice.function.id)
    return "possible" if decided else "likely"


def fault(choice: Choice, app: App) -> int:
    """Return how bad it is: less where an administrator lets every caller in."""
    return 1 if invited(app, choice.function.id) else 2


def field(taint: Taint) -> str:
    """Name the request's field as the code of the function sees it."""
    return f"event.{taint.source.attribute}"


def names_somebody(taint: Taint) -> bool:
    """Tell whether a request's field says, by its name, who somebody is."""
    attribute = taint.argument.removesuffix(".S").removesuffix(".N")
    return any(OWNER.search(name) for name in (taint.source.attribute, attribute))


def _is_requested(taint: Taint, *, sure: bool) -> bool:
    """Tell whether a taint is a field of the request that is as the caller sent it.

    Where it is not ``sure`` that a token was checked, nobody knows that they have signed in.
    """
    return (taint.who == SIGNED_IN or not sure) and _is_sent(taint)


def _is_sent(taint: Taint) -> bool:
    return (
        taint.source.owner == "event"
        and taint.enters == taint.function
        and "all" not in taint.harmless
        and not SHOWN.match(taint.source.attribute)
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


def _is_bound(site: CallSite, taints: list[Taint]) -> bool:
    """Tell whether something in a key or a condition is none of the caller's choice."""
    chosen = {(taint.argument, taint.source) for taint in taints}
    return any(
        _may_bind(source) and (argument.path, source) not in chosen
        for argument in site.arguments
        if BINDING.match(argument.path)
        for source in argument.sources
    )


def _may_bind(source: Symbol) -> bool:
    """Tell whether a source can be about the caller: settings and a request's number can not."""
    about = source.owner != "context" or source.attribute.startswith("identity")
    return source.owner != "env" and about
