"""Where a CDK app's program writes the texts of what it makes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from checkrein.model import Place
from checkrein.read.cdk.literals import literals

PROGRAM = """\
const SHARED = { DATABASE_PASSWORD: 'open-sesame', "TABLE": `${name}` };
new lambda.Function(this, 'Orders', { environment: { ...SHARED, STAGE: "live" } });
new lambda.Function(this, 'Mails', { environment: { STAGE: "live", MODE: 'fast' } });
new apigateway.Stage(this, 'Stage', { stageName: 'beta', description: 'it\\'s' });
other.MODE = "slow"; x.stageName = no; 'MODE': "even";
bucket = s3.Bucket(self, "Photos", bucket_name="shop-photos")
"""


def line(number: int, text: str) -> Place:
    start = PROGRAM.split("\n")[number - 1].index(text) + 1
    return Place("app.ts", number, start, number, start + len(text))


@pytest.mark.parametrize(
    ("properties", "found"),
    [
        (
            {"Environment": {"Variables": {"DATABASE_PASSWORD": "open-sesame"}}},
            {("Environment", "Variables", "DATABASE_PASSWORD"): line(1, "'open-sesame'")},
        ),
        ({"StageName": "beta"}, {("StageName",): line(4, "'beta'")}),
        ({"BucketName": "shop-photos"}, {("BucketName",): line(6, '"shop-photos"')}),
        ({"A": [{"MODE": "even"}]}, {("A", 0, "MODE"): line(5, '"even"')}),
        ({"STAGE": "live"}, {}),  # two write it
        ({"MODE": "slow"}, {}),  # of another thing
        ({"MODE": "beta"}, {}),  # another name's
        ({"StageName": "no"}, {}),  # no text
        ({"TABLE": "orders"}, {}),  # computed
        ({"TABLE": {"Ref": "stageName"}, "Name": {"Fn::Sub": "beta"}}, {}),
        ({"DATABASE_PASSWORD": "another"}, {}),
        ({}, {}),
    ],
)
def test_a_text_is_found_where_it_stands_once_beside_its_name(
    properties: dict[str, Any], found: dict[tuple[str | int, ...], Place], tmp_path: Path
) -> None:
    (tmp_path / "app.ts").write_text(PROGRAM)
    assert literals(tmp_path, "app.ts", properties) == found


def test_a_file_that_is_not_there_writes_nothing(tmp_path: Path) -> None:
    assert literals(tmp_path, "app.ts", {"StageName": "beta"}) == {}
