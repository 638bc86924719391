"""Verdicts of before stand where all that they rest on only stands elsewhere, and no others do."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from checkrein import files, pipeline
from checkrein.cache import VARIABLE, Cache, alike
from checkrein.cache.shift import Shift
from checkrein.checks import Check
from checkrein.checks.exposure import exposure
from checkrein.checks.unseen import unseen
from checkrein.judge import asking, kept
from checkrein.judge.kept import Said
from checkrein.judge.prints import Print, Prints
from checkrein.model import (
    Accepted,
    App,
    Argument,
    Call,
    CallSite,
    Data,
    Entry,
    Evidence,
    Fact,
    Function,
    Place,
    Resource,
    Slot,
    Summary,
    Symbol,
    Taint,
    Verdict,
)
from checkrein.model.app import EVERYTHING
from checkrein.model.asking import KEY, RESULT, beneath, heard, listen
from checkrein.pipeline import moved
from checkrein.pipeline.reading import read
from tests.cache.test_moved import SECRETS, START, STEPS
from tests.cache.test_verdicts import EDITS, PUT, SHOW, put

INLINE = """
Parameters: {Stage: {Type: String, Default: none}}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]}
      Policies:
        - PolicyName: all
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: ["dynamodb:*"], Resource: "*"}
              - {Effect: Allow, Action: ["s3:GetObject"], Resource: "*"}
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
  Put:
    Type: AWS::Lambda::Function
    Properties:
      Handler: index.handler
      Runtime: python3.12
      Role: !GetAtt Role.Arn
      Environment: {Variables: {TABLE: !Ref Orders, PASSWORD: hunter2-very}}
      Code:
        ZipFile: |
          import boto3, os
          table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
          def handler(event, context):
              print(event["email"])
              table.put_item(Item={"id": event["id"], "email": event["email"]})
              return os.system(event["command"])
  Open: {Type: "AWS::Lambda::Url", Properties: {TargetFunctionArn: !Ref Put, AuthType: NONE}}
"""
SERVERLESS = """
service: shop
provider:
  name: aws
  runtime: python3.12
  iam:
    role:
      statements:
        - {Effect: Allow, Action: ["dynamodb:*"], Resource: "*"}
functions:
  put:
    handler: put/app.handler
    environment: {TABLE: !Ref Orders}
    events:
      - httpApi: POST /orders
resources:
  Resources:
    Orders:
      Type: AWS::DynamoDB::Table
      Properties:
        AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
        KeySchema: [{AttributeName: id, KeyType: HASH}]
"""
TERRAFORM = """
resource "aws_s3_bucket" "photos" {
  bucket = "photos-of-riders"
}

resource "aws_iam_role" "put" {
  name               = "put"
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }] })
}

resource "aws_iam_role_policy" "put" {
  role   = aws_iam_role.put.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = ["s3:*"], Resource = "*" }] })
}

