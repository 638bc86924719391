"""Packages of a JavaScript program that stand in the same repository, found by their name."""

from __future__ import annotations

import functools
import json
import os
import re
from pathlib import Path
from typing import Any

LOCAL = ("file:", "link:", "portal:", "workspace:")
UNFIT = re.compile(r"^[/!]|\.\.|\*\*")  # outside, excluded, or the whole tree
GROUPS = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")


@functools.cache
def read_json(path: Path) -> dict[str, Any]:
    """Return a JSON file's object, comments and final commas forgiven; {} if it is none."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return {}
    text = re.sub(r'("(?:\\.|[^"\\])*")|//[^\n]*|/\*.*?\*/', r"\1", text, flags=re.DOTALL)
    try:
        found = json.loads(re.sub(r",(\s*[}\]])", r"\1", text))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def package_folder(name: str, here: Path, root: Path) -> Path | None:
    """Return the folder of a package that a manifest at or above ``here`` says is local."""
    for folder in (here, *here.parents):
        manifest = read_json(folder / "package.json")
        found = _linked(manifest, name, folder) or _members(folder).get(name)
        if found is not None or folder == root:
            return found
    return None


def _linked(manifest: dict[str, Any], name: str, folder: Path) -> Path | None:
    """Return where ``"name": "file:../shared"`` leads."""
    for group in GROUPS:
        known = manifest.get(group)
        wanted = known.get(name) if isinstance(known, dict) else None
        if isinstance(wanted, str) and wanted.startswith(LOCAL):
            path = Path(os.path.normpath(folder / wanted.partition(":")[2]))
            if (path / "package.json").is_file():
                return path
    return None


@functools.cache
def _members(folder: Path) -> dict[str, Path]:
    """Return the packages of a workspace by name."""
    patterns = read_json(folder / "package.json").get("workspaces", ())
    if isinstance(patterns, dict):
        patterns = patterns.get("packages", ())
    if not isinstance(patterns, (list, tuple)):
        return {}
    found: dict[str, Path] = {}
    for pattern in patterns:
        if not isinstance(pattern, str) or UNFIT.search(pattern):
            continue
        for path in sorted(folder.glob(pattern.removeprefix("./").rstrip("/") or ".")):
            name = read_json(path / "package.json").get("name")
            if isinstance(name, str):
                found.setdefault(name, path)
    return found
