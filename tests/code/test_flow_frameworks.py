"""Functions that dispatch by themselves, send HTTP requests, or answer in a framework's way."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from checkrein.code import analyse
from checkrein.model import CallSite, Code, Function, Summary, Symbol, Text


def summary(root: Path, text: str, file: str = "app.py") -> Summary:
    (root / file).write_text(dedent(text))
    language = "python" if file.endswith(".py") else "javascript"
    code = Code(folder=".", file=file)
    function = Function(id="t/F", runtime="", language=language, handler="app.handler", code=code)
    return analyse(root, function)


def arguments(call: CallSite) -> dict[str, object]:
    return {argument.path: argument.value for argument in call.arguments}


def only(found: Summary, kind: str = "sdk") -> CallSite:
    (call,) = [call for call in found.calls if call.kind == kind]
    return call


def event(path: str) -> Symbol:
    return Symbol("event", path)


@pytest.mark.parametrize(
    ("head", "route", "body", "tail"),
    [
        (
            (
                "from aws_lambda_powertools.event_handler import APIGatewayRestResolver\n"
                "app = APIGatewayRestResolver()"
            ),
            '@app.post("/rides/<id>")',
            "app.current_event.json_body",
            "def handler(event, context):\n    return app.resolve(event, context)",
        ),
        (
            "from flask import Flask, request\nimport serverless_wsgi\napp = Flask(__name__)",
            '@app.route("/rides/<id>", methods=["POST"])',
            "request.get_json()",
            (
                "def handler(event, context):\n"
                "    return serverless_wsgi.handle_request(app, event, context)"
            ),
        ),
        (
            "from fastapi import FastAPI\nfrom mangum import Mangum\napp = FastAPI()",
            '@app.post("/rides/{id}")',
            "body",
            "handler = Mangum(app)",
        ),
    ],
)
def test_routes_of_python_frameworks(
    tmp_path: Path, head: str, route: str, body: str, tail: str
) -> None:
    parameters = "id: str, body: Ride" if body == "body" else "id"
    field = "body.name" if body == "body" else f"{body}['name']"
    text = (
        f"import boto3\n{head}\n\n{route}\ndef save({parameters}):\n"
        f"    item = {{'id': id, 'name': {field}}}\n"
        "    boto3.resource('dynamodb').Table('t').put_item(Item=item)\n"
        f"    return {{'ok': id}}\n\n{tail}\n"
    )
    found = summary(tmp_path, text)
    assert arguments(only(found)) == {
        "TableName": "t",
        "Item.id": event("pathParameters.id"),
        "Item.name": event("body.name"),
    }
    (shown,) = found.routes
    assert shown.path.startswith("/rides/")
    responses = [arguments(call) for call in found.calls if call.kind == "response"]
    answer = {"body.ok": event("pathParameters.id"), "headers.Content-Type": "application/json"}
    assert answer in responses


def test_routes_of_express(tmp_path: Path) -> None:
    found = summary(
        tmp_path,
        """
        const express = require("express");
        const serverless = require("serverless-http");
        const AWS = require("aws-sdk");
        const app = express();
        app.use(express.json());
        app.post("/rides/:id", async (req, res) => {
          await new AWS.SNS().publish({ Message: req.body.text, Subject: req.params.id }).promise();
          res.status(201).json({ id: req.params.id });
        });
        module.exports.handler = serverless(app);
        """,
        "app.js",
    )
    assert arguments(only(found)) == {
        "Message": event("body.text"),
        "Subject": event("pathParameters.id"),
    }
    assert arguments(only(found, "response")) == {
        "statusCode": 201,
        "headers.Content-Type": "application/json",
        "body.id": event("pathParameters.id"),
    }
    assert [(route.method, route.path) for route in found.routes] == [("POST", "/rides/:id")]


def test_a_batch_processor_gets_records(tmp_path: Path) -> None:
    found = summary(
        tmp_path,
        """
        import boto3, json
        from aws_lambda_powertools.utilities.batch import BatchProcessor, process_partial_response
        from aws_lambda_powertools.utilities import parameters
        processor = BatchProcessor(event_type="SQS")

        def one(record):
            boto3.client("sns").publish(Message=json.loads(record.body)["text"])

        def handler(event, context):
            parameters.get_parameter("/app/key")
            return process_partial_response(
                event=event, record_handler=one, processor=processor, context=context)
        """,
    )
    get, publish, _ = found.calls
    assert (get.service, get.operation, arguments(get)) == (
        "ssm",
        "GetParameter",
        {"Name": "/app/key"},
    )
    assert arguments(publish) == {"Message": event("Records[].body.text")}


@pytest.mark.parametrize(
    ("file", "call", "method", "expected"),
    [
        (
            "app.py",
            "requests.post('https://x.io/' + event['id'], json={'card': event['card']})",
            "POST",
            {"url": Text(("https://x.io/", event("id"))), "body.card": event("card")},
        ),
        (
            "app.py",
            "urllib3.PoolManager().request('PUT', 'https://x.io', body=json.dumps({'a': event['id']}))",
            "PUT",
            {"url": "https://x.io", "body.a": event("id")},
        ),
        (
            "app.py",
            "urllib.request.urlopen(urllib.request.Request('https://x.io', data=event['id']))",
            "POST",
            {"url": "https://x.io", "body": event("id")},
        ),
        (
            "app.py",
            "cfnresponse.send(event, context, 'SUCCESS', {'a': event['id']})",
            "PUT",
            {"url": event("ResponseURL"), "body.Status": "SUCCESS", "body.Data.a": event("id")},
        ),
        (
            "app.js",
            "axios.post('https://x.io', {card: event.card}, {headers: {key: event.id}})",
            "POST",
            {"url": "https://x.io", "headers.key": event("id"), "body.card": event("card")},
        ),
        (
            "app.js",
            "fetch(`https://${process.env.HOST}/a`, {method: 'PUT', body: JSON.stringify(event)})",
            "PUT",
            {"url": Text(("https://", Symbol("env", "HOST"), "/a")), "body": event("")},
        ),
        (
            "app.js",
            "https.get({hostname: 'x.io', path: '/' + event.id}, (answer) => {})",
            "GET",
            {"url": Text(("https://x.io/", event("id")))},
        ),
        (
            "app.js",
            "const q = https.request({host: 'x.io', method: 'POST'}, (a) => {}); q.write(event.id); q.end()",
            "POST",
            {"url": "https://x.io", "body": event("id")},
        ),
    ],
)
def test_http_requests(
    tmp_path: Path, file: str, call: str, method: str, expected: dict[str, object]
) -> None:
    python = (
        "import cfnresponse, json, requests, urllib.request, urllib3\n"
        f"def handler(event, context):\n    {call}\n"
    )
    javascript = (
        "const axios = require('axios'), https = require('https');\n"
        f"exports.handler = async (event) => {{ {call}; }};\n"
    )
    site = only(summary(tmp_path, python if file == "app.py" else javascript, file), "http")
    assert (site.operation, arguments(site)) == (method, expected)


@pytest.mark.parametrize("call", ["isAxiosError(event.error)", "getUri({url: event.url})"])
def test_what_asks_about_a_request_makes_none(tmp_path: Path, call: str) -> None:
    code = f"const axios = require('axios');\nexports.handler = async (event) => axios.{call};\n"
    assert not [site for site in summary(tmp_path, code, "app.js").calls if site.kind == "http"]


def test_functions_that_a_framework_registers(tmp_path: Path) -> None:
    found = summary(
        tmp_path,
        """
        import boto3
        from chalice import Chalice
        from aws_lambda_powertools import Tracer
        app = Chalice(app_name="rides")
        tracer = Tracer()
        handler = app

        @app.on_sqs_message(queue="rides")
        def received(event):
            for record in event["Records"]:
                boto3.client("sns").publish(Message=record["body"])

        @app.middleware("all")
        def around(event, get_response):
            boto3.client("s3").list_buckets()
            return get_response(event)

        @tracer.capture_method
        def dead():
            boto3.client("s3").delete_bucket(Bucket="b")
        """,
    )
    publish, listed = [call for call in found.calls if call.kind == "sdk"]
    assert arguments(publish) == {"Message": event("Records[].body")}
    assert listed.operation == "ListBuckets"


def test_a_custom_resource_helper_hands_the_event_on(tmp_path: Path) -> None:
    found = summary(
        tmp_path,
        """
        import boto3
        from crhelper import CfnResource
        helper = CfnResource()

        @helper.create
        @helper.update
        def change(event, _):
            table = event["ResourceProperties"]["Table"]
            boto3.resource("dynamodb").Table(table).put_item(Item={"id": "1"})

        def handler(event, context):
            helper(event, context)
        """,
    )
    assert arguments(only(found)) == {
        "TableName": event("ResourceProperties.Table"),
        "Item.id": "1",
    }
