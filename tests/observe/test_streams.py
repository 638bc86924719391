"""Reading piece by piece: every record once, at its place, in little memory."""

from __future__ import annotations

import json
import tracemalloc
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkrein.errors import UsageError
from checkrein.observe import Given, streams, tallied
from checkrein.observe.streams import pieces

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(
    records=st.lists(st.dictionaries(st.text(max_size=5), VALUES, max_size=3), max_size=5),
    indent=st.sampled_from([None, 1]),
    block=st.integers(1, 40),
)
def test_a_document_is_taken_apart_whatever_the_blocks(
    records: list[dict[str, object]], indent: int | None, block: int
) -> None:
    before, streams.BLOCK = streams.BLOCK, block
    try:
        with TemporaryDirectory() as folder:
            file = Path(folder, "d.json")
            file.write_text(json.dumps({"n": 12, "Records": records, "z": 345}, indent=indent))
            found = [piece.value for piece in pieces(file)]
    finally:
        streams.BLOCK = before

    assert found == [{"n": 12, "Records": [each]} for each in records]


def test_places(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text('{\n "Records": [\n  {"a": 1},\n  {"b": 2}, {"c": 3}]}')

    assert [(piece.line, piece.column) for piece in pieces(file)] == [(3, 3), (4, 3), (4, 13)]


def test_logs_that_begin_with_a_bracket_are_text(tmp_path: Path) -> None:
    file = tmp_path / "a.log"
    file.write_text("[INFO] one\n{not json}\n")

    assert [piece.value for piece in pieces(file)] == ["[INFO] one", "{not json}"]


def test_a_line_that_never_ends_is_one_loss(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "LONGEST", 100)
    file = tmp_path / "a.log"
    file.write_text(f"short\n{'x' * 5000}\nshort again\n")

    assert [piece.value for piece in pieces(file)] == ["short", None, "short again"]


def test_memory_does_not_grow_with_the_log(tmp_path: Path) -> None:
    line = json.dumps({"level": "info", "email": "ada@at-home.org", "message": "x" * 200}) + "\n"
    file = tmp_path / "a.log"
    file.write_text(line)
    tallied([Given(file)])  # what is loaded once
    file.write_text(line * 2_000)  # 0.5 MB
    tracemalloc.start()
    tally = tallied([Given(file)])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert sum(tally.counts.values()) == 2_000
    assert peak < 250_000


def test_archives_are_folders_and_links_lead_nowhere(tmp_path: Path) -> None:
    inside = tmp_path / "records"
    inside.mkdir()
    (tmp_path / "outside.log").write_text("to eve@at-home.org\n")
    (inside / "out.log").symlink_to(tmp_path / "outside.log")
    (inside / "again").symlink_to(inside)
    with zipfile.ZipFile(inside / "logs.zip", "w") as archive:
        archive.writestr("aws/a.log", "to ada@at-home.org\n")
    tally = tallied([Given(inside)])

    assert list(tally.places.values()) == [((f"{inside}/logs.zip/aws/a.log", 1, 1),)]
    assert {(Path(file).name, reason) for file, reason in tally.lost} == {
        ("out.log", "leads out of the folder, or is no plain file")
    }


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        tallied([Given(tmp_path / "none")])
