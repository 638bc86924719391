"""The proof that a changed policy still allows what is needed, and that no less would do."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from checkrein import pipeline
from checkrein.compare.least.doubts import Doubts
from checkrein.compare.least.files import Files
from checkrein.compare.least.proof import refused
from checkrein.compare.least.rights import Role
from checkrein.compare.least.scene import Scene
from checkrein.iam import Policy
from checkrein.model import Grant
from checkrein.pipeline import alternatives

CALLS = {
    "dynamodb.get_item(TableName=env['{}'], Key={{}})": ("ORDERS", "USERS"),
    "dynamodb.put_item(TableName=env['{}'], Item={{}})": ("ORDERS", "USERS"),
    "dynamodb.query(TableName=env['{}'], IndexName='day')": ("ORDERS", "USERS"),
    "s3.get_object(Bucket=env['{}'], Key=event['key'])": ("FILES", "PHOTOS"),
    "s3.put_object(Bucket=env['{}'], Key='in/' + event['key'], Body='')": ("FILES", "PHOTOS"),
    "s3.list_objects_v2(Bucket=env['{}'])": ("FILES", "PHOTOS"),
    "sqs.send_message(QueueUrl=env['{}'], MessageBody='')": ("JOBS", "MAILS"),
    "sqs.receive_message(QueueUrl=env['{}'])": ("JOBS", "MAILS"),
}
EVERY = [call.format(name) for call, names in CALLS.items() for name in names]
OPEN = "dynamodb.scan(TableName=event['table'])"
# What is needed only where a table outside has a key of its own, or only better to have.
MAY_BE = {"kms:Decrypt", "kms:GenerateDataKey", "s3:ListBucket", "s3:AbortMultipartUpload"}
TEMPLATE = """
Resources:
  Orders: {{Type: AWS::DynamoDB::Table}}
  Users: {{Type: AWS::DynamoDB::Table, Properties: {{TableName: users}}}}
  Files: {{Type: AWS::S3::Bucket}}
  Photos: {{Type: AWS::S3::Bucket}}
  Jobs: {{Type: AWS::SQS::Queue}}
  Mails: {{Type: AWS::SQS::Queue}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{}}
{policies}
  Work:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Environment:
        Variables:
          ORDERS: !Ref Orders
          USERS: !Ref Users
          FILES: !Ref Files
          PHOTOS: !Ref Photos
          JOBS: !Ref Jobs
          MAILS: !Ref Mails
      Code:
        ZipFile: |
          import boto3, os
          env = os.environ
          dynamodb, s3, sqs = (boto3.client(name) for name in ("dynamodb", "s3", "sqs"))
          def handler(event, context):
              dynamodb, s3, sqs = boto3.client("dynamodb"), boto3.client("s3"), boto3.client("sqs")
              {code}
"""
ADMIN = "      ManagedPolicyArns: [arn:aws:iam::aws:policy/AdministratorAccess]"
LOGS = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"


def template(policies: str, *calls: str) -> str:
    return TEMPLATE.format(policies=policies, code=("\n" + " " * 14).join(calls or ("pass",)))


def inline(*statements: str) -> str:
    document = f"{{Statement: [{', '.join(statements)}]}}"
    return f"""      ManagedPolicyArns: [{LOGS}]
      Policies: [{{PolicyName: p, PolicyDocument: {document}}}]"""


@settings(max_examples=25, deadline=None)
@given(st.sets(st.sampled_from([*EVERY, OPEN]), min_size=1, max_size=6))
def test_the_policy_allows_every_need_and_nothing_less_would(calls: set[str]) -> None:
    asked = sorted(calls)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "app.yaml")
        file.write_text(template(ADMIN, *asked))
        found = alternatives.least((Path(folder),))
        alternatives.apply(found.root, found.edits)
        again = alternatives.least((Path(folder),))
        assert (again.edits, [one.excess or one.missing for one in again.leasts]) == ((), [()])
        scene = Scene(again.app)

    atoms = [atom for atom in scene.atoms(["app/Work"]) if atom.need.cause in {"call", "log"}]
    assert len(atoms) > len(asked)
    assert all(scene.decide("app/Role", atom).must for atom in atoms)
    for smaller in _with_one_action_less(scene.grants("app/Role")):
        statements = [scene.statement(grant, {}) for grant in smaller]
        policy = Policy(statements, scene.symbols, scene.matcher)
        assert not all(policy.decide(atom.action, atom.arn).must for atom in atoms)


def _with_one_action_less(grants: list[Grant]) -> Iterator[list[Grant]]:
    for number, grant in enumerate(grants):
        for action in grant.actions:
            if action not in MAY_BE:
                rest = tuple(other for other in grant.actions if other != action)
                less = [replace(grant, actions=rest)] if rest else []
                yield [*grants[:number], *less, *grants[number + 1 :]]


def scene_of(folder: Path, text: str) -> Scene:
    (folder / "app.yaml").write_text(text)
    return Scene(pipeline.scan((folder,)).app)


GET = "dynamodb.get_item(TableName=env['ORDERS'], Key={})"
ALLOWED = "{Effect: Allow, Action: dynamodb:GetItem, Resource: !GetAtt Orders.Arn}"


@pytest.mark.parametrize(
    ("after", "why"),
    [
        pytest.param(inline(ALLOWED), "", id="as it was"),
        pytest.param(
            inline(ALLOWED.replace("GetItem", "GetItems")),
            "the engine finds that dynamodb:GetItem on app/Orders would be lost",
            id="another action",
        ),
        pytest.param(
            inline(ALLOWED.replace("Orders", "Users")),
            "the engine finds that dynamodb:GetItem on app/Orders would be lost",
            id="another table",
        ),
        pytest.param(
            inline(ALLOWED.replace("}", ", Condition: {StringEquals: {aws:SourceVpc: v}}}")),
            "the engine finds that dynamodb:GetItem on app/Orders would be lost",
            id="under a condition",
        ),
        pytest.param(
            inline(ALLOWED, ALLOWED.replace("Allow", "Deny")),
            "the engine finds that dynamodb:GetItem on app/Orders would be lost",
            id="denied",
        ),
        pytest.param(
            inline(ALLOWED, ALLOWED.replace("Orders", "Work")),
            "the resources Role, Work would need each other to be there first",
            id="a circle",
        ),
    ],
)
def test_a_wrong_policy_is_refused(tmp_path: Path, after: str, why: str) -> None:
    before = scene_of(tmp_path, template(inline(ALLOWED), GET))
    changed = scene_of(tmp_path, template(after, GET))
    role = Role(before, Doubts(before), "app/Role")
    found = refused(before, changed, [role], Files(tmp_path, before.app))

    assert found.get("app/Role", "") == why


def test_a_template_that_reads_no_more_is_refused(tmp_path: Path) -> None:
    before = scene_of(tmp_path, template(inline(ALLOWED), GET))
    changed = scene_of(tmp_path, "Resources: {Orders: {Type: AWS::DynamoDB::Table}}")
    role = Role(before, Doubts(before), "app/Role")
    found = refused(before, changed, [role], Files(tmp_path, before.app))

    assert "app/Work would be gone" in found["app/Role"]
