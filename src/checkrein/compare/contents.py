"""Which data a row is meant to hold, holds and could hold, in words."""

from __future__ import annotations

from checkrein.compare.scene import Scene
from checkrein.compare.words import listed
from checkrein.derive.content.words import likeness
from checkrein.model import Row

SHOWN = 6  # classes in a note
LEVELS = {"direct": "by rights", "takeover": "by takeover", "influence": "by influence"}


def contents(scene: Scene, row: Row | None, verb: str = "hold") -> tuple[tuple[str, str], ...]:
    """Return notes on the data of a row: what is meant, what code shows, and what could be."""
    if row is None:
        return ()
    meant = row.intended == row.coded
    notes = [] if meant else [(f"meant to {verb}", row.intended)]
    notes.append(("seen in code, as meant" if meant else "seen in code", row.coded))
    for level, word in LEVELS.items():
        data = tuple(r.data for r in row.reasons if r.level == level and r.data not in row.coded)
        notes.append((f"could also {verb} {word}", data))
    notes.append(("seen in records", row.observed))
    said = [
        (title, listed(map(likeness, scene.valuable(data)), SHOWN)) for title, data in notes if data
    ]
    return (*said, ("risk", f"{row.risk} of 3"))
