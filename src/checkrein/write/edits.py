"""Changes to resources become edits of the files that hold them, or a sentence why not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from msgspec.structs import replace

from checkrein import files
from checkrein.errors import InputError
from checkrein.model import INTENT, App, Change, Edit, Place, Resource, Stack
from checkrein.model import Path as Keys
from checkrein.model.values import at_path
from checkrein.notation import Tree, decode, parse, splice
from checkrein.write.companions import ADD, settled
from checkrein.write.intrinsics import written
from checkrein.write.plans import applied, planned
from checkrein.write.refusals import CannotEdit
from checkrein.write.sam_shapes import in_sam
from checkrein.write.writer import Writer

GLOBALS = "Globals"
PARAMETERS = "Parameters"
OF_SERVICES = ("functions", "provider")  # of the Serverless Framework
SECTIONS = (GLOBALS, PARAMETERS, *OF_SERVICES)
ATTRIBUTES = (("DeletionPolicy",), ("UpdateReplacePolicy",), ("DependsOn",))
TERRAFORM = "Terraform"
HCL = (".tf", ".tofu")
DOCUMENTS = (".yml", ".yaml", ".json")
INNER = "resources"  # where a service of the Serverless Framework has a template of its own
DECLARED = 2  # a resource stands at Resources and its name
PROGRAM = "cdk.json"
NONE: Mapping[str, str] = {}


def edits(
    root: Path, changes: tuple[Change, ...], app: App, texts: Mapping[str, str] = NONE
) -> tuple[Edit, ...]:
    """Return the edits that make all changes at once, by file and place.

    Changes name source resources (``Resource.origin``), a section of Globals or a parameter
    (``app/template/Parameters/Days``) included; all their
    paths count in the files as they are (``texts`` stand in for the content of some). Values may
    hold symbols, which are written as Ref, GetAtt or Sub. Emptied parents go too. Raise CannotEdit
    where one of them cannot be made so that the file reads back as exactly what was meant, or two
    contradict each other.
    """
    found = list(of_hcl(root, changes, app, texts))
    for tree, planned_here in by_file(root, changes, app, texts):
        found += written_edits(tree, planned_here)
    return tuple(found)


def of_hcl(
    root: Path, changes: tuple[Change, ...], app: App, texts: Mapping[str, str] = NONE
) -> list[Edit]:
    """Return the edits of those changes that are written in Terraform's files."""
    found = [change for change in changes if _is_hcl(change, app)]
    return _hcl(root, found, app, texts) if found else []


def files_of(
    root: Path, changes: tuple[Change, ...], app: App, texts: Mapping[str, str] = NONE
) -> set[str]:
    """Return the files into which changes are written; raise CannotEdit where they cannot be."""
    found = {edit.place.path for edit in of_hcl(root, changes, app, texts)}
    others = (change for change in changes if not _is_hcl(change, app))
    return found | {located(change.resource, (), app)[0].source for change in others}


def _hcl(
    root: Path, changes: list[Change], app: App, texts: Mapping[str, str] = NONE
) -> list[Edit]:
    from checkrein.write.terraform import hcl_edits  # noqa: PLC0415 - few folders have it

    return hcl_edits(changes, app, lambda path: text_of(root, path, texts), root)


def _is_hcl(change: Change, app: App) -> bool:
    stack, _ = located(change.resource, change.path, app)
    return stack.source.endswith(HCL)


def contradiction(
    root: Path, changes: tuple[Change, ...], app: App, texts: Mapping[str, str] = NONE
) -> str:
    """Say why changes cannot be made at once, "" if they agree; to write them may still fail."""
    try:
        of_hcl(root, changes, app, texts)
        for tree, planned_here in by_file(root, changes, app, texts):
            planned(tree.value, planned_here)
    except CannotEdit as error:
        return str(error)
    return ""


def by_file(
    root: Path, changes: tuple[Change, ...], app: App, texts: Mapping[str, str] = NONE
) -> Iterator[tuple[Tree, list[tuple[Keys, Change]]]]:
    """Yield each document that changes, with the changes and their paths in it."""
    by_file: dict[str, list[tuple[Keys, Change]]] = defaultdict(list)
    for change in settle(root, changes, app, texts):
        if _is_hcl(change, app):
            continue
        stack, path = located(change.resource, change.path, app)
        path = path[:DECLARED] if change.operation == ADD or takes_all(change) else path
        plain = replace(change, value=written(change.value, stack.id))
        by_file[stack.source].append((path, plain))
    for source, planned_here in sorted(by_file.items()):
        tree = tree_of(root, source, texts)
        _refuse_generated(tree, planned_here)
        yield tree, planned_here


