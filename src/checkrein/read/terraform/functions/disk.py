"""Functions that read files beside the module; nothing outside of the scanned folder."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from checkrein.errors import InputError
from checkrein.model.values import Open, Value
from checkrein.notation.hcl import parse_template
from checkrein.read.terraform.containers import as_set
from checkrein.read.terraform.scopes import Scope
from checkrein.read.terraform.unknowns import Failed, is_known, opened

if TYPE_CHECKING:
    from checkrein.notation.hcl_nodes import Expression

Evaluate = Callable[["Expression", Scope], Value]
MOST_FILES = 10_000
DEEPEST = 8  # templates that use templates
TEMPLATES = "templates"
MOST_STARS = 3  # in a name, and of folders at any depth
LONGEST_PATTERN = 1_000


def _path(given: list[Value], scope: Scope, name: str) -> Value:
    path = scope.module.settled(given[0])
    if isinstance(path, str):
        return path
    return opened(f"{name}()", path) if not is_known(path) else Open("a path that is no text")


def read(given: list[Value], scope: Scope, evaluate: Evaluate) -> Value:
    path = _path(given, scope, "file")
    if isinstance(path, Open):
        return path
    found = scope.module.file(path)
    if isinstance(found, str):
        return scope.module.work.keep(found, scope.module.place_of(path), 1, 0)
    return found


def exists(given: list[Value], scope: Scope, evaluate: Evaluate) -> Value:
    path = _path(given, scope, "fileexists")
    if isinstance(path, Open):
        return path
    try:
        found = scope.module.file(path)
    except Failed:
        return False
    return found if isinstance(found, Open) else True


def template_file(given: list[Value], scope: Scope, evaluate: Evaluate) -> Value:
    path = _path(given, scope, "templatefile")
    if isinstance(path, Open):
        return path
    found = scope.module.file(path)
    return found if isinstance(found, Open) else _rendered(found, path, given, scope, evaluate)


def template_string(given: list[Value], scope: Scope, evaluate: Evaluate) -> Value:
    if not isinstance(given[0], str):
        return opened("templatestring()", given[0])
    return _rendered(given[0], "", given, scope, evaluate)


def _rendered(text: str, path: str, given: list[Value], scope: Scope, evaluate: Evaluate) -> Value:
    names = given[1] if len(given) > 1 else {}
    if not isinstance(names, dict):
        return opened("templatefile()", names)
    if scope.label.count(TEMPLATES) >= DEEPEST:
        raise Failed("templates that use each other without end")
    where = scope.module.place_of(path) if path else ""
    try:
        node = parse_template(text, where)
    except InputError as error:
        raise Failed(f"{path}: {error}") from None
    inner = Scope(scope.module, dict(names), f"{scope.label}{TEMPLATES}")
    return evaluate(node, inner)


def file_set(given: list[Value], scope: Scope, evaluate: Evaluate) -> Value:
    path, pattern = _path(given, scope, "fileset"), scope.module.settled(given[1])
    if not isinstance(path, str) or not isinstance(pattern, str):
        return path if isinstance(path, Open) else opened("fileset()", pattern)
    if scope.module.names(path) is None:
        return Open(f"{path} is not among the scanned files")
    if _has_many_stars(pattern):
        raise Failed("fileset() has a pattern with too many stars")
    wanted = _as_regex(pattern)
    found: list[str] = []
    for name in _below(scope, path, "", 0):
        if wanted.fullmatch(name):
            found.append(name)
        if len(found) > MOST_FILES:
            return Open("more than 10,000 files")
    return as_set(found)


def _below(scope: Scope, folder: str, prefix: str, depth: int) -> Iterator[str]:
    """Yield the paths of the files in a folder and below, relative to it."""
    for name in sorted(scope.module.names(folder) or ()):
        scope.module.work.step()
        path = f"{folder}/{name}"
        if depth < DEEPEST and scope.module.names(path) is not None:
            yield from _below(scope, path, f"{prefix}{name}/", depth + 1)
        else:
            yield prefix + name


def _has_many_stars(pattern: str) -> bool:
    """Tell whether trying all that a pattern's stars may stand for would take too long."""
    most = max(part.count("*") for part in pattern.split("/"))
    return max(most, pattern.count("**")) > MOST_STARS or len(pattern) > LONGEST_PATTERN


def _as_regex(pattern: str) -> re.Pattern[str]:
    """Return a pattern of ``fileset`` as a regular expression: ``**``, ``*``, ``?``, ``{a,b}``."""
    found, at, open_braces = "", 0, 0
    while at < len(pattern):
        letter = pattern[at]
        if pattern.startswith("**/", at):
            found, at = found + "(?:[^/]+/)*", at + 3
            continue
        if letter == "*":
            found += ".*" if pattern.startswith("**", at) else "[^/]*"
            at += 2 if pattern.startswith("**", at) else 1
            continue
        if letter in "{}":
            open_braces += 1 if letter == "{" else -1
            found += "(?:" if letter == "{" else ")"
        elif letter == "," and open_braces:
            found += "|"
        else:
            found += "[^/]" if letter == "?" else re.escape(letter)
        at += 1
    try:
        return re.compile(found)
    except re.error:
        raise Failed("fileset() has a pattern that is not understood here") from None


DISK: dict[str, Callable[..., Any]] = {
    "file": read,
    "fileexists": exists,
    "templatefile": template_file,
    "templatestring": template_string,
    "fileset": file_set,
}
