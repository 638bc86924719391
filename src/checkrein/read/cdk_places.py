"""Where the team's own program makes what a synthesized template declares.

CDK notes, for each construct, the frames of the program that made it, and for many properties
those that set them. A frame is taken where it names a file of the scanned folder; programs in
Python or Java leave none, and CDK before 2.2 hundred only where it was asked to (``--debug``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path as File
from pathlib import PurePosixPath
from typing import Any

from checkrein import files
from checkrein.model import Path, Place
from checkrein.read.cdk import Assembly, document
from checkrein.read.handlers import inside, joined

FRAME = re.compile(r"(?:^|\(|\s)(?:file://)?([^\s()][^()]*?):(\d+)(?::(\d+))?\)?$")
PATH = "aws:cdk:path"
FOREIGN = ("node_modules", "node:", "internal/", "site-packages", "jsii")


def places(root: File, found: Assembly, resources: dict[str, Any]) -> dict[str, dict[Path, Place]]:
    """Return, for resources of a template, where they and their properties are made.

    A property counts where all that set it stand in one place; the empty path is the resource.
    """
    metadata = _metadata(root, found)
    by_name = _by_logical_id(metadata)
    made = {}
    for name, declared in resources.items():
        construct = f"/{construct_path(declared)}"
        entries = metadata.get(construct) or metadata.get(by_name.get(name, ""), [])
        own = _places(root, found.folder, entries)
        if () in own:
            made[name] = own
    return made


def construct_path(declared: Any) -> str:
    """Return the path of the construct that made a resource, "" where the template has none."""
    metadata = declared.get("Metadata") if isinstance(declared, dict) else None
    path = metadata.get(PATH) if isinstance(metadata, dict) else None
    return path if isinstance(path, str) else ""


def _metadata(root: File, found: Assembly) -> dict[str, list[dict[str, Any]]]:
    gathered: dict[str, list[dict[str, Any]]] = {}
    for artifact in found.stacks.values():
        name = artifact.get("additionalMetadataFile")
        beside = document(root, joined(found.folder, name)) if isinstance(name, str) else {}
        for metadata in (artifact.get("metadata"), beside):
            for path, listed in metadata.items() if isinstance(metadata, dict) else ():
                entries = listed if isinstance(listed, list) else []
                gathered.setdefault(path, []).extend(e for e in entries if isinstance(e, dict))
    return gathered


def _by_logical_id(metadata: dict[str, list[dict[str, Any]]]) -> dict[str, str]:
    """Return the construct of each logical id that one construct only has."""
    found: dict[str, set[str]] = {}
    for path, entries in metadata.items():
        for entry in entries:
            name = entry.get("data")
            if entry.get("type") == "aws:cdk:logicalId" and isinstance(name, str):
                found.setdefault(name, set()).add(path)
    return {name: next(iter(paths)) for name, paths in found.items() if len(paths) == 1}


def _places(root: File, folder: str, entries: list[dict[str, Any]]) -> dict[Path, Place]:
    found: dict[Path, set[Place]] = {}
    for path, frames in _noted(entries):
        place = next(_own(root, folder, frames), None)
        if place:
            found.setdefault(path, set()).add(place)
    return {path: min(there) for path, there in found.items() if len(there) == 1 or not path}


def _noted(entries: list[dict[str, Any]]) -> Iterator[tuple[Path, Any]]:
    """Yield (property path, frames) of one construct's metadata."""
    for entry in entries:
        kind, data = entry.get("type"), entry.get("data")
        if kind == "aws:cdk:creationStack":
            yield (), data
        elif kind == "aws:cdk:logicalId":
            yield (), entry.get("trace")
        elif kind == "aws:cdk:propertyAssignment" and isinstance(data, dict):
            name = data.get("propertyName")
            if isinstance(name, str):
                yield (name,), data.get("stackTrace")


def _own(root: File, folder: str, frames: Any) -> Iterator[Place]:
    """Yield the frames that name files of the scanned folder, the innermost first."""
    for frame in frames if isinstance(frames, list) else ():
        found = FRAME.search(frame) if isinstance(frame, str) else None
        if found and not any(mark in found[1] for mark in FOREIGN):
            path = _here(root, folder, found[1].replace("\\", "/"))
            if path:
                yield Place(path, int(found[2]), int(found[3] or 1))


def _here(root: File, folder: str, path: str) -> str:
    """Return the file of the scanned folder that a path of the machine that synthesized names.

    It may be another machine: then the longest end of the path counts that is a file below the
    folder the assembly was made in.
    """
    base = root.as_posix().rstrip("/") + "/"
    if path.startswith(base):
        near = path.removeprefix(base)
        return near if files.is_file(root / near) else ""
    parts = [part for part in path.split("/") if part]
    for above in PurePosixPath(folder).parents:
        for start in range(len(parts)):
            near = joined(str(above), *parts[start:])
            if inside(near) and files.is_file(root / near):
                return near
    return ""
