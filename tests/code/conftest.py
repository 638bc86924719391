"""The IR written as short pseudo-code, so that a test states a whole tree in one line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from checkrein.code import analyse, ir
from checkrein.code.lowering import lower
from checkrein.model import Argument, Code, Function, Summary


@pytest.fixture(scope="session")
def lowered() -> Callable[[str, str], str]:
    """Give what a text in a language is lowered to, a statement a line."""
    return _lowered


def _lowered(text: str, language: str) -> str:
    module = lower(text.encode(), language, "app")
    lines = [render(statement) for statement in module.body]
    if module.errors:
        lines.append(f"errors {list(module.errors)}")
    return "\n".join(lines)


def render(node: ir.Node | None) -> str:
    return "-" if node is None else _RENDER[type(node)](node)


def _all(nodes: Iterable[ir.Node], between: str = ", ") -> str:
    return between.join([render(node) for node in nodes])


def _block(nodes: Iterable[ir.Node]) -> str:
    return "{" + _all(nodes, "; ") + "}"


def _keyed(items: Iterable[tuple[ir.Node | None, ir.Node]]) -> str:
    shown = [f"{render(key)}: {render(one)}" if key else f"**{render(one)}" for key, one in items]
    return "{" + ", ".join(shown) + "}"


def _argument(one: ir.Keyword) -> str:
    return (one.name if one.name in ("", "*", "**") else f"{one.name}=") + render(one.value)


def _call(node: ir.Call) -> str:
    given = ", ".join([_argument(one) for one in node.arguments])
    return ("new " if node.new else "") + f"{render(node.function)}({given})"


def _sequence(node: ir.Sequence) -> str:
    shape = {"list": "[…]", "tuple": "(…)", "set": "{…}"}[node.kind]
    return shape.replace("…", _all(node.items))


def _format(node: ir.Format) -> str:
    parts = [repr(part) if isinstance(part, str) else render(part) for part in node.parts]
    return "f(" + " ".join(parts) + ")"


def _comprehension(node: ir.Comprehension) -> str:
    clauses = [
        f" for {render(target)} in {render(iterable)}"
        + "".join([f" if {render(t)}" for t in tests])
        for target, iterable, tests in node.clauses
    ]
    return f"{node.kind}({render(node.body)}{''.join(clauses)})"


def _parameter(one: ir.Parameter) -> str:
    decorators = "".join([f"@{render(each)} " for each in one.decorators])
    annotation = f": {one.annotation}" if one.annotation else ""
    default = f"={render(one.default)}" if one.default else ""
    return f"{decorators}{one.kind}{render(one.pattern)}{annotation}{default}"


def _lambda(node: ir.Lambda) -> str:
    decorators = "".join([f"@{render(each)} " for each in node.decorators])
    kind = ("async " if node.is_async else "") + "def" + ("*" if node.is_generator else "")
    parameters = ", ".join([_parameter(one) for one in node.parameters])
    return f"{decorators}{kind} {node.name}({parameters}) {_block(node.body)}"


def _class(node: ir.ClassExpression) -> str:
    decorators = "".join([f"@{render(each)} " for each in node.decorators])
    members = [f"{render(key)} = {render(value)}" for key, value in node.fields]
    for name, function, kind in node.methods:
        members.append(f"{kind} {name}: {render(function)}".lstrip())
    bases = _all(node.bases)
    return f"{decorators}class {node.name}({bases}) " + "{" + "; ".join(members) + "}"


def _loop(node: ir.Loop) -> str:
    if node.target is None:
        return f"while {render(node.test)} {_block(node.body)}"
    word = "let " if node.declares else ""
    joint = "keys" if node.keys else "in"
    return f"for {word}{render(node.target)} {joint} {render(node.iterable)} {_block(node.body)}"


def _try(node: ir.Try) -> str:
    handlers = "".join([f" except {one.name or '-'} {_block(one.body)}" for one in node.handlers])
    final = f" finally {_block(node.final)}" if node.final else ""
    return f"try {_block(node.body)}{handlers}{final}"


def _if(node: ir.If) -> str:
    otherwise = f" else {_block(node.otherwise)}" if node.otherwise else ""
    return f"if {render(node.test)} {_block(node.then)}{otherwise}"


def _export(node: ir.Export) -> str:
    if node.value is not None:
        return f"export {node.name} = {render(node.value)}"
    return f"export {node.name} = {node.module} / {node.member}"


_RENDER: dict[type[ir.Node], Callable[..., str]] = {
    ir.Constant: lambda n: n.value if n.kind == "regex" else repr(n.value),
    ir.Name: lambda n: n.id or "<hole>",
    ir.Attribute: lambda n: f"{render(n.value)}{'?.' if n.optional else '.'}{n.name}",
    ir.Subscript: lambda n: f"{render(n.value)}[{render(n.index)}]",
    ir.Slice: lambda n: _all(n.parts, ":") + (":" if len(n.parts) == 1 else ""),
    ir.Call: _call,
    ir.Dictionary: lambda n: _keyed(n.items),
    ir.ObjectPattern: lambda n: "pattern" + _keyed(n.items),
    ir.Default: lambda n: f"{render(n.pattern)} or {render(n.value)}",
    ir.Sequence: _sequence,
    ir.Spread: lambda n: f"*{render(n.value)}",
    ir.Format: _format,
    ir.Operation: lambda n: f"({n.operator}" + "".join([f" {render(o)}" for o in n.operands]) + ")",
    ir.Compare: lambda n: f"({n.operator} {render(n.left)} {render(n.right)})",
    ir.Not: lambda n: f"(not {render(n.value)})",
    ir.Conditional: lambda n: f"({render(n.test)} ? {render(n.then)} : {render(n.otherwise)})",
    ir.Assignment: lambda n: f"({render(n.target)} := {render(n.value)})",
    ir.Comprehension: _comprehension,
    ir.Await: lambda n: f"await {render(n.value)}",
    ir.Yield: lambda n: f"yield {render(n.value)}",
    ir.Lambda: _lambda,
    ir.ClassExpression: _class,
    ir.Assign: lambda n: f"{n.kind} {render(n.target)} = {render(n.value)}".lstrip(),
    ir.Expression: lambda n: render(n.value),
    ir.Return: lambda n: f"return {render(n.value)}",
    ir.Raise: lambda n: f"raise {render(n.value)}",
    ir.If: _if,
    ir.Loop: _loop,
    ir.Try: _try,
    ir.Define: lambda n: render(n.function),
    ir.DefineClass: lambda n: render(n.definition),
    ir.Import: lambda n: f"import {n.name or '-'} = {n.module} / {n.member or '-'}",
    ir.Export: _export,
    ir.Outer: lambda n: f"{n.kind} {', '.join(n.names)}",
    ir.Annotation: lambda n: f"{n.name}: -",
    ir.Break: lambda n: "continue" if n.continues else "break",
    ir.Switch: lambda n: f"switch {_block(n.body)}",
}


@pytest.fixture
def analysed(tmp_path: Path) -> Callable[..., Summary]:
    """Give the summary of a program of some files, the first of which has the handler."""

    def of(files: dict[str, str], handler: str = "app.handler") -> Summary:
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
        first = next(iter(files))
        language = "python" if first.endswith(".py") else "javascript"
        folder = "src" if first.startswith("src/") else "."
        layers = ("layer",) if (tmp_path / "layer").exists() else ()
        code = Code(folder=folder, file=first, layers=layers)
        function = Function(id="t/F", runtime="", language=language, handler=handler, code=code)
        found = analyse(tmp_path, function)
        assert found.partial == ""
        return found

    return of


@pytest.fixture
def stored(analysed: Callable[..., Summary]) -> Callable[..., list[Argument]]:
    """Give what a program of some files puts as ``email`` into a table."""

    def of(files: dict[str, str], handler: str = "app.handler") -> list[Argument]:
        return [
            one
            for call in analysed(files, handler).calls
            if call.operation == "PutItem"
            for one in call.arguments
            if one.path == "Item.email"
        ]

    return of


def seen(found: Summary) -> list[str]:
    """Give what a summary says, as ``claims`` writes it."""
    said = [f"route {route.method} {route.path}" for route in found.routes]
    for call in found.calls:
        for one in call.arguments:
            if call.kind == "response":
                said.append(f"{one.path} {one.value}")
            elif one.path.startswith("Item.email"):
                said += [f"email {source.attribute}" for source in one.sources]
    return said


def claims(groups: dict[str, str]) -> list[object]:
    """Give each program of some texts, and what the line before it claims."""
    found: list[object] = []
    for group, text in groups.items():
        parts = re.split(r"^## (.*)\n", text, flags=re.MULTILINE)[1:]
        for line, body in zip(parts[::2], parts[1::2], strict=True):
            name, *claimed = line.split(" | ")
            found.append(pytest.param(body, claimed, id=f"{group} {name}"))
    return found


def programs(*texts: tuple[str, str]) -> list[object]:
    """Give each program of some texts with its file, and whether its field arrives as it is.

    Before a program stands ``## its name``, with a ``~`` where more may arrive than the field.
    """
    found: list[object] = []
    for file, text in texts:
        parts = re.split(r"^## (.*)\n", text, flags=re.MULTILINE)[1:]
        for name, body in zip(parts[::2], parts[1::2], strict=True):
            exactly = not name.endswith(" ~")
            found.append(pytest.param(file, body, exactly, id=f"{file[4:]} {name}"))
    return found
