"""Evaluating what a JavaScript or TypeScript module plainly says, without running anything.

Objects, arrays, texts, spreads, imports of the repository's own modules, and functions whose
result follows from their arguments. What else decides (packages, the clock, the disk, the
environment) is open, with the line that asks for it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path as File
from typing import Any

from msgspec import Struct

from checkrein.code import ir
from checkrein.code.loading.resolution import Search
from checkrein.code.lowering import lower
from checkrein.errors import InputError
from checkrein.model import Place
from checkrein.model.values import Open, Text, choice, plain_text, text
from checkrein.read.serverless import standard
from checkrein.read.serverless.written import Written, is_special, load

MOST_STEPS = 100_000
DEEPEST = 25  # calls and modules within each other
LANGUAGES = {".ts": "typescript", ".mts": "typescript", ".cts": "typescript"}
HOME = "/service"  # stands for the scanned folder where a program asks for absolute paths


class Scope(Struct):
    """The names that a function or a module knows."""

    path: str
    names: dict[str, Written]
    outer: Scope | None = None

    def find(self, name: str) -> Scope | None:
        """Return the scope that binds a name."""
        scope: Scope | None = self
        while scope is not None and name not in scope.names:
            scope = scope.outer
        return scope


class Function(Struct):
    """A function of the program as a value."""

    node: ir.Lambda
    scope: Scope


class Environment(Struct):
    """``process.env`` (name "") or one of its variables."""

    name: str

    def variable(self, default: str | None = None) -> str:
        """Return the framework's variable for it."""
        rest = "" if default is None else f", '{default}'"
        return f"${{env:{self.name}{rest}}}"


class Library(Struct):
    """Something of the platform by its dotted name: ``Object.keys``, ``path.join``, ``process``."""

    name: str


class Method(Struct):
    """A method of the language on a known value, not yet called."""

    of: Written
    name: str


def finished(part: Written) -> Written:
    """Return a part with what is only a value within the program made plain or open."""
    if isinstance(part.value, dict):
        return Written({k: finished(v) for k, v in part.value.items()}, part.place)
    if isinstance(part.value, list):
        return Written([finished(item) for item in part.value], part.place)
    if isinstance(part.value, Environment):
        return Written(part.value.variable(), part.place)
    if isinstance(part.value, (Function, Library, Method)):
        return Written(Open("a function of the program"), part.place)
    return part


