"""Which tool made an entry: all of its code and knowledge that reading rests on."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
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
    known = [
        checkrein.__version__,
        sys.version,
        *sorted(set(_installed())),
        *_sources(PACKAGE, MADE if whole else AFTER),
    ]
    return files.digest("\n".join(known).encode(errors="surrogateescape"))


def _installed() -> Iterator[str]:
    for folder in sys.path:
        yield from (name for name in files.names(folder or ".") if name.endswith(INSTALLED))


def _sources(folder: Path, left: frozenset[str]) -> Iterator[str]:
    with os.scandir(folder) as listing:
        entries = sorted(listing, key=lambda entry: entry.name)
    for entry in entries:
        if entry.name in left:
            continue
        if entry.is_dir():
            yield from _sources(Path(entry.path), left)
        else:
            found = entry.stat()
            yield f"{entry.path} {found.st_size} {found.st_mtime_ns}"
