"""What the analysis asks of the disk, each question in one place, so that an answer can be kept.

What rests on files may be used again where all that was asked for it is answered as before: what
a file holds, what a path is, which names a folder has. That nothing is there is an answer too.
``asking`` gathers questions with their answers; within ``scan`` each is put to the disk once, and
what lies outside of the scanned folder, by its path or by a link, is not there. What is no plain
file (a device, a pipe) is never opened: it may have no end. What lies in a zip archive is there,
below the archive's path.
"""

from __future__ import annotations

import errno
import functools
import gc
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar, Token
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import IO, Any, ParamSpec, Protocol, TypeVar

from checkrein import disk
from checkrein.digests import blake2b
from checkrein.disk import FILE, FOLDER

Question = tuple[str, str]  # one of ``ANSWERS``, and the path as it was asked for
Asked = dict[Question, str]  # an answer is a text from which all that was learnt follows

NOTHING = ""  # the kind of what is not there
OWN = ".checkrein"  # what is kept there must not be a part of what is asked
TORN = "torn"  # no question has this answer: the file was changed while it was read
WILD = frozenset("*?[")
PACKAGE = os.path.realpath(os.path.dirname(__file__))  # noqa: PTH120 - speed; what the tool brings along
OUTSIDE = "it leads out of the scanned folder"
P = ParamSpec("P")
T = TypeVar("T")


class _Scan:
    """What one scan knows of the disk, and the results that functions remember with it."""

    def __init__(self, root: Path | str = "") -> None:
        self.root = os.path.realpath(root) if root else ""
        self.folders = {self.root: False}  # which lie outside
        self.answers: Asked = {}
        self.names: dict[str, tuple[frozenset[str], str]] = {}  # and the answer they are
        self.made: dict[tuple[Any, ...], tuple[Any, Asked]] = {}
        self.changing: set[Question] = set()  # whose answers were others at times

    def still(self, asked: Asked) -> bool:
        """Tell whether what was asked is answered as then."""
        return not self.changing or all(
            asked[each] == answer(each) for each in self.changing if each in asked
        )


_SCAN: ContextVar[_Scan | None] = ContextVar("scan", default=None)
_ASKING: ContextVar[Asked | None] = ContextVar("asking", default=None)
_STANDING_IN: ContextVar[Mapping[str, bytes]] = ContextVar("standing in", default={})  # noqa: B039


@contextmanager
def standing_in(root: Path, texts: Mapping[str, str]) -> Iterator[None]:
    """Let texts stand in for the content of files, whose paths are relative to ``root``.

    A scan that has begun goes on: it asks for these files again, now and when their own content
    counts once more, and what was remembered of others stays.
    """
    stood = {os.fspath(root / p): text.encode() for p, text in texts.items()}
    token = _STANDING_IN.set(stood)
    _ask_again(stood)
    try:
        yield
    finally:
        _STANDING_IN.reset(token)
        _ask_again(stood)


def _ask_again(paths: Iterable[str]) -> None:
    scan = _SCAN.get()
    if scan is not None:
        for path in paths:
            scan.answers.pop(("content", path), None)
            scan.changing.add(("content", path))


# ------------------------------------------------------------------------------ questions


def content(path: Path | str) -> bytes:
    """Return what a file holds; raise OSError, or ValueError for a name that no file can have."""
    question = ("content", os.fspath(path))
    try:
        data = _STANDING_IN.get().get(question[1])
        if data is None:
            data = _bytes(question[1])
    except (OSError, ValueError) as error:
        _note(question, _failed(error))
        raise
    _note(question, digest(data))
    return data


def text(path: Path | str, encoding: str = "utf-8", errors: str = "strict") -> str:
    """Return a file's text, its lines ended by newlines; raise as ``content``, or ValueError."""
    found = content(path).decode(encoding, errors)
    return found.replace("\r\n", "\n").replace("\r", "\n")