class Evaluation:
    """Evaluates modules, each once. ``folder`` is the service's, where programs are run."""

    def __init__(self, root: File, folder: str) -> None:
        self.root, self.folder = root, folder
        self.search = Search(root, root / folder, ())
        self.modules: dict[str, Written] = {}
        self.steps = self.depth = 0

    # ---------------------------------------------------------------------------- modules

    def exported(self, path: str, source: bytes) -> Written:
        """Return what a module exports: its ``module.exports``, or its exports by name."""
        known = self.modules.get(path)
        if known is not None:
            return known
        own = Written({}, Place(path, 1))
        self.modules[path] = own
        if self.depth > DEEPEST:
            return Written(Open("modules that import each other too deep"), own.place)
        self.depth += 1
        language = LANGUAGES.get(os.path.splitext(path)[1], "javascript")
        module = lower(source, language, path)
        holder = Written({"exports": own}, own.place)
        scope = Scope(path, {"module": holder, "exports": own, "%exports": own})
        self.run(module.body, scope)
        self.depth -= 1
        self.modules[path] = holder.value["exports"]
        return self.modules[path]

    def imported(self, name: str, member: str, scope: Scope, place: Place) -> Written:
        """Return what a module imports from another by a name, "default", or "*" for all."""
        if name in standard.MODULES:
            known = standard.MODULES[name]
            return Written(Library(known if member in ("default", "*") else f"{known}.{member}"), place)
        whole = self.required(name, scope, place)
        if member == "*" or is_special(whole.value):
            return whole
        found = whole.get(member)
        if found is None and member == "default":
            return whole
        return found or Written(None, place)

    def required(self, name: str, scope: Scope, place: Place) -> Written:
        if name in standard.MODULES:
            return Written(Library(standard.MODULES[name]), place)
        importer = self.root / scope.path
        if name.endswith(".json"):
            return self._json(os.path.normpath(importer.parent / name), place)
        found = self.search.javascript(name, str(importer))
        if found is None:
            return Written(Open(f"what the package {name} gives"), place)
        path = found.relative_to(self.root).as_posix()
        try:
            return self.exported(path, _bytes(found, path))
        except InputError:
            return Written(Open(f"what {path} gives, which cannot be read"), place)

    def _json(self, path: str, place: Place) -> Written:
        try:
            return load(self.root, File(path).relative_to(self.root).as_posix())
        except (InputError, ValueError):
            return Written(Open("a file that cannot be read"), place)

    # --------------------------------------------------------------------------- statements

    def run(self, body: tuple[ir.Node, ...], scope: Scope) -> Written | None:
        """Run statements; return what a return gives, None where none is met."""
        for statement in body:
            if type(statement) is ir.Define:
                scope.names[statement.function.name] = Written(
                    Function(statement.function, scope), self.place(statement, scope)
                )
        for statement in body:
            handler = STATEMENTS.get(type(statement))
            found = handler(self, statement, scope) if handler else None
            if found is not None:
                return found
        return None

    def assign(self, node: Any, scope: Scope) -> None:
        self.bind(node.target, self.evaluate(node.value, scope), scope, declares=bool(node.kind))

    def bind(self, target: ir.Node, value: Written, scope: Scope, *, declares: bool = True) -> None:
        """Give the names of a pattern their values."""
        if isinstance(target, ir.Name):
            known = None if declares else scope.find(target.id)
            (known or scope).names[target.id] = value
        elif isinstance(target, (ir.Attribute, ir.Subscript)):
            self._put(target, value, scope)
        elif isinstance(target, ir.Default):
            missing = value.value is None
            value = self.evaluate(target.value, scope) if missing else value
            self.bind(target.pattern, value, scope, declares=declares)
        elif isinstance(target, ir.ObjectPattern):
            for key, pattern in target.items:
                name = "" if key is None else self.key(key, scope)
                part = value if key is None else self.member(value, name, value.place)
                self.bind(pattern, part, scope, declares=declares)
        elif isinstance(target, ir.Sequence):
            for index, pattern in enumerate(target.items):
                self.bind(pattern, self.member(value, str(index), value.place), scope, declares=declares)

    def _put(self, target: ir.Attribute | ir.Subscript, value: Written, scope: Scope) -> None:
        whole = self.evaluate(target.value, scope)
        key = target.name if isinstance(target, ir.Attribute) else self.key(target.index, scope)
        if isinstance(whole.value, dict) and key is not None:
            whole.value[key] = value

    def expression(self, node: Any, scope: Scope) -> None:
        self.evaluate(node.value, scope)

    def returned(self, node: Any, scope: Scope) -> Written:
        if node.value is None:
            return Written(None, self.place(node, scope))
        return self.evaluate(node.value, scope)

    def imports(self, node: Any, scope: Scope) -> None:
        place = self.place(node, scope)
        scope.names[node.name] = self.imported(node.module, node.member or "*", scope, place)

    def export(self, node: Any, scope: Scope) -> None:
        own = scope.names["%exports"]
        place = self.place(node, scope)
        if node.value is not None:
            own.value[node.name] = self.evaluate(node.value, scope)
        elif node.name == "*":
            whole = self.imported(node.module, "*", scope, place)
            own.value.update({k: v for k, v in whole.items() if k != "default"})
        else:
            own.value[node.name] = self.imported(node.module, node.member, scope, place)

    def branch(self, node: Any, scope: Scope) -> Written | None:
        test = standard.truth(self.evaluate(node.test, scope))
        if test is not None:
            return self.run(node.then if test else node.otherwise, scope)
        unknown = Written(self.open("what a condition decides", node, scope), self.place(node, scope))
        return self.blur((*node.then, *node.otherwise), unknown, scope)

    def blur(self, body: tuple[ir.Node, ...], unknown: Written, scope: Scope) -> Written | None:
        """Make open what statements assign that may not run; return it where they may return."""
        result: Written | None = None
        for statement in body:
            if isinstance(statement, ir.Return):
                result = unknown
            elif isinstance(statement, ir.Assign):
                self.bind(statement.target, unknown, scope, declares=bool(statement.kind))
            elif isinstance(statement, ir.If):
                inner = (*statement.then, *statement.otherwise)
                result = self.blur(inner, unknown, scope) or result
            elif isinstance(statement, ir.Expression) and isinstance(statement.value, ir.Assignment):
                self.bind(statement.value.target, unknown, scope, declares=False)
        return result

    def loop(self, node: Any, scope: Scope) -> Written | None:
        items = self.evaluate(node.iterable, scope).value if node.iterable else None
        if node.keys and isinstance(items, dict):
            items = [Written(key, part.place) for key, part in items.items()]
        if not isinstance(items, list) or node.target is None:
            unknown = Written(self.open("what a loop makes", node, scope), self.place(node, scope))
            return self.blur(node.body, unknown, scope)
        for item in items:
            self.bind(node.target, item, scope, declares=node.declares)
            found = self.run(node.body, scope)
            if found is not None:
                return found
        return None

    def attempt(self, node: Any, scope: Scope) -> Written | None:
        return self.run((*node.body, *node.final), scope)

    # -------------------------------------------------------------------------- expressions

    def evaluate(self, node: ir.Node, scope: Scope) -> Written:
        """Return an expression's value, open where only running tells."""
        self.steps += 1
        handler = EXPRESSIONS.get(type(node))
        if handler is None or self.steps > MOST_STEPS:
            return Written(self.open("what the program computes", node, scope), self.place(node, scope))
        return handler(self, node, scope)

    def open(self, what: str, node: ir.Node, scope: Scope) -> Open:
        """Return a value that is not known, saying which line makes it."""
        return Open(f"{what} in line {node.at[0]} of {scope.path}")

    def place(self, node: ir.Node, scope: Scope) -> Place:
        return Place(scope.path, *node.at)

    def constant(self, node: Any, scope: Scope) -> Written:
        return Written(node.value, self.place(node, scope))

    def name(self, node: Any, scope: Scope) -> Written:
        known = scope.find(node.id)
        if known is not None:
            return known.names[node.id]
        place = self.place(node, scope)
        if node.id in ("__dirname", "__filename"):
            here = f"{HOME}/{scope.path}"
            return Written(os.path.dirname(here) if node.id == "__dirname" else here, place)
        if node.id in standard.GLOBALS:
            return Written(Library(node.id), place)
        if node.id == "undefined":
            return Written(None, place)
        return Written(self.open(f"the name {node.id}", node, scope), place)

    def attribute(self, node: Any, scope: Scope) -> Written:
        whole = self.evaluate(node.value, scope)
        return self.member(whole, node.name, self.place(node, scope))

    def subscript(self, node: Any, scope: Scope) -> Written:
        whole = self.evaluate(node.value, scope)
        key = self.key(node.index, scope)
        if key is None:
            return Written(self.open("a part chosen", node, scope), self.place(node, scope))
        return self.member(whole, key, self.place(node, scope))

    def key(self, node: ir.Node, scope: Scope) -> str | None:
        """Return the name that a key has, None where it is not known."""
        value = self.evaluate(node, scope).value
        if is_special(value) or not isinstance(value, (str, int, float, bool)):
            return None
        return plain_text(value)

    def member(self, whole: Written, name: str | None, place: Place) -> Written:
        """Return a property of a value; a method of the language waits for its call."""
        value = whole.value
        if is_special(value) or name is None:
            return Written(value if isinstance(value, Open) else Open("a part of it"), place)
        if isinstance(value, Library):
            return Written(Environment("") if (value.name, name) == ("process", "env") else Library(f"{value.name}.{name}"), place)
        if isinstance(value, Environment):
            return Written(Environment(name), place) if not value.name else Written(Method(whole, name), place)
        found = whole.get(name)
        if found is not None:
            return found
        if name == "length" and isinstance(value, (str, list)):
            return Written(len(value), place)
        if isinstance(value, str) and name.isdecimal() and int(name) < len(value):
            return Written(value[int(name)], place)
        return Written(Method(whole, name) if name in standard.METHODS else None, place)

    def dictionary(self, node: Any, scope: Scope) -> Written:
        place = self.place(node, scope)
        found: dict[str, Written] = {}
        for key, item in node.items:
            value = self.evaluate(item, scope)
            if key is None:
                found.update(self._spread(value, item, scope))
                continue
            name = self.key(key, scope)
            if name is None:
                name = f"<unknown key in line {key.at[0]}>"
            found[name] = self._entry(value, key, item, scope)
        return Written(found, place)

    def _spread(self, value: Written, node: ir.Node, scope: Scope) -> dict[str, Written]:
        """Return what a spread adds; where that is not known, one entry says so."""
        if isinstance(value.value, dict):
            return dict(value.value)
        if value.value is None or value.value is False:
            return {}
        reason = value.value if isinstance(value.value, Open) else self.open("a spread", node, scope)
        return {f"<spread in line {node.at[0]}>": Written(reason, self.place(node, scope))}

    def _entry(self, value: Written, key: ir.Node, item: ir.Node, scope: Scope) -> Written:
        """Let a collection that is written here begin at its key."""
        if isinstance(value.value, (dict, list)) and type(item) in (ir.Dictionary, ir.Sequence):
            return Written(value.value, Place(scope.path, *key.at[:2], *item.at[2:]))
        return value

    def sequence(self, node: Any, scope: Scope) -> Written:
        found: list[Written] = []
        for item in node.items:
            if not isinstance(item, ir.Spread):
                found.append(self.evaluate(item, scope))
                continue
            value = self.evaluate(item.value, scope)
            if isinstance(value.value, list):
                found += value.value
            elif value.value is not None:
                found.append(Written(self.open("a spread", item, scope), value.place))
        return Written(found, self.place(node, scope))

    def format(self, node: Any, scope: Scope) -> Written:
        pieces = [part if isinstance(part, str) else self.evaluate(part, scope).value for part in node.parts]
        return Written(text([standard.shown(piece) for piece in pieces]), self.place(node, scope))

    def operation(self, node: Any, scope: Scope) -> Written:
        place = self.place(node, scope)
        if node.operator in ("or", "and", "??"):
            return self._either(node, scope)
        values = [self.evaluate(operand, scope) for operand in node.operands]
        if node.operator == ",":
            return values[-1]
        found = standard.operated(node.operator, [value.value for value in values])
        unknown = self.open("what is computed", node, scope)
        return Written(unknown if found is None else found, place)

    def _either(self, node: Any, scope: Scope) -> Written:
        found = Written(None, self.place(node, scope))
        for index, operand in enumerate(node.operands):
            found = self.evaluate(operand, scope)
            if index == len(node.operands) - 1:
                break
            if isinstance(found.value, Environment) and node.operator != "and":
                return self._environment(found.value, node, index, scope)
            ends = standard.ends(node.operator, found)
            if ends is None:
                return Written(self.open("what a condition decides", node, scope), found.place)
            if ends:
                break
        return found

    def _environment(self, asked: Environment, node: Any, index: int, scope: Scope) -> Written:
        """Return an environment variable with its default, which counts where nothing sets it."""
        rest = node.operands[index + 1 :]
        value = self.evaluate(rest[0] if len(rest) == 1 else ir.Operation(node.at, node.operator, rest), scope)
        if isinstance(value.value, str) and not set(value.value) & set("'\"$\\"):
            return Written(asked.variable(value.value), value.place)
        return value

    def compare(self, node: Any, scope: Scope) -> Written:
        both = [self.evaluate(one, scope).value for one in (node.left, node.right)]
        found = standard.compared(node.operator, *both)
        unknown = self.open("a comparison", node, scope)
        return Written(unknown if found is None else found, self.place(node, scope))

    def negated(self, node: Any, scope: Scope) -> Written:
        test = standard.truth(self.evaluate(node.value, scope))
        unknown = self.open("a condition", node, scope)
        return Written(unknown if test is None else not test, self.place(node, scope))

    def conditional(self, node: Any, scope: Scope) -> Written:
        test = standard.truth(self.evaluate(node.test, scope))
        if test is not None:
            return self.evaluate(node.then if test else node.otherwise, scope)
        both = [finished(self.evaluate(one, scope)) for one in (node.then, node.otherwise)]
        if any(isinstance(one.value, (dict, list)) for one in both):
            return Written(self.open("what a condition decides", node, scope), self.place(node, scope))
        return Written(choice([((), one.value) for one in both]), self.place(node, scope))

    def function(self, node: Any, scope: Scope) -> Written:
        return Written(Function(node, scope), self.place(node, scope))

    def awaited(self, node: Any, scope: Scope) -> Written:
        return self.evaluate(node.value, scope)

    def assignment(self, node: Any, scope: Scope) -> Written:
        value = self.evaluate(node.value, scope)
        self.bind(node.target, value, scope, declares=False)
        return value

    # -------------------------------------------------------------------------------- calls

    def called(self, node: Any, scope: Scope) -> Written:
        place = self.place(node, scope)
        arguments = self._arguments(node, scope)
        if isinstance(node.function, ir.Name) and node.function.id in ("require", "import"):
            known = arguments[0].value if arguments else None
            if isinstance(known, str):
                return self.required(known, scope, place)
        function = self.evaluate(node.function, scope)
        if isinstance(function.value, Function):
            return self.call(function, arguments)
        found = None if node.new else self.applied(function.value, arguments, place)
        if found is not None:
            return found
        if isinstance(function.value, Open):
            return Written(function.value, place)
        return Written(self.open("what a call gives", node, scope), place)

    def _arguments(self, node: Any, scope: Scope) -> list[Written]:
        found: list[Written] = []
        for argument in node.arguments:
            value = self.evaluate(argument.value, scope)
            if argument.name == "*" and isinstance(value.value, list):
                found += value.value
            else:
                found.append(value)
        return found

    def applied(self, function: Any, arguments: list[Written], place: Place) -> Written | None:
        """Return what a function of the language gives, None where that is not known."""
        if isinstance(function, Library):
            if function.name == "process.cwd":
                return Written(f"{HOME}/{self.folder}".rstrip("/"), place)
            return standard.library(function.name, arguments, place)
        if isinstance(function, Method):
            return standard.method(function.of, function.name, arguments, place, self.call)
        return None

    def call(self, function: Written, arguments: list[Written]) -> Written:
        """Return what a function of the program gives; arguments that are missing are open."""
        known = function.value
        if not isinstance(known, Function):
            found = self.applied(known, arguments, function.place)
            return found or Written(Open("what a call gives"), function.place)
        if self.depth > DEEPEST or known.node.is_generator:
            return Written(self.open("what calls give", known.node, known.scope), function.place)
        self.depth += 1
        scope = Scope(known.scope.path, {}, known.scope)
        for index, parameter in enumerate(known.node.parameters):
            self._pass(parameter, arguments, index, scope)
        found = self.run(known.node.body, scope)
        self.depth -= 1
        return found or Written(None, function.place)

    def _pass(self, parameter: Any, arguments: list[Written], index: int, scope: Scope) -> None:
        place = self.place(parameter.pattern, scope)
        if parameter.kind == "*":
            value = Written(arguments[index:], place)
        elif index < len(arguments):
            value = arguments[index]
        elif parameter.default is not None:
            value = self.evaluate(parameter.default, scope)
        else:
            value = Written(Open("an argument that the framework passes"), place)
        self.bind(parameter.pattern, value, scope)


