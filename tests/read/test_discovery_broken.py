"""What calls itself YAML and is none is said, even where nothing shows it to be a template."""

from pathlib import Path

import pytest

from checkrein.read.discovery import find_templates


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("a: [1\n", ["this is not valid YAML (line 2): did not find expected ',' or ']'"]),
        ("a: 1\n", []),
        ("a: {{ .Values.name }}\nb: [\n", []),
        ("a: \x01\n", ["this is not valid YAML: it holds characters that no text has"]),
    ],
    ids=["broken", "sound", "filled in by a tool", "control characters"],
)
def test_broken_yaml(tmp_path: Path, text: str, reasons: list[str]) -> None:
    (tmp_path / "some.yaml").write_text(text)

    found, lost = find_templates(tmp_path)

    assert (found, [unread.reason for unread in lost]) == ([], reasons)
