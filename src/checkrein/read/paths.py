"""Relative paths of the scanned folder: joining them, and telling whether they stay in it."""

from __future__ import annotations

import os
from pathlib import PurePosixPath


def inside(path: str) -> bool:
    """Tell whether a normalised relative path stays in the scanned folder, in the user's part."""
    parts = PurePosixPath(path).parts
    return parts[:1] not in (("/",), ("..",)) and "node_modules" not in parts


BEFORE = "HandlersBefore"  # there: handlers that a build has run before the function's own
BESIDE = "FoldersBeside"  # in a function's metadata: what a build puts beside its code


def joined(*parts: str) -> str:
    """Join and normalise relative paths; the scanned folder itself is the empty string."""
    path = os.path.normpath("/".join(part for part in parts if part) or ".").replace(os.sep, "/")
    return "" if path == "." else path


def local_path(folder: PurePosixPath, location: str) -> str:
    """Return a location relative to the scanned folder, "" where it leads out of it."""
    parts: list[str] = []
    for part in (folder / location.replace("\\", "/")).parts:
        if part == ".." and not parts:
            return ""
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "" if PurePosixPath(location).is_absolute() else "/".join(parts)
