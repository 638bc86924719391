"""Least privilege: for each function what it needs against what it is granted."""

from __future__ import annotations

from collections.abc import Iterable

from checkrein.compare.least.doubts import Doubts
from checkrein.compare.least.rights import Role, least
from checkrein.compare.least.scene import Scene
from checkrein.errors import UsageError
from checkrein.model import App, Function
from checkrein.model.least import Least


def leasts(app: App, names: Iterable[str] = ()) -> list[Least]:
    """Return the least rights of some functions (by id or logical id), of all if none is named.

    Raises UsageError where no function has such a name.
    """
    scene = Scene(app)
    doubts = Doubts(scene)
    chosen = _chosen(app, list(names))
    roles = {id: Role(scene, doubts, id) for id in dict.fromkeys(f.identity for f in chosen)}
    return [least(roles[function.identity], function) for function in chosen]


def _chosen(app: App, names: list[str]) -> list[Function]:
    known = app.every(Function)
    for name in names:
        if not any(_is_named(function, name) for function in known):
            raise UsageError(f"no function is called {name}; known are {_listed(known)}")
    return [f for f in known if not names or any(_is_named(f, name) for name in names)]


def _is_named(function: Function, name: str) -> bool:
    return function.id == name or function.id.rpartition("/")[2] == name


def _listed(functions: list[Function]) -> str:
    return ", ".join(sorted(function.id.rpartition("/")[2] for function in functions)) or "none"
