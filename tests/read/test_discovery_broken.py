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


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{% for each in names %}\n- {{ each }}\n", []),
        ("{{ head }}\nAWSTemplateFormatVersion: 2010-09-09\nResources: [\n", ["a-template.yml"]),
        ("- name: [\n", ["a-template.yml"]),
    ],
    ids=["another tool's", "a template all the same", "broken"],
)
def test_what_is_called_a_template(tmp_path: Path, text: str, found: list[str]) -> None:
    (tmp_path / "a-template.yml").write_text(text)

    assert find_templates(tmp_path) == (found, [])


def test_links_that_lead_back_or_nowhere(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "up").symlink_to(tmp_path)
    (tmp_path / "self.yaml").symlink_to("self.yaml")
    (tmp_path / "gone.yaml").symlink_to("missing.yaml")
    (tmp_path / "notes").symlink_to("missing")

    found, lost = find_templates(tmp_path)

    assert found == []
    assert [(unread.path, unread.reason) for unread in lost] == [
        ("gone.yaml", "the link leads nowhere"),
        ("self.yaml", "the link leads to itself"),
        ("sub/up", "the link leads back to a folder that it stands in"),
    ]


def test_broken_yaml_far_from_any_template_is_a_remark(tmp_path: Path) -> None:
    (tmp_path / "lib" / "firmware").mkdir(parents=True)
    (tmp_path / "lib" / "firmware" / "target.yml").write_text("a: [1\n")

    _, lost = find_templates(tmp_path)

    assert [(unread.path, unread.fatal) for unread in lost] == [("lib/firmware/target.yml", False)]


def test_apps_without_their_assembly_are_counted_with_what_to_do(tmp_path: Path) -> None:
    for name in ("a/cdk.json", "b/cdk.json"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("")

    _, lost = find_templates(tmp_path)

    assert [(unread.reason, unread.fatal) for unread in lost] == [
        (
            "CDK is used in a and 1 more folders: run `npx cdk synth` there and scan again",
            False,
        ),
    ]


def test_a_broken_intent_file_is_told_by_who_reads_it_and_by_nobody_else(tmp_path: Path) -> None:
    (tmp_path / "checkrein.yaml").write_text("a: [1\n")
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "checkrein.yaml").write_text("a: [1\n")
    _, lost = find_templates(tmp_path)
    assert [each.path for each in lost] == ["more/checkrein.yaml"]
