"""What is mended in a service file stands there as its author would write it; what is only read is
said, with the line to change."""

from __future__ import annotations

import difflib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "shop"
CODE = Path(__file__).parent.parent / "read" / "cdk" / "shop"
MENDED = """\
-          - dynamodb:BatchWriteItem
-          - dynamodb:UpdateItem
-          - dynamodb:DeleteItem
-          - dynamodb:DescribeTable
-        Action: [sqs:SendMessage, sqs:GetQueueAttributes, sqs:ListQueueTags]
+        Action: [sqs:SendMessage]
-          - s3:PutObjectLegalHold
-          - s3:PutObjectRetention
-          - s3:PutObjectTagging
-          - s3:PutObjectVersionTagging
-          - sqs:ListQueueTags
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    for name in ("src", "mailer"):
        shutil.copytree(CODE / name, tmp_path / name)
    return tmp_path


def checkrein(*arguments: str, cwd: Path) -> str:
    command = [sys.executable, "-m", "checkrein", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False)
    assert done.stderr == ""
    return done.stdout


def test_statements_of_functions_are_mended_where_they_stand(shop: Path) -> None:
    before = (HERE / "serverless.yml").read_text()
    (shop / "serverless.yml").write_text(before)
    only = ("--check", "power-beyond-use", "--check", "unused-permission")

    checkrein("fix", "--unsafe", *only, cwd=shop)

    after = (shop / "serverless.yml").read_text()
    assert changed(before, after) == MENDED


def test_resources_of_a_service_are_mended_and_joined_by_more(shop: Path) -> None:
    shutil.copy(HERE / "serverless.yml", shop)

    checkrein("fix", cwd=shop)

    after = (shop / "serverless.yml").read_text()
    assert "          PointInTimeRecoveryEnabled: true\n" in after
    assert "    PlacedTlsOnly:\n      Type: AWS::SQS::QueuePolicy\n" in after
    assert "Nothing mended" in checkrein("fix", "--dry-run", cwd=shop)


def test_what_a_variable_brings_is_not_written_over(shop: Path) -> None:
    whole = (HERE / "serverless.yml").read_text()
    start, end = whole.index("      - Effect"), whole.index("    events:")
    statements = whole[start:end].replace("      - ", "- ").replace("        ", "  ")
    (shop / "rights.yml").write_text(statements)
    (shop / "serverless.yml").write_text(
        whole[:start] + "      ${file(rights.yml)}\n" + whole[end:]
    )

    told = checkrein("fix", "--unsafe", "--dry-run", "--check", "power-beyond-use", cwd=shop)

    assert "checkrein does not write Serverless Framework there" in told
    assert "change rights.yml, line 2" in told


IN_TERRAFORM = """\
-      "dynamodb:BatchWriteItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem",
-      "dynamodb:DescribeTable",
+      "dynamodb:PutItem",
-    actions   = ["sqs:SendMessage", "sqs:GetQueueAttributes", "sqs:ListQueueTags"]
+    actions   = ["sqs:SendMessage"]
-          "s3:PutObject", "s3:PutObjectLegalHold", "s3:PutObjectRetention", "s3:PutObjectTagging",
-          "s3:PutObjectVersionTagging", "s3:Abort*",
+          "s3:PutObject", "s3:Abort*",
-          "sqs:ReceiveMessage", "sqs:ChangeMessageVisibility", "sqs:ListQueueTags", "sqs:DeleteMessage",
+          "sqs:ReceiveMessage", "sqs:ChangeMessageVisibility", "sqs:DeleteMessage",
"""


def changed(before: str, after: str) -> str:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return "".join(f"{line}\n" for line in lines if not line.startswith(("---", "+++", "@@")))


def test_lists_in_terraform_lose_what_is_not_used(shop: Path) -> None:
    shutil.copy(HERE / "main.tf", shop)
    only = ("--check", "power-beyond-use", "--check", "unused-permission")

    checkrein("fix", "--unsafe", *only, cwd=shop)

    assert changed((HERE / "main.tf").read_text(), (shop / "main.tf").read_text()) == IN_TERRAFORM


def test_what_a_loop_gives_in_terraform_is_not_written_over(shop: Path) -> None:
    before = (HERE / "main.tf").read_text()
    loop = '[for action in local.actions : "sqs:${action}"]'
    listed = '["sqs:SendMessage", "sqs:GetQueueAttributes", "sqs:ListQueueTags"]'
    assert listed in before
    actions = 'locals {\n  actions = ["SendMessage", "GetQueueAttributes", "ListQueueTags"]\n'
    (shop / "main.tf").write_text(before.replace(listed, loop).replace("locals {\n", actions, 1))

    checkrein("fix", "--unsafe", cwd=shop)

    assert loop in (shop / "main.tf").read_text()


ADDED = """\
+  point_in_time_recovery {
+    enabled = true
+  }
+
+
+resource "aws_sqs_queue_policy" "Placed_tls_only" {
+  queue_url = aws_sqs_queue.Placed.url
+  policy = jsonencode({
+    Version = "2012-10-17"
+    Statement = [{
+      Effect    = "Deny"
+      Principal = "*"
+      Action    = "sqs:*"
+      Resource  = aws_sqs_queue.Placed.arn
+      Condition = {
+        Bool = {
+          "aws:SecureTransport" = "false"
+        }
+      }
+    }]
+  })
+}
+
+resource "aws_s3_bucket_versioning" "Archive" {
+  bucket = aws_s3_bucket.Archive.id
+
+  versioning_configuration {
+    status = "Enabled"
+  }
+}
"""


def test_blocks_and_resources_come_into_terraform(shop: Path) -> None:
    shutil.copy(HERE / "main.tf", shop)

    checkrein("fix", cwd=shop)

    assert changed((HERE / "main.tf").read_text(), (shop / "main.tf").read_text()) == ADDED
    assert "Nothing mended" in checkrein("fix", "--dry-run", cwd=shop)
