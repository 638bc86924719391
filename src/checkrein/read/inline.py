"""Code that stands inside a template, with the place of each of its lines."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from checkrein import files, notation
from checkrein.model import Code, Place, Resource
from checkrein.model.values import alternatives

At = tuple[str | int, ...]
# the scalar that holds the text: what Fn::Sub is given, or the value itself
SCALARS: tuple[tuple[str | int, ...], ...] = (("Fn::Sub", 0), ("Fn::Sub",), ())
HCL = (".tf", ".tofu")
JOINED = ("Fn::Join", 1)
ZIPPED: At = ("Code", "ZipFile")
Piece = tuple[int, int, int, int]  # see Code.segments
Starts = tuple[tuple[int, int], ...]


def inline_code(
    root: Path, resource: Resource, value: Any, texts: Mapping[str, str], base: At = ZIPPED
) -> tuple[Code, int]:
    """Return the code that stands at a property, such as ``ZipFile``, and its number of lines.

    ``texts`` stand in for the content of some templates.

    What the template fills in (``Fn::Sub``, ``Fn::Join``) stands in the text as ``${owner.name}``.
    """
    text = str(next(iter(alternatives(value))))
    number = len(text.splitlines())
    scalars = _scalars(resource, base)
    path = scalars[0].path
    if path.endswith(HCL):
        return Code(file=path, text=text, lines=_heredoc(scalars[0], number)), number
    known = texts.get(path)
    source = notation.decode(files.content(root / path), path) if known is None else known
    lines: Starts = ()
    segments: tuple[Piece, ...] = ()
    for place in scalars:
        before = len(lines)
        pieces = notation.segment_map(source, place)
        segments += tuple((piece[0] + before, *piece[1:]) for piece in pieces)
        lines += notation.line_map(source, place)
    if len(lines) < number:
        lines = (*lines, *((scalars[0].line, scalars[0].column),) * (number - len(lines)))
    return Code(file=path, text=text, lines=lines, segments=segments), number


def _heredoc(place: Place, number: int) -> Starts:
    """Return where each line starts of a text that stands in HCL, or is taken from elsewhere."""
    if place.end_line - place.line < number:
        return ((place.line, place.column),) * number
    return tuple((place.line + 1 + n, 1) for n in range(number))


def _scalars(resource: Resource, base: At) -> list[Place]:
    """Return the scalars that together hold the text; a joined text has one or more a line."""
    parts: list[Place] = []
    while (*base, *JOINED, len(parts)) in resource.places:
        parts.append(resource.places[(*base, *JOINED, len(parts))])
    if parts:
        return parts
    found = (resource.places.get((*base, *scalar)) for scalar in SCALARS)
    return [next((place for place in found if place), resource.where(base))]
