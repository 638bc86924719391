"""Paths as texts are what pathlib says of them."""

from __future__ import annotations

from pathlib import PurePosixPath

from hypothesis import example, given
from hypothesis import strategies as st

from checkrein.code.loading.paths import above, is_below, joined, parent, suffix_of

PARTS = st.sampled_from(["a", "src", "..", ".", "", ".git", "a.js", "b.d.ts", "x.", "node_modules"])
NAMES = st.lists(PARTS, max_size=4).map("/".join)
FOLDERS = NAMES.map(lambda name: str(PurePosixPath("/root", name.lstrip("/"))))


@given(FOLDERS, NAMES)
@example("/root/a", "./x/../y.js")
@example("/root/a", "/opt/x")
def test_a_path_is_joined_as_pathlib_does(folder: str, name: str) -> None:
    assert joined(folder, name) == str(PurePosixPath(folder, name))


@given(FOLDERS)
def test_the_folder_and_the_suffix_are_pathlibs(path: str) -> None:
    assert parent(path) == str(PurePosixPath(path).parent)
    assert suffix_of(path) == PurePosixPath(path).suffix


@given(FOLDERS, FOLDERS)
@example("/root/ab", "/root/a")
def test_what_lies_below_a_folder_is_what_pathlib_says(path: str, folder: str) -> None:
    assert is_below(path, folder) == PurePosixPath(path).is_relative_to(folder)


@given(FOLDERS)
def test_folders_end_at_the_root_or_at_the_top(folder: str) -> None:
    every = [folder, *map(str, PurePosixPath(folder).parents)]

    assert above(folder, "/elsewhere") == every
    assert above(folder, every[len(every) // 2]) == every[: len(every) // 2 + 1]
