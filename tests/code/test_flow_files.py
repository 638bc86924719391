"""Content that goes through temporary files, buffers and functions that run others."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

import pytest

from checkrein.code import analyse
from checkrein.model import Argument, CallSite, Code, Function, Open, Symbol, Text


def calls(root: Path, file: str, text: str) -> tuple[CallSite, ...]:
    (root / file).write_text(text)
    language = "python" if file.endswith(".py") else "javascript"
    code = Code(folder=".", file=file)
    function = Function(id="t/F", runtime="", language=language, handler="app.handler", code=code)
    found = analyse(root, function)
    assert found.partial == ""
    return tuple(call for call in found.calls if call.kind != "use")


def body(call: CallSite, path: str = "Body") -> Argument:
    return next(argument for argument in call.arguments if argument.path == path)


PYTHON = """
import boto3, io, os, os.path, tempfile, uuid
from pathlib import Path
s3 = boto3.client("s3")
def handler(event, context):
"""

FILES = {
    "joined": """
        path = os.path.join("/tmp", event["key"])
        s3.download_file("b", event["key"], path)
        with open(path) as file:
            text = file.read()
        with open(os.path.join("/tmp/", "/out.txt"), "w") as file:
            file.write(text.upper())
        s3.upload_file("/tmp/out.txt", "c", "k")
    """,
    "paths": """
        folder = Path(tempfile.mkdtemp())
        (folder / "in").write_text(s3.get_object(Bucket="b", Key="k")["Body"].read())
        with (folder / "in").open("rb") as file:
            s3.put_object(Bucket="c", Key="k", Body=file)
    """,
    "temporary": """
        with tempfile.NamedTemporaryFile() as file:
            s3.download_fileobj("b", "k", file)
            s3.upload_file(file.name, "c", "k")
    """,
    "buffer": """
        buffer = io.BytesIO(s3.get_object(Bucket="b", Key="k")["Body"].read())
        s3.upload_fileobj(buffer, "c", "k")
    """,
}


@pytest.mark.parametrize("code", FILES.values(), ids=FILES)
def test_what_is_written_is_read_again(tmp_path: Path, code: str) -> None:
    _, put = calls(tmp_path, "app.py", PYTHON + indent(dedent(code), "    "))
    assert Symbol("call:0", "Body") in body(put).sources
    assert body(put).value == Open("not known")


def test_a_joined_path_is_a_text(tmp_path: Path) -> None:
    code = 's3.put_object(Bucket="b", Key=os.path.join("in", event["a"], "/x/"), Body="")'
    (put,) = calls(tmp_path, "app.py", f"{PYTHON}    {code}")
    assert body(put, "Key").value == Text(("in/", Symbol("event", "a"), "/x"))


def test_what_runs_a_function_gives_its_result(tmp_path: Path) -> None:
    read, log, retried, first, second = (
        calls(
            tmp_path,
            "app.js",
            """
        const retry = require("p-retry"); const { S3 } = require("aws-sdk"); const s3 = new S3();
        const path = require("path");
        exports.handler = async (event, context) => {
          const one = await context.step("a", async (step) => {
            const found = await s3.getObject({Bucket: "a", Key: "k"}).promise();
            step.logger.info("found"); context.logger.info(event.email);
            return found;
          });
          const two = await retry(() => s3.getObject({Bucket: "b", Key: "k"}).promise());
          await s3.putObject({Bucket: "c", Key: path.join("x", "y"), Body: one.Body}).promise();
          await s3.putObject({Bucket: "d", Key: "k", Body: two.Body}).promise();
        };
        """,
        )[:1]
        + calls(tmp_path, "app.js", (tmp_path / "app.js").read_text())[-4:]
    )
    assert (read.operation, retried.operation) == ("GetObject", "GetObject")
    assert (log.kind, log.arguments[0].value) == ("log", Symbol("event", "email"))
    assert body(first).value == Symbol("call:0", "Body")
    assert body(first, "Key").value == "x/y"
    assert body(second).sources == (Symbol("call:3", "Body"),)


def test_enumerations(tmp_path: Path) -> None:
    (put,) = calls(
        tmp_path,
        "app.py",
        """
import boto3
from enum import Enum
class State(Enum):
    NEW = "new"
db = boto3.resource("dynamodb").Table("t")
def handler(event, context):
    db.put_item(Item={"a": State.NEW.value, "b": State(event["b"]).value})
""",
    )
    assert body(put, "Item.a").value == "new"
    assert body(put, "Item.b").value == Symbol("event", "b")


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (
            "app.py",
            """
            import boto3, json
            def handler(event, context):
                with open("settings.json") as file:
                    settings = json.load(file)
                boto3.client("s3").get_object(Bucket=settings["bucket"], Key="k")
            """,
        ),
        (
            "app.py",
            """
            import boto3, json
            settings = json.load(open("/var/task/settings.json"))
            def handler(event, context):
                boto3.client("s3").get_object(Bucket=settings["bucket"], Key="k")
            """,
        ),
        (
            "app.js",
            """
            const fs = require("fs"), AWS = require("aws-sdk")
            const settings = JSON.parse(fs.readFileSync("./settings.json", "utf8"))
            exports.handler = async () =>
              await new AWS.S3().getObject({Bucket: settings.bucket, Key: "k"}).promise()
            """,
        ),
    ],
)
def test_a_json_file_of_the_package_is_read(tmp_path: Path, file: str, text: str) -> None:
    (tmp_path / "settings.json").write_text('{"bucket": "photos"}')
    found = calls(tmp_path, file, dedent(text))

    assert body(found[0], "Bucket").value == "photos"


def test_a_json_file_that_is_not_in_the_package_is_not_known(tmp_path: Path) -> None:
    text = """
    import boto3, json
    def handler(event, context):
        settings = json.load(open("settings.json"))
        boto3.client("s3").get_object(Bucket=settings["bucket"], Key="k")
    """
    (found,) = calls(tmp_path, "app.py", dedent(text))

    assert isinstance(body(found, "Bucket").value, Open)


def test_a_decorator_of_a_library_passes_what_a_call_lacks(tmp_path: Path) -> None:
    text = """
    import boto3, os
    from somewhere import step
    @step
    def save(context, bucket, key):
        boto3.client("s3").get_object(Bucket=bucket, Key=key)
    @step
    def drop(bucket, key="k"):
        boto3.client("s3").delete_object(Bucket=bucket, Key=key)
    def handler(event, context):
        save(os.environ["FILES"], "k")
        drop(os.environ["FILES"])
    """
    found = calls(tmp_path, "app.py", dedent(text))

    assert [(c.operation, body(c, "Bucket").value) for c in found] == [
        ("GetObject", Symbol("env", "FILES")),
        ("DeleteObject", Symbol("env", "FILES")),
    ]
