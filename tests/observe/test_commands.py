"""``--observed`` on the command line: what each command tells of it, and never a value."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from checkrein import checks
from checkrein.cli import run
from checkrein.pipeline.observed_notes import INCIDENTS

from .conftest import TEMPLATE

MAIL = "ada@at-home.org"
TRAIL = {
    "eventSource": "dynamodb.amazonaws.com",
    "eventName": "Scan",
    "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/ann"},
    "requestParameters": {"tableName": "shop-Orders-1ABCDEFGHIJKL"},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "Mail.log").write_text(f"to {MAIL}\n")
    (tmp_path / "trail.json").write_text(json.dumps({"Records": [TRAIL]}))
    return tmp_path


TOLD = (
    " Observed ",
    "[data-seen-beyond-intent]: e-mail address was seen in the log of Mail, once",
    "[used-by-stranger]: user/ann, whom nothing here declares, read Orders",
    "records tell 2 different things of 2 parts of the application: CloudTrail 1, text 1",
    "records show what is not meant to happen: 1 data-seen-beyond-intent, 1 used-by-stranger",
    "never observed: 1 of 1 uses of a resource that code makes",
)


def test_a_scan_tells_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["scan", str(folder), "--observed", str(folder), "--all", "--no-cache"])
    told = " ".join(capsys.readouterr().out.split())

    assert [part for part in TOLD if part not in told] == []
    assert MAIL not in told


@pytest.mark.parametrize(
    "form", ["json", "sarif", "markdown", "csv", "junit", "ocsf", "html", "gitlab-sast", "github"]
)
def test_no_form_repeats_a_value(
    form: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["scan", str(folder), "--observed", str(folder), "--format", form, "--no-cache"])
    out = capsys.readouterr().out

    assert "seen" in out
    assert "at-home" not in out


def test_the_document_for_programs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(
        [
            "scan",
            str(folder),
            "--observed",
            str(folder),
            "--format",
            "json",
            "--facts",
            "--no-cache",
        ]
    )
    document = json.loads(capsys.readouterr().out)
    (row,) = [row for row in document["table"] if row["resource"] == "template/Mail@logs"]

    assert row["observed"] == ["pii.email"]
    assert [reason["basis"] for reason in row["reasons"] if reason["class"] == "pii.email"][-1] == (
        "observed"
    )
    assert {fact["kind"] for fact in document["facts"]["Observation"]} == {"call", "content"}


def test_explain_and_graph_tell_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["explain", "Orders", "--in", str(folder), "--observed", str(folder), "--no-cache"])
    assert "user/ann, whom nothing here declares, called dynamodb:Scan" in capsys.readouterr().out

    drawn = ["graph", "--in", str(folder), "--observed", str(folder), "--basis", "observed"]
    run([*drawn, "--format", "json", "--no-cache"])
    edges = json.loads(capsys.readouterr().out)["edges"]
    assert [(e["source"], e["target"], e["data"]) for e in edges] == [
        ("template/Mail", "template/Mail@logs", ["pii.email"]),
        ("template/Orders", "template@callers:user/ann", []),
    ]


def test_a_scan_without_records_says_nothing_of_them(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    observed = ["scan", str(folder), "--observed", str(folder)]
    run(["scan", str(folder)])
    before = capsys.readouterr().out
    run(observed)
    capsys.readouterr()
    run(["scan", str(folder)])

    assert capsys.readouterr().out == before
    assert "Observed" not in before


def test_records_never_enter_the_lock(folder: Path) -> None:
    run(["init", str(folder)])
    lock = (folder / "checkrein.lock").read_text()
    (folder / "Mail.log").unlink()
    (folder / "trail.json").unlink()
    (folder / "checkrein.lock").unlink()
    (folder / "checkrein.yaml").unlink(missing_ok=True)
    run(["init", str(folder)])

    assert (folder / "checkrein.lock").read_text() == lock


def test_what_is_not_there_is_wrong_usage(folder: Path) -> None:
    assert run(["scan", str(folder), "--observed", str(folder / "none")]) == 2


def trace(folder: Path, operation: str) -> Path:
    asked = {"operation": operation, "table_name": "shop-Orders-1ABCDEFGHIJKL"}
    call = {"id": "2", "name": "DynamoDB", "namespace": "aws", "start_time": 1, "aws": asked}
    name = "shop-SaveOrderOfCustomer-1ABCDEFGHIJKL"
    (folder / "trace.json").write_text(
        json.dumps({"id": "1", "name": name, "start_time": 1, "subsegments": [call]})
    )
    return folder / "trace.json"


def found(folder: Path, records: Path, capsys: pytest.CaptureFixture[str]) -> set[str]:
    """Return the checks that fail with some records and not without."""
    outcomes = []
    for told in ([], ["--observed", str(records)]):
        capsys.readouterr()
        run(["scan", str(folder), "--format", "json", "--no-cache", *told])
        verdicts = json.loads(capsys.readouterr().out)["verdicts"]
        outcomes.append({v["check"] for v in verdicts if v["outcome"] == "fail"})
    return outcomes[1] - outcomes[0]


def test_what_the_lock_means_is_no_incident(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["init", str(folder)])
    records = trace(folder, "Scan")
    assert found(folder, records, capsys) == {"call-not-in-code"}

    lock = folder / "checkrein.lock"
    before = "template/Orders: dynamodb:PutItem"
    lock.write_text(lock.read_text().replace(before, f"{before}, dynamodb:Scan"))
    assert found(folder, records, capsys) == set()
    assert found(folder, trace(folder, "PutItem"), capsys) == set()


def test_with_a_lock_a_store_is_meant_for_what_it_says(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "Orders.json").write_text(
        json.dumps({"Items": [{"phone": {"S": "+49 170 1234567"}}]})
    )
    assert found(folder, folder / "Orders.json", capsys) == {"data-seen-beyond-intent"}

    run(["init", str(folder)])
    assert found(folder, folder / "Orders.json", capsys) == {"data-seen-beyond-intent"}
    (folder / "checkrein.yaml").write_text("resources: {Orders: {holds: [pii.email, pii.phone]}}")
    assert found(folder, folder / "Orders.json", capsys) == set()


def test_what_needs_no_credentials_is_done_by_nobody(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    who = {"type": "AWSAccount", "principalId": "", "accountId": "anonymous"}
    (folder / "trail.json").write_text(json.dumps({"Records": [TRAIL | {"userIdentity": who}]}))
    words = ["--observed", str(folder), "--all", "--no-cache"]
    run(["scan", str(folder), *words])
    run(["explain", "Orders", "--in", str(folder), *words])
    told = " ".join(capsys.readouterr().out.split())

    assert "somebody without credentials read Orders (" in told
    assert "somebody without credentials called dynamodb:Scan on Orders" in told


def test_without_incidents_no_note_tells_of_any(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "trail.json").unlink()
    (folder / "Mail.log").write_text("sent\n")
    run(["scan", str(folder), "--observed", str(folder / "Mail.log"), "--all", "--no-cache"])

    assert "not meant to happen" not in capsys.readouterr().out


def test_every_check_of_records_is_among_the_incidents() -> None:
    folder = Path(checks.__file__).parent
    of_records = [
        each.stem.replace("_", "-")
        for each in folder.glob("*/*.py")
        if "checks.happened import" in each.read_text()
    ]

    assert sorted(of_records) == sorted(INCIDENTS)
