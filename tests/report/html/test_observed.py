"""The HTML report of an application of which records were read: its fourth view and column."""

from __future__ import annotations

import json
from pathlib import Path

from checkrein.cli import run
from tools.browser import Browser

TEMPLATE = """
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Save:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: save
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          import boto3
          def handler(event, context):
              boto3.client("dynamodb").put_item(TableName="orders", Item={"email": {"S": event["email"]}})
"""
TRAIL = {
    "eventSource": "dynamodb.amazonaws.com",
    "eventName": "Scan",
    "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/ann"},
    "requestParameters": {"tableName": "orders"},
}
EDGES = "[...document.querySelectorAll('.edges path:not(.off)')].length"
LINE = "to ada@at-home.org: a line that nobody may see"


def test_what_was_seen_has_a_view_a_column_and_reasons(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "save.log").write_text(f"{LINE}\n")
    (tmp_path / "trail.json").write_text(json.dumps({"Records": [TRAIL]}))
    file = tmp_path / "report.html"
    told = ["scan", str(tmp_path), "--format", f"html={file}", "--no-cache"]
    for record in ("save.log", "trail.json"):
        told += ["--observed", str(tmp_path / record)]
    run(told)
    browser.open(file)

    assert "at-home" not in file.read_text()
    assert browser.run("document.querySelector(\"[name=show][value='3']\").disabled") is False
    browser.run("document.querySelector(\"[name=show][value='3']\").click()")
    assert browser.run(EDGES) == 2
    browser.run("(() => { const less = document.querySelector('#less'); less.value = '1';"
                " less.dispatchEvent(new Event('change', {bubbles: true})) })()")  # fmt: skip
    assert browser.run(EDGES) == 2
    heads = "[...document.querySelectorAll('#table th[scope=col]')].map((e) => e.textContent)"
    assert browser.run(heads) == [
        "Service", "Intended", "Seen in code", "Could also hold", "Observed", "Risk",
    ]  # fmt: skip
    cell = "[...document.querySelectorAll('#table tr')].find((r) => r.textContent.includes('Logs')).cells[4]"
    assert browser.run(f"{cell}.textContent") == "personal"
    browser.run(f"{cell}.click()")
    assert "seen once (text), first at" in str(
        browser.run("document.querySelector('#panel').textContent")
    )
