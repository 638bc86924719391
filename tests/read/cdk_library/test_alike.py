"""Two CDK programs of one folder that make some stack alike: neither is a copy of the other."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline
from checkrein.model import Resource, Unread

PROGRAM = """import * as cdk from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as sqs from 'aws-cdk-lib/aws-sqs';
const app = new cdk.App();
const data = new cdk.Stack(app, 'Data');
new dynamodb.Table(data, 'Orders', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING } });
const rest = new cdk.Stack(app, 'Rest');
new sqs.Queue(rest, 'NAME');
"""


def _app(folder: Path, name: str) -> None:
    folder.mkdir()
    (folder / "cdk.json").write_text('{"app": "npx ts-node app.ts"}')
    (folder / "app.ts").write_text(PROGRAM.replace("NAME", name))


@pytest.mark.parametrize(("other", "tables"), [("Jobs", 1), ("Mails", 2)])
def test_only_a_program_whose_every_stack_is_another_ones_is_a_copy(
    tmp_path: Path, other: str, tables: int
) -> None:
    _app(tmp_path / "one", "Jobs")
    _app(tmp_path / "two", other)
    app = pipeline.learn((tmp_path,), lambda _: None).app
    found = [each for each in app.every(Resource) if each.type == "AWS::DynamoDB::Table"]
    assert len(found) == tables
    assert any("again" in each.reason for each in app.every(Unread)) is (tables == 1)