def _bytes(path: File, shown: str) -> bytes:
    from checkrein import files
    from checkrein.notation import decode

    try:
        return decode(files.content(path), shown).encode()
    except OSError as error:
        raise InputError(f"the file cannot be opened ({error.strerror})", shown) from None


STATEMENTS: dict[type[ir.Node], Any] = {
    ir.Assign: Evaluation.assign,
    ir.Expression: Evaluation.expression,
    ir.Return: Evaluation.returned,
    ir.Import: Evaluation.imports,
    ir.Export: Evaluation.export,
    ir.If: Evaluation.branch,
    ir.Loop: Evaluation.loop,
    ir.Try: Evaluation.attempt,
}
EXPRESSIONS: dict[type[ir.Node], Any] = {
    ir.Constant: Evaluation.constant,
    ir.Name: Evaluation.name,
    ir.Attribute: Evaluation.attribute,
    ir.Subscript: Evaluation.subscript,
    ir.Dictionary: Evaluation.dictionary,
    ir.Sequence: Evaluation.sequence,
    ir.Format: Evaluation.format,
    ir.Operation: Evaluation.operation,
    ir.Compare: Evaluation.compare,
    ir.Not: Evaluation.negated,
    ir.Conditional: Evaluation.conditional,
    ir.Lambda: Evaluation.function,
    ir.Await: Evaluation.awaited,
    ir.Assignment: Evaluation.assignment,
    ir.Call: Evaluation.called,
}
