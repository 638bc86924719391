"""How a program is written changes nothing of what it does with data.

Small handlers are generated step by step, and written in two ways: with other names, with steps
extracted into functions, with these in another file, sync or async. What reaches calls, with all
that flowed in and what it is harmless for, is the same.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkrein import pipeline
from checkrein.code import analyse
from checkrein.model import Argument, Code, Function

Step = tuple[str, int, int]  # what it does, and the values that it takes, counted backwards
Seen = frozenset[tuple[object, ...]]

MADE = {  # steps that make a value of one or two others
    "field": ('{0}["body"]', "{0}.body"),
    "other field": ('{0}["headers"]', "{0}.headers"),
    "get": ('{0}.get("body", "x")', '({0}.body || "x")'),
    "text": ('f"{{{0}}}-{{{1}}}"', "`${{{0}}}-${{{1}}}`"),
    "sum": ('{0} + "x"', '{0} + "x"'),
    "list": ("[{0}, {1}]", "[{0}, {1}]"),
    "item": ("{0}[0]", "{0}[0]"),
    "dict": ('{{"name": {0}, "other": {1}}}', "{{ name: {0}, other: {1} }}"),
    "choice": ("{0} if {1} else 1", "{1} ? {0} : 1"),
    "map": ("[one for one in {0}]", "{0}.map((one) => one)"),
    "parse": ("json.loads({0})", "JSON.parse({0})"),
    "number": ("int({0})", "Number({0})"),
    "escape": ("html.escape({0})", "encodeURIComponent({0})"),
    "read": (
        'table.get_item(Key={{"id": {0}}})["Item"]',
        'table.getItem({{ TableName: "t", Key: {{ id: {0} }} }}).Item',
    ),
}
DONE = {  # steps that do something with a value
    "put": (
        'table.put_item(Item={{"a": {0}}})',
        'table.putItem({{ TableName: "t", Item: {{ a: {0} }} }})',
    ),
    "log": ("print({0})", "console.log({0})"),
    "run": ("os.system({0})", "child_process.exec({0})"),
    "send": (
        'requests.post("https://x.io", json={{"a": {0}}})',
        'axios.post("https://x.io", {{ a: {0} }})',
    ),
}
TESTED = {  # tests that end the handler where they do not hold, and tell something of a symbol
    "digits": ("{0}.isdigit()", "/^[0-9]+$/.test({0})"),
}
FIELDS = ("field", "other field")
STEPS = st.lists(
    st.tuples(st.sampled_from([*MADE, *DONE, *TESTED]), st.integers(0, 3), st.integers(0, 3)),
    min_size=3,
    max_size=9,
)
HEADS = (
    (
        "import asyncio, html, json, os, boto3, requests\n"
        'table = boto3.resource("dynamodb").Table("t")\n'
    ),
    (
        'import axios from "axios";\nimport child_process from "child_process";\n'
        'import {{ DynamoDBDocument }} from "@aws-sdk/lib-dynamodb";\n'
        "const table = DynamoDBDocument.from({{}});\n"
    ),
)


class Style(NamedTuple):
    """How a program is written."""

    names: str = "value"
    extracted: bool = False
    split: bool = False
    waits: bool = False


class Python:
    """Writes a handler in Python."""

    language = 0
    file, other, ending = "app.py", "other.py", ".py"

    def function(self, name: str, taken: list[str], body: str, style: Style) -> str:
        word = "async def" if style.waits else "def"
        return f"{word} {name}({', '.join(taken)}):\n    {body}\n"

    def returned(self, value: str) -> str:
        return f"return {value}"

    def called(self, name: str, taken: list[str], style: Style) -> str:
        return f"{'await ' if style.waits else ''}{name}({', '.join(taken)})"

    def assigned(self, name: str, value: str) -> str:
        return f"{name} = {value}"

    def unless(self, test: str) -> str:
        return f"if not {test}:\n        return"

    def handler(self, names: str, lines: list[str], style: Style) -> str:
        body = "".join(f"    {line}\n" for line in [self.assigned(f"{names}0", "event"), *lines])
        if not style.waits:
            return f"def handler(event, context):\n{body}"
        return (
            f"async def main(event):\n{body}\n"
            "def handler(event, context):\n    return asyncio.run(main(event))\n"
        )

    def program(self, functions: str, handler: str, style: Style) -> dict[str, str]:
        head = HEADS[0]
        if not style.split:
            return {self.file: head + functions + handler}
        return {self.file: f"{head}from other import *\n{handler}", self.other: head + functions}


class JavaScript(Python):
    """Writes a handler in JavaScript."""

    language = 1
    file, other, ending = "app.mjs", "other.mjs", ".mjs"

    def function(self, name: str, taken: list[str], body: str, style: Style) -> str:
        word = "async function" if style.waits else "function"
        return f"export {word} {name}({', '.join(taken)}) {{ {body}; }}\n"

    def assigned(self, name: str, value: str) -> str:
        return f"const {name} = {value}"

    def unless(self, test: str) -> str:
        return f"if (!({test})) return"

    def handler(self, names: str, lines: list[str], style: Style) -> str:
        body = "".join(f"  {line};\n" for line in [self.assigned(f"{names}0", "event"), *lines])
        word = "async " if style.waits else ""
        return f"export const handler = {word}(event) => {{\n{body}}};\n"

    def program(self, functions: str, handler: str, style: Style) -> dict[str, str]:
        head = HEADS[1].format()
        if not style.split:
            return {self.file: head + functions + handler}
        used = sorted(
            {word.partition("(")[0] for word in functions.split() if word.startswith("f_")}
        )
        imported = f'import {{ {", ".join(used)} }} from "./other.mjs";\n'
        return {self.file: head + imported + handler, self.other: head + functions}


def written(writer: Python, steps: list[Step], style: Style) -> dict[str, str]:
    """Write a handler of some steps: each takes values that steps before it made."""
    made, lines, functions = 1, [], ""
    fields = [f"{style.names}0"]  # the event, and what is read of it as it stands there
    for number, (kind, first, second) in enumerate(steps):
        taken = [f"{style.names}{made - 1 - at % made}" for at in (first, second)]
        if kind in TESTED:  # of a value that is made of others, a function's test tells nothing
            taken = [fields[first % len(fields)]] * 2
        template = {**MADE, **DONE, **TESTED}[kind][writer.language]
        expression = template.format(*taken)
        if style.extracted:
            body = expression if kind in DONE else writer.returned(expression)
            unique = list(dict.fromkeys(taken))
            functions += writer.function(f"f_{number}", unique, body, style)
            expression = writer.called(f"f_{number}", unique, style)
        if kind in MADE:
            lines.append(writer.assigned(f"{style.names}{made}", expression))
            fields += [f"{style.names}{made}"] if kind in FIELDS and taken[0] in fields else []
            made += 1
        else:
            lines.append(expression if kind in DONE else writer.unless(expression))
    return writer.program(functions, writer.handler(style.names, lines, style), style)


def seen(writer: Python, files: dict[str, str]) -> Seen:
    """Analyse a program; say what reaches its calls, whose results are named by what they ask.

    What is harmless for every use may be known as one of some constants, or be said to be harmless.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, text in files.items():
            (root / name).write_text(text)
        language = "javascript" if writer.language else "python"
        code = Code(folder=".", file=writer.file)
        function = Function(
            id="t/F", runtime="", language=language, handler="app.handler", code=code
        )
        found = analyse(root, function)
    assert found.partial == ""
    asked = {
        f"call:{at}": f"{call.service} {call.operation}" for at, call in enumerate(found.calls)
    }
    said = [
        (call.kind, call.service, call.operation, one.path, _flowing(one, asked))
        for call in found.calls
        for one in call.arguments
    ]
    return frozenset(one for one in said if one[0] != "use" or one[-1])


