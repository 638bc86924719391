"""What must not be called a fault where code stands in files: what is missing, what runs beside."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline

TEMPLATE = """Transform: AWS::Serverless-2016-10-31
Resources:
  Tools: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: tools}}
  Reader:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs24.x
      Handler: app.handler
      CodeUri: code
      Layers: [!Ref Tools]
      Policies: [{Statement: [{Effect: Allow, Action: [ACTIONS], Resource: "*"}]}]
"""
CLIENT = """const { SQSClient, WHAT } = require("@aws-sdk/client-sqs");
exports.handler = async (event) => new SQSClient().send(SENT);
"""


def said(folder: Path, files: dict[str, str], actions: str = "sqs:PurgeQueue") -> list[str]:
    """Return, of unused permissions, what is told or why nothing can be."""
    files = {"template.yaml": TEMPLATE.replace("ACTIONS", actions), **files}
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    found = [v for v in pipeline.scan((folder,)).verdicts if v.check == "unused-permission"]
    told = [finding.message for verdict in found for finding in verdict.findings]
    return [*told, *(verdict.reason for verdict in found if verdict.outcome == "undecided")]


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        (
            {"code/app.js": 'exports.handler = require("./work")'},
            "imports ./work, which is not here",
        ),
        (
            {"code/app.js": 'require("/opt/a"); exports.handler = () => 1'},
            "imports /opt/a, which is not here",
        ),
        (
            {"code/app.js": "exports.handler = () => 1", "tools/extensions/ship": "#!"},
            "runs beside the extensions in tools",
        ),
        (
            {"code/app.js": CLIENT.replace("WHAT", "a").replace("SENT", "event.command")},
            "chooses what it calls of sqs",
        ),
    ],
)
def test_what_is_not_seen_is_undecided(files: dict[str, str], reason: str, tmp_path: Path) -> None:
    found = said(tmp_path, files)

    assert any(one.endswith(reason) for one in found), found


def test_data_and_types_beside_the_code_are_no_code(tmp_path: Path) -> None:
    code = (
        'const rides = require("./rides"); import { Ride } from "./ride"; exports.handler = () => 1'
    )
    files = {"code/app.js": code, "code/rides.json": "[]", "code/ride.d.ts": "export type Ride = 1"}

    assert said(tmp_path, files) == ["Reader never uses sqs:PurgeQueue"]


def test_a_command_that_no_model_holds_uses_the_right_of_its_name(tmp_path: Path) -> None:
    code = CLIENT.replace("WHAT", "DanceCommand").replace("SENT", "new DanceCommand({})")
    found = said(tmp_path, {"code/app.js": code}, "sqs:Dance, sqs:PurgeQueue, sqs:Purge*")

    assert found == ["Reader never uses sqs:PurgeQueue and sqs:Purge*"]


def test_what_a_connector_gives_cannot_be_had_in_smaller_pieces(tmp_path: Path) -> None:
    template = """Transform: AWS::Serverless-2016-10-31
Resources:
  Rides: {Type: AWS::Serverless::SimpleTable}
  Reader:
    Type: AWS::Serverless::Function
    Connectors: {ToRides: {Properties: {Destination: {Id: Rides}, Permissions: [Write]}}}
    Properties:
      Runtime: nodejs24.x
      Handler: app.handler
      CodeUri: code
      Environment: {Variables: {TABLE: !Ref Rides}}
"""
    code = """const { DynamoDBClient, PutItemCommand } = require("@aws-sdk/client-dynamodb");
const put = new PutItemCommand({ TableName: process.env.TABLE, Item: {} });
exports.handler = async () => DONE;
"""
    uses, rests = code.replace("DONE", "new DynamoDBClient().send(put)"), code.replace("DONE", "1")

    assert said(tmp_path, {"template.yaml": template, "code/app.js": uses}) == []
    assert said(tmp_path, {"template.yaml": template, "code/app.js": rests})
