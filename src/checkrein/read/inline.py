"""Code that stands inside a template, with the place of each of its lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from checkrein.model import Code, Resource
from checkrein.model.values import alternatives
from checkrein.notation import line_map

# the scalar that holds the text: as it is, or what Fn::Sub is given
SCALARS: tuple[tuple[str | int, ...], ...] = (
    ("Fn::Sub",),
    ("Fn::Sub", 0),
    (),
)


def inline_code(root: Path, resource: Resource, value: Any) -> tuple[Code, int]:
    """Return the code of a ``ZipFile`` value and its number of lines.

    What the template fills in (``Fn::Sub``, ``Fn::Join``) stands in the text as ``${owner.name}``.
    """
    text = str(next(iter(alternatives(value))))
    paths = [("Code", "ZipFile", *scalar) for scalar in SCALARS]
    place = next((resource.places[path] for path in paths if path in resource.places), None)
    place = place or resource.where(("Code", "ZipFile"))
    number = len(text.splitlines())
    source = (root / place.path).read_text(encoding="utf-8", errors="replace")
    lines = line_map(source, place)
    if len(lines) < number:
        lines = (*lines, *((place.line, place.column),) * (number - len(lines)))
    return Code(file=place.path, text=text, lines=lines), number
