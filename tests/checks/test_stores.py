"""Databases that no template holds: what one function puts in, another answers with, to anyone.

Each case is a function that stores what its caller sends and an open route that reads it. What is
told of the route is what its columns hold: not more, and nothing of a table that it does not read.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline
from checkrein.model import Outcome, Row
from checkrein.model.result import Result

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    CodeUri: .
    Runtime: RUNTIME
    Environment: {Variables: {DB_HOST: HOST}}
Resources:
  Db: {Type: "AWS::RDS::DBInstance", Properties: {Engine: mysql, StorageEncrypted: true}}
  Save:
    Type: AWS::Serverless::Function
    Properties:
      Handler: save.handler
      Events: {Asked: {Type: HttpApi, Properties: {Method: post, Path: /save}}}
  Show:
    Type: AWS::Serverless::Function
    Properties:
      Handler: show.handler
      Events: {Asked: {Type: HttpApi, Properties: {Method: get, Path: /show}}}
"""
HOST = "db.example.com"
ROUTE = "unauthenticated-route-to-valuable-data"
MYSQL = """
const mysql = require("mysql2/promise");
const pool = mysql.createPool({ host: process.env.DB_HOST });
const query = async (sql, values) => (await pool.execute(sql, values))[0];
exports.handler = async (event) => {
  const body = JSON.parse(event.body || "{}");
  let shown;
  CODE
  return { statusCode: 200, body: JSON.stringify(shown) };
};
"""
PYMYSQL = """
import json, os, pymysql
connection = pymysql.connect(host=os.environ["DB_HOST"])
def handler(event, context):
    body = json.loads(event["body"] or "{}")
    shown = None
    with connection.cursor() as cursor:
        CODE
    return {"statusCode": 200, "body": json.dumps(shown)}
"""
SAVED = {
    "javascript": """await query("INSERT INTO people (email, password, note) VALUES (?, ?, ?)", [body.email, body.password, body.note]);""",
    "python": """cursor.execute("INSERT INTO people (email, password, note) VALUES (%s, %s, %s)", (body["email"], body["password"], body["note"]))""",
}
CODE = {"javascript": MYSQL, "python": PYMYSQL}
FILES = {"javascript": "js", "python": "py"}
RUNTIMES = {"javascript": "nodejs24.x", "python": "python3.14"}
EMAIL, PASSWORD = "pii.email", "cred.password"
SHOWN = {
    "javascript": {
        "shown = await query('SELECT email FROM people');": {EMAIL},
        "shown = await query('SELECT * FROM people');": {EMAIL, PASSWORD},
        "shown = (await query('SELECT p.email AS contact FROM people p')).map((r) => r.contact);": {
            EMAIL
        },
        "const rows = await query('SELECT email, password FROM people'); shown = rows[0].email;": {
            EMAIL
        },
        "shown = await query(`SELECT * FROM ${body.table}`);": {EMAIL, PASSWORD},
        "shown = await query('SELECT COUNT(*) AS email FROM people');": set(),
        "shown = await query('SELECT id, title FROM books');": set(),
        "shown = await query('SELECT note FROM people');": set(),
        "await query('SELECT email FROM people'); shown = [];": set(),
    },
    "python": {
        "cursor.execute('SELECT email FROM people'); shown = cursor.fetchall()": {EMAIL},
        "cursor.execute('SELECT * FROM people'); shown = cursor.fetchone()": {EMAIL, PASSWORD},
        "cursor.execute('SELECT note, email, password FROM people'); shown = [r[1] for r in cursor.fetchall()]": {
            EMAIL
        },
        "cursor.execute('SELECT note, email FROM people'); shown = cursor.fetchone()[0]": set(),
        "cursor.execute('SELECT COUNT(email) FROM people'); shown = cursor.fetchone()[0]": set(),
        "cursor.execute('SELECT title FROM books'); shown = cursor.fetchall()": set(),
    },
}
OTHERS = {
    "mongoose": (
        """
const mongoose = require("mongoose");
const Person = mongoose.model("Person", new mongoose.Schema({ email: String, password: String }));
""",
        {
            "shown = await Person.find({}).lean();": {EMAIL, PASSWORD},
            "shown = await Person.find({}).select('-password');": {EMAIL},
            "shown = await Person.find({}, { email: 0, password: 0 });": set(),
            "shown = await Person.create({ email: body.email });": set(),
        },
    ),
    "mongodb": (
        """
const { MongoClient } = require("mongodb");
const people = new MongoClient(process.env.DB_HOST).db("app").collection("people");
""",
        {
            "await people.insertOne({ email: body.email }); shown = await people.find().toArray();": {
                EMAIL
            },
            "await people.updateOne({ _id: 1 }, { $set: { email: body.email } });"
            " shown = await people.findOne({ _id: 1 }, { projection: { email: 0 } });": set(),
            "await people.insertOne({ email: body.email });"
            " shown = await people.updateOne({ _id: 1 }, { $set: { seen: 1 } });": set(),
            "await people.insertOne({ email: body.email });"
            " shown = await people.findOneAndUpdate({ _id: 1 }, { $set: { seen: 1 } });": {EMAIL},
        },
    ),
    "sequelize": (
        """
const { Sequelize, Model, DataTypes } = require("sequelize");
const sequelize = new Sequelize("app", "me", "", { host: process.env.DB_HOST, dialect: "mysql" });
class Person extends Model {}
Person.init({ email: DataTypes.STRING, password: DataTypes.STRING }, { sequelize });
""",
        {
            "shown = await Person.findAll();": {EMAIL, PASSWORD},
            "shown = await Person.findAll({ attributes: ['email'] });": {EMAIL},
            "shown = await Person.findAll({ attributes: { exclude: ['password'] } });": {EMAIL},
        },
    ),
    "prisma": (
        """
const { PrismaClient } = require("@prisma/client");
const prisma = new PrismaClient();
""",
        {
            "await prisma.person.create({ data: { email: body.email, note: body.note } });"
            " shown = await prisma.person.findMany();": {EMAIL},
            "await prisma.person.create({ data: { email: body.email, note: body.note } });"
            " shown = await prisma.person.findMany({ select: { note: true } });": set(),
        },
    ),
    "supabase": (
        """
const { createClient } = require("@supabase/supabase-js");
const supabase = createClient(process.env.DB_HOST, process.env.KEY);
""",
        {
            "await supabase.from('people').insert({ email: body.email });"
            " const { data } = await supabase.from('people').select('*').eq('id', 1); shown = data;": {
                EMAIL
            },
            "await supabase.from('people').insert({ email: body.email, note: body.note });"
            " const { data } = await supabase.from('people').select('id, note'); shown = data;": set(),
        },
    ),
}
AROUND = """
exports.handler = async (event) => {
  const body = JSON.parse(event.body || "{}");
  let shown;
  CODE
  return { statusCode: 200, body: JSON.stringify(shown) };
};
"""


