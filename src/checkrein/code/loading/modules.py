"""Modules of the program and of libraries: loading, what is exported, what an import binds."""

from __future__ import annotations

import json
import os
from functools import cache
from typing import TYPE_CHECKING

from checkrein import files
from checkrein.code import ir
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.scopes import Scope, Source
from checkrein.code.domain.things import Library, Named, Structure
from checkrein.code.domain.values import NOTHING, UNKNOWN, join, strings
from checkrein.code.libraries import gaps
from checkrein.code.loading import resolution
from checkrein.code.loading.paths import is_below, joined, parent, suffix_of
from checkrein.code.running import environment, fields
from checkrein.model import Evidence, Place

if TYPE_CHECKING:
    from checkrein.code.running.interpreter import Interpreter

NO_PLACE: ir.Span = (1, 1, 1, 1)
BIGGEST = 1_500_000  # bytes; a bundle beyond this is not read
TASK_ROOT = "/var/task/"  # where Lambda puts the package
BIGGEST_DATA = 100_000
LOADING = ("/config", "/auto", "/load")  # modules that do their work when they are loaded


@files.remembered
def parsed(path: str, language: str) -> ir.Module:
    """Return a file's lowered code; the same file is parsed once in a scan."""
    from checkrein.code.lowering import lower  # noqa: PLC0415 - the grammars are heavy

    return lower(files.content(path), language, path)


@cache
def _own(name: str) -> Abstract:
    return Abstract(things=(Library("", name),))


def _public(scope: Scope) -> dict[str, Abstract]:
    """Return the names that ``from m import *`` binds."""
    listed = [
        name
        for one in scope.names.get("__all__", NOTHING).things
        if isinstance(one, Structure)
        for name in strings(one.items())
    ]
    names = scope.names
    return {k: v for k, v in names.items() if k in listed or not k.startswith("_")}