resource "aws_lambda_function" "put" {
  function_name = "put"
  filename      = "put.zip"
  handler       = "app.handler"
  runtime       = "python3.12"
  role          = aws_iam_role.put.arn
}
"""
KINDS = {
    "sam": START,
    "inline": {"template.yaml": INLINE},
    "serverless": {"serverless.yml": SERVERLESS, "put/app.py": PUT, "put/shared.py": "answer = str\n"},
    "terraform": {"main.tf": TERRAFORM},
}  # fmt: skip
ADDED: dict[str, tuple[str, str]] = {
    "a log of a field": ("put/app.py", START["put/app.py"].replace("    order =", "    print(event['f'])\n    order =")),
    "a log in JavaScript": ("show/index.js", SHOW.replace("  const found", "  console.log(event.f)\n  const found")),
    "a write": ("put/app.py", PUT.replace("    order =", "    table.put_item(Item={'a': event['f']})\n    order =")),
    "a call gone": ("put/app.py", START["put/app.py"].replace("    print(order['name'])\n", "")),
    "a log near secrets": ("sweep/app.py", SECRETS.replace("    s3", "    print(event['f'])\n    s3")),
    "two logs": ("put/app.py", START["put/app.py"].replace("    order =", "    print(event)\n    order =").replace("    return", "    print(event['f'])\n    return")),
}  # fmt: skip


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for an application, with the user's key elsewhere."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    monkeypatch.delenv(VARIABLE)
    return tmp_path / "app"


def begin(root: Path, application: dict[str, str]) -> None:
    for path, content in application.items():
        put(root, path, content)
    assert scan(root) == anew(root)


def scan(root: Path) -> list[Said]:
    """Return what checks say, what an earlier scan knew of it from there, and keep that."""
    facts = read([root], lambda _: None).facts
    now, cache = pipeline.print_of(facts), Cache(root, judged=True)
    with files.scan(root), files.asking() as asked:
        earlier = moved.Earlier(root, wanted=True)
        app = pipeline.derived(App(facts), cache)
        said = list(kept.judge(app, cache, earlier.shifted(facts, now)))
    earlier.keep(facts, app, said, asked)
    cache.save()
    return said


def anew(root: Path) -> list[Said]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, "off")
        known = read([root], lambda _: None)
        with files.scan(root):
            return pipeline.found(known, lambda _: None, Cache(root, wanted=False))[1]


@pytest.mark.parametrize("edit", [*ADDED, *EDITS])
def test_what_is_said_is_what_would_be_said_anew(root: Path, edit: str) -> None:
    begin(root, START)
    put(root, *(ADDED.get(edit) or EDITS[edit]))

    assert scan(root) == anew(root)

    for path, content in START.items():
        put(root, path, content)
    assert scan(root) == anew(root)


@pytest.mark.parametrize("edit", ["a log of a field", "a log in JavaScript"])
def test_of_a_call_more_only_what_looked_at_it_is_asked(
    root: Path, monkeypatch: pytest.MonkeyPatch, edit: str
) -> None:
    begin(root, START)
    put(root, *ADDED[edit])
    asked: list[str] = []

    def note(check: Check, *_: object) -> list[Verdict]:
        asked.append(check.id)
        return []

    monkeypatch.setattr(asking, "on", note)
    monkeypatch.setattr(Cache, "save", lambda *_, **__: None)

    scan(root)
    found = len(asked)
    monkeypatch.setattr(moved.Earlier, "shifted", lambda *_: None)
    scan(root)

    assert 0 < found < 0.7 * (len(asked) - found)


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 40)), min_size=1, max_size=4))  # fmt: skip
def test_whatever_is_edited_it_is_what_would_be_said_anew(
    root: Path, steps: list[tuple[str, int]]
) -> None:
    for path, content in START.items():
        put(root, path, content)
    scan(root)
    for step, at in steps:
        STEPS[step](root, at)
        assert scan(root) == anew(root)


@pytest.mark.parametrize("kind", KINDS)
def test_a_remark_at_every_line_of_a_template_says_the_same(root: Path, kind: str) -> None:
    begin(root, KINDS[kind])
    name, text = next(iter(KINDS[kind].items()))
    lines = text.splitlines(keepends=True)
    moving = []
    for at in range(1, len(lines)):
        indent = re.match(r" *", lines[at])[0]  # type: ignore[index]
        put(root, name, "".join([*lines[:at], f"{indent}# a remark\n", *lines[at:]]))
        known = read([root], lambda _: None)
        with files.scan(root):
            found = moved.Earlier(root, wanted=True).moved(known.facts)
            app, said, _ = pipeline.found(known, lambda _: None, Cache(root, wanted=False))
        if found:
            moving.append(at)
            assert found.said == said
            for fact in found.kinds:
                assert found.app.every(fact) == app.every(fact)

    assert len(moving) >= len(lines) - 1 - (text is INLINE) * 6


def place(line: int) -> Place:
    return Place("a.py", line)


def site(line: int, said: str, value: object = None) -> CallSite:
    return CallSite("log", "", "print", place(line), (Argument(said, value),))


def learnt(old: list[CallSite], new: list[CallSite], *same: Summary) -> Shift:
    found = Shift()
    before, after = (Summary(id="t/f", function="t/f", calls=(*c,), files=("a.py",)) for c in (old, new))  # fmt: skip
    found.learn_part(before, after, b"a.py")
    found.stay((each, b"a.py") for each in same)
    found.settle({"a.py"})
    return found


def test_calls_around_one_more_are_known_by_their_new_numbers() -> None:
    given_on = Symbol("call:1", "x")
    shift = learnt(
        [site(3, "a"), site(5, "b"), site(7, "c", given_on)],
        [site(3, "a"), site(4, "new"), site(6, "b"), site(8, "c", Symbol("call:2", "x"))],
    )
    call = Call(id="t/f#002>T", function="t/f", service="s", operation="o", target="T", site=2,
                evidence=(Evidence("at a.py:7", place(7)),))  # fmt: skip
    taint = Taint(id=f"t/f#002.c<{given_on}", function="t/f", site=2, argument="c", source=given_on,
                  who="anyone", enters="t/f", field=Slot("t/f"))  # fmt: skip

    assert shift.of_fact(call) == Call(
        id="t/f#003>T", function="t/f", service="s", operation="o", target="T", site=3,
        evidence=(Evidence("at a.py:8", place(8)),))  # fmt: skip
    there = shift.of_fact(taint)
    assert isinstance(there, Taint)
    assert (there.id, there.source, there.site) == (
        "t/f#003.c<${call:2.x}", Symbol("call:2", "x"), 3)  # fmt: skip
    back: list[Fact] = [shift.inverse().of_fact(shift.of_fact(each)) for each in (call, taint)]
    assert back == [call, taint]


@pytest.mark.parametrize("gone", [place(4), "a.py:4"])
def test_what_is_new_stood_nowhere_before(gone: object) -> None:
    shift = learnt([site(3, "a"), site(5, "b")], [site(3, "a"), site(4, "new"), site(6, "b")])

    with pytest.raises(alike.Differs):
        shift.inverse().of(gone)


def test_what_stays_in_a_file_where_others_move_is_known() -> None:
    stays = Summary(id="t/g", function="t/g", calls=(site(1, "z"),), files=("a.py",))

    shift = learnt([site(5, "b")], [site(6, "b")], stays)

    assert shift.of(place(1)) == place(1)
    with pytest.raises(alike.Differs):
        learnt([site(5, "b")], [site(6, "b")]).of(place(1))


@pytest.mark.parametrize(("key", "moves"), [("UserData", False), ("Tags", True), ("Data", False)])
def test_a_text_keeps_its_lines_where_a_mapping_may_get_more(key: str, *, moves: bool) -> None:
    values = {"UserData": "one\ntwo\n", "Tags": {"a": "b"}, "Data": {"a": ["b\nc"]}}
    old, new = (
        Resource(id="t/I", stack="t", type="T", properties=values, places={(key,): Place("t.yaml", 3, 5, end, 1)})
        for end in (5, 6)
    )  # fmt: skip
    shift = Shift()
    if moves:
        shift.learn(old, new, b"", lambda _: True)
        shift.settle({"t.yaml"})
        assert shift.of_fact(old) == new
    else:
        with pytest.raises(alike.Differs):
            shift.learn(old, new, b"", lambda _: True)


def test_what_is_accepted_stays_where_it_is() -> None:
    """Findings say its line without the file."""
    old, new = (
        Accepted(id="a", kind="right", evidence=(Evidence("said", Place("checkrein.lock", line)),))
        for line in (3, 4)
    )
    with pytest.raises(alike.Differs):
        Shift().learn(old, new, b"", lambda _: True)


@pytest.mark.parametrize("change", ["places", "values"])
def test_a_setting_that_is_another_is_no_shift(change: str) -> None:
    old = Resource(id="t/I", stack="t", type="T", properties={"A": 1}, evidence=(Evidence("a", place(1)),))  # fmt: skip
    new = replace(old, evidence=(Evidence("a", place(2)),))
    if change == "values":
        with pytest.raises(alike.Differs):
            Shift().learn(old, replace(new, properties={"A": 2}), b"", lambda _: True)
    else:
        Shift().learn(old, new, b"", lambda _: True)


def test_who_looks_up_one_key_rests_on_its_value_alone() -> None:
    def entry(function: str, who: str) -> Entry:
        return Entry(id=f"{function}<", function=function, kind="http", identity=who)

    apps = [App([entry("f", "@anyone"), entry("g", who)]) for who in ("@anyone", "iam")]
    door = "checkrein.checks.exposure:_exposures", RESULT
    for app in apps:
        listen(app)
        exposure(app, "f")
        assert heard(app) == {(*door, f"{KEY}f")}
        assert ("Entry", "", "") in beneath(app, (*door, f"{KEY}f"))

    before, after = (Prints(app) for app in apps)
    assert before.of((*door, f"{KEY}f")) == after.of((*door, f"{KEY}f")) != Print("", "")
    assert before.of((*door, f"{KEY}g")) != after.of((*door, f"{KEY}g"))


def test_who_asks_one_key_rests_on_it_alone_and_makes_no_other() -> None:
    def code(function: str, *packages: str) -> Summary:
        return Summary(id=function, function=function, packages=packages)

    own = Function(id="f", runtime="", language="python", handler="", identity="r")
    apps = [App([own, code("f", "boto3"), *more]) for more in ((), (code("g", "other"),))]
    door = "checkrein.checks.unseen:_packages", RESULT, f"{KEY}f"
    for app in apps:
        listen(app)
        assert unseen(app, "r", ("s3:GetObject",)) == ""
        assert door in heard(app)
        assert beneath(app, door) == {("Summary", "function", "f")}
        assert (*door[:2], f"{KEY}g") not in app.remembered

    before, after = (Prints(app) for app in apps)
    assert before.of(door) == after.of(door) != Print("", "")
    assert before.of(door) != Prints(App([own, code("f", "other")])).of(door)


def test_calls_in_another_order_are_no_shift() -> None:
    with pytest.raises(alike.Differs):
        learnt([site(1, "a"), site(2, "b")], [site(9, "a"), site(3, "b")])


def test_nothing_stands_for_everything_where_nothing_stands_for_a_part() -> None:
    whole = Prints(App([Data(id="own.it", family="own", value=1)])).of(EVERYTHING)
    broken: Any = object()
    part = Prints(App([Data(id="own.it", family=broken, value=1)])).of(EVERYTHING)

    assert whole.now
    assert part == Print("", "")
