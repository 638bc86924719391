"""Expressions of Terraform to values: plain, symbolic, under conditions, or open with a reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from checkrein.model.values import Choice, Open, Symbol, Text, Value
from checkrein.notation.hcl_nodes import (
    Attr,
    Binary,
    Call,
    Conditional,
    Element,
    Expression,
    ForPart,
    IfPart,
    Index,
    Literal,
    Loop,
    Name,
    ObjectNode,
    Splat,
    Template,
    TemplatePart,
    TupleNode,
    Unary,
)
from checkrein.read.terraform.access import indexed, taken
from checkrein.read.terraform.containers import Answers, Items, Object, Unsure
from checkrein.read.terraform.functions import call
from checkrein.read.terraform.operators import binary, chosen, negated, truth
from checkrein.read.terraform.scopes import LARGEST, Scope
from checkrein.read.terraform.unknowns import (
    Failed,
    Fault,
    bounded,
    concatenated,
    faultless,
    lifted,
    shown,
    weight,
)

ELEMENT = "*"  # the name of what a splat goes through; no HCL can use it
MAKING = (Call, Loop, ObjectNode, Template, TupleNode)  # values that were not there before


def evaluate(node: Expression, scope: Scope) -> Value:
    """Return an expression's value.

    Raise Failed where Terraform would refuse it, and TooMuch where the work has no end.
    """
    scope.module.work.step()
    found = _KINDS[type(node)](node, scope)
    return scope.module.work.borne(found) if isinstance(node, MAKING) else found


def evaluated(node: Expression | None, scope: Scope, default: Value = None) -> Value:
    """Return an expression's value; what Terraform would refuse is open, and says why."""
    if node is None:
        return default
    try:
        return faultless(evaluate(node, scope))
    except Failed as error:
        return Open(str(error))
    except RecursionError:
        return Open("it is nested too deep, or refers to itself")


def _literal(node: Literal, _scope: Scope) -> Value:
    return node.value


def _name(node: Name, scope: Scope) -> Value:
    if node.name in scope.names:
        return scope.names[node.name]
    raise Failed(f"{node.name or 'an empty place'} means nothing here")


def _element(_node: Element, scope: Scope) -> Value:
    return scope.names[ELEMENT]


def _attr(node: Attr, scope: Scope) -> Value:
    target = node.target
    if isinstance(target, Name) and target.name not in scope.names:
        return scope.module.lookup(target.name, node.name)
    if isinstance(target, Attr) and isinstance(target.target, Name):
        space = target.target.name
        if space == "data" and space not in scope.names:
            return scope.module.data(target.name, node.name)
        if space == "resource" and space not in scope.names:
            return scope.module.lookup(target.name, node.name)
    return taken(evaluate(target, scope), node.name, scope)


def _index(node: Index, scope: Scope) -> Value:
    target = evaluate(node.target, scope)
    return indexed(target, evaluate(node.key, scope), scope)


def _splat(node: Splat, scope: Scope) -> Value:
    def through(target: Value) -> Value:
        if target is None:
            return Items()
        if isinstance(target, Open) or (isinstance(target, Symbol) and "." in target.attribute):
            return target if isinstance(target, Open) else Open(f"all of {shown(target)}")
        if not isinstance(target, list):
            return Items([evaluate(node.each, scope.within({ELEMENT: target}, ""))])
        found = [evaluate(node.each, scope.within({ELEMENT: one}, "")) for one in target]
        return type(target)(found) if isinstance(target, Items) else Items(found)

    return lifted(through, evaluate(node.target, scope))


def _call(node: Call, scope: Scope) -> Value:
    if node.name in ("try", "can"):
        return _tried(node, scope)
    arguments = [evaluate(argument, scope) for argument in node.arguments]
    if node.expand and arguments:
        return lifted(lambda last: _expanded(node, arguments[:-1], last, scope), arguments[-1])
    return call(node.name, arguments, scope, evaluate)


def _expanded(node: Call, first: list[Value], last: Value, scope: Scope) -> Value:
    if not isinstance(last, list):
        return last if isinstance(last, Open) else Open(f"what {shown(last)} holds")
    return call(node.name, [*first, *last], scope, evaluate)


