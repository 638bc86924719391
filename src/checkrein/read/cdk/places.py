"""Where the team's own program makes what a synthesized template declares.

CDK notes, for each construct, the frames of the program that made it, and for many properties
those that set them. A frame is taken where it names a file of the scanned folder; programs in
Python or Java leave none, and CDK before 2.2 hundred only where it was asked to (``--debug``):
then the place counts that alone says the construct's id.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path as File
from pathlib import PurePosixPath
from typing import Any

from checkrein import files
from checkrein.late import regex
from checkrein.model import Path, Place
from checkrein.read.cdk.added import added_for
from checkrein.read.cdk.assembly import Assembly, document
from checkrein.read.cdk.constructs import made_at
from checkrein.read.cdk.literals import literals
from checkrein.read.cdk.tree import kinds
from checkrein.read.cdk.written import app_folder
from checkrein.read.paths import inside, joined

FRAME = regex(r"(?:^|\(|\s)(?:file://)?([^\s()][^()]*?):(\d+)(?::(\d+))?\)?$")
PATH = "aws:cdk:path"
Entries = list[dict[str, Any]]
Metadata = dict[str, Entries]
FOREIGN = ("node_modules", "node:", "internal/", "site-packages", "jsii")


def places(root: File, found: Assembly, resources: dict[str, Any]) -> dict[str, dict[Path, Place]]:
    """Return, for resources of a template, where they and their properties are made.

    A property counts where all that set it stand in one place; the empty path is the resource.
    """
    metadata = _metadata(root, found)
    by_name = _by_logical_id(metadata)
    classes = kinds(root, found.folder)
    made = {}
    for name, declared in resources.items():
        path = construct_path(declared)
        path = f"/{path}" if path else by_name.get(name, "")
        own = _places(root, found.folder, metadata.get(path, []))
        for above in () if () in own or added_for(path) else _above(path, metadata):
            whole = _places(root, found.folder, above).get(())
            own |= {(): whole} if whole else {}
        if () not in own and path and not added_for(path):
            said = made_at(root, app_folder(root, found.folder), path, classes.get)
            own |= {(): said} if said else {}
        if () in own:
            made[name] = literals(root, own[()].path, declared.get("Properties")) | own
    return made


def _above(path: str, metadata: Metadata) -> Iterator[Entries]:
    """Yield the metadata of the constructs that a construct is a part of, the outermost first.

    A role's policy is made when the first right is granted, deep in CDK: the function that has
    the role says more. The stack itself says nothing of its parts.
    """
    found: list[Entries] = []
    parts = path.split("/")
    for end in range(len(parts) - 1, 1, -1):
        above = "/".join(parts[:end])
        entries = metadata.get(above, [])
        if any(entry.get("type") == "aws:cdk:templateFile" for entry in entries):
            break
        found += [entries, metadata.get(f"{above}/Resource", [])]
    yield from reversed(found)


def construct_path(declared: Any) -> str:
    """Return the path of the construct that made a resource, "" where the template has none."""
    metadata = declared.get("Metadata") if isinstance(declared, dict) else None
    path = metadata.get(PATH) if isinstance(metadata, dict) else None
    return path if isinstance(path, str) else ""


def _metadata(root: File, found: Assembly) -> Metadata:
    gathered: Metadata = {}
    for artifact in found.stacks.values():
        name = artifact.get("additionalMetadataFile")
        beside = document(root, joined(found.folder, name)) if isinstance(name, str) else {}
        for metadata in (artifact.get("metadata"), beside):
            for path, listed in metadata.items() if isinstance(metadata, dict) else ():
                entries = listed if isinstance(listed, list) else []
                gathered.setdefault(path, []).extend(e for e in entries if isinstance(e, dict))
    return gathered


def _by_logical_id(metadata: Metadata) -> dict[str, str]:
    """Return the construct of each logical id that one construct only has."""
    found: dict[str, set[str]] = {}
    for path, entries in metadata.items():
        for entry in entries:
            name = entry.get("data")
            if entry.get("type") == "aws:cdk:logicalId" and isinstance(name, str):
                found.setdefault(name, set()).add(path)
    return {name: next(iter(paths)) for name, paths in found.items() if len(paths) == 1}


def _places(root: File, folder: str, entries: Entries) -> dict[Path, Place]:
    found: dict[Path, set[Place]] = {}
    for path, frames in _noted(entries):
        place = next(_own(root, folder, frames), None)
        if place:
            found.setdefault(path, set()).add(place)
    return {path: min(there) for path, there in found.items() if len(there) == 1 or not path}


def _noted(entries: Entries) -> Iterator[tuple[Path, Any]]:
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
