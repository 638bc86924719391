"""Changes to resources become edits of the files that hold them, or a sentence why not."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from pathlib import Path

from msgspec.structs import replace

from checkrein.errors import InputError
from checkrein.model import App, Change, Edit, Place, Stack
from checkrein.model import Path as Keys
from checkrein.notation import Tree, parse, splice
from checkrein.write.intrinsics import written
from checkrein.write.plans import applied, planned
from checkrein.write.refusals import CannotEdit
from checkrein.write.writer import Writer

GLOBALS = "Globals"
ADDING = "add"
DECLARED = 2  # a resource stands at Resources and its name


def edits(root: Path, changes: tuple[Change, ...], app: App) -> tuple[Edit, ...]:
    """Return the edits that make all changes at once, by file and place.

    Changes name source resources (``Resource.origin``), a section of Globals included; all their
    paths count in the files as they are. Values may hold symbols, which are written as Ref,
    GetAtt or Sub. Emptied parents go too. Raise CannotEdit where one of them cannot be made so
    that the file reads back as exactly what was meant.
    """
    by_file: dict[str, list[tuple[Keys, Change]]] = defaultdict(list)
    for change in changes:
        stack, path = located(change.resource, change.path, app)
        path = path[:DECLARED] if change.operation == ADDING else path
        plain = replace(change, value=written(change.value, stack.id))
        by_file[stack.source].append((path, plain))
    found: list[Edit] = []
    for source, planned_here in sorted(by_file.items()):
        found += _in_file(root, source, planned_here)
    return tuple(found)


def located(resource: str, path: Keys, app: App) -> tuple[Stack, Keys]:
    """Return the stack that holds a source resource, and a path of its in the stack's document.

    Raises CannotEdit where no template that was read has the resource.
    """
    names = resource.split("/")
    for length in range(len(names) - 1, 0, -1):
        stack = app.get(Stack, "/".join(names[:length]))
        if stack:
            rest = tuple(names[length:])
            if rest[0] == GLOBALS:
                return stack, (*rest, *path)
            return stack, ("Resources", "/".join(rest), "Properties", *path)
    raise CannotEdit(f"{resource} is in no template that was read")


def _in_file(root: Path, source: str, changes: list[tuple[Keys, Change]]) -> list[Edit]:
    try:
        file = root / source
        tree = _tree(file, file.stat().st_mtime_ns, source)
    except (OSError, InputError) as error:
        raise CannotEdit(f"{source} cannot be read again: {error}") from None
    for path, change in changes:
        if change.operation == ADDING and path in tree.nodes:
            raise CannotEdit(f"{source} has a resource named {path[-1]} already")
        if not (_has(tree, path) or change.operation == ADDING):
            raise CannotEdit(f"{source} does not write {change.resource}; something generates it")
    return written_edits(tree, changes)


@lru_cache(maxsize=4)
def _tree(file: Path, _changed: int, source: str) -> Tree:
    """Return a file's tree; the fixes of one report are mostly for the same few files."""
    return parse(file.read_bytes(), source)


def _has(tree: Tree, path: Keys) -> bool:
    return path[0] == GLOBALS or path[:2] in tree.nodes


def written_edits(tree: Tree, changes: list[tuple[Keys, Change]]) -> list[Edit]:
    """Return the edits that change a document; prove them by reading the result back."""
    plan = planned(tree.value, changes)
    meant = applied(plan, tree.value)
    try:
        found = sorted(Writer(tree).edits(plan), key=_order)
        if parse(splice(tree.text, found), tree.path).value == meant:
            return found
    except (InputError, ValueError, LookupError):
        pass
    name = changes[0][1].resource
    raise CannotEdit(f"the way {tree.path} writes {name} leaves no safe place for this edit")


def _order(edit: Edit) -> Place:
    return edit.place
