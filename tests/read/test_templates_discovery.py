"""Templates are found by what files hold; what cannot be looked into is said."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from checkrein import aside
from checkrein.model import Unread
from checkrein.read.cloudformation import read_templates
from checkrein.read.discovery import find_templates

TEMPLATE = "Resources:\n  B:\n    Type: AWS::S3::Bucket\n"


def write(root: Path, path: str, content: str | bytes = TEMPLATE) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    data = content.encode() if isinstance(content, str) else content
    (root / path).write_bytes(data)


def test_by_content_in_any_folder(tmp_path: Path) -> None:
    for path in ["a/b/whatever.yml", "stack.template", "x.json", "notes.txt", "utf16.yaml"]:
        write(tmp_path, path)
    write(tmp_path, "utf16.yaml", TEMPLATE.encode("utf-16"))
    write(tmp_path, "x.json", '{"Resources": {"B": {"Type": "AWS::S3::Bucket"}}}')
    for path in ["node_modules/a.yaml", ".aws-sam/b.yaml", "cdk.out/c.json", "own/pyvenv.cfg"]:
        write(tmp_path, path)
    write(tmp_path, "own/lib/d.yaml")
    write(tmp_path, "k8s.yaml", "kind: Deployment\n")
    write(tmp_path, "code.py", TEMPLATE)
    paths, lost = find_templates(tmp_path)
    assert (paths, lost) == (
        ["a/b/whatever.yml", "notes.txt", "stack.template", "utf16.yaml", "x.json"],
        [],
    )


def test_one_file(tmp_path: Path) -> None:
    write(tmp_path, "t.yaml")
    assert find_templates(tmp_path / "t.yaml") == (["t.yaml"], [])


def test_links_lead_nowhere_twice(tmp_path: Path) -> None:
    write(tmp_path, "a/t.yaml")
    (tmp_path / "a/loop").symlink_to(tmp_path / "a")
    (tmp_path / "again.yaml").symlink_to(tmp_path / "a/t.yaml")
    (tmp_path / "dead.yaml").symlink_to(tmp_path / "nothing")
    (tmp_path / "self.yaml").symlink_to(tmp_path / "self.yaml")
    paths, _ = find_templates(tmp_path)
    assert paths == ["a/t.yaml"]


def test_what_cannot_be_looked_into(tmp_path: Path) -> None:
    write(tmp_path, "binary.yaml", b"\x7fELF\0\0\0")
    with (tmp_path / "huge.json").open("wb") as file:
        file.truncate(50_000_000)
    paths, lost = find_templates(tmp_path)
    assert paths == []
    assert [(fact.path, fact.reason, fact.fatal) for fact in lost] == [
        ("binary.yaml", "this is a binary file, not a text", True),
        ("huge.json", "the file has 50 MB; a template has 1 at most", True),
    ]


def test_hostile_files_are_named_whatever_they_hold(tmp_path: Path) -> None:
    bomb = "a0: &a0 [x, x]\n"
    for n in range(1, 40):
        bomb += f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}, *a{n - 1}, *a{n - 1}]\n"
    write(tmp_path, "bomb.yaml", bomb)
    # what only is deep is no template, and Python 3.13 reads it and sees so
    head = '{"Resources": {"It": {"Type": "AWS::S3::Bucket", "Properties": '
    write(tmp_path, "list.json", head + "[" * 5000 + "]" * 5000 + "}}}")
    write(tmp_path, "map.json", head + '{"a": ' * 5000 + "1" + "}" * 5003)
    paths, _ = find_templates(tmp_path)
    reasons = [fact.reason for fact in read_templates(tmp_path, paths) if isinstance(fact, Unread)]
    assert [reason.partition(":")[2].partition(";")[0] for reason in reasons[:1]] == [
        " aliases (*name) expand to more than 100,000 values"
    ]
    assert [reason.partition(";")[0] for reason in reasons[1:]] == [
        "line 1 is nested deeper than 100 levels"
    ] * 2


def test_a_broken_file_of_a_templates_name_is_not_passed_over(tmp_path: Path) -> None:
    write(tmp_path, "template.yaml", "key: [not, closed\n")
    write(tmp_path, "chart.yaml", "key: {{ helm }}\n")
    paths, lost = find_templates(tmp_path)
    assert (paths, lost) == (["template.yaml"], [])
    assert len(read_templates(tmp_path, paths)) == 1


@pytest.mark.skipif(aside.cores() < 2 or not hasattr(os, "fork"), reason="needs a second core")
def test_two_cores_find_what_one_finds(tmp_path: Path) -> None:
    holding = ("t.yaml", TEMPLATE), ("broken.yaml", "a: [ # %s\n"), ("cdk.json", '{"app": "a"}')
    for number in range(150):
        name, content = holding[number % 3]
        write(tmp_path, f"{number}/inner/{name}", content.replace("%s", str(number)))
    write(tmp_path, "infra/main.tf", 'resource "aws_sqs_queue" "a" {}\n')
    program = f"""
import os
from pathlib import Path
from checkrein.cache import Memory
from checkrein.read.discovery import find_templates
fork, begun = os.fork, []
os.fork = lambda: begun.append(1) or fork()
memory, other = Memory(), Memory()
beside = find_templates(Path({str(tmp_path)!r}), memory.kept)
del os.fork
alone = find_templates(Path({str(tmp_path)!r}), other.kept)
print(beside == alone, memory.known == other.known, len(begun), len(alone[0]), len(alone[1]), end="")
"""
    # as a program of its own: a test runner has threads, beside which nothing is copied
    ran = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert ran.stdout == f"True True {aside.cores() - 1} 51 51"
