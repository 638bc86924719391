"""What modules export and import, each evaluated once."""

from __future__ import annotations

import os
import posixpath
from pathlib import Path as File
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from checkrein import files
from checkrein.code import ir
from checkrein.code.loading.resolution import Search
from checkrein.code.lowering import lower
from checkrein.errors import InputError
from checkrein.model import Place
from checkrein.model.values import Open
from checkrein.notation import decode
from checkrein.read.paths import inside, joined
from checkrein.read.serverless.program.library import MODULES
from checkrein.read.serverless.program.things import HOME, OWN, Library, Scope
from checkrein.read.serverless.written import Written, is_special, load

if TYPE_CHECKING:
    from checkrein.read.serverless.program.evaluation import Evaluation

LANGUAGES = {".ts": "typescript", ".mts": "typescript", ".cts": "typescript", ".tsx": "tsx"}
BIGGEST = 500_000  # bytes


class Modules:
    """The modules of one service; ``folder`` is where it is deployed from."""

    def __init__(self, root: File, folder: str) -> None:
        self.root = root
        self.folder = folder
        self.top = File(os.path.abspath(root))  # noqa: PTH100 - asks nothing of the disk
        self.search = Search(str(self.top), str(self.top / folder), ())
        self.known: dict[str, Written] = {}

    def exported(self, run: Evaluation, path: str, text: str | None = None) -> Written:
        """Return what a module exports: its ``module.exports``, or its exports by name.

        Raise InputError where it cannot be read. ``text`` stands in for its content.
        """
        known = self.known.get(path)
        if known is not None:
            return known
        program = _lowered(self.root, path) if text is None else _program(text, path)
        own = Written({}, Place(path, 1))
        self.known[path] = own
        with run.deeper() as bearable:
            if not bearable:
                return Written(Open("what modules give that import each other too deep"), own.place)
            module = Written({"exports": own}, own.place)
            names = {"module": module, "exports": own, OWN: own}
            run.run(program.body, Scope(path, names))
        self.known[path] = module.value["exports"]
        return self.known[path]

    def imported(
        self, run: Evaluation, name: str, member: str, scope: Scope, place: Place
    ) -> Written:
        """Return what a name of another module is; "default" and "*" as in ES modules."""
        whole = self.required(run, name, scope, place)
        if isinstance(whole.value, Library) and member not in ("default", "*"):
            return Written(Library(f"{whole.value.name}.{member}"), place)
        if member == "*" or is_special(whole.value) or isinstance(whole.value, Library):
            return whole
        found = whole.get(member)
        if found is None and member == "default":
            return whole
        return found or Written(Open(f"{member} of the module {name}"), place)

    def required(self, run: Evaluation, name: str, scope: Scope, place: Place) -> Written:
        """Return what ``require`` gives for a module's name."""
        if name in MODULES:
            return Written(Library(MODULES[name]), place)
        if name.endswith(".json"):
            return self._json(joined(posixpath.dirname(scope.path), name), place)
        found = self.search.javascript(name, str(self.top / scope.path))
        if found is None:
            return Written(Open(f"what the package {name} gives"), place)
        path = File(found).relative_to(self.top).as_posix()
        try:
            return self.exported(run, path)
        except InputError:
            return Written(Open(f"what {path} gives, which cannot be read"), place)

    def said(self, name: str, place: Place) -> Written | None:
        """Return a text file that a program reads, None where it cannot be told."""
        path = self._below(name)
        try:
            if path is None or files.size(self.root / path) > BIGGEST:
                return None
            return Written(decode(files.content(self.root / path), path), Place(path, 1))
        except (OSError, ValueError, InputError):
            return Written(Open(f"what the file {name} says, which cannot be read"), place)

    def is_there(self, name: str, place: Place) -> Written | None:
        """Tell whether a file is there; what is built may be later."""
        path = self._below(name)
        there = path is not None and files.exists(self.root / path)
        return Written(True, place) if there else None  # noqa: FBT003 - a value of the program

    def _below(self, name: str) -> str | None:
        """Return a path within the scanned folder of one that a program names."""
        whole = posixpath.normpath(posixpath.join(HOME, self.folder, name))
        below = whole.removeprefix(f"{HOME}/")
        return below if below != whole and inside(below) else None

    def _json(self, path: str, place: Place) -> Written:
        if not inside(path):
            return Written(Open("what a file outside the scanned folder says"), place)
        try:
            return load(self.root, path)
        except InputError:
            return Written(Open(f"what {path} says, which cannot be read"), place)


@files.remembered
def _lowered(root: File, path: str) -> ir.Module:
    try:
        data = files.content(root / path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"the file cannot be opened ({reason})", path) from None
    if len(data) > BIGGEST:
        raise InputError("this program is too large to be a configuration", path)
    return _program(decode(data, path), path)


def _program(text: str, path: str) -> ir.Module:
    return lower(text.encode(), LANGUAGES.get(PurePosixPath(path).suffix, "javascript"), path)
