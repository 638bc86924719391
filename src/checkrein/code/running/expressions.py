"""Expressions: each rule returns the abstract value of one kind of node."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from checkrein.catalog.uses import bits
from checkrein.code import frameworks, ir
from checkrein.code.domain import arms, keyed
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.shapes import TEXT
from checkrein.code.domain.things import Library, Structure
from checkrein.code.domain.values import (
    NOTHING,
    UNKNOWN,
    cleaned,
    concatenate,
    constant,
    derived,
    extend,
    join,
    join_all,
    only_string,
    plain,
    sources_of,
)
from checkrein.code.harm import callers, chosen, facts, masking, outcomes, passwords
from checkrein.code.libraries import files, sdk_python, text_methods
from checkrein.code.running import (
    binding,
    calls,
    classes,
    copying,
    decorators,
    environment,
    fields,
    protocols,
    removing,
    written,
)
from checkrein.model import Symbol, Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

GLOBALS = ("globalThis", "global")
ABSENT = frozenset(("undefined", "NaN"))
ITEMS = 40  # literal list items kept one by one
UNITING = frozenset(("|", "&", "unknown"))  # of structures
FALSY = (None, "", 0, False)
YES_OR_NO: Final = Abstract(atoms=frozenset((True, False)))
LAST: Final = frozenset(("and", ","))
GUARDING: Final = frozenset(("and", "or"))
ALWAYS_THERE: Final = frozenset(
    Symbol("event", f"requestContext.{name}")
    for name in ("accountId", "apiId", "domainName", "requestId", "stage")
)
CHOOSING: Final = frozenset(("or", "??"))
TELLING: Final = frozenset(("typeof", "void"))  # what they give holds nothing of the operand


def _constant(run: Interpreter, node: ir.Constant, scope: Scope) -> Abstract:  # noqa: ARG001
    if node.kind:
        return Abstract(things=(Library("", "RegExp()", (constant(node.value),)),))
    return constant(node.value)


def _name(run: Interpreter, node: ir.Name, scope: Scope) -> Abstract:
    value = scope.find(node.id)
    if value is not None:
        return facts.checked(run, value)
    if node.id in ABSENT:
        return constant(None)
    if node.id == "arguments" and (every := scope.passed()) is not None:
        return run.built("list", {str(i): value for i, value in enumerate(every)})
    if run.registry.attributes:
        for holder in GLOBALS:
            if (holder, node.id) in run.registry.attributes:
                return run.registry.attributes[holder, node.id]
    return run.modules.implied(node.id, scope)


def _attribute(run: Interpreter, node: ir.Attribute, scope: Scope) -> Abstract:
    if calls.is_super(node.value):
        return classes.of_parent(node.name, scope)
    value = facts.read(run, node, run.evaluate(node.value, scope), scope)
    name = _of_event(value, node.name) if scope.source.language == "python" else node.name
    return facts.checked(run, fields.read(run, value, name, node.at, scope))


def _of_event(value: Abstract, name: str) -> str:
    """Return the event's name of a field: only its classes have attributes, a dict has none."""
    symbols = tuple(a for a in value.atoms if isinstance(a, Symbol) and a.owner == "event")
    return frameworks.event_field(symbols, name) if symbols else name


def _subscript(run: Interpreter, node: ir.Subscript, scope: Scope) -> Abstract:
    value = run.evaluate(node.value, scope)
    if isinstance(node.index, ir.Slice):
        first, *_ = [run.evaluate(part, scope) for part in node.index.parts]
        return fields.from_position(run, value, constant(0) if first == constant(None) else first)
    index = run.evaluate(node.index, scope)
    found = chosen.by_request(value, index) or fields.item(run, value, index, node.at, scope)
    if len(found.atoms) == 1:
        facts.item(run, value, found, scope)
    if scope.source.language == "python" and len(run.branches) == 1:
        run.recorder.required.update(plain(a) for a in found.atoms if isinstance(a, Symbol))
    return facts.checked(run, found)