def _tried(node: Call, scope: Scope) -> Value:
    failure = "nothing to try"  # an error that is kept keeps all that ran when it was raised
    for position, argument in enumerate(node.arguments):
        try:
            found = evaluate(argument, scope)
        except Failed as error:
            failure = str(error)
            continue
        if isinstance(found, Choice) and any(isinstance(o, Fault) for _, o in found.options):
            rest = Call(
                node.start, node.end, node.name, node.arguments[position + 1 :], expand=False
            )
            return _filled(found, rest, scope)
        return True if node.name == "can" else found
    if node.name == "can":
        return False
    raise Failed(failure)


def _filled(found: Choice, rest: Call, scope: Scope) -> Value:
    """Return a choice with what was refused under a condition replaced by what is tried next."""
    options = []
    for when, option in found.options:
        if not isinstance(option, Fault):
            options.append((when, True if rest.name == "can" else option))
            continue
        try:
            options.append((when, _tried(rest, scope)))
        except Failed as error:
            options.append((when, Fault(str(error))))
    return bounded(options)


def _tuple(node: TupleNode, scope: Scope) -> Value:
    places = [node.source.place(item.start, item.end) for item in node.items]
    return Items([evaluate(item, scope) for item in node.items], places)


def _object(node: ObjectNode, scope: Scope) -> Value:
    keys = [evaluate(key, scope) for key, _ in node.items]
    values = [evaluate(value, scope) for _, value in node.items]

    def built(*keys: Value) -> Value:
        found = Object(whole=node.source.place(node.start, node.end))
        for key, value, (name, node_value) in zip(keys, values, node.items, strict=True):
            text = key_text(key)
            found[text] = value
            found.places[text] = node.source.place(name.start, node_value.end)
        return found

    return lifted(built, *keys)


def key_text(key: Value) -> str:
    """Return an object's key as text; one that is only known later is shown as it is written."""
    if isinstance(key, bool):
        return "true" if key else "false"
    if isinstance(key, (str, int, float)):
        return str(key)
    if isinstance(key, (Symbol, Text)):
        return shown(key) if isinstance(key, Text) else f"${{{shown(key)}}}"
    raise Failed(key.reason if isinstance(key, Open) else "a key that is no text")


def _loop(node: Loop, scope: Scope) -> Value:
    def through(collection: Value) -> Value:
        pairs = turns(collection)
        if isinstance(pairs, Open):
            return pairs
        scopes = [scope.within(named(node.names, *pair), f"[{i}]") for i, pair in enumerate(pairs)]
        kept = [_kept(node, inner) for inner in scopes]
        pairs_made: dict[int, tuple[Value, Value]] = {}

        def built(*kept: Value) -> Value:
            found = []
            for position, inner in enumerate(scopes):
                if not kept[position]:
                    continue
                if position not in pairs_made:
                    key = evaluate(node.key, inner) if node.key else None
                    pairs_made[position] = key, evaluate(node.value, inner)
                found.append(pairs_made[position])
            made = _gathered(node, found)
            is_unsure = isinstance(collection, Unsure) and isinstance(made, list)
            return Unsure(made) if is_unsure else made

        return lifted(built, *kept)

    return lifted(through, evaluate(node.collection, scope))


def _kept(node: Loop, scope: Scope) -> Value:
    if node.condition is None:
        return True
    return truth(evaluate(node.condition, scope), node.condition, scope)


def _gathered(node: Loop, found: list[tuple[Value, Value]]) -> Value:
    if node.key is None:
        return Items([value for _, value in found])

    def built(*keys: Value) -> Value:
        made = Object()
        for key, (_, value) in zip(map(key_text, keys), found, strict=True):
            if node.grouped:
                made.setdefault(key, Items()).append(value)
            else:
                made[key] = value
        return made

    return lifted(built, *(key for key, _ in found))


