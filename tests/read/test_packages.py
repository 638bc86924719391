"""What functions are deployed with, and whether anything beside the manifest names it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from checkrein import pipeline
from checkrein.model import Package, Unread

TEMPLATE = """Resources:
  One: {Type: AWS::Lambda::Function, Properties: {Runtime: nodejs24.x, Handler: app.handler, Role: r, Code: src/}}
  Two: {Type: AWS::Lambda::Function, Properties: {Runtime: nodejs24.x, Handler: lib/two.handler, Role: r, Code: src/}}
  Py: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.14, Handler: app.handler, Role: r, Code: src/}}
"""


def packages(
    folder: Path, code: str, dependencies: dict[str, str], **told: object
) -> list[Package]:
    (folder / "template.yaml").write_text(TEMPLATE)
    (folder / "src" / "lib").mkdir(parents=True)
    (folder / "src" / "app.js").write_text(code)
    (folder / "src" / "app.py").write_text("def handler(event, context): pass")
    (folder / "src" / "lib" / "two.js").write_text("exports.handler = async () => 1;")
    manifest = {"name": "shop", "dependencies": dependencies, **told}
    (folder / "src" / "package.json").write_text(json.dumps(manifest))
    return pipeline.learn((folder,)).app.every(Package)


@pytest.mark.parametrize(
    ("code", "name", "used"),
    [
        ("const x = require('left-pad');", "left-pad", True),
        ("const x = require('lodash/get');", "lodash", True),
        ('import { a } from "@scope/name/deep";', "@scope/name", True),
        ("await import(`left-pad`)", "left-pad", True),
        ("const x = require('left-padding');", "left-pad", False),
        ("const x = require('@scope/other');", "@scope/name", False),
        ("const x = require('sequelize');", "mysql2", True),
        ("const x = 1;", "mysql2", False),
        ("const x = 1;", "@types/node", True),
        ("const x = 1;", "esbuild", True),
        ("const x = 1;", "shop", False),
    ],
)
def test_what_code_names_is_used(code: str, name: str, used: bool, tmp_path: Path) -> None:  # noqa: FBT001
    (found,) = packages(tmp_path, code, {name: "1.2.3"})

    assert (found.name, found.used) == (name, used)
    assert found.functions == ("template/One", "template/Two")


@pytest.mark.parametrize(
    "told",
    [
        {"scripts": {"postinstall": "left-pad --all"}},
        {"babel": {"presets": ["left-pad"]}},
    ],
)
def test_what_the_manifest_itself_runs_is_used(told: dict[str, object], tmp_path: Path) -> None:
    assert [p.used for p in packages(tmp_path, "", {"left-pad": "1.2.3"}, **told)] == [True]


def test_a_plugin_is_used_by_its_short_name(tmp_path: Path) -> None:
    packages(tmp_path, "", {"@babel/preset-env": "7.0.0", "babel-preset-react": "6.0.0"})
    (tmp_path / "src" / ".babelrc").write_text('{"presets": ["env"]}')
    found = pipeline.learn((tmp_path,)).app.every(Package)

    assert {package.name: package.used for package in found} == {
        "@babel/preset-env": True,
        "babel-preset-react": False,
    }


@pytest.mark.parametrize(
    ("version", "pinned"),
    [
        ("1.2.3", True),
        ("=1.2.3", True),
        ("1.2.3-rc.1", True),
        ("^1.2.3", False),
        ("*", False),
        ("1.2", False),
    ],
)
def test_a_version_is_pinned_where_it_is_one(version: str, pinned: bool, tmp_path: Path) -> None:  # noqa: FBT001
    assert [p.pinned for p in packages(tmp_path, "", {"left-pad": version})] == [pinned]


@pytest.mark.parametrize("text", ["{", "[]", '{"dependencies": ["a"]}', "null"])
def test_an_odd_manifest_costs_only_its_packages(text: str, tmp_path: Path) -> None:
    packages(tmp_path, "", {})
    (tmp_path / "src" / "package.json").write_text(text)
    app = pipeline.learn((tmp_path,)).app

    assert app.every(Package) == []
    unread = [u.fatal for u in app.every(Unread) if u.path.endswith("package.json")]
    assert unread == ([False] if text == "{" else [])