def _dictionary(run: Interpreter, node: ir.Dictionary, scope: Scope) -> Abstract:
    made = run.structure("dict")
    sources: frozenset[Any] = frozenset()
    computed: list[tuple[Abstract, Abstract]] = []
    for key, item in node.items:
        value = run.evaluate(item, scope)
        if key is None:
            perhaps = isinstance(item, ir.Operation) and item.operator == "and"
            sources |= fields.spread(made, value, perhaps=perhaps)
        else:
            name = run.evaluate(key, scope)
            known = fields.key_name(name)
            if known is None:
                computed.append((name, value))
                keyed.put(made, name, value, surely=True)
            else:
                made.fields[known] = value
    if computed:
        keys, element = arms.paired(run, computed)
        made.keys, made.element = join(made.keys, keys), join(made.element, element)
    return Abstract(things=(made,), sources=sources)


def _sequence(run: Interpreter, node: ir.Sequence, scope: Scope) -> Abstract:
    made = run.structure("list")
    for position, item in enumerate(node.items):
        if isinstance(item, ir.Spread):
            made.element = join(made.element, fields.element(run, run.evaluate(item.value, scope)))
            continue
        value = run.evaluate(item, scope)
        if position < ITEMS and not made.element:
            made.fields[str(position)] = value
        else:
            made.element = join(made.element, value)
    return Abstract(things=(made,))


def _spread(run: Interpreter, node: ir.Spread, scope: Scope) -> Abstract:
    return fields.element(run, run.evaluate(node.value, scope))


def _format(run: Interpreter, node: ir.Format, scope: Scope) -> Abstract:
    parts = [
        constant(part) if isinstance(part, str) else run.evaluate(part, scope)
        for part in node.parts
    ]
    if len(parts) > 1 and (shown := masking.masked(node.parts, parts)):
        return shown
    made = arms.by_arm(parts, concatenate)
    return made if len(parts) > 1 else cleaned(made, bits(TEXT))


def _operation(run: Interpreter, node: ir.Operation, scope: Scope) -> Abstract:
    if node.operator == "delete":
        for operand in node.operands:
            if not removing.is_of_another(run, operand, scope):
                run.evaluate(operand, scope)
            removing.removed(run, operand, scope)
        return UNKNOWN
    values = _operands(run, node, scope)
    if node.operator in LAST and values:
        return environment.combined(node.operator, values, values[-1])
    if node.operator in CHOOSING:
        return environment.combined(node.operator, values, _either(values))
    if node.operator in protocols.CONTEXTS:
        return protocols.context(run, node.operator, values[0], node.at)
    if node.operator in TELLING:
        return UNKNOWN
    own = protocols.combined(run, node.operator, values, node.at)
    return own if own is not None else _computed(run, node, values, scope)


def _operands(run: Interpreter, node: ir.Operation, scope: Scope) -> list[Abstract]:
    if node.operator in GUARDING:
        return _guarded(run, node, scope)
    if node.operator == "??":
        return _filled(run, node, scope)
    return [run.evaluate(operand, scope) for operand in node.operands]


def _computed(
    run: Interpreter, node: ir.Operation, values: list[Abstract], scope: Scope
) -> Abstract:
    """Return what an operator of the language makes of its operands."""
    if node.operator == "+" and len(values) > 1:
        return masking.masked(node.operands, values) or _sum(run, values)
    if node.operator == "*" and (made := masking.made(values)):
        return made
    if node.operator in ("%", "/") and any(isinstance(a, (str, Text)) for a in values[0].atoms):
        # only texts are filled so, and only path objects are divided
        if node.operator == "/":
            return _below(values[0], values[1])
        return text_methods.percent(run, values[0], values[1], node.at, scope)
    if node.operator in UNITING and any(value.things for value in values):
        return sdk_python.combined(run, node.operator, values) or join_all(values)
    return _calculated(node.operator, values)


