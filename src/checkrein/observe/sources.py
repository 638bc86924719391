"""Which files there are to read, and each as a tally."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from checkrein import archives, files
from checkrein.detect.contents import Contents
from checkrein.errors import UsageError
from checkrein.observe.records import File
from checkrein.observe.sightings import Tally

MOST = 100_000  # files
TOO_MANY = f"more than {MOST} files: the rest was not read"
OUT = "leads out of the folder, or is no plain file"
HIDDEN = "."


class Given(NamedTuple):
    """A file or folder of records; ``named`` is the resource that its content is of, if said."""

    path: Path
    named: str = ""

    @classmethod
    def said(cls, word: str) -> Given:
        """Read ``PATH`` or ``RESOURCE=PATH``; a path that is there is a path."""
        name, equals, path = word.partition("=")
        if equals and path and not Path(word).exists():
            return cls(Path(path), name)
        return cls(Path(word))


def read(given: Iterable[Given], contents: Contents) -> Iterator[Tally]:
    """Yield a tally for each file, once for files that are the same; see ``tallied``."""
    seen: set[tuple[str, str]] = set()
    for each in given:
        if not each.path.exists():
            raise UsageError(f"{each.path} does not exist; give files or folders of records")
        path = Path(os.path.abspath(each.path))  # noqa: PTH100 - links stay what they are
        root = path if path.is_dir() else Path(os.path.realpath(path)).parent
        with files.scan(root):
            yield from _read(path, each, contents, seen)


def _read(
    path: Path, given: Given, contents: Contents, seen: set[tuple[str, str]]
) -> Iterator[Tally]:
    for number, file in enumerate(_below(path)):
        shown = _shown(file, path, given.path)
        if number >= MOST:
            yield _lost(shown, TOO_MANY)
            return
        if not files.is_file(file):
            yield _lost(shown, OUT)
            continue
        real = os.path.realpath(file), given.named
        if real not in seen:
            seen.add(real)
            yield File(file, shown, given.named, contents).read()


def _lost(file: str, reason: str) -> Tally:
    tally = Tally()
    tally.lose(file, reason)
    return tally


def _shown(file: Path, start: Path, given: Path) -> str:
    """Return what to call a file: its path as it was asked for."""
    return file.as_posix() if file == start and given.is_absolute() else _joined(file, start, given)


def _joined(file: Path, start: Path, given: Path) -> str:
    return (given / file.relative_to(start)).as_posix()


def _below(path: Path) -> Iterator[Path]:
    """Yield the files of a folder and of zip archives in it, in order; hidden ones are left out."""
    if files.is_folder(path) or (path.suffix == archives.SUFFIX and files.names(path)):
        for name in sorted(files.names(path)):
            inside = path / name
            again = inside.is_symlink() and files.is_folder(inside)  # read where it lies
            if not (name.startswith(HIDDEN) or again):
                yield from _below(inside)
    else:
        yield path
