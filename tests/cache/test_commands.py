"""Commands say the same, byte for byte, whether they know an earlier scan or not."""

import shutil
from pathlib import Path

import pytest

from checkrein.cache import VARIABLE, store
from checkrein.cli import run

EXAMPLE = Path(__file__).parents[2] / "examples" / "wild-rydes"
COMMANDS = {
    "scan": ["scan", ".", "--format", "json", "--facts"],
    "fix": ["fix", ".", "--dry-run"],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_says_the_same(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
    command: str,
) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "app", ignore=shutil.ignore_patterns(store.FOLDER))
    monkeypatch.chdir(tmp_path / "app")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    told = []
    for value in ("off", "", ""):
        monkeypatch.setenv(VARIABLE, value)
        code = run(COMMANDS[command])
        told.append((code, capfdbinary.readouterr().out))

    assert (tmp_path / "app" / store.FOLDER / store.FILE).is_file()
    assert told[1] == told[0]
    assert told[2] == told[0]
    assert len(told[0][1]) > 1000
