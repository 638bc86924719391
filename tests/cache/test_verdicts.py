"""Whatever happens to an application: a scan that knows an earlier one judges the same."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from checkrein import aside, checks, pipeline
from checkrein.cache import VARIABLE, Cache, store
from checkrein.checks import Check
from checkrein.checks.identity import unused_permission
from checkrein.judge import judge, kept
from checkrein.model import App, Fact, Finding, Outcome, Persona, Place, Unread, Verdict
from checkrein.model.app import Door
from checkrein.model.asking import settled

TEMPLATE = """
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Parameters: {Stage: {Type: String, Default: none}}
Conditions: {IsProd: !Equals [!Ref Stage, prod]}
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
  Photos: {Type: AWS::S3::Bucket}
  Put:
    Type: AWS::Serverless::Function
    Properties:
      {CodeUri: ./put, Handler: app.handler, Runtime: python3.12, Environment: {Variables: {TABLE: !Ref Orders}},
      Policies: [{Statement: [{Effect: Allow, Action: ["dynamodb:*"], Resource: "*"}]}],
      Events: {Api: {Type: Api, Properties: {Path: /orders, Method: post}}}}
  Show:
    Type: AWS::Serverless::Function
    Properties:
      {CodeUri: ./show, Handler: index.handler, Runtime: nodejs22.x, Environment: {Variables: {TABLE: !Ref Orders, PASSWORD: hunter2-very}},
      Policies: [DynamoDBReadPolicy: {TableName: !Ref Orders}],
      Events: {Api: {Type: Api, Properties: {Path: /orders, Method: get}}}}
  Sweep:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: ./sweep, Handler: app.handler, Runtime: python3.7, Events: {Daily: {Type: Schedule, Properties: {Schedule: rate(1 day)}}}}
"""
PUT = """
import json, os, boto3, shared
table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
def handler(event, context):
    order = json.loads(event["body"])
    table.put_item(Item={"id": order["id"], "email": order["email"], "card": order["cardNumber"]})
    return shared.answer(order)
"""
SHOW = """
const { DynamoDBClient, GetItemCommand } = require('@aws-sdk/client-dynamodb')
const client = new DynamoDBClient({})
exports.handler = async (event) => {
  const found = await client.send(new GetItemCommand({
    TableName: process.env.TABLE, Key: { id: { S: event.queryStringParameters.id } } }))
  return { statusCode: 200, body: JSON.stringify(found.Item) }
}
"""
SHARED = 'def answer(order):\n    return {"statusCode": 200, "body": order["id"]}\n'
APPLICATION = {
    "template.yaml": TEMPLATE,
    "put/app.py": PUT,
    "put/shared.py": SHARED,
    "show/index.js": SHOW,
    "sweep/app.py": "def handler(event, context):\n    pass\n",
}
REMEMBERED = re.compile(r"(functools\.)?(lru_)?cached?\b")
IGNORE = "checks:\n  ignore:\n    - {check: unused-permission, reason: later}\n"
EDITS: dict[str, tuple[str, str | None]] = {
    "a log of the order": ("put/app.py", PUT.replace("    table", "    print(order)\n    table")),
    "a command": ("put/app.py", PUT.replace("    table", "    os.system(order['id'])\n    table")),
    "lines moved": ("put/app.py", f"# a remark\n{PUT}"),
    "nothing put": ("put/app.py", PUT.replace("table.put_item", "str")),
    "another right used": ("put/app.py", PUT.replace("put_item(Item=", "delete_item(Key=")),
    "a syntax error": ("put/app.py", "def handler(:\n"),
    "code gone": ("put/app.py", None),
    "a module": ("put/shared.py", SHARED.replace('order["id"]', 'str(order["email"])')),
    "a log": ("show/index.js", SHOW.replace("  return", "  console.log(event)\n  return")),
    "constant logs": ("show/index.js", f"console.log(1)\n{SHOW}\nconsole.log(2)\n"),
    "a secret": ("show/index.js", f"const password = 'Tr0ub4dor&3xyzzy'\n{SHOW}"),
    "code that calls": (
        "sweep/app.py",
        PUT.replace("shared.answer", "str").replace(", shared", ""),
    ),
    "a public bucket": (
        "template.yaml",
        TEMPLATE.replace(
            "{Type: AWS::S3::Bucket}",
            "{Type: AWS::S3::Bucket, Properties: {AccessControl: PublicRead}}",
        ),
    ),
    "fewer rights": ("template.yaml", TEMPLATE.replace('"dynamodb:*"', '"dynamodb:PutItem"')),
    "a condition": ("template.yaml", TEMPLATE.replace("Photos: {", "Photos: {Condition: IsProd, ")),
    "a resource gone": (
        "template.yaml",
        TEMPLATE.replace("  Photos: {Type: AWS::S3::Bucket}\n", ""),
    ),
    "a trigger gone": ("template.yaml", re.sub(r",\s+Events: {Api.*get}}}", "", TEMPLATE)),
    "another template": ("more/template.yaml", "Resources: {Photos: {Type: AWS::S3::Bucket}}"),
    "a remark that ignores": (
        "template.yaml",
        TEMPLATE.replace(
            "  Photos:", "  # checkrein: ignore[bucket-access-not-logged] small\n  Photos:"
        ),
    ),
    "the team's own words": ("checkrein.yaml", IGNORE),
}


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An application that was scanned, with the user's key elsewhere."""
    base = tmp_path_factory.mktemp("verdicts")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(base / "user"))
        patch.delenv(VARIABLE)
        for path, content in APPLICATION.items():
            put(base / "app", path, content)
        verdicts(base / "app")
        yield base / "app"


