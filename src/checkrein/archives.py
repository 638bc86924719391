"""Zip archives, each as if it were a folder: ``build/orders.zip/app.py`` is a file in one.

Teams commit the packages that they deploy. What is in them is asked for like what lies on the
disk (``files``), and nothing is ever unpacked to it. A member that names a place outside of its
archive is not there, nor is one that is encrypted or beyond ``BIGGEST``.
"""

from __future__ import annotations

import errno
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import PurePosixPath
from typing import IO

from msgspec import Struct

SUFFIX = ".zip"
BIGGEST = 10_000_000  # bytes of a member; code is read up to less
LARGEST = 262_144_000  # bytes of an archive: what Lambda takes of a package, unpacked
MOST = 50_000  # members
MUCH, RATIO = 100 << 20, 200  # bytes from which on no honest log is that much smaller packed
BOMB = f"it unpacks to more than {RATIO} times its size"


def is_bomb(unpacked: int, packed: int) -> bool:
    """Tell whether so many bytes come out of so few that no honest file can be packed in them."""
    return unpacked > MUCH and unpacked > RATIO * packed


class Index(Struct, frozen=True):
    """What an archive holds: the sizes of its files, and the names in its folders ("" on top)."""

    files: dict[str, int]
    folders: dict[str, frozenset[str]]


def index(path: str) -> Index | None:
    """Return what an archive on the disk holds, None where no archive can be read at a path."""
    try:
        found = os.stat(path)  # noqa: PTH116 - speed
    except (OSError, ValueError):
        return None
    too_large = found.st_size > LARGEST or not path.endswith(SUFFIX)
    return None if too_large else _index(path, found.st_mtime_ns, found.st_size)


def split(path: str) -> tuple[str, str] | None:
    """Part a path into that of an archive on the disk and that of a member; None without one."""
    end = path.find(SUFFIX)
    while end >= 0:
        end += len(SUFFIX)
        if path[end : end + 1] in ("/", "") and os.path.isfile(path[:end]):  # noqa: PTH113 - speed
            member = os.path.normpath(path[end + 1 :])
            return path[:end], "" if member == "." else member
        end = path.find(SUFFIX, end)
    return None


def content(path: str) -> bytes:
    """Return what a member holds; raise OSError where there is none that can be read."""
    archive, member, found = _within(path)
    if member not in found.files:
        raise OSError(errno.ENOENT, os.strerror(errno.ENOENT), path)
    if found.files[member] > BIGGEST:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), path)
    try:
        with zipfile.ZipFile(archive) as opened:
            return opened.read(member)
    except _broken() as error:
        raise OSError(errno.EINVAL, f"it cannot be unpacked ({error})", path) from None


@contextmanager
def opened(path: str) -> Iterator[IO[bytes]]:
    """Open a member to read it piece by piece, whatever its size; raise as ``content``."""
    archive, member, found = _within(path)
    if member not in found.files:
        raise OSError(errno.ENOENT, os.strerror(errno.ENOENT), path)
    try:
        with zipfile.ZipFile(archive) as file:
            if is_bomb(found.files[member], file.getinfo(member).compress_size):
                raise OSError(errno.EFBIG, BOMB, path)
            with file.open(member) as inside:
                yield inside
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
        raise OSError(errno.EINVAL, f"it cannot be unpacked ({error})", path) from None


def size(path: str) -> int:
    """Return a member's size in bytes; raise OSError where there is none."""
    _, member, found = _within(path)
    if member not in found.files:
        raise OSError(errno.ENOENT, os.strerror(errno.ENOENT), path)
    return found.files[member]


def is_folder(path: str) -> bool:
    """Tell whether a member is a folder; raise OSError where it is nothing."""
    _, member, found = _within(path)
    if member not in found.files and member not in found.folders:
        raise OSError(errno.ENOENT, os.strerror(errno.ENOENT), path)
    return member in found.folders


def names(path: str) -> frozenset[str]:
    """Return the names in an archive or in a folder of it; raise OSError where there is none."""
    _, member, found = _within(path)
    if member not in found.folders:
        raise OSError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), path)
    return found.folders[member]


def _within(path: str) -> tuple[str, str, Index]:
    parts = split(path)
    found = index(parts[0]) if parts else None
    if parts is None or found is None:
        raise OSError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), path)
    return *parts, found


@lru_cache(maxsize=64)
def _index(path: str, _changed: int, _size: int) -> Index | None:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except _broken():
        return None
    if len(members) > MOST:
        return None
    sizes = {each.filename: each.file_size for each in members if _is_plain(each)}
    inside: dict[str, set[str]] = {"": set()}
    for name in sizes:
        _add(inside, PurePosixPath(name))
    return Index(sizes, {folder: frozenset(names) for folder, names in inside.items()})


def _broken() -> tuple[type[Exception], ...]:
    """Return what tells of an archive that is none; to name it loads what reads them."""
    plain = OSError, ValueError, NotImplementedError, RuntimeError
    return *plain, zipfile.BadZipFile, zlib.error


def _is_plain(member: zipfile.ZipInfo) -> bool:
    """Tell whether a member is a file at a place within its archive, as it is written."""
    path = PurePosixPath(member.filename)
    within = not path.is_absolute() and ".." not in path.parts and str(path) == member.filename
    return within and not member.is_dir() and not member.flag_bits & 1


def _add(inside: dict[str, set[str]], path: PurePosixPath) -> None:
    for parent in path.parents:
        folder = "" if str(parent) == "." else str(parent)
        inside.setdefault(folder, set()).add(path.name)
        path = parent
