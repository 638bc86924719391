"""What JavaScript and TypeScript handlers ask of services, as the summary says it."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from checkrein.code import analyse
from checkrein.model import CallSite, Choice, Code, Function, Open, Summary, Symbol, Text


def summary(root: Path, text: str, handler: str = "app.handler", file: str = "app.js") -> Summary:
    (root / file).write_text(dedent(text))
    code = Code(folder=".", file=file)
    function = Function(
        id="t/F", runtime="nodejs20.x", language="javascript", handler=handler, code=code
    )
    return analyse(root, function)


def arguments(call: CallSite) -> dict[str, object]:
    return {argument.path: argument.value for argument in call.arguments}


def only(found: Summary, kind: str = "sdk") -> CallSite:
    (call,) = [call for call in found.calls if call.kind == kind]
    return call


def event(path: str) -> Symbol:
    return Symbol("event", path)


TABLE = Symbol("env", "TABLE")


@pytest.mark.parametrize(
    ("head", "call", "operation", "expected"),
    [
        (
            "const AWS = require('aws-sdk'); const it = new AWS.DynamoDB.DocumentClient();",
            "await it.put({TableName: process.env.TABLE, Item: {id: event.id}}).promise()",
            "PutItem",
            {"TableName": TABLE, "Item.id": event("id")},
        ),
        (
            "const {S3} = require('aws-sdk'); const it = new S3({params: {Bucket: 'b'}});",
            "it.upload({Key: event.id, Body: 'x'}, (error, data) => {})",
            "PutObject",
            {"Bucket": "b", "Key": event("id"), "Body": "x"},
        ),
        (
            "const SQS = require('aws-sdk/clients/sqs'); const it = new SQS();",
            "it.sendMessage({QueueUrl: 'q', MessageBody: JSON.stringify({a: event.id})}).promise()",
            "SendMessage",
            {"QueueUrl": "q", "MessageBody.a": event("id")},
        ),
        (
            "const AWS = require('aws-xray-sdk').captureAWS(require('aws-sdk')); const it = new AWS.SNS();",
            "it.publish({TopicArn: 't', Message: event.id})",
            "Publish",
            {"TopicArn": "t", "Message": event("id")},
        ),
        (
            "const AWS = require('aws-sdk'); const it = new AWS.S3();",
            "it.getSignedUrl('getObject', {Bucket: 'b', Key: event.id})",
            "GetObject",
            {"Bucket": "b", "Key": event("id")},
        ),
        (
            "import {S3Client, PutObjectCommand} from '@aws-sdk/client-s3'; const it = new S3Client({});",
            "await it.send(new PutObjectCommand({Bucket: 'b', Key: event.id}))",
            "PutObject",
            {"Bucket": "b", "Key": event("id")},
        ),
        (
            "import {S3} from '@aws-sdk/client-s3'; const it = new S3({});",
            "await it.putObject({Bucket: 'b', Key: event.id})",
            "PutObject",
            {"Bucket": "b", "Key": event("id")},
        ),
        (
            (
                "import {DynamoDBClient} from '@aws-sdk/client-dynamodb';"
                "import {DynamoDBDocumentClient, PutCommand} from '@aws-sdk/lib-dynamodb';"
                "const it = DynamoDBDocumentClient.from(new DynamoDBClient({}));"
            ),
            "await it.send(new PutCommand({TableName: 't', Item: {...event, at: 1}}))",
            "PutItem",
            {"TableName": "t", "Item": event(""), "Item.at": 1},
        ),
        (
            (
                "import {S3Client, GetObjectCommand} from '@aws-sdk/client-s3';"
                "import {getSignedUrl} from '@aws-sdk/s3-request-presigner'; const it = new S3Client({});"
            ),
            "await getSignedUrl(it, new GetObjectCommand({Bucket: 'b', Key: event.id}))",
            "GetObject",
            {"Bucket": "b", "Key": event("id")},
        ),
        (
            "import {DynamoDBClient, paginateScan} from '@aws-sdk/client-dynamodb';",
            "for await (const page of paginateScan({client: new DynamoDBClient()}, {TableName: 't'})) {}",
            "Scan",
            {"TableName": "t"},
        ),
        (
            "import {S3Client} from '@aws-sdk/client-s3'; import {Upload} from '@aws-sdk/lib-storage';",
            "await new Upload({client: new S3Client(), params: {Bucket: 'b', Key: event.id}}).done()",
            "PutObject",
            {"Bucket": "b", "Key": event("id")},
        ),
        (
            (
                "import {ApiGatewayManagementApiClient, PostToConnectionCommand} from"
                " '@aws-sdk/client-apigatewaymanagementapi';"
                "const it = new ApiGatewayManagementApiClient({endpoint: process.env.TABLE});"
            ),
            "await it.send(new PostToConnectionCommand({ConnectionId: event.id}))",
            "PostToConnection",
            {"@endpoint": TABLE, "ConnectionId": event("id")},
        ),
    ],
)
def test_the_ways_to_call_the_sdks(
    tmp_path: Path, head: str, call: str, operation: str, expected: dict[str, object]
) -> None:
    export = "export const" if head.startswith("import") else "exports."
    text = f"{head}\n{export}{' ' if 'const' in export else ''}handler = async (event) => {{ {call}; }};\n"
    site = only(summary(tmp_path, text))
    assert (site.operation, arguments(site)) == (operation, expected)


def test_callbacks_promises_and_the_response(tmp_path: Path) -> None:
    found = summary(
        tmp_path,
        """
        const AWS = require("aws-sdk");
        const db = new AWS.DynamoDB.DocumentClient();
        exports.handler = (event, context, callback) => {
          const body = JSON.parse(event.body);
          db.get({ TableName: "t", Key: { id: body.id } }, (err, data) => {
            if (err) return callback(err);
            save(data.Item).then(() => callback(null, {
              statusCode: 200,
              body: JSON.stringify({ name: data.Item.name }),
            })).catch((error) => context.fail(error));
          });
        };
        function save(item) {
          return new Promise((resolve, reject) => {
            db.put({ TableName: process.env.TABLE, Item: item }, function (err, data) {
              err ? reject(err) : resolve(data);
            });
          });
        }
        """,
    )
    get, put, response = found.calls
    assert (get.operation, arguments(get)["Key.id"]) == ("GetItem", event("body.id"))
    assert get.reads == ("Item", "Item.name")
    assert arguments(put) == {"TableName": TABLE, "Item": Symbol("call:0", "Item")}
    assert arguments(response) == {"statusCode": 200, "body.name": Symbol("call:0", "Item.name")}


def test_classes_this_and_files(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "store.js").write_text(
        dedent("""
        const { DynamoDBClient, PutItemCommand } = require("@aws-sdk/client-dynamodb");
        class Store {
          table = process.env.TABLE;
          constructor(client = new DynamoDBClient({})) { this.client = client; }
          async save({ id, ...rest }) {
            return this.client.send(new PutItemCommand({ TableName: this.table, Item: { id, rest } }));
          }
        }
        module.exports = { Store, unused: () => new DynamoDBClient().send(new PutItemCommand({})) };
        """)
    )
    found = summary(
        tmp_path,
        """
        const { Store } = require("./lib/store");
        const store = new Store();
        module.exports.handler = async ({ detail }) => {
          await Promise.all(detail.items.map(async (item) => store.save(item)));
        };
        """,
    )
    put = only(found)
    assert (put.place.path, put.place.line) == ("lib/store.js", 7)
    assert arguments(put) == {
        "TableName": TABLE,
        "Item.id": event("detail.items[].id"),
        "Item.rest": event("detail.items[]"),
    }
    assert [step.text for step in put.steps] == ["calls save"]
    assert found.files == ("app.js", "lib/store.js")


@pytest.mark.parametrize(
    "wrapped",
    [
        "exports.handler = middy(base).use(require('@middy/http-json-body-parser')());",
        "exports.handler = co.wrap(base);",
        "exports.handler = wrap(base);",
        "const wrap2 = (fn) => async (...args) => fn(...args); exports.handler = wrap2(base);",
        "module.exports = { handler: base.bind(null) };",
    ],
)
def test_wrapped_handlers_still_get_the_event(tmp_path: Path, wrapped: str) -> None:
    found = summary(
        tmp_path,
        f"""
        const middy = require("@middy/core"), co = require("co"), wrap = require("./none");
        const AWS = require("aws-sdk");
        async function base(event, context) {{
          await new AWS.SNS().publish({{ Message: event.body.text }}).promise();
          return {{ ok: event.id }};
        }}
        {wrapped}
        """,
    )
    assert arguments(only(found)) == {"Message": event("body.text")}
    assert arguments(only(found, "response")) == {"ok": event("id")}


def test_waterfalls_hand_results_on(tmp_path: Path) -> None:
    found = summary(
        tmp_path,
        """
        const async = require("async");
        const AWS = require("aws-sdk");
        const s3 = new AWS.S3();
        exports.handler = function (event, context) {
          async.waterfall([
            function download(next) { s3.getObject({ Bucket: "in", Key: event.id }, next); },
            function upload(object, next) {
              s3.putObject({ Bucket: "out", Key: event.id, Body: object.Body }, next);
            },
          ], function (err, result) { context.succeed(result); });
        };
        """,
    )
    get, put, response = found.calls
    assert arguments(put)["Body"] == Symbol("call:0", "Body")
    assert get.reads == ("Body",)
    assert arguments(response)[""] == Symbol("call:1", "")


def test_typescript_with_paths_and_defaults(tmp_path: Path) -> None:
    (tmp_path / "tsconfig.json").write_text(
        '{"compilerOptions": {"baseUrl": ".", "paths": {"@lib/*": ["src/lib/*"]}}} // ok'
    )
    (tmp_path / "src" / "lib").mkdir(parents=True)
    (tmp_path / "src" / "lib" / "names.ts").write_text(
        "export const table = (stage: string = 'dev'): string => `rides-${stage}`;\n"
        "export default class Names { static readonly QUEUE = process.env.QUEUE!; }\n"
    )
    found = summary(
        tmp_path,
        """
        import Names, { table } from '@lib/names';
        import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
        import type { APIGatewayProxyEvent } from 'aws-lambda';
        const client = new SQSClient({});
        export const handler = async (event: APIGatewayProxyEvent): Promise<void> => {
          const { id = 'none', user: { name } } = JSON.parse(event.body ?? '{}') as Ride;
          await client.send(new SendMessageCommand({
            QueueUrl: Names.QUEUE, MessageBody: `${table()}:${name}`, MessageGroupId: id,
          }));
        };
        """,
        file="app.ts",
    )
    assert arguments(only(found)) == {
        "QueueUrl": Symbol("env", "QUEUE"),
        "MessageBody": Text(("rides-dev:", event("body.user.name"))),
        "MessageGroupId": Choice((((), "none"), ((), event("body.id")))),
    }
    assert found.packages == ("@aws-sdk/client-sqs",)


def test_parameters_that_branches_add(tmp_path: Path) -> None:
    found = summary(
        tmp_path,
        """
        const AWS = require("aws-sdk");
        exports.handler = async (event) => {
          const params = { TableName: "t", Limit: 1 };
          if (event.next) { params.ExclusiveStartKey = event.next; params.Limit = 2; }
          params["FilterExpression"] = "a = :a";
          for (const key of Object.keys(event.filter)) { params.Keys = [key]; }
          return new AWS.DynamoDB.DocumentClient().scan(params).promise();
        };
        """,
    )
    added = {"Limit": 2, "ExclusiveStartKey": event("next")}
    same = {"TableName": "t", "FilterExpression": "a = :a", "Keys[]": Open("not known")}
    assert [arguments(call) for call in found.calls if call.kind == "sdk"] == [
        {**same, **added},
        {**same, "Limit": 1},
    ]


def test_logs_and_what_flows_into_them(tmp_path: Path) -> None:
    found = summary(
        tmp_path,
        """
        const winston = require("winston");
        const { Logger } = require("@aws-lambda-powertools/logger");
        const log = winston.createLogger({}), logger = new Logger();
        exports.handler = async (event) => {
          console.log("event", event);
          log.info(`user ${event.name}`);
          logger.error("bad", { card: event.card });
        };
        """,
    )
    assert [(c.kind, c.operation) for c in found.calls] == [
        ("log", "log"),
        ("log", "info"),
        ("log", "error"),
    ]
    assert arguments(found.calls[0]) == {"[0]": "event", "[1]": event("")}
    assert arguments(found.calls[1]) == {"[0]": Text(("user ", event("name")))}
    assert arguments(found.calls[2]) == {"[0]": "bad", "[1].card": event("card")}


def test_a_wrapper_may_take_a_function_that_makes_the_handler(tmp_path: Path) -> None:
    found = summary(
        tmp_path,
        """
        const { metricScope } = require("aws-embedded-metrics");
        exports.handler = metricScope((metrics) => async (event) => {
          metrics.putMetric("n", 1);
          return { statusCode: 200, body: event.id };
        });
        """,
    )
    (response,) = found.calls
    assert arguments(response) == {"statusCode": 200, "body": event("id")}


def test_a_streamed_response(tmp_path: Path) -> None:
    found = summary(
        tmp_path,
        """
        exports.handler = awslambda.streamifyResponse(async (event, stream, context) => {
          stream.write(`hello ${event.name}`);
          stream.end();
        });
        """,
    )
    (response,) = found.calls
    assert arguments(response) == {"body": Text(("hello ", event("name")))}


def test_the_first_ways_to_answer(tmp_path: Path) -> None:
    found = summary(
        tmp_path,
        """
        exports.handler = function (event, context) {
          context.callbackWaitsForEmptyEventLoop = false;
          event.extra = event.a;
          context.done(null, { extra: event.extra, other: event.b });
        };
        """,
    )
    (response,) = found.calls
    assert arguments(response) == {"extra": event("a"), "other": event("b")}


@pytest.mark.parametrize(
    "call",
    [
        "new AWS.SNS().publish({ Message: event.a }, context.done)",
        "new AWS.SNS().publish({ Message: event.a }).promise().then(context.succeed)",
        "new AWS.SNS().publish({ Message: event.a }, callback)",
    ],
)
def test_answers_handed_over_as_callbacks(tmp_path: Path, call: str) -> None:
    text = f"const AWS = require('aws-sdk');\nexports.handler = (event, context, callback) => {{ {call}; }};\n"
    found = summary(tmp_path, text)
    assert arguments(only(found)) == {"Message": event("a")}
    assert arguments(only(found, "response")) == {"": Symbol("call:0", "")}


@pytest.mark.parametrize(
    ("mapped", "found"),
    [
        ("data.items.map((one) => TABLES[one.kind])[0]", set()),
        ("data.items.map((one) => [TABLES[one.kind], one.id])[0][0]", set()),
        ("data.items.map((one) => TABLES[one.kind]).filter(Boolean).join()", set()),
        ("data.items.map((one) => [TABLES[one.kind], one.id])[0][1]", {"body"}),
        ("data.items.map((one) => one.kind).join()", {"body"}),
        ("data.items.map(String)", {"body"}),
        ("data.where(TABLES).map((one) => TABLES[one.kind])", {"body"}),  # of whatever it gave
    ],
)
def test_what_a_list_of_a_library_s_answer_is_mapped_to(
    mapped: str, found: set[str], tmp_path: Path
) -> None:
    text = f"""
        const {{ Pool }} = require("pg");
        const parse = require("some-parser");
        const TABLES = {{ a: "one", b: "two" }};
        exports.handler = async (event) => {{
          const data = parse(event.body);
          await new Pool().query(`SELECT * FROM ${{{mapped}}}`);
        }};
        """
    calls = [one for one in summary(tmp_path, text).calls if one.service == "sql"]
    assert {s.attribute for c in calls for a in c.arguments for s in a.sources} == found
