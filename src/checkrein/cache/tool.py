"""Which tool made an entry: all of its code and knowledge that reading rests on."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import checkrein
from checkrein import files

PACKAGE = Path(checkrein.__file__).parent
MADE = frozenset({"__pycache__"})  # by Python
AFTER = MADE | {"checks", "cli", "compare", "derive", "judge", "report", "write"}  # reading
INSTALLED = (".dist-info", ".egg-info")


def version(*, whole: bool = False) -> str:
    """Return a text that is another where reading may give another result; or all may, the whole.

    It says the versions of checkrein, of Python and of every package that is installed, and when
    which file of checkrein was last written: in a checkout the code changes under one version.
    """
    left = MADE if whole else AFTER
    parts = [PACKAGE / name for name in sorted(os.listdir(PACKAGE)) if name not in left]  # noqa: PTH208
    known = [checkrein.__version__, sys.version, *_installed()]
    known += (told for part in parts for told in _sources(str(part)))
    return files.digest("\n".join(known).encode(errors="surrogateescape"))


@cache
def _installed() -> tuple[str, ...]:
    found = {name for folder in sys.path for name in files.names(folder or ".")}
    return tuple(sorted(name for name in found if name.endswith(INSTALLED)))


@cache
def _sources(part: str) -> tuple[str, ...]:
    """Return what stands for the files of a part of the package: once in a process."""
    if not os.path.isdir(part):  # noqa: PTH112 - speed
        found = os.stat(part)  # noqa: PTH116 - speed
        return (f"{part} {found.st_size} {found.st_mtime_ns}",)
    return tuple(_below(part))


def _below(folder: str) -> Iterator[str]:
    with os.scandir(folder) as listing:
        entries = sorted(listing, key=lambda entry: entry.name)
    for entry in entries:
        if entry.name in MADE:
            continue
        if entry.is_dir():
            yield from _below(entry.path)
        else:
            found = entry.stat()
            yield f"{entry.path} {found.st_size} {found.st_mtime_ns}"
