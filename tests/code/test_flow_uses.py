"""Where values are used in a way that can go wrong: through promises, wrappers and options."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from checkrein.code import analyse
from checkrein.model import Code, Function

FILES = {"python": "app.py", "javascript": "app.js"}


def uses(root: Path, language: str, text: str) -> dict[str, dict[str, str]]:
    """Return the arguments that flow, as text, of each use, by what is called."""
    file = FILES[language]
    (root / file).write_text(dedent(text))
    function = Function(
        id="t/F",
        runtime="",
        language=language,
        handler="app.handler",
        code=Code(folder=".", file=file),
    )
    return {
        call.operation: {a.path: str(a.value) for a in call.arguments}
        for call in analyse(root, function).calls
        if call.kind == "use"
    }


@pytest.mark.parametrize(
    "run",
    [
        "open().then(connection => connection.query(event.a))",
        "open().then(ask.bind(null, event.a))",
        "const bound = ask.bind(null, event.a); open().then((it) => bound(it))",
        "open().catch(fail).then((it) => it.query(event.a)).finally(done)",
        "(await open()).query(event.a)",
    ],
)
def test_what_a_library_made_comes_through_promises(tmp_path: Path, run: str) -> None:
    text = f"""
        const mysql = require("mysql");
        const open = () => new Promise((resolve) => resolve(mysql.createConnection()));
        const ask = (text, connection) => connection.query(text);
        const fail = () => null, done = () => null;
        exports.handler = async (event) => {{ {run}; }};
    """
    name = "mysql.createConnection().query"
    assert uses(tmp_path, "javascript", text) == {name: {"statement": "${event.a}"}}


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("db.query('select ' + event['a'])", True),
        ("db.query('  SELECT\\n*' + event['a'])", True),
        ("db.execute(f'with a as (select {event}) select')", True),
        ("db.query(event['a'])", False),
        ("db.query('selection ' + event['a'])", False),
        ("db.run('update ' + event['a'])", True),
        ("db.run('update of ' + event['a'])", False),
        ("db.get('delete ' + event['a'])", False),
    ],
)
def test_an_unknown_receiver_counts_by_its_statement(
    tmp_path: Path, call: str, *, expected: bool
) -> None:
    text = f"def handler(event, context):\n    from ours import db\n    {call}\n"
    assert bool(uses(tmp_path, "python", text)) is expected


def test_something_of_a_library_is_given_by_its_name(tmp_path: Path) -> None:
    text = """
        import yaml
        def handler(event, context):
            yaml.load(event["a"], Loader=yaml.SafeLoader)
    """
    assert uses(tmp_path, "python", text) == {
        "yaml.load": {"stream": "${event.a}", "with.Loader": "yaml.SafeLoader"}
    }


@pytest.mark.parametrize(
    ("test", "harmless"),
    [
        ("if (KEYS.indexOf(x) === -1) return;", True),
        ("if (KEYS.indexOf(x) < 0) return;", True),
        ("if (KEYS.indexOf(x) !== -1) return;", False),
        ("if (!COLUMNS[x]) return;", True),
        ("if (COLUMNS[x]) return;", False),
        ("if (!event[x]) return;", False),
        ("if (/^[a-z]+$/.test(x) === false) return;", True),
        ("if (/^[a-z]+$/.test(x) === true) return;", False),
        ("if (x.match(/^[a-z]+$/) == null) return;", True),
        ("if (x === event.b) return;", False),
    ],
)
def test_guards_of_javascript(tmp_path: Path, test: str, *, harmless: bool) -> None:
    text = f"""
        const KEYS = ["a", "b"], COLUMNS = {{ a: "x", b: "y" }};
        exports.handler = async (event) => {{
          const x = event.a;
          {test}
          eval(x);
        }};
    """
    assert passes(tmp_path, "javascript", text) is harmless


@pytest.mark.parametrize(
    ("test", "harmless"),
    [
        ("re.fullmatch('[a-z]+', x) is None", True),
        ("re.fullmatch('[a-z]+', x) is not None", False),
        ("re.match('[a-z]+', x) is None", False),
        ("x.isalnum() is False", True),
        ("x.isalnum() == 0", False),
    ],
)
def test_guards_of_python(tmp_path: Path, test: str, *, harmless: bool) -> None:
    text = f"""
        import re
        COLUMNS = {{"a": "x"}}
        def handler(event, context):
            x = event["a"]
            if {test}:
                return
            eval(x)
    """
    assert passes(tmp_path, "python", text) is harmless


def passes(root: Path, language: str, text: str) -> bool:
    """Tell whether what reaches the only use is harmless for it."""
    file = FILES[language]
    (root / file).write_text(dedent(text))
    function = Function(
        id="t/F",
        runtime="",
        language=language,
        handler="app.handler",
        code=Code(folder=".", file=file),
    )
    found = [
        families
        for call in analyse(root, function).calls
        for argument in call.arguments
        for families in argument.harmless
        if call.kind == "use"
    ]
    return bool(found) and all({"code", "all"} & {*families} for families in found)


@pytest.mark.parametrize("method", ["findOne", "find", "aggregate"])
def test_what_a_database_holds_is_not_what_it_was_asked_for(tmp_path: Path, method: str) -> None:
    text = f"""
        const User = require("mongoose").model("User", {{}});
        const mail = require("nodemailer").createTransport();
        exports.handler = async (event) => {{
            const found = await User.{method}({{ name: event.name }}).lean();
            await mail.sendMail({{ to: found.mail, html: `<p>${{found.name}}</p>`, text: event.text }});
        }};
        """
    found = uses(tmp_path, "javascript", text)
    (sent,) = [arguments for name, arguments in found.items() if name.endswith("sendMail")]
    assert "event.name" not in str(sent)
    assert "event.text" in str(sent)
