"""Reading the catalogue's hand-kept tables (YAML, so that each line can carry its reason).

Reading YAML takes fifty times as long as reading what it says, so that is kept as Python keeps
compiled modules: in ``__pycache__`` beside the table, for the table's time and size, where Python
may write there. It is trusted as those are.
"""

from __future__ import annotations

import marshal
import os
import sys
from contextlib import suppress
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from checkrein.catalog.packed import FOLDER, broken

FORM = 2  # another where the shape of what is kept becomes another


@cache
def table(name: str) -> dict[str, Any]:
    """Return a table of ``data/``, plain values with dates as dates; raise CatalogError."""
    try:
        return read(FOLDER / name)
    except (OSError, ValueError) as error:
        raise broken(name, error) from error


def read(file: Path) -> dict[str, Any]:
    """Return what a YAML file says; raise OSError, or ValueError where it is no YAML."""
    found = file.stat()
    head = f"{FORM} {found.st_mtime_ns} {found.st_size}\n".encode()
    kept = file.parent / "__pycache__" / f"{file.name}.{sys.implementation.cache_tag}"
    with suppress(OSError, ValueError, EOFError, TypeError):
        data = kept.read_bytes()
        if data.startswith(head):
            known: dict[str, Any] = _dated(*marshal.loads(data[len(head) :]))  # noqa: S302 - ours
            return known
    said = _parsed(file)
    if not sys.dont_write_bytecode:
        with suppress(OSError, ValueError):  # ValueError: a time is no value of marshal's
            _keep(kept, head + marshal.dumps(_undated(said)))
    return said


def _parsed(file: Path) -> dict[str, Any]:
    import yaml  # noqa: PLC0415  (a run that asks for no table does not pay for it)

    try:
        said: dict[str, Any] = yaml.load(file.read_bytes(), yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error
    return said


def _undated(said: Any) -> tuple[Any, bool]:
    """Return what a file says with dates as tuples, which YAML has none of, and if it has any."""
    if type(said) is date:
        return (said.year, said.month, said.day), True
    if isinstance(said, dict):
        made = {key: _undated(item) for key, item in said.items()}
        return {key: item for key, (item, _) in made.items()}, any(d for _, d in made.values())
    if isinstance(said, list):
        listed = [_undated(item) for item in said]
        return [item for item, _ in listed], any(dated for _, dated in listed)
    return said, False


def _dated(known: Any, dated: bool) -> Any:  # noqa: FBT001 - as ``_undated`` gives it
    """Return what ``_undated`` was given."""
    if not dated:
        return known
    if isinstance(known, tuple):
        return date(*known)
    if isinstance(known, dict):
        return {key: _dated(item, dated) for key, item in known.items()}
    return [_dated(item, dated) for item in known] if isinstance(known, list) else known


def _keep(kept: Path, data: bytes) -> None:
    kept.parent.mkdir(exist_ok=True)
    unfinished = kept.with_name(f"{kept.name}.{os.getpid()}")
    unfinished.write_bytes(data)
    unfinished.replace(kept)
