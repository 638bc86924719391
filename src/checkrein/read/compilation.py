"""What a compiled file is compiled from, as the settings of TypeScript's compiler beside it say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from checkrein import files
from checkrein.late import regex
from checkrein.read.paths import inside, joined

SETTINGS = "tsconfig.json"
SAID = {  # the file may have comments, and so be no JSON
    "out": regex(r'"outDir"\s*:\s*"([^"]+)"'),
    "root": regex(r'^\s*"rootDir"\s*:\s*"([^"]+)"', re.MULTILINE),
    "include": regex(r'"include"\s*:\s*\[\s*"([^"]+)"'),
}


def sources(root: Path, path: str) -> Iterator[tuple[str, str]]:
    """Yield the folder, and the path in it, that a compiled path may be compiled from.

    Both are relative to ``root``, the path without the ending of its name.
    """
    for above in PurePosixPath(path).parents:
        base = joined(str(above))
        said = _said(root, base) if inside(base) else {}
        out = joined(base, said["out"]) if said.get("out", "").strip("./") else ""
        if not out or not path.startswith(f"{out}/"):
            continue
        for name in ("root", "include"):
            if name in said:
                yield joined(base, said[name].split("*")[0]), path[len(out) + 1 :]


def compiled_to(root: Path, folder: str) -> str:
    """Return the folder that code in a folder is compiled into, "" where nothing says another."""
    for above in (PurePosixPath(folder), *PurePosixPath(folder).parents):
        base = joined(str(above))
        if inside(base) and files.is_file(root / base / SETTINGS):
            out = _said(root, base).get("out", "")
            return joined(base, out) if out.strip("./") else ""
    return ""


def _said(root: Path, folder: str) -> dict[str, str]:
    place = root / folder / SETTINGS
    if not files.is_file(place):
        return {}
    try:
        text = files.text(place, errors="replace")
    except (OSError, ValueError):
        return {}
    return {name: found[1] for name, pattern in SAID.items() if (found := pattern.search(text))}
