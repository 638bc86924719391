"""Who may have written what is kept: only this user's checkrein; anything else is not there."""

import os
import shutil
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import get_args, get_type_hints

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkrein.cache import VARIABLE, codec, store
from checkrein.cli import run
from checkrein.model import (
    Argument,
    Choice,
    Open,
    Resource,
    Stack,
    Summary,
    Symbol,
    Text,
    Unread,
)
from checkrein.pipeline.reading import read

TEMPLATE = """
Resources:
  Function:
    Type: AWS::Lambda::Function
    Properties: {Code: ./src, Handler: app.handler, Runtime: python3.12, Role: !GetAtt Role.Arn}
  Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}}}
"""
HANDLER = "def handler(event, context):\n    print(event['secret'])\n"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A scanned application."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    monkeypatch.delenv(VARIABLE)
    root = tmp_path / "app"
    (root / "src").mkdir(parents=True)
    (root / "template.yaml").write_text(TEMPLATE)
    (root / "src" / "app.py").write_text(HANDLER)
    facts(root)
    return root


def facts(root: Path) -> list[str]:
    return sorted(map(repr, read([root], lambda _: None).facts))


def kept(root: Path) -> Path:
    return root / store.FOLDER / store.FILE


def tampered(root: Path, seal: store.Seal) -> None:
    """Let what is kept lie: the function logs something else."""
    stored = store.load(root, store.Seal((root.parent / "user/checkrein/key").read_bytes()))
    assert stored
    for entry in stored.entries.values():
        entry.value = memoryview(bytes(entry.value).replace(b"secret", b"public"))
    store.save(root, seal, stored)


def told(root: Path) -> str:
    return next(each for each in facts(root) if each.startswith("Summary"))


def test_what_is_kept_is_used(root: Path) -> None:
    tampered(root, store.Seal((root.parent / "user/checkrein/key").read_bytes()))

    assert "public" in told(root)


def test_what_another_wrote_is_not(root: Path) -> None:
    tampered(root, store.Seal(b"k" * store.KEY))

    assert "public" not in told(root)


def test_what_was_kept_elsewhere_is_not_used(root: Path, tmp_path: Path) -> None:
    tampered(root, store.Seal((tmp_path / "user/checkrein/key").read_bytes()))
    moved = root.rename(tmp_path / "moved")

    assert "public" not in told(moved)


def test_another_version_reads_again(root: Path) -> None:
    seal = store.Seal((root.parent / "user/checkrein/key").read_bytes())
    tampered(root, seal)
    stored = store.load(root, seal)
    assert stored
    stored.tool = "another"
    store.save(root, seal, stored)

    assert "public" not in told(root)


