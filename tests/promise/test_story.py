"""Wild Rydes gets one statement more: what the commands tell of it, from the lock to the picture."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from checkrein.cli import run
from tests.promise.mutants import Mutant
from tests.promise.surfaces import laid_out

BEFORE = "              Resource: !GetAtt Rides.Arn\n      Events:\n        Ask:\n"
STATEMENT = (
    "            - Effect: Allow\n"
    "              Action: s3:PutObject\n"
    "              Resource: !Sub arn:aws:s3:::${SiteName}/*\n"
)
PARAMETER = "Parameters:\n  SiteName:\n    Type: String\n"
BECAUSE = "RequestRide (RequestRideRole) may write Website: s3:PutObject"
Command = Callable[..., str]


@pytest.fixture
def rydes(tmp_path: Path) -> Path:
    """Return Wild Rydes under git, with a lock that accepts it as it is."""
    folder = laid_out(Mutant("wild-rydes", "", "", {}), tmp_path / "rydes")
    assert run(["init", str(folder)]) == 0
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "as it is"]):
        who = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
        subprocess.run(["git", "-C", str(folder), *who, *words], check=True)
    return folder


@pytest.fixture
def widened(rydes: Path) -> Path:
    """Return it with a statement more in its template: what asks for rides may write the site."""
    file = rydes / "template.yaml"
    text = file.read_text().replace("Parameters:\n", PARAMETER, 1)
    file.write_text(
        text.replace(BEFORE, BEFORE.replace("      Events", f"{STATEMENT}      Events"))
    )
    return rydes


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    """Run the program as somebody at a terminal does, and return what it prints."""

    def answer(*words: str) -> str:
        capsys.readouterr()
        assert run(list(words)) in {0, 1}
        return capsys.readouterr().out

    return answer


def test_the_diff_tells_that_a_token_and_people_reach_a_public_bucket(
    widened: Path, command: Command
) -> None:
    told: dict[str, Any] = json.loads(command("diff", "--in", str(widened), "--format", "json"))
    (row,) = told["table"]
    fresh = {*row["after"]["potential"]["direct"]} - {*row["before"]["potential"]["direct"]}
    assert row["resource"] == "site/Website"
    assert {"cred.token", "pay.pan", "pii.email", "pii.location"} <= fresh
    (right,) = told["access"]["added"]
    assert (right["owner"], right["key"], right["values"]) == (
        "template/RequestRideRole",
        "site/Website write",
        ["s3:PutObject"],
    )
    assert [told["access"]["removed"], told["flows"], told["entries"]] == [
        [],
        {"added": [], "removed": []},
        {"added": [], "removed": []},
    ]
    assert {(one["check"], one["severity"]) for one in told["findings"]["new"]} == {
        ("right-not-in-lock", "critical"),
        ("power-beyond-use", "medium"),
    }
    assert "S3 Website, which anyone may read" in " ".join(
        command("diff", "--in", str(widened)).split()
    )


def test_the_cut_that_undoes_it_is_that_one_statement(widened: Path, command: Command) -> None:
    told = json.loads(command("cuts", "Website", "--in", str(widened), "--format", "json"))
    (goal,) = told["goals"]
    (cut,) = goal["cuts"]
    assert {"cred.token", "pii.email"} <= {*goal["data"]}
    assert (cut["proved"], cut["breaks"]) == (True, [])
    assert cut["diff"] == [f"-{line}" for line in STATEMENT.splitlines()]


def test_the_picture_shows_the_path(rydes: Path, widened: Path, command: Command) -> None:
    page = command("scan", str(widened), "--format", "html")
    assert BECAUSE in page
    file = widened / "template.yaml"
    file.write_text(file.read_text().replace(STATEMENT, ""))
    assert BECAUSE not in command("scan", str(rydes), "--format", "html")


def test_nothing_is_told_where_nothing_changed(rydes: Path, command: Command) -> None:
    told = json.loads(command("diff", "--in", str(rydes), "--format", "json"))
    assert [told["points"], told["table"], told["findings"]["new"]] == [[], [], []]
