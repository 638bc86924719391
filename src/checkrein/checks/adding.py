"""What a write does to what is there: it only adds, only counts, or puts something in its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checkrein.catalog.operations import actions
from checkrein.catalog.rights import DATABASE, deeds
from checkrein.checks.keeping import text_of
from checkrein.checks.portions import keys
from checkrein.checks.questions import grouped
from checkrein.checks.tainted import sites_of, tainted
from checkrein.late import regex
from checkrein.model import App, Call, CallSite, Function, Taint
from checkrein.model.requests import may_be_one

ADDING = ("Put", "Create", "Batch", "Insert")  # how forms are kept; the others change what is there
COUNTS = (
    regex(  # SET votes = if_not_exists(votes, :zero) + :one, stock = stock - :one; ADD votes :one
        r"(?i)\s*(?:ADD\s+[\w.#]+\s+:\w+(?:\s*,\s*[\w.#]+\s+:\w+)*"
        r"|SET\s+{0}(?:\s*,\s*{0})*)\s*".format(
            r"[\w.#]+\s*=\s*(?:[\w.#]+|if_not_exists\s*\([\w.#]+\s*,\s*:\w+\s*\))\s*[+-]\s*:\w+"
        )
    )
)
EXPRESSION, VALUES = "UpdateExpression", "ExpressionAttributeValues"
PUT = regex(r"(?:|TransactItems\[\]\.Put\.|RequestItems\{\}\[\]\.PutRequest\.)Item(?:\.(\w+))?.*")
ASKED = regex(r"(?:|TransactItems\[\]\.\w+\.)Key\.(\w+).*")
CONDITIONS = ("ConditionExpression", "Expected")
ANYONE = "anyone"  # how taints name those without a name


def passed(site: CallSite) -> dict[str, str]:
    """Return the paths of a request, as ``catalog.operations.actions`` takes it."""
    return {argument.path: "" for argument in site.arguments}


def is_adding(call: Call, site: CallSite) -> bool:
    """Tell whether all that a call does is to put: what is put may be a form's content."""
    needed = actions(call.service, call.operation, passed(site))
    names = [action.partition(":")[2] for action in needed] or [call.operation]
    return all(name.startswith(ADDING) for name in names)


def only_counts(site: CallSite) -> bool:
    """Tell whether an update only counts, by what the code says: a vote, one less in stock."""
    if site.service == DATABASE:
        return site.operation == "Update" and not any(
            each.sources for each in site.arguments if each.path.startswith("Item")
        )
    written = [text_of(each.value) for each in site.arguments if each.path == EXPRESSION]
    values = [each for each in site.arguments if each.path.startswith(VALUES)]
    known = bool(values) and not any(each.sources for each in values)
    return known and bool(written) and all(map(COUNTS.fullmatch, written))


def is_put_in_place(app: App, function: Function, call: Call, site: CallSite) -> bool:
    """Tell whether what anyone puts takes the place of an item of somebody else.

    So it does in DynamoDB where they choose all of its key, neither a condition nor the code before
    asks whether one is there, and the app knows items by that key: it reads or changes one.
    """
    if call.service != "dynamodb" or call.target is None:
        return False
    if any(each.path.rpartition(".")[2] in CONDITIONS for each in site.arguments):
        return False
    asked = frozenset(_asked(app, call.target))
    key = keys(app, call.target) or asked
    chosen = {t.argument for t in tainted(function, app).get(call.site, []) if _is_anyones(t)}
    placed = bool(key and asked) and all(_is_chosen(name, site, chosen) for name in key)
    return placed and not _looks_first(app, function, call, site)


def _looks_first(app: App, function: Function, call: Call, site: CallSite) -> bool:
    """Tell whether the function asks the store by what it puts, too: whether there is one."""
    put = {s for each in site.arguments if PUT.fullmatch(each.path) for s in each.sources}
    every = sites_of(app, function)
    return any(
        "read" in deeds(other.service, other.operation)
        and any(put & {*each.sources} for each in every[other.site].arguments)
        for other in grouped(app, Call, "function").get(function.id, [])
        if other.target == call.target and may_be_one(every[other.site].request, site.request)
    )


def _is_anyones(taint: Taint) -> bool:
    return taint.who.startswith(ANYONE)


def _is_chosen(name: str, site: CallSite, chosen: Iterable[str]) -> bool:
    """Tell whether somebody chooses an attribute: itself, or with the item as a whole."""
    own = {each.path for each in site.arguments if _attribute(each.path) == name}
    return any(path in own if own else _attribute(path) == "" for path in chosen)


def _attribute(path: str) -> str | None:
    """Return the attribute of an item that a path is about, "" for all, None for something else."""
    found = PUT.fullmatch(path)
    return (found[1] or "") if found else None


def _asked(app: App, table: str) -> Iterator[str]:
    """Yield the attributes of the keys by which calls ask for items of a table."""
    for call in grouped(app, Call, "target").get(table, []):
        function = app.get(Function, call.function)
        site = sites_of(app, function)[call.site] if function else None
        for argument in site.arguments if site else ():
            found = ASKED.fullmatch(argument.path)
            if found:
                yield found[1]