@settings(max_examples=30)
@given(data=st.data())
def test_a_damaged_file_is_no_file(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    seal = store.Seal(b"k" * store.KEY)
    row = ("content", "app.py", "abc")
    value = memoryview(b"value")
    store.save(folder, seal, store.Stored("1", "/app", [row], {"a": store.Entry([0], value)}))
    whole = kept(folder).read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    cut = data.draw(st.booleans())
    changed = whole[:at] if cut else whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
    kept(folder).write_bytes(changed)

    assert store.load(folder, seal) is None


def _cut(root: Path) -> None:
    kept(root).write_bytes(kept(root).read_bytes()[:100])


def _empty(root: Path) -> None:
    kept(root).write_bytes(b"")


def _folder(root: Path) -> None:
    kept(root).unlink()
    kept(root).mkdir()


def _pipe(root: Path) -> None:
    kept(root).unlink()
    os.mkfifo(kept(root))


def _link(root: Path) -> None:
    kept(root).rename(root / "elsewhere")
    kept(root).symlink_to(root / "elsewhere")


def _ring(root: Path) -> None:
    kept(root).unlink()
    kept(root).symlink_to(kept(root))


def _file(root: Path) -> None:
    shutil.rmtree(root / store.FOLDER)
    (root / store.FOLDER).write_text("a file")


def _dangling(root: Path) -> None:
    shutil.rmtree(root / store.FOLDER)
    (root / store.FOLDER).symlink_to(root / "nowhere")


def _no_key(root: Path) -> None:
    (root.parent / "user/checkrein/key").unlink()


def _open_key(root: Path) -> None:
    (root.parent / "user/checkrein/key").chmod(0o644)


def _short_key(root: Path) -> None:
    (root.parent / "user/checkrein/key").write_bytes(b"short")


@pytest.mark.parametrize(
    "harm",
    [_cut, _empty, _folder, _pipe, _link, _ring, _file, _dangling, _no_key, _open_key, _short_key],
)
def test_whatever_lies_there_the_scan_is_the_same(root: Path, harm: object) -> None:
    before = facts(root)
    harm(root)  # type: ignore[operator]

    assert facts(root) == before
    assert facts(root) == before


def test_nothing_is_written_through_a_link(root: Path) -> None:
    shutil.rmtree(root / store.FOLDER)
    other = root.parent / "precious"
    other.mkdir()
    (root / store.FOLDER).symlink_to(other)

    facts(root)

    assert list(other.iterdir()) == []


def test_a_repository_cannot_bring_the_key(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(root / "home"))

    assert store.Seal.of_user(root) is None


def test_only_the_user_can_read_it_and_git_does_not_see_it(root: Path) -> None:
    assert stat.S_IMODE(kept(root).stat().st_mode) == 0o600
    assert stat.S_IMODE((root.parent / "user/checkrein/key").stat().st_mode) == 0o600
    assert (root / store.FOLDER / ".gitignore").read_text() == "*\n"
    names = sorted(each.name for each in (root / store.FOLDER).iterdir())
    assert names == [".gitignore", store.FILE]


def test_what_a_broken_off_scan_left_is_swept(root: Path) -> None:
    left = root / store.FOLDER / f"{store.FILE}.1.ab"
    left.write_bytes(b"half")
    os.utime(left, (0, 0))
    (root / "src" / "app.py").write_text(HANDLER + "\n")

    facts(root)

    assert not left.exists()


def test_a_folder_that_a_build_takes_whole_keeps_nothing(root: Path) -> None:
    shutil.rmtree(root / store.FOLDER)
    (root / "template.yaml").write_text(TEMPLATE.replace("./src", "."))
    (root / "src" / "app.py").rename(root / "app.py")

    facts(root)

    assert not (root / store.FOLDER).exists()


def test_scans_at_once_leave_one_whole_file(tmp_path: Path) -> None:
    seal = store.Seal(b"k" * store.KEY)
    each = [store.Entry([], memoryview(b"v" * n)) for n in range(99)]
    every = [store.Stored(str(n), "/app", [], {"a": one}) for n, one in enumerate(each)]
    store.save(tmp_path, seal, every[0])

    with ThreadPoolExecutor(4) as pool:
        done = [pool.submit(store.save, tmp_path, seal, stored) for stored in every]
        while not all(each.done() for each in done):
            found = store.load(tmp_path, seal)
            assert found
            assert found.entries["a"].value == b"v" * int(found.tool)

    assert len(list((tmp_path / store.FOLDER).iterdir())) == 2


def test_what_no_scan_uses_is_dropped(root: Path) -> None:
    sizes = []
    for number in range(12):
        (root / "src" / "app.py").write_text(f"{HANDLER}\n# {number}\n")
        (root / f"a{number % 6}.yaml").write_text(f"Resources: {{R{number}: {{Type: AWS::A::B}}}}")
        facts(root)
        (root / f"a{number % 6}.yaml").unlink()
        sizes.append(kept(root).stat().st_size)

    assert max(sizes[6:]) < 1.1 * max(sizes[:6])


@pytest.fixture
def folder_that_is_closed(root: Path) -> Iterator[Path]:
    shutil.rmtree(root / store.FOLDER)
    root.chmod(0o500)
    yield root
    root.chmod(0o700)


def test_a_folder_that_cannot_be_written_is_read(folder_that_is_closed: Path) -> None:
    assert facts(folder_that_is_closed) == facts(folder_that_is_closed)


@pytest.mark.parametrize("off", ["option", "environment"])
def test_it_can_be_turned_off(root: Path, monkeypatch: pytest.MonkeyPatch, off: str) -> None:
    shutil.rmtree(root / store.FOLDER)
    monkeypatch.setenv(VARIABLE, "off" if off == "environment" else "")
    words = ["flows", "--in", str(root), "--format", "json"]

    assert run(words + ["--no-cache"] * (off == "option")) == 0
    assert not (root / store.FOLDER).exists()


SYMBOLS = st.builds(Symbol, st.text(max_size=3), st.text(max_size=3)) | st.builds(Open, st.text())
LEAVES = (
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False)
    | st.text(max_size=5) | SYMBOLS
    | st.builds(Text, st.lists(st.text(max_size=3) | SYMBOLS, max_size=3).map(tuple))
)  # fmt: skip
WHENS = st.lists(st.tuples(st.text(max_size=3), st.booleans()), max_size=2).map(tuple)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=3) | st.just("type"), inner, max_size=3)
        | st.builds(Choice, st.lists(st.tuples(WHENS, inner), max_size=2).map(tuple))
    ),
    max_leaves=8,
)


@given(value=VALUES)
def test_values_come_back_as_they_were(value: object) -> None:
    facts = [
        Resource(id="a", stack="s", type="T", properties={"value": value}),
        Stack(id="s", source="s.yaml", outputs={"value": value}, arguments={"c": {"p": value}}),
    ]

    back = codec.decode(codec.encode(facts), list[Resource | Stack])

    assert repr(back) == repr(facts)


@given(data=st.binary(max_size=60))
def test_bytes_of_any_kind_are_refused_or_facts(data: bytes) -> None:
    try:
        found = codec.decode(data, list[Resource | Stack])
    except (msgspec.DecodeError, TypeError, ValueError):
        return
    assert all(isinstance(each, (Resource, Stack)) for each in found)


def kinds(hint: object) -> set[type]:
    """Return every type of ours, and Any, that a type's values may hold, at any depth."""
    found: set[type] = set()
    waiting = [hint]
    while waiting:
        one = waiting.pop()
        waiting += get_args(one)
        if isinstance(one, type) and issubclass(one, msgspec.Struct) and one not in found:
            found.add(one)
            waiting += get_type_hints(one).values()
    return found


def test_the_codec_knows_every_field_that_may_hold_a_symbol() -> None:
    untyped = {
        (kind, field)
        for kind in kinds(Resource | Stack | Summary | Unread)
        for field, hint in get_type_hints(kind).items()
        if "Any" in repr(hint) and kind is not Choice
    }
    known = {(kind, field) for kind, fields in codec.VALUES.items() for field in fields}

    assert untyped == {*known, (Argument, "value")}
