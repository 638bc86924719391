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


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        # nobody here makes the tokens, so how they are made is not known
        ("found = sessions.get_item(Key={'token': token}).get('Item')\n    if not found: return",
         "perhaps"),
        ("found = sessions.get_item(Key={'token': token})\n    if 'Item' not in found: return",
         "perhaps"),
        ("found = sessions.get_item(Key={'token': token})['Item']", "perhaps"),
        ("found = sessions.query(KeyConditionExpression=Key('token').eq(token))\n"
         "    if len(found['Items']) == 0: return", "perhaps"),
        ("found = sessions.query(KeyConditionExpression=Key('token').eq(token))\n"
         "    if not found['Items']: return", "perhaps"),
        ("found = sessions.query(KeyConditionExpression=Key('token').eq(token))\n"
         "    if found['Count'] < 1: return", "perhaps"),
        ("key = {'token': hashlib.sha256(token.encode()).hexdigest()}\n"
         "    if 'Item' not in sessions.get_item(Key=key): return", "perhaps"),
        # the answer is asked for nothing, or is always there
        ("found = sessions.get_item(Key={'token': token}).get('Item')\n"
         "    if not found: print('none')", "open"),
        ("found = sessions.get_item(Key={'token': token})\n    if not found: return", "open"),
        ("found = sessions.query(KeyConditionExpression=Key('token').eq(token))\n"
         "    if found['Count'] < 0: return", "open"),
        # what is no token
        ("page = json.loads(event['body'])['next_token']\n"
         "    if 'Item' not in sessions.get_item(Key={'token': 'p' + page}): return", "perhaps"),
        ("page = json.loads(event['body'])['next_token']\n"
         "    if 'Item' not in table.get_item(Key={'id': page}): return", "open"),
    ],
)  # fmt: skip
def test_what_a_store_holds_under_a_token(tmp_path: Path, asked: str, expected: str) -> None:
    code = "def handler(event, context):\n    token = json.loads(event['body'])['token']\n"
    assert told_of_python(tmp_path, f"{code}    {asked}\n    return save(event)\n") == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("const { Item } = await session(body.token); if (!Item) return refused;", "perhaps"),
        ("const r = await session(body.token); if (r.Item.ends < 1) return refused;", "perhaps"),
        ("const r = await db.send(new QueryCommand({ TableName: 'sessions', KeyConditionExpression:"
         " '#t = :t', ExpressionAttributeNames: { '#t': 'token' }, ExpressionAttributeValues:"
         " { ':t': body.token } })); if (r.Items.length === 0) return refused;", "perhaps"),
        ("const r = await db.send(new QueryCommand({ TableName: 'sessions', KeyConditionExpression:"
         " '#t = :t', ExpressionAttributeNames: { '#t': 'token' }, ExpressionAttributeValues:"
         " { ':t': body.token } })); if (!r.Items) return refused;", "open"),
        ("const r = await session(body.token); console.log(r.Item?.user);", "open"),
        ("const r = await session(body.token); if (!r) return refused;", "open"),
        ("const { Item } = await session(body.orderId); if (!Item) return refused;", "perhaps"),
        # what is kept of a customer, and shown
        ("const { Item } = await db.send(new GetCommand({ TableName: 'customers', Key: { id:"
         " body.id } })); if (Item.editToken !== body.editToken) return refused;", "known"),
        ("const { Item } = await db.send(new GetCommand({ TableName: 'customers', Key: { id:"
         " body.id } })); if (Item.email !== body.email) return refused;", "open"),
        ("const { Item } = await db.send(new GetCommand({ TableName: 'customers', Key: { id:"
         " body.id } })); if (!(await bcrypt.compare(body.password, Item.hash))) return refused;",
         "known"),
        ("const { Item } = await db.send(new GetCommand({ TableName: 'customers', Key: { id:"
         " body.id } })); await bcrypt.compare(body.password, Item.hash);", "open"),
    ],
)  # fmt: skip
def test_what_code_finds_in_javascript(tmp_path: Path, asked: str, expected: str) -> None:
    code = f"const body = JSON.parse(event.body); {asked} return save(event);"
    assert told_of_javascript(tmp_path, f"exports.handler = async (event) => {{ {code} }};") == expected


TOKEN, KEY = "event.headers.authorization", "process.env.KEY"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (f"try {{ jwt.verify({TOKEN}, {KEY}); }} catch (e) {{ return refused; }}", "known"),
        (f"try {{ jwt.verify({TOKEN}, {KEY}); }} catch (e) {{ console.log(e); }}", "open"),
        (f"let said; try {{ said = jwt.verify({TOKEN}, {KEY}); }} catch (e) {{ console.log(e); }}",
         "open"),
        (f"let ok; try {{ jwt.verify({TOKEN}, {KEY}); ok = true; }} catch (e) {{ console.log(e); }}"
         " if (!ok) return refused;", "known"),
        (f"let who; try {{ who = jwt.verify({TOKEN}, {KEY}).sub; }} catch (e) {{ console.log(e); }}"
         " if (who !== event.pathParameters.id) return refused;", "known"),
    ],
)  # fmt: skip
def test_a_check_whose_error_is_caught_asks_nobody(
    tmp_path: Path, asked: str, expected: str
) -> None:
    code = f"exports.handler = async (event) => {{ {asked} return save(event); }};"
    assert told_of_javascript(tmp_path, code) == expected


@pytest.mark.parametrize(
    ("caught", "expected"), [("return {'statusCode': 401}", "known"), ("print('no')", "open")]
)
def test_so_in_python(tmp_path: Path, caught: str, expected: str) -> None:
    code = f"""def handler(event, context):
    try:
        jwt.decode(event["headers"]["authorization"], os.environ["KEY"], algorithms=["HS256"])
    except Exception:
        {caught}
    return save(event)
"""
    assert told_of_python(tmp_path, code) == expected
