"""Least privilege: for each function what it needs against what it is granted, and the fix."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from msgspec.structs import replace

from checkrein.compare.least.doubts import Doubts
from checkrein.compare.least.files import Files
from checkrein.compare.least.names import Names
from checkrein.compare.least.proof import refused
from checkrein.compare.least.rewrite import Draft, Rewriter
from checkrein.compare.least.rights import Role, least
from checkrein.compare.least.scene import Scene
from checkrein.errors import UsageError
from checkrein.model import App, Change, Edit, Function, Resource
from checkrein.model.addresses import is_called
from checkrein.model.least import Least
from checkrein.notation import decode, splice
from checkrein.write import CannotEdit, edits

Reread = Callable[[Mapping[str, str]], App]
ROUNDS = 3  # after which changes that cannot be told apart are all given up


class Question:
    """The least rights of an app's functions, and the edits that would leave them with these."""

    def __init__(self, app: App, root: Path, names: Iterable[str] = ()) -> None:
        """Choose functions by id or name, all if none is named; raise UsageError."""
        self._app, self._root = app, root
        self._scene = Scene(app)
        doubts = Doubts(self._scene)
        self._chosen = _chosen(app, list(names))
        self._roles = {id: Role(self._scene, doubts, id) for id in self._scene.roles}
        self._files = Files(root, app)
        self._why: dict[str, list[str]] = {}

    def leasts(self) -> list[Least]:
        """Return the answer for each function; ask for the edits first to hear why some lack."""
        return [
            replace(
                least(self._roles[function.identity], function),
                why_not=tuple(dict.fromkeys(self._why.get(function.identity, ()))),
            )
            for function in self._chosen
        ]

    def edits(self, reread: Reread) -> tuple[Edit, ...]:
        """Return the edits for all chosen functions that are proved to take away nothing needed.

        ``reread`` returns the app as it is with other texts in some files.
        """
        names = Names(self._scene, self._files)
        rewriter = Rewriter(self._scene, self._files, names, self._roles)
        wanted = {function.identity for function in self._chosen}
        drafts = [draft for draft in rewriter.drafts() if draft.roles & wanted]
        for draft in drafts:
            self._note(draft, draft.stuck)
        drafts = [draft for draft in drafts if draft.changes]
        for _ in range(ROUNDS):
            drafts, made = self._writable(drafts)
            if not drafts:
                return ()
            faults = self._faults(drafts, made, reread)
            if not faults:
                return made
            drafts = [draft for draft in drafts if not draft.roles & faults.keys()]
        return ()

    def _writable(self, drafts: list[Draft]) -> tuple[list[Draft], tuple[Edit, ...]]:
        """Return the drafts that can be written together, and their edits."""
        together = tuple(change for draft in drafts for change in draft.changes)
        try:
            return drafts, edits(self._root, together, self._app)
        except CannotEdit as error:
            if len(drafts) == 1:
                self._note(drafts[0], [str(error)])
                return [], ()
        kept: list[Draft] = []
        for draft in drafts:
            try:
                edits(self._root, (*_changes(kept), *draft.changes), self._app)
                kept.append(draft)
            except CannotEdit as error:
                self._note(draft, [str(error)])
        return kept, edits(self._root, _changes(kept), self._app) if kept else ()

    def _faults(
        self, drafts: list[Draft], made: tuple[Edit, ...], reread: Reread
    ) -> dict[str, str]:
        after = Scene(reread(edited(self._root, made)))
        roles = [self._roles[id] for draft in drafts for id in sorted(draft.roles)]
        faults = refused(self._scene, after, roles, self._files)
        for draft in drafts:
            self._note(draft, [faults[id] for id in sorted(draft.roles & faults.keys())])
        return faults

    def _note(self, draft: Draft, reasons: Iterable[str]) -> None:
        for identity in draft.roles:
            self._why.setdefault(identity, []).extend(reasons)


def edited(root: Path, made: Iterable[Edit]) -> dict[str, str]:
    """Return the texts of the files that edits change, as they are with them."""
    by_file: dict[str, list[Edit]] = {}
    for edit in made:
        by_file.setdefault(edit.place.path, []).append(edit)
    return {
        path: splice(decode((root / path).read_bytes(), path), some)
        for path, some in by_file.items()
    }


def _changes(drafts: Iterable[Draft]) -> tuple[Change, ...]:
    return tuple(change for draft in drafts for change in draft.changes)


def _chosen(app: App, names: list[str]) -> list[Function]:
    known = app.every(Function)
    for name in names:
        if not any(_is_named(app, function, name) for function in known):
            raise UsageError(f"no function is called {name}; known are {_listed(known)}")
    return [f for f in known if not names or any(_is_named(app, f, name) for name in names)]


def _is_named(app: App, function: Function, name: str) -> bool:
    found = app.alternatives(Resource, function.id)
    known = {each.title for each in found} | {each.logical for each in found}
    return function.id == name or is_called(function.id, name) or name in known - {""}


def _listed(functions: list[Function]) -> str:
    return ", ".join(sorted(function.id.rpartition("/")[2] for function in functions)) or "none"
