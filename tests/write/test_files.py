"""Files are replaced whole or not at all, and stay as they were but for their text."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from checkrein.errors import UsageError
from checkrein.notation import decode
from checkrein.write import replace_files

TEXT = "Résumé: ünï\r\n"


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "latin-1"])
def test_the_encoding_stays(encoding: str, tmp_path: Path) -> None:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    before = mark + TEXT.encode(encoding)
    (tmp_path / "a").write_bytes(before)
    replace_files(tmp_path, {"a": (before, decode(before) + "more\r\n")})
    assert (tmp_path / "a").read_bytes() == mark + (TEXT + "more\r\n").encode(encoding)


def test_mode_and_links_stay_and_nothing_else_is_left(tmp_path: Path) -> None:
    file, link = tmp_path / "x" / "a", tmp_path / "x" / "b"
    file.parent.mkdir()
    file.write_bytes(b"old")
    file.chmod(0o640)
    link.symlink_to("a")
    replace_files(tmp_path, {"x/b": (b"old", "new")})
    assert (file.read_text(), link.is_symlink()) == ("new", True)
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert names(file.parent) == ["a", "b"]


def test_what_changed_meanwhile_stays_and_so_do_the_others(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "b").write_bytes(b"theirs")
    with pytest.raises(UsageError, match=r"^b has changed since it was read; run it again$"):
        replace_files(tmp_path, {"a": (b"old", "new"), "b": (b"old", "new")})
    assert [(tmp_path / name).read_bytes() for name in "ab"] == [b"old", b"theirs"]
    assert names(tmp_path) == ["a", "b"]


def test_what_is_gone_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"^cannot write a: No such file or directory$"):
        replace_files(tmp_path, {"a": (b"old", "new")})


def test_a_letter_that_the_encoding_lacks_is_said(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes("é".encode("latin-1"))
    with pytest.raises(UsageError, match=r"^cannot write a: it is Latin-1; make it UTF-8$"):
        replace_files(tmp_path, {"a": ("é".encode("latin-1"), "é…")})