def put(root: Path, path: str, content: str | None) -> None:
    file = root / path
    if content is None:
        file.unlink(missing_ok=True)
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content)


def verdicts(root: Path) -> str:
    found = pipeline.scan([root], wanted=pipeline.Wanted(Persona.AUDITOR))
    return "\n".join(map(repr, [*found.verdicts, *found.held, *found.notes]))


def verdicts_anew(root: Path) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, "off")
        return verdicts(root)


def put_back(application: Path, edits: list[str]) -> None:
    for edit in edits:
        path, _ = EDITS[edit]
        put(application, path, APPLICATION.get(path))
    shutil.rmtree(application / "more", ignore_errors=True)


def test_what_is_kept_is_judged_the_same(application: Path) -> None:
    assert (application / store.FOLDER / store.JUDGED).is_file()
    assert verdicts(application) == verdicts_anew(application)


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_is_judged(application: Path, edit: str) -> None:
    put(application, *EDITS[edit])

    assert verdicts(application) == verdicts_anew(application)

    put_back(application, [edit])


@settings(max_examples=6)
@given(edits=st.lists(st.sampled_from(list(EDITS)), min_size=2, max_size=4))
def test_edits_in_a_row_are_judged(application: Path, edits: list[str]) -> None:
    for edit in edits:
        put(application, *EDITS[edit])
        assert verdicts(application) == verdicts_anew(application)
    put_back(application, edits)
    assert verdicts(application) == verdicts_anew(application)


