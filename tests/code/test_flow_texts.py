"""What happens to texts: what is replaced in them, and what is left."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from checkrein.code import analyse
from checkrein.model import Code, Function, Open, Symbol, Text

EVENT = {name: Symbol("event", name) for name in ("id", "name")}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("""json.loads(json.dumps(item).replace("'", '"'))""", {"a": EVENT["id"]}),
        ("""re.sub(r"\\s+", " ", json.dumps(item))""", {"a": EVENT["id"]}),
        ("""event["id"].replace("-", event["name"])""", {"": EVENT["id"]}),
        ("""re.sub("a", "b", event["id"])""", {"": EVENT["id"]}),
        ("""os.environ["TABLE"].replace("-", "_")""", {"": Open("not known")}),
        (
            """"Dear NAME!".replace("NAME", event["name"])""",
            {"": Text(("Dear ", EVENT["name"], "!"))},
        ),
        (""""a-b".replace("-", "_")""", {"": "a_b"}),
    ],
)
def test_what_is_replaced_keeps_its_content(
    tmp_path: Path, code: str, expected: dict[str, object]
) -> None:
    text = f"""
        import json, os, re
        def handler(event, context):
            item = {{"a": event["id"]}}
            return {code}
        """
    (tmp_path / "app.py").write_text(dedent(text))
    function = Function(
        id="t/F",
        runtime="",
        language="python",
        handler="app.handler",
        code=Code(folder=".", file="app.py"),
    )
    (response,) = analyse(tmp_path, function).calls
    assert {a.path: a.value for a in response.arguments} == expected
