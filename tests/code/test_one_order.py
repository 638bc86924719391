"""Code means the same in every process: what is cut off must not be chosen by a set's order."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sys
from pathlib import Path
from checkrein.pipeline.reading import read
for fact in read([Path(sys.argv[1])], lambda _: None).code:
    print(fact)
"""
TEMPLATE = """
Resources:
  Function:
    Type: AWS::Lambda::Function
    Properties: {Code: ./src, Handler: app.handler, Runtime: python3.12, Role: "arn:aws:iam::1:role/x"}
"""
KEYS = [f"k{number}" for number in range(16)]
CODE = f"""
def handler(event, context):
    kinds = {{{", ".join(f'"{key}": {{"v": event["{key}"]}}' for key in KEYS)}}}
    for key in {tuple(KEYS)}:
        print(kinds[key])
"""


def test_more_things_than_are_followed_are_the_same_ones_in_every_process(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "src" / "app.py").write_text(CODE)
    said = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM, str(tmp_path)],
            env={"PYTHONHASHSEED": seed, "CHECKREIN_CACHE": "off"},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("0", "1", "2")
    }

    assert len(said) == 1
    assert "event" in said.pop()