@contextmanager
def opened(path: Path | str) -> Iterator[IO[bytes]]:
    """Open a file to read it piece by piece; raise as ``content``.

    For what is read anew each time: nothing that rests on it can be kept.
    """
    where = os.fspath(path)
    _refuse_outside(where)
    with disk.opened(where) as file:
        yield file


def is_file(path: Path | str) -> bool:
    return _ask("kind", path) == FILE


def is_folder(path: Path | str) -> bool:
    return _ask("kind", path) == FOLDER


def exists(path: Path | str) -> bool:
    return _ask("kind", path) != NOTHING


def size(path: Path | str) -> int:
    """Return a file's size in bytes, 0 where there is none."""
    return int(_ask("size", path) or 0)


def names(folder: Path | str) -> frozenset[str]:
    """Return the names in a folder, none where it is no folder or cannot be opened."""
    scan, path = _SCAN.get(), os.fspath(folder)
    known = None if scan is None else scan.names.get(path)
    if known is None:
        found = _listed(path)
        known = found, _named(found)
        if scan is not None:
            scan.names[path] = known
    _note(("names", path), known[1])
    return known[0]


def matching(folder: Path, pattern: str) -> list[Path]:
    """Return what stands below a folder at a path whose parts may hold ``*``, sorted."""
    found = [folder]
    for part in PurePosixPath(pattern).parts:
        if WILD.isdisjoint(part):
            found = [each / part for each in found if exists(each / part)]
        else:
            found = [
                each / n for each in found for n in sorted(names(each)) if fnmatchcase(n, part)
            ]
    return found


# ------------------------------------------------------------------------------ answers


def answer(question: Question) -> str:
    """Put a question to the disk, or repeat what it answered in this scan."""
    scan = _SCAN.get()
    known = None if scan is None else scan.answers.get(question)
    if known is not None:
        return known
    kind, path = question
    found = ANSWERS[kind](path) if kind in ANSWERS else TORN
    if scan is not None:
        scan.answers[question] = found
    return found


def _ask(kind: str, path: Path | str) -> str:
    question = (kind, os.fspath(path))
    found = answer(question)
    asked = _ASKING.get()
    if asked is not None:
        asked[question] = found
    return found


def _note(question: Question, found: str) -> None:
    scan, asked = _SCAN.get(), _ASKING.get()
    if scan is not None and scan.answers.setdefault(question, found) != found:
        found = scan.answers[question] = TORN
    if asked is not None and asked.setdefault(question, found) != found:
        asked[question] = TORN


def digest(data: bytes) -> str:
    """Return what stands for content: equal only if that is."""
    return blake2b(data, digest_size=20).hexdigest()


def _failed(error: OSError | ValueError) -> str:
    return f"!{error.errno}" if isinstance(error, OSError) else "!"


def _leads_out(path: str) -> bool:
    """Tell whether a path lies outside of what is scanned, or is a link that leads out of it.

    Nothing is outside where no scan says what its folder is.
    """
    scan = _SCAN.get()
    if scan is None or not scan.root:
        return False
    if _is_folder_out(scan, os.path.dirname(path)) or _may_turn(path):  # noqa: PTH120 - speed
        return not _is_below(os.path.realpath(path), scan.root)
    return False


def _is_folder_out(scan: _Scan, folder: str) -> bool:
    """Tell whether a folder lies outside: what is in one that does not, and no link, does not."""
    unknown: list[str] = []  # no recursion: folders nest deeper than Python's calls may
    while (known := scan.folders.get(folder)) is None:
        unknown.append(folder)
        above = os.path.dirname(folder)  # noqa: PTH120 - speed
        if above == folder:
            known = True
            break
        folder = above
    for each in reversed(unknown):
        if known or _may_turn(each):
            known = not _is_below(os.path.realpath(each), scan.root)
        scan.folders[each] = known
    return known


def _may_turn(path: str) -> bool:
    """Tell whether a path may lie elsewhere than in the folder that it names."""
    return path.endswith((".", "/")) or os.path.islink(path)  # noqa: PTH114 - speed


