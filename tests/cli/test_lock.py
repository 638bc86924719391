"""``checkrein init`` and ``checkrein accept``, as somebody at a terminal meets them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from checkrein.cli import run

EXAMPLE = Path(__file__).parents[2] / "examples" / "wild-rydes"
STATEMENT = """\
            - Effect: Allow
              Action: s3:PutObject
              Resource: "*"
"""
AFTER = "              Resource: !GetAtt Rides.Arn\n"
TOLD = (
    "RequestRide may do s3:PutObject on any resource: card data, credentials, personal data "
    "and 3 more could come to Website, which anyone may read"
)


@pytest.fixture
def rides(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Return Wild Rydes with its lock."""
    shutil.copytree(EXAMPLE, tmp_path, dirs_exist_ok=True)
    assert run(["init", str(tmp_path)]) == 0
    capsys.readouterr()
    return tmp_path


def grant(folder: Path) -> None:
    """Let RequestRide write any bucket."""
    file = folder / "template.yaml"
    text = file.read_text()
    head, found, tail = text.partition(AFTER)
    file.write_text(f"{head}{found}{STATEMENT}{tail}")


def test_init_says_what_it_locked_and_what_is_worth_a_look(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(EXAMPLE, tmp_path, dirs_exist_ok=True)
    assert run(["init", str(tmp_path)]) == 0
    told = capsys.readouterr().out.splitlines()
    head = (
        "checkrein.lock is written. The lock accepts this application as it is: 17 classes of data in "
        "14 services, 40 flows, 7 ways in, and the rights of 8 identities."
    )
    code = "card verification code (value 10)"
    assert told[:4] == [
        head,
        "Most worth a look before you commit it:",
        f"  - {code} is meant to be in api.coachpay.example and FailedPayments",
        "  - anyone may use GET /rides/{rideId} of ShowRide and url of PaymentCallback",
    ]
    assert run(["init", str(tmp_path)]) == 2
    assert "checkrein.lock is there already" in capsys.readouterr().err


def test_a_statement_that_is_added_is_the_first_finding_and_can_be_accepted(
    rides: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    grant(rides)
    assert run(["scan", str(rides)]) == 1
    told = " ".join(capsys.readouterr().out.split())
    assert f"critical[right-not-in-lock]: {TOLD}" in told
    assert "= if it is meant: checkrein accept " in told

    accept = ["accept", "RequestRide", "--in", str(rides), "--reason", "rides have pages"]
    before = (rides / "checkrein.lock").read_text()
    assert run(accept) == 2
    assert "somebody must approve what is so valuable, --by NAME" in capsys.readouterr().err
    assert run([*accept, "--dry-run"]) == 0
    logs = "logs:CreateLogGroup, logs:CreateLogStream, logs:PutLogEvents"
    assert (
        f'+    "*": {{values: [{logs}, s3:PutObject], reason: "rides have pages"}}'
        in capsys.readouterr().out.splitlines()
    )
    assert (rides / "checkrein.lock").read_text() == before

    assert run([*accept, "--by", "Ada"]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [f"  - {TOLD}"]
    assert run([*accept, "--by", "Ada"]) == 0
    assert capsys.readouterr().out == "checkrein.lock says so already; nothing else differs\n"


def test_accepting_asks_for_what_it_needs(rides: Path, capsys: pytest.CaptureFixture[str]) -> None:
    within = ["--in", str(rides)]
    grant(rides)
    for words, says in {
        ("--reason", "x"): "name findings or resources, or give --all",
        ("Rides", "--all", "--reason", "x"): "give names or --all, not both",
        ("--all", "--reason", " "): "--reason must say why",
        ("RequestRidee", "--reason", "x"): "did you mean RequestRide",
        ("deadbeef", "--reason", "x"): "deadbeef names nothing that differs from checkrein.lock",
    }.items():
        assert run(["accept", *words, *within]) == 2
        assert says in capsys.readouterr().err
    assert run(["accept", "--all", "--reason", "x", "--in", str(rides / "functions")]) == 2
    assert "checkrein init makes one" in capsys.readouterr().err


def test_a_scan_says_where_intent_comes_from(
    rides: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    proposed = "is proposed from their code"
    around = tmp_path_factory.mktemp("around")
    shutil.copytree(rides, around / rides.name)
    run(["scan", str(rides), "--format", "markdown"])
    assert proposed not in capsys.readouterr().out
    run(["scan", str(around), "--format", "markdown"])
    assert f"scan {rides.name}" in capsys.readouterr().out.replace("\\", "")
    (rides / "checkrein.lock").unlink()
    run(["scan", str(rides), "--format", "markdown"])
    assert proposed in capsys.readouterr().out


def test_a_broken_lock_is_told_and_nothing_is_taken_from_it(
    rides: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (rides / "checkrein.lock").write_text("lock: 7\n")
    assert run(["scan", str(rides), "--format", "json", "--fail-on", "critical"]) in {1, 3}
    assert "a newer checkrein wrote it (format 7" in capsys.readouterr().out
    assert run(["accept", "--all", "--reason", "x", "--in", str(rides)]) == 2
    assert "a newer checkrein wrote it" in capsys.readouterr().err


def test_who_reads_only_a_part_is_not_told_what_is_gone(
    rides: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    part = str(rides / "site.yaml")
    run(["scan", part, "--format", "markdown", "--persona", "auditor"])
    told = capsys.readouterr().out.replace("\\", "")
    assert "only a part of what checkrein.lock is about was read" in told
    assert "gone-from-app" not in told
    assert "-in-lock" not in told
    for command in (["init", part], ["accept", "--all", "--reason", "x", "--in", part]):
        assert run(command) == 2
        assert "is about a whole folder" in capsys.readouterr().err
