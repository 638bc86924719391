"""Which folder an archive is made of that a build makes later: the one that it is named after.

``deploy/orders_create.zip`` is made of ``src/handlers/orders/create``, ``artifacts/cart.zip`` of
``services/cart``; a ``lambda.zip`` in a folder of another machine is named after that folder. Only
one folder so named may have the handler. Where the name leads nowhere, ``unbuilt`` goes on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath
from posixpath import splitext
from typing import NamedTuple

from msgspec.structs import replace

from checkrein.files import remembered
from checkrein.read.handlers import (
    SOURCES,
    Located,
    Wanted,
    as_written,
    head,
    heads,
    locate,
    source_folders,
)
from checkrein.read.paths import joined

HOW = "in the folder that its archive is named after"
ONLY = "the only file here that has it"
TOP = "."  # the scanned folder itself, as a place to look in


class _Written(NamedTuple):
    """What people wrote below a folder."""

    files: tuple[tuple[str, str], ...]  # (folder, name)
    folders: tuple[str, ...]  # on the way to them
    called: dict[str, list[str]]  # the letters of their last names, one or more -> folders
    having: dict[str, list[str]]  # how a name in them starts -> folders, the top last


def made_of(root: Path, archive: PurePosixPath, wanted: Wanted) -> Located | None:
    """Locate the handler in the folder that an archive, which is not there, is named after."""
    for name in (archive.stem, archive.parent.name):
        alike = called(root, letters(name))
        for search in (as_written, locate):
            found = [there for each in alike if (there := search(root, each, wanted))]
            if len({one.file for one in found}) == 1:
                return replace(found[0], how=HOW, packed=packed_with(root, found[0]))
    return None


def only_one(root: Path, wanted: Wanted) -> Located | None:
    """Locate the handler where it stands in one folder alone, of all below the root."""
    written, starts = _written(root), heads(wanted)
    places = [*written.folders, TOP]
    if starts is not None:
        having = {folder for start in starts for folder in written.having.get(start, ())}
        places = [each for each in places if each in having]
    found = [there for each in places if (there := as_written(root, each, wanted))]
    if len({one.file for one in found}) != 1:
        return None
    return replace(found[0], how=ONLY, packed=packed_with(root, found[0]))


def written_files(root: Path) -> Iterator[str]:
    """Yield the files below a root that people wrote."""
    return (joined(base, name) for base, name in _written(root).files)


def called(root: Path, said: str) -> list[str]:
    """Return the folders whose last names have these letters together."""
    return _written(root).called.get(said, [])


@remembered
def _written(root: Path) -> _Written:
    walked = list(source_folders(root, ""))
    folders = sorted({way for base, _, names in walked if names for way in _ways(base)})
    called: defaultdict[str, list[str]] = defaultdict(list)
    for folder in folders:
        for said in _letters_of(folder):
            called[said].append(folder)
    having: defaultdict[str, list[str]] = defaultdict(list)
    for base, inner, names in walked:
        for start in {*map(head, inner), *map(head, names)}:
            having[start].append(base or TOP)
    files = tuple((base, name) for base, _, names in walked for name in names)
    return _Written(files, tuple(folders), dict(called), dict(having))


def _ways(folder: str) -> Iterator[str]:
    """Yield a folder, and those on the way down to it."""
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]


def _letters_of(folder: str) -> set[str]:
    """Return the letters of a folder's name, and of the last folders on the way to it with it."""
    found, said = set(), ""
    for part in reversed(folder.split("/")):
        said = letters(part) + said
        found.add(said)
    return found - {""}


@cache
def letters(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


def packed_with(root: Path, handler: Located) -> tuple[str, ...]:
    """Return the folders of modules that a build puts beside Python's handler.

    They stand beside the way down to it, hold modules, and no handler of another function.
    """
    if handler.language != "python":
        return ()
    own = joined(handler.folder)
    above = {way.rpartition("/")[0] for way in _ways(own)}
    modules = _with_modules(root)
    beside = {folder for each in above for folder in modules.get(each, ())}
    name = PurePosixPath(handler.file).name
    others = {folder for folder, file in _written(root).files if file == name}
    return tuple(sorted(beside - others - above, key=lambda folder: folder.split("/")))


@remembered
def _with_modules(root: Path) -> dict[str, set[str]]:
    """Return the folders in which modules of Python stand, by the folder that each is in."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for folder, file in _written(root).files:
        if folder and splitext(file)[1] in SOURCES["python"]:
            found[folder.rpartition("/")[0]].add(folder)
    return dict(found)
