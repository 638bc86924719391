"""The file of entries, and who may have written it.

``.checkrein/`` lies in a folder that others write: a repository may bring one along. So the file
bears a seal made with a key that lies in the user's own cache folder, and one that this user's
checkrein did not write is not even decoded. Whatever else is wrong with it (cut off, of an earlier
form, a link, a pipe) has the same effect: there are no entries. What cannot be written is not.
"""

from __future__ import annotations

import os
import stat
import time
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import msgpack

from checkrein import files
from checkrein.digests import blake2b, compare_digest

FOLDER = files.OWN
FILE, JUDGED, CONCLUDED, TOLD = "facts", "verdicts", "conclusions", "reports"
FORM = b"checkrein facts 1\n"  # another where the shape of what is stored becomes another
SEAL, KEY = 32, 32  # bytes
LARGEST = 100_000_000  # bytes; what is larger is neither written nor read
STALE = 3600  # seconds, after which a file that was not finished is nobody's
VERSIONS = "versions"  # in the user's folder: what diffs read, by repository
FORGOTTEN = 30 * 86400  # seconds without a new entry, after which they are deleted
PRIVATE = stat.S_IRWXG | stat.S_IRWXO
# a link is not followed, a pipe is not waited for
CAREFULLY = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)

Row = tuple[str, str, str]  # a question's kind and path, and the answer


class Entry(msgspec.Struct, array_like=True):
    """One result as bytes, the numbers of the rows it rests on, and for how long it was idle.

    The bytes are those of the file that was read: most of a large one is never looked at.
    """

    rows: list[int]
    value: memoryview
    idle: int = 0


class Stored(msgspec.Struct, array_like=True):
    """What the file holds: made by which tool, for which folder, the rows, entries by name."""

    tool: str
    root: str
    rows: list[Row]
    entries: dict[str, Entry]


class Seal(msgspec.Struct, frozen=True):
    """What only this user can make for some bytes."""

    key: bytes

    @classmethod
    def of_user(cls, root: Path) -> Seal | None:
        """Return the user's seal, made where there is none yet; None where none can be had."""
        try:
            folder = _own()
            if folder.is_relative_to(root):  # then the repository could bring the key along
                return None
            return cls(_key(folder))
        except (OSError, RuntimeError, ValueError):
            return None

    def of(self, body: memoryview) -> bytes:
        made = blake2b(FORM, key=self.key, digest_size=SEAL)
        made.update(body)
        return made.digest()


def _own() -> Path:
    """Return this user's folder; raise RuntimeError where there is no home."""
    told = os.environ.get("XDG_CACHE_HOME", "")
    base = Path(told) if os.path.isabs(told) else Path.home() / ".cache"  # noqa: PTH117
    return base / "checkrein"


def home(name: str) -> Path | None:
    """Return a folder among the user's own files for what a name stands for, None if there is none.

    It is made where it is not there yet.
    """
    try:
        folder = _own() / VERSIONS / files.digest(name.encode(errors="surrogateescape"))
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except (OSError, RuntimeError, ValueError):
        return None
    return folder


def sweep(homes: Path) -> None:
    """Delete what was kept in homes that nothing was written to for long."""
    for each in homes.glob(f"*/{FOLDER}/[!.]*"):
        with suppress(OSError):
            if time.time() - each.lstat().st_mtime > FORGOTTEN:
                each.unlink()


def _key(folder: Path) -> bytes:
    """Return the user's key; raise OSError or ValueError where there can be none."""
    file = folder / "key"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with suppress(FileExistsError):
            _create(file, os.urandom(KEY))
    with open(os.open(file, os.O_RDONLY | CAREFULLY), "rb") as opened:  # noqa: PTH123
        found = os.fstat(opened.fileno())
        key = opened.read(KEY + 1)
    if len(key) != KEY or (os.name == "posix" and not _is_private(found)):
        raise ValueError("this is no key of ours")
    return key


def _is_private(found: os.stat_result) -> bool:
    return found.st_uid == os.geteuid() and not found.st_mode & PRIVATE


def load(root: Path, seal: Seal, name: str = FILE) -> Stored | None:
    """Return what this user's checkrein stored for a folder, None where there is nothing such."""
    folder = root / FOLDER
    try:
        if folder.is_symlink():
            return None
        with open(os.open(folder / name, os.O_RDONLY | CAREFULLY), "rb") as file:  # noqa: PTH123
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode) or found.st_size > LARGEST:
                return None
            data = file.read()
        start = len(FORM) + SEAL
        sealed, body = data[len(FORM) : start], memoryview(data)[start:]
        if not data.startswith(FORM) or not compare_digest(sealed, seal.of(body)):
            return None
        return msgpack.decode(body, type=Stored)
    except (OSError, ValueError, msgspec.DecodeError):
        return None


def save(root: Path, seal: Seal, stored: Stored, name: str = FILE) -> None:
    """Put what is stored into its place at one stroke; where that cannot be done, leave it."""
    folder = root / FOLDER
    body = memoryview(msgpack.encode(stored))
    if len(body) > LARGEST:
        return
    with suppress(OSError):
        folder.mkdir(exist_ok=True)
        if folder.is_symlink():
            return
        with suppress(FileExistsError):
            _create(folder / ".gitignore", b"*\n")
        _sweep(folder, name)
        unfinished = folder / f"{name}.{os.getpid()}.{os.urandom(4).hex()}"
        try:
            _create(unfinished, FORM + seal.of(body), body)
            unfinished.replace(folder / name)
        finally:
            unfinished.unlink(missing_ok=True)


def _create(file: Path, *content: bytes | memoryview) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | CAREFULLY
    with open(os.open(file, flags, 0o600), "wb") as opened:  # noqa: PTH123
        opened.writelines(content)


def _sweep(folder: Path, name: str) -> None:
    """Delete what scans left that were ended while they wrote."""
    for left in os.listdir(folder):  # noqa: PTH208 - speed
        each = folder / left
        if left.startswith(f"{name}.") and time.time() - each.lstat().st_mtime > STALE:
            each.unlink()