def _calculated(operator: str, values: list[Abstract]) -> Abstract:
    """Return a number of which only the origins are known; ``-1`` is one that is."""
    if operator == "-" and len(values) == 1 and _number(values[0]):
        return Abstract(frozenset(-atom for atom in values[0].atoms))
    return derived(frozenset().union(*(sources_of(value) for value in values)))


def _guarded(run: Interpreter, node: ir.Operation, scope: Scope) -> list[Abstract]:
    """Evaluate ``a and b``: each operand where those before it hold, or do not for ``or``."""
    values = [run.evaluate(node.operands[0], scope)]
    with facts.Assuming(run, scope) as assumed:
        for before, operand in pairwise(node.operands):
            if run.settled(before, values[-1], scope) is (node.operator != "and"):
                break  # ``verbose && console.log(event)``
            if node.operator == "or" and _is_always_there(values[-1]):
                break
            assumed.test(before, holds=node.operator == "and")
            values.append(run.evaluate(operand, scope))
    return values


def _filled(run: Interpreter, node: ir.Operation, scope: Scope) -> list[Abstract]:
    """Evaluate ``a ?? b``: what is called in those after the first may never be."""
    values = [run.evaluate(node.operands[0], scope)]
    if _is_always_there(values[0]):
        return values
    with facts.Assuming(run, scope) as assumed:
        assumed.arm()
        return [*values, *[run.evaluate(operand, scope) for operand in node.operands[1:]]]


def _is_always_there(value: Abstract) -> bool:
    """Tell whether a value is what a gateway tells with every request: no caller leaves it out."""
    known = all(isinstance(one, Symbol) and one in ALWAYS_THERE for one in value.atoms)
    return bool(value.atoms) and known and not (value.things or value.open or value.arms)


def _either(values: list[Abstract]) -> Abstract:
    """Return what ``a or b`` may be: falsy constants give way to what follows them."""
    result = NOTHING
    for value in values[:-1]:
        kept = frozenset(a for a in value.atoms if a not in FALSY)
        result = join(result, Abstract(kept, value.things, value.sources, value.open))
        symbolic = any(isinstance(atom, (Symbol, Text)) for atom in kept)
        sure = kept == value.atoms and not symbolic and not value.open
        if value and sure and not chosen.may_lack(value):
            return result
    return join(result, values[-1])


def _sum(run: Interpreter, values: list[Abstract]) -> Abstract:
    """Add numbers where all are known, else join texts; lists are united."""
    if any(isinstance(t, Structure) and t.kind == "list" for v in values for t in v.things):
        return run.built("list", None, join_all(fields.element(run, value) for value in values))
    if all(_number(value) for value in values):
        return derived(frozenset().union(*(sources_of(value) for value in values)))
    return arms.by_arm(values, concatenate)


def _number(value: Abstract) -> bool:
    return bool(value.atoms) and all(
        isinstance(atom, (int, float)) and not isinstance(atom, bool) for atom in value.atoms
    )


def _below(folder: Abstract, name: Abstract) -> Abstract:
    return files.together([folder, name])


def _compare(run: Interpreter, node: ir.Compare, scope: Scope) -> Abstract:
    left, right = run.evaluate(node.left, scope), run.evaluate(node.right, scope)
    callers.tested(run, left, right, node.at, scope)
    passwords.tested(run, left, right, node.at, scope)
    name = only_string(left) if node.operator == "in" else None
    if name is not None:
        symbols = [atom for atom in right.atoms if isinstance(atom, Symbol)]
        run.recorder.optional.update(plain(extend(symbol, name)) for symbol in symbols)
    return environment.compared(node, left, right, YES_OR_NO)


def _not(run: Interpreter, node: ir.Not, scope: Scope) -> Abstract:
    return environment.negated(run.evaluate(node.value, scope), YES_OR_NO)


