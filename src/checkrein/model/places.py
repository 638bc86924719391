"""Where something was said, and the sentence it supports."""

from __future__ import annotations

from msgspec import Struct


class Place(Struct, frozen=True, order=True, gc=False):
    """A span in a source file; lines and columns count from 1, the end is exclusive.

    ``path`` is relative to the scanned folder. ``end_line`` 0 means "not known".
    """

    path: str
    line: int
    column: int = 1
    end_line: int = 0
    end_column: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"

    @property
    def ranked(self) -> str:
        """The same as a part of ids, which are put in order: line 9 stands before line 10."""
        return f"{self.path}:{self.line:05}"


NOWHERE = Place("", 0)


class Evidence(Struct, frozen=True, order=True, gc=False):
    """One sentence that can be checked by eye, and where to look."""

    text: str
    place: Place = NOWHERE
