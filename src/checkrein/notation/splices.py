"""Replacing spans of a text."""

from __future__ import annotations

from collections.abc import Iterable

from checkrein.model.verdicts import Edit
from checkrein.notation.texts import BYTE_ORDER_MARK, line_starts


def splice(text: str, edits: Iterable[Edit]) -> str:
    """Return the text with every edit made; places count in the text as it was.

    Edits may come in any order; inserts at one point keep their order. Raise ValueError where two
    edits overlap. A place without an end inserts.
    """
    mark = BYTE_ORDER_MARK if text.startswith(BYTE_ORDER_MARK) else ""
    text = text.removeprefix(mark)
    starts = line_starts(text)
    spans = sorted(
        ((*_span(edit, starts), order, edit.text) for order, edit in enumerate(edits)),
        key=lambda span: span[:3],
    )
    pieces, done = [mark], 0
    for start, end, _, replacement in spans:
        if start < done:
            raise ValueError("two edits overlap")
        pieces += [text[done:start], replacement]
        done = end
    return "".join([*pieces, text[done:]])


def _span(edit: Edit, starts: list[int]) -> tuple[int, int]:
    place = edit.place
    start = starts[place.line - 1] + place.column - 1
    if not place.end_line:
        return start, start
    return start, starts[place.end_line - 1] + place.end_column - 1
