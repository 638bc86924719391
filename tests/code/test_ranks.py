"""Code that goes on only for callers of a role, wherever the test stands on the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.code import analyse
from checkrein.model import Code, Function

EXPRESS = """
const express = require("express"); const serverless = require("serverless-http");
const jwt = require("jsonwebtoken"); const AWS = require("aws-sdk");
const db = new AWS.DynamoDB.DocumentClient(); const app = express();
const auth = (req, res, next) => {
  req.user = jwt.verify(req.headers.authorization, process.env.KEY);
  req.userRole = req.user.role;
  next();
};
const need = (...roles) => (req, res, next) => {
  if (!req.userRole || !roles.includes(req.userRole)) return res.status(403).json({});
  next();
};
const router = express.Router();
router.use(auth);
USED
router.get("/:id", async (req, res) => {
  WITHIN
  res.json(await db.get({ TableName: "t", Key: { id: req.params.id } }).promise());
});
app.use("/users", router);
exports.handler = serverless(app);
"""
ROUTES = """
const express = require("express"); const serverless = require("serverless-http");
const jwt = require("jsonwebtoken"); const AWS = require("aws-sdk");
const db = new AWS.DynamoDB.DocumentClient(); const app = express();
const auth = async (req, res, next) => {
  const said = jwt.verify(req.headers.authorization, process.env.KEY);
  const rights = await db.query({ TableName: "r", Key: { user: said.sub } }).promise();
  if (rights.Item.kind === 1) req.superAdmin = true;
  req.rights = rights.Item.routes;
  next();
};
const need = async (req, res, next) => {
  PASSING
  if (req.rights.map((r) => r.code).includes(ASKED)) return next();
  return next(new Error("no"));
};
const router = express.Router();
router.post("/:id", auth, need, async (req, res) => {
  res.json(await db.get({ TableName: "t", Key: { id: req.params.id } }).promise());
});
app.use("/users", router);
exports.handler = serverless(app);
"""
PYTHON = """
import boto3
def demand(event, role):
    if event["requestContext"]["authorizer"]["claims"]["custom:role"] != role:
        raise PermissionError("no")
def handler(event, context):
    claims = event["requestContext"]["authorizer"]["claims"]
    WITHIN
    boto3.client("dynamodb").get_item(TableName="t", Key={"id": {"S": event["pathParameters"]["id"]}})
"""


def ranked(root: Path, file: str, text: str) -> bool:
    """Tell whether only callers of some role get to the table."""
    (root / file).write_text(text)
    language = "python" if file.endswith(".py") else "javascript"
    code = Code(folder=".", file=file)
    function = Function(id="t/F", runtime="", language=language, handler="app.handler", code=code)
    calls = analyse(root, function).calls
    (site,) = (each for each in calls if each.operation == "GetItem")
    return site.ranked


@pytest.mark.parametrize(
    ("used", "within", "expected"),
    [
        ('router.use(need("ADMIN"));', "", True),
        ("", 'if (req.userRole !== "ADMIN") return res.status(403).json({});', True),
        ("", "if (!req.user.isAdmin) return res.status(403).json({});", True),
        ("", "", False),
        ("", 'if (req.userRole === "ADMIN") console.log(1);', False),
        ("", "if (!req.user.email) return res.status(403).json({});", False),
        ("", 'if (req.body.role !== "ADMIN") return res.status(403).json({});', False),
        ("", "if (req.userRole !== req.body.role) return res.status(403).json({});", False),
        ("", "if (!req.body.isAdmin) return res.status(403).json({});", False),
    ],
)
def test_express(tmp_path: Path, used: str, within: str, expected: bool) -> None:  # noqa: FBT001
    text = EXPRESS.replace("USED", used).replace("WITHIN", within)
    assert ranked(tmp_path, "app.js", text) is expected


@pytest.mark.parametrize(
    ("asked", "passing", "expected"),
    [
        ('req.originalUrl.split("/")[1]', "", True),
        ("req.path", "if (req.superAdmin) return next();", True),
        ("req.path", "if (req.user) return next();", False),
        ("req.path", "if (req.body.superAdmin) return next();", False),
        ("req.body.code", "", False),  # who has anything there at all names that
        ("req.params.id", "", False),
    ],
)
def test_route_that_a_caller_has_a_right_to(
    tmp_path: Path,
    asked: str,
    passing: str,
    expected: bool,  # noqa: FBT001
) -> None:
    text = ROUTES.replace("ASKED", asked).replace("PASSING", passing)
    assert ranked(tmp_path, "app.js", text) is expected


@pytest.mark.parametrize(
    ("within", "expected"),
    [
        ('demand(event, "admin")', True),
        (
            'if claims["custom:role"] not in ("admin", "staff"):\n        return {"statusCode": 403}',
            True,
        ),
        ('if "admins" not in claims["cognito:groups"]:\n        return {"statusCode": 403}', True),
        ('if claims["custom:role"] == "admin":\n        print(1)', False),
        ('if claims["email"] != "a@example.org":\n        return {"statusCode": 403}', False),
    ],
)
def test_python(tmp_path: Path, within: str, expected: bool) -> None:  # noqa: FBT001
    assert ranked(tmp_path, "app.py", PYTHON.replace("WITHIN", within)) is expected