class Modules:
    """The files that one function may import."""

    def __init__(self, root: str, search: resolution.Search) -> None:
        self.root = root
        self.search = search
        self.scopes: dict[str, Scope] = {}
        self.files: list[str] = []
        self.lowered: list[tuple[ir.Module, Source]] = []
        self.data: dict[str, str] = {}  # JSON files that were required, and their texts
        self.packages: set[str] = set()
        self.lost: list[Evidence] = []

    def load(self, run: Interpreter, path: str) -> Scope:
        """Run a file's top level, once; a circular import sees what is there so far."""
        known = self.scopes.get(path)
        if known is not None:
            return known
        shown = self._shown(path)
        language = resolution.LANGUAGES.get(suffix_of(path), "javascript")
        source = Source(shown, "python" if language == "python" else "javascript", path)
        scope = self.scopes[path] = Scope(source)
        if files.is_folder(path) or files.size(path) > BIGGEST:
            if files.is_file(path):
                self.lost.append(Evidence("is too big to be read.", Place(shown, 1)))
            return scope
        self.files.append(shown)
        module = parsed(path, language)
        self.execute(run, module, scope)
        return scope

    def execute(self, run: Interpreter, module: ir.Module, scope: Scope) -> None:
        """Run a lowered module in its scope."""
        self.lowered.append((module, scope.source))
        run.lengthen(module.size)
        if module.errors:
            inline = scope.source.inline
            found = [inline.position(line, 1)[0] if inline else line for line in module.errors]
            lines = ", ".join(map(str, found[:5]))
            place = Place(scope.source.path, found[0])
            self.lost.append(Evidence(f"could not read lines {lines}.", place))
        if scope.source.language != "python":
            exports = run.built("dict")
            scope.names["exports"] = exports
            scope.names["module"] = run.built("dict", {"exports": exports})
            scope.names["this"] = exports
        run.loading += 1
        caller, run.source = run.source, scope.source
        try:
            run.execute(module.body, scope)
            self._assigned_later(module, scope)
        finally:
            run.source = caller
            run.loading -= 1

    def _assigned_later(self, module: ir.Module, scope: Scope) -> None:
        """Export what names hold in the end: ``export let table; if (…) table = made();``."""
        later = (
            n for n in module.body if isinstance(n, ir.Export) and isinstance(n.value, ir.Name)
        )
        for node in later:
            value = scope.names.get(node.value.id) if isinstance(node.value, ir.Name) else None
            for one in self.exports(scope).things if value is not None else ():
                if isinstance(one, Structure) and node.name in one.fields:
                    one.fields[node.name] = value or NOTHING

    def _shown(self, path: str) -> str:
        if not is_below(path, self.root):
            return path
        return path.removeprefix(self.root).lstrip("/") or "."

    def imported(self, run: Interpreter, node: ir.Import, scope: Scope) -> Abstract:
        """Return what an import statement binds; a star import binds by itself."""
        if scope.source.language == "python":
            return self._imported_python(run, node, scope)
        exports = self.required(run, node.module, scope)
        if node.member in ("", "*"):
            return exports
        return self._exported(run, exports, node.member, node.at, scope)

    def _exported(
        self, run: Interpreter, exports: Abstract, name: str, at: ir.Span, scope: Scope
    ) -> Abstract:
        """Return an export; the default of a module that has none is the module itself."""
        found = NOTHING
        for one in exports.things:
            if (isinstance(one, Library) and name == "default") or (
                isinstance(one, Structure) and name == "default" and name not in one.fields
            ):
                found = join(found, Abstract(things=(one,)))
            else:
                found = join(found, fields.of_thing(run, one, name, at, scope))
        return found

    def _imported_python(self, run: Interpreter, node: ir.Import, scope: Scope) -> Abstract:
        path = self.search.python(node.module, scope.source.real)
        if path is None:
            self._package(run, node.module, scope)
            path_name = node.member if node.member != "*" else ""
            return Abstract(things=(Library(node.module.lstrip("."), path_name),))
        imported = self.load(run, path)
        if not node.member:
            return Abstract(things=(Named(imported),))
        if node.member == "*":
            scope.names.update(_public(imported))
            return NOTHING
        return self.member(run, Named(imported), node.member)

    def member(self, run: Interpreter, one: Named, name: str) -> Abstract:
        """Return a name of a Python module, or its submodule."""
        found = one.scope.names.get(name)
        if found is not None:
            return found
        path = self.search.submodule(one.scope.source.real, name)
        return Abstract(things=(Named(self.load(run, path)),)) if path else NOTHING

    def module(self, run: Interpreter, name: str, scope: Scope) -> Abstract:
        """Return a module that is named by a string: ``import_module``, ``import()``."""
        if scope.source.language != "python":
            return self.required(run, name, scope)
        return self._imported_python(run, ir.Import(NO_PLACE, name, name), scope)

    def required(self, run: Interpreter, name: str, scope: Scope) -> Abstract:
        """Return what a JavaScript module exports."""
        name, is_package = name.removeprefix("node:"), not name.startswith("node:")
        beside = os.path.normpath(joined(parent(scope.source.real), name))
        if name.endswith(".json"):
            return self._data(run, beside)
        path = self.search.javascript(name, scope.source.real)
        if path is None and name.startswith(".") and files.is_file(f"{beside}.json"):
            return self._data(run, f"{beside}.json")
        if path is None:
            if is_package:
                self._package(run, name, scope)
            return Abstract(things=(Library(name),))
        return self.exports(self.load(run, path))

    def packaged(self, run: Interpreter, name: str, scope: Scope) -> Abstract | None:
        """Return what a JSON file in the package says, where code opens it; None if none is there.

        Code runs in the package's folder; some name the file as it stands beside their own.
        """
        relative = name.removeprefix(TASK_ROOT)
        for folder in (self.search.folder, parent(scope.source.real)):
            path = os.path.normpath(joined(folder, relative))
            if name.endswith(".json") and files.is_file(path):
                return self._data(run, path)
        return None

    def _data(self, run: Interpreter, path: str) -> Abstract:
        """Return what a JSON file says."""
        try:
            if not is_below(path, self.root) or files.size(path) > BIGGEST_DATA:
                return UNKNOWN
            text = files.text(path)
            found = run.from_json(json.loads(text))
        except (OSError, ValueError, RecursionError):
            return UNKNOWN
        self.data[self._shown(path)] = text
        return found

    def _package(self, run: Interpreter, name: str, scope: Scope) -> None:
        package = resolution.package(name, scope.source.language)
        if name.endswith(LOADING) and environment.is_set_by(name):
            run.surroundings.by_file = True
        if package:
            self.packages.add(package)
        elif resolution.is_own(name, scope.source.real):
            gaps.missing(run, name, NO_PLACE, scope)

    def exports(self, scope: Scope) -> Abstract:
        """Return a JavaScript module's exports."""
        result = NOTHING
        for one in scope.names.get("module", NOTHING).things:
            if isinstance(one, Structure):
                result = join(result, one.fields.get("exports", NOTHING))
        return result

    def export(self, run: Interpreter, node: ir.Export, scope: Scope) -> None:
        value = NOTHING
        if node.value is not None:
            value = run.evaluate(node.value, scope)
        elif node.module:
            value = self.required(run, node.module, scope)
            if node.member != "*":
                value = self._exported(run, value, node.member, node.at, scope)
        for one in self.exports(scope).things:
            if isinstance(one, Structure):
                if node.name == "*":
                    fields.spread(one, value)
                else:
                    one.fields[node.name] = value

    def implied(self, name: str, scope: Scope) -> Abstract:  # noqa: ARG002 - languages share it
        """Return what a name is that nothing in the program binds: the language's own."""
        return _own(name)
