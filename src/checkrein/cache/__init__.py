"""What was read, kept beside the application for the next scan.

An entry is the result of one unit of reading (a root template with all that it takes in, a
function's summary with all that it imports) together with every question that was put to the disk
for it (``checkrein.files``). It is used where each of them is answered as before, so that a file
that was changed, added or deleted makes exactly the results anew that looked for it. What follows
from such results may be kept too, by whoever sees to its grounds (``derive.access.remembered``).
Who may have written the entries is the matter of ``store``.
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
Known = dict[tuple[str, ...], tuple[Any, files.Asked]]
VARIABLE = "CHECKREIN_CACHE"  # "off" in the environment turns it off


class Memory:
    """What was read in this run, for the next reading of the same folder in it.

    ``checkrein diff`` puts one version after the other into one folder: what rests on files that
    both hold is read once.
    """

    def __init__(self, known: Known | None = None) -> None:
        self.known: Known = {} if known is None else known

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

    def outdated(
        self,
        name: tuple[str, ...],  # noqa: ARG002 - as above
        kind: Any,  # noqa: ARG002
    ) -> tuple[Any, files.Asked] | None:
        """Return what an earlier scan kept under a name, right or not, and what was asked for it.

        Beside each question is the answer of then.
        """
        return None

    def keep(self, name: tuple[str, ...], made: Any, asked: files.Asked) -> None:
        """Keep a result with what was asked for it."""
        if files.TORN not in asked.values():
            self.known[name] = made, asked

    def save(self, *, shipped: bool = False) -> None:
        """Leave nothing behind: what this run knows ends with it."""


class Cache(Memory):
    """The entries of one scanned folder; ``Cache(root, wanted=False)`` keeps and finds nothing.

    ``judged`` tells those that rest on all of the tool from those that rest on how it reads;
    ``file`` is another file for some. They lie in that folder, unless another is their ``home``.
    """

    def __init__(
        self,
        root: Path,
        *,
        wanted: bool = True,
        judged: bool = False,
        home: Path | None = None,
        file: str = "",
    ) -> None:
        super().__init__()
        self.root = root
        self.home = home or root
        self.file = file or (store.JUDGED if judged else store.FILE)
        self.wanted = wanted and os.environ.get(VARIABLE) != "off"
        self.seal = store.Seal.of_user(root) if self.wanted else None
        self.version = tool.version(whole=judged) if self.seal else ""
        found = store.load(self.home, self.seal, self.file) if self.seal else None
        same = found is not None and (found.tool, found.root) == (self.version, str(self.home))
        self._begin(found.rows if found and same else [], found.entries if found and same else {})

    def _begin(self, rows: list[store.Row], entries: dict[str, store.Entry]) -> None:
        """Go on with entries and the rows that they number."""
        self.rows, self.entries = rows, entries
        self._indices = {row: index for index, row in enumerate(rows)}
        self._right: dict[int, bool] = {}
        self.changed = False

    def find(self, name: tuple[str, ...], kind: Any) -> Any:
        """Return what is kept under a name and still right, else None."""
        entry = self.entries.get(_digest(name))
        if entry is None or not all(map(self._is_right, entry.rows)):
            return None
        found = _decoded(entry, kind)
        if found is None:
            return None
        entry.idle = 0
        files.note(dict(map(self._question, entry.rows)))
        return found

    def outdated(self, name: tuple[str, ...], kind: Any) -> tuple[Any, files.Asked] | None:
        """Return what is kept under a name, right or not; see ``Memory``."""
        entry = self.entries.get(_digest(name))
        found = None if entry is None else _decoded(entry, kind)
        if entry is None or found is None:
            return None
        return found, dict(map(self._question, entry.rows))

    def keep(self, name: tuple[str, ...], made: Any, asked: files.Asked) -> None:
        """Keep a result with what was asked for it; what no entry can hold is not kept."""
        if self.seal is None or files.TORN in asked.values():
            return
        try:
            value = memoryview(codec.encode(made))
            rows = [self._index(kind, path, answer) for (kind, path), answer in asked.items()]
        except (TypeError, ValueError, OverflowError, RecursionError):
            return
        self.entries[_digest(name)] = store.Entry(rows, value)
        self.changed = True

    def move(self, file: str) -> None:
        """Let the entries be written into another file: those of before stay in theirs."""
        self.changed = self.changed or file != self.file
        self.file = file

    def save(self, *, shipped: bool = False) -> None:
        """Write the entries for the next scan, if there are new ones and they can be written.

        Not into a folder that is ``shipped``: each scan would change what is built from it.
        """
        if self.seal is None or not self.changed or (shipped and self.home == self.root):
            return
        entries = {name: one for name, one in self.entries.items() if one.idle < IDLE}
        for one in entries.values():
            one.idle += 1
        rows = self._used(entries.values())
        self._begin(rows, entries)
        stored = store.Stored(self.version, str(self.home), rows, entries)
        store.save(self.home, self.seal, stored, self.file)

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


class Held(Cache):
    """The entries of one scanned folder, and in ``known`` what this run read or took from them."""

    def find(self, name: tuple[str, ...], kind: Any) -> Any:
        """Return what is kept under a name and still right, else None."""
        if name in self.known:
            return Memory.find(self, name, kind)
        with files.asking() as asked:
            found = super().find(name, kind)
        if found is not None:
            Memory.keep(self, name, found, asked)
        return found

    def keep(self, name: tuple[str, ...], made: Any, asked: files.Asked) -> None:
        """Keep a result with what was asked for it."""
        Memory.keep(self, name, made, asked)
        super().keep(name, made, asked)


class Versions(Held):
    """What was read of a repository's versions, which ``checkrein diff`` puts into one folder.

    Behind what this run read of them stands what earlier runs read of this repository. The folder
    for copies is another in each run, so what is kept has its home among the user's own files, and
    says of paths where in a copy they are.
    """

    def __init__(self, copies: Path, repository: Path, below: str, *, judged: bool = False) -> None:
        """Begin for copies that are put into a folder, of which a part, "" for all, is read.

        ``judged`` as for a Cache: what rests on all of the tool.
        """
        home = store.home(f"{repository.resolve()}\0{below}")
        super().__init__(copies, home=home, wanted=home is not None, judged=judged)

    def anew(self) -> None:
        """Go on with another version in the folder."""
        self._right.clear()

    def save(self, *, shipped: bool = False) -> None:
        """Write the entries for the next run, and forget repositories that nobody asks about."""
        if self.seal is not None and self.changed:
            store.sweep(self.home.parent)
        super().save(shipped=shipped)


def _decoded(entry: store.Entry, kind: Any) -> Any:
    """Return what an entry holds, None where that is nothing of this kind."""
    try:
        return codec.decode(entry.value, kind)
    except (msgspec.DecodeError, TypeError, ValueError, RecursionError):
        return None


def _below(path: str, root: Path) -> str:
    """Return a path relative to the root, as it was written, where it plainly is below."""
    start = f"{root}{os.sep}"
    rest = path.removeprefix(start)
    return rest if rest != path and rest and not os.path.isabs(rest) else path  # noqa: PTH117


def _digest(name: tuple[str, ...]) -> str:
    return files.digest(repr(name).encode())
