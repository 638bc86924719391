"""The modules of a program, each run once, when something of it is first used."""

from __future__ import annotations

import os
import posixpath
import sys
from pathlib import Path as File
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from checkrein import files
from checkrein.code import ir
from checkrein.code.loading.paths import is_below
from checkrein.code.loading.resolution import BUILT_IN, Search
from checkrein.code.lowering import lower
from checkrein.errors import InputError
from checkrein.model import Place
from checkrein.notation import decode
from checkrein.read.cdk.unsynthesized.evaluation import names
from checkrein.read.cdk.unsynthesized.evaluation.things import (
    MISSING,
    Builtin,
    Frame,
    Live,
    Scope,
    Space,
)
from checkrein.read.cdk.unsynthesized.trace import HOME, Package, Traced, Unknown

if TYPE_CHECKING:
    from checkrein.read.cdk.unsynthesized.evaluation.running import Evaluation

LANGUAGES = {
    ".py": "python",
    ".ts": "typescript",
    ".mts": "typescript",
    ".cts": "typescript",
    ".tsx": "tsx",
}
TYPED = {".js": ".ts", ".mjs": ".mts", ".cjs": ".cts"}
BIGGEST = 1_000_000  # bytes
MOST = 300  # modules of one program
NODE = "node:"
OWN_BUILT_IN = ("yaml", "js-yaml", "fs-extra", "dotenv")


