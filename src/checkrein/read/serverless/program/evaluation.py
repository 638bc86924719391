"""Evaluating a program over what is known: its statements, expressions and calls."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path as File
from typing import Any

from checkrein.code import ir
from checkrein.model import Place
from checkrein.model.values import Open
from checkrein.read.serverless.program import library, methods
from checkrein.read.serverless.program.expressions import EXPRESSIONS
from checkrein.read.serverless.program.modules import Modules
from checkrein.read.serverless.program.statements import STATEMENTS, bind
from checkrein.read.serverless.program.things import HOME, Function, Library, Method, Scope
from checkrein.read.serverless.written import Written

MOST_STEPS = 100_000
OF_FILES = ("fs.readFileSync", "fs.existsSync")
DEEPEST = 25  # calls and modules within each other


class Evaluation:
    """Evaluates the modules of a service in ``folder``, which the framework is started in."""

    def __init__(self, root: File, folder: str) -> None:
        self.folder = folder
        self.modules = Modules(root, folder)
        self._steps = self._depth = 0

    def run(self, body: tuple[ir.Node, ...], scope: Scope) -> Written | None:
        """Run statements; return what a return gives, None where none is met."""
        for statement in body:
            if isinstance(statement, ir.Define):
                function = Function(statement.function, scope)
                place = self.place(statement, scope)
                scope.names[statement.function.name] = Written(function, place)
        for statement in body:
            handler = STATEMENTS.get(type(statement))
            found = handler(self, statement, scope) if handler else None
            if found is not None:
                return found
        return None

    def evaluate(self, node: ir.Node, scope: Scope) -> Written:
        """Return an expression's value, open where only running tells."""
        self._steps += 1
        handler = EXPRESSIONS.get(type(node))
        if handler is None or self._steps > MOST_STEPS:
            return self.unknown("what the program computes", node, scope)
        return handler(self, node, scope)

    def unknown(self, what: str, node: ir.Node, scope: Scope) -> Written:
        """Return a value that is not known, saying which line makes it."""
        place = self.place(node, scope)
        return Written(Open(f"{what} in line {place.line} of {place.path}"), place)

    def place(self, node: ir.Node, scope: Scope) -> Place:
        """Return where an expression or statement stands."""
        return Place(scope.path, *node.at)

    @contextmanager
    def deeper(self) -> Iterator[bool]:
        """Go into a call or a module; gives whether that is not too deep yet."""
        self._depth += 1
        try:
            yield self._depth <= DEEPEST
        finally:
            self._depth -= 1

    # -------------------------------------------------------------------------------- calls

    def applied(self, function: Any, arguments: list[Written], place: Place) -> Written | None:
        """Return what a function of the language gives, None where that is not known."""
        if isinstance(function, Library):
            if function.name == "process.cwd":
                return Written(f"{HOME}/{self.folder}".rstrip("/"), place)
            if function.name in OF_FILES:
                return self._of_file(function.name, arguments, place)
            return library.library(function.name, arguments, place)
        if isinstance(function, Method):
            return methods.method(function.of, function.name, arguments, place, self.call)
        return None

    def _of_file(self, name: str, arguments: list[Written], place: Place) -> Written | None:
        path = arguments[0].value if arguments else None
        if not isinstance(path, str):
            return None
        asks = self.modules.is_there if name == "fs.existsSync" else self.modules.said
        return asks(path, place)

    def call(
        self, function: Written, arguments: list[Written], missing: Open | None = None
    ) -> Written:
        """Return what a function gives; an argument that is not passed is ``missing``."""
        known = function.value
        if not isinstance(known, Function):
            found = self.applied(known, arguments, function.place)
            return found or Written(Open("what a call gives"), function.place)
        with self.deeper() as bearable:
            if not bearable or known.node.is_generator:
                return self.unknown("what calls give", known.node, known.scope)
            scope = Scope(known.scope.path, {}, known.scope)
            for index, parameter in enumerate(known.node.parameters):
                self._pass(parameter, arguments[index:], scope, missing)
            return self.run(known.node.body, scope) or Written(None, function.place)

    def _pass(
        self, parameter: ir.Parameter, rest: list[Written], scope: Scope, missing: Open | None
    ) -> None:
        place = self.place(parameter.pattern, scope)
        if parameter.kind == "*":
            value = Written(rest, place)
        elif rest:
            value = rest[0]
        elif parameter.default is not None:
            value = self.evaluate(parameter.default, scope)
        else:
            value = Written(missing, place)
        bind(self, parameter.pattern, value, scope)
