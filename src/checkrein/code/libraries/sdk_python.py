"""boto3: clients, paginators and waiters; what a resource object is made of stands beside.

What exists and what it asks for is read from ``catalog.sdk``; here is only how it is written.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeGuard

from checkrein.catalog import sdk as catalog
from checkrein.code.domain.abstract import EMPTY, Abstract
from checkrein.code.domain.things import (
    Arguments,
    Client,
    Handle,
    Library,
    Member,
    Request,
    Structure,
)
from checkrein.code.domain.values import (
    NOTHING,
    UNKNOWN,
    constant,
    derived,
    join,
    join_all,
    only_string,
    sources_of,
    strings,
)
from checkrein.code.libraries import gaps, requests

if TYPE_CHECKING:
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.domain.things import Thing
    from checkrein.code.running.interpreter import Interpreter

CONDITIONS = frozenset(("Key()", "Attr()"))
CONDITION = "condition"  # the kind of structure that is one: values by attribute, and EXPRESSION
EXPRESSION = "?"  # the same as a text, with ``:name`` for the value that is compared with a name
PLAIN_NAME = re.compile(r"[\w-]+")
COMPARED = {  # by method; what others tell of an attribute is as little as that it is another
    "eq": "{0} = :{0}",
    "begins_with": "begins_with({0}, :{0})",
    "between": "{0} BETWEEN :{0} AND :{0}",
}
PAGERS = frozenset(("paginate", "build_full_result", "search"))
EXTRA = "ExtraArgs"  # of the methods that boto3 adds in code: more members of the request


def construct(
    run: Interpreter,
    given: Arguments,
    scope: Scope,
    *,
    resource: bool,
    region: Abstract | None = None,
) -> Abstract:
    """Return the clients or resource objects that ``boto3.client(name)`` may make.

    ``region`` is the session's, for those that name none.
    """
    service = given.first(0, "service_name")
    names = strings(service)
    if not names:
        gaps.any_service(run, given.at, scope)
        return derived(sources_of(service))
    options = {requests.ENDPOINT: "endpoint_url", requests.REGION: "region_name"}
    passed = {path: given.named[name] for path, name in options.items() if name in given.named}
    if "region_name" not in given.named and len(given.positional) > 1:
        passed[requests.REGION] = given.positional[1]
    if region is not None:
        passed.setdefault(requests.REGION, region)
    if resource:
        return Abstract(things=tuple(Handle(name, "service", of_region(passed)) for name in names))
    bound = requests.parameters(run, passed) if passed else NOTHING
    return Abstract(things=tuple(Client(name, "python", bound) for name in names))


def of_region(known: dict[str, Abstract]) -> dict[str, Abstract]:
    """Return the region alone, which all that a resource object makes has in common."""
    return {requests.REGION: known[requests.REGION]} if requests.REGION in known else {}


def is_condition(one: Library) -> bool:
    """Tell whether ``condition`` may know a function, as its module tells."""
    return one.module == "boto3.dynamodb.conditions"


def condition(run: Interpreter, one: Library, given: Arguments) -> Abstract | None:
    """Return what DynamoDB's ``Key("user").eq(value)`` compares: the attribute and the value."""
    known, _, method = one.path.rpartition(".")
    if known not in CONDITIONS or not is_condition(one):
        return None
    name = only_string(one.arguments[0]) if one.arguments else None
    value = join_all(given.every())
    if not (name and value and method):
        return None
    said = COMPARED.get(method, "{0} <> :{0}").format(name)
    expression = constant(said) if PLAIN_NAME.fullmatch(name) else UNKNOWN
    return run.built(CONDITION, {name: value, EXPRESSION: expression})