def _is_below(path: str, root: str) -> bool:
    return any(path == top or path.startswith(f"{top.rstrip('/')}/") for top in (root, PACKAGE))


def _refuse_outside(path: str) -> None:
    if _leads_out(path):
        raise OSError(errno.EXDEV, OUTSIDE, path)


def _bytes(path: str) -> bytes:
    _refuse_outside(path)
    return disk.content(path)


def _content(path: str) -> str:
    stood = _STANDING_IN.get().get(path)
    try:
        return digest(_bytes(path) if stood is None else stood)
    except (OSError, ValueError) as error:
        return _failed(error)


def _kind(path: str) -> str:
    try:
        _refuse_outside(path)
        return disk.kind(path)
    except (OSError, ValueError):
        return NOTHING


def _size(path: str) -> str:
    try:
        _refuse_outside(path)
        return str(disk.size(path))
    except (OSError, ValueError):
        return ""


def _listed(path: str) -> frozenset[str]:
    try:
        _refuse_outside(path)
        return disk.names(path) - {OWN}
    except (OSError, ValueError):
        return frozenset()


def _named(found: frozenset[str]) -> str:
    joined = "\0".join(sorted(found)).encode(errors="surrogateescape")
    return digest(joined)


ANSWERS: dict[str, Callable[[str], str]] = {
    "content": _content,
    "kind": _kind,
    "size": _size,
    "names": lambda path: _named(_listed(path)),
}


# ------------------------------------------------------------------------------ keeping


def begin(root: Path | str = "") -> Token[_Scan | None]:
    """Put each question to the disk once from now on; nothing outside of ``root`` is there."""
    return _SCAN.set(_Scan(root))


def go_on(root: str) -> None:
    """Begin in a worker of a scan, unless it is a copy of a process that has begun: go on then."""
    gc.freeze()  # what is copied is shared by the processes until somebody looks through it
    if scanned() != root:
        begin(root)


def scanned() -> str:
    """Return the folder that nothing is read outside of, "" where there is no such bound."""
    scan = _SCAN.get()
    return scan.root if scan else ""


@contextmanager
def scan(root: Path | str = "") -> Iterator[None]:
    """Begin, until the end, or go on with what began for the same folder around it.

    What is remembered is forgotten then.
    """
    if root and scanned() == os.path.realpath(root):
        yield
        return
    token = begin(root)
    try:
        yield
    finally:
        _SCAN.reset(token)


class Kept(Protocol):
    """Returns what an earlier scan made under a name and is still right, else what is made now."""

    def __call__(self, name: tuple[str, ...], kind: type[T], make: Callable[[], T]) -> T: ...


def unkept(name: tuple[str, ...], kind: type[T], make: Callable[[], T]) -> T:  # noqa: ARG001
    """Make it now: there was no earlier scan."""
    return make()


@contextmanager
def asking() -> Iterator[Asked]:
    """Gather all that is asked until the end, with the answers; what is inside counts outside."""
    asked: Asked = {}
    token = _ASKING.set(asked)
    try:
        yield asked
    finally:
        _ASKING.reset(token)
        note(asked)


def note(asked: Asked) -> None:
    """Count questions that were asked for a result as asked now, where it is used again."""
    outer = _ASKING.get()
    if outer is not None:
        outer.update(asked)


def remembered(function: Callable[P, T]) -> Callable[P, T]:
    """Run a function once for the same arguments in a scan; its result brings its questions."""

    @functools.wraps(function)
    def again(*arguments: P.args, **named: P.kwargs) -> T:
        scan = _SCAN.get()
        if scan is None:
            return function(*arguments, **named)
        key = (function, *arguments, *sorted(named.items())) if named else (function, *arguments)
        known = scan.made.get(key)
        if known is not None and scan.still(known[1]):
            note(known[1])
            earlier: T = known[0]
            return earlier
        with asking() as asked:
            found = function(*arguments, **named)
        scan.made[key] = found, asked
        return found

    return again
