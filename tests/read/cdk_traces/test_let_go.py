"""What is kept of a program's modules once it was traced: what another app may ask for."""

from __future__ import annotations

import gc
import json
from pathlib import Path

import pytest

from checkrein import files
from checkrein.code.ir import Module
from checkrein.read.cdk.unsynthesized.tracing import traced

PROGRAM = "import { NAME } from '../shared/names';\nnew cdk.Stack(new cdk.App(), NAME);\n"


@pytest.mark.parametrize("app", ["one", "one/inner"])
def test_only_modules_beside_an_app_are_kept_for_the_next(tmp_path: Path, app: str) -> None:
    above = "../" * app.count("/")
    for path, text in {
        f"{app}/cdk.json": json.dumps({"app": "npx ts-node app.ts"}),
        f"{app}/app.ts": f"import * as cdk from 'aws-cdk-lib';\n{PROGRAM.replace('../', above + '../')}",
        "shared/names.ts": "export const NAME = 'S';\n",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    with files.scan(tmp_path):
        found = traced(tmp_path, app)
        assert found is not None
        assert [each.id for each in found.done if hasattr(each, "id")][-1] == "S"
        del found
        gc.collect()
        kept = {each.path for each in gc.get_objects() if isinstance(each, Module)}
    assert kept & {f"{app}/app.ts", "shared/names.ts"} == {"shared/names.ts"}
