"""The files that people wrote an app in, beside the assembly that was made of it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path as File
from pathlib import PurePosixPath

from checkrein import files
from checkrein.read.paths import joined

SKIPPED = frozenset(
    {"node_modules", "dist", "build", "cdk.out", "coverage", "venv", "__pycache__"}
    | {"test", "tests", "__tests__"}
)
SAYS = "cdk.json"
MOST_FILES = 2_000
LARGEST = 400_000  # characters


@files.remembered
def app_folder(root: File, assembly: str) -> str:
    """Return the folder that an app was synthesized in, given that of its assembly or a stage's.

    It is the nearest above that has a ``cdk.json``, else the one that the assembly lies in.
    """
    above = PurePosixPath(outermost(assembly)).parents
    folders = [joined(str(folder)) for folder in above]
    said = (each for each in folders if files.is_file(root / joined(each, SAYS)))
    return next(said, folders[0])


def outermost(assembly: str) -> str:
    """Return the assembly that a stage's assembly is a part of, or that itself."""
    above = PurePosixPath(assembly)
    while above.name.startswith("assembly-"):
        above = above.parent
    return joined(str(above))


def sources(root: File, app: str, suffixes: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield (path, text) of the files below an app's folder that end so, some thousands at most."""
    for path in _paths(root, app, suffixes):
        try:
            text = files.text(root / path, errors="replace")
        except (OSError, ValueError):
            continue
        if len(text) <= LARGEST:
            yield path, text


def original(root: File, assembly: str, asset: str) -> str:
    """Return the one file of the team that an assembly's file is a copy of, else that itself.

    Both are relative to the assembly's folder.
    """
    try:
        text = files.text(root / joined(assembly, asset), errors="replace")
    except (OSError, ValueError):
        return asset
    suffix = PurePosixPath(asset).suffix
    same = [
        path
        for path, other in sources(root, app_folder(root, assembly), (suffix,))
        if other == text
    ]
    return posixpath.relpath(same[0], assembly or ".") if len(same) == 1 and suffix else asset


def _paths(root: File, app: str, suffixes: tuple[str, ...]) -> Iterator[str]:
    waiting, seen = [app], 0
    while waiting and seen < MOST_FILES:
        folder = waiting.pop(0)
        for name in sorted(files.names(root / folder)):
            path = joined(folder, name)
            if name.endswith(suffixes):
                seen += 1
                yield path
            elif "." not in name and name not in SKIPPED and files.is_folder(root / path):
                waiting.append(path)
