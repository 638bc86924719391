"""State that is kept between invocations: of very many fields less is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline

TEMPLATE = """Transform: AWS::Serverless-2016-10-31
Resources:
  Keep:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: app.handler
      CodeUri: .
      Events: {Asked: {Type: HttpApi, Properties: {Method: post, Path: /keep}}}
"""


@pytest.mark.parametrize(("more", "severity"), [(0, "high"), (8, "medium")])
def test_what_was_not_told_apart_weighs_less(tmp_path: Path, more: int, severity: str) -> None:
    fields = ("email", *(f"field{number}" for number in range(more)))
    kept = ", ".join(f'"{name}": body["{name}"]' for name in fields)
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "app.py").write_text(
        "import json\nnotices = []\ndef handler(event, context):\n"
        f'    body = json.loads(event["body"])\n    notices.append({{{kept}}})\n'
        '    return {"statusCode": 200, "body": json.dumps(notices)}\n'
    )

    verdicts = pipeline.scan((tmp_path,)).verdicts

    found = [v for v in verdicts if v.check == "kept-between-invocations" and v.findings]
    assert [str(each.severity) for each in found] == [severity]
