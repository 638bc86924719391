"""The folder that evidence is written to: nothing else may stand in it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from checkrein import __version__
from checkrein.errors import UsageError
from checkrein.report import harmless

MANIFEST = "evidence.json"
Files = dict[str, bytes]


class Manifest(msgspec.Struct, frozen=True):
    """What ``evidence.json`` must say so that the folder is known to be ours."""

    tool: dict[str, str]
    files: list[str]


def with_manifest(pages: Mapping[str, bytes], facts: Mapping[str, Any]) -> Files:
    """Return the pages with ``evidence.json``: the facts on the cover, and what was written."""
    content = {
        "schema": 1,
        "tool": {"name": "checkrein", "version": __version__},
        **facts,
        "files": sorted([*pages, MANIFEST]),
    }
    return {**pages, MANIFEST: msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"}


def ready(folder: Path) -> None:
    """Raise UsageError where evidence cannot be written to a folder, before any work is done."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file; give a folder for the evidence")
    if folder.is_dir():
        ours = set(_written(folder))
        others = sorted(path.name for path in folder.iterdir() if path.name not in ours)
        if others:
            raise UsageError(
                f"{folder} holds {others[0]}, which is no evidence of checkrein's: "
                "give an empty folder, or a new one"
            )


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write evidence in place of what was written before; raise UsageError where that fails."""
    ready(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in set(_written(folder)) - set(files):
            (folder / name).unlink(missing_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(harmless.document(content))
    except OSError as error:
        raise UsageError(f"cannot write {folder}: {error.strerror}") from None


def _written(folder: Path) -> list[str]:
    """Return the names of what an earlier run wrote, none where it was not one of ours."""
    try:
        found = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError):
        return []
    return found.files if found.tool.get("name") == "checkrein" else []