def turns(collection: Value) -> list[tuple[Value, Value]] | Open:
    """Return (key, value) for each turn of a loop, in Terraform's order."""
    if isinstance(collection, Answers):
        return Open(f"{collection.what} are only known when Terraform runs")
    if isinstance(collection, dict):
        found: list[tuple[Value, Value]] = sorted(collection.items())
    elif isinstance(collection, list):
        is_set = type(collection).__name__ == "SetItems"
        found = [(one if is_set else i, one) for i, one in enumerate(collection)]
    elif isinstance(collection, Open):
        return collection
    elif collection is None or isinstance(collection, (str, int, float)):
        raise Failed(f"a loop over {shown(collection)[:40]}, which is no collection")
    else:
        return Open(f"what {shown(collection)[:80]} holds is only known when Terraform runs")
    return found if len(found) <= LARGEST else Open("a loop over too many items")


def named(names: tuple[str, ...], key: Value, value: Value) -> dict[str, Value]:
    """Return what the names of a loop stand for in one turn."""
    return dict(zip(names, (key, value) if len(names) > 1 else (value,), strict=False))


def _unary(node: Unary, scope: Scope) -> Value:
    operand = evaluate(node.operand, scope)
    if node.operator == "!":
        return negated(truth(operand, node.operand, scope))
    return binary("-", 0, operand, scope)


def _binary(node: Binary, scope: Scope) -> Value:
    left = evaluate(node.left, scope)
    if node.operator not in ("&&", "||"):
        other = evaluate(node.right, scope)
        scope.module.work.step(weight(left) + weight(other))
        return binary(node.operator, left, other, scope)
    decided = node.operator == "||"

    def right(left: bool) -> Value:  # noqa: FBT001 - one option of a choice
        if left == decided:
            return decided
        return truth(evaluate(node.right, scope), node.right, scope)

    return lifted(right, truth(left, node.left, scope))


def _conditional(node: Conditional, scope: Scope) -> Value:
    condition = truth(evaluate(node.condition, scope), node.condition, scope)
    return chosen(condition, lambda: evaluate(node.yes, scope), lambda: evaluate(node.no, scope))


def _template(node: Template, scope: Scope) -> Value:
    found = rendered(node.parts, scope)
    return scope.module.work.keep(found, node.source.path, node.line, node.indent)


def rendered(parts: tuple[TemplatePart, ...], scope: Scope) -> Value:
    """Return a template's value; one part alone keeps its kind, as in Terraform."""
    if len(parts) == 1 and isinstance(parts[0], Expression):
        return evaluate(parts[0], scope)
    return concatenated([_part(part, scope) for part in parts])


def _part(part: TemplatePart, scope: Scope) -> Value:
    if isinstance(part, str):
        return part
    if isinstance(part, Expression):
        found = evaluate(part, scope)
        if found is None:
            raise Failed("null stands in a text")
        return found
    if isinstance(part, IfPart):
        condition = truth(evaluate(part.condition, scope), part.condition, scope)
        return chosen(condition, lambda: _joined(part.yes, scope), lambda: _joined(part.no, scope))
    return lifted(lambda over: _repeated(part, over, scope), evaluate(part.collection, scope))


def _joined(parts: tuple[TemplatePart, ...], scope: Scope) -> Value:
    return concatenated([_part(part, scope) for part in parts])


def _repeated(part: ForPart, collection: Value, scope: Scope) -> Value:
    pairs = turns(collection)
    if isinstance(pairs, Open):
        return pairs
    found: list[Value] = []
    for i, pair in enumerate(pairs):
        inner = scope.within(named(part.names, *pair), f"[{i}]")
        found.append(scope.module.work.borne(_joined(part.parts, inner)))
        scope.module.work.step()
    return concatenated(found)


_KINDS: dict[type, Callable[[Any, Scope], Value]] = {
    Literal: _literal,
    Name: _name,
    Attr: _attr,
    Index: _index,
    Splat: _splat,
    Element: _element,
    Call: _call,
    TupleNode: _tuple,
    ObjectNode: _object,
    Loop: _loop,
    Unary: _unary,
    Binary: _binary,
    Conditional: _conditional,
    Template: _template,
}