class Modules:
    """The modules of one app; ``app`` is the folder that it runs in."""

    def __init__(self, root: File, app: str) -> None:
        self.root = root
        self.app = app
        self.top = File(os.path.abspath(root))  # noqa: PTH100 - asks nothing of the disk
        self.search = Search(str(self.top), str(self.top / app), ())
        self.known: dict[str, Space] = {}
        self.files: dict[tuple[str, str], str | None] = {}  # by importer and name
        self.asking: set[int] = set()  # names that are being looked for, by identity

    def space(self, scope: Scope) -> Space:
        """Return the module that a scope belongs to."""
        return self.known[scope.path]

    def started(self, run: Evaluation, path: str, *, main: bool = False) -> Space:
        """Run a module, once; raise InputError where it cannot be read."""
        known = self.known.get(path)
        if known is not None:
            return known
        if len(self.known) >= MOST:
            raise InputError("the program has more files than are read", path)
        own = not self.app or is_below(path, self.app)  # no other app asks for it: it is let go
        program = (_lowered if own else _shared)(self.root, path)
        frame = Frame()
        scope = Scope(path, {}, frame)
        exported = scope.names if scope.is_python else {}
        space = Space(path, exported, {"exports": exported}, scope=scope)
        self.known[path] = space
        if scope.is_python:
            scope.names.update(__name__="__main__" if main else "", __file__=f"{HOME}/{path}")
        else:
            frame.this = exported
            scope.names.update(module=space.holder, exports=exported)
        for line in program.errors:
            run.note("a line that cannot be read", Place(path, line))
        sure, written = run.sure, run.written
        run.sure, run.written = True, None  # whoever asks first, a module runs whatever is decided
        try:
            run.run(program.body, scope)
        finally:
            run.sure, run.written = sure, written
        return space

    def imported(self, name: str, member: str, scope: Scope, place: Place) -> Traced:
        """Return what an import binds; what the program has itself is asked for when used."""
        found = self._platform(name, scope)
        if found is not None:
            return _part(found, member, python=scope.is_python)
        if self.file(name, scope) is None and not self._is_own(name):
            whole = names.package(name, python=scope.is_python)
            return _part(Package(whole), member, python=scope.is_python)
        return Live(name, member or "*", scope, place)

    def file(self, name: str, scope: Scope) -> str | None:
        """Return which file a module named in another is, None if none of the program."""
        asked = scope.path, name
        if asked not in self.files:
            self.files[asked] = self._file(name, scope)
        return self.files[asked]

    def _file(self, name: str, scope: Scope) -> str | None:
        here = str(self.top / scope.path)
        if scope.is_python:
            found = None if name.startswith("aws_cdk") else self.search.python(name, here)
        elif name.startswith(("aws-cdk-lib", "@aws-cdk/")):
            found = None
        else:
            if name.startswith(f"{HOME}/"):
                name = posixpath.relpath(name, posixpath.dirname(f"{HOME}/{scope.path}"))
                name = name if name.startswith(".") else f"./{name}"
            found = self.search.javascript(name, here)
        if found is None:
            return None
        return File(_as_written(found, scope)).relative_to(self.top).as_posix()

    @staticmethod
    def _is_own(name: str) -> bool:
        return name.startswith((".", "/", "@/", "~/")) or name.endswith(".json")

    def _platform(self, name: str, scope: Scope) -> Builtin | None:
        if name in OWN_BUILT_IN:
            return Builtin({"js-yaml": "yaml", "fs-extra": "fs"}.get(name, name))
        if scope.is_python:
            known = name.partition(".")[0] in sys.stdlib_module_names
            return Builtin(name) if known and self.file(name, scope) is None else None
        bare = name.removeprefix(NODE)
        return Builtin(bare.replace("/", ".")) if bare in BUILT_IN else None

    def whole(self, run: Evaluation, name: str, scope: Scope, place: Place) -> Traced:
        """Return what a module gives as a whole: a Space, what ``module.exports`` is set to."""
        found = self._platform(name, scope)
        if found is not None:
            return found
        path = self.file(name, scope)
        if path is None:
            return self._elsewhere(run, name, scope, place)
        if files.is_folder(self.root / path):
            return Space(path, {})  # a namespace of Python
        try:
            space = self.started(run, path)
        except InputError as error:
            return run.note(f"the module {name} cannot be read: {error}", place)
        held = space.holder.get("exports", space.names)
        return space if held is space.names else held

    def _elsewhere(self, run: Evaluation, name: str, scope: Scope, place: Place) -> Traced:
        """Return what a module gives that is no program of the app's own."""
        if not scope.is_python and name.endswith(".json"):
            return run.data(posixpath.normpath(posixpath.join(_folder(scope), name)), place)
        if self._is_own(name):
            return run.note(f"the file of the module {name} is not there", place)
        return Package(names.package(name, python=scope.is_python))

    def resolved(self, run: Evaluation, live: Live) -> Traced:
        """Return what a name of another module is now."""
        found = self._asked(run, live)
        if found is MISSING:
            return run.note(f"{live.member} of the module {live.name} is not there", live.place)
        return found

    def _asked(self, run: Evaluation, live: Live) -> Traced:
        """Return what a name of another module is, MISSING where nothing or only itself."""
        if id(live) in self.asking:
            return MISSING
        self.asking.add(id(live))
        try:
            return self._found(run, live)
        finally:
            self.asking.discard(id(live))

    def _found(self, run: Evaluation, live: Live) -> Traced:
        whole = self.whole(run, live.name, live.scope, live.place)
        if live.member == "*" or isinstance(whole, Unknown):
            return whole
        found = MISSING
        if isinstance(whole, Space):
            found = self.member(run, whole, live.member)
        elif isinstance(whole, dict):
            found = whole.get(live.member, MISSING)
        return whole if found is MISSING and live.member == "default" else found

    def member(self, run: Evaluation, space: Space, name: Any) -> Traced:
        """Return what a module has by a name, MISSING where nothing."""
        found = self._plain(run, space.names.get(name, MISSING))
        if found is not MISSING:
            return found
        if space.scope is None or space.scope.is_python:
            return self._submodule(run, space, str(name))
        found = self._handed(run, space, name)
        if found is MISSING and name not in ("default", "module", "exports"):
            found = space.scope.names.get(name, MISSING)  # while modules import each other
        return self._plain(run, found)

    def _plain(self, run: Evaluation, value: Traced) -> Traced:
        return self._asked(run, value) if isinstance(value, Live) else value

    def _handed(self, run: Evaluation, space: Space, name: Any) -> Traced:
        for live in space.handed:
            whole = self._asked(run, live)
            found = MISSING
            if isinstance(whole, Space):
                found = self.member(run, whole, name) if name != "default" else MISSING
            elif isinstance(whole, dict):
                found = whole.get(name, MISSING)
            if found is not MISSING:
                return found
        return MISSING

    def _submodule(self, run: Evaluation, space: Space, name: str) -> Traced:
        found = self.search.submodule(str(self.top / space.path), name)
        if found is None:
            return MISSING
        path = File(found).relative_to(self.top).as_posix()
        if files.is_folder(self.root / path):
            return Space(path, {})
        try:
            return self.started(run, path)
        except InputError:
            return MISSING


def _as_written(path: str, scope: Scope) -> str:
    """Return what a file was compiled from, for who is not compiled: it may be of long ago."""
    stem, suffix = posixpath.splitext(path)
    written = stem + TYPED.get(suffix, suffix)
    taken = suffix in TYPED and scope.path.endswith(tuple(TYPED.values()))
    return written if taken and files.is_file(written) else path


def _folder(scope: Scope) -> str:
    return posixpath.dirname(scope.path)


def _part(whole: Builtin | Package, member: str, *, python: bool) -> Traced:
    if member in ("", "*") or (isinstance(whole, Builtin) and member == "default"):
        return whole
    if isinstance(whole, Builtin):
        return Builtin(f"{whole.name}.{member}")
    return Package(names.below(whole.name, member, python=python))


def _lowered(root: File, path: str) -> ir.Module:
    try:
        data = files.content(root / path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"the file cannot be opened ({reason})", path) from None
    if len(data) > BIGGEST:
        raise InputError("this program is too large", path)
    language = LANGUAGES.get(PurePosixPath(path).suffix, "javascript")
    return lower(decode(data, path).encode(), language, path)


_shared = files.remembered(_lowered)
