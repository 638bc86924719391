"""What Python handlers ask of services, as the summary says it."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from checkrein.code import analyse
from checkrein.model import CallSite, Choice, Code, Function, Open, Summary, Symbol, Text


def summary(root: Path, text: str, handler: str = "app.handler") -> Summary:
    (root / "app.py").write_text(dedent(text))
    code = Code(folder=".", file="app.py")
    function = Function(
        id="t/F", runtime="python3.12", language="python", handler=handler, code=code
    )
    return analyse(root, function)


def calls(found: Summary, kind: str = "sdk") -> list[tuple[str, str, int]]:
    return [(c.service, c.operation, c.place.line) for c in found.calls if c.kind == kind]


def arguments(call: CallSite) -> dict[str, object]:
    return {argument.path: argument.value for argument in call.arguments}


def only(found: Summary, kind: str = "sdk") -> CallSite:
    (call,) = [call for call in found.calls if call.kind == kind]
    return call


EVENT = {
    name: Symbol("event", name) for name in ("body.id", "body.User", "id", "name", "Records[].body")
}
TABLE = Symbol("env", "TABLE")


def test_a_table_of_a_resource_gets_the_fields_of_the_event(tmp_path: Path) -> None:
    found = summary(
        tmp_path,
        """
        import boto3, json, os
        table = boto3.resource("dynamodb").Table(os.environ["TABLE"])

        def handler(event, context):
            body = json.loads(event["body"])
            table.put_item(Item={"User": body["User"], "kind": "ride"})
            return {"statusCode": 200, "body": json.dumps({"user": body.get("User")})}
        """,
    )
    sdk, response = found.calls
    assert (sdk.service, sdk.operation, sdk.place.line) == ("dynamodb", "PutItem", 7)
    assert arguments(sdk) == {
        "TableName": TABLE,
        "Item.User": EVENT["body.User"],
        "Item.kind": "ride",
    }
    assert arguments(response) == {"statusCode": 200, "body.user": EVENT["body.User"]}
    assert [(read.source, read.place.line) for read in found.reads] == [
        (TABLE, 3),
        (EVENT["body.User"], 7),
    ]
    assert (found.partial, found.packages, found.files) == ("", ("boto3",), ("app.py",))


@pytest.mark.parametrize(
    ("made", "call", "operation", "expected"),
    [
        (
            "boto3.client('s3')",
            "it.upload_file('/tmp/x', 'b', event['id'])",
            "PutObject",
            {"Body": "/tmp/x", "Bucket": "b", "Key": EVENT["id"]},
        ),
        (
            "boto3.Session().client('sqs')",
            "it.send_message(QueueUrl=os.getenv('TABLE'), MessageBody=json.dumps({'a': event['id']}))",
            "SendMessage",
            {"QueueUrl": TABLE, "MessageBody.a": EVENT["id"]},
        ),
        (
            "boto3.resource('s3')",
            "it.Bucket('b').upload_file('/tmp/x', 'k')",
            "PutObject",
            {"Bucket": "b", "Body": "/tmp/x", "Key": "k"},
        ),
        (
            "boto3.resource('s3')",
            "it.Object('b', event['id']).get()",
            "GetObject",
            {"Bucket": "b", "Key": EVENT["id"]},
        ),
        (
            "boto3.client('s3')",
            "it.generate_presigned_url('get_object', Params={'Bucket': 'b', 'Key': event['id']})",
            "GetObject",
            {"Bucket": "b", "Key": EVENT["id"]},
        ),
        (
            "boto3.client('s3')",
            "it.generate_presigned_post('b', event['id'])",
            "PutObject",
            {"Bucket": "b", "Key": EVENT["id"]},
        ),
        (
            "boto3.client('dynamodb')",
            "it.get_paginator('scan').paginate(TableName='t')",
            "Scan",
            {"TableName": "t"},
        ),
        (
            "boto3.client('s3')",
            "it.get_waiter('bucket_exists').wait(Bucket='b')",
            "HeadBucket",
            {"Bucket": "b"},
        ),
        (
            "boto3.client('dynamodb')",
            "it.put_item(**{'TableName': 't', 'Item': {'id': {'S': event['id']}}})",
            "PutItem",
            {"TableName": "t", "Item.id.S": EVENT["id"]},
        ),
        (
            "boto3.client('dynamodb')",
            "it.batch_write_item(RequestItems={os.environ['TABLE']: [{'PutRequest': {'Item': {'a': event['id']}}}]})",
            "BatchWriteItem",
            {"RequestItems{}": TABLE, "RequestItems{}[].PutRequest.Item.a": EVENT["id"]},
        ),
        (
            "boto3.client('apigatewaymanagementapi', endpoint_url=os.environ['TABLE'])",
            "it.post_to_connection(ConnectionId=event['id'], Data='x')",
            "PostToConnection",
            {"@endpoint": TABLE, "ConnectionId": EVENT["id"], "Data": "x"},
        ),
    ],
)
def test_the_ways_to_call_boto3(
    tmp_path: Path, made: str, call: str, operation: str, expected: dict[str, object]
) -> None:
    found = summary(
        tmp_path,
        f"""
        import boto3, json, os
        it = {made}

        def handler(event, context):
            {call}
        """,
    )
    site = only(found)
    assert (site.operation, arguments(site)) == (operation, expected)


def test_batch_writers_and_collections_say_each_item_and_the_listing(tmp_path: Path) -> None:
    found = summary(
        tmp_path,
        """
        import boto3, os
        def handler(event, context):
            with boto3.resource("dynamodb").Table("t").batch_writer() as batch:
                for record in event["Records"]:
                    batch.put_item(Item={"body": record["body"]})
            for item in boto3.resource("s3").Bucket("b").objects.filter(Prefix="p"):
                item.delete()
        """,
    )
    written, listed, deleted = found.calls
    assert arguments(written) == {
        "RequestItems{}": "t",
        "RequestItems{}[].PutRequest.Item.body": EVENT["Records[].body"],
    }
    assert (listed.operation, arguments(listed)) == ("ListObjects", {"Bucket": "b", "Prefix": "p"})
    assert (deleted.operation, arguments(deleted)["Bucket"]) == ("DeleteObject", "b")
    assert arguments(deleted)["Key"] == Symbol("call:1", "Contents[].Key")


def test_clients_travel_through_arguments_attributes_and_globals(tmp_path: Path) -> None:
    found = summary(
        tmp_path,
        """
        import boto3
        shared = None

        def connect():
            global shared
            if shared is None:
                shared = boto3.client("sns")
            return shared

        class Store:
            def __init__(self, client, *, table="rides"):
                self.client = client
                self.table = table

            def save(self, item):
                self.client.put_item(TableName=self.table, Item=item)

        class Loud(Store):
            def save(self, item):
                connect().publish(TopicArn="arn", Message=item["name"])
                super().save(item)

        def handler(event, context):
            Loud(boto3.client("dynamodb"), table="loud").save({"name": event["name"]})
        """,
    )
    publish, put = found.calls
    assert (publish.operation, arguments(publish)["Message"]) == ("Publish", EVENT["name"])
    assert arguments(put) == {"TableName": "loud", "Item.name": EVENT["name"]}
    assert [step.text for step in put.steps] == ["calls save", "calls save"]
    assert [step.place.line for step in put.steps] == [25, 22]


def test_code_that_the_handler_never_reaches_is_silent(tmp_path: Path) -> None:
    found = summary(
        tmp_path,
        """
        import boto3
        s3 = boto3.client("s3")
        names = s3.list_buckets()

        def dead():
            s3.delete_bucket(Bucket="b")

        def handler(event, context):
            if event["id"]:
                return
                s3.get_object(Bucket="b", Key="k")
        """,
    )
    assert calls(found) == [("s3", "ListBuckets", 4)]


def test_texts_keep_what_is_symbolic_in_them(tmp_path: Path) -> None:
    found = summary(
        tmp_path,
        """
        import boto3, os
        STAGE = os.environ["STAGE"]
        def handler(event, context):
            key = "users/{}/{}.json".format(event["id"], "v1")
            name = f"app-{STAGE}-data"
            boto3.client("s3").put_object(Bucket=name, Key=key, Body="%s:%s" % ("a", event["name"]))
        """,
    )
    assert arguments(only(found)) == {
        "Bucket": Text(("app-", Symbol("env", "STAGE"), "-data")),
        "Key": Text(("users/", EVENT["id"], "/v1.json")),
        "Body": Text(("a:", EVENT["name"])),
    }


def test_branches_and_repeated_calls_give_choices(tmp_path: Path) -> None:
    found = summary(
        tmp_path,
        """
        import boto3, os
        db = boto3.client("dynamodb")

        def read(table, key):
            return db.get_item(TableName=table, Key={"id": key})["Item"]

        def handler(event, context):
            if event["name"] == "x":
                read("one", event["id"])
            else:
                read(os.environ.get("TABLE", "two"), event["name"])
            event_kind = event["name"]
            if event_kind not in ("a", "b"):
                return {}
            db.delete_item(TableName="t", Key={"kind": event_kind})
        """,
    )
    first, second, _, delete = found.calls
    assert arguments(first) == {"TableName": "one", "Key.id": EVENT["id"]}
    assert arguments(second) == {
        "TableName": Choice((((), "two"), ((), TABLE))),
        "Key.id": EVENT["name"],
    }
    assert arguments(delete)["Key.kind"] == Choice((((), "a"), ((), "b")))


def test_results_are_symbols_and_their_used_fields_are_named(tmp_path: Path) -> None:
    found = summary(
        tmp_path,
        """
        import boto3
        db = boto3.resource("dynamodb").Table("t")
        def handler(event, context):
            item = db.get_item(Key={"id": event["id"]})["Item"]
            print(item["email"], len(item["phones"]))
            return item
        """,
    )
    get, log, response = found.calls
    assert get.reads == ("Item", "Item.email", "Item.phones")
    assert arguments(log) == {"[0]": Symbol("call:0", "Item.email"), "[1]": Open("not known")}
    assert response.arguments[0].sources == (Symbol("call:0", "Item"),)


def test_an_error_that_is_caught_is_a_source(tmp_path: Path) -> None:
    found = summary(
        tmp_path,
        """
        import logging
        log = logging.getLogger(__name__)
        def handler(event, context):
            try:
                risky(event)
            except Exception as error:
                log.error("failed %s", error)
                return {"statusCode": 500, "body": str(error)}
        """,
    )
    log, response = found.calls
    assert (log.kind, log.operation) == ("log", "error")
    assert arguments(log)["[1]"] == Symbol("error", "")
    assert arguments(response)["body"] == Symbol("error", "")


def test_the_stack_of_an_error_is_another_thing_than_what_it_says(tmp_path: Path) -> None:
    found = summary(
        tmp_path,
        """
        import traceback
        def handler(event, context):
            try:
                risky(event)
            except (KeyError, OSError) as error:
                print(error.strerror, error.__traceback__, traceback.format_exc())
            except ValueError as error:
                print(error)
        """,
    )
    first, second = found.calls
    assert arguments(first) == {
        "[0]": Symbol("error", "strerror"),
        "[1]": Symbol("error", "__traceback__"),
        "[2]": Symbol("error", "stack"),
    }
    assert arguments(second) == {"[0]": Open("not known")}, "what the program's own values were"


def test_a_whole_event_in_a_log_and_a_spread_event_in_an_item(tmp_path: Path) -> None:
    found = summary(
        tmp_path,
        """
        import boto3, json, uuid
        def handler(event, context):
            print("got", json.dumps(event))
            item = {**json.loads(event["body"]), "id": str(uuid.uuid4())}
            boto3.resource("dynamodb").Table("t").put_item(Item=item)
        """,
    )
    log, put = found.calls
    assert log.arguments[1].sources == (Symbol("event", ""),)
    assert arguments(put) == {
        "TableName": "t",
        "Item": Symbol("event", "body"),
        "Item.id": Open("made at random"),
    }


def test_an_operation_chosen_at_run_time_is_not_certain(tmp_path: Path) -> None:
    found = summary(
        tmp_path,
        """
        import boto3
        s3 = boto3.client("s3")
        def handler(event, context):
            act = getattr(s3, "get_object" if event["id"] else "delete_object")
            act(Bucket="b", Key="k")
        """,
    )
    assert sorted(calls(found)) == [("s3", "DeleteObject", 6), ("s3", "GetObject", 6)]
    assert [call.certain for call in found.calls] == [False, False]


def test_an_error_carries_what_it_was_raised_with(tmp_path: Path) -> None:
    found = summary(
        tmp_path,
        """
        class Missing(Exception):
            pass

        def find(event):
            raise Missing(event["id"])

        def handler(event, context):
            try:
                return find(event)
            except Missing as error:
                print(str(error), error.args)
        """,
    )
    log = only(found, "log")
    assert [argument.sources for argument in log.arguments] == [
        (EVENT["id"],),
        (EVENT["id"],),
    ]
