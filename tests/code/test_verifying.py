"""Middleware of libraries that lets through only who shows a token."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.code import analyse
from checkrein.model import Code, Function, Symbol

APP = """
const express = require("express");
const serverless = require("serverless-http");
const { expressjwt } = require("express-jwt");
const { auth } = require("express-oauth2-jwt-bearer");
const old = require("express-jwt");
const passport = require("passport");
const AWS = require("aws-sdk");
const db = new AWS.DynamoDB.DocumentClient();
const app = express();
const get = (req, res) => db.get({ TableName: "t", Key: { id: ID } }).promise();
ROUTES
module.exports.handler = serverless(app);
"""


def asked(root: Path, routes: str, id: str) -> tuple[str, tuple[Symbol, ...]]:
    (root / "app.js").write_text(APP.replace("ROUTES", routes).replace("ID", id))
    code = Code(folder=".", file="app.js")
    found = analyse(
        root,
        Function(id="t/F", runtime="", language="javascript", handler="app.handler", code=code),
    )
    assert found.partial == ""
    (site,) = [each for each in found.calls if each.service == "dynamodb"]
    (key,) = [each for each in site.arguments if each.path == "Key.id"]
    return site.proof, key.sources


@pytest.mark.parametrize(
    "routes",
    [
        "app.use(expressjwt({ secret: process.env.S, algorithms: ['HS256'] })); app.get('/', get);",
        "app.get('/', old({ secret: process.env.S }), get);",
        "app.get('/', passport.authenticate('jwt', { session: false }), get);",
        "app.use('/', auth()); app.get('/', get);",
        "const check = (q, r, next) => expressjwt({ secret: S })(q, r, next); app.get('/', check, get);",
    ],
)
def test_what_stands_behind_it_is_for_the_owner_of_a_token(tmp_path: Path, routes: str) -> None:
    claims = Symbol("event", "requestContext.authorizer.claims.sub")
    assert asked(tmp_path, routes, "req.auth.sub") == ("token", (claims,))


@pytest.mark.parametrize(
    "routes",
    [
        "app.get('/', get); app.use(expressjwt({ secret: process.env.S }));",
        "app.use(expressjwt({ secret: S, credentialsRequired: false })); app.get('/', get);",
        "app.use('/admin', expressjwt({ secret: process.env.S })); app.get('/', get);",
        "app.use(auth({ authRequired: false })); app.get('/', get);",
        "const check = (q, r, next) => { expressjwt({ secret: S }); next(); }; app.get('/', check, get);",
    ],
)
def test_what_it_does_not_stand_before_is_for_anyone(tmp_path: Path, routes: str) -> None:
    assert asked(tmp_path, routes, "req.query.id")[0] == ""
