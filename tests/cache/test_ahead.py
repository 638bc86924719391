"""While a copy of the process reads changed code, this one finds what comes next, and no more."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from checkrein import checks
from checkrein.cache import VARIABLE, Cache, Held, store
from checkrein.judge import kept
from checkrein.pipeline.ahead import Ahead
from tests.cache.test_verdicts import APPLICATION, EDITS, put, verdicts

SCAN = """
import sys
from checkrein import aside
from checkrein.cli import run
from checkrein.judge import kept
aside.cores = lambda: 2
aside._Copy.is_done = lambda _: False  # there is time for every step
loaded, judge = [], kept.Judging._asked
kept.Judging._asked = lambda *a: loaded.extend(sys.modules) or judge(*a)
run(["scan", *sys.argv[1:]])
print(*loaded, file=sys.stderr)
"""
LOG = "a log of the order"


def scanned(root: Path, *words: str) -> tuple[str, set[str]]:
    """Return what a new process tells of an application, and what it has loaded to judge it."""
    ran = subprocess.run(
        [sys.executable, "-c", SCAN, str(root), *words],
        check=True, capture_output=True, text=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    return ran.stdout, set(ran.stderr.split())


@pytest.fixture
def application(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An application that was scanned, with the user's key elsewhere."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    monkeypatch.delenv(VARIABLE)
    for path, content in APPLICATION.items():
        put(tmp_path / "app", path, content)
    scanned(tmp_path / "app")
    return tmp_path / "app"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no process can be copied here")
def test_code_is_read_elsewhere_and_what_judges_it_is_loaded(application: Path) -> None:
    put(application, *EDITS[LOG])

    _, loaded = scanned(application)

    modules = checks.modules()
    assert "checkrein.derive" in loaded
    assert "checkrein.code.summary" not in loaded
    assert modules["log-injection"] in loaded
    assert len(loaded.intersection(modules.values())) < len(modules) / 2


@pytest.mark.parametrize("edit", [LOG, "a module", "a syntax error", "code gone", "a command"])
def test_it_is_told_as_without(application: Path, edit: str) -> None:
    put(application, *EDITS[edit])
    words = ("--format", "json", "--persona", "auditor")

    found, _ = scanned(application, *words)

    assert found == scanned(application, *words, "--no-cache")[0]


def test_checks_that_looked_at_code_are_known(application: Path) -> None:
    verdicts(application)  # what is installed seems another in this process
    known = Cache(application, judged=True)

    found = kept.looking_at(known, {"template/Put"})

    assert {"predictable-secret", "log-injection", "sql-injection"} <= found
    assert "unused-permission" not in found  # it rests on what settles what it asks of code
    assert "bucket-access-not-logged" not in found
    assert kept.looking_at(known, {"template/Other"}) < found
    assert kept.looking_at(Cache(application, judged=True, wanted=False), {"template/Put"}) == set()


def test_nothing_is_kept_of_what_is_shipped(application: Path) -> None:
    """A build would take it along."""
    held = Ahead().cache(application, shipped=True)

    assert isinstance(held, Held)
    assert not held.wanted
    assert (application / store.FOLDER / store.JUDGED).is_file()
    assert held.find(kept.NAME, kept.Answers) is None
