"""express-validator: what chains make of a request, and what those know who look at their result."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.code import analyse
from checkrein.model import Code, Function

HEAD = """
const express = require("express");
const serverless = require("serverless-http");
const { body, param, check, checkSchema, validationResult } = require("express-validator");
const { validateRequest, limited } = require("@company/common");
const { MongoClient } = require("mongodb");
const users = new MongoClient("x").db("shop").collection("users");
const app = express();
app.use(express.json());
const find = (req, res) => users.findOne({ a: req.body.a, b: req.body.b });
const looking = (req, res) => {
  const errors = validationResult(req);
  if (!errors.isEmpty()) return res.status(400).json({ errors: errors.array() });
  return find(req, res);
};
const telling = (req, res) => {
  const errors = validationResult(req);
  if (!errors.isEmpty()) console.log(errors.array());
  return find(req, res);
};
const counting = (req, res) => {
  const errors = validationResult(req).array();
  if (errors.length > 0) return res.status(400).end();
  return find(req, res);
};
const having = (req, res) => {
  if (validationResult(req).array().length) return res.status(400).end();
  return find(req, res);
};
const inverted = (req, res) => {
  if (validationResult(req).array().length === 0) return res.status(400).end();
  return find(req, res);
};
const sparing = (req, res) => {
  if (validationResult(req).array().length > 1) return res.status(400).end();
  return find(req, res);
};
const items = (req, res) => users.findOne({ a: req.body.a[0], b: req.body.b });
const comparing = async (req, res) => {
  await body("a").equals(req.body.b).run(req);
  if (!validationResult(req).isEmpty()) return res.status(400).end();
  return find(req, res);
};
const naming = (req, res) => {
  const good = validationResult(req).isEmpty();
  if (!good) return res.status(400).end();
  return find(req, res);
};
const throwing = (req, res) => { validationResult(req).throw(); return find(req, res); };
const asked = (req, res, next) => {
  const errors = validationResult(req);
  if (errors.isEmpty()) return next();
  return res.status(400).end();
};
const passing = (req, res, next) => { validationResult(req); next(); };
const validate = (chains) => async (req, res, next) => {
  await Promise.all(chains.map((chain) => chain.run(req)));
  const errors = validationResult(req);
  if (!errors.isEmpty()) return res.status(400).end();
  next();
};
const rules = [body("a").isEmail(), body("b").trim()];
const more = () => [...rules, body("a").trim()];
"""
ROUTES = {  # what stands before the path -> the fields that may be objects
    "find": "a b",
    "body('a').trim(), find": "b",
    "[body('a').trim().isLength({ min: 2 }), body('b').toLowerCase()], find": "b",
    "body(['a', 'b']).trim(), find": "",
    "rules, find": "a",
    "rules, looking": "",
    "more(), find": "",
    "[rules, [body('a').escape()]], find": "",
    "body('a').isEmail(), looking": "b",
    "body('a').isEmail(), counting": "b",
    "body('a').isEmail(), having": "b",
    "body('a').isEmail(), naming": "b",
    "body('a').isEmail(), throwing": "b",
    "body('a').isEmail(), asked, find": "b",
    "body('a').isEmail(), validateRequest, find": "b",
    "body('a').isEmail(), validateRequest({ strict: true }), find": "b",
    "validate([body('a').isEmail()]), find": "b",
    "body('a').isEmail(), telling": "a b",
    "body('a').isEmail(), sparing": "a b",
    "comparing": "a b",
    "body('a').trim(), items": "a b",
    "body('a.*').trim(), items": "b",
    "body('a').isEmail(), inverted": "a b",
    "body('a').isEmail(), passing, find": "a b",
    "body('a').isEmail(), limited, find": "a b",
    "body('a').isEmail(), find": "a b",
    "body('a').isLength({ min: 6 }), looking": "a b",
    "body('a').notEmpty().withMessage('x'), looking": "a b",
    "body('a').optional().isString(), looking": "b",
    "body('a').not().isEmail(), looking": "a b",
    "body('a').not().isEmpty().isEmail(), looking": "b",
    "body('a').if(body('b').exists()).trim(), looking": "a b",
    "body('a').trim().customSanitizer((x) => JSON.parse(x)), looking": "a b",
    "body('a').matches(/^[a-z]+$/), looking": "b",
    "body('a').matches(/^(?=.*\\\\d)(?=.*[A-Z]).*$/), looking": "b",
    "body('a').matches(/^\\\\[?[a-z]*/), looking": "a b",
    "body('a').isIn(['x', 'y']), looking": "b",
    "body('a').toInt(), find": "b",
    "param('a').trim(), find": "a b",
    "check('a').trim(), find": "b",
    "checkSchema({ a: { in: ['body'], trim: true }, b: { isEmail: true } }), find": "b",
    "checkSchema({ a: { isEmail: { errorMessage: 'x' } }, b: { isInt: false } }), looking": "b",
    "checkSchema({ a: { isIn: { options: [['x']] } } }, ['body']), looking": "b",
    "checkSchema({ a: { isEmail: { negated: true } } }), looking": "a b",
}


def objects(root: Path, text: str) -> str:
    """Return the fields of the body that the database may be asked with as objects."""
    (root / "app.js").write_text(text)
    code = Code(folder=".", file="app.js")
    function = Function(
        id="t/F", runtime="", language="javascript", handler="app.handler", code=code
    )
    found = analyse(root, function)
    assert found.partial == ""
    sites = [call for call in found.calls if call.service == "nosql"]
    assert sites
    return " ".join(
        argument.path.removeprefix("filter.")
        for argument in sites[-1].arguments
        for known in argument.harmless or ((),) * len(argument.sources)
        if not {"all", "text"} & set(known)
    )


@pytest.mark.parametrize(("chain", "expected"), list(ROUTES.items()))
def test_what_may_be_an_object_behind_a_chain(tmp_path: Path, chain: str, expected: str) -> None:
    route = f"app.post('/x', {chain});\nexports.handler = serverless(app);\n"
    assert objects(tmp_path, HEAD + route.replace("\\\\", "\\")) == expected


def test_a_chain_says_nothing_of_another_route(tmp_path: Path) -> None:
    routes = "app.post('/x', body('a').trim(), find);\napp.put('/x', find);\n"
    assert objects(tmp_path, f"{HEAD}{routes}exports.handler = serverless(app);\n") == "a b"


def test_a_result_says_nothing_of_another_route_s_chain(tmp_path: Path) -> None:
    routes = "app.post('/x', body('a').isEmail(), find);\napp.put('/x', looking);\n"
    assert objects(tmp_path, f"{HEAD}{routes}exports.handler = serverless(app);\n") == "a b"
