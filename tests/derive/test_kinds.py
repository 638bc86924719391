"""Items of several kinds in one table, or bucket: who reads one kind does not get another.

Each case is a function that stores what its caller sends and one that runs a command from what it
reads: is it the caller's? What hides a key must never hide that it is.
"""

from collections.abc import Callable
from textwrap import dedent, indent

import pytest

from checkrein.model import App, Element, Taint

Scan = Callable[[dict[str, str]], App]

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Parameters: {Given: {Type: String}}
Globals:
  Function:
    CodeUri: code
    Runtime: RUNTIME
    Environment: {Variables: {TABLE: !Ref Things, FILES: !Ref Files, OWN: "USER#", GIVEN: !Ref Given}}
Resources:
  Things:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{AttributeName: pk, KeyType: HASH}, {AttributeName: sk, KeyType: RANGE}]
      GlobalSecondaryIndexes:
        - {IndexName: other, KeySchema: [{AttributeName: gpk, KeyType: HASH}]}
  Files: {Type: AWS::S3::Bucket}
  Write:
    Type: AWS::Serverless::Function
    Properties:
      Handler: write.handler
      Events: {Asked: {Type: Api, Properties: {Method: post, Path: /things}}}
  Read: {Type: AWS::Serverless::Function, Properties: {Handler: read.handler}}
