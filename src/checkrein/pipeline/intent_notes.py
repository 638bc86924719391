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
    if app.every(Accepted):
        yield from _excess(app)
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


def _excess(app: App) -> Iterator[str]:
    """Say which stores the lock lets hold more than they are meant to: no findings, no passes."""
    from checkrein.checks.locked.causes import worst_cell  # noqa: PLC0415 - few have a lock
    from checkrein.checks.locked.comparing import is_locked, known_excess  # noqa: PLC0415 - as above
    from checkrein.checks.questions import is_store, short  # noqa: PLC0415 - as above

    stores = (row for row in app.every(Row) if is_locked(app) and is_store(row))
    held = {row.id: known for row in stores if (known := known_excess(app, row))}
    if held:
        number = "1 store" if len(held) == 1 else f"{len(held)} stores"
        yield (
            f"{number} could hold more than is meant, which {LOCK} knows (under potential):"
            f" checkrein cuts {short(worst_cell(app, held))} looks for what to take away"
        )


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
