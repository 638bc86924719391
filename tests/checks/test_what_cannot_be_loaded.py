"""What code does that cannot be loaded as it is deployed is possible, and told; more is an alarm."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline
from checkrein.model import Outcome, Verdict

SAM = """Transform: AWS::Serverless-2016-10-31
Resources:
  Join:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs24.x
      Handler: index.handler
      CodeUri: src/join/
      MORE
      Events: {Post: {Type: HttpApi, Properties: {Path: /join, Method: post}}}
"""
CODE = """const { pino } = require("PACKAGE");
const password = "Tr0ub4dor-4468-x";
exports.handler = async (event) => {
  const { password: given, email } = JSON.parse(event.body);
  console.log(given, email);
  return { statusCode: pino(given === password) };
};
"""
TYPED = CODE.replace("const { pino } = require", "import { pino } from ").replace(
    "exports.handler =", "export const handler ="
)
MANIFEST = '{"dependencies": {"pino": "9.0.0"}, "scripts": {"build": "SCRIPT"}}'
SETTINGS = '{"compilerOptions": {"outDir": "OUT"}}'


def told(root: Path, files: dict[str, str]) -> dict[str, Verdict]:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    found = pipeline.scan((root,)).verdicts
    return {each.check: each for each in found if each.outcome is Outcome.FAIL}


@pytest.mark.parametrize(
    ("more", "package", "beside", "loads"),
    [
        ("", "pino", {"package.json": MANIFEST}, False),
        ("", "@aws-sdk/client-s3", {}, True),
        ("", "aws-sdk", {}, False),
        ("", "fs/promises", {}, True),
        ("", "node:test", {}, True),
        ("", "#own/pino.js", {}, True),
        (
            "",
            "pino",
            {"package.json": MANIFEST.replace("SCRIPT", "cp package.json src/join")},
            True,
        ),
        ("", "./own", {"src/join/own.js": "exports.pino = (x) => x;"}, True),
        ("", "pino", {"src/join/package.json": MANIFEST}, True),
        ("", "pino", {"src/join/node_modules/pino/index.js": "exports.pino = (x) => x;"}, True),
        ("Layers: [!Sub 'arn:aws:lambda:${AWS::Region}:1:layer:all:1']", "pino", {}, True),
    ],
    ids=[
        "above",
        "runtime",
        "older",
        "part",
        "node",
        "alias",
        "copied",
        "own",
        "beside",
        "installed",
        "layer",
    ],
)
def test_packages_that_nothing_packs(
    tmp_path: Path, more: str, package: str, beside: dict[str, str], *, loads: bool
) -> None:
    template = SAM.replace("MORE", more)
    code = {"template.yaml": template, "src/join/index.js": CODE.replace("PACKAGE", package)}
    found = told(tmp_path, {**code, **beside})

    logged = found["data-in-logs"]
    assert (logged.confidence == "possible") is not loads
    assert str(logged.severity) == ("high" if loads else "medium")
    said = [each.text for each in logged.findings[0].evidence]
    assert (
        f"Join cannot be loaded as it is deployed: nothing puts {package} into its bundle" in said
    ) is not loads
    assert found["hardcoded-secret"].confidence != "possible"  # it is read in the file


@pytest.mark.parametrize(("runtime", "loads"), [("nodejs10.x", True), ("nodejs24.x", False)])
def test_old_runtimes_bring_the_old_kit(tmp_path: Path, runtime: str, *, loads: bool) -> None:
    template = SAM.replace("MORE", "Description: old").replace("nodejs24.x", runtime)
    code = {"template.yaml": template, "src/join/index.js": CODE.replace("PACKAGE", "aws-sdk")}
    assert (told(tmp_path, code)["data-in-logs"].confidence != "possible") is loads


def test_what_is_so_without_its_code_is_certain(tmp_path: Path) -> None:
    template = SAM.replace("MORE", "Description: old").replace("nodejs24.x", "nodejs12.x")
    code = {"template.yaml": template, "src/join/index.js": CODE.replace("PACKAGE", "pino")}
    assert told(tmp_path, code)["runtime-end-of-life"].confidence == "certain"


def test_what_a_builder_bundles_is_there(tmp_path: Path) -> None:
    template = SAM.replace("MORE", "Description: bundled").replace(
        "    Properties:\n", "    Metadata: {BuildMethod: esbuild}\n    Properties:\n", 1
    )
    found = told(
        tmp_path, {"template.yaml": template, "src/join/index.js": CODE.replace("PACKAGE", "pino")}
    )

    assert str(found["data-in-logs"].severity) == "high"


@pytest.mark.parametrize(
    ("settings", "script", "loads"),
    [
        ("./dist", "tsc", False),
        ("./dist", "tsc && cp -r dist/src .", True),
        ("./dist", "esbuild src/join/index.ts --outdir=src/join", True),
        ("./", "tsc", True),
        (None, "tsc", True),
    ],
    ids=["elsewhere", "copied", "bundled", "in-place", "no-settings"],
)
def test_typescript_that_is_compiled_into_another_folder(
    tmp_path: Path, settings: str | None, script: str, *, loads: bool
) -> None:
    files = {
        "template.yaml": SAM.replace("MORE", "Description: typed"),
        "src/join/index.ts": TYPED.replace("PACKAGE", "pino"),
        "package.json": MANIFEST.replace("SCRIPT", script),
    }
    if settings:
        files["tsconfig.json"] = SETTINGS.replace("OUT", settings)
    found = told(tmp_path, files)

    assert str(found["data-in-logs"].severity) == ("high" if loads else "medium")


@pytest.mark.parametrize(
    ("handler", "runtime", "runs"),
    [
        ("(event, context, callback)", "nodejs24.x", False),
        ("(event, context, callback)", "nodejs22.x", True),
        ("async (event, context, callback)", "nodejs24.x", False),
        ("async (event, context)", "nodejs24.x", True),
        ("(event, context, callback = () => {})", "nodejs24.x", True),
        ("(event, ...rest)", "nodejs24.x", True),
    ],
)
def test_a_callback_that_the_runtime_refuses(
    tmp_path: Path, handler: str, runtime: str, *, runs: bool
) -> None:
    code = CODE.replace("PACKAGE", "./own").replace("async (event)", handler)
    files = {
        "template.yaml": SAM.replace("MORE", "").replace("nodejs24.x", runtime),
        "src/join/index.js": code,
        "src/join/own.js": "exports.pino = (x) => x;",
    }
    assert str(told(tmp_path, files)["data-in-logs"].severity) == ("high" if runs else "medium")