def _refuse_unwritten(root: Path, change: Change, app: App, texts: Mapping[str, str]) -> None:
    """Raise CannotEdit where what a change is about is not written by hand in a template."""
    stack, path = located(change.resource, change.path, app)
    if stack.source == INTENT:
        where = f"change it where it is made, and then in {INTENT}"
        raise CannotEdit(f"no template declares {change.resource}: {where}")
    if stack.source.endswith(HCL):
        return
    if stack.notation and not _stands(root, stack, change, path, texts):
        where = _where_written(change.resource, change.path, app)
        if stack.notation == TERRAFORM:
            raise CannotEdit(f"{stack.source} is a plan, which Terraform makes anew{where}")
        raise CannotEdit(f"checkrein does not write {stack.notation} there{where}")
    if stack.made_by:
        where = _where_made(change.resource, stack.made_by, app)
        if stack.source.endswith(PROGRAM):  # nobody synthesized it
            raise CannotEdit(f"checkrein does not write programs: {where}")
        raise CannotEdit(f"{stack.source} is made anew each time: {where}")


def _stands(root: Path, stack: Stack, change: Change, path: Keys, texts: Mapping[str, str]) -> bool:
    """Tell whether a file of another notation writes a resource as CloudFormation does."""
    if not stack.source.endswith(DOCUMENTS):
        return False
    tree = tree_of(root, stack.source, texts)
    if path[0] in OF_SERVICES:
        return all(not _takes_in(at_path(tree.value, path[:end])) for end in range(len(path)))
    return (path[:1] if change.operation == ADD else path[:DECLARED]) in tree.nodes


def _takes_in(value: Any) -> bool:
    """Tell whether a list, or what should be a structure, is brought by a variable."""
    items = value if isinstance(value, list) else [value]
    return any(isinstance(item, str) and "${" in item for item in items)


def _where_written(id: str, path: Keys, app: App) -> str:
    """Say where to change what a notation that is only read declares."""
    for made in app.alternatives(Resource, id):
        if made.added:
            return f": {made.added}"
        return _change(made.where(path))
    for made in app.every(Resource):
        for at, origin in made.origins.items():
            end = len(origin.path)
            if origin.resource == id and origin.path == path[:end]:
                return _change(made.where((*at, *path[end:])))
    return ""


def _change(place: Place) -> str:
    return f": change {place.path}, line {place.line}"


def _where_made(id: str, program: str, app: App) -> str:
    """Say what to change instead of a resource that a program declares, or would declare."""
    for made in app.alternatives(Resource, id):
        path = made.metadata.get("aws:cdk:path")
        if made.added:
            return f"{made.added}, so a newer version of it may do otherwise"
        if isinstance(path, str):
            return f"change {path.removesuffix('/Resource')} in the {program} app"
    return f"change the {program} app"


def takes_all(change: Change) -> bool:
    """Tell whether a change removes a whole resource."""
    return change.operation == "remove" and not change.path


def settle(
    root: Path, changes: tuple[Change, ...], app: App, texts: Mapping[str, str] = NONE
) -> tuple[Change, ...]:
    """Return one fix's changes with what they add under a free name (see ``companions``).

    Raises CannotEdit where what they change is not written by hand in a template.
    """
    of_hcl(root, changes, app, texts)
    for change in changes:
        _refuse_unwritten(root, change, app, texts)
    changes = in_sam(changes, app)
    stacks = [
        located(c.resource, (), app)[0]
        for c in changes
        if c.operation == ADD and not _is_hcl(c, app)
    ]
    for stack in {stack.id: stack for stack in stacks}.values():
        document = tree_of(root, stack.source, texts).value
        changes = settled(changes, stack.id, document)
    return changes


