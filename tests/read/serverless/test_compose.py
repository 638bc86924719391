"""Compose files: the services they name, and what one service passes to another."""

from pathlib import Path

import pytest

from checkrein.model.values import Open, Symbol, Text
from checkrein.read.serverless.compose import open_compose
from checkrein.read.serverless.service import open_service

YAML = """services:
  store:
    path: store
  api:
    path: services/api
    params:
      table: ${store.TableArn}
      url: https://${store.Host}/x
      stage: ${sls:stage}
      none: ${nobody.X}
  lost:
    path: ../elsewhere
"""
PROGRAM = """export default { services: { store: { path: './store' }, api: { path: 'services/api',
  params: { table: '${store.TableArn}', url: 'https://${store.Host}/x', stage: '${sls:stage}',
    none: '${nobody.X}' } }, lost: { path: '../elsewhere' } } }
"""
STORE = "service: store\nprovider:\n  name: aws\n  stage: ${opt:stage, 'test'}\n"
API = "service: api\nprovider: aws\ncustom:\n  it: ['${param:table}', '${param:url}', '${param:stage}', '${param:none}']\n"


def write(root: Path, files: dict[str, str]) -> None:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)


@pytest.mark.parametrize(
    ("name", "text"), [("serverless-compose.yml", YAML), ("serverless-compose.ts", PROGRAM)]
)
def test_a_service_gets_what_others_put_out(tmp_path: Path, name: str, text: str) -> None:
    write(tmp_path, {name: text, "store/serverless.yml": STORE, "services/api/serverless.yml": API})
    services = open_compose(tmp_path, name)
    assert services is not None
    paths = {one: composed.path for one, composed in services.items()}
    assert paths == {
        "store": "store/serverless.yml",
        "api": "services/api/serverless.yml",
        "lost": "",
    }
    found = open_service(tmp_path, "services/api/serverless.yml")
    assert found is not None
    host = Symbol("@stack-output", "store-test.Host")
    assert found.value["custom"]["it"] == [
        Symbol("@stack-output", "store-test.TableArn"),
        Text(("https://", host, "/x")),
        "dev",
        "${nobody.X}",
    ]


@pytest.mark.parametrize(
    ("store", "expected"),
    [
        (
            "service: s\nprovider: {name: aws, stackName: own}\n",
            Symbol("@stack-output", "own.TableArn"),
        ),
        ("service: s\nprovider: {name: aws, stage: '${env:S}'}\n", None),
        ("service: [", None),
    ],
)
def test_an_output_is_of_the_stack_that_the_service_names(
    tmp_path: Path, store: str, expected: Symbol | None
) -> None:
    write(tmp_path, {"serverless-compose.yml": YAML, "store/serverless.yml": store})
    services = open_compose(tmp_path, "serverless-compose.yml")
    assert services is not None
    actual = services["api"].parameters["table"].value
    assert actual == expected if expected else isinstance(actual, Open)


def test_a_compose_file_that_is_broken_is_told_and_the_service_read(tmp_path: Path) -> None:
    write(tmp_path, {"serverless-compose.yml": "services: [", "api/serverless.yml": API})
    found = open_service(tmp_path, "api/serverless.yml")
    assert found is not None
    assert found.value["custom"]["it"][0] == Open("the parameter table of the deployment")
    assert [lost.place.path for lost in found.lost] == ["serverless-compose.yml"]


def test_a_file_that_names_no_services_is_none(tmp_path: Path) -> None:
    assert open_compose(tmp_path, "serverless-compose.yml", "a: b\n") is None
