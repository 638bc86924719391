"""The forms of a difference: JSON keeps to its schema, Markdown to a comment's limits."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from checkrein.cli import run
from checkrein.model import Evidence, Place
from checkrein.model.difference import Difference, Part, Point, Version
from checkrein.report.difference.markdown import document
from checkrein.report.difference.schema import schema
from tests.difference.conftest import PUT, WIDER, Ask, Write

PUBLISHED = Path(__file__).parents[2] / "docs" / "schema" / "diff.schema.json"
VALIDATOR = jsonschema.Draft202012Validator(json.loads(schema()))


def test_what_is_published_is_what_the_types_say(
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    assert run(["schema", "diff"]) == 0
    told = capsysbinary.readouterr().out
    assert (
        PUBLISHED.read_bytes() == told
    )  # else: checkrein schema diff > docs/schema/diff.schema.json
    VALIDATOR.check_schema(json.loads(told))


def test_json(write: Write, ask: Ask) -> None:
    folders = write("before"), write("after", (PUT, WIDER))
    _, said, _ = ask(*folders, "--format", "json")
    found = json.loads(said)

    assert [error.message for error in VALIDATOR.iter_errors(found)] == []
    (row,) = [row for row in found["table"] if row["resource"] == "template/Photos"]
    assert row["before"] == {
        "intended": [], "coded": [], "potential": {}, "risk": 1,
    }  # fmt: skip
    assert "pay.pan" in row["after"]["potential"]["direct"]
    (right,) = found["access"]["added"]
    assert (right["owner"], right["key"], right["values"]) == (
        "template/OrderRole", "template/Photos write", ["s3:PutObject"],
    )  # fmt: skip
    assert right["because"][0]["place"]["line"] == 38
    assert found["access"]["removed"] == found["flows"]["added"] == found["entries"]["added"] == []
    assert [each["check"] for each in found["findings"]["new"]] == [
        "potential-beyond-intent", "unused-permission",
    ]  # fmt: skip
    assert ask(*folders, "--format", "json")[1] == said


def test_markdown(write: Write, ask: Ask) -> None:
    before, after = write("before"), write("after", (PUT, WIDER))
    _, said, _ = ask(before, after, "--format", "markdown")

    lines = said.splitlines()
    assert lines[0] == (
        "## checkrein: This change lets payment card number get into S3 Photos, "
        "which anyone may read."
    )
    assert "| | What | Because |" in lines
    assert "**New or worse findings**" in lines


HOSTILE = "a|b\n</details>@team <img src=x onerror=alert(1)> [x](http://x) `c` ${{ secrets.X }}"


def many(number: int) -> Difference:
    points = tuple(
        Point(
            mark="+", part=Part.ACCESS, widens=True, weight=5, subject="x", head=HOSTILE,
            text=HOSTILE, note=HOSTILE, cause=(Evidence(HOSTILE, Place(f"{place}|.yaml", 1)),),
        )
        for place in range(number)
    )  # fmt: skip
    return Difference(Version(HOSTILE), Version("b"), HOSTILE, points, notes=(HOSTILE,))


def test_markdown_of_hostile_names() -> None:
    said = document(many(3), everything=True).decode()

    bare = said.replace("\\<", "").replace("\\]", "")
    assert "<img" not in bare
    assert "](http" not in bare
    assert "@team" not in said
    assert bare.count("</details>") == 1
    assert all(line.count(" | ") == 2 for line in said.splitlines() if line.startswith("| `+`"))


def test_markdown_fits_a_comment() -> None:
    said = document(many(2000), everything=True)

    assert len(said) < 65_536
    assert b"changes more: `checkrein diff --all`" in said


def test_markdown_names_what_terraform_declares_in_short() -> None:
    place = Place("infra/aws_sqs_queue.tf", 7, 1, 7, 9)
    role = "module.jobs.aws_iam_role.runner"
    points = tuple(
        Point(
            *("+", Part.ACCESS, True, 5.0, role),
            head=role,
            text=f"may read aws_s3_bucket.{name}",
            note="new",
            cause=(Evidence(f"{role} allows s3:GetObject", place),),
        )
        for name in ("inbox", "outbox")
    )
    said = document(
        Difference(Version("a"), Version("b"), text="x", points=points), everything=False
    ).decode()

    assert "| `+` | **jobs.runner** may read inbox (new) | jobs.runner allows s3:GetObject " in said
    assert "(infra/aws\\_sqs\\_queue.tf:7) |" in said
    assert "| `+` | **jobs.runner** may read outbox | ″ |" in said
