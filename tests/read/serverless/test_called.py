"""What a service's resources are called: as the team writes them, not as the framework spells them."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.checks import load
from checkrein.judge import judge
from checkrein.model import Resource, Unread
from checkrein.pipeline import learn

SERVICE = """\
service: desk
provider:
  name: aws
  runtime: nodejs22.x
plugins: [serverless-iam-roles-per-function, serverless-step-functions]
functions:
  read-mail:
    handler: mail.handler
    iamRoleStatements: [{Effect: Allow, Action: 's3:GetObject', Resource: '*'}]
    events:
      - sns: new-mail
      - s3: {bucket: letters, existing: true}
  keys: {handler: keys.handler}
stepFunctions:
  stateMachines:
    sort:
      definition:
        StartAt: Read
        States: {Read: {Type: Task, Resource: !GetAtt ReadDashmailLambdaFunction.Arn, End: true}}
resources:
  Resources:
    keys: {Type: 'AWS::SQS::Queue'}
    ReadDashmailLogGroup: {Properties: {RetentionInDays: 3}}
  Outputs:
    Reader: {Value: !Ref ReadDashmailLambdaFunction}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "serverless.yml").write_text(SERVICE)
    for name in ("mail", "keys"):
        (tmp_path / f"{name}.js").write_text("exports.handler = async () => 1\n")
    return tmp_path


def test_resources_go_by_the_names_that_the_team_gave(folder: Path) -> None:
    found = {each.name: each for each in learn([folder]).app.every(Resource)}

    assert {each.logical: name for name, each in found.items() if each.logical} == {
        "ReadDashmailLambdaFunction": "read-mail",
        "ReadDashmailLogGroup": "read-mailLogGroup",
        "ReadDashmailIamRoleLambdaExecution": "read-mailIamRoleLambdaExecution",
        "KeysLogGroup": "keysLogGroup",
        "SNSTopicNewmail": "new-mail",
        "SortStepFunctionsStateMachine": "sort",
        "CustomDashresourceDashexistingDashs3LambdaFunction": "custom-resource-existing-s3",
    }
    assert found["KeysLambdaFunction"].logical == ""  # `keys` is a queue's name
    assert found["read-mailLogGroup"]["RetentionInDays"] == 3
    assert (
        str(found["read-mail"].value("Role")) == "${serverless/read-mailIamRoleLambdaExecution.Arn}"
    )
    assert found["read-mail"].place.line == 7


def test_a_framework_s_own_function_is_nobody_s_to_mend(folder: Path) -> None:
    app = learn([folder]).app
    own = "serverless/custom-resource-existing-s3"
    role = "IamRoleCustomResourcesLambdaExecution"

    told = [v for v in judge(app, load()) if v.outcome in ("fail", "undecided")]

    assert list(app.every(Unread)) == []
    assert {v.check for v in told if v.subject == own and v.persona == "regular"} == set()
    assert not [v for v in told if role in v.subject and v.check == "unused-permission"]