def _conditional(run: Interpreter, node: ir.Conditional, scope: Scope) -> Abstract:
    with facts.Assuming(run, scope) as assumed:
        return arms.either(run, _alternatives(run, node, scope, assumed))


def _alternatives(
    run: Interpreter, node: ir.Conditional, scope: Scope, assumed: facts.Assuming
) -> list[Abstract]:
    """Evaluate each arm where its test holds, and those before it do not."""
    values: list[Abstract] = []
    other: ir.Node = node
    while isinstance(other, ir.Conditional):
        settled = run.settled(other.test, run.evaluate(other.test, scope), scope)
        if settled is not False:
            with facts.Assuming(run, scope) as inside:
                inside.test(other.test, holds=True)
                values.append(facts.under(run, run.evaluate(other.then, scope)))
        if settled:
            return values
        test, other = other.test, other.otherwise
        assumed.test(test, holds=False)
    return [*values, facts.under(run, run.evaluate(other, scope))]


def _assignment(run: Interpreter, node: ir.Assignment, scope: Scope) -> Abstract:
    value = run.evaluate(node.value, scope)
    binding.bind(run, node.target, value, scope, declares=False)
    return value


def _comprehension(run: Interpreter, node: ir.Comprehension, scope: Scope) -> Abstract:
    if node.kind == "dict" and (made := written.entries(run, node, scope)):
        return made
    for target, iterable, conditions in node.clauses:
        binding.bind(run, target, fields.element(run, run.evaluate(iterable, scope)), scope)
        for condition in conditions:
            run.evaluate(condition, scope)
    with facts.Assuming(run, scope) as assumed:
        for condition in (c for _, _, every in node.clauses for c in every):
            assumed.test(condition, holds=True)
        body = run.evaluate(node.body, scope)
    if node.kind == "dict":
        left = copying.comprehended(run, node, scope)
        return body if left is None else left
    return run.built("list", None, body)


def _await(run: Interpreter, node: ir.Await, scope: Scope) -> Abstract:
    value = run.evaluate(node.value, scope)
    outcomes.awaited(run, node.value, scope)
    for one in value.things:
        if isinstance(one, Structure) and one.kind == "promise":
            return one.element
    return value


def _yield(run: Interpreter, node: ir.Yield, scope: Scope) -> Abstract:
    if node.value is None:
        return UNKNOWN
    if isinstance(node.value, ir.Spread):  # of another generator, whose result it is
        value = run.evaluate(node.value.value, scope)
        scope.yielded = join(scope.yielded, fields.element(run, value))
        return value
    value = run.evaluate(node.value, scope)
    scope.yielded = join(scope.yielded, value)
    return value


def _lambda(run: Interpreter, node: ir.Lambda, scope: Scope) -> Abstract:
    return decorators.function(run, node, scope)


def _class(run: Interpreter, node: ir.ClassExpression, scope: Scope) -> Abstract:
    return classes.define(run, node, scope)


def _pattern(run: Interpreter, node: ir.Node, scope: Scope) -> Abstract:  # noqa: ARG001
    return UNKNOWN


RULES: Final[dict[type[ir.Node], Callable[[Interpreter, Any, Scope], Abstract]]] = {
    ir.Constant: _constant,
    ir.Name: _name,
    ir.Attribute: _attribute,
    ir.Subscript: _subscript,
    ir.Call: calls.call,
    ir.Dictionary: _dictionary,
    ir.Sequence: _sequence,
    ir.Spread: _spread,
    ir.Format: _format,
    ir.Operation: _operation,
    ir.Compare: _compare,
    ir.Not: _not,
    ir.Conditional: _conditional,
    ir.Assignment: _assignment,
    ir.Comprehension: _comprehension,
    ir.Await: _await,
    ir.Yield: _yield,
    ir.Lambda: _lambda,
    ir.ClassExpression: _class,
    ir.Slice: _pattern,
    ir.ObjectPattern: _pattern,
    ir.Default: _pattern,
}
