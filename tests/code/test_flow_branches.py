"""What the arms of one branching set together reaches a call together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent, indent

import pytest

from checkrein.code import analyse
from checkrein.model import CallSite, Choice, Code, Function, Summary, Symbol


def event(path: str) -> Symbol:
    return Symbol("event", path)


@pytest.fixture
def javascript(tmp_path: Path) -> Callable[[str], Summary]:
    """Give the summary of a handler whose body is a text in JavaScript."""

    def run(body: str) -> Summary:
        head = "const AWS = require('aws-sdk'); const lambda = new AWS.Lambda();\n"
        text = f"{head}exports.handler = async (event) => {{\n{body}\n}};"
        return _summary(tmp_path, "javascript", "app.js", text)

    return run


@pytest.fixture
def python(tmp_path: Path) -> Callable[..., Summary]:
    """Give the summary of a handler whose body is a text in Python, after a head."""

    def run(body: str, head: str = "") -> Summary:
        start = f"import boto3, json\ndb = boto3.client('dynamodb')\n{dedent(head)}"
        text = f"{start}\ndef handler(event, context):\n{indent(dedent(body), '    ')}"
        return _summary(tmp_path, "python", "app.py", text)

    return run


def _summary(root: Path, language: str, file: str, text: str) -> Summary:
    (root / file).write_text(text)
    code = Code(folder=".", file=file)
    function = Function(id="t/F", runtime="", language=language, handler="app.handler", code=code)
    return analyse(root, function)


def sent(found: Summary) -> list[dict[str, object]]:
    return [_arguments(call) for call in found.calls if call.kind in {"sdk", "http"}]


def _arguments(call: CallSite) -> dict[str, object]:
    return {argument.path: argument.value for argument in call.arguments}


INVOKE = "return lambda.invoke({FunctionName: name, Payload: JSON.stringify(payload)}).promise();"


def test_a_switch(javascript: Callable[[str], Summary]) -> None:
    found = javascript(
        """
        let name = "", payload = {}, known = true;
        switch (event.action) {
          case "pay": name = "pay"; payload = {card: event.card}; break;
          case "ship":
            if (event.address) { name = "ship"; payload = {to: event.address}; break; }
            else { return {statusCode: 400}; }
          case "note": payload = {text: event.text}; name = "note"; break;
          default: known = false;
        }
        if (!known) { return; }
        """
        + INVOKE
    )
    assert sent(found) == [
        {"FunctionName": "pay", "Payload.card": event("card")},
        {"FunctionName": "note", "Payload.text": event("text")},
        {"FunctionName": "ship", "Payload.to": event("address")},
    ]


def test_what_is_nothing_has_no_content(javascript: Callable[[str], Summary]) -> None:
    found = javascript(
        """
        const email = event.email, name = event.name;
        if (!email) { console.log(email); return; }
        if (name) { console.log("known"); } else { console.log(name); }
        console.log(name, email);
        """
    )
    logged = [call.arguments for call in found.calls if call.kind == "log"]
    assert [[list(map(str, each.sources)) for each in one] for one in logged] == [
        [[]],
        [[]],
        [[]],
        [["${event.name}"], ["${event.email}"]],
    ]


def test_what_a_test_tells_of_a_name_it_tells_of_those_set_with_it(
    javascript: Callable[[str], Summary],
) -> None:
    found = javascript(
        """
        let name, payload, known = true;
        if (event.a) { name = "a"; payload = {x: event.x}; }
        else if (event.b) { name = "b"; payload = {y: event.y}; }
        else { name = "none"; known = false; }
        if (known == true) {
        """
        + INVOKE
        + "}"
    )
    assert sent(found) == [
        {"FunctionName": "a", "Payload.x": event("x")},
        {"FunctionName": "b", "Payload.y": event("y")},
    ]


def test_a_choice_inside_a_choice(python: Callable[..., Summary]) -> None:
    found = python(
        """
        if event["a"]:
            table, item = "a", {"x": event["x"]}
        elif event["b"]:
            item = {"y": event["y"]}
            if event["c"]:
                table, item["c"] = "c", event["c"]
            else:
                table = "b"
        else:
            return
        print("storing")
        db.put_item(TableName=table, Item=item)
        """
    )
    assert sent(found) == [
        {"TableName": "a", "Item.x": event("x")},
        {"TableName": "c", "Item.y": event("y"), "Item.c": event("c")},
        {"TableName": "b", "Item.y": event("y")},
    ]


def test_fields_that_arms_set(python: Callable[..., Summary]) -> None:
    found = python(
        """
        request = {"ReturnValues": "NONE"}
        if event["a"]:
            request["TableName"] = "a"
            request["Item"] = {"x": event["x"]}
        else:
            request.update(TableName="b", Item={"y": event["y"]})
        db.put_item(**request)
        """
    )
    assert sent(found) == [
        {"ReturnValues": "NONE", "TableName": "a", "Item.x": event("x")},
        {"ReturnValues": "NONE", "TableName": "b", "Item.y": event("y")},
    ]


def test_a_table_of_choices_and_what_functions_return(python: Callable[..., Summary]) -> None:
    head = """
        KINDS = {"a": {"table": "a", "key": "x"}, "b": {"table": "b", "key": "y"}}
        def chosen(event):
            if event["c"]:
                return "c", {"z": event["z"]}
            return "d", {"w": event["w"]}
        def put(table, item):
            db.put_item(TableName=table, Item=item)
    """
    found = python(
        """
        kind = KINDS[event["kind"]]
        db.delete_item(TableName=kind["table"], Key={"name": kind["key"]})
        table, item = chosen(event)
        put(table, item)
        """,
        head,
    )
    puts = [_arguments(call) for call in found.calls if call.operation == "PutItem"]
    assert puts == [
        {"TableName": "c", "Item.z": event("z")},
        {"TableName": "d", "Item.w": event("w")},
    ]
    deletes = [_arguments(call) for call in found.calls if call.operation == "DeleteItem"]
    assert deletes == [
        {"TableName": "a", "Key.name": "x"},
        {"TableName": "b", "Key.name": "y"},
    ]


def test_loops_do_not_mix_their_rounds(python: Callable[..., Summary]) -> None:
    found = python(
        """
        first = second = None
        for record in event["Records"]:
            first = second
            if record["a"]:
                second, item = "a", {"x": 1}
            else:
                second, item = "b", {"y": 1}
        db.put_item(TableName=first, Item=item)
        """
    )
    pairs = {(c.arguments[0].value, c.arguments[1].path) for c in found.calls}
    tables = Choice((((), "a"), ((), "b"), ((), None)))
    assert pairs == {(tables, "Item.x")}
    assert {a.path for call in found.calls for a in call.arguments} == {
        "TableName",
        "Item.x",
        "Item.y",
    }


def test_results_stay_with_their_arm(python: Callable[..., Summary]) -> None:
    found = python(
        """
        if event["a"]:
            table, key, target = "a", {"x": 1}, "copy-a"
        else:
            table, key, target = "b", {"y": 1}, "copy-b"
        item = db.get_item(TableName=table, Key=key)["Item"]
        db.put_item(TableName=target, Item=item)
        """
    )
    assert sent(found)[2:] == [
        {"TableName": "copy-a", "Item": Symbol("call:0", "Item")},
        {"TableName": "copy-b", "Item": Symbol("call:1", "Item")},
    ]


def test_too_many_arms_are_joined(python: Callable[..., Summary]) -> None:
    arms = "".join(
        f"if event['{number}']:\n    table, item = 't{number}', {{'a{number}': 1}}\nel"
        for number in range(40)
    )
    found = python(arms + "se:\n    return\ndb.put_item(TableName=table, Item=item)")
    (call,) = found.calls
    assert len(call.arguments) > 2


def test_break_and_continue_carry_names(python: Callable[..., Summary]) -> None:
    found = python(
        """
        table = "none"
        while True:
            if event["a"]:
                table = "a"
                break
            for one in event["b"]:
                if one:
                    table = "b"
                    continue
                table = "c"
                break
            else:
                return
            if event["d"]:
                break
        db.scan(TableName=table)
        """
    )
    assert sent(found) == [{"TableName": Choice(tuple(((), n) for n in ("a", "b", "c", "none")))}]


def test_a_wide_switch_with_breaks_inside(javascript: Callable[[str], Summary]) -> None:
    cases = "".join(
        f'case "{n}": name = "f{n}"; payload = {{x{n}: event.x}}; break;\n' for n in range(14)
    )
    found = javascript(
        f"""
        let name = "", payload = {{}}, known = true;
        switch (event.action) {{
          {cases}
          case "admin":
            if (event.admin) {{ name = "admin"; payload = {{data: event.data}}; break; }}
          default: known = false;
        }}
        if (known == true) {{ {INVOKE} }}
        """
    )
    assert sent(found) == [
        *({"FunctionName": f"f{n}", f"Payload.x{n}": event("x")} for n in range(14)),
        {"FunctionName": "admin", "Payload.data": event("data")},
    ]


def test_many_branches_over_values_that_hold_each_other(python: Callable[..., Summary]) -> None:
    body = "a, b, c = {}, {}, {}\n" + "".join(
        f"if event['k{n}']:\n"
        f"    a, b, c = {{'x{n}': event['v{n}'], 'p': b}}, {{'p': c}}, {{'p': a}}\n"
        f"    a['q'] = event['w{n}']\n"
        for n in range(60)
    )
    found = python(f"{body}put(a, b)", "def put(a, b): db.put_item(TableName='t', Item=a, Key=b)")
    (call,) = {call.operation for call in found.calls}
    assert (call, found.partial) == ("PutItem", "")


@pytest.mark.parametrize("operator", ["??", "||"])
@pytest.mark.parametrize(
    ("first", "others"),
    [
        ("event.requestContext.domainName", False),
        ("event.requestContext?.stage", False),
        ("(event.requestContext || {}).domainName", False),
        ("event.requestContext.authorizer", True),
        ("event.headers.host", True),
        ("event.domainName", True),
        ("(event.test ? event.requestContext.domainName : event.host)", True),
    ],
)
def test_what_a_gateway_always_tells_leaves_no_room_for_what_a_caller_says(
    javascript: Callable[[str], Summary], first: str, operator: str, *, others: bool
) -> None:
    found = javascript(f"await fetch({first} {operator} event.headers.forwarded);")
    (url,) = [one for call in found.calls for one in call.arguments if one.path == "url"]
    assert (event("headers.forwarded") in url.sources) is others
