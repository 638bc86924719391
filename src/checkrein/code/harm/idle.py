"""Functions of a module that nothing names: whatever stands in them never runs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from checkrein.code import ir
from checkrein.code.harm import literals

if TYPE_CHECKING:
    from collections.abc import Iterable

    from checkrein.code.running.interpreter import Interpreter


class Idle:
    """Where the literals of functions stand that no code of a program calls or hands on.

    A text of the function's name counts as naming it: tables of functions are asked by text. Where
    code could not be read to its end nobody can tell what it names.
    """

    def __init__(self, run: Interpreter) -> None:
        self._run = run
        self._names: Counter[str] | None = None

    def literals(self, module: ir.Module) -> frozenset[tuple[ir.Span, str]]:
        """Return place and text of each literal of a module that stands in such a function."""
        if self._run.partial or self._run.modules.lost:
            return frozenset()
        found: set[tuple[ir.Span, str]] = set()
        for name, function in _functions(module):
            if id(function) in self._run.called or function.decorators:
                continue
            inside = literals.among(function.body)
            if inside and not self._is_named(name, function):
                found.update((one.at, one.text) for one in inside)
        return frozenset(found)

    def _is_named(self, name: str, function: ir.Lambda) -> bool:
        """Tell whether anything but the function itself names it."""
        if self._names is None:
            modules = self._run.modules.lowered
            self._names = _named(node for module, _ in modules for node in module.body)
        return self._names[name] > _named(function.body)[name]


def _functions(module: ir.Module) -> list[tuple[str, ir.Lambda]]:
    """Return the functions that a module declares, by name: not those that are given a name."""
    nodes = (node for node in module.body if isinstance(node, ir.Define))
    return [(one.function.name, one.function) for one in nodes if one.function.name]


def _named(nodes: Iterable[ir.Node]) -> Counter[str]:
    """Return how often each name, member, import, export or text stands in code."""
    found: Counter[str] = Counter()
    waiting: list[Any] = list(nodes)
    while waiting:
        node = waiting.pop()
        kind = type(node)
        if kind is ir.Name:
            found[node.id] += 1
        elif kind is ir.Constant:
            if isinstance(node.value, str):
                found[node.value] += 1
        elif kind is ir.Attribute:
            found[node.name] += 1
        elif kind in (ir.Import, ir.Export):
            found[node.member] += 1
            found[node.name] += 1
        waiting += ir.parts(node)
    return found
