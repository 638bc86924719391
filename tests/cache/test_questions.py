"""What is kept rests on questions to the disk: none is asked where it would not be gathered."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import checkrein
from checkrein import files
from checkrein.cache import VARIABLE, Cache

SOURCE = Path(checkrein.__file__).parent
STARTS = (  # whose results are kept
    *("read.cloudformation", "code", "notation", "detect"),
    *("judge", "pipeline.intent_notes", "write.edits", "report.secrets"),
    "report.terminal",
)
ASKING = {
    "exists", "is_file", "is_dir", "is_symlink", "is_mount", "read_text", "read_bytes", "open",
    "iterdir", "glob", "rglob", "walk", "scandir", "listdir", "stat", "lstat", "samefile",
    "readlink", "realpath", "isfile", "isdir", "islink", "getsize", "getmtime", "access", "cwd",
}  # fmt: skip
OWN = {"library.json", "library_requests.json", "stores.json"}  # what the package itself holds


def modules() -> set[Path]:
    """Return the modules whose results are kept, and those of the same rooms that they import."""
    waiting = [path for start in STARTS for path in _files(start)]
    found: set[Path] = set()
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += _imported(path)
    return found


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def _files(name: str) -> list[Path]:
    path = SOURCE.joinpath(*name.split("."))
    return [path.with_suffix(".py")] if path.with_suffix(".py").is_file() else [*path.rglob("*.py")]


def _imported(path: Path) -> Iterator[Path]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("checkrein.read"):
            for name in (node.module, *(f"{node.module}.{each.name}" for each in node.names)):
                file = SOURCE.joinpath(*str(name).split(".")[1:])
                yield from (
                    p for p in (file.with_suffix(".py"), file / "__init__.py") if p.exists()
                )


def asked(path: Path) -> Iterator[str]:
    """Yield the calls in a module that ask the disk by themselves."""
    for node in ast.walk(_tree(path)):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
        whose = ast.unparse(called).rpartition(".")[0] if name in ASKING else "files"
        if whose not in {"files", "self", "inclusion"}:
            shown = ast.unparse(node)
            if not any(own in shown for own in OWN) and "folder.joinpath" not in shown:
                yield f"{path.relative_to(SOURCE)}:{node.lineno} {shown}"


def test_everything_is_asked_through_files() -> None:
    found = modules()

    assert SOURCE / "read/samconfig.py" in found
    assert SOURCE / "code/loading/resolution.py" in found
    assert [each for path in sorted(found) for each in asked(path)] == []


def test_what_is_asked_is_gathered_where_it_is_remembered_too(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("text")

    @files.remembered
    def read(path: Path) -> str:
        return files.text(path)

    with files.scan():
        with files.asking() as first:
            read(tmp_path / "a")
        with files.asking() as outer, files.asking() as second:
            read(tmp_path / "a")

    assert first == second == outer != {}


def test_what_changes_while_it_is_read_has_no_answer(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_text("text")
    with files.scan(), files.asking() as asked:
        files.content(file)
        file.write_text("another")
        files.content(file)

    assert list(asked.values()) == [files.TORN]


def test_a_scan_asks_once_and_the_next_again(tmp_path: Path) -> None:
    file = tmp_path / "a"
    with files.scan():
        assert not files.exists(file)
        file.write_text("text")
        assert not files.exists(file)
    with files.scan():
        assert files.exists(file)


def test_what_is_kept_brings_its_questions_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    monkeypatch.delenv(VARIABLE)
    root = tmp_path / "app"
    root.mkdir()
    (root / "a").write_text("text")
    gathered = []
    for _ in range(2):
        with files.scan(), files.asking() as asked:
            known = Cache(root)
            known.kept(("a",), str, lambda: files.text(root / "a"))
            known.save()
        gathered.append(
            {question: answer for question, answer in asked.items() if "app" in question[1]}
        )

    assert gathered[0] == gathered[1] != {}


def test_texts_that_stand_in_are_asked_anew_and_the_rest_is_remembered(tmp_path: Path) -> None:
    read: list[str] = []

    @files.remembered
    def held(path: Path) -> str:
        read.append(path.name)
        return files.text(path)

    def both() -> tuple[str, str]:
        return held(tmp_path / "a"), held(tmp_path / "b")

    (tmp_path / "a").write_text("a")
    (tmp_path / "b").write_text("b")
    with files.scan(tmp_path):
        found = [both()]
        for text in ("x", "x", "y"):
            with files.scan(tmp_path), files.standing_in(tmp_path, {"a": text}):
                found.append(both())
        found.append(both())
    assert found == [("a", "b"), ("x", "b"), ("x", "b"), ("y", "b"), ("a", "b")]
    assert read == ["a", "b", "a", "a", "a"]
