"""Texts into files: all of them or none, and never over what somebody else wrote meanwhile."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path

from checkrein.errors import UsageError
from checkrein.notation import encode


def replace_files(root: Path, texts: Mapping[str, tuple[bytes, str]]) -> None:
    """Write texts in place of the bytes that were read, by path below ``root``.

    Encoding, byte order mark, mode and links stay. Each file is written beside and then renamed,
    so that nobody ever sees half of one. Raise UsageError, with no file changed, where one is not
    as it was read or cannot be written.
    """
    with ExitStack() as undo:
        ready: list[tuple[Path, Path]] = []
        for path, (before, text) in texts.items():
            file = Path(os.path.realpath(root / path))
            try:
                made = _beside(file, before, encode(text, before), path)
            except OSError as error:
                raise UsageError(f"cannot write {path}: {error.strerror}") from None
            except UnicodeEncodeError:
                raise UsageError(f"cannot write {path}: it is Latin-1; make it UTF-8") from None
            undo.callback(_remove, made)
            ready.append((made, file))
        for made, file in ready:
            made.replace(file)


def new_file(root: Path, path: str, text: str) -> None:
    """Write a file that is not there yet; raise UsageError where it is, or cannot be written."""
    try:
        with (root / path).open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(f"{path} is there already") from None
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from None


def _beside(file: Path, before: bytes, after: bytes, name: str) -> Path:
    """Write a file beside another, with its mode."""
    if file.read_bytes() != before:
        raise UsageError(f"{name} has changed since it was read; run it again")
    if not os.access(file, os.W_OK):
        raise UsageError(f"cannot write {name}: it is read-only")
    number, made = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    try:
        with os.fdopen(number, "wb") as stream:
            stream.write(after)
        Path(made).chmod(file.stat().st_mode & 0o7777)
    except OSError:
        _remove(Path(made))
        raise
    return Path(made)


def _remove(made: Path) -> None:
    with suppress(OSError):
        made.unlink(missing_ok=True)
