"""A request to a service becomes a call site, and its result a symbol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checkrein.code.domain import arms
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.members import overlay
from checkrein.code.domain.things import Structure
from checkrein.code.domain.values import NOTHING, constant, derived, extend, join, tainted

if TYPE_CHECKING:
    from checkrein.code import ir
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

ENDPOINT = "@endpoint"  # the URL that a client was made with, as ``catalog.operations`` names it
REGION = "@region"  # the region that a client was made for
FILES = ("Body", "Filename", "Fileobj")
KEYED = "RequestItems"  # DynamoDB's map from table names to requests


def send(
    run: Interpreter,
    target: tuple[str, str],
    parameters: Abstract,
    at: ir.Span,
    scope: Scope,
    *,
    certain: bool = True,
) -> Abstract:
    """Record the request of a service's operation; return its result."""
    service, operation = target
    if service == "dynamodb":
        parameters = _keyed(run, parameters)
    site = run.site(at, scope)
    files = _with_files(run, parameters)
    result = run.recorder.call(("sdk", service, operation), site, parameters, certain=certain)
    if files and operation == "GetObject":
        received = frozenset(extend(a, "Body") for a in result.atoms)
        run.state.written(run, operation, files, received, site)
        run.temporary.left.written(run, operation, files, received, site)
        run.epoch += run.temporary.write(files, received)
    return result


def _with_files(run: Interpreter, parameters: Abstract) -> list[Any]:
    """Let what temporary files hold flow into the request; return their paths."""
    paths: list[Any] = []
    for one in parameters.things:
        for name in FILES if isinstance(one, Structure) else ():
            if name in one.fields:
                found = run.temporary.paths([one.fields[name]])
                content = run.temporary.read(found)
                if content and name == "Body":  # what is sent is the content, not the path
                    one.fields[name] = derived(content)
                else:
                    one.fields[name] = tainted(one.fields[name], content)
                paths += found
    return paths


def _keyed(run: Interpreter, parameters: Abstract) -> Abstract:
    """Say table names that are keys of a map as values: ``RequestItems{}``."""
    things = []
    for one in parameters.things:
        if isinstance(one, Structure) and KEYED in one.fields:
            copied = run.structure(one.kind, dict(one.fields))
            copied.rest, copied.element, copied.keys = one.rest, one.element, one.keys
            copied.fields[KEYED] = _by_key(run, one.fields[KEYED])
            things.append(copied)
        else:
            things.append(one)
    return Abstract(parameters.atoms, tuple(things), parameters.sources, parameters.open)


def _by_key(run: Interpreter, requests: Abstract) -> Abstract:
    things = []
    for one in requests.things:
        if not isinstance(one, Structure) or one.kind == "list":
            things.append(one)
            continue
        pairs = [(constant(name), value) for name, value in one.fields.items()]
        pairs += [(one.keys, one.element)] if one.keys or one.element else []
        made = run.structure("dict")
        made.rest = one.rest
        made.keys, made.element = arms.paired(run, pairs)
        things.append(made)
    return Abstract(requests.atoms, tuple(things), requests.sources, requests.open)


def parameters(run: Interpreter, named: dict[str, Abstract], rest: Abstract = NOTHING) -> Abstract:
    """Return request parameters given by name."""
    made = run.structure("dict", dict(named))
    made.rest = rest
    return Abstract(things=(made,))


def united(run: Interpreter, bound: Abstract, given: Abstract) -> Abstract:
    """Return parameters bound at construction, overridden by those of the call."""
    if not bound:
        return given
    made = run.structure("dict")
    for value in (bound, given):
        structures = [one for one in value.things if isinstance(one, Structure)]
        overlay(made.fields, structures, perhaps=False)
        for one in structures:
            made.element = join(made.element, one.element)
            made.keys = join(made.keys, one.keys)
            made.rest = join(made.rest, one.rest)
    plain = Abstract(given.atoms, (), given.sources, given.open)
    made.rest = join(made.rest, plain) if plain else made.rest
    return tainted(Abstract(things=(made,)), bound.sources)


def nested(run: Interpreter, path: str, value: Abstract) -> Abstract:
    """Return a structure that holds a value at a path: ``Entries[].Id``, ``RequestItems{}``."""
    head, _, rest = path.partition(".")
    inner = nested(run, rest, value) if rest else value
    while head.endswith("[]"):
        head, inner = head.removesuffix("[]"), run.built("list", None, inner)
    if head.endswith("{}"):
        made = run.structure("dict")
        made.keys = inner
        head, inner = head.removesuffix("{}"), Abstract(things=(made,))
    return run.built("dict", {head: inner})
