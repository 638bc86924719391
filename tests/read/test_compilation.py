"""Code that TypeScript's compiler makes, and that is not here: what it is compiled from."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.read.handlers import Wanted, locate

LANGUAGES = ("javascript",)


def located(root: Path, folder: str, handler: str) -> tuple[str, str] | None:
    found = locate(root, folder, Wanted(handler, LANGUAGES))
    return (found.folder, found.file) if found else None


@pytest.mark.parametrize(
    ("settings", "folder", "handler", "expected"),
    [
        ('"outDir": "compiled"}, "include": ["lambda/*.ts"]', "compiled", "index.join", True),
        ('"outDir": "./compiled/", // out\n"rootDir": "./lambda"', "compiled/", "index.join", True),
        ('"outDir": "compiled"}, "include": ["lambda/**/*"]', ".", "compiled/index.join", True),
        ('"outDir": "other"}, "include": ["lambda/*.ts"]', "compiled", "index.join", False),
        ('"outDir": "."}, "include": ["lambda/*.ts"]', "compiled", "index.join", False),
        ('"outDir": "compiled"}, "include": ["../../lambda/*"]', "compiled", "index.x", False),
    ],
)
def test_the_settings_say_what_is_compiled(
    tmp_path: Path, settings: str, folder: str, handler: str, *, expected: bool
) -> None:
    app = tmp_path / "app"
    (app / "lambda").mkdir(parents=True)
    (app / "lambda/index.ts").write_text("export const join = async () => 1;\n")
    (app / "lambda/other.ts").write_text("export const join = async () => 2;\n")
    (app / "tsconfig.json").write_text(f'{{"compilerOptions": {{{settings}}}}}')
    found = located(tmp_path, f"app/{folder}".rstrip("/.").rstrip("/"), handler)
    assert (found == ("app/lambda", "app/lambda/index.ts")) is expected
