"""Tokens that code looks up or checks, beside those whose answer it does not ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.asked import told_of_javascript, told_of_python

ISSUED = """
import secrets
def issue():
    sessions.put_item(Item={"token": MADE, "user": "x"})
issue()
def handler(event, context):
    body = json.loads(event["body"])
    if not sessions.get_item(Key={"token": body["session_token"]}).get("Item"):
        return {"statusCode": 401}
    return save(event)
"""


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ("secrets.token_urlsafe(32)", "known"),
        ("secrets.token_hex(3)", "open"),  # soon tried
        ('"first"', "open"),
    ],
)
def test_a_token_is_what_nobody_guesses(tmp_path: Path, made: str, expected: str) -> None:
    assert told_of_python(tmp_path, ISSUED.replace("MADE", made)) == expected


FOUND = "found = sessions.get_item(Key={'token': token})"
QUERIED = "found = sessions.query(KeyConditionExpression=Key('token').eq(token))"
HASHED = "found = sessions.get_item(Key={'token': hashlib.sha256(token.encode()).hexdigest()})"
PAGED = "found = table.get_item(Key={'id': json.loads(event['body'])['next_token']})"


@pytest.mark.parametrize(
    ("asked", "test", "expected"),
    [
        # nobody here makes the tokens, so how they are made is not known
        (FOUND, "if not found.get('Item'): return", "perhaps"),
        (FOUND, "if 'Item' not in found: return", "perhaps"),
        (FOUND, "found = found['Item']", "perhaps"),
        (QUERIED, "if len(found['Items']) == 0: return", "perhaps"),
        (QUERIED, "if not found['Items']: return", "perhaps"),
        (QUERIED, "if found['Count'] < 1: return", "perhaps"),
        (HASHED, "if 'Item' not in found: return", "perhaps"),
        # the answer is asked for nothing, or is always there
        (FOUND, "if not found.get('Item'): print('none')", "open"),
        (FOUND, "if not found: return", "open"),
        (QUERIED, "if found['Count'] < 0: return", "open"),
        # what is no token
        (PAGED, "if 'Item' not in found: return", "open"),
    ],
)
def test_what_a_store_holds_under_a_token(
    tmp_path: Path, asked: str, test: str, expected: str
) -> None:
    code = f"""def handler(event, context):
    token = json.loads(event["body"])["token"]
    {asked}
    {test}
    return save(event)
"""
    assert told_of_python(tmp_path, code) == expected


LISTED = """const r = await db.send(new QueryCommand({
  TableName: "sessions", KeyConditionExpression: "#t = :t",
  ExpressionAttributeNames: { "#t": "token" }, ExpressionAttributeValues: { ":t": body.token } }));
"""
CUSTOMER = """const { Item } = await db.send(
  new GetCommand({ TableName: "customers", Key: { id: body.id } }));
"""
SESSION = "const r = await session(body.token);"


@pytest.mark.parametrize(
    ("asked", "test", "expected"),
    [
        (SESSION, "if (!r.Item) return refused;", "perhaps"),
        (SESSION, "if (r.Item.ends < 1) return refused;", "perhaps"),
        (SESSION, "console.log(r.Item?.user);", "open"),
        (SESSION, "console.log(r.Item?.user.name);", "open"),
        (SESSION, "if (!r) return refused;", "open"),
        (SESSION.replace("token", "orderId"), "if (!r.Item) return refused;", "perhaps"),
        (LISTED, "if (r.Items.length === 0) return refused;", "perhaps"),
        (LISTED, "if (!r.Items) return refused;", "open"),
        # what is kept of a customer, and shown
        (CUSTOMER, "if (Item.editToken !== body.editToken) return refused;", "known"),
        (CUSTOMER, "if (Item.email !== body.email) return refused;", "open"),
        (CUSTOMER, "if (!(await bcrypt.compare(body.password, Item.hash))) return refused;",
         "known"),
        (CUSTOMER, "await bcrypt.compare(body.password, Item.hash);", "open"),
    ],
)  # fmt: skip
def test_what_code_finds_in_javascript(
    tmp_path: Path, asked: str, test: str, expected: str
) -> None:
    code = f"const body = JSON.parse(event.body); {asked} {test} return save(event);"
    handler = f"exports.handler = async (event) => {{ {code} }};"
    assert told_of_javascript(tmp_path, handler) == expected


ROWS = """const mysql = require("mysql2/promise");
exports.handler = async (event) => {
  const pool = await mysql.createPool(process.env.DATABASE);
  const token = JSON.parse(event.body).token;
  const [rows] = await pool.query("SELECT user FROM logins WHERE token = ?", [token]);
  TEST
  return save(event);
};
"""


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("if (rows.length === 0) return refused;", "perhaps"),
        ("if (!rows[0]) return refused;", "perhaps"),
        ("if (!rows) return refused;", "open"),  # a list is true without rows
        ("console.log(rows.length);", "open"),
    ],
)
def test_what_a_driver_finds(tmp_path: Path, test: str, expected: str) -> None:
    assert told_of_javascript(tmp_path, ROWS.replace("TEST", test)) == expected


VERIFY = "jwt.verify(event.headers.authorization, process.env.KEY)"
TOLD = "catch (e) { console.log(e); }"


@pytest.mark.parametrize(
    ("asked", "test", "expected"),
    [
        (f"try {{ {VERIFY}; }} catch (e) {{ return refused; }}", "", "known"),
        (f"try {{ {VERIFY}; }} {TOLD}", "", "open"),
        (f"let said; try {{ said = {VERIFY}; }} {TOLD}", "", "open"),
        (f"let said; try {{ said = {VERIFY}; }} {TOLD}", "if (!said) return refused;", "known"),
        (f"let ok; try {{ {VERIFY}; ok = 1; }} {TOLD}", "if (!ok) return refused;", "known"),
        (f"let who; try {{ who = {VERIFY}.sub; }} {TOLD}", "if (who !== 'x') return;", "known"),
        (
            f"let no; try {{ {VERIFY}; }} catch (e) {{ no = e; }}",
            "if (no) return refused;",
            "known",
        ),
        (
            f"let no = {{}}; try {{ {VERIFY}; }} catch (e) {{ no.code = 1; }}",
            "if (no.code) return;",
            "known",
        ),
        (f"try {{ {VERIFY}; }} catch (e) {{ if (e.expired) return refused; }}", "", "known"),
    ],
)
def test_a_check_whose_error_is_caught_asks_nobody(
    tmp_path: Path, asked: str, test: str, expected: str
) -> None:
    code = f"exports.handler = async (event) => {{ {asked} {test} return save(event); }};"
    assert told_of_javascript(tmp_path, code) == expected


@pytest.mark.parametrize(
    ("caught", "expected"),
    [
        ("return {'statusCode': 401}", "known"),
        ("event['refused'] = True", "known"),
        ("print('no')", "open"),
        ("said = None", "open"),
        ("logging.exception('no')", "open"),
    ],
)
def test_so_in_python(tmp_path: Path, caught: str, expected: str) -> None:
    code = f"""def handler(event, context):
    token = event["headers"]["authorization"]
    try:
        said = jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])
    except Exception:
        {caught}
    return save(event)
"""
    assert told_of_python(tmp_path, code) == expected
