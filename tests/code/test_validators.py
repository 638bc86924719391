"""Validators in front of handlers and routes: what they let through, and what they do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.code import analyse
from checkrein.model import Code, Function

FILES = {"python": "app.py", "javascript": "app.js"}
EXPRESS = """
const express = require("express");
const serverless = require("serverless-http");
const { body, query, param, validationResult } = require("express-validator");
const { celebrate, Joi, Segments } = require("celebrate");
const db = require("mysql2").createConnection({});
const app = express();
app.use(express.json());
const look = (req, res) => {
  const errors = validationResult(req);
  if (!errors.isEmpty()) throw new Error("400");
};
"""
BODY = "(req, res) => { look(req, res); db.query(`select ${req.body.id} ${req.body.name}`); res.json({}); }"
QUERY = "(req, res) => { look(req, res); db.query(`select ${req.query.id} ${req.body.name}`); res.json({}); }"
ROUTES = [
    ('app.post("/", body("id").isInt(), BODY);', {"body.name"}),
    ('app.post("/", body("id").optional().isUUID().withMessage("x"), BODY);', {"body.name"}),
    ('app.post("/", [body("id").isIn(["a"]), body("name").isInt()], BODY);', set()),
    ('app.post("/", body(["id", "name"]).toInt(), BODY);', set()),
    ('app.post("/", query("id").isInt(), QUERY);', {"body.name"}),
    ('app.post("/", query("id").isInt(), BODY);', {"body.id", "body.name"}),
    ('app.post("/", body("id").notEmpty(), BODY);', {"body.id", "body.name"}),
    ('app.post("/", body("id").not().isInt(), BODY);', {"body.id", "body.name"}),
    (("const v = celebrate({ [Segments.BODY]: Joi.object({ id: Joi.number() }) });\n"
     'app.post("/", v, BODY);'), {"body.name"}),
    ('app.post("/", celebrate({ query: { id: Joi.string().guid() } }), QUERY);', {"body.name"}),
    ('app.post("/", celebrate({ body: { id: Joi.string() } }), BODY);', {"body.id", "body.name"}),
    ('app.post("/", body("id").isInt(), (q, s) => s.end()); app.put("/", BODY);',
     {"body.id", "body.name"}),
]  # fmt: skip
SCHEMA = '{"properties": {"id": {"type": "integer"}, "name": {"type": "string"}}}'
HEADS = {
    "python": """
import json, pymysql
from aws_lambda_powertools.utilities.validation import envelopes, validate, validator
from cerberus import Validator
from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf
db = pymysql.connect()
S = SCHEMA
def ask(body):
    db.cursor().execute(f"select {body['id']} {body['name']}")
""",
    "javascript": """
const middy = require("@middy/core");
const validator = require("@middy/validator");
const { transpileSchema } = require("@middy/validator/transpile");
const { z } = require("zod");
const s = require("superstruct");
const db = require("mysql2").createConnection({});
const S = SCHEMA;
const ask = (body) => db.query(`select ${body.id} ${body.name}`);
const h = async (event) => ask(event.body);
""",
}
HANDLERS = {
    "python": [
        ("@validator(inbound_schema=S)\ndef handler(event, context): ask(event)", {"name"}),
        (
            (
                "@validator(inbound_schema=S, envelope=envelopes.API_GATEWAY_REST)\n"
                "def handler(event, context): ask(event)"
            ),
            {"body.name"},
        ),
        (
            (
                "def handler(event, context):\n"
                "    validate(event=event, schema=S, envelope='powertools_json(body)')\n"
                "    ask(json.loads(event['body']))"
            ),
            {"body.name"},
        ),
        (
            (
                "v = Validator({'id': {'type': 'integer'}, 'name': {'type': 'string'}})\n"
                "def handler(event, context):\n"
                "    if v.validate(event): ask(event)"
            ),
            {"name"},
        ),
        (
            (
                "def handler(event, context):\n"
                "    if Validator().validate(event, {'name': {'allowed': ['a']}}): ask(event)"
            ),
            {"id"},
        ),
        (
            (
                "class Q(Schema):\n    id = fields.Int()\n    name = fields.Str(validate=Length(3))\n"
                "def handler(event, context): ask(Q().load(event))"
            ),
            {"name"},
        ),
        (
            (
                "class Q(Schema):\n    id = fields.Raw()\n"
                "    name = fields.Str(validate=OneOf(['a', 'b']))\n"
                "def handler(event, context): ask(Q().load(event))"
            ),
            {"id"},
        ),
    ],
    "javascript": [
        (
            (
                "exports.handler = middy(h).use(validator({ eventSchema: transpileSchema("
                "{ properties: { body: S } }) }));"
            ),
            {"body.name"},
        ),
        (
            "exports.handler = middy(h).use(validator({ eventSchema: S }));",
            {"body.id", "body.name"},
        ),
        (
            (
                "const Q = s.object({ id: s.number(), name: s.string() });\n"
                "exports.handler = async (event) => { s.assert(event, Q); ask(event); };"
            ),
            {"name"},
        ),
        (
            (
                "const Q = z.object({ id: z.string().refine((v) => /^[0-9]+$/.test(v)),"
                " name: z.string().refine((v) => v.length > 3) });\n"
                "exports.handler = async (event) => ask(Q.parse(event));"
            ),
            {"name"},
        ),
    ],
}


def dangerous(root: Path, language: str, text: str) -> set[str]:
    """Return the fields of the event that may change a statement of SQL."""
    (root / FILES[language]).write_text(text)
    code = Code(folder=".", file=FILES[language])
    function = Function(id="t/F", runtime="", language=language, handler="app.handler", code=code)
    summary = analyse(root, function)
    assert summary.partial == ""
    return {
        source.attribute
        for call in summary.calls
        if call.service == "sql"
        for argument in call.arguments
        for position, source in enumerate(argument.sources)
        if not {"all", "sql"} & set(argument.harmless[position] if argument.harmless else ())
    }


@pytest.mark.parametrize(("routes", "expected"), ROUTES)
def test_validators_of_a_route(tmp_path: Path, routes: str, expected: set[str]) -> None:
    code = routes.replace(" BODY", f" {BODY}").replace(" QUERY", f" {QUERY}")
    text = f"{EXPRESS}{code}\nexports.handler = serverless(app);\n"
    assert dangerous(tmp_path, "javascript", text) == expected


@pytest.mark.parametrize(
    ("language", "handler", "expected"),
    [(language, *case) for language, cases in HANDLERS.items() for case in cases],
)
def test_validators_of_a_handler(
    tmp_path: Path, language: str, handler: str, expected: set[str]
) -> None:
    text = f"{HEADS[language].replace('SCHEMA', SCHEMA)}{handler}\n"
    assert dangerous(tmp_path, language, text) == expected
