"""What was read, kept beside the application for the next scan.

An entry is the result of one unit of reading (a root template with all that it takes in, a
function's summary with all that it imports) together with every question that was put to the disk
for it (``checkrein.files``). It is used where each of them is answered as before, so that a file
that was changed, added or deleted makes exactly the results anew that looked for it. Who may have
written the entries is the matter of ``store``.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from checkrein import files
from checkrein.cache import codec, store, tool

T = TypeVar("T")
IDLE = 4  # scans that wrote without using an entry, after which it is dropped
VARIABLE = "CHECKREIN_CACHE"  # "off" in the environment turns it off


class Memory:
    """What was read in this run, for the next reading of the same folder in it.

    ``checkrein diff`` puts one version after the other into one folder: what rests on files that
    both hold is read once.
    """

    def __init__(self) -> None:
        self.known: dict[tuple[str, ...], tuple[Any, files.Asked]] = {}

    def kept(self, name: tuple[str, ...], kind: type[T], make: Callable[[], T]) -> T:
        """Return what is kept under a name, else what ``make`` returns, and keep that."""
        known: T | None = self.find(name, kind)
        if known is not None:
            return known
        with files.asking() as asked:
            made = make()
        self.keep(name, made, asked)
        return made

    def find(self, name: tuple[str, ...], kind: Any) -> Any:  # noqa: ARG002 - Cache decodes to it
        """Return what is kept under a name and still right, else None."""
        made, asked = self.known.get(name, (None, {}))
        if not all(files.answer(question) == answer for question, answer in asked.items()):
            return None
        files.note(asked)
        return made

    def keep(self, name: tuple[str, ...], made: Any, asked: files.Asked) -> None:
        """Keep a result with what was asked for it."""
        if files.TORN not in asked.values():
            self.known[name] = made, asked

    def save(self) -> None:
        """Leave nothing behind: what this run knows ends with it."""


class Cache(Memory):
    """The entries of one scanned folder; ``Cache(root, wanted=False)`` keeps and finds nothing.

    ``judged`` tells those that rest on all of the tool from those that rest on how it reads.
    """

    def __init__(self, root: Path, *, wanted: bool = True, judged: bool = False) -> None:
        super().__init__()
        self.root = root
        self.file = store.JUDGED if judged else store.FILE
        self.wanted = wanted and os.environ.get(VARIABLE) != "off"
        self.seal = store.Seal.of_user(root) if self.wanted else None
        self.changed = False
        self.version = tool.version(whole=judged) if self.seal else ""
        found = store.load(root, self.seal, self.file) if self.seal else None
        same = found is not None and (found.tool, found.root) == (self.version, str(root))
        self.entries = found.entries if found and same else {}
        self.rows = found.rows if found and same else []
        self._indices = {row: index for index, row in enumerate(self.rows)}
        self._right: dict[int, bool] = {}

    def find(self, name: tuple[str, ...], kind: Any) -> Any:
        """Return what is kept under a name and still right, else None."""
        entry = self.entries.get(_digest(name))
        if entry is None or not all(map(self._is_right, entry.rows)):
            return None
        try:
            found = codec.decode(entry.value, kind)
        except (msgspec.DecodeError, TypeError, ValueError, RecursionError):
            return None
        entry.idle = 0
        files.note(dict(map(self._question, entry.rows)))
        return found

    def keep(self, name: tuple[str, ...], made: Any, asked: files.Asked) -> None:
        """Keep a result with what was asked for it; what no entry can hold is not kept."""
        if self.seal is None or files.TORN in asked.values():
            return
        try:
            value = codec.encode(made)
            rows = [self._index(kind, path, answer) for (kind, path), answer in asked.items()]
        except (TypeError, ValueError, OverflowError, RecursionError):
            return
        self.entries[_digest(name)] = store.Entry(rows, value)
        self.changed = True

    def save(self) -> None:
        """Write the entries for the next scan, if there are new ones and they can be written."""
        if self.seal is None or not self.changed:
            return
        entries = {name: one for name, one in self.entries.items() if one.idle < IDLE}
        for one in entries.values():
            one.idle += 1
        rows = self._used(entries.values())
        stored = store.Stored(self.version, str(self.root), rows, entries)
        store.save(self.root, self.seal, stored, self.file)

    def _used(self, entries: Any) -> list[store.Row]:
        """Return the rows that entries still name, and number them anew in these."""
        numbers: dict[int, int] = {}
        for one in entries:
            one.rows = [numbers.setdefault(index, len(numbers)) for index in one.rows]
        return [self.rows[index] for index in numbers]

    def _index(self, kind: str, path: str, answer: str) -> int:
        row = (kind, _below(path, self.root), answer)
        index = self._indices.get(row)
        if index is None:
            path.encode()  # ValueError for a name that is no text
            index = self._indices[row] = len(self.rows)
            self.rows.append(row)
        return index

    def _is_right(self, index: int) -> bool:
        known = self._right.get(index)
        if known is None:
            question, answer = self._question(index)
            known = self._right[index] = files.answer(question) == answer
        return known

    def _question(self, index: int) -> tuple[files.Question, str]:
        kind, path, answer = self.rows[index]
        return (kind, os.path.join(self.root, path)), answer  # noqa: PTH118


def _below(path: str, root: Path) -> str:
    """Return a path relative to the root, as it was written, where it plainly is below."""
    start = f"{root}{os.sep}"
    rest = path.removeprefix(start)
    return rest if rest != path and rest and not os.path.isabs(rest) else path  # noqa: PTH117


def _digest(name: tuple[str, ...]) -> str:
    return files.digest(repr(name).encode())
