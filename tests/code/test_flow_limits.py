"""What a summary says of files, limits, classes and code that can not be read."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from checkrein.code import alike, analyse, shared
from checkrein.model import CallSite, Code, Function, Summary, Symbol


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


def test_inline_code_has_the_places_of_the_template(tmp_path: Path) -> None:
    text = "import boto3\ndef handler(event, context):\n    boto3.client('s3').list_buckets()\n"
    code = Code(file="t.yaml", text=text, lines=((11, 9), (12, 9), (13, 9)))
    function = Function(
        id="t/F", runtime="python3.12", language="python", handler="index.handler", code=code
    )
    place = only(analyse(tmp_path, function)).place
    assert (place.path, place.line, place.column) == ("t.yaml", 13, 13)


def test_what_is_missing_or_broken_is_said(tmp_path: Path) -> None:
    found = summary(tmp_path, "import boto3\nboto3.client('s3').list_buckets()\n")
    assert calls(found) == [("s3", "ListBuckets", 2)]
    assert (
        found.partial
        == "The handler is not in the repository: app.py has no handler named handler."
    )
    broken = summary(tmp_path, "def handler(event, context):\n    x = = 1\n    print(event)\n")
    assert "could not read lines 2" in broken.partial
    code = Code(folder=".", file="none.py")
    function = Function(id="t/F", runtime="", language="python", handler="none.h", code=code)
    assert (
        analyse(tmp_path, function).partial
        == "The handler is not in the repository: the file of none.h is not in .."
    )


def test_endless_code_ends(tmp_path: Path) -> None:
    found = summary(
        tmp_path,
        """
        import boto3
        def again(n, path):
            return again(n + 1, path + "/x") + again(n - 1, path + "/y")

        def handler(event, context):
            while True:
                for a in event["Records"]:
                    for b in a:
                        for c in b:
                            again(c, "p")
            boto3.client("s3").list_buckets()
        """,
    )
    assert calls(found) == [("s3", "ListBuckets", 12)]


def test_what_is_written_to_a_temporary_file_is_uploaded_with_it(tmp_path: Path) -> None:
    found = summary(
        tmp_path,
        """
        import boto3
        s3 = boto3.client("s3")
        def handler(event, context):
            s3.download_file("in", event["id"], "/tmp/in.csv")
            with open("/tmp/in.csv") as source, open("/tmp/out.csv", "w") as target:
                target.write(source.read() + event["name"])
            s3.upload_file("/tmp/out.csv", "out", "k")
        """,
    )
    put = found.calls[1]
    body = next(argument for argument in put.arguments if argument.path == "Body")
    assert body.sources == (Symbol("call:0", "Body"), EVENT["name"])


def test_a_symbolic_list_may_grow(tmp_path: Path) -> None:
    found = summary(
        tmp_path,
        """
        import boto3
        table = boto3.resource("dynamodb").Table("t")
        def handler(event, context):
            answer = table.scan()
            items = answer["Items"]
            while "LastEvaluatedKey" in answer:
                answer = table.scan(ExclusiveStartKey=answer["LastEvaluatedKey"])
                items.extend(answer["Items"])
            item = event["Records"][0]
            item.update({"done": True})
            return {"items": items, "item": item}
        """,
    )
    response = found.calls[-1]
    assert {a.path: a.sources for a in response.arguments} == {
        "items": (Symbol("call:0", "Items"),),
        "items[]": (Symbol("call:0", "Items[]"), Symbol("call:1", "Items[]")),
        "item": (Symbol("event", "Records[]"),),
        "item.done": (),
    }


def test_data_classes_models_and_decorators(tmp_path: Path) -> None:
    found = summary(
        tmp_path,
        """
        import functools, json, os
        from dataclasses import asdict, dataclass
        import boto3
        from boto3.dynamodb.conditions import Attr, Key
        from pydantic import BaseModel

        @dataclass
        class Order:
            id: str
            note: str = ""

        class Ride(BaseModel):
            user: str

        def logged(function):
            @functools.wraps(function)
            def wrapper(event, context):
                return function(event, context)
            return wrapper

        @logged
        def handler(event, context):
            table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
            ride = Ride(**json.loads(event["body"]))
            table.put_item(Item=asdict(Order(id=event["id"])))
            table.put_item(Item=ride.dict())
            table.query(KeyConditionExpression=Key("user").eq(ride.user) & Key("at").gt(1))
        """,
    )
    order, ride, query = (arguments(call) for call in found.calls)
    assert order == {"TableName": TABLE, "Item.note": "", "Item.id": EVENT["id"]}
    assert ride == {"TableName": TABLE, "Item.user": Symbol("event", "body.user")}
    assert query == {
        "TableName": TABLE,
        "KeyConditionExpression.user": Symbol("event", "body.user"),
        "KeyConditionExpression.at": 1,
        "KeyConditionExpression.?": "(user = :user) AND (at <> :at)",
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        "def handler(*, a): pass",
        "def handler(event): return handler(event)",
        "handler = lambda event, context: [handler] * 3",
        "class A(A): pass\nhandler = A",
        "from app import handler",
        "from . import app as handler",
        "import app\nhandler = app.handler.x.y(app)[0]",
        "x = {}\nx['x'] = x\ndef handler(event, context): return x",
        "def handler(event, context):\n  global z\n  z = event\n  del z\n  print(*event, **event)",
        "def handler(event, context):\n  a, *b = event\n  return f'{a!r:>{b}}' % b",
        "handler = print",
        "def handler(event, context):\n" + "  event = event[event]\n" * 60,
        "def handler(e, c):\n  x = []\n  for i in e: x.append(x); x += [x, i]\n  return x",
    ],
)
def test_odd_code_never_fails(tmp_path: Path, text: str) -> None:
    assert "failed" not in summary(tmp_path, text).partial


@pytest.mark.parametrize(("handler", "expected"), [("app.handler", []), ("", ["ListBuckets"])])
def test_what_runs_only_as_a_program(tmp_path: Path, handler: str, expected: list[str]) -> None:
    found = summary(
        tmp_path,
        """
        import boto3
        def handler(event, context):
            return {}
        if __name__ == "__main__":
            boto3.client("s3").list_buckets()
        """,
        handler,
    )
    assert ([operation for _, operation, _ in calls(found)], found.partial) == (expected, "")


def test_functions_of_the_same_code_and_entry_share_a_summary(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("def a(event, context): print(event)\ndef b(e, c): pass\n")
    code = Code(folder=".", file="app.py")
    functions = [
        Function(id=id, runtime="python3.12", language="python", handler=handler, code=code)
        for id, handler in (("t/A", "app.a"), ("t/B", "app.b"), ("t/C", "app.a"))
    ]
    groups = alike(functions)
    assert [[one.id for one in group] for group in groups] == [["t/A", "t/C"], ["t/B"]]
    assert shared(analyse(tmp_path, functions[0]), functions[2]) == analyse(tmp_path, functions[2])


def test_what_flows_into_a_recursive_function_is_seen_however_many_call_it(tmp_path: Path) -> None:
    callers = "".join(f"    walk(event['field{number}'], 0)\n" for number in range(50))
    text = (
        "def walk(value, depth):\n    print(value)\n    walk(value['inner'], depth + 1)\n"
        f"def handler(event, context):\n{callers}"
    )
    (logged,) = [call for call in summary(tmp_path, text).calls if call.kind == "log"]
    seen = {source.attribute for argument in logged.arguments for source in argument.sources}
    assert {f"field{number}" for number in range(50)} <= seen
    assert "field0.inner.inner" in seen


def test_an_object_whose_class_a_library_makes_callable_is_a_handler(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        dedent("""
        from fastapi import FastAPI
        from mangum import Mangum

        class Own(Mangum):
            base = ""

        app = FastAPI()

        @app.get("/items")
        def items(name: str):
            print(name)

        handler = Own(app)
        """)
    )
    code = Code(folder=".", file="app.py")
    function = Function(id="t/F", runtime="", language="python", handler="app.handler", code=code)
    summary = analyse(tmp_path, function)

    assert summary.partial == ""
    assert [route.path for route in summary.routes] == ["/items"]


def test_what_flows_into_alternatives_that_are_cut_off_is_not_lost(tmp_path: Path) -> None:
    names = [f"k{number}" for number in range(30)]
    kinds = ", ".join(f'"{name}": {{"v": event["{name}"]}}' for name in names)
    found = summary(
        tmp_path,
        f"import random\ndef handler(event, context):\n    kinds = {{{kinds}}}\n"
        f"    print(kinds[random.choice({names})])\n",
    )
    (line,) = [call for call in found.calls if call.kind == "log"]
    sources = {source for argument in line.arguments for source in argument.sources}
    assert sources >= {Symbol("event", name) for name in names}
