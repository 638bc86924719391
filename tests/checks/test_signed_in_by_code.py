"""Callers who show a token that the code itself checks: what they reach of others.

Behind one open route code asks who calls, some of it for some requests only. Each case says what is
told of ownership and of open reads, by check and line of what it concerns.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline
from checkrein.model import Outcome

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
  Shop:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs24.x
      Handler: app.handler
      CodeUri: src
      Policies: [{DynamoDBCrudPolicy: {TableName: !Ref Orders}}]
      Events: {All: {Type: HttpApi, Properties: {Path: "/{proxy+}", Method: any}}}
"""
HEAD = """
const jwt = require("jsonwebtoken");
const { DynamoDBClient } = require("@aws-sdk/client-dynamodb");
const lib = require("@aws-sdk/lib-dynamodb");
const client = lib.DynamoDBDocumentClient.from(new DynamoDBClient({}));
const TableName = "orders";
const put = (Item) => client.send(new lib.PutCommand({ TableName, Item }));
const get = async (id) => (await client.send(new lib.GetCommand({ TableName, Key: { id } }))).Item;
const remove = (id) => client.send(new lib.DeleteCommand({ TableName, Key: { id } }));
const of = (id, who) => client.send(new lib.QueryCommand({ TableName, KeyConditionExpression: "id = :i", FilterExpression: "#u = :u", ExpressionAttributeNames: { "#u": "userId" }, ExpressionAttributeValues: { ":i": id, ":u": who } }));
"""
PLAIN = """
exports.handler = async (event) => {
  const caller = CALLER;
  const { email, id } = JSON.parse(event.body);
  if (!id) return put({ id: crypto.randomUUID(), userId: caller.sub, email });
  TEST
  await remove(id);
  return { statusCode: 204 };
};
"""
VERIFIED = "jwt.verify(event.headers.authorization, process.env.KEY)"
EXPRESS = """
const app = require("express")();
const asks = (req, res, next) => {
  const token = req.headers.authorization;
  let said = "";
  try { jwt.verify(token, process.env.KEY); } catch (error) { said = error.message; }
  if (said === "") next(); else res.sendStatus(401);
};
app.post("/orders", asks, async (req, res) => { await put({ id: crypto.randomUUID(), userId: "x", email: req.body.email }); res.end(); });
ROUTES
exports.handler = require("serverless-http")(app);
"""
GRAPHQL = """
const { ApolloServer } = require("apollo-server-lambda");
const check = (token) => { try { jwt.verify(token, process.env.KEY); return ""; } catch (error) { return error.message; } };
const resolvers = {
  Query: { QUERY },
  Mutation: { add: async (_, { email }, { token }) => { if (check(token) === "") await put({ id: crypto.randomUUID(), userId: "x", email }); } },
};
const context = ({ event }) => ({ token: event.headers.Authorization });
exports.handler = new ApolloServer({ typeDefs: "", resolvers, context }).createHandler();
"""
ROUTE = "unauthenticated-route-to-valuable-data"


def told(root: Path, code: str) -> set[str]:
    """Return which of the checks of ownership and of open doors fail."""
    (root / "src").mkdir()
    (root / "template.yaml").write_text(TEMPLATE)
    (root / "src" / "app.js").write_text(HEAD + code)
    wanted = ("object-of-others", "identity-from-request", "unauthenticated-write", ROUTE)
    verdicts = pipeline.scan((root,), lambda _: None).verdicts
    return {v.check for v in verdicts if v.check in wanted and v.outcome is Outcome.FAIL}


@pytest.mark.parametrize(
    ("caller", "test", "expected"),
    [
        (VERIFIED, "", {"object-of-others"}),
        (VERIFIED, 'if (caller.kind !== "staff") return { statusCode: 403 };', set()),
        (VERIFIED, "if (!(await of(id, caller.sub)).Count) return { statusCode: 404 };", set()),
        (VERIFIED, "if ((await get(id)).userId !== caller.sub) return { statusCode: 404 };", set()),
        (VERIFIED, 'if (caller.token_use !== "access") return {};', {"object-of-others"}),
        (VERIFIED, "await of(id, email);", {"object-of-others"}),
    ],
)
def test_a_token_that_code_checks(
    tmp_path: Path, caller: str, test: str, expected: set[str]
) -> None:
    code = PLAIN.replace("CALLER", caller).replace("TEST", test)
    assert told(tmp_path, code) == expected


SHOW = "async (req, res) => { res.json(await get(req.params.id)); }"
DROP = "async (req, res) => { await remove(req.params.id); res.end(); }"


@pytest.mark.parametrize(
    ("routes", "expected"),
    [
        (f'app.get("/orders/:id", asks, {SHOW});', {"object-of-others"}),
        (f'app.delete("/orders/:id", asks, {DROP});', {"object-of-others"}),
        (f'app.delete("/orders/:id", {DROP});', {"unauthenticated-write"}),
        (
            f'app.delete("/orders/:id", asks, {DROP}); app.delete("/old/:id", {DROP});',
            {"unauthenticated-write"},
        ),
        ('app.get("/orders", asks, (req, res) => { res.json([]); });', set()),
    ],
)
def test_routes_that_share_a_helper(tmp_path: Path, routes: str, expected: set[str]) -> None:
    assert told(tmp_path, EXPRESS.replace("ROUTES", routes)) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("order: (_, { id }) => get(id)", {ROUTE}),
        (
            'order: async (_, { id }, { token }) => { if (check(token) === "") return get(id); }',
            {"object-of-others"},
        ),
        ("size: () => 1", set()),
    ],
)
def test_fields_of_a_schema(tmp_path: Path, query: str, expected: set[str]) -> None:
    assert told(tmp_path, GRAPHQL.replace("QUERY", query)) == expected
