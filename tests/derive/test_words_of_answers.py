"""What an answer says in words of the program is nobody's data, whatever its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline
from checkrein.model import Row

TEMPLATE = """Transform: AWS::Serverless-2016-10-31
Resources:
  CreateCard:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import json
        def handler(event, context):
            said = json.loads(event["body"])
            return {"statusCode": 400, "body": json.dumps({"code": CODE})}
      Events: {Post: {Type: HttpApi, Properties: {Path: /cards, Method: post}}}
"""


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ('"INVALID_REQUEST"', False),
        ('"A" if said["a"] else "B"', False),
        ('said["x"]', True),
        ('"no " + said["x"]', True),
    ],
)
def test_only_what_comes_from_somewhere_is_data(
    tmp_path: Path, code: str, *, expected: bool
) -> None:
    (tmp_path / "template.yaml").write_text(TEMPLATE.replace("CODE", code))
    app = pipeline.learn((tmp_path,), lambda _: None).app
    coded = {data for row in app.every(Row) for data in (*row.coded, *row.intended)}
    assert ("pay.cvv" in coded) is expected
