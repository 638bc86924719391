"""One page of the manual, before it has a shell."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct


class Page(Struct, frozen=True):
    """A page in Markdown. ``path`` is its place in the site, without a suffix.

    Links in ``text`` are relative to ``path`` and name pages with ``.md``. ``section`` is the
    heading that it stands under in the list of pages; "" leaves it out of the list.
    """

    path: str
    title: str
    section: str
    text: str


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table in Markdown, "" where it has no rows."""
    lines = [_row(row) for row in rows]
    named = list(head)
    return "\n".join([_row(named), _row("---" for _ in named), *lines, ""]) if lines else ""


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(' '.join(cell.replace('|', chr(92) + '|').split()) for cell in cells)} |"
