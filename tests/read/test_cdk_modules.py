"""Which file a module of a CDK app is."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.read.cdk.modules import entry, file_of

ENDINGS = ("ts", "js", "mts", "mjs", "cts", "cjs", "tsx")


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("place", ["lib/shop", "lib/shop/index"])
def test_a_module_is_a_file_of_any_ending(place: str, ending: str) -> None:
    assert file_of({f"{place}.{ending}"}, "bin/app.ts", "../lib/shop") == f"{place}.{ending}"


def test_sources_come_before_what_is_made_of_them() -> None:
    both = {"lib/shop.js", "lib/shop.ts", "lib/shop.tsx"}
    assert file_of(both, "bin/app.ts", "../lib/shop") == "lib/shop.ts"
    assert file_of(both, "bin/app.ts", "../lib/shop.js") == "lib/shop.js"


@pytest.mark.parametrize("module", ["", "shop", "../lib/shop.css", "../lib/shops"])
def test_what_is_no_module_of_the_app_is_none(module: str) -> None:
    assert file_of({"lib/shop.ts"}, "bin/app.ts", module) == ""


@pytest.mark.parametrize(
    "command", ["npx ts-node -P ./tsconfig-cdk.json app.ts", "ts-node --prefer-ts-exts app"]
)
def test_settings_of_a_compiler_are_no_program(tmp_path: Path, command: str) -> None:
    (tmp_path / "cdk.json").write_text(f'{{"app": "{command}"}}')
    for name in ("app.ts", "tsconfig-cdk.json"):
        (tmp_path / name).write_text("{}")
    assert entry(tmp_path, "") == "app.ts"


@pytest.mark.parametrize(
    ("app", "command", "first"),
    [
        ("backend/infra", "tsx infra/bin/app.ts", "backend/infra/bin/app.ts"),
        ("infra", "node cdk.out/bin/app.js", "infra/bin/app.ts"),
        ("infra", "tsx tools/app.ts", ""),  # of another folder than the app's
    ],
)
def test_an_app_is_started_from_above_or_from_what_is_built(
    tmp_path: Path, app: str, command: str, first: str
) -> None:
    for file in (f"{app}/bin/app.ts", "tools/app.ts"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("")
    (tmp_path / app / "cdk.json").write_text(f'{{"app": "{command}"}}')
    assert entry(tmp_path, app) == first
