"""What stands before routes: whether it goes on, and what callers have shown by then."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.code.test_proofs import proofs

EXPRESS = """
const express = require("express");
const serverless = require("serverless-http");
const AWS = require("aws-sdk");
const db = new AWS.DynamoDB.DocumentClient();
const app = express();
const router = express.Router();
const a = async (req, res) => { await db.put({ TableName: "a", Item: req.body }).promise(); res.json({}); };
const b = async (req, res) => { await db.put({ TableName: "b", Item: req.body }).promise(); res.json({}); };
const key = (req, res, next) => {
  if (req.headers["x-api-key"] !== process.env.API_KEY) return res.status(401).send("no");
  next();
};
const careless = (req, res, next) => {
  if (req.get("x-api-key") !== process.env.API_KEY) console.log("no");
  next();
};
const failing = (req, res, next) => {
  if (req.headers["x-api-key"] !== process.env.API_KEY) return next(new Error("no"));
  return next();
};
const silent = (req, res, next) => {
  if (req.headers["x-api-key"] !== process.env.API_KEY) return res.status(401).send("no");
  next(new Error("later"));
};
const refusing = (req, res) => res.status(404).send("nothing");
const later = (req, res, next) => setTimeout(next, 10);
const handing = (req, res, next) => { anything(req, res, next); };
const mending = (error, req, res, next) => res.status(500).send("no");
"""
END = "\nexports.handler = serverless(app);\n"


@pytest.mark.parametrize(
    ("routes", "known"),
    [
        ('app.use(key); app.post("/x", a);', {"a": "secret"}),
        ('app.post("/x", key, a); app.post("/y", b);', {"a": "secret", "b": ""}),
        ('app.use(failing); app.post("/x", a);', {"a": "secret"}),
        ('app.use(careless); app.post("/x", a);', {"a": ""}),
        ('app.post("/x", a); app.use(key); app.post("/y", b);', {"a": "", "b": "secret"}),
        ('app.use("/in", key); app.post("/in/x", a); app.post("/out", b);', {"a": "secret", "b": ""}),
        ('app.use("/in", key); app.post("/inside", a);', {"a": ""}),
        ('app.use(["/in"], key); app.post("/out", a);', {"a": ""}),
        ('router.post("/x", a); app.use(key); app.use("/r", router);', {"a": "secret"}),
        ('router.post("/x", a); app.use("/r", router); app.use(key);', {"a": ""}),
        ('router.post("/x", a); app.use("/r", key, router);', {"a": "secret"}),
        ('router.use(key); router.post("/x", a); app.use("/r", router); app.post("/y", b);',
         {"a": "secret", "b": ""}),
        (('app.use(key); router.post("/x", a); app.use("/a", router); '
         'const two = express.Router(); app.use("/b", two); two.post("/y", b);'),
         {"a": "secret", "b": "secret"}),
        ('router.post("/x", a); app.use("/open", router); app.use(key); app.use("/closed", router);',
         {"a": ""}),
    ],
)  # fmt: skip
def test_express_goes_through_what_stands_before(
    tmp_path: Path, routes: str, known: dict[str, str]
) -> None:
    assert proofs(tmp_path, "app.js", EXPRESS + routes + END) == known


@pytest.mark.parametrize(
    ("routes", "reached"),
    [
        ('app.use(refusing); app.post("/x", a);', set()),
        ('app.post("/x", a); app.use(refusing);', {"a"}),
        ('app.post("/x", refusing, a);', set()),
        ('app.use("/in", refusing); app.post("/x", a);', {"a"}),
        ('app.use("/in", refusing); app.post("/in/x", a);', set()),
        ('app.use(later); app.post("/x", a);', {"a"}),
        ('app.use(handing); app.post("/x", a);', {"a"}),
        ('app.use(mending); app.post("/x", a);', {"a"}),
        ('app.use((...all) => all[2]()); app.post("/x", a);', {"a"}),
        ('app.use(function () { arguments[2](); }); app.post("/x", a);', {"a"}),
        ('app.use(require("cors")()); app.post("/x", a);', {"a"}),
        ('app.use((req, res, { call }) => call()); app.post("/x", a);', {"a"}),
    ],
)
def test_express_ends_where_nothing_calls_next(
    tmp_path: Path, routes: str, reached: set[str]
) -> None:
    assert {*proofs(tmp_path, "app.js", EXPRESS + routes + END)} == reached


OTHERS = {
    "koa.js": """
