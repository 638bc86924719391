"""Code that goes on only with what an authorizer says: without one it refuses everybody."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

import pytest

from checkrein.code import analyse
from checkrein.model import Code, Function

JAVASCRIPT = """
const AWS = require("aws-sdk"); const db = new AWS.DynamoDB.DocumentClient();
const demand = (event) => {
  const said = event.requestContext.authorizer?.jwt?.claims;
  if (!said) throw new Error("no");
  return { id: said.sub };
};
const asked = (event) => event.requestContext?.authorizer?.claims?.sub ?? null;
exports.handler = async (event) => {
  GUARD
  await db.put({ TableName: "t", Item: JSON.parse(event.body) }).promise();
};
"""
PYTHON = """
import boto3, json
def demand(event):
    claims = event.get("requestContext", {}).get("authorizer", {}).get("claims")
    if not claims:
        raise PermissionError("no")
    return claims["sub"]
def handler(event, context):
GUARD
    boto3.client("dynamodb").put_item(TableName="t", Item=json.loads(event["body"]))
"""
ASKED = 'event.get("requestContext", {}).get("authorizer", {}).get("claims", {}).get("sub")'
REFUSING = {
    "app.js": [
        "const { id } = demand(event);",
        "const id = asked(event); if (!id) return { statusCode: 401 };",
        "const id = event.requestContext.authorizer.claims.sub;",
        "const { sub } = event.requestContext.authorizer.claims;",
        "const { requestContext: { authorizer: { lambda: { user } } } } = event;",
        "if (!event.requestContext?.authorizer?.jwt?.claims?.sub) return { statusCode: 401 };",
        "const said = event.requestContext.authorizer?.claims; if (said === undefined) return {};",
        "if (!event.requestContext.identity.cognitoIdentityId) return {};",
        "try { demand(event); } catch (error) { return { statusCode: 401 }; }",
        "const c = event.requestContext?.authorizer?.claims; if (!c || !c.sub) return {};",
        (
            'const role = event.requestContext.authorizer.claims["custom:role"];'
            ' if (role !== "admin") return { statusCode: 403 };'
        ),
        'if (event.requestContext?.authorizer?.claims?.["custom:role"] !== "admin") return {};',
    ],
    "app.py": [
        "demand(event)",
        'who = event["requestContext"]["authorizer"]["claims"]["sub"]',
        'who = event["requestContext"]["authorizer"]["principalId"]',
        'claims = event["requestContext"]["authorizer"]["claims"]\nwho = claims.get("sub")',
        f'who = {ASKED}\nif not who:\n    return {{"statusCode": 401}}',
        f'who = {ASKED}\nif who is None:\n    return {{"statusCode": 401}}',
        'try:\n    demand(event)\nexcept PermissionError:\n    return {"statusCode": 401}',
    ],
}
GOING_ON = {
    "app.js": [
        "const id = event.requestContext.authorizer?.claims.sub;",
        'const id = event.requestContext.authorizer?.["claims"].sub;',
        "const id = asked(event);",
        "const id = event.requestContext.authorizer ? event.requestContext.authorizer.claims.sub : 0;",
        "const id = event.requestContext.authorizer && event.requestContext.authorizer.claims.sub;",
        "const { sub } = event.requestContext.authorizer?.claims || {};",
        "const { claims: { sub } = {} } = event.requestContext.authorizer || {};",
        "try { demand(event); } catch (error) { console.log(error); }",
        "const said = event.requestContext.authorizer;\nif (said && said.claims.sub === 'x') console.log(1);",
        "if (!event.requestContext.authorizer) return {};",  # it may be there, and hold nothing
        "if (!event.requestContext.http.method) return {};",
        "const later = () => demand(event);",
        'if (event.requestContext.authorizer?.claims.role === "admin") console.log(1);',
        'if (event.requestContext.authorizer?.claims.role !== "") console.log(1);',
        'if ((event.requestContext.authorizer?.claims.role ?? "") !== "") return {};',
        "if (event.body.x) demand(event);",
        'const id = event.requestContext.authorizer["principalId"];',  # it is undefined
    ],
    "app.py": [
        f"who = {ASKED}",
        'claims = event["requestContext"]["authorizer"]["claims"]',  # it may be there, and hold nothing
        'claims = event["requestContext"].get("authorizer", {}).get("claims", {})\nclaims.get("sub")',
        "try:\n    demand(event)\nexcept PermissionError:\n    pass",
        'context = event["requestContext"]\nwho = context["authorizer"]["principalId"] if context else 0',
        (
            'context = event["requestContext"]\n'
            'if "authorizer" in context and context["authorizer"]["claims"]["sub"] == "x":\n    print(1)'
        ),
        'print(event["requestContext"]["identity"]["sourceIp"])',
    ],
}


def proof(root: Path, file: str, guard: str) -> str:
    """Return what callers have shown before the code gets to the table."""
    text = PYTHON if file.endswith(".py") else JAVASCRIPT
    (root / file).write_text(text.replace("GUARD", indent(guard, "    ")))
    language = "python" if file.endswith(".py") else "javascript"
    code = Code(folder=".", file=file)
    function = Function(id="t/F", runtime="", language=language, handler="app.handler", code=code)
    (site,) = (each for each in analyse(root, function).calls if each.service == "dynamodb")
    return site.proof


@pytest.mark.parametrize(("file", "guard"), [(f, g) for f, each in REFUSING.items() for g in each])
def test_code_that_refuses(tmp_path: Path, file: str, guard: str) -> None:
    assert proof(tmp_path, file, guard) == "claims"


@pytest.mark.parametrize(("file", "guard"), [(f, g) for f, each in GOING_ON.items() for g in each])
def test_code_that_goes_on(tmp_path: Path, file: str, guard: str) -> None:
    assert proof(tmp_path, file, guard) == ""
