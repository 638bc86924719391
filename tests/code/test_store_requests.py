"""What goes into which column, and which column says whose a row is, as libraries are given it."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.code import analyse
from checkrein.model import CallSite, Code, Function

HEADS = {
    "python": "import pymysql\ndb = pymysql.connect(host='db.shop.test').cursor()\n"
    "def handler(event, context):\n    ",
    "javascript": "const { Pool } = require('pg'); const db = new Pool({ host: 'db.shop.test' });\n"
    "exports.handler = async (event) => { ",
    "mongoose": "const mongoose = require('mongoose');\n"
    "const T = mongoose.model('t', new mongoose.Schema({ a: String }));\n"
    "exports.handler = async (event) => { ",
}


def asked(root: Path, language: str, line: str) -> list[str]:
    """Return a function's requests to stores, each with what comes from the event where."""
    file = "app.py" if language == "python" else "app.js"
    (root / file).write_text(HEADS[language] + line + (" }" if file.endswith("js") else ""))
    code = Code(folder=".", file=file)
    spoken = "python" if language == "python" else "javascript"
    function = Function(id="t/F", runtime="", language=spoken, handler="app.handler", code=code)
    sites = analyse(root, function).calls
    return [
        shown(each) for each in sites if each.service == "database" and each.operation != "Define"
    ]


def shown(site: CallSite) -> str:
    parts = [
        f"{argument.path}<{'+'.join(source.attribute for source in argument.sources)}"
        for argument in site.arguments
        if argument.path.startswith(("Item", "Key")) and argument.sources
    ]
    return " ".join((site.operation, *sorted(parts)))


PYTHON = [
    ("db.execute('INSERT INTO t (a, b) VALUES (%s, %s)', (event['x'], event['y']))", "Insert Item.t.a<x Item.t.b<y"),
    ("db.execute('INSERT INTO t (a, b) VALUES (%s, %s)', [1, event['y']])", "Insert Item.t.b<y"),
    ("db.execute('UPDATE t SET a = %(n)s WHERE id = %(i)s', {'n': event['x'], 'i': event['y']})", "Update Item.t.a<x Key.t.id<y"),
    ("db.execute('UPDATE t SET a = %(n)s WHERE id = %(i)s', event)", "Update Item.t.a<n Key.t.id<i"),
    ("db.execute(f\"UPDATE t SET a = 1 WHERE id = '{event['y']}'\")", "Update Key.t.id<y"),
    ("db.executemany('INSERT INTO t (a, b) VALUES (%s, %s)', [(event['x'], 1), (2, event['y'])])", "Insert Item.t.a<x Item.t.b<y"),
    ("db.execute('SELECT a FROM t WHERE id = %s', event['y'])", "Select Key.t.id<y"),
    ("db.execute('SELECT a FROM t WHERE id = %s AND b = %s', (1, event['y']))", "Select Key.t.b<y"),
    ("db.executemany('INSERT INTO t (a) VALUES (%s)', [(each['x'],) for each in event['l']])", "Insert Item.t.a<l[].x"),
    ("db.execute('SELECT a FROM t WHERE id = %s', (event['x'],) if event['f'] else [event['y']])", "Select Key.t.id<x+y"),
    ("db.execute(event['sql'])", "Query Item<sql"),
]  # fmt: skip
JAVASCRIPT = [
    ("await db.query('UPDATE t SET a = $2 WHERE id = $1', [event.y, event.x])", "Update Item.t.a<x Key.t.id<y"),
    ("await db.query({ text: 'DELETE FROM t WHERE id = $1', values: [event.y] })", "Delete Key.t.id<y"),
    ("await db.query(`DELETE FROM t WHERE id = ${event.y}`, (e, r) => r)", "Delete Key.t.id<y"),
    ("await db.query('SELECT a FROM t WHERE id = $1', [7], console.log)", "Select"),
    ("await db.query('SELECT a FROM t WHERE id = ANY($1) AND b = $2', [[1, event.x], event.y])", "Select Key.t.b<y Key.t.id[]<x"),
]  # fmt: skip
MONGOOSE = [
    ("await T.findByIdAndRemove(event.y)", "Delete Key.t._id<y"),
    ("await T.findOneAndRemove({ _id: event.y })", "Delete Key.t._id<y"),
    ("await T.findByIdAndDelete(event.y)", "Delete Key.t._id<y"),
    ("await T.findOneAndUpdate({ _id: event.y }, { $set: { a: event.x } })", "Update Item.t.a<x Key.t._id<y"),
    ("await T.create({ a: event.x })", "Insert Item.t.a<x"),
    ("await T.create(new T({ a: event.x }))", "Insert Item.t.a<x"),
    ("await T.insertMany([new T({ a: event.x }), { b: event.y }])", "Insert Item.t.a<x Item.t.b<y"),
    ("await new T({ a: event.x }).save()", "Insert Item.t.a<x"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "line", "told"),
    [
        *(("python", *each) for each in PYTHON),
        *(("javascript", *each) for each in JAVASCRIPT),
        *(("mongoose", *each) for each in MONGOOSE),
    ],
)
def test_what_goes_where(tmp_path: Path, language: str, line: str, told: str) -> None:
    assert asked(tmp_path, language, line) == [told]


OF_MODELS = """const mongoose = require("mongoose");
const Person = mongoose.model("Person", new mongoose.Schema({ email: String }));
const later = () => mongoose.connect("mongodb://last.shop.test/app");
exports.handler = async (event) => { await later(); await LINE };
"""


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Person.findById(event.x)", "Select Key.Person._id<x"),
        ("Person.findByIdAndDelete(event.x)", "Delete Key.Person._id<x"),
        ("Person.findOne({ email: event.x })", "Select Key.Person.email<x"),
    ],
)
def test_what_is_asked_for_by_its_id(tmp_path: Path, line: str, told: str) -> None:
    site = of_models(tmp_path, line)
    assert shown(site) == told


def of_models(root: Path, line: str) -> CallSite:
    (root / "app.js").write_text(OF_MODELS.replace("LINE", line))
    code = Code(folder=".", file="app.js")
    made = Function(id="t/F", runtime="", language="javascript", handler="app.handler", code=code)
    sites = [site for site in analyse(root, made).calls if site.service == "database"]
    (found,) = [site for site in sites if site.operation != "Define"]
    return found


def test_a_model_is_where_the_client_is_that_was_made_after_it(tmp_path: Path) -> None:
    site = of_models(tmp_path, "Person.findOne({ email: event.x })")

    (address,) = [a.value for a in site.arguments if a.path == "Address"]
    assert address == "mongodb://last.shop.test/app"


def test_a_client_of_its_own_is_where_it_says(tmp_path: Path) -> None:
    text = (
        "const { Pool } = require('pg'); const one = new Pool({ host: 'one.shop.test' });\n"
        "const two = new Pool({ host: 'two.shop.test' });\n"
        "exports.handler = async (event) => { await one.query('SELECT a FROM t'); };"
    )
    (tmp_path / "app.js").write_text(text)
    code = Code(folder=".", file="app.js")
    made = Function(id="t/F", runtime="", language="javascript", handler="app.handler", code=code)
    (site,) = [one for one in analyse(tmp_path, made).calls if one.service == "database"]

    assert [a.value for a in site.arguments if a.path == "Address"] == ["one.shop.test"]
