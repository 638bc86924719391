"""The published schema of the JSON report: what is written keeps to it, and it forbids something."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from checkrein.cli import run as command
from checkrein.model.result import Result
from checkrein.report.json import document
from checkrein.report.schema import schema
from tests.report.application import SECRET

PUBLISHED = Path(__file__).parents[2] / "docs" / "schema" / "scan.schema.json"
VALIDATOR = jsonschema.Draft202012Validator(json.loads(schema()))


def test_what_is_published_is_what_the_types_say(
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    assert command(["schema"]) == 0
    told = capsysbinary.readouterr().out
    assert PUBLISHED.read_bytes() == told  # else: checkrein schema > docs/schema/scan.schema.json
    VALIDATOR.check_schema(json.loads(told))


def test_what_is_written_is_valid(result: Result) -> None:
    for facts in (False, True):
        content = json.loads(document(result, facts=facts))
        assert [error.message for error in VALIDATOR.iter_errors(content)] == []
        assert ("facts" in content) is facts


def test_facts_tell_no_secret(result: Result) -> None:
    text = document(result, facts=True).decode()

    assert '"DB_PASSWORD": "******************"' in text
    assert SECRET not in text


def broken(content: dict[str, Any]) -> list[dict[str, Any]]:
    verdict, row = content["verdicts"][0], content["table"][0]
    return [
        {**content, "schema": 2},
        {name: value for name, value in content.items() if name != "unread"},
        {**content, "verdicts": [{**verdict, "severity": "terrible"}]},
        {**content, "verdicts": [{**verdict, "findings": [{"message": "no place"}]}]},
        {**content, "table": [{**row, "risk": 4}]},
        {**content, "table": [{**row, "coded": "pii.email"}]},
    ]


def test_what_is_broken_is_not(result: Result) -> None:
    for content in broken(json.loads(document(result))):
        assert not VALIDATOR.is_valid(content)
