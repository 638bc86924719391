"""Terraform's files as they are: which block says what stands at a place."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path as File
from pathlib import PurePosixPath

from checkrein.errors import InputError
from checkrein.model import Edit, Place
from checkrein.notation.hcl import parse_hcl
from checkrein.notation.hcl_nodes import Block, Body
from checkrein.notation.texts import line_starts
from checkrein.write.refusals import CannotEdit

Lookup = Callable[[str], str]  # a file's text by its path
SUFFIXES = (".tf", ".tofu")


@lru_cache(maxsize=1024)  # a folder's files are looked through in turn: fewer would keep none
def _parsed(text: str, path: str) -> Body:
    return parse_hcl(text.encode(), path)


def _names(folder: File) -> list[str]:
    """Return the files of a module's folder."""
    try:
        return sorted(file.name for file in folder.iterdir() if file.name.endswith(SUFFIXES))
    except OSError:
        return []


class Scene:
    """The files of some modules, read as they stand."""

    def __init__(self, text_of: Lookup, root: File) -> None:
        self.text_of, self._root = text_of, root

    def body(self, path: str) -> Body:
        """Return a file's content; raise CannotEdit where it cannot be read as HCL."""
        if not path.endswith(SUFFIXES):
            what = (
                "Terraform in JSON's syntax" if path.endswith(".json") else "Terraform's templates"
            )
            raise CannotEdit(f"checkrein does not write {what}: change {path}")
        try:
            return _parsed(self.text_of(path), path)
        except (InputError, OSError) as error:
            raise CannotEdit(f"{path} cannot be read again: {error}") from None

    def block(self, place: Place) -> Block | None:
        """Return the outermost block in which a place is."""
        if not place.path.endswith(SUFFIXES):
            return None
        for block in self.body(place.path).blocks:
            span = block.span
            if (
                (span.line, span.column)
                <= (place.line, place.column)
                < (
                    span.end_line,
                    span.end_column,
                )
            ):
                return block
        return None

    def beside(self, path: str) -> Iterator[Block]:
        """Yield the blocks of a file's module."""
        for each in dict.fromkeys([path, *self._files(PurePosixPath(path).parent)]):
            yield from self.body(each).blocks

    def within(self, folder: PurePosixPath) -> Iterator[Block]:
        """Yield the blocks of a folder's files that can be read."""
        for each in self._files(folder):
            try:
                yield from self.body(each).blocks
            except CannotEdit:
                continue

    def _files(self, folder: PurePosixPath) -> list[str]:
        return [str(folder / each) for each in _names(self._root / folder)]

    def edit(self, path: str, start: int, end: int, new: str) -> Edit:
        """Return the edit that puts a text between two byte offsets of a file."""
        text = self.text_of(path)
        if text.isascii():
            starts = line_starts(text)
            return Edit(Place(path, *_position(starts, start), *_position(starts, end)), new)
        data = text.encode()
        before = [len(data[:offset].decode(errors="replace")) for offset in (start, end)]
        starts = line_starts(text)
        return Edit(Place(path, *_position(starts, before[0]), *_position(starts, before[1])), new)


def _position(starts: list[int], offset: int) -> tuple[int, int]:
    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1