def _flowing(one: Argument, asked: dict[str, str]) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    marks = one.harmless or ((),) * len(one.sources)
    return tuple(
        sorted(
            (asked.get(source.owner, source.owner), source.attribute, harmless)
            for source, harmless in zip(one.sources, marks, strict=True)
            if harmless != ("all",)
        )
    )


WRITERS = [pytest.param(Python(), id="python"), pytest.param(JavaScript(), id="javascript")]
WAYS = {
    "renaming": Style(names="thing"),
    "extracting": Style(extracted=True),
    "splitting": Style(extracted=True, split=True),
    "waiting": Style(waits=True),
    "all": Style("thing", extracted=True, split=True, waits=True),
}


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=20, deadline=None)
@given(STEPS)
def test_how_it_is_written_changes_nothing(writer: Python, way: str, steps: list[Step]) -> None:
    plain = seen(writer, written(writer, steps, Style()))
    other = seen(writer, written(writer, steps, WAYS[way]))
    assert other == plain


TEMPLATE = """Resources:
  F:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: {runtime}
      Handler: app.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: .
  Url:
    Type: AWS::Lambda::Url
    Properties: {{TargetFunctionArn: !GetAtt F.Arn, AuthType: NONE}}
"""


def found(writer: Python, files: dict[str, str]) -> set[tuple[str, str]]:
    """Scan a program behind a public URL; say what the checks of code find."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        runtime = "nodejs24.x" if writer.language else "python3.14"
        (root / "template.yaml").write_text(TEMPLATE.format(runtime=runtime))
        for name, text in files.items():
            (root / name).write_text(text)
        verdicts = pipeline.scan((root,)).verdicts
    return {(verdict.check, one.message) for verdict in verdicts for one in verdict.findings}


ALWAYS = [("field", 0, 0), ("text", 0, 0), ("run", 0, 0)]  # so that there is something to find


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=6, deadline=None)
@given(STEPS)
def test_how_it_is_written_changes_no_finding(writer: Python, way: str, steps: list[Step]) -> None:
    plain = found(writer, written(writer, [*ALWAYS, *steps], Style()))
    assert "command-injection" in {check for check, _ in plain}
    assert found(writer, written(writer, [*ALWAYS, *steps], WAYS[way])) == plain
