"""Every command on an app of Terraform and of the Serverless Framework, by the names people use."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from checkrein.cli import run
from checkrein.model.addresses import is_called, logical_id, untyped

TESTS = Path(__file__).parents[1]
NOTATIONS = ("main.tf", "serverless.yml")
NAMES = {  # what people call the function and the table -> the ids that are meant
    "main.tf": (
        'aws_lambda_function.function["Order"]',
        'function["Order"]',
        "function[Order]",  # what a shell leaves of it
        'main/aws_lambda_function.function["Order"]',
    ),
    "serverless.yml": ("Order", "OrderLambdaFunction", "serverless/Order"),
}
FUNCTIONS = {
    "main.tf": 'aws_lambda_function.function["Order"]',
    "serverless.yml": NAMES["serverless.yml"][0],
}
COMMANDS = {  # what is asked, and how it exits
    "scan": 1,
    "graph --format cyclonedx": 0,
    "least FUNCTION": 1,
    "fix --unsafe": 1,
    "explain Orders": 0,
    "can FUNCTION s3:GetObject Archive/* --expect no": 0,
    "cuts Orders": 0,
    "whatif --allow FUNCTION s3:PutObject Site/*": 0,
    "whatif --remove FUNCTION": 0,
    "evidence --framework soc2 --output evidence": 0,
    "init": 0,
}  # fmt: skip


@pytest.fixture(params=NOTATIONS)
def app(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Path, str]:
    """Return a folder that holds the app, where commands run, and the name of its file."""
    name = str(request.param)
    shutil.copy(TESTS / "notations" / "shop" / name, tmp_path)
    for folder in ("src", "mailer", "site"):
        shutil.copytree(TESTS / "read" / "cdk" / "shop" / folder, tmp_path / folder)
    monkeypatch.chdir(tmp_path)
    return tmp_path, name


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_answers(
    app: tuple[Path, str], command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [word.replace("FUNCTION", FUNCTIONS[app[1]]) for word in command.split()]
    code = run(words)
    said = capsys.readouterr()
    assert (code, said.err) == (COMMANDS[command], said.err if code == 1 else "")
    assert "please report" not in said.out + said.err
    assert not {"Traceback", "declares no resources"} & {*said.out.split(), *said.err.split()}


def test_a_function_is_known_by_every_name(
    app: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    name = app[1]
    said = []
    for word in NAMES[name]:
        assert run(["explain", word]) == 0
        said.append(capsys.readouterr().out)
    assert {*said} == {said[0]}


def test_the_lock_holds_names_with_brackets(app: tuple[Path, str]) -> None:
    folder, name = app
    run(["init"])
    lock = yaml.safe_load((folder / "checkrein.lock").read_text())
    assert f"{name.partition('.')[0]}/{FUNCTIONS[name]}" in lock["coded"]
    assert run(["accept", "--all", "--reason", "as it is"]) == 0


def test_cuts_without_resources_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "serverless.yml").write_text(
        "service: shop\nprovider: {name: aws, runtime: python3.12}\n"
        "functions:\n  order: {handler: order.handler, events: [{http: POST /orders}]}\n"
    )
    (tmp_path / "order.py").write_text("def handler(event, context):\n    print(event['body'])\n")
    monkeypatch.chdir(tmp_path)
    assert run(["cuts", "order", "--data", "untrusted"]) in (0, 2)
    assert "please report" not in capsys.readouterr().err


def test_names_of_addresses() -> None:
    names = [
        'main/aws_x.orders["a"]',
        "main/module.shop.aws_x.orders",
        'main/module.shop["eu"].module.inner.aws_x.this[0]',
    ]
    assert [untyped(name.rpartition("/")[2]) for name in names] == [
        'orders["a"]',
        "shop.orders",
        'shop["eu"].inner.this[0]',
    ]
    assert logical_id('aws_x.a["GET /b@c"]') == 'aws_x.a["GET :b(at)c"]'
    id = "main/" + logical_id('aws_x.a["GET /b@c"]')
    words = ('aws_x.a["GET /b@c"]', "a[GET /b@c]", 'a["GET :b(at)c"]')
    assert [is_called(id, word) for word in words] == [True] * 3
    assert [is_called(id, word) for word in ("a", "GET /b@c", "aws_x.a")] == [False] * 3