def scanned(
    root: Path, language: str, files: dict[str, str], host: str = HOST, more: str = ""
) -> Result:
    text = TEMPLATE.replace("RUNTIME", RUNTIMES[language]).replace("HOST}", f"{host}}}")
    (root / "template.yaml").write_text(text + more)
    for name, code in files.items():
        (root / f"{name}.{FILES[language]}").write_text(code)
    return pipeline.scan((root,), lambda _: None)


def told(result: Result) -> set[str]:
    """Return the classes that anyone may read through the open route."""
    return {
        data
        for verdict in result.verdicts
        if verdict.check == ROUTE and verdict.outcome is Outcome.FAIL
        for finding in verdict.findings
        if finding.by == ("template/Show",)
        for data in finding.data
    }


def stores(result: Result) -> dict[str, set[str]]:
    """Return the coded classes of the databases that no template holds."""
    rows = result.app.every(Row)
    return {row.id: set(row.coded) for row in rows if row.type.startswith("Store::")}


@pytest.mark.parametrize(
    ("language", "shown"), [(name, each) for name, every in SHOWN.items() for each in every]
)
def test_what_one_function_puts_in_another_answers(
    tmp_path: Path, language: str, shown: str
) -> None:
    parts = {"save": SAVED[language], "show": shown}
    files = {name: CODE[language].replace("CODE", code) for name, code in parts.items()}
    result = scanned(tmp_path, language, files)
    assert told(result) == SHOWN[language][shown]
    held = stores(result)["template/MySQL:db.example.com"]
    assert {EMAIL, PASSWORD} <= held


