"""Templates that nest each other across folders, read on all cores."""

from pathlib import Path

from checkrein.model import Stack
from checkrein.pipeline import scan
from checkrein.pipeline.reading import MANY

PARENT = """
Resources:
  Child: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ../parts/child.yaml}}
"""
LEAF = "Resources: {Topic: {Type: AWS::SNS::Topic}}\n"


def test_a_nested_template_is_never_a_root_too(tmp_path: Path) -> None:
    for folder in ("app", "parts", *(f"other{n}" for n in range(MANY))):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "child.yaml").write_text(LEAF)
    (tmp_path / "app" / "child.yaml").unlink()
    (tmp_path / "app" / "main.yaml").write_text(PARENT)

    stacks = {stack.id for stack in scan([tmp_path]).app.every(Stack)}

    assert stacks == {"app/main", "app/main/Child", *(f"other{n}/child" for n in range(MANY))}
