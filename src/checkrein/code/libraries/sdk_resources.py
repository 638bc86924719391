"""boto3's resource objects and their collections.

What exists and what it asks for is read from ``catalog.sdk``; here is only how it is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checkrein.catalog import sdk as catalog
from checkrein.code.domain.abstract import EMPTY, Abstract
from checkrein.code.domain.things import (
    Arguments,
    Client,
    Handle,
    Member,
)
from checkrein.code.domain.values import (
    NOTHING,
    UNKNOWN,
    constant,
    derived,
    extend,
    join,
    join_all,
    sources_of,
)
from checkrein.code.libraries import gaps, requests, sdk_python
from checkrein.model import Symbol

if TYPE_CHECKING:
    from checkrein.code import ir
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

DATA = "@data"  # what a resource object was made from, as far as it was in a response
WRITER = "@batch_writer"
FLUENT = frozenset(("all", "filter", "limit", "page_size", "pages"))


def _model(handle: Handle) -> dict[str, Any]:
    kind = handle.kind.partition("#")[0]
    found: dict[str, Any] = catalog.resource_model(handle.service).get(kind, {})
    return found


def handle_attribute(
    run: Interpreter, handle: Handle, name: str, at: ir.Span, scope: Scope
) -> Abstract:
    """Return an identifier, collection, or attribute (which may load the resource)."""
    model = _model(handle)
    if name in handle.identifiers:
        return handle.identifiers[name]
    if name == "meta":
        return Abstract(things=(Client(handle.service, "python"),))
    if name in model.get("collections", {}):
        return Abstract(
            things=(Handle(handle.service, f"{handle.kind}#{name}", handle.identifiers),)
        )
    if name in model.get("references", {}):
        return _make(run, handle, model["references"][name], NOTHING, None)
    if name in model.get("attributes", {}):
        return _loaded(run, handle, model, name, at, scope)
    return Abstract(things=(Member(handle, name),))


def _loaded(
    run: Interpreter, handle: Handle, model: dict[str, Any], name: str, at: ir.Span, scope: Scope
) -> Abstract:
    member = model["attributes"][name]
    data = handle.identifiers.get(DATA)
    if data is None and model.get("load"):
        data = _act(run, handle, model["load"], Arguments(at, []), scope)
    result = NOTHING
    for atom in (data or NOTHING).atoms:
        if isinstance(atom, Symbol):
            longer = extend(atom, member)
            run.named(longer, at, scope)
            result = join(result, Abstract(atoms=frozenset((longer,))))
    return result or UNKNOWN


def handle_call(
    run: Interpreter, handle: Handle, method: str, given: Arguments, scope: Scope
) -> Abstract:
    """Perform a method of a resource object, a collection or a batch writer."""
    if handle.kind == WRITER:
        return _write(run, handle, method, given, scope)
    model = _model(handle)
    if "#" in handle.kind:
        return _collection_call(run, handle, model, method, given, scope)
    if method in model.get("resources", {}):
        return _make(run, handle, model["resources"][method], NOTHING, given)
    if method == "batch_writer" and method in model.get("actions", {}):
        return Abstract(things=(Handle(handle.service, WRITER, handle.identifiers),))
    action = _action(model, method)
    if action is None:
        gaps.unresolved(run, handle.service, method, given.at, scope)
        return derived(EMPTY.union(*(sources_of(value) for value in given.every())))
    return _act(run, handle, action, given, scope, method=method)


def _action(model: dict[str, Any], method: str) -> dict[str, Any] | None:
    found: dict[str, Any] | None = model.get("actions", {}).get(method) or model.get(
        "waiters", {}
    ).get(method)
    if found is None and method in ("load", "reload"):
        found = model.get("load")
    return found


def _act(
    run: Interpreter,
    handle: Handle,
    action: dict[str, Any],
    given: Arguments,
    scope: Scope,
    *,
    method: str = "",
) -> Abstract:
    """Send what an action asks for."""
    members = sdk_python.positional_members(method, tuple(action.get("positional", ())))
    named = {
        **sdk_python.of_region(handle.identifiers),
        **sdk_python.request_members(given, members),
    }
    made = requests.parameters(run, named, given.rest)
    for path, origin in action.get("parameters", {}).items():
        filled = requests.nested(run, path, _origin(handle, origin, given, NOTHING))
        made = requests.united(run, filled, made)
    result = requests.send(run, (handle.service, action["operation"]), made, given.at, scope)
    data = _below(result, action.get("path", ""))
    makes = action.get("makes")
    return _make(run, handle, makes, data, given) if makes else data


def _below(result: Abstract, path: str) -> Abstract:
    """Return the part of a response that a path names."""
    found = result
    for name in filter(None, path.replace("[]", ".[]").split(".")):
        found = Abstract(
            atoms=frozenset(extend(a, name) for a in found.atoms if isinstance(a, Symbol))
        )
    return found


def _origin(
    handle: Handle, origin: list[Any], given: Arguments | None, response: Abstract
) -> Abstract:
    """Return the value of an origin (see ``catalog.sdk.resource_model``)."""
    kind, value = origin
    if kind == "identifier":
        return handle.identifiers.get(value, UNKNOWN)
    if kind == "constant":
        return constant(value)
    if kind == "input" and given is not None:
        return given.first(value) if value < len(given.positional) else _by_order(given, value)
    if kind == "request" and given is not None:
        return given.named.get(value, UNKNOWN)
    if kind == "response":
        return _below(response, value) or UNKNOWN
    return _below(handle.identifiers.get(DATA, NOTHING), value) or UNKNOWN


def _by_order(given: Arguments, position: int) -> Abstract:
    """Return an identifier passed by keyword: the name is free, the order is the model's."""
    names = list(given.named.values())
    rest = position - len(given.positional)
    return names[rest] if rest < len(names) else UNKNOWN


