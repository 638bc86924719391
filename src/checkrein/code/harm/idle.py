"""Functions of a module that nothing names: whatever stands in them never runs."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from checkrein.code import ir
from checkrein.code.harm import literals

if TYPE_CHECKING:
    from collections.abc import Iterable

    from checkrein.code.running.interpreter import Interpreter

SCOPES: Final = frozenset(("globals", "locals", "vars"))  # give all names, of a module too
LAST: Final = re.compile(r"[.:/]")  # before the last name of a text that names a function


class Idle:
    """Where the literals of functions stand that no code of a program calls or hands on.

    A text that ends in the function's name counts as naming it (``tasks.seed``): tables of
    functions are asked by text. Where code could not be read to its end, or asks a module for a
    name that it computes, nobody can tell what it names.
    """

    def __init__(self, run: Interpreter) -> None:
        self._run = run
        self._names: Counter[str] | None = None
        self._by_name: bool | None = None

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

    def _is_asked_by_name(self) -> bool:
        if self._by_name is None:
            modules = [module for module, _ in self._run.modules.lowered]
            own = {PurePosixPath(module.path).stem for module in modules}
            self._by_name = any(_asks_by_name(module, own) for module in modules)
        return self._by_name

    def _is_named(self, name: str, function: ir.Lambda) -> bool:
        """Tell whether anything but the function itself names it."""
        if self._names is None:
            modules = self._run.modules.lowered
            self._names = _named(node for module, _ in modules for node in module.body)
        return self._names[name] > _named(function.body)[name] or self._is_asked_by_name()


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
                found[LAST.split(node.value)[-1]] += 1
        elif kind is ir.Attribute:
            found[node.name] += 1
        elif kind in (ir.Import, ir.Export):
            found[node.member] += 1
            found[node.name] += 1
        waiting += ir.parts(node)
    return found


def _asks_by_name(module: ir.Module, own: set[str]) -> bool:
    """Tell whether code of Python asks for a function by a name that it computes.

    What it asks of a library is none of the program's.
    """
    if module.language != "python":
        return False
    imports = [node for node in module.body if isinstance(node, ir.Import)]
    libraries = {
        one.name for one in imports if own.isdisjoint((*one.module.split("."), one.member))
    }
    waiting: list[Any] = list(module.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ir.Call) and _is_lookup(node, libraries):
            return True
        waiting += ir.parts(node)
    return False


def _is_lookup(call: ir.Call, libraries: set[str]) -> bool:
    name = call.function.id if isinstance(call.function, ir.Name) else ""
    given = [argument.value for argument in call.arguments]
    if name in SCOPES:
        return not given
    if name != "getattr" or len(given) < 2 or isinstance(given[1], ir.Constant):  # noqa: PLR2004
        return False
    return not (isinstance(given[0], ir.Name) and given[0].id in libraries)