def combined(run: Interpreter, operator: str, values: list[Abstract]) -> Abstract | None:
    """Return what ``&`` or ``|`` makes of conditions; None where none is one."""
    word = {"&": "AND", "|": "OR"}.get(operator)
    lists = [[t for t in v.things if _is_condition(t)] for v in values]
    if word is None or not any(lists):
        return None
    if not all(not v.atoms and not v.open and len(v.things) == 1 for v in values) or not all(lists):
        more = [run.built(CONDITION, {EXPRESSION: UNKNOWN})] if word == "OR" else []
        return join_all([*values, *more])  # of both, each excludes what it does
    parts = [one[0] for one in lists]
    made = run.structure(CONDITION, {})
    for part in parts:
        for name, value in part.fields.items():
            made.fields[name] = join(made.fields.get(name, NOTHING), value)
    said = [only_string(part.fields.get(EXPRESSION, NOTHING)) for part in parts]
    known = [text for text in said if text is not None]
    whole = constant(f" {word} ".join(f"({text})" for text in known))
    made.fields[EXPRESSION] = whole if len(known) == len(said) else UNKNOWN
    return Abstract(things=(made,))


def _is_condition(one: Thing) -> TypeGuard[Structure]:
    return isinstance(one, Structure) and one.kind == CONDITION


# ------------------------------------------------------------------------------ clients


def client_attribute(client: Client, name: str) -> Abstract:
    if name in ("meta", "client"):
        return Abstract(things=(client,))
    if catalog.python_operation(client.service, name) or name in catalog.PYTHON_INDIRECTIONS:
        return Abstract(things=(Member(client, name),))
    return UNKNOWN


def client_call(
    run: Interpreter,
    client: Client,
    method: str,
    given: Arguments,
    scope: Scope,
    *,
    certain: bool = True,
) -> Abstract:
    if method in catalog.PYTHON_INDIRECTIONS:
        return _indirect(run, client, method, given, scope)
    operation = catalog.python_operation(client.service, method)
    if operation is None:
        gaps.unresolved(run, client.service, method, given.at, scope)
        return derived(EMPTY.union(*(sources_of(value) for value in given.every())))
    members = positional_members(method, catalog.python_positional(client.service, method))
    named = request_members(given, members)
    made = requests.united(run, client.bound, requests.parameters(run, named, given.rest))
    return requests.send(run, (client.service, operation), made, given.at, scope, certain=certain)


def positional_members(method: str, members: tuple[str, ...]) -> tuple[str, ...]:
    """Return what positional arguments are: a download also says where to; more may follow."""
    if method.startswith("download"):
        return (*members, "Filename", EXTRA)
    return (*members, EXTRA) if members else ()


def request_members(given: Arguments, members: tuple[str, ...]) -> dict[str, Abstract]:
    """Return the request's members: positional, named, and those of ``ExtraArgs``."""
    named = {**dict(zip(members, given.positional, strict=False)), **_renamed(given, members)}
    extra = named.pop(EXTRA, NOTHING)
    for one in extra.things:
        if isinstance(one, Structure):
            named.update(one.fields)
    return named


def _renamed(given: Arguments, members: tuple[str, ...]) -> dict[str, Abstract]:
    """Return named arguments; ``Filename`` and ``Fileobj`` are the body that is sent."""
    if "Body" not in members:
        return given.named
    names = {"Filename": "Body", "Fileobj": "Body"}
    return {names.get(name, name): value for name, value in given.named.items()}


def _indirect(
    run: Interpreter, client: Client, method: str, given: Arguments, scope: Scope
) -> Abstract:
    """Perform a method whose argument names the operation."""
    how = catalog.PYTHON_INDIRECTIONS[method]
    named = strings(given.first(how.position, how.keyword))
    look_up = catalog.waiter if how.names == "waiter" else catalog.python_operation
    operations = [o for o in (look_up(client.service, name) for name in named) if o]
    if not operations:
        gaps.unresolved(run, client.service, "", given.at, scope)
    if how.request == "result":
        return Abstract(things=tuple(Request(client.service, o, client.bound) for o in operations))
    parameters = requests.united(run, client.bound, given.first(1, "Params"))
    return join_all(
        requests.send(
            run, (client.service, o), parameters, given.at, scope, certain=len(operations) == 1
        )
        for o in operations
    )


def request_call(
    run: Interpreter, request: Request, method: str, given: Arguments, scope: Scope
) -> Abstract:
    """Perform a method of a paginator or waiter."""
    if method not in PAGERS and method != "wait":
        return Abstract(things=(request,))
    passed = requests.parameters(run, given.named, given.rest)
    made = requests.united(run, request.parameters, passed)
    result = requests.send(run, (request.service, request.operation), made, given.at, scope)
    return run.built("list", None, result) if method == "paginate" else result
