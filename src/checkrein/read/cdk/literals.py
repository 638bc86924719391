"""Texts that a program writes beside their names, and that stand so in what it synthesized.

``DATABASE_NAME: "shop"`` of a program is where the variable of that name and value is changed; a
property's name may be written as programs do (``stageName``, ``stage_name``). What stands in a
file twice may be another resource's, and counts for none.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path as File
from typing import Any

from checkrein import files
from checkrein.late import regex
from checkrein.model import Path, Place

LEAST = 3  # characters: shorter texts stand beside too many names
WRITTEN = regex(
    r"""(?<![\w"'`.-])(?P<mark>["'`]?)(?P<name>[A-Za-z_][\w-]*)(?P=mark)\s*[:=]\s*"""
    r"""(?P<text>(?P<quote>["'`])(?P<value>[^"'`\\\n$]{3,})(?P=quote))"""
)
WORDS = regex(r"(?<=[a-z0-9])(?=[A-Z])")
Key = tuple[str, str]


def literals(root: File, path: str, properties: Any) -> dict[Path, Place]:
    """Return where a file of the program writes texts of a resource's properties, each once."""
    known = _written(root, path)
    if not known:
        return {}
    found = {}
    for at, value in _texts(properties, ()):
        name = next((str(key) for key in reversed(at) if isinstance(key, str)), "")
        places = {place for form in _forms(name) for place in known.get((form, value), ())}
        if len(places) == 1:
            found[at] = places.pop()
    return found


@files.remembered
def _written(root: File, path: str) -> dict[Key, list[Place]]:
    """Return the places of all texts in a file that stand beside a name."""
    try:
        text = files.text(root / path, errors="replace")
    except OSError:
        return {}
    found: dict[Key, list[Place]] = {}
    for number, line in enumerate(text.split("\n"), 1):
        for match in WRITTEN.finditer(line) if _may_write(line) else ():
            start, end = (position + 1 for position in match.span("text"))
            place = Place(path, number, start, number, end)
            found.setdefault((match["name"], match["value"]), []).append(place)
    return found


def _may_write(line: str) -> bool:
    """Tell whether a line may have a name with a text beside it: few do, and the pattern costs."""
    return (":" in line or "=" in line) and ('"' in line or "'" in line or "`" in line)


def _forms(name: str) -> set[str]:
    return {name, name[:1].lower() + name[1:], WORDS.sub("_", name).lower()}


def _texts(value: Any, at: Path) -> Iterator[tuple[Path, str]]:
    """Yield the plain texts below a value, with their paths; what is computed has none."""
    if isinstance(value, str) and len(value) >= LEAST:
        yield at, value
    elif isinstance(value, dict):
        for key, item in value.items():
            if key != "Ref" and not str(key).startswith("Fn::"):
                yield from _texts(item, (*at, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, (*at, index))
