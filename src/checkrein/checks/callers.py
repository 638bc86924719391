"""Who may come into a function, and what its code knows of them and asks for."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from checkrein.catalog.rights import DATABASE
from checkrein.catalog.tokens import PRIVILEGE, is_caller, opens
from checkrein.checks.exposure import OUTSIDE, anonymous, unnamed
from checkrein.checks.questions import elements_by_node, flows_to, grouped
from checkrein.checks.tainted import sites_of
from checkrein.checks.worth import value
from checkrein.late import regex
from checkrein.model import (
    App,
    Call,
    CallSite,
    Entry,
    Function,
    Resource,
    Row,
    Summary,
    Symbol,
)
from checkrein.model.items import meet
from checkrein.model.values import alternatives, at_path

POOL = "AWS::Cognito::UserPool"
TEST = "caller"  # the family of uses that test what is known of who calls
PERSONAL = frozenset({"pii", "phi", "fin", "pay", "bank", "special", "cred"})
OWNER = regex(  # names of attributes and fields that say whose something is
    r"(?i)(^|[.\]_:/#-])(user|owner|customer|client|account|member|tenant|employee|patient|student"
    r"|passenger|guest|seller|buyer|author|cognito)([_-]?(id|name|sub|uuid|guid|key|email))?$"
    r"|(^|[.\]_:/#-])(sub|username|e?mail|email[_-]?address)$"
)
TENANT = regex(  # those that say for which of the app's customers it is kept
    r"(?i)(^|[.\]_:/#-])(org|organi[sz]ation|company|workspace)[_-]?(id|uuid|guid|key)$"
)
SAID = regex(r"(?i)(.*\w\[\w*\])\.(?:content|text|parts|message)\b")  # in a list: a conversation


def signed_in(app: App, function: str) -> list[Entry]:
    """Return the ways into a function that are only for people who have signed in."""
    entries = [e for e in grouped(app, Entry, "function").get(function, []) if e.kind in OUTSIDE]
    if any(anonymous(e.identity) and not e.route.startswith("OPTIONS") for e in entries):
        return []
    return [e for e in entries if e.identity != "iam" and not unnamed(e.identity)]


def invited(app: App, function: str) -> bool:
    """Tell whether all who sign in were let in by an administrator, one by one.

    Nobody signs up for such a user pool: often they are the staff, for whom the data is.
    """
    pools = [app.get(Resource, entry.identity) for entry in signed_in(app, function)]
    return bool(pools) and all(pool is not None and _is_closed(pool) for pool in pools)


def _is_closed(pool: Resource) -> bool:
    return pool.type == POOL and any(
        at_path(option, ("AllowAdminCreateUserOnly",)) is True
        for option in alternatives(pool.value("AdminCreateUserConfig"))
    )


def rows_at(app: App, function: Function, index: int) -> list[Row]:
    """Return the rows of what a call site addresses."""
    found = [
        (row, call)
        for call in grouped(app, Call, "function").get(function.id, [])
        if call.site == index and call.certain and call.target
        if (row := app.get(Row, call.target))
    ]
    return [
        _of_tables(app, row, call) for row, call in {row.id: (row, c) for row, c in found}.values()
    ]


def _of_tables(app: App, row: Row, call: Call) -> Row:
    """Return a database's row as if it held only the tables that a call is about."""
    if call.service != DATABASE or not call.items:
        return row
    elements = elements_by_node(app).get(row.id, [])
    held = {each.data for each in elements if meet(each.slot.items, call.items)}
    return replace(row, intended=(), observed=(), coded=tuple(sorted(held)))


def asks_for_privilege(app: App, function: Function) -> bool:
    """Tell whether code reads a group or a role from what it knows of the caller."""
    sites = sites_of(app, function)
    reads = [
        read.source.attribute
        for summary in grouped(app, Summary, "function").get(function.id, [])
        for read in summary.reads
        if is_caller(read.source)
    ]
    known = [path for site in sites if is_lookup(site) for path in without_turns(site.reads)]
    return any(map(privilege, (*reads, *known)))


def privilege(path: str) -> str:
    """Return the part of a dotted path that says what somebody may do, "" where none does."""
    return next((step for step in path.split(".") if PRIVILEGE.search(step)), "")


def without_turns(reads: Iterable[str]) -> list[str]:
    """Return dotted paths but for the role of who said something: ``messages[].role``.

    It stands beside what was said, and gives nobody a right.
    """
    said = {found[1] for path in reads if (found := SAID.match(path))}
    return [p for p in reads if not (p.endswith(".role") and p.rpartition(".")[0] in said)]


def authorizers_ask(app: App, function: Function) -> bool:
    """Tell whether the code of a function's authorizer asks for rights itself."""
    deciding = {entry.identity for entry in signed_in(app, function.id)}
    authorizers = [known for id in deciding if (known := app.get(Function, id))]
    return any(asks_for_privilege(app, authorizer) for authorizer in authorizers)


def compares(sites: tuple[CallSite, ...]) -> bool:
    """Tell whether code compares what it knows of the caller with anything but constants."""
    return bool(compared(sites))


def compared(sites: tuple[CallSite, ...]) -> set[Symbol]:
    """Return what code compares with what it knows of the caller."""
    return {
        source
        for site in sites
        if site.kind == "use" and site.service == TEST
        for argument in site.arguments
        if argument.path == "value"
        for source in argument.sources
    }


def personal(app: App, row: Row, least: int) -> list[str]:
    """Return the classes of people's data that a row holds, worth at least so much."""
    return people(app, {*row.intended, *row.coded, *row.observed}, least)


def people(app: App, classes: Iterable[str], least: int) -> list[str]:
    """Return those of some classes that are people's data, worth at least so much."""
    kept = {c for c in classes if c.partition(".")[0] in PERSONAL and value(app, c) >= least}
    return sorted(kept, key=lambda data: (-value(app, data), data))


def has_owner(app: App, row: Row) -> bool:
    """Tell whether code writes into a store whose each thing is."""
    return any(OWNER.search(flow.target.path) for flow in flows_to(app, row.id))


def has_tenant(app: App, row: Row) -> bool:
    """Tell whether code writes into a store which organisation each thing is of."""
    return any(TENANT.search(flow.target.path) for flow in flows_to(app, row.id))


def is_lookup(site: CallSite) -> bool:
    """Tell whether a call asks for something by what is known of the caller."""
    if opens(site) or site.operation == "GetUser":
        return True
    return any(is_caller(source) for argument in site.arguments for source in argument.sources)
