"""Files that an invocation leaves in the temporary folder: under names of their own, never removed.

A file whose name stays the same is written over by the next invocation; one that code makes for
itself, or names by what the request says, stays until the execution environment ends. What code
removes anywhere, or looks for before it writes (a cache), is not left.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Library, Structure
from checkrein.code.domain.values import constant, plain, strings
from checkrein.code.running import again
from checkrein.code.running.recorder import USE
from checkrein.model import Symbol, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from checkrein.code.domain.abstract import Sources
    from checkrein.code.domain.things import Arguments
    from checkrein.code.running.interpreter import Interpreter
    from checkrein.code.running.seen import Site

FAMILY = "left"
TEMPORARY = "/tmp/"  # noqa: S108 - of the code that is read
OWN = "a temporary file"
UNPACKING = frozenset(("extractall", "unpack_archive"))  # the archive says the names
WRITING = frozenset((
    "write", "writelines", "write_text", "write_bytes", "dump", "writeFile", "writeFileSync",
    "appendFile", "appendFileSync", "outputFile", "outputFileSync", "writeJson", "writeJsonSync",
    "GetObject", "save", "savefig", "to_csv", "to_excel", "to_parquet", "to_json", "writerow",
    "writerows", "copyfileobj", "extractall", "unpack_archive", "urlretrieve", "pipeline", "pump",
))  # fmt: skip
REMOVING = frozenset((
    "remove", "unlink", "unlinkSync", "rm", "rmSync", "rmtree", "rmdir", "rmdirSync", "removeSync",
    "emptyDir", "emptyDirSync", "rimraf", "rimrafSync", "del", "cleanup", "setGracefulCleanup",
    "move", "rename", "renameSync", "replace",
))  # fmt: skip
ASKING = frozenset(("exists", "isfile", "is_file", "existsSync", "pathExists", "access", "stat"))
LISTING = frozenset((
    "listdir", "scandir", "walk", "glob", "iglob", "rglob", "iterdir", "readdir", "readdirSync",
    "make_archive", "globSync",
))  # fmt: skip
OF_FILES = frozenset((
    "os", "shutil", "pathlib", "glob", "tempfile", "fs", "fs-extra", "graceful-fs", "rimraf", "del",
    "tmp", "fs/promises", "node:fs", "node:fs/promises", "aiofiles", "path", "os.path", "posixpath",
))  # fmt: skip
COMMANDS = frozenset(("subprocess", "child_process", "os"))
REMOVAL = re.compile(r"\b(?:rm|unlink|find .*-delete)\b")


class Left:
    """A file that was written: where, what flowed into it, and whether each time another is."""

    __slots__ = ("site", "sources", "varies")

    def __init__(self, site: Site, sources: Sources, varies: bool) -> None:  # noqa: FBT001
        self.site, self.sources, self.varies = site, sources, varies


class Leavings:
    """The files under ``/tmp`` that one invocation wrote, removed, looked for and listed."""

    __slots__ = ("files", "gone", "lasting", "listed")

    def __init__(self) -> None:
        self.files: dict[Any, Left] = {}
        self.gone: set[str] = set()  # what is removed begins so; "" is everything
        self.lasting: set[str] = set()  # made under names of their own, and not to be removed
        self.listed: set[str] = set()

    def written(
        self, run: Interpreter, name: str, paths: list[Any], sources: Sources, site: Site
    ) -> None:
        """See a function that may write into files."""
        last = name.rpartition(".")[2]
        if not run.state.started or run.state.again or last not in WRITING:
            return
        for path in paths:
            if not _leading(path).startswith(TEMPORARY):
                continue
            known = self.files.get(path)
            if known is None:
                self.files[path] = Left(site, sources, self._varies(path, last))
            else:
                known.sources |= sources

    def _varies(self, path: Any, last: str) -> bool:
        if isinstance(path, str):
            return last in UNPACKING or path.startswith((*self.lasting,))
        return any(not isinstance(part, str) and not _is_setting(part) for part in path.parts)

    def called(self, one: Library, last: str, given: Arguments) -> None:
        """See a function that may remove, look for or list files."""
        if last in REMOVING or last in ASKING:
            if one.module in OF_FILES or last in one.module:
                self.gone |= {*_beginnings(given.positional[:1]), *_handles(one)} or {""}
        elif last in LISTING and one.module in OF_FILES:
            self.listed |= set(_beginnings(given.every())) - {""}
        elif one.module in COMMANDS and any(map(REMOVAL.search, _words(given.every()))):
            self.gone.add("")

    def of_path(self, last: str, receiver: Abstract) -> None:
        """See a method of a path object."""
        if last in REMOVING or last in ASKING:
            self.gone |= set(_beginnings([receiver]))
        elif last in LISTING:
            self.listed |= set(_beginnings([receiver])) - {""}

    def record(self, run: Interpreter) -> None:
        """Record what is left of the event, once the handler has run."""
        for path, left in self.files.items():
            name = _leading(path)
            if not left.varies or any(name.startswith(gone) for gone in self.gone):
                continue
            told = frozenset(s for s in left.sources if again.is_of_event(run, plain(s)))
            if told:
                shown = OWN if name.startswith((*self.lasting,)) else f"{name}…"
                others = any(name.startswith(folder) for folder in self.listed)
                value = Abstract(sources=told, open=True)
                content = {"value": value, "listed": constant(others)}
                run.recorder.call((USE, FAMILY, shown), left.site, run.built("dict", content))


def _is_setting(part: Any) -> bool:
    return isinstance(part, Symbol) and part.owner == "env"


def _leading(path: Any) -> str:
    """Return how a path begins, as far as it is known."""
    first = path.parts[0] if isinstance(path, Text) else path
    return first if isinstance(first, str) else ""


def _beginnings(values: Iterable[Abstract]) -> Iterator[str]:
    for value in values:
        for atom in value.atoms or ("",):
            yield _leading(atom).partition("*")[0]


def _handles(one: Library) -> Iterator[str]:
    """Yield the paths of what a method is of: ``Path(x).unlink()``."""
    yield from (b for b in _beginnings(one.arguments) if b)


def _words(values: Iterable[Abstract]) -> Iterator[str]:
    for value in values:
        yield from strings(value)
        for one in value.things:
            if isinstance(one, Structure):
                yield from (word for item in one.fields.values() for word in strings(item))
