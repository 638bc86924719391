"""The AWS SDKs for JavaScript: version 2 clients, version 3 clients with commands, helpers.

Which class stands for which service, and which operation, is read from ``catalog.sdk``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.catalog import sdk as catalog
from checkrein.code.domain.abstract import EMPTY, Abstract
from checkrein.code.domain.things import Arguments, Client, Library, Member, Request, Structure
from checkrein.code.domain.values import (
    NOTHING,
    UNKNOWN,
    constant,
    derived,
    join,
    join_all,
    sources_of,
    strings,
    symbolic,
)
from checkrein.code.libraries import gaps, requests
from checkrein.code.running import calls, fields

if TYPE_CHECKING:
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

MODULES = ("aws-sdk", "@aws-sdk/", "@smithy/")
FACTORIES = ("from",)  # DynamoDBDocumentClient.from(client)
CONFIGURED = "config.update"  # version 2: options of every client made from then on


def attribute(one: Client | Request, name: str) -> Abstract:
    """Return ``client.name`` where it is not called: an operation, or nothing known."""
    if isinstance(one, Request):
        return one.parameters if name == "input" else UNKNOWN
    if name == "send" or catalog.javascript_operation(one.service, name, one.style):
        return Abstract(things=(Member(one, name),))
    return UNKNOWN


def made(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract | None:
    """Return what calling or constructing an export of an SDK gives; None for any other."""
    module, path = one.module, one.path
    if not module.startswith(MODULES):
        return None
    if path == CONFIGURED:
        run.sdk_options = join(run.sdk_options, given.first())
        return NOTHING
    name, _, last = path.rpartition(".")
    client = catalog.javascript_client(module, name if last in FACTORIES else path)
    if client is not None:
        service, style = client
        return Abstract(things=(Client(service, style, _bound(run, given, scope, style)),))
    if catalog.presigner(module, path):
        return join_all(
            _sent(run, one, NOTHING, given, scope)
            for one in given.first(1).things
            if isinstance(one, Request)
        )
    command = catalog.command(module, path)
    return _commanded(run, path, command, given, scope) if command else None


def _bound(run: Interpreter, given: Arguments, scope: Scope, style: str) -> Abstract:
    """Return what a constructor's options add to every request: ``params``, endpoint, region."""
    own = given.first() if style == "v3" else join(given.first(), run.sdk_options)
    options = Abstract(things=tuple(t for t in own.things if isinstance(t, Structure)))
    if not options:
        return NOTHING
    bound = fields.read(run, options, "params", given.at, scope)
    made = {
        path: fields.read(run, options, name, given.at, scope)
        for path, name in ((requests.ENDPOINT, "endpoint"), (requests.REGION, "region"))
    }
    known = {path: value for path, value in made.items() if value}
    return requests.united(run, requests.parameters(run, known), bound) if known else bound


def _commanded(
    run: Interpreter, path: str, command: tuple[str, str], given: Arguments, scope: Scope
) -> Abstract:
    """Return a command to be sent, or the result of a helper that sends one by itself."""
    service, operation = command
    if path.endswith("Command"):
        return Abstract(things=(Request(service, operation, given.first()),))
    if path.startswith(("paginate", "waitUntil", "create")):
        result = requests.send(run, command, given.first(1), given.at, scope)
        return run.built("list", None, result) if path.startswith("paginate") else result
    parameters = fields.read(run, given.first(), "params", given.at, scope)
    return requests.send(run, command, parameters, given.at, scope)


def client_call(
    run: Interpreter,
    client: Client,
    method: str,
    given: Arguments,
    scope: Scope,
    *,
    certain: bool = True,
) -> Abstract:
    """Perform a client's method; a callback is called with the result."""
    if method in catalog.JAVASCRIPT_INDIRECTIONS and client.style != "v3":
        return _indirect(run, client, method, given, scope)
    if method == "send":
        requested = [one for one in given.first().things if isinstance(one, Request)]
        if not requested:
            gaps.unsent(run, client.service, given.first(), given.at, scope)
        result = join_all(_sent(run, one, client.bound, given, scope) for one in requested)
        return _answered(run, result, given, scope)
    operation = catalog.javascript_operation(client.service, method, client.style)
    if operation is None:
        gaps.unresolved(run, client.service, method, given.at, scope)
        return derived(EMPTY.union(*(sources_of(value) for value in given.every())))
    parameters = requests.united(run, client.bound, _parameters(given, 0))
    target = (client.service, operation)
    result = requests.send(run, target, parameters, given.at, scope, certain=certain)
    if method.startswith("paginate"):
        return run.built("list", None, result)
    return _answered(run, result, given, scope)


def _sent(
    run: Interpreter, one: Request, bound: Abstract, given: Arguments, scope: Scope
) -> Abstract:
    parameters = requests.united(run, bound, one.parameters)
    return requests.send(run, (one.service, one.operation), parameters, given.at, scope)


def _parameters(given: Arguments, position: int) -> Abstract:
    """Return the request argument, which may be left out before a callback."""
    value = given.first(position)
    return NOTHING if calls.is_callback(value) else value


def _indirect(
    run: Interpreter, client: Client, method: str, given: Arguments, scope: Scope
) -> Abstract:
    """Perform a method whose first argument names the operation."""
    how = catalog.JAVASCRIPT_INDIRECTIONS[method]
    result = NOTHING
    names = strings(given.first(how.position))
    if not names:
        gaps.unresolved(run, client.service, "", given.at, scope)
    for name in names:
        operation = (
            catalog.waiter(client.service, name)
            if how.names == "waiter"
            else catalog.javascript_operation(client.service, name, client.style)
        )
        if operation:
            parameters = requests.united(run, client.bound, _parameters(given, how.position + 1))
            target = (client.service, operation)
            result = join(result, requests.send(run, target, parameters, given.at, scope))
    return _answered(run, result, given, scope)


def _answered(run: Interpreter, result: Abstract, given: Arguments, scope: Scope) -> Abstract:
    """Hand the result to a node-style callback, if one is given."""
    for value in given.positional[-1:]:
        if calls.is_callback(value):
            error = join(symbolic("error"), constant(None))
            calls.apply(run, value, Arguments(given.at, [error, result]), scope)
    return result
