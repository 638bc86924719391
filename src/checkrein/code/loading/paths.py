"""Paths as texts: many are looked for, and pathlib takes microseconds for each."""

from __future__ import annotations

from pathlib import PurePosixPath


def joined(folder: str, name: str) -> str:
    """Return a path below a folder as pathlib does: ``..`` stays, an absolute name is itself."""
    path = name if name.startswith("/") else f"{folder}/{name}"
    if "/." in path or "//" in path or path.endswith("/"):
        return str(PurePosixPath(path))
    return path


def parent(path: str) -> str:
    """Return the folder that an absolute path is in."""
    return path.rpartition("/")[0] or "/"


def suffix_of(path: str) -> str:
    """Return a file's ending with its dot, "" where it has none."""
    stem, dot, ending = path.rpartition("/")[2].rpartition(".")
    return f".{ending}" if stem and ending and dot else ""


def is_below(path: str, folder: str) -> bool:
    """Tell whether a path is a folder or in it, as the two are written."""
    return path == folder or path.startswith(f"{folder.rstrip('/')}/")


def above(folder: str, root: str) -> list[str]:
    """Return a folder and those around it, up to the root where that is one of them."""
    found = [folder]
    while found[-1] not in (root, "/"):
        found.append(parent(found[-1]))
    return found
