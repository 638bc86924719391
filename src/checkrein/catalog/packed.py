"""Reading the catalogue's data files; the reasons they may fail become one CatalogError."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import TypeVar

import msgspec

from checkrein.errors import CatalogError

T = TypeVar("T")
FOLDER = Path(__file__).parent / "data"


class Source(msgspec.Struct, frozen=True):
    """Where a data file's content came from: a package, its licence, its own date if it has one.

    ``taken`` is the day the content was read; ``newest`` the latest date inside the content.
    """

    name: str
    version: str
    licence: str
    date: str
    taken: str
    newest: str = ""


def load(name: str, type: type[T]) -> T:
    """Return a data file's content as a type; a name that ends in ``.z`` is zlib-compressed."""
    try:
        content = (FOLDER / name).read_bytes()
        if name.endswith(".z"):
            content = zlib.decompress(content)
        return msgspec.json.decode(content, type=type)
    except (OSError, zlib.error, msgspec.MsgspecError) as error:
        raise broken(name, error) from error


def broken(name: str, error: Exception) -> CatalogError:
    """Say that a data file cannot be read, and what to do."""
    return CatalogError(f"the catalogue file {name} is unreadable ({error}): reinstall checkrein")
