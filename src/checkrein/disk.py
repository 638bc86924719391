"""What lies at a path: on the disk, or in a zip archive that the path leads into.

Nothing here knows what is scanned: ``files`` refuses what lies outside of it, and keeps answers.
Where nothing lies, all raise OSError, or ValueError for a name that no file can have.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import AbstractContextManager
from typing import IO

from checkrein import archives

FILE, FOLDER, OTHER = "file", "folder", "other"
NO_FILE = "it is no plain file"


def content(path: str) -> bytes:
    """Return what a file holds; raise OSError for a device or a pipe, which may have no end."""
    if _is_archived(path):
        return archives.content(path)
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - speed
        return file.read()


def opened(path: str) -> AbstractContextManager[IO[bytes]]:
    """Open a file to read it piece by piece; raise as ``content``."""
    return archives.opened(path) if _is_archived(path) else open(path, "rb")  # noqa: PTH123 - speed


def kind(path: str) -> str:
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116 - speed
    except NotADirectoryError:
        return FOLDER if archives.is_folder(path) else FILE
    return FILE if stat.S_ISREG(mode) else FOLDER if stat.S_ISDIR(mode) else OTHER


def size(path: str) -> int:
    """Return a size in bytes."""
    try:
        return os.stat(path).st_size  # noqa: PTH116 - speed
    except NotADirectoryError:
        return archives.size(path)


def names(path: str) -> frozenset[str]:
    """Return the names in a folder."""
    try:
        return frozenset(os.listdir(path))  # noqa: PTH208 - speed
    except NotADirectoryError:
        return archives.names(path)


def _is_archived(path: str) -> bool:
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116 - speed
    except NotADirectoryError:
        return True
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise OSError(errno.EINVAL, NO_FILE, path)
    return False
