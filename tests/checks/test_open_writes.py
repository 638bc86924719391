"""Writes that are open to anyone, to what holds no class of data that anybody knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline

POSTS = """Transform: AWS::Serverless-2016-10-31
Resources:
  Posts:
    Type: AWS::Serverless::SimpleTable
    Properties: {PrimaryKey: {Name: postId, Type: String}}
  Blog:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: app.handler
      CodeUri: .
      Policies: [DynamoDBCrudPolicy: {TableName: !Ref Posts}]
      Environment: {Variables: {POSTS: !Ref Posts}}
      Events:
        Posts: {Type: Api, Properties: {Path: /posts, Method: ANY}}
"""
CODE = """import boto3, json, os, uuid
posts = boto3.resource("dynamodb").Table(os.environ["POSTS"])
def handler(event, context):
    query = event["queryStringParameters"]
    KNOWN
    if event["httpMethod"] == "GET":
        ANSWERED
    if event["httpMethod"] == "PUT":
        posts.update_item(Key={"postId": CHOSEN}, UpdateExpression="SET title = :t",
                          ExpressionAttributeValues={":t": json.loads(event["body"])["title"]})
"""
READ, ASKED, OWN = 'return posts.scan()["Items"]', 'query["postId"]', "str(uuid.uuid4())"


@pytest.mark.parametrize(
    ("known", "answered", "chosen", "expected"),
    [
        ("", READ, ASKED, ["high"]),
        ("", "return {}", ASKED, []),  # nobody is known to rely on it
        ("posts.get_item(Key=query)", "return {}", ASKED, []),  # the write's own request reads it
        ("", READ, OWN, ["medium"]),  # nobody else's
    ],
)
def test_what_others_read_is_not_for_anyone_to_change(
    known: str, answered: str, chosen: str, expected: list[str], tmp_path: Path
) -> None:
    (tmp_path / "template.yaml").write_text(POSTS)
    code = CODE.replace("KNOWN", known or "pass")
    (tmp_path / "app.py").write_text(code.replace("ANSWERED", answered).replace("CHOSEN", chosen))

    verdicts = pipeline.scan((tmp_path,)).verdicts

    found = [v for v in verdicts if v.check == "unauthenticated-write" and v.findings]
    assert [str(verdict.severity) for verdict in found] == expected
