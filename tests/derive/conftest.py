from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from checkrein.model import App
from checkrein.pipeline import scan

Scan = Callable[..., App]


@pytest.fixture
def derived(tmp_path: Path) -> Scan:
    """Scan files given by name and text, and return the derived app."""

    def run(files: dict[str, str]) -> App:
        for name, text in files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(dedent(text), encoding="utf-8")
        return scan([tmp_path]).app

    return run
