"""Expressions: what each gives."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from checkrein.code import ir
from checkrein.read.cdk.unsynthesized.evaluation import calls, operators, values
from checkrein.read.cdk.unsynthesized.evaluation.access import iterated, key_of, member
from checkrein.read.cdk.unsynthesized.evaluation.things import (
    MISSING,
    REST,
    Builtin,
    Class,
    Function,
    Live,
    Scope,
    Super,
)
from checkrein.read.cdk.unsynthesized.trace import HOME, Choice, Package, Traced

if TYPE_CHECKING:
    from checkrein.read.cdk.unsynthesized.evaluation.running import Evaluation

MOST_ITEMS = 5_000
UNKNOWN_LOOP = "how often a loop runs is not known"
HERE = ("__filename", "__dirname", "import.meta")
NOTHING = ("undefined", "NaN", "Infinity", "Ellipsis")


def _constant(_run: Evaluation, node: ir.Constant, _scope: Scope) -> Traced:
    return node.value


def _name(run: Evaluation, node: ir.Name, scope: Scope) -> Traced:
    known = scope.find(node.id)
    if known is not None:
        value = known.names[node.id]
        return run.modules.resolved(run, value) if type(value) is Live else value
    if node.id in HERE:
        return _here(node.id, f"{HOME}/{scope.path}")
    if node.id in NOTHING:
        return None
    found = _of_frame(node.id, scope)
    if found is not MISSING:
        return found
    starred = scope.module.names.get("*")
    if isinstance(starred, list) and starred and isinstance(starred[0], Package):
        return member(run, starred[0], node.id, run.place(node, scope), scope)
    return run.lose(f"the name {node.id} is bound nowhere", node, scope)


def _of_frame(name: str, scope: Scope) -> Traced:
    """Return what every call or the platform binds."""
    frame = scope.frame
    if name == "this":
        return frame.this
    if name == "super" and not scope.is_python and frame.home is not None:
        return Super(frame.this, frame.home)
    if name == "arguments":
        return list(frame.arguments)
    return Builtin(name) if name in calls.GLOBALS else MISSING


def _here(name: str, file: str) -> Traced:
    """Return what tells a module where it stands."""
    folder = posixpath.dirname(file)
    if name == "import.meta":
        return {"url": f"file://{file}", "filename": file, "dirname": folder}
    return file if name == "__filename" else folder


def _attribute(run: Evaluation, node: ir.Attribute, scope: Scope) -> Traced:
    whole = run.evaluate(node.value, scope)
    return member(run, whole, node.name, run.place(node, scope), scope, optional=_may_end(node))


def _may_end(node: ir.Node) -> bool:
    """Tell whether a chain asks at some place whether there is something."""
    while isinstance(node, (ir.Attribute, ir.Call, ir.Subscript)):
        if getattr(node, "optional", False):
            return True
        node = node.function if isinstance(node, ir.Call) else node.value
    return False


def _subscript(run: Evaluation, node: ir.Subscript, scope: Scope) -> Traced:
    whole = run.evaluate(node.value, scope)
    if isinstance(node.index, ir.Slice):
        bounds = [run.evaluate(part, scope) for part in node.index.parts]
        plain = all(bound is None or isinstance(bound, int) for bound in bounds)
        if isinstance(whole, (str, list)) and plain:
            return whole[slice(*bounds)] if len(bounds) > 1 else whole[slice(bounds[0], None)]
        return run.unknown("a part that is chosen", node, scope)
    key = run.evaluate(node.index, scope)
    nothing = whole is None  # which a tree does not tell from ``a?.[b]``
    return member(run, whole, key, run.place(node, scope), scope, optional=nothing)


def _dictionary(run: Evaluation, node: ir.Dictionary, scope: Scope) -> Traced:
    found: dict[Any, Traced] = {}
    for key, item in node.items:
        value = run.evaluate(item, scope)
        if key is None:
            spread(run, found, value, item, scope)
            continue
        for name in values.options(run.evaluate(key, scope)):
            known = key_of(name)
            if known is None:
                found[REST] = run.unknown("an entry whose name is not known", key, scope)
            else:
                found[known] = value
    return found


def spread(
    run: Evaluation, found: dict[Any, Traced], value: Traced, node: ir.Node, scope: Scope
) -> None:
    """Add what a spread adds; where that is not known, one entry says so."""
    if isinstance(value, dict):
        found.update(value)
    elif isinstance(value, Choice):
        for one in value.among:
            for key, part in one.items() if isinstance(one, dict) else ():
                found[key] = values.choice([found[key], part]) if key in found else part
            if one is not None and not isinstance(one, (dict, bool)):
                found[REST] = run.unknown("what is spread", node, scope)
    elif hasattr(value, "fields"):
        found.update(value.fields)
    elif value is not None and not isinstance(value, bool):
        found[REST] = run.unknown("what is spread", node, scope)


def _sequence(run: Evaluation, node: ir.Sequence, scope: Scope) -> Traced:
    found: list[Traced] = []
    for item in node.items:
        if not isinstance(item, ir.Spread):
            found.append(run.evaluate(item, scope))
            continue
        for one in values.options(run.evaluate(item.value, scope)):
            listed = iterated(run, one, scope)
            found += [run.unknown("what is spread", item, scope)] if listed is None else listed
    return found[:MOST_ITEMS]


def _format(run: Evaluation, node: ir.Format, scope: Scope) -> Traced:
    return values.text(
        [part if isinstance(part, str) else run.evaluate(part, scope) for part in node.parts]
    )


def _operation(run: Evaluation, node: ir.Operation, scope: Scope) -> Traced:
    if node.operator in ("or", "and", "??"):
        return _either(run, node, scope)
    found = [run.evaluate(operand, scope) for operand in node.operands]
    if node.operator == "," and found:
        return found[-1]
    if node.operator == "enter":
        return found[0]
    if node.operator in ("void", "delete", "exit"):
        return None
    value = operators.operated(node.operator, found, python=scope.is_python)
    return run.unknown("what is computed", node, scope) if value is MISSING else value


def _either(run: Evaluation, node: ir.Operation, scope: Scope) -> Traced:
    """Return what ``||``, ``&&`` or ``??`` gives: the first operand that it stops at."""
    among: list[Traced] = []
    *others, last = node.operands
    for operand in others:
        value = run.evaluate(operand, scope)
        going: bool | None = False
        for one in values.options(value):
            ends = operators.ends(node.operator, one, python=scope.is_python)
            if ends is not False:
                among.append(one)
            going = True if ends is False else None if ends is None and not going else going
        if going is False:
            return values.choice(among)
    if not among:
        return run.evaluate(last, scope)
    run.maybe(lambda: among.append(run.evaluate(last, scope)), scope.frame)
    return values.choice(among)


def _compare(run: Evaluation, node: ir.Compare, scope: Scope) -> Traced:
    left, right = run.evaluate(node.left, scope), run.evaluate(node.right, scope)
    found = operators.compared(node.operator, left, right)
    return run.unknown("a comparison", node, scope) if found is None else found


def _not(run: Evaluation, node: ir.Not, scope: Scope) -> Traced:
    test = run.truth(node.value, scope)
    return run.unknown("a condition", node, scope) if test is None else not test


def _conditional(run: Evaluation, node: ir.Conditional, scope: Scope) -> Traced:
    test = run.truth(node.test, scope)
    if test is not None:
        return run.evaluate(node.then if test else node.otherwise, scope)
    found: list[Traced] = []
    run.ways(
        [
            lambda: found.append(run.evaluate(node.then, scope)),
            lambda: found.append(run.evaluate(node.otherwise, scope)),
        ],
        scope.frame,
    )
    return values.choice(found)


def _lambda(_run: Evaluation, node: ir.Lambda, scope: Scope) -> Traced:
    return Function(node, scope, scope.frame.home, scope.frame.this if node.is_arrow else MISSING)


def _await(run: Evaluation, node: ir.Await, scope: Scope) -> Traced:
    return run.evaluate(node.value, scope)


def _yield(run: Evaluation, node: ir.Yield, scope: Scope) -> Traced:
    if node.value is None:
        return None
    if isinstance(node.value, ir.Spread):
        inner = iterated(run, run.evaluate(node.value.value, scope), scope)
        scope.frame.yielded += inner or []
    else:
        scope.frame.yielded.append(run.evaluate(node.value, scope))
    return None


def _assignment(run: Evaluation, node: ir.Assignment, scope: Scope) -> Traced:
    from checkrein.read.cdk.unsynthesized.evaluation.statements import (  # noqa: PLC0415 - both ways
        bind,
    )

    value = run.evaluate(node.value, scope)
    bind(run, node.target, value, scope)
    return value


def _comprehension(run: Evaluation, node: ir.Comprehension, scope: Scope) -> Traced:
    found: list[Traced] = []
    entries: dict[Any, Traced] = {}
    for inner in _turns(run, node, 0, Scope(scope.path, {}, scope.frame, scope)):
        value = run.evaluate(node.body, inner)
        if node.kind == "dict" and isinstance(value, dict):
            entries.update(value)
        else:
            found.append(value)
    return entries if node.kind == "dict" else found


def _turns(run: Evaluation, node: ir.Comprehension, index: int, scope: Scope) -> Iterator[Scope]:
    from checkrein.read.cdk.unsynthesized.evaluation.statements import (  # noqa: PLC0415 - both ways
        bind,
    )

    if index == len(node.clauses):
        yield scope
        return
    target, iterable, tests = node.clauses[index]
    items = iterated(run, run.evaluate(iterable, scope), scope)
    sure, before = run.sure, len(run.done)
    known = items is not None
    if items is None:
        items = [run.unknown("each of what is not known", iterable, scope)]
        run.sure = False
    for item in items[:MOST_ITEMS]:
        inner = Scope(scope.path, {}, scope.frame, scope)
        bind(run, target, item, inner, "let")
        if all(run.truth(test, inner) is not False for test in tests):
            yield from _turns(run, node, index + 1, inner)
    run.sure = sure
    if not known and len(run.done) > before:
        run.lose(UNKNOWN_LOOP, iterable, scope)


def defined_class(run: Evaluation, node: ir.ClassExpression, scope: Scope) -> Class:
    """Return a class of the program as a value."""
    bases = [run.evaluate(base, scope) for base in node.bases]
    methods = {(name, kind): function for name, function, kind in node.methods}
    made = Class(node, scope, bases, methods, [], {})
    made.order = [made]
    for base in bases:
        made.order += base.order if isinstance(base, Class) else []
    made.order = list(dict.fromkeys(reversed(made.order)))[::-1]
    return made


EXPRESSIONS: dict[type[ir.Node], Callable[[Evaluation, Any, Scope], Traced]] = {
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
    ir.Await: _await,
    ir.Yield: _yield,
    ir.Assignment: _assignment,
    ir.Comprehension: _comprehension,
    ir.ClassExpression: defined_class,
    ir.Call: calls.called,
}
