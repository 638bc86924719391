"""Routes of one program's own: those that ask nobody are told beside those that look at a token."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Guests:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: guests
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Shop:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: RUNTIME
      Handler: app.handler
      CodeUri: src
      Events: {Any: {Type: HttpApi, Properties: {Path: "/{proxy+}", Method: any}}}
"""
FASTAPI = """
import boto3
from fastapi import FastAPI, Depends, HTTPException
from fastapi.security import OAuth2PasswordBearer
from mangum import Mangum
import sessions
app = FastAPI()
table = boto3.resource("dynamodb").Table("guests")
def user(token: str = Depends(OAuth2PasswordBearer(tokenUrl="token"))):
    found = sessions.known(token)
    if not found:
        raise HTTPException(401)
    return found
@app.get("/me/{email}")
def me(email: str, who=Depends(user)):
    return table.get_item(Key={"email": email})["Item"]
@app.delete("/me/{email}")
def leave(email: str, who=Depends(user)):
    table.delete_item(Key={"email": email})
@app.put("/me/{email}")
def rename(email: str, who=Depends(user)):
    table.put_item(Item={"email": email, "name": "a"})
ROUTES
handler = Mangum(app)
"""
EXPRESS = """
const express = require("express"); const serverless = require("serverless-http");
const AWS = require("aws-sdk"); const db = new AWS.DynamoDB.DocumentClient();
const sessions = require("sessions-somewhere"); const app = express();
const user = async (request, response, next) => {
  const found = await sessions.known(request.headers.authorization);
  if (!found) return response.status(401).end();
  next();
};
const at = (request) => ({ TableName: "guests", Key: { email: request.params.email } });
app.get("/me/:email", user, async (request, response) => {
  response.json((await db.get(at(request)).promise()).Item);
});
app.delete("/me/:email", user, async (request, response) => {
  await db.delete(at(request)).promise(); response.json({});
});
app.put("/me/:email", user, async (request, response) => {
  await db.put({ TableName: "guests", Item: { email: request.params.email } }).promise();
  response.json({});
});
ROUTES
exports.handler = serverless(app);
"""
OPEN = {
    "python": """
@app.VERB("PATH/{email}")
def strange(email: str):
    table.delete_item(Key={"email": email})
    return table.get_item(Key={"email": email})["Item"]
""",
    "javascript": """
app.VERB("PATH/:email", async (request, response) => {
  await db.delete(at(request)).promise();
  response.json((await db.get(at(request)).promise()).Item);
});
""",
}
PROGRAMS = {
    "python": (FASTAPI, "python3.14", "app.py"),
    "javascript": (EXPRESS, "nodejs24.x", "app.js"),
}
TOLD = {"unauthenticated-write", "unauthenticated-route-to-valuable-data"}


@pytest.mark.parametrize("language", PROGRAMS)
@pytest.mark.parametrize(("route", "told"), [("", False), ("/guests", True), ("/login", False)])
def test_what_looks_at_a_token_says_nothing_of_other_routes(
    tmp_path: Path, language: str, route: str, *, told: bool
) -> None:
    code, runtime, file = PROGRAMS[language]
    strange = OPEN[language].replace("PATH", route).replace("VERB", "post") if route else ""
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / file).write_text(code.replace("ROUTES", strange))
    (tmp_path / "template.yaml").write_text(TEMPLATE.replace("RUNTIME", runtime))

    found = {v.check for v in pipeline.scan((tmp_path,)).verdicts if v.findings}

    assert found & TOLD == (TOLD if told else set())
