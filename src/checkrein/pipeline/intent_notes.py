"""Where intent comes from: a lock, or a proposal; and which locks do not count here."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from checkrein import files
from checkrein.model import LOCK, PART, Accepted, App, Row, Stack, Unread

PROPOSED = (
    "what services are meant to hold is proposed from their code: checkrein init locks it, and"
    " scans then tell what differs"
)
MOST = 3  # locks that are named
END = ".git"  # beside it, the search for locks above ends


def intent_notes(root: Path, app: App) -> Iterator[str]:
    """Yield what a reader has to know of an app's intent; a lock counts in its own folder only."""
    if any(said.key == PART for said in app.every(Accepted) if not said.owner):
        yield f"only a part of what {LOCK} is about was read: what is gone is not told"
    if app.every(Accepted) or any(unread.path == LOCK for unread in app.every(Unread)):
        return
    above = _above(root)
    below = _below(root, app)
    if above:
        yield f"{above} is not compared with, since names in it begin there: scan that folder"
    for folder in below[:MOST]:
        yield f"{folder}/{LOCK} is not compared with, since names in it begin there: scan {folder}"
    if not (above or below) and app.every(Row):
        yield PROPOSED


def _above(root: Path) -> str:
    """Return the nearest lock in a folder above, within the repository, as a relative path."""
    folder = root
    while not files.exists(folder / END) and folder.parent != folder:
        folder = folder.parent
        if files.is_file(folder / LOCK):
            return Path(os.path.relpath(folder / LOCK, root)).as_posix()
    return ""


def _below(root: Path, app: App) -> list[str]:
    """Return the folders of templates, and those between, that have a lock of their own."""
    sources = (PurePosixPath(stack.source) for stack in app.every(Stack))
    folders = {str(parent) for source in sources for parent in source.parents} - {"."}
    return sorted(folder for folder in folders if files.is_file(root / folder / LOCK))