"""
PYTHON = """
import boto3, json, os, keys, tools
from boto3.dynamodb.conditions import Attr, Key
from keys import USER, user_key
table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
files = boto3.client("s3")
def handler(event, context):
    body = json.loads(event["body"])
    id, note, flag = body["id"], body["note"], body["flag"]
{}
"""
JAVASCRIPT = """
const { DynamoDBClient } = require("@aws-sdk/client-dynamodb");
const lib = require("@aws-sdk/lib-dynamodb");
const { exec } = require("child_process");
const { USER, userKey } = require("./keys");
const client = lib.DynamoDBDocumentClient.from(new DynamoDBClient({}));
const TableName = process.env.TABLE;
exports.handler = async (event) => {
  const { id, note, flag } = JSON.parse(event.body);
  const body = JSON.parse(event.body);
CODE
};
"""
KEYS = {
    "code/keys.py": 'USER = "USER#"\n\ndef user_key(id):\n    return {"pk": f"{USER}{id}", "sk": "A"}\n',
    "code/keys.js": 'exports.USER = "USER#";\nexports.userKey = (id) => ({ pk: `${exports.USER}${id}`, sk: "A" });\n',
}


def python(*writes: str, read: str) -> dict[str, str]:
    """Return an application in Python of statements that write, and an expression that reads."""
    run = f"os.system({read})"
    code = {"code/write.py": "\n".join(writes), "code/read.py": run}
    files = {name: PYTHON.replace("{}", indent(text, "    ")) for name, text in code.items()}
    return {"app.yaml": TEMPLATE.replace("RUNTIME", "python3.13"), **files, **KEYS}


def javascript(*writes: str, read: str) -> dict[str, str]:
    """Return the same in JavaScript."""
    code = {"code/write.js": "\n".join(writes), "code/read.js": f"exec({read})"}
    files = {name: JAVASCRIPT.replace("CODE", text) for name, text in code.items()}
    return {"app.yaml": TEMPLATE.replace("RUNTIME", "nodejs22.x"), **files, **KEYS}


def sees(derived: Scan, files: dict[str, str]) -> bool:
    """Tell whether what the caller of one function sent reaches the command of the other."""
    app = derived({name: dedent(text) for name, text in files.items()})
    return any(t.function == "app/Read" and t.enters == "app/Write" for t in app.every(Taint))


def put(item: str) -> str:
    return f"table.put_item(Item={item})"


def get(key: str) -> str:
    return f'table.get_item(Key={key})["Item"]["note"]'


def query(condition: str, more: str = "") -> str:
    return f'table.query(KeyConditionExpression={condition}{more})["Items"][0]["note"]'


def scan(condition: str) -> str:
    return f'table.scan(FilterExpression={condition})["Items"][0]["note"]'


A_USER = put('{"pk": "USER#" + id, "sk": "A", "note": note}')
ORDER = get('{"pk": "ORDER#" + id, "sk": "A"}')
A_KIND = put('{"pk": id, "sk": "A", "kind": "user", "note": note}')
ORDERS = scan('Attr("kind").eq("order")')
SEND = "await client.send(new lib.%s(%s))"
CHANGE = 'table.update_item(Key={"pk": id, "sk": "A"}, UpdateExpression=%s, ExpressionAttributeValues={":k": %s})'


@pytest.mark.parametrize(
    ("write", "read", "seen"),
    [
        (A_USER, ORDER, False),
        (A_USER, get('{"pk": "USER#" + id, "sk": "A"}'), True),
        # one head begins as the other does
        (A_USER, get('{"pk": "USER#ADMIN#" + id, "sk": "A"}'), True),
        (put('{"pk": "USER#ADMIN#" + id, "note": note}'), get('{"pk": "USER#" + id}'), True),
        (put('{"pk": "USER#ADMIN#" + id, "note": note}'), get('{"pk": "USERS#" + id}'), False),
        # the other part of the key
        (A_USER, get('{"pk": "USER#" + id, "sk": "B"}'), False),
        (put('{"pk": id, "sk": id + "#A", "note": note}'), get('{"pk": id, "sk": id + "#B"}'), False),
        (put('{"pk": id, "sk": id + "#A", "note": note}'), get('{"pk": id, "sk": "B#" + id}'), True),
        # constants and functions of another file
        (put('{**user_key(id), "note": note}'), ORDER, False),
        (put('{**user_key(id), "note": note}'), get('{"pk": f"USER#{id}", "sk": "A"}'), True),
        (put('{"pk": keys.USER + id, "sk": "A", "note": note}'), get("user_key(id)"), True),
        # one of several, or nobody knows which
        (put('{"pk": ("USER#" if flag else "ORDER#") + id, "sk": "A", "note": note}'), ORDER, True),
        (put('{"pk": ("USER#" if flag else "CART#") + id, "sk": "A", "note": note}'), ORDER, False),
        (put('{"pk": os.environ["GIVEN"] + id, "sk": "A", "note": note}'), ORDER, True),
        (put('{"pk": os.environ["OWN"] + id, "sk": "A", "note": note}'), ORDER, False),
        (put('{"pk": tools.prefix("USER#") + id, "sk": "A", "note": note}'), ORDER, True),
        # a text that is changed has another head
        (put('{"pk": ("order#" + id).upper(), "sk": "A", "note": note}'), ORDER, True),
        (put('{"pk": ("USER#ORDER#" + id)[5:], "sk": "A", "note": note}'), ORDER, True),
        (put('{"pk": ("USER#" + id).replace("USER", "ORDER"), "sk": "A", "note": note}'), ORDER, True),
        # what stands before a caller's dictionary may be the caller's
        (put('{"pk": "USER#" + id, "sk": "A", **body}'), ORDER, True),
        (put('{**body, "pk": "USER#" + id, "sk": "A"}'), ORDER, False),
        ('item = {"pk": "USER#" + id, "sk": "A"}\nitem.update(body)\n' + put("item"), ORDER, True),
        ('item = {"pk": "USER#" + id, "sk": "A"}\nfor key in body:\n    item[key] = note\n' + put("item"), ORDER, True),
        ('item = {"pk": "USER#" + id, "note": note}\nif flag:\n    item["pk"] = "ORDER#" + id\n' + put("item"), ORDER, True),
    ],
)  # fmt: skip
def test_a_literal_head_or_tail_tells_keys_apart(
    derived: Scan, write: str, read: str, *, seen: bool
) -> None:
    assert sees(derived, python(write, read=read)) is seen


@pytest.mark.parametrize(
    ("read", "seen"),
    [
        (query('Key("pk").eq(id) & Key("sk").begins_with("ORDER#")'), False),
        (query('Key("pk").eq(id) & Key("sk").begins_with("USER#")'), True),
        (query('Key("pk").eq(id) & Key("sk").between("ORDER#1", "ORDER#9")'), False),
        (query('Key("pk").eq(id) & Key("sk").between("ORDER#1", "V")'), True),
        (query('Key("pk").eq(id) & Key("sk").gt("V")'), True),
        (scan('Attr("sk").begins_with("ORDER#") | Attr("sk").begins_with("CART#")'), False),
        (scan('Attr("sk").begins_with("ORDER#") | Attr("sk").begins_with("USER#")'), True),
        (scan('Attr("sk").begins_with("ORDER#") | Attr("pk").eq(id)'), True),
        (scan('~Attr("sk").begins_with("ORDER#")'), True),
        (scan('Attr("sk").ne("ORDER#")'), True),
        (scan('Attr("sk").begins_with("ORDER#") | ~Attr("pk").eq("a")'), True),
        (scan('"begins_with(sk, :s)", ExpressionAttributeValues={":s": "ORDER#"}'), False),
        (scan('"begins_with(#s, :s)", ExpressionAttributeNames={"#s": "sk"}, ExpressionAttributeValues={":s": "ORDER#"}'), False),
        (scan('"begins_with(sk, :s) OR kind = :k", ExpressionAttributeValues={":s": "ORDER#", ":k": id}'), True),
        (scan('"NOT begins_with(sk, :s)", ExpressionAttributeValues={":s": "ORDER#"}'), True),
        (scan('"sk IN (:s, :t)", ExpressionAttributeValues={":s": "ORDER#", ":t": "CART#"}'), False),
        (scan('f"begins_with(sk, :s) {id}", ExpressionAttributeValues={":s": "ORDER#"}'), True),
        ('table.scan()["Items"][0]["note"]', True),
        ('table.scan(**({"FilterExpression": Attr("sk").eq("ORDER#")} if flag else {}))["Items"][0]["note"]', True),
    ],
)  # fmt: skip
def test_conditions_tell_what_is_read(derived: Scan, read: str, *, seen: bool) -> None:
    write = put('{"pk": id, "sk": "USER#" + id, "note": note}')
    assert sees(derived, python(write, read=read)) is seen


def test_a_filter_that_only_some_ways_add_excludes_nothing(derived: Scan) -> None:
    files = python(put('{"pk": "USER#1", "sk": "A", "note": note}'), read="found[0]['note']")
    asked = 'how = {}\nif flag:\n    how["FilterExpression"] = Attr("pk").eq("ORDER#1")\nfound = table.scan(**how)["Items"]\nos.system'
    files["code/read.py"] = files["code/read.py"].replace(
        "os.system", indent(asked, "    ").strip()
    )
    assert sees(derived, files)


@pytest.mark.parametrize(
    "code",
    [
        'def find(**more): return table.scan(**more)["Items"][0]["note"]\nfind(FilterExpression=Attr("pk").eq("ORDER#1"))\nfound = find()',
        'how = {"FilterExpression": Attr("pk").eq("ORDER#1")} if flag else {"Limit": 1}\nfound = table.scan(**how)["Items"][0]["note"]',
        'key = {"pk": "ORDER#1", "sk": "A"}\nif flag:\n    key = tools.key_of()\nfound = table.get_item(Key=key)["Item"]["note"]',
    ],
)
def test_one_way_that_reads_all_reads_all(derived: Scan, code: str) -> None:
    files = python(A_USER, read="found")
    files["code/read.py"] = files["code/read.py"].replace(
        "    os.sys", indent(f"{code}\nos.sys", "    ")
    )
    assert sees(derived, files)


FILTERED = (
    "{ TableName, FilterExpression: 'pk = :p', ExpressionAttributeValues: { ':p': 'ORDER#' } }"
)
FIND = "(async (more) => (await client.send(new lib.ScanCommand({ TableName, ...more }))).Items[0].note)"


@pytest.mark.parametrize(
    ("read", "seen"),
    [
        (f"(await client.send(new lib.ScanCommand({FILTERED}))).Items[0].note", False),
        (f"(await client.send(new lib.ScanCommand({{ some: {FILTERED}, all: {{ TableName }} }}[id]))).Items[0].note", True),
        (f"[{FILTERED}, {{ TableName }}].map({FIND})[0]", True),
    ],
)  # fmt: skip
def test_one_of_several_requests_that_reads_all_reads_all(
    derived: Scan, read: str, *, seen: bool
) -> None:
    write = SEND % ("PutCommand", "{ TableName, Item: { pk: `USER#${id}`, note } }")
    assert sees(derived, javascript(write, read=read)) is seen


@pytest.mark.parametrize(
    ("writes", "seen"),
    [
        ((A_KIND,), False),
        ((A_KIND, CHANGE % ('"SET kind = :k"', '"order"')), True),
        ((A_KIND, CHANGE % ('"SET kind = :k"', "id")), True),
        ((A_KIND, CHANGE % ('"SET kind = :k"', '"cart"')), False),
        ((A_KIND, CHANGE % ('"SET other = :k"', "id")), False),
        ((A_KIND, CHANGE % ('"SET " + note + " = :k"', '"order"')), True),
        # an update of what is no user's changes no user
        ((A_USER.replace('"sk"', '"kind": "user", "sk"'), CHANGE.replace("id", '"CART#" + id', 1) % ('"SET kind = :k"', '"order"')), False),
    ],
)  # fmt: skip
def test_an_attribute_that_is_no_key_holds_until_an_update(
    derived: Scan, writes: tuple[str, ...], *, seen: bool
) -> None:
    assert sees(derived, python(*writes, read=ORDERS)) is seen


OTHERS = {  # that write the table, and of which nobody reads what they write
    "Unread": "{Type: AWS::Serverless::Function, Properties: {Handler: main, Runtime: provided.al2023, CodeUri: go, Policies: [DynamoDBCrudPolicy: {TableName: !Ref Things}]}}",
    "Machine": "{Type: AWS::Serverless::StateMachine, Properties: {Definition: {StartAt: A, States: {A: {Type: Task, End: true, Resource: 'arn:aws:states:::dynamodb:updateItem', "
    "Parameters: {TableName: !Ref Things, Key: {pk: {S: a}}, UpdateExpression: 'SET kind = :k', ExpressionAttributeValues: {':k': {'S.$': $.kind}}}}}}}}",
}  # fmt: skip


@pytest.mark.parametrize("other", list(OTHERS))
def test_only_keys_hold_where_others_write(derived: Scan, other: str) -> None:
    for write, read, seen in ((A_KIND, ORDERS, True), (A_USER, ORDER, False)):
        files = python(write, read=read)
        files["app.yaml"] += f"  {other}: {OTHERS[other]}\n"
        assert sees(derived, files) is seen


@pytest.mark.parametrize(
    ("item", "seen"),
    [
        ('{"pk": id, "gpk": "USER#" + id, "note": note}', False),
        ('{"pk": id, "gpk": "ORDER#" + id, "note": note}', True),
        ('{"pk": id, "note": note}', False),  # not in the index
        ('{"pk": id, **body}', True),
    ],
)
def test_an_index_is_read_by_its_own_key(derived: Scan, item: str, *, seen: bool) -> None:
    read = query('Key("gpk").eq("ORDER#" + id)', ', IndexName="other"')
    assert sees(derived, python(put(item), read=read)) is seen
    changed = 'table.update_item(Key={"pk": id}, UpdateExpression="SET gpk = :g", ExpressionAttributeValues={":g": "ORDER#" + id})'
    assert sees(derived, python(put(item), changed, read=read))


def test_what_an_update_writes_is_in_the_item_that_was_put(derived: Scan) -> None:
    made = put('{"pk": "USER#" + id, "gpk": "USER#" + id}')
    change = 'table.update_item(Key={"pk": "USER#" + id}, UpdateExpression="SET note = :n", ExpressionAttributeValues={":n": note})'
    read = query('Key("gpk").eq("%s#" + id)', ', IndexName="other"')
    assert not sees(derived, python(made, change, read=read % "ORDER"))
    assert sees(derived, python(made, change, read=read % "USER"))
    assert sees(derived, python(change, read=read % "ORDER")), "somebody else puts the items"


@pytest.mark.parametrize(
    ("write", "read", "seen"),
    [
        ("uploads/", "reports/", False),
        ("uploads/", "uploads/", True),
        ("uploads/", "uploads/new/", True),
        ("", "reports/", True),
    ],
)
def test_objects_are_told_apart_by_their_keys(
    derived: Scan, write: str, read: str, *, seen: bool
) -> None:
    put = f'files.put_object(Bucket=os.environ["FILES"], Key="{write}" + context.aws_request_id, Body=note)'
    get = f'files.get_object(Bucket=os.environ["FILES"], Key="{read}" + id)["Body"].read()'
    assert sees(derived, python(put, read=get)) is seen
    copy = 'files.copy_object(Bucket=os.environ["FILES"], Key="reports/1", CopySource="files/uploads/1")'
    assert sees(derived, python(put, copy, read=get))


@pytest.mark.parametrize(
    ("item", "command", "asked", "seen"),
    [
        ("{ pk: `USER#${id}`, note }", "GetCommand", "Key: { pk: `ORDER#${id}` }", False),
        ("{ pk: `USER#${id}`, note }", "GetCommand", "Key: { pk: `USER#ADMIN#${id}` }", True),
        ("{ ...userKey(id), note }", "GetCommand", "Key: { pk: `ORDER#${id}` }", False),
        ("{ ...userKey(id), note }", "GetCommand", "Key: { pk: 'USER#' + id, sk: 'A' }", True),
        ("{ pk: USER + id, note }", "GetCommand", "Key: userKey(id)", True),
        ("{ ...body, pk: `USER#${id}` }", "GetCommand", "Key: { pk: `ORDER#${id}` }", False),
        ("{ pk: `USER#${id}`, ...body }", "GetCommand", "Key: { pk: `ORDER#${id}` }", True),
        ("{ pk: `USER#${id}`, note }", "GetCommand", "Key: flag ? userKey(id) : { pk: 'ORDER#' + id }", True),
        ("{ pk: id, sk: `USER#${id}`, note }", "QueryCommand", "KeyConditionExpression: 'pk = :p AND begins_with(sk, :s)', ExpressionAttributeValues: { ':p': id, ':s': 'ORDER#' }", False),
        ("{ pk: id, sk: `USER#${id}`, note }", "QueryCommand", "KeyConditionExpression: 'pk = :p' + (flag ? ' AND begins_with(sk, :s)' : ''), ExpressionAttributeValues: { ':p': id, ':s': 'ORDER#' }", True),
        ("{ pk: id, kind: 'user', note }", "ScanCommand", "FilterExpression: 'kind = :k', ExpressionAttributeValues: { ':k': 'order' }", False),
        ("{ pk: id, kind: 'user', note }", "ScanCommand", "...(flag ? { FilterExpression: 'kind = :k' } : {}), ExpressionAttributeValues: { ':k': 'order' }", True),
        ("{ pk: id, kind: 'user', note }", "ScanCommand", "...(flag && { FilterExpression: 'kind = :k' }), ExpressionAttributeValues: { ':k': 'order' }", True),
        ("{ pk: id, kind: 'user', note }", "ScanCommand", "FilterExpression: flag ? 'kind = :k' : undefined, ExpressionAttributeValues: { ':k': 'order' }", True),
    ],
)  # fmt: skip
def test_the_same_in_javascript(
    derived: Scan, item: str, command: str, asked: str, *, seen: bool
) -> None:
    write = SEND % ("PutCommand", f"{{ TableName, Item: {item} }}")
    answer = "Item.note" if command == "GetCommand" else "Items[0].note"
    read = f"({SEND % (command, f'{{ TableName, {asked} }}')}).{answer}"
    assert sees(derived, javascript(write, read=read)) is seen


def test_typed_attributes_of_the_plain_client(derived: Scan) -> None:
    client = 'boto3.client("dynamodb")'
    write = f'{client}.put_item(TableName=os.environ["TABLE"], Item={{"pk": {{"S": "USER#" + id}}, "note": {{"S": note}}}})'
    read = f'{client}.get_item(TableName=os.environ["TABLE"], Key={{"pk": {{"S": "%s#" + id}}}})["Item"]["note"]["S"]'
    assert not sees(derived, python(write, read=read % "ORDER"))
    assert sees(derived, python(write, read=read % "USER"))


def test_batches_and_transactions_keep_their_members_apart(derived: Scan) -> None:
    batch = 'with table.batch_writer() as b:\n    b.put_item(Item={"pk": "USER#" + id, "sk": "A", "note": note})'
    assert not sees(derived, python(batch, read=ORDER))
    put = '{"Put": {"TableName": os.environ["TABLE"], "Item": {"pk": {"S": "USER#" + id}, "note": {"S": note}}}}'
    update = '{"Update": {"TableName": os.environ["TABLE"], "Key": {"pk": {"S": "%s#" + id}}, "UpdateExpression": "SET note = :n", "ExpressionAttributeValues": {":n": {"S": note}}}}'
    both = f'boto3.client("dynamodb").transact_write_items(TransactItems=[{put}, {update}])'
    assert not sees(derived, python(both % "CART", read=ORDER))
    assert sees(derived, python(both % "ORDER", read=ORDER))


def test_an_answer_holds_what_is_in_its_kind_of_items(derived: Scan) -> None:
    writes = (put('{"pk": "USER#" + id, "sk": "A", "email": body["email"]}'), A_USER)
    files = python(*writes, read="id")
    for kind, held in (("ORDER#", set()), ("USER#", {"pii.email"})):
        answer = f'return table.get_item(Key={{"pk": "{kind}" + id, "sk": "A"}})["Item"]'
        files["code/read.py"] = PYTHON.replace("{}", f"    {answer}")
        app = derived(files)
        found = {e.data for e in app.every(Element) if e.slot.node == "app/Read@response"}
        assert found & {"pii.email"} == held