def test_only_checks_that_looked_at_a_change_are_loaded(
    application: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    verdicts(application)
    asked: list[str] = []
    load = checks.one

    def one(module: str) -> Check:
        asked.append(module)
        return load(module)

    monkeypatch.setattr(checks, "one", one)

    put(application, *EDITS["constant logs"])
    verdicts(application)
    put_back(application, ["constant logs"])

    assert 0 < len(asked) < len(checks.modules()) / 3


def test_what_crashed_is_asked_again(application: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    verdicts(application)
    load = checks.one

    def one(module: str) -> Check:
        found = load(module)
        return replace(found, judge=fail) if found.id == "unused-permission" else found

    def fail(*_: object) -> Iterator[Finding]:
        raise MemoryError

    put(application, *EDITS["nothing put"])
    with monkeypatch.context() as patch:
        patch.setattr(checks, "one", one)
        assert "the check crashed" in verdicts(application)

    assert verdicts(application) == verdicts_anew(application)
    put_back(application, ["nothing put"])


@settled
def told(app: App) -> str:
    first = app.get(Unread, "first")
    second = app.get(Unread, "second") if first and first.reason == "see the second" else None
    return second.reason if second else "fine"


def test_a_result_rests_on_what_it_looked_at_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where it is the same as before, and only others have to be asked."""

    def failing(_: Fact, app: App) -> Iterator[Finding]:
        if told(app) != "fine":
            yield Finding(Place("a", 1), told(app))

    def unread(name: str, reason: str) -> Unread:
        return Unread(id=name, path=name, reason=reason, effect="")

    def subjects(app: App) -> list[Fact]:
        return [app.alternatives(Unread, "subject")[0]]

    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    check = replace(unused_permission.unused_permission, subjects=subjects, judge=failing)
    other = replace(check, id="other", judge=lambda _, app: app.alternatives(Unread, "first")[:0])
    monkeypatch.setattr(checks, "modules", lambda: {check.id: "one", "other": "two"})
    monkeypatch.setattr(checks, "one", {"one": check, "two": other}.get)
    (tmp_path / "app").mkdir()
    cache = Cache(tmp_path / "app", judged=True)
    outcomes = []
    for first, second in (("", "fine"), ("see the second", "fine"), ("see the second", "bad")):
        facts = unread("first", first), unread("second", second), unread("subject", "")
        said = list(kept.judge(App(facts), cache))
        outcomes.append(said[0].verdicts[0].outcome)

    assert outcomes == [Outcome.PASS, Outcome.PASS, Outcome.FAIL]


def test_of_a_large_app_no_verdict_is_kept(
    application: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "app"
    shutil.copytree(application, copy, ignore=shutil.ignore_patterns(store.FOLDER))
    monkeypatch.setattr(kept, "MOST", 1)

    first = verdicts(copy)

    assert Cache(copy, judged=True).find(kept.NAME, kept.Answers) is None
    assert first == verdicts(copy) == verdicts_anew(copy)


def test_nothing_is_remembered_of_an_app_beside_what_it_looked_at() -> None:
    """What ``lru_cache`` remembers of an app would not say again what it rests on."""
    folders = [Path(checks.__file__).parent, Path(judge.__code__.co_filename).parent]
    found = [
        f"{file.name}: {node.name}"
        for folder in folders
        for file in folder.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.FunctionDef)
        and any(REMEMBERED.match(ast.unparse(each)) for each in node.decorator_list)
        and any("App" in ast.unparse(a.annotation) for a in node.args.args if a.annotation)
    ]

    assert found == []


@given(
    said=st.lists(
        st.builds(
            Verdict,
            check=st.sampled_from(["a-check", "another"]),
            subject=st.sampled_from(["template/Put", ""]),
            outcome=st.sampled_from([Outcome.PASS, Outcome.UNDECIDED]),
            reason=st.sampled_from(["", "why"]),
            persona=st.sampled_from(Persona),
        ),
        max_size=2,
    )
)
def test_what_is_kept_of_a_subject_is_what_was_said(said: list[Verdict]) -> None:
    written = kept.written(said)

    check, subject = (said[0].check, said[0].subject) if said else ("", "")
    assert kept.said_of(check, subject, written) == said


def test_verdicts_are_in_the_order_of_all_checks(application: Path) -> None:
    app = pipeline.learn([application]).app
    cache = Cache(application, wanted=False)

    said = [verdict for each in kept.judge(app, cache) for verdict in each.verdicts]

    assert said == judge(App(app), checks.load())
    assert unused_permission.unused_permission.id in {each.check for each in said}


BESIDE = """
import os, sys
from pathlib import Path
from checkrein import aside
from checkrein.judge import kept
from tests.cache.test_verdicts import APPLICATION, EDITS, put, rests, verdicts, verdicts_anew

copies, copy = [], aside.aside
aside.aside = lambda work: copies.append(work.__qualname__) or copy(work)
both, one = Path(sys.argv[1], "both", "app"), Path(sys.argv[1], "one", "app")
for edit in [*((path, APPLICATION[path]) for path in APPLICATION), EDITS["another right used"]]:
    for root in (both, one):
        put(root, *edit)
for edit in ["a secret", "a public bucket", "code that calls"]:
    said = {}
    for root, kept.MUCH in ((both, 0), (one, sys.maxsize)):
        put(root, *EDITS[edit])
        copies.clear()
        said[root] = verdicts(root), rests(root)
        assert any("Judging" in each for each in copies) is (root == both), edit
    assert said[both] == said[one], edit

ours, beside = os.getpid(), kept.Judging._beside
def dies(judging, turns, known):
    if os.getpid() != ours:
        [next(turns) for _ in range(3)]
        os._exit(1)
    return beside(judging, turns, known)
kept.Judging._beside, kept.MUCH = dies, 0
put(both, *EDITS["fewer rights"])
put(one, *EDITS["fewer rights"])
assert verdicts(both) == verdicts_anew(one), "a copy that ends"
"""


def rests(root: Path) -> dict[str, object]:
    """Return through which doors each kept answer was found, and what stands behind them."""
    found = Cache(root, judged=True).find(kept.NAME, kept.Answers)
    doors = found.table.doors

    def named(numbers: list[int]) -> list[Door]:
        return sorted(doors[number] for number in numbers)

    kept_of = {
        (check, part.key): (named(part.asked), part.said)
        for check, answer in found.of.items()
        for part in answer.parts
    }
    asked = {check: named(answer.asked) for check, answer in found.of.items()}
    beneath = {doors[number]: named(those) for number, those in found.table.beneath.items()}
    prints = dict(zip(doors, found.table.prints, strict=True))
    return {"kept": kept_of, "asked": asked, "beneath": beneath, "prints": prints}


@pytest.mark.skipif(aside.cores() < 2, reason="needs a second core")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="no process can be copied here")
def test_two_cores_judge_as_one_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a process of its own: a test runner has threads, beside which nothing is copied."""
    monkeypatch.delenv(VARIABLE, raising=False)  # the application above has taken it away
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    ran = subprocess.run(
        [sys.executable, "-c", BESIDE, str(tmp_path / "app")],
        check=False, capture_output=True, text=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip

    assert ran.stderr == ""
