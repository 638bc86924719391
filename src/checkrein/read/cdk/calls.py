"""From the files of an app to its program: every call that makes a construct, with its scope."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checkrein.code import ir
from checkrein.late import regex
from checkrein.model import Place
from checkrein.read.cdk.program import THIS, Making, Program, Scope, Unit, dotted

MAKES_A_PART = regex(r"(?:add|create|on|scale|schedule)(?=[A-Z_])")
CONSTRUCTORS = ("constructor", "__init__")
SCOPES = ("scope",)
IDS = ("id", "construct_id", "id_", "path_part", "http_method")
FIXED = {  # methods that give a part its id by themselves
    "addProxy": "{proxy+}", "add_proxy": "{proxy+}",
    "addCorsPreflight": "OPTIONS", "add_cors_preflight": "OPTIONS",
}  # fmt: skip
UNKNOWN = "?"  # a name that nothing binds


def add_module(program: Program, module: ir.Module) -> None:
    """Add what one lowered file says."""
    unit = program.add(Unit("", module.path, makings=[], calls=[]))
    scope = Scope("", unit, names={})
    program.modules[module.path] = scope
    _Reader(program).block(module.body, scope)


class _Reader:
    def __init__(self, program: Program) -> None:
        self.program = program

    def block(self, nodes: Any, scope: Scope) -> None:
        for node in nodes:
            self.read(node, scope)

    def read(self, node: Any, scope: Scope, assigned: str = "") -> None:
        """Read any part of the tree; ``assigned`` is the name that gets its value."""
        if isinstance(node, tuple | list):
            self.block(node, scope)
        elif isinstance(node, ir.Lambda):
            self._function(node, assigned, scope)
        elif isinstance(node, ir.Call):
            self._call(node, scope, assigned)
        elif not self._binds(node, scope):
            kept = assigned if isinstance(node, ir.Export | ir.Await) else ""
            for part in ir.parts(node):
                self.read(part, scope, kept)

    def _binds(self, node: object, scope: Scope) -> bool:
        """Read what binds a name, and tell whether the node does."""
        if isinstance(node, ir.DefineClass):
            self._class(node.definition, scope)
        elif isinstance(node, ir.ClassExpression):
            self._class(node, scope)
        elif isinstance(node, ir.Define):
            self._function(node.function, node.function.name, scope)
        elif isinstance(node, ir.Assign | ir.Assignment):
            self._assign(node, scope)
        elif isinstance(node, ir.Import):
            self.program.imports[scope.unit.path, node.name] = (node.module, node.member)
        elif isinstance(node, ir.Loop):
            self._loop(node, scope)
        else:
            return False
        return True

    def _class(self, node: ir.ClassExpression, scope: Scope) -> None:
        bases = tuple(dotted(base).rpartition(".")[2] for base in node.bases)
        unit = self.program.add(Unit(node.name, scope.unit.path, bases, makings=[], calls=[]))
        scope.names.setdefault(node.name, []).append(node)
        inner = Scope(node.name, unit, around=scope, names={})
        for key, value in node.fields:
            name = f"{THIS}.{dotted(key)}"
            if value is not None:
                inner.names.setdefault(name, []).append(value)
                self.read(value, inner, name)
        for called, method, _ in node.methods:
            name = node.name if called in CONSTRUCTORS else called
            self._body(method, Scope(name, unit, method.parameters, inner, {}))

    def _function(self, node: ir.Lambda, name: str, scope: Scope) -> None:
        outermost = scope.around is None and bool(name)
        unit = scope.unit
        if outermost:
            unit = self.program.add(Unit(name, scope.unit.path, makings=[], calls=[]))
        self._body(node, Scope(name, unit, node.parameters, scope, {}))

    def _body(self, node: ir.Lambda, scope: Scope) -> None:
        for parameter in node.parameters:
            self.read(parameter.default, scope)
        self.block(node.body, scope)

    def _assign(self, node: ir.Assign | ir.Assignment, scope: Scope) -> None:
        target = dotted(node.target)
        if target:
            where = _class_scope(scope) if target.startswith(f"{THIS}.") else scope
            where.names.setdefault(target, []).append(node.value)
        self.read(node.value, scope, target)

    def _loop(self, node: ir.Loop, scope: Scope) -> None:
        target = dotted(node.target)
        if target and not node.keys:
            listed = node.iterable.items if isinstance(node.iterable, ir.Sequence) else ()
            unknown = ir.Name(node.at, UNKNOWN)
            scope.names.setdefault(target, []).extend(listed or (unknown,))
        self.read(node.iterable, scope)
        self.block(node.body, scope)

    def _call(self, node: ir.Call, scope: Scope, assigned: str) -> None:
        called = dotted(node.function)
        if node.arguments and _is_super(node.function):
            scope.unit.own_id = (_argument(node, 1, IDS) or ir.Name(node.at, UNKNOWN), scope)
        name = called.rpartition(".")[2] or getattr(node.function, "name", "")
        if name:
            self.program.callers.setdefault(name, []).append((node.arguments, scope))
            scope.unit.calls.append(name)
        scope.unit.makings += _makings(node, called, scope, assigned)
        self.read(node.function, scope)
        self.block([each.value for each in node.arguments], scope)


def _class_scope(scope: Scope) -> Scope:
    where = scope
    while where.around is not None and where.around.around is not None:
        if where.unit is not where.around.unit:
            break
        where = where.around
    return where


def _is_super(node: ir.Node) -> bool:
    if isinstance(node, ir.Attribute) and node.name == "__init__":
        return isinstance(node.value, ir.Call) and dotted(node.value.function) == "super"
    return isinstance(node, ir.Name) and node.id == "super"


def _argument(node: ir.Call, index: int, names: tuple[str, ...]) -> ir.Node | None:
    plain = [each.value for each in node.arguments if not each.name]
    if index < len(plain):
        return plain[index]
    return next((each.value for each in node.arguments if each.name in names), None)


def _makings(node: ir.Call, called: str, scope: Scope, assigned: str) -> Iterator[Making]:
    place = Place(scope.unit.path, node.at[0], node.at[1])
    receiver, _, name = called.rpartition(".")
    first = _argument(node, 0, SCOPES)
    if node.new or name[:1].isupper() or receiver.rpartition(".")[2][:1].isupper():
        if dotted(first) or isinstance(first, ir.Call):
            made = node.function.name if isinstance(node.function, ir.Attribute) else name
            yield Making(
                called or made, place, _argument(node, 1, IDS), dotted(first), scope,
                call=node, assigned=assigned,
            )  # fmt: skip
    elif isinstance(node.function, ir.Attribute) and MAKES_A_PART.match(node.function.name):
        method = node.function
        chained = method.value if isinstance(method.value, ir.Call) else None
        line, after = method.at[2:]
        place = Place(scope.unit.path, line, after - len(method.name))
        yield Making(
            method.name, place, _part_id(node, method.name), dotted(method.value), scope,
            method=True, chained=chained, call=node, assigned=assigned,
        )  # fmt: skip


def _part_id(node: ir.Call, name: str) -> ir.Node | None:
    """Return what gives a part its id: a text, what the method always takes, or a route's path."""
    if name in FIXED:
        return ir.Constant(node.at, FIXED[name])
    first = _argument(node, 0, IDS)
    path = next((each.value for each in node.arguments if each.name == "path"), None)
    if isinstance(first, ir.Dictionary):
        keyed = {k.value: v for k, v in first.items if isinstance(k, ir.Constant)}
        path = keyed.get("path")
    if path is not None:
        return ir.Format(node.at, (ir.Name(node.at, UNKNOWN), path))
    return None if isinstance(first, ir.Dictionary) else first