const Koa = require("koa"); const Router = require("@koa/router"); const serverless = require("serverless-http");
const app = new Koa(); const router = new Router(); const AWS = require("aws-sdk");
const db = new AWS.DynamoDB.DocumentClient();
app.use(async (ctx, next) => {
  if (ctx.headers["x-api-key"] !== process.env.API_KEY) { ctx.status = 401; RETURN }
  await next();
});
router.post("/x", async (ctx) => { await db.put({ TableName: "a", Item: ctx.request.body }).promise(); });
app.use(router.routes());
exports.handler = serverless(app);
""",
    "hono.js": """
const { Hono } = require("hono"); const { handle } = require("hono/aws-lambda");
const AWS = require("aws-sdk"); const db = new AWS.DynamoDB.DocumentClient();
const app = new Hono();
app.use("*", async (c, next) => {
  if (c.req.header("x-api-key") !== process.env.API_KEY) { RETURN c.text("no", 401); }
  await next();
});
app.post("/x", async (c) => { await db.put({ TableName: "a", Item: await c.req.json() }).promise(); return c.text(""); });
exports.handler = handle(app);
""",
    "fastify.js": """
const app = require("fastify")(); const lambda = require("@fastify/aws-lambda");
const AWS = require("aws-sdk"); const db = new AWS.DynamoDB.DocumentClient();
app.post("/x", async (request, reply) => { await db.put({ TableName: "a", Item: request.body }).promise(); return {}; });
app.addHook("onRequest", async (request, reply) => {
  if (request.headers["x-api-key"] !== process.env.API_KEY) { RETURN reply.code(401).send("no"); }
});
exports.handler = lambda(app);
""",
    "middy.js": """
const middy = require("@middy/core");
const AWS = require("aws-sdk"); const db = new AWS.DynamoDB.DocumentClient();
const main = async (event) => { await db.put({ TableName: "a", Item: event.body }).promise(); return {}; };
const key = { before: async (request) => {
  if (request.event.headers["x-api-key"] !== process.env.API_KEY) { RETURN { statusCode: 401 }; }
} };
exports.handler = middy(main).use(key);
""",
    "flask.py": """
import os, boto3, serverless_wsgi
from flask import Flask, abort, request
app = Flask(__name__)
@app.before_request
def key():
    if request.headers.get("X-Api-Key") != os.environ["API_KEY"]:
        RETURN ("no", 401)
@app.post("/x")
def put():
    boto3.client("dynamodb").put_item(TableName="a", Item=request.get_json())
    return {}
def handler(event, context):
    return serverless_wsgi.handle_request(app, event, context)
""",
    "fastapi.py": """
import os, boto3
from fastapi import Depends, FastAPI, Header, HTTPException
from mangum import Mangum
app = FastAPI()
def key(x_api_key: str = Header(...)):
    if x_api_key != os.environ["API_KEY"]:
        RAISE HTTPException(status_code=401)
@app.post("/x")
def put(body: dict, _=Depends(key)):
    boto3.client("dynamodb").put_item(TableName="a", Item=body)
    return {}
handler = Mangum(app)
""",
}


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("ends", [True, False])
def test_other_frameworks_go_through_it_too(tmp_path: Path, name: str, *, ends: bool) -> None:
    """Its twin only looks so: what it would answer is dropped, and it goes on."""
    text = OTHERS[name].replace("RETURN", "return" if ends else "")
    text = text.replace("RAISE", "raise" if ends else "")
    file = f"app.{name.rpartition('.')[2]}"

    assert proofs(tmp_path, file, text) == {"a": "secret" if ends else ""}


def test_flask_ends_where_it_aborts(tmp_path: Path) -> None:
    text = OTHERS["flask.py"].replace('RETURN ("no", 401)', "abort(401)")

    assert proofs(tmp_path, "app.py", text) == {"a": "secret"}
