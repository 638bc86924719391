"""A function is read alike in every run, whatever order Python gives its sets."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

NAMES = [f"kind{number}" for number in range(15)]
MANY = f"""
TABLE = {{{", ".join(f'"{name}": {{"send": SENDERS["{name}"]}}' for name in NAMES)}}}

def handler(event, context):
    key = random.choice({NAMES})
    TABLE[key]["send"](event["b"])
"""
SENDERS = f"""import random, boto3
queue = boto3.client("sqs")
{"".join(f'def {name}(x): queue.send_message(QueueUrl="{name}", MessageBody=x){chr(10)}' for name in NAMES)}
SENDERS = {{{", ".join(f'"{name}": {name}' for name in NAMES)}}}
"""
TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Run:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.14, Handler: app.handler, CodeUri: .}
"""


def test_what_one_of_many_functions_does_is_told_alike_for_every_seed(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "app.py").write_text(SENDERS + MANY)
    command = [sys.executable, "-m", "checkrein", "scan", str(tmp_path), "--no-cache"]
    told = {
        subprocess.run(
            [*command, "--facts", "--format", "json"],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=False,
        ).stdout
        for seed in "12"
    }
    assert len(told) == 1
    assert b"SendMessage" in told.pop()
