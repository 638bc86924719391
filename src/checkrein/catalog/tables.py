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
from functools import cache
from pathlib import Path
from typing import Any

from checkrein.catalog.packed import FOLDER, broken


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
    head = f"{found.st_mtime_ns} {found.st_size}\n".encode()
    kept = file.parent / "__pycache__" / f"{file.name}.{sys.implementation.cache_tag}"
    with suppress(OSError, ValueError, EOFError, TypeError):
        data = kept.read_bytes()
        if data.startswith(head):
            known: dict[str, Any] = marshal.loads(data[len(head) :])  # noqa: S302 - our own
            return known
    said = _parsed(file)
    if not sys.dont_write_bytecode:
        with suppress(OSError, ValueError):  # ValueError: a date is no value of marshal's
            _keep(kept, head + marshal.dumps(said))
    return said


def _parsed(file: Path) -> dict[str, Any]:
    import yaml  # noqa: PLC0415  (a run that asks for no table does not pay for it)

    try:
        said: dict[str, Any] = yaml.load(file.read_bytes(), yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error
    return said


def _keep(kept: Path, data: bytes) -> None:
    kept.parent.mkdir(exist_ok=True)
    unfinished = kept.with_name(f"{kept.name}.{os.getpid()}")
    unfinished.write_bytes(data)
    unfinished.replace(kept)