@pytest.mark.parametrize(
    ("library", "code"), [(name, each) for name, (_, every) in OTHERS.items() for each in every]
)
def test_models_collections_and_builders(tmp_path: Path, library: str, code: str) -> None:
    before, wanted = OTHERS[library]
    files = {"show": before + AROUND.replace("CODE", code), "save": "exports.handler = () => 1;"}
    result = scanned(tmp_path, "javascript", files)
    assert told(result) == wanted[code]


def test_a_database_of_the_template_is_itself(tmp_path: Path) -> None:
    files = {"save": MYSQL.replace("CODE", SAVED["javascript"]), "show": MYSQL.replace("CODE", "")}
    result = scanned(tmp_path, "javascript", files, "!GetAtt Db.Endpoint.Address")
    assert not stores(result)
    row = result.app.get(Row, "template/Db")
    assert row is not None
    assert {EMAIL, PASSWORD} <= set(row.coded)


PROXY = """
  Other: {Type: "AWS::RDS::DBInstance", Properties: {Engine: mysql, StorageEncrypted: true}}
  Group: {Type: "AWS::RDS::DBCluster", Properties: {Engine: mysql}}
  Proxy: {Type: "AWS::RDS::DBProxy", Properties: {DBProxyName: near, EngineFamily: MYSQL}}
  Behind:
    Type: AWS::RDS::DBProxyTargetGroup
    Properties: {DBProxyName: !Ref Proxy, TargetGroupName: default, %s}
"""


@pytest.mark.parametrize(
    ("behind", "reached"),
    [
        ("DBInstanceIdentifiers: [!Ref Db]", "template/Db"),
        ("DBInstanceIdentifiers: [!Ref Other]", "template/Other"),
        ("DBClusterIdentifiers: [!Ref Group]", "template/Group"),
    ],
)
def test_behind_a_proxy_stands_the_database_that_it_is_for(
    tmp_path: Path, behind: str, reached: str
) -> None:
    files = {"save": MYSQL.replace("CODE", SAVED["javascript"]), "show": MYSQL.replace("CODE", "")}
    result = scanned(tmp_path, "javascript", files, "!GetAtt Proxy.Endpoint", PROXY % behind)

    holding = [
        row.id
        for row in result.app.every(Row)
        if {EMAIL, PASSWORD} <= set(row.coded)
        if row.type.startswith("AWS::RDS")
    ]
    assert holding == [reached]


@pytest.mark.parametrize(
    ("host", "store"),
    [
        ("Db.Example.com", "template/MySQL:db.example.com"),
        ("db.example.com:3306", "template/MySQL:db.example.com"),
        ("mysql://me:word@db.example.com:3306/app", "template/MySQL:db.example.com"),
        ("mysql://db/app", "template/MySQL:db"),
        ("db", ""),  # no address: the one of the template
        ("localhost", ""),  # so is what only a person's machine has
        ("127.0.0.1:3306", ""),
        ("!Ref AWS::StackName", ""),
    ],
)
def test_a_database_is_called_by_where_it_is(tmp_path: Path, host: str, store: str) -> None:
    text = MYSQL.replace("CODE", SAVED["javascript"])
    found = scanned(tmp_path, "javascript", {"save": text, "show": "exports.handler = 1;"}, host)
    assert set(stores(found)) == {store} - {""}


def test_who_connects_could_read_all(tmp_path: Path) -> None:
    shown = "await query('SELECT title FROM books');"
    parts = {"save": SAVED["javascript"], "show": shown}
    files = {name: MYSQL.replace("CODE", code) for name, code in parts.items()}
    row = scanned(tmp_path, "javascript", files).app.get(Row, "template/Show")
    assert row is not None
    assert {EMAIL, PASSWORD} <= set(row.potential) - set(row.coded)
