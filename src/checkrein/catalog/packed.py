"""Reading the catalogue's data files; the reasons they may fail become one CatalogError."""

from __future__ import annotations

import zlib
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import msgspec

from checkrein.errors import CatalogError

T = TypeVar("T")
FOLDER = Path(__file__).parent / "data"
LENGTH_BYTES = 4


class Source(msgspec.Struct, frozen=True):
    """Where a data file's content came from: a package, its licence, its own date if it has one.

    ``newest`` is the latest date inside the content, where the content has dates.
    """

    name: str
    version: str
    licence: str
    date: str
    newest: str = ""


class Index(msgspec.Struct, frozen=True):
    """What stands at the head of a pack: its sources, what it counts, where its blocks are."""

    sources: list[Source]
    counts: dict[str, int]
    blocks: dict[str, tuple[int, int]]  # name -> offset after the index, length


class Pack:
    """A data file of compressed blocks that are read one by one, as tools/catalog_iam.py writes it.

    Nothing is read before the first question.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._dictionaries: dict[str, bytes] = {}

    @cached_property
    def size(self) -> int:
        """Bytes of the whole file."""
        return len(self._content)

    @cached_property
    def index(self) -> Index:
        """The file's index; raises CatalogError if the file cannot be read."""
        return self._decoded(self._content[LENGTH_BYTES : self._start], b"", Index)

    def block(self, name: str, type: type[T]) -> T:
        """Return the content of a block that must be there; raises CatalogError if it is not."""
        found = self.find(name, type)
        if found is None:
            raise broken(self.name, KeyError(name))
        return found

    def find(self, name: str, type: type[T]) -> T | None:
        """Return a block's content as a type, None if the file has no such block."""
        spot = self.index.blocks.get(name)
        if spot is None:
            return None
        start = self._start + spot[0]
        kind, slash, _ = name.partition("/")
        known = self._dictionary(kind) if slash else b""
        return self._decoded(self._content[start : start + spot[1]], known, type)

    def _dictionary(self, kind: str) -> bytes:
        """Return the preset dictionary of a kind of blocks, b"" if it has none."""
        if kind not in self._dictionaries:
            offset, length = self.index.blocks.get(f"dictionary/{kind}", (0, 0))
            start = self._start + offset
            content = self._content[start : start + length]
            self._dictionaries[kind] = self._inflated(content) if length else b""
        return self._dictionaries[kind]

    @cached_property
    def _content(self) -> bytes:
        try:
            return (FOLDER / self.name).read_bytes()
        except OSError as error:
            raise broken(self.name, error) from error

    @cached_property
    def _start(self) -> int:
        return LENGTH_BYTES + int.from_bytes(self._content[:LENGTH_BYTES], "big")

    def _decoded(self, content: bytes, known: bytes, type: type[T]) -> T:
        inflated = self._inflated(content, known)
        try:
            return msgspec.json.decode(inflated, type=type)
        except msgspec.MsgspecError as error:
            raise broken(self.name, error) from error

    def _inflated(self, content: bytes, known: bytes = b"") -> bytes:
        try:
            return zlib.decompressobj(zdict=known).decompress(content)
        except zlib.error as error:
            raise broken(self.name, error) from error


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


IAM = Pack("iam.pack")