def _make(
    run: Interpreter,
    handle: Handle,
    making: dict[str, Any],
    response: Abstract,
    given: Arguments | None,
) -> Abstract:
    """Return the resource objects that an action or method makes."""
    identifiers = sdk_python.of_region(handle.identifiers) | {
        name: _origin(handle, origin, given, response)
        for name, origin in making["identifiers"].items()
    }
    if making.get("path") and response:
        identifiers[DATA] = response
    made = Abstract(things=(Handle(handle.service, making["resource"], identifiers),))
    return run.built("list", None, made) if making.get("many") else made


def _collection_call(
    run: Interpreter,
    handle: Handle,
    model: dict[str, Any],
    method: str,
    given: Arguments,
    scope: Scope,
) -> Abstract:
    name = handle.kind.partition("#")[2]
    collection = model.get("collections", {}).get(name, {})
    if method in FLUENT:
        response = handle.identifiers.get("@response", NOTHING)
        if not response or method == "filter":
            response = _list(run, handle, collection, given, scope)
        return Abstract(
            things=(
                Handle(handle.service, handle.kind, {**handle.identifiers, "@response": response}),
            )
        )
    batch = collection.get("batch", {}).get(method)
    if batch is None:
        return UNKNOWN
    if "@response" not in handle.identifiers:
        _list(run, handle, collection, given, scope)
    return join_all(
        _act(run, one, batch, given, scope)
        for one in element(run, handle).things
        if isinstance(one, Handle)
    )


def _list(
    run: Interpreter, handle: Handle, collection: dict[str, Any], given: Arguments, scope: Scope
) -> Abstract:
    """Send the request that lists a collection."""
    listing = {key: value for key, value in collection.items() if key not in ("makes", "path")}
    return _act(run, handle, listing, given, scope)


def element(run: Interpreter, handle: Handle) -> Abstract:
    """Return a resource object of a collection."""
    name = handle.kind.partition("#")[2]
    collection = _model(handle).get("collections", {}).get(name)
    if not collection or not collection.get("makes"):
        return UNKNOWN
    response = handle.identifiers.get("@response", NOTHING)
    making = {**collection["makes"], "many": False}
    made = _make(run, handle, making, response, None)
    if response:
        for one in made.things:
            one.identifiers[DATA] = _below(response, making.get("path") or collection["path"])
    return made


def _write(
    run: Interpreter, writer: Handle, method: str, given: Arguments, scope: Scope
) -> Abstract:
    """Hand one item to a batch writer."""
    wrapper = {"put_item": ("PutRequest", "Item"), "delete_item": ("DeleteRequest", "Key")}
    if method not in wrapper:
        return Abstract(things=(writer,))
    outer, inner = wrapper[method]
    item = given.first(0, inner)
    wrapped = run.built("dict", {outer: run.built("dict", {inner: item})})
    tables = run.structure("dict", None, run.built("list", None, wrapped))
    tables.keys = join_all(
        value for name, value in writer.identifiers.items() if not name.startswith("@")
    )
    items = {"RequestItems": Abstract(things=(tables,))}
    made = requests.parameters(run, sdk_python.of_region(writer.identifiers) | items)
    target = (writer.service, "BatchWriteItem")
    return requests.send(run, target, made, given.at, scope)
