"""A bundle that is kept beside its source, with the packages in it, is read as it was written."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.model import Function, Place, Resource, Stack
from checkrein.read.functions import read_functions

STACK = Stack(id="infra/main", source="infra/main.tf")
PACKAGES = "// node_modules/big/index.js\nvar filler = 1;\n" + "filler += 1;\n" * 5_000
ENTRY = "// src/auth.ts\nvar handler = async () => ({});\n// Annotate the export names:\n"


def code_of(root: Path, bundle: str, *sources: str, text: str = "export const handler = 1;") -> str:
    for name in ("infra/built/auth.js", *sources):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text if name in sources else bundle)
    one = Resource(
        id="infra/main/Auth",
        stack=STACK.id,
        type="AWS::Lambda::Function",
        properties={"Runtime": "nodejs22.x", "Handler": "auth.handler", "Code": "built/auth.zip"},
        places={(): Place("infra/main.tf", 3)},
    )
    function = read_functions(root, [one], [STACK])[0]
    assert isinstance(function, Function)
    assert function.code
    return function.code.file


def test_its_last_comment_leads_to_its_source(tmp_path: Path) -> None:
    found = code_of(tmp_path, f"\n{PACKAGES}{ENTRY}", "lambda/src/auth.ts")
    assert found == "lambda/src/auth.ts"


@pytest.mark.parametrize(
    ("bundle", "sources", "text"),
    [
        (
            f"\n{PACKAGES}{ENTRY}",
            ("lambda/src/auth.ts", "other/src/auth.ts"),
            "export const handler",
        ),
        (f"\n{PACKAGES}{ENTRY}", ("lambda/src/auth.ts",), "export const other = 1;"),
        (f"\n{PACKAGES}", ("lambda/src/auth.ts",), "export const handler = 1;"),
        (ENTRY + "1;\n" * 30_000, ("lambda/src/auth.ts",), "export const handler = 1;"),
    ],
    ids=["two are called so", "it has no such handler", "no comment names it", "no packages"],
)
def test_else_what_is_deployed_is_read(
    tmp_path: Path, bundle: str, sources: tuple[str, ...], text: str
) -> None:
    assert code_of(tmp_path, bundle, *sources, text=text) == "infra/built/auth.js"
