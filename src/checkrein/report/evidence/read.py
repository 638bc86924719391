"""Which files were read, and their fingerprint."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from msgspec import Struct

from checkrein import files
from checkrein.model import Decision, Function, Place, Resource, Stack, Summary, Unread
from checkrein.model.result import Result
from checkrein.report.evidence.markdown import csv_of


class File(Struct, frozen=True, order=True):
    """A file that facts stand on, relative to the scanned folder; "" for one that is gone."""

    path: str
    sha256: str


def files_read(result: Result) -> tuple[File, ...]:
    """Return the templates and code files that were read, by path."""
    app = result.app
    paths = {stack.source for stack in app.every(Stack)}
    paths |= {path for summary in app.every(Summary) for path in summary.files}
    paths |= {p.code.file for function in app.every(Function) for p in function.programs}
    for resource in app.every(Resource):
        paths |= {place.path for place in _places(resource)}
    paths |= {fact.place.path for kind in (Decision, Unread) for fact in app.every(kind)}
    return tuple(
        File(path, _digest(result, path)) for path in sorted(paths) if _is_file(result, path)
    )


def fingerprint(files: Sequence[File]) -> str:
    """Return one hash over the names and contents of files, as ``sha256:…``."""
    told = "".join(f"{file.sha256}  {file.path}\n" for file in files)
    return f"sha256:{sha256(told.encode()).hexdigest()}"


def files_table(files: Sequence[File]) -> bytes:
    """Return a line for each file."""
    return csv_of(("sha256", "path"), ((file.sha256, file.path) for file in files))


def _places(resource: Resource) -> set[Place]:
    return {resource.place, *resource.places.values()}


def _is_file(result: Result, path: str) -> bool:
    return bool(path) and files.is_file(result.root / path)


def _digest(result: Result, path: str) -> str:
    try:
        return sha256(files.content(result.root / path)).hexdigest()
    except (OSError, ValueError):
        return ""
