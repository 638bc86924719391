"""Expressions: what each gives, open where only running tells."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from checkrein.code import ir
from checkrein.model import Place
from checkrein.model.values import Open, choice, plain_text, text
from checkrein.read.serverless.program import library, methods, operators
from checkrein.read.serverless.program.things import (
    HOME,
    Environment,
    Function,
    Library,
    Method,
    Scope,
    finished,
)
from checkrein.read.serverless.written import UNKNOWN, Written, is_special

if TYPE_CHECKING:
    from checkrein.read.serverless.program.evaluation import Evaluation

LOADERS = ("require", "import")
DEPLOYED = ("node", "serverless", "deploy")


def member(whole: Written, name: str | None, place: Place) -> Written:
    """Return a property of a value; a method of the language waits for its call."""
    value = whole.value
    if is_special(value) or name is None:
        return Written(value if isinstance(value, Open) else Open("a part of it"), place)
    if isinstance(value, Library):
        return _of_library(value, name, place)
    if isinstance(value, Environment) and not value.name:
        return Written(Environment(name), place)
    return whole.get(name) or _of_language(whole, name, place)


def _of_library(value: Library, name: str, place: Place) -> Written:
    if (value.name, name) == ("process", "env"):
        return Written(Environment(""), place)
    if (value.name, name) == ("process", "argv"):  # of a deployment without options
        return Written([Written(word, place) for word in DEPLOYED], place)
    return Written(Library(f"{value.name}.{name}"), place)


def _of_language(whole: Written, name: str, place: Place) -> Written:
    value = whole.value
    if isinstance(value, (str, list)) and name == "length":
        return Written(len(value), place)
    if isinstance(value, str) and name.isdecimal() and int(name) < len(value):
        return Written(value[int(name)], place)
    is_method = value is not None and name in methods.METHODS
    return Written(Method(whole, name) if is_method else None, place)


def key_of(run: Evaluation, node: ir.Node, scope: Scope) -> str | None:
    """Return the name that a key has, None where it is not known."""
    value = run.evaluate(node, scope).value
    if is_special(value) or not isinstance(value, (str, int, float, bool)):
        return None
    return plain_text(value)


def _constant(run: Evaluation, node: ir.Constant, scope: Scope) -> Written:
    return Written(node.value, run.place(node, scope))


def _name(run: Evaluation, node: ir.Name, scope: Scope) -> Written:
    known = scope.find(node.id)
    if known is not None:
        return known.names[node.id]
    place = run.place(node, scope)
    here = f"{HOME}/{scope.path}"
    always: dict[str, Any] = {
        "undefined": None,
        "__filename": here,
        "__dirname": posixpath.dirname(here),
    }
    if node.id in always:
        return Written(always[node.id], place)
    if node.id in library.GLOBALS:
        return Written(Library(node.id), place)
    return run.unknown(f"the name {node.id}", node, scope)


def _attribute(run: Evaluation, node: ir.Attribute, scope: Scope) -> Written:
    return member(run.evaluate(node.value, scope), node.name, run.place(node, scope))


def _subscript(run: Evaluation, node: ir.Subscript, scope: Scope) -> Written:
    whole = run.evaluate(node.value, scope)
    key = key_of(run, node.index, scope)
    if key is None:
        return run.unknown("a part chosen", node, scope)
    return member(whole, key, run.place(node, scope))


def _dictionary(run: Evaluation, node: ir.Dictionary, scope: Scope) -> Written:
    found: dict[str, Written] = {}
    for key, item in node.items:
        value = run.evaluate(item, scope)
        if key is None:
            found.update(_spread(run, value, item, scope))
            continue
        name = key_of(run, key, scope)
        if name is None:
            name = f"{UNKNOWN}{key.at}"
            value = run.unknown("an entry whose name is computed", key, scope)
        found[name] = _entry(value, key, item, scope)
    return Written(found, run.place(node, scope))


def _spread(run: Evaluation, value: Written, node: ir.Node, scope: Scope) -> dict[str, Written]:
    """Return what a spread adds; where that is not known, an entry without a name says so."""
    if isinstance(value.value, dict):
        return dict(value.value)
    if value.value is None or value.value is False:
        return {}
    if not isinstance(value.value, Open):
        value = run.unknown("what is spread", node, scope)
    return {f"{UNKNOWN}{node.at}": Written(value.value, run.place(node, scope))}


def _entry(value: Written, key: ir.Node, item: ir.Node, scope: Scope) -> Written:
    """Let a collection that is written here begin at its key."""
    if isinstance(value.value, (dict, list)) and isinstance(item, (ir.Dictionary, ir.Sequence)):
        return Written(value.value, Place(scope.path, *key.at[:2], *item.at[2:]))
    return value


def _sequence(run: Evaluation, node: ir.Sequence, scope: Scope) -> Written:
    found: list[Written] = []
    for item in node.items:
        value = run.evaluate(item.value if isinstance(item, ir.Spread) else item, scope)
        if not isinstance(item, ir.Spread):
            found.append(value)
        elif isinstance(value.value, list):
            found += value.value
        elif value.value is not None:
            found.append(run.unknown("what is spread", item, scope))
        if len(found) > operators.MOST_ITEMS:
            return run.unknown("a long list", node, scope)
    return Written(found, run.place(node, scope))


def _format(run: Evaluation, node: ir.Format, scope: Scope) -> Written:
    pieces = [
        part if isinstance(part, str) else operators.shown(run.evaluate(part, scope).value)
        for part in node.parts
    ]
    if not operators.is_short(pieces):
        return run.unknown("a long text", node, scope)
    return Written(text(pieces), run.place(node, scope))


def _operation(run: Evaluation, node: ir.Operation, scope: Scope) -> Written:
    if node.operator in ("or", "and", "??"):
        return _either(run, node, scope)
    values = [run.evaluate(operand, scope) for operand in node.operands]
    if node.operator == "," and values:
        return values[-1]
    if node.operator == "void":
        return Written(None, run.place(node, scope))
    found = operators.operated(node.operator, [value.value for value in values])
    if found is None:
        return run.unknown("what is computed", node, scope)
    return Written(found, run.place(node, scope))


def _either(run: Evaluation, node: ir.Operation, scope: Scope) -> Written:
    """Return what ``||``, ``&&`` or ``??`` gives: the first operand that it stops at."""
    *others, last = node.operands
    for index, operand in enumerate(others):
        found = run.evaluate(operand, scope)
        if isinstance(found.value, Environment) and node.operator != "and":
            rest = node.operands[index + 1 :]
            default = rest[0] if len(rest) == 1 else ir.Operation(node.at, node.operator, rest)
            return _defaulted(found.value, run.evaluate(default, scope))
        ends = operators.ends(node.operator, found)
        if ends is None:
            return run.unknown("what a condition decides", node, scope)
        if ends:
            return found
    return run.evaluate(last, scope)


def _defaulted(asked: Environment, default: Written) -> Written:
    """Return an environment variable with its default, which counts where nothing sets it."""
    if isinstance(default.value, str) and not set(default.value) & set("'\"$\\"):
        return Written(asked.variable(default.value), default.place)
    return default


def _compare(run: Evaluation, node: ir.Compare, scope: Scope) -> Written:
    left, right = run.evaluate(node.left, scope), run.evaluate(node.right, scope)
    found = operators.compared(node.operator, left.value, right.value)
    if found is None:
        return run.unknown("a comparison", node, scope)
    return Written(found, run.place(node, scope))


def _not(run: Evaluation, node: ir.Not, scope: Scope) -> Written:
    test = operators.truth(run.evaluate(node.value, scope))
    if test is None:
        return run.unknown("a condition", node, scope)
    return Written(not test, run.place(node, scope))


def _conditional(run: Evaluation, node: ir.Conditional, scope: Scope) -> Written:
    test = operators.truth(run.evaluate(node.test, scope))
    if test is not None:
        return run.evaluate(node.then if test else node.otherwise, scope)
    both = [finished(run.evaluate(one, scope)).value for one in (node.then, node.otherwise)]
    if any(isinstance(one, (dict, list)) for one in both):
        return run.unknown("what a condition decides", node, scope)
    return Written(choice([((), one) for one in both]), run.place(node, scope))


def _lambda(run: Evaluation, node: ir.Lambda, scope: Scope) -> Written:
    return Written(Function(node, scope), run.place(node, scope))


def _class(run: Evaluation, node: ir.ClassExpression, scope: Scope) -> Written:
    """Return what stands for a class, which is no configuration whatever it makes."""
    return Written(Library(f"class {node.name}"), run.place(node, scope))


def _await(run: Evaluation, node: ir.Await, scope: Scope) -> Written:
    return run.evaluate(node.value, scope)


def _assignment(run: Evaluation, node: ir.Assignment, scope: Scope) -> Written:
    from checkrein.read.serverless.program.statements import bind  # noqa: PLC0415 - both ways

    value = run.evaluate(node.value, scope)
    bind(run, node.target, value, scope, declares=False)
    return value


def _call(run: Evaluation, node: ir.Call, scope: Scope) -> Written:
    place = run.place(node, scope)
    arguments = _arguments(run, node, scope)
    loaded = _loaded(run, node, arguments, scope)
    if loaded is not None:
        return loaded
    function = run.evaluate(node.function, scope)
    if isinstance(function.value, Function):
        return run.call(function, arguments)
    found = None if node.new else run.applied(function.value, arguments, place)
    if found is not None:
        return found
    if isinstance(function.value, Open):
        return Written(function.value, place)
    return run.unknown("what a call gives", node, scope)


def _loaded(
    run: Evaluation, node: ir.Call, arguments: list[Written], scope: Scope
) -> Written | None:
    """Return what ``require`` and the functions that TypeScript's compiler adds to it give."""
    if not isinstance(node.function, ir.Name) or not arguments:
        return None
    name, first = node.function.id, arguments[0]
    if name in LOADERS and isinstance(first.value, str):
        return run.modules.required(run, first.value, scope, run.place(node, scope))
    helper = library.COMPILED.get(name)
    return helper(arguments, run.place(node, scope)) if helper else None


def _arguments(run: Evaluation, node: ir.Call, scope: Scope) -> list[Written]:
    found: list[Written] = []
    for argument in node.arguments:
        value = run.evaluate(argument.value, scope)
        spread = argument.name == "*" and isinstance(value.value, list)
        found += value.value if spread else [value]
    return found[: operators.MOST_ITEMS]


EXPRESSIONS: dict[type[ir.Node], Callable[[Evaluation, Any, Scope], Written]] = {
    ir.Constant: _constant,
    ir.Name: _name,
    ir.Attribute: _attribute,
    ir.Subscript: _subscript,
    ir.Dictionary: _dictionary,
    ir.Sequence: _sequence,
    ir.Format: _format,
    ir.Operation: _operation,
    ir.Compare: _compare,
    ir.Not: _not,
    ir.Conditional: _conditional,
    ir.Lambda: _lambda,
    ir.ClassExpression: _class,
    ir.Await: _await,
    ir.Assignment: _assignment,
    ir.Call: _call,
}
