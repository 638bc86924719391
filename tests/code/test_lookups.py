"""What a look-up answers is content of the store; what a built statement answers may be anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.code import analyse
from checkrein.model import Code, Function

FILES = {"python": "app.py", "javascript": "app.js"}
JAVASCRIPT = """const mysql = require("mysql2/promise"), { User } = require("@acme/models");
const { query } = require("@acme/db");
const db = mysql.createPool({});
const made = () => "SELECT id, name FROM people WHERE email = ?";
exports.handler = async (event) => {
  const email = JSON.parse(event.body).email;
  let shown;
  LOOK
  return { statusCode: 200, body: `<p>${shown}</p>` };
};
"""
PYTHON = """import json, psycopg2, records
from acme.models import User
from sqlalchemy import select
from elasticsearch_dsl import Document
import peewee
from vendor import Thing
db = records.Database("x")
class Listing(Document):
    @classmethod
    def named(cls, name):
        return name
class Row(peewee.Model):
    pass
def handler(event, context):
    email = json.loads(event["body"])["email"]
    LOOK
    return {"statusCode": 200, "body": "<p>" + str(shown)}
"""
STORED = {
    "javascript": [
        'const [[row]] = await db.execute("SELECT a FROM b WHERE c = ?", [email]); shown = row.a;',
        "const rows = await db.query(made(), [email]); shown = rows.map((r) => r.name);",
        'shown = (await query("select name from people where x = ?", [email]))[0].name;',
        "shown = (await User.findOne({ where: { email } })).name;",
        "shown = (await User.findAll({ where: { email } }))[0].name;",
    ],
    "python": [
        'shown = db.query("SELECT name FROM people WHERE email = :e", e=email)[0].name',
        "shown = db.execute(select(User).filter_by(email=email)).first().name",
        'shown = User.find_one({"email": email})["name"]',
        "shown = Listing.get(id=email).kind",
        "shown = Row.get_by_id(email).kind",
    ],
}
CHOSEN = {
    "javascript": [
        "shown = email;",
        "const rows = await db.query(`SELECT a FROM b WHERE c = '${email}'`); shown = rows[0].a;",
        "shown = [email].find((e) => e);",
        "const row = await User.findOne({ where: { email } }); shown = row.name + email;",
        "shown = await query(email, []);",
    ],
    "python": [
        "shown = email",
        'shown = db.query("SELECT name FROM people WHERE email = \'" + email + "\'")[0].name',
        'shown = User.find_one({"email": email})["name"] + email',
        "shown = Listing.named(email)",
        "shown = Thing.get(email)",
    ],
}


def harmless(root: Path, language: str, look: str) -> bool:
    """Tell whether what the answer has of the caller's e-mail address can be no markup of his."""
    code = {"javascript": JAVASCRIPT, "python": PYTHON}[language]
    (root / FILES[language]).write_text(code.replace("LOOK", look))
    whole = Code(folder=".", file=FILES[language])
    function = Function(id="t/F", runtime="", language=language, handler="app.handler", code=whole)
    answers = [call for call in analyse(root, function).calls if call.kind == "response"]
    known = [
        "html" in families or "all" in families
        for call in answers
        for argument in call.arguments
        for source, families in zip(
            argument.sources, argument.harmless or ((),) * len(argument.sources), strict=True
        )
        if source.attribute == "body.email"
    ]
    assert answers
    return all(known)


@pytest.mark.parametrize(
    ("language", "look"), [(name, look) for name, looks in STORED.items() for look in looks]
)
def test_a_row_holds_no_text_of_the_caller(tmp_path: Path, language: str, look: str) -> None:
    assert harmless(tmp_path, language, look)


@pytest.mark.parametrize(
    ("language", "look"), [(name, look) for name, looks in CHOSEN.items() for look in looks]
)
def test_the_callers_text_stays_his(tmp_path: Path, language: str, look: str) -> None:
    assert not harmless(tmp_path, language, look)