def located(resource: str, path: Keys, app: App) -> tuple[Stack, Keys]:
    """Return the stack that holds a source resource, and a path of its in the stack's document.

    Raises CannotEdit where no template that was read has the resource.
    """
    names = resource.split("/")
    for length in range(len(names) - 1, 0, -1):
        stack = app.get(Stack, "/".join(names[:length]))
        if stack:
            rest = tuple(names[length:])
            if rest[0] in SECTIONS and rest[1:]:
                return stack, (*rest, *path)
            inside = () if path[:1] in ATTRIBUTES else ("Properties",)
            return stack, ("Resources", "/".join(rest), *inside, *path)
    raise CannotEdit(f"{resource} is in no template that was read")


def text_of(root: Path, source: str, texts: Mapping[str, str] = NONE) -> str:
    """Return a file's text; raise InputError or OSError where it cannot be read."""
    text = texts.get(source)
    return decode(files.content(root / source), source) if text is None else text


def tree_of(root: Path, source: str, texts: Mapping[str, str] = NONE) -> Tree:
    """Return a file's tree; raise CannotEdit where it cannot be read."""
    try:
        return _tree(text_of(root, source, texts), source)
    except (OSError, InputError) as error:
        raise CannotEdit(f"{source} cannot be read again: {error}") from None


@lru_cache(maxsize=64)
def _tree(text: str, source: str) -> Tree:
    return _read(text, source)


def _read(text: str, source: str) -> Tree:
    """Return the document that holds a template's sections.

    Of a service that is its ``resources``, with its functions and provider beside them.
    """
    tree = parse(text, source)
    value = tree.value
    if not isinstance(value, dict) or "provider" not in value or "service" not in value:
        return tree
    if not isinstance(value.get(INNER), dict):
        return tree
    inner = tree.below((INNER,))
    beside = {name: value[name] for name in OF_SERVICES if name in value}
    nodes = {path: node for path, node in tree.nodes.items() if path[:1] and path[0] in beside}
    keys = {path: node for path, node in tree.keys.items() if path[0] in beside}
    nodes = inner.nodes | nodes
    pairs = [(keys[name,], nodes[name,]) for name in beside]
    root: Any = inner.nodes[()]
    nodes[()] = yaml.MappingNode(
        root.tag, [*root.value, *pairs], root.start_mark, root.end_mark, root.flow_style
    )
    return Tree(source, tree.text, {**inner.value, **beside}, nodes, inner.keys | keys)


@lru_cache(maxsize=64)
def _writer(text: str, source: str) -> Writer:
    """Return what writes into a file: its layout and style are looked at once for all fixes."""
    return Writer(_tree(text, source))


def _refuse_generated(tree: Tree, changes: list[tuple[Keys, Change]]) -> None:
    added = {path for path, change in changes if change.operation == ADD}
    for path, change in changes:
        here = path[0] in SECTIONS or path[:DECLARED] in tree.nodes or path[:DECLARED] in added
        if not here:
            raise CannotEdit(
                f"{tree.path} does not write {change.resource}; something generates it"
            )


def written_edits(tree: Tree, changes: list[tuple[Keys, Change]]) -> list[Edit]:
    """Return the edits that change a document; prove them by reading the result back."""
    found = drafted(tree, changes)
    if not reads_as_meant(tree, changes, found):
        raise refused(tree, changes)
    return found


def drafted(tree: Tree, changes: list[tuple[Keys, Change]]) -> list[Edit]:
    """Return the edits that should change a document, not yet proved; raise CannotEdit."""
    plan = planned(tree.value, changes)
    try:
        return sorted(dict.fromkeys(_writer(tree.text, tree.path).edits(plan)), key=_order)
    except (InputError, ValueError, LookupError):
        raise refused(tree, changes) from None


def reads_as_meant(tree: Tree, changes: list[tuple[Keys, Change]], found: list[Edit]) -> bool:
    """Tell whether a document with edits made reads as the changes mean."""
    try:
        meant = applied(planned(tree.value, changes), tree.value)
        return bool(_read(splice(tree.text, found), tree.path).value == meant)
    except (CannotEdit, InputError, ValueError, LookupError):
        return False


def refused(tree: Tree, changes: list[tuple[Keys, Change]]) -> CannotEdit:
    """Return what to say where edits would not read back as what was meant."""
    name = changes[0][1].resource
    return CannotEdit(f"the way {tree.path} writes {name} leaves no safe place for this edit")


def _order(edit: Edit) -> Place:
    return edit.place
