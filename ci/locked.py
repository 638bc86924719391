"""Print the part of the lock file that running checkrein takes: no tests, no linters.

Argument: the folder with ``pyproject.toml`` and ``requirements.lock``. The build backend is part of
it, so that nothing is fetched without a hash.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

ENTRY = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==[^\n]*(?:\n[ \t]+[^\n]*)*", re.MULTILINE)
VIA = re.compile(r"#\s+(?:via\s+)?([A-Za-z0-9._-]+)[^\n]*$", re.MULTILINE)
NAME = re.compile(r"[A-Za-z0-9._-]+")


def locked(folder: Path) -> str:
    """Return the entries of the lock that the project's dependencies and their own lead to."""
    project = tomllib.loads((folder / "pyproject.toml").read_text())
    asked = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    needed = {canonical(NAME.match(each)[0]) for each in asked}  # type: ignore[index]
    entries = {
        canonical(found["name"]): found[0]
        for found in ENTRY.finditer((folder / "requirements.lock").read_text())
    }
    missing = sorted(needed - entries.keys())
    if missing:
        raise SystemExit(f"requirements.lock holds no {', '.join(missing)}; run make lock")
    asking = {name: set(map(canonical, VIA.findall(text))) for name, text in entries.items()}
    while more := {name for name, via in asking.items() if via & needed} - needed:
        needed |= more
    return "\n".join(entries[name] for name in entries if name in needed) + "\n"


def canonical(name: str) -> str:
    """Return a package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.stdout.write(locked(Path(sys.argv[1])))
