"""What would change: statements, triggers and settings tried on the model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from checkrein.cli import run

WILD_RYDES = Path(__file__).parents[2] / "examples/wild-rydes"


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert run(["whatif", *words, "--in", str(WILD_RYDES), "--format", "json"]) == 0
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def added(document: dict[str, Any], part: str) -> list[str]:
    return [f"{line['owner']} {line['key']}" for line in document[part]["added"]]


def gone(document: dict[str, Any], part: str) -> list[str]:
    return [f"{line['owner']} {line['key']}" for line in document[part]["removed"]]


def test_a_right_to_write_the_site(capsys: pytest.CaptureFixture[str]) -> None:
    found = asked(capsys, "--allow", "RequestRide", "s3:PutObject", "Website/*")
    assert "template/RequestRideRole site/Website write" in added(found, "access")
    (row,) = [row for row in found["table"] if row["resource"] == "site/Website"]
    more = set(row["after"]["potential"]["direct"]) - set(row["before"]["potential"]["direct"])
    assert {"cred.token", "pii.email", "pay.pan"} <= more
    assert found["breaks"] == []


def test_a_right_that_goes_and_one_that_code_needs(capsys: pytest.CaptureFixture[str]) -> None:
    found = asked(capsys, "--revoke", "RequestRide", "dynamodb:Scan,dynamodb:PutItem", "Rides")
    assert [each["text"] for each in found["breaks"]] == [
        "RequestRide needs dynamodb:PutItem on Rides"
    ]


def test_a_denial_stands_in_where_a_statement_is_about_more(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = asked(capsys, "--revoke", "SettingsWriter", "cognito-idp:DeleteUserPool", "UserPool")
    assert gone(found, "access") == []  # it may still do so to every other pool
    assert [line["kind"] for line in found["access"]["added"]] == ["denial"]


def test_what_is_left_of_a_pattern_stays(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--allow", "Charge", "sqs:*", "FailedPayments", "--revoke", "Charge", "sqs:Send*")
    rights = {key.rpartition(" ")[2] for key in added(asked(capsys, *words), "access")}
    assert "write" not in rights
    assert {"delete", "configure"} <= rights


def test_a_setting_closes_the_site(capsys: pytest.CaptureFixture[str]) -> None:
    setting = "Website.PublicAccessBlockConfiguration.BlockPublicPolicy=true"
    found = asked(capsys, "--set", setting)
    assert gone(found, "access") == ["site@anyone site/Website read"]


def test_triggers_come_and_go(capsys: pytest.CaptureFixture[str]) -> None:
    found = asked(capsys, "--no-trigger", "Payments", "Charge", "--trigger", "Payments", "ShowRide")
    assert added(found, "entries") == ["template/ShowRide queue template/Payments"]
    assert gone(found, "entries") == ["template/Charge queue template/Payments"]


def test_a_resource_goes_with_all_that_speaks_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    found = asked(capsys, "--remove", "Payments")
    assert added(found, "entries") == []
    assert added(found, "access") == []
    assert [row["resource"] for row in found["table"] if row["after"] is None] == [
        "template/Payments"
    ]


def test_changes_are_made_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    found = asked(
        capsys,
        *("--allow", "Charge", "s3:PutObject", "Website", "--revoke", "Charge", "s3:*", "Website"),
    )
    assert (found["access"], found["table"]) == ({"added": [], "removed": []}, [])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "say what to change"),
        (["--alow", "A", "b", "C"], "did you mean --allow?"),
        (["Charge"], "Charge stands alone"),
        (["--allow", "Charge"], "--allow lacks ACTIONS; write --allow WHO ACTIONS RESOURCE"),
        (["--allow", "Charg", "s3:GetObject", "Website"], "did you mean Charge"),
        (["--allow", "Charge", "s3:GetObjet", "Website"], "did you mean s3:GetObject"),
        (["--revoke", "Charge", "s3:GetObject"], "there is nothing to revoke"),
        (["--set", "Website.WebsitConfiguration=1"], "did you mean WebsiteConfiguration"),
        (["--set", "Website"], "gives no value"),
        (["--unset", "Website.BucketNam"], "it has BucketName"),
        (["--unset", "Website"], "names no property"),
        (["--trigger", "UserPool", "Charge"], "can set off no function by itself"),
        (["--no-trigger", "Website", "Charge"], "Website does not set off Charge; Payments does"),
        (["--remove", "@internet"], "stands in no template"),
    ],
)
def test_wrong_words(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["whatif", *words, "--in", str(WILD_RYDES)]) == 2
    assert said in capsys.readouterr().err


def test_the_text_ends_with_what_breaks(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["whatif", "--deny", "ShowRide", "dynamodb:*", "*", "--in", str(WILD_RYDES)]) == 0
    printed = capsys.readouterr().out
    assert "Breaks 1 right that code needs\n  ShowRide needs dynamodb:GetItem on Rides" in printed
