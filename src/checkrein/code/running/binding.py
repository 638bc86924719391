"""Names and patterns: which part of a value each name gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code import ir
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.values import NOTHING, constant, join
from checkrein.code.harm import claims, facts
from checkrein.code.running import assignment, fields, missing
from checkrein.model import Symbol

if TYPE_CHECKING:
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter


def bind(
    run: Interpreter, target: ir.Node, value: Abstract, scope: Scope, *, declares: bool = True
) -> None:
    """Give a pattern's names their parts of a value."""
    if isinstance(target, ir.Name):
        _bind_name(run, target, value, scope, declares=declares)
    elif isinstance(target, (ir.Attribute, ir.Subscript)):
        assignment.assign(run, target, value, scope)
    elif isinstance(target, ir.Sequence):
        _bind_items(run, target, value, scope, declares=declares)
    elif isinstance(target, ir.ObjectPattern):
        _bind_fields(run, target, value, scope, declares=declares)
    elif isinstance(target, ir.Default):
        bind(run, target.pattern, defaulted(run, value, target.value, scope), scope)
    elif isinstance(target, ir.Spread):
        lists = value.things and all(getattr(t, "kind", "") == "list" for t in value.things)
        rest = value if lists else run.built("list", None, fields.element(run, value))
        bind(run, target.value, rest, scope, declares=declares)


def _bind_fields(
    run: Interpreter, target: ir.ObjectPattern, value: Abstract, scope: Scope, *, declares: bool
) -> None:
    taken: list[str] = []
    facts.learn(run, claims.shown(value))
    for key, pattern in target.items:
        if key is None:
            part = missing.remaining(run, value, taken)
        else:
            name = run.evaluate(key, scope)
            part = fields.item(run, value, name, key.at, scope)
            taken.append(fields.key_name(name) or "")
        bind(run, pattern, part, scope, declares=declares)


def defaulted(run: Interpreter, value: Abstract, default: ir.Node, scope: Scope) -> Abstract:
    """Return a value that may be absent, or the default in its place."""
    if value and not any(isinstance(a, Symbol) or a is None for a in value.atoms):
        return value
    present = Abstract(value.atoms - {None}, value.things, value.sources, value.open)
    return join(present, run.evaluate(default, scope))


def _bind_items(
    run: Interpreter, target: ir.Sequence, value: Abstract, scope: Scope, *, declares: bool
) -> None:
    for position, pattern in enumerate(target.items):
        if isinstance(pattern, ir.Spread):
            last = position == len(target.items) - 1
            rest = fields.from_position(run, value, constant(position)) if last else value
            bind(run, pattern, rest, scope, declares=declares)
        else:
            part = fields.item(run, value, constant(position), pattern.at, scope)
            bind(run, pattern, part, scope, declares=declares)


def _bind_name(
    run: Interpreter, target: ir.Name, value: Abstract, scope: Scope, *, declares: bool
) -> None:
    name = target.id
    holder: Scope | None = scope
    if name in scope.outer or (not declares and name not in scope.names):
        holder = scope.parent.holder(name) if scope.parent is not None else scope
        holder = holder or scope.module()
    (holder or scope).forget(name)
    if holder is scope or holder is None:
        scope.names[name] = value
        return
    run.state.named(run, holder, name, value, target.at, scope)
    known = holder.names.get(name, NOTHING)
    united = join(known, value)
    run.mutated = -1
    if united != known:
        run.surroundings.varies(known, value)
        run.epoch += 1
        holder.names[name] = united
