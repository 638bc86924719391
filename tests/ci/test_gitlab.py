"""The template for GitLab: its scripts are run as they stand, against a server that keeps notes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
import yaml

ROOT = Path(__file__).parents[2]
JOB = yaml.safe_load((ROOT / "ci" / "gitlab.yml").read_text())["checkrein"]
MARKER = "<!-- checkrein-diff -->"


class Notes(HTTPServer):
    """The notes of a merge request, two a page."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.notes: list[dict[str, Any]] = []
        self.tokens: set[str | None] = set()


class Answering(BaseHTTPRequestHandler):
    server: Notes

    def do_GET(self) -> None:
        page = int(parse_qs(urlparse(self.path).query)["page"][0])
        start = 2 * (page - 1)
        later = str(page + 1) if start + 2 < len(self.server.notes) else ""
        self._answer(self.server.notes[start : start + 2], later)

    def do_POST(self) -> None:
        self.server.notes.append({"id": len(self.server.notes) + 1, **self._sent()})
        self._answer({})

    def do_PUT(self) -> None:
        self.server.notes[int(self.path.rpartition("/")[2]) - 1].update(self._sent())
        self._answer({})

    def _sent(self) -> dict[str, Any]:
        sent: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        return sent

    def _answer(self, content: object, later: str = "") -> None:
        self.server.tokens.add(self.headers["PRIVATE-TOKEN"])
        self.send_response(200)
        self.send_header("x-next-page", later)
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def notes() -> Iterator[Notes]:
    with Notes() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def told(notes: Notes, folder: Path, text: str, token: str = "secret") -> str:
    """Run what the template runs after the scan, and return its log."""
    (folder / "checkrein-difference.md").write_text(text)
    [script] = JOB["after_script"]
    environment = {
        "PATH": os.environ["PATH"],
        "CI_API_V4_URL": f"http://127.0.0.1:{notes.server_port}/api/v4",
        "CI_PROJECT_ID": "3",
        "CI_MERGE_REQUEST_IID": "7",
        **({"CHECKREIN_TOKEN": token} if token else {}),
    }
    script = script.replace("/tmp/checkrein/bin/python", sys.executable)
    done = subprocess.run(
        ["bash", "-euc", script],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_the_note_is_made_once_and_then_kept_up_to_date(notes: Notes, tmp_path: Path) -> None:
    notes.notes = [{"id": number, "body": "hello"} for number in (1, 2, 3)]
    told(notes, tmp_path, "first")
    told(notes, tmp_path, "second")
    assert [note["body"] for note in notes.notes] == ["hello"] * 3 + [f"{MARKER}\nsecond"]
    assert notes.tokens == {"secret"}


def test_without_a_token_the_log_says_it(notes: Notes, tmp_path: Path) -> None:
    assert told(notes, tmp_path, "what changed", token="") == "what changed\n"
    assert notes.notes == []


def test_a_repository_cannot_take_the_token_by_a_module_of_its_own(
    notes: Notes, tmp_path: Path
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('taken')\n")
    told(notes, tmp_path, "text")
    assert len(notes.notes) == 1


def scanned(folder: Path, **variables: str) -> tuple[int, list[list[str]]]:
    """Run the template's script with a command that only notes how it is called."""
    program = folder / "checkrein"
    program.write_text(
        '#!/bin/bash\nprintf "%s\\n" "$@" END >> calls\n[ "$1" != scan ] || exit 3\n'
    )
    program.chmod(0o755)
    script = JOB["script"][-1].replace("/tmp/checkrein/bin/checkrein", str(program))
    environment = {"PATH": os.environ["PATH"], **JOB["variables"], **variables}
    done = subprocess.run(["bash", "-euc", script], cwd=folder, env=environment, check=False)
    calls = (folder / "calls").read_text().split("END\n")[:-1]
    return done.returncode, [call.splitlines() for call in calls]


def test_the_job_ends_as_the_scan_does_and_compares_with_the_target(tmp_path: Path) -> None:
    code, calls = scanned(tmp_path, CHECKREIN_PATHS="api *", CI_MERGE_REQUEST_DIFF_BASE_SHA="abc")
    assert code == 3
    assert calls[0][:5] == ["scan", "api", "*", "--fail-on", "high"]
    assert calls[1][:6] == ["diff", "abc", "--in", "api", "--in", "*"]


def test_without_a_merge_request_nothing_is_compared(tmp_path: Path) -> None:
    _, calls = scanned(tmp_path)
    assert [call[0] for call in calls] == ["scan"]


def test_the_reports_are_those_that_the_scan_writes() -> None:
    script = "\n".join(JOB["script"])
    for file in JOB["artifacts"]["reports"].values():
        assert re.search(rf"--format gitlab-\w+={file}", script)


def test_the_hook_is_the_scan_of_everything() -> None:
    [hook] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert hook["entry"] == "checkrein scan"
    assert hook["pass_filenames"] is False
    assert {"yaml", "json", "terraform", "python", "javascript", "ts"} <= set(hook["types_or"])
