"""Mappers of DynamoDB: classes and models whose methods ask a table.

``dynamoose.model("orders", schema)``: ``Order.get(id)``, ``Order.query("owner").eq(x).exec()``;
``typeDynamo.define(Order, {tableName})…getInstance()``: ``orders.find({id}).execute()``. What they
ask is recorded as the request that they send.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Arguments, Library, Structure, native
from checkrein.code.domain.values import NOTHING, join
from checkrein.code.libraries import requests

if TYPE_CHECKING:
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.domain.things import Modelled
    from checkrein.code.running.interpreter import Interpreter

SERVICE = "dynamodb"
DEFINING = {"dynamoose": ("model",), "type-dynamo": ("define",)}
DATA = "type-dynamo"  # which answers ``{data: …}``
FINDING = frozenset(("find", "get", "query", "scan", "batchGet"))
CHAINED = (  # methods that only say more about what is asked, or ask it at last
    "exec", "execute", "promise", "all", "allResults", "filter", "where", "eq", "limit", "using",
    "attributes", "attribute", "sort", "paginate", "withAttributes", "consistent", "and", "or",
    "startAt", "between", "beginsWith", "contains", "filterExists", "count", "ifNotExists",
)  # fmt: skip
ANSWERS = {"GetItem": "Item", "Query": "Items[]", "Scan": "Items[]"}


def concerns(one: Library) -> bool:
    """Tell whether something is of a mapper."""
    return one.module in DEFINING


def call(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract | None:
    """Return a model that a mapper defines, or what a method of one answers, else None."""
    if one.module not in DEFINING:
        return None
    last = one.path.rpartition(".")[2]
    if last in DEFINING[one.module] and "<" not in one.path:
        table = given.first() if one.module != DATA else _named(given.first(1), "tableName")
        return Abstract(things=(Library(one.module, "<table>", (table,)),))
    if not one.path.startswith("<table>"):
        return None
    found = _asked(run, one, last, given, scope)
    return found if found is not None else Abstract(things=(one,))


def _named(options: Abstract, name: str) -> Abstract:
    known = [t for t in options.things if isinstance(t, Structure)]
    return known[0].fields.get(name, NOTHING) if known else NOTHING


def _asked(
    run: Interpreter, one: Library, name: str, given: Arguments, scope: Scope
) -> Abstract | None:
    """Record what a method asks of a table, None if it asks nothing."""
    if one.path == "<table>":
        return _instance(run, one, given, scope)
    first = given.first()
    if name in FINDING:
        operation, parameters = _found(run, one, name, given)
    elif name in ("save", "create"):
        operation, parameters = "PutItem", {"Item": first}
    elif name == "update":
        values = given.first(1)
        operation = "UpdateItem"
        parameters = {"Key": _key(run, first), "AttributeUpdates": values or first}
    elif name == "delete":
        operation, parameters = "DeleteItem", {"Key": _key(run, first)}
    else:
        return None
    whole = {"TableName": one.arguments[0], **parameters}
    made = requests.parameters(run, {n: v for n, v in whole.items() if v})
    result = requests.send(run, (SERVICE, operation), made, given.at, scope)
    return _answer(run, one, operation, result, given, scope)


def _found(
    run: Interpreter, one: Library, name: str, given: Arguments
) -> tuple[str, dict[str, Abstract]]:
    first = given.first()
    if name == "scan" or (name == "find" and not first):
        return "Scan", {}
    if name == "query" or "onIndex" in one.path:
        return "Query", {"KeyConditions": first}
    return "GetItem", {"Key": _key(run, first)}


def _key(run: Interpreter, given: Abstract) -> Abstract:
    """Return a key: what is no object is the value of its only attribute."""
    if any(isinstance(one, Structure) for one in given.things):
        return given
    return run.built("dict", {"id": given}) if given else NOTHING


def _answer(
    run: Interpreter, one: Library, operation: str, result: Abstract, given: Arguments, scope: Scope
) -> Abstract:
    """Return what a mapper answers, which may be asked more about before."""
    from checkrein.code.frameworks.objects import modelled  # noqa: PLC0415 - it needs this module
    from checkrein.code.running import fields  # noqa: PLC0415 - fields need this module

    items = result
    for step in filter(None, ANSWERS.get(operation, "Attributes").removesuffix("[]").split(".")):
        items = fields.read(run, items, step, given.at, scope)
    if operation in ("PutItem", "UpdateItem") and given.positional:
        items = join(items, given.positional[-1])
    if one.module != DATA and operation not in ("Query", "Scan"):
        return items
    made: Modelled = modelled(run, {"data": items} if one.module == DATA else {})
    made.rest = items
    itself = Abstract(things=(made,)) if one.module == DATA else items
    for name in CHAINED:
        ends = name in ("exec", "execute", "promise")
        answer = itself if ends or one.module == DATA else Abstract(things=(made,))
        made.methods[name] = native(name, lambda _, answer=answer: answer)  # type: ignore[misc]
    return Abstract(things=(made,))


def _instance(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract:
    """Return ``new Order({…})``, whose ``save()`` puts it."""
    from checkrein.code.frameworks.objects import modelled  # noqa: PLC0415 - it needs this module

    item = given.first()
    made: Modelled = modelled(run, {})
    made.rest = item

    def save(passed: Arguments) -> Abstract:
        known = requests.parameters(run, {"TableName": one.arguments[0], "Item": item})
        requests.send(run, (SERVICE, "PutItem"), known, passed.at, scope)
        return Abstract(things=(made,))

    made.methods["save"] = native("save", save)
    return Abstract(things=(made,))
