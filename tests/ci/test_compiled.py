"""Which modules are made machine code: all of a few rooms but what a metaclass makes."""

from __future__ import annotations

import ast
import importlib
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
chosen = runpy.run_path(str(ROOT / "hatch_build.py"))["chosen"]

TREE = "class Node:\n    pass\n\n\nclass Name(Node):\n    pass\n"
ENCODED = "from msgspec import Struct\n\n\nclass Node(Struct):\n    pass\n"


@pytest.mark.parametrize(
    ("text", "is_compiled"),
    [
        (TREE, True),
        (ENCODED, False),
        ("from app.code.tree import Node\n\n\nclass Name(Node):\n    pass\n", True),
        ("from app.model.facts import Node\n\n\nclass Fact(Node):\n    pass\n", False),
        ("from app.model import Node\n\n\nclass Fact(Node):\n    pass\n", False),
        ("class Fact(Base, frozen=True):\n    pass\n", False),
        ("from enum import Enum\n\n\nclass Kind(Enum):\n    pass\n", False),
        ("class One:\n    @cached_property\n    def all(self) -> int:\n        return 1\n", False),
        ('"""Only what it is for."""\n', False),
        ("def read(node: object) -> object:\n    return node\n", True),
    ],
)
def test_a_class_is_known_by_where_it_comes_from(
    tmp_path: Path, text: str, *, is_compiled: bool
) -> None:
    package = tmp_path / "app"
    modules = {"model/facts.py": ENCODED, "code/tree.py": TREE, "code/one.py": text}
    for name, content in modules.items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(content)

    found = chosen(package)

    assert package / "code/tree.py" in found
    assert (package / "code/one.py" in found) is is_compiled
    assert package / "model/facts.py" not in found


def test_what_python_inherits_from_stays_python(tmp_path: Path) -> None:
    package = tmp_path / "app"
    for folder in ("code", "cli"):
        (package / folder).mkdir(parents=True)
    (package / "code/tree.py").write_text(TREE)
    (package / "code/other.py").write_text("class Other:\n    pass\n")
    (package / "cli/more.py").write_text(
        "from app.code.tree import Node\n\n\nclass More(Node):\n    pass\n"
    )

    assert chosen(package) == [package / "code/other.py"]


def test_all_that_reads_code_is_compiled() -> None:
    package = ROOT / "src/checkrein"
    names = {str(path.relative_to(package)) for path in chosen(package)}
    code = {str(path.relative_to(package)) for path in (package / "code").rglob("*.py")}
    left = [name for name in code - names if ast.parse((package / name).read_bytes()).body[1:]]

    assert left == ["code/domain/cleaned.py"]  # a type of msgspec's
    assert {"files.py", "catalog/secrets.py", "notation/tree.py"} <= names
    assert not names & {"model/facts.py", "catalog/key_shape.py"}


def test_compiled_modules_do_not_ask_whether_tuples_and_numbers_are_one() -> None:
    package = ROOT / "src/checkrein"
    asked = 0
    for path in chosen(package):
        compared = [
            right.id
            for node in ast.walk(ast.parse(path.read_bytes()))
            if isinstance(node, ast.Compare)
            for operator, right in zip(node.ops, node.comparators, strict=True)
            if isinstance(operator, (ast.Is, ast.IsNot)) and isinstance(right, ast.Name)
        ]
        name = ".".join(path.relative_to(package.parent).with_suffix("").parts)
        held = vars(importlib.import_module(name.removesuffix(".__init__"))) if compared else {}
        asked += len(compared)
        made_anew = {each for each in compared if type(held.get(each)) in {tuple, int, float}}
        assert not made_anew, name

    assert asked > 20  # else nothing is looked at here
