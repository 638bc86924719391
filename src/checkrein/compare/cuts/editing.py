"""A cut in the user's own files: which properties go, and what goes with the last of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from checkrein.compare.whatif.changes import in_source, once, widest
from checkrein.compare.whatif.rights import located
from checkrein.derive.access.identities import ATTACHED, HOLDERS
from checkrein.model import App, Change, Choice, Edit, Grant, Resource, Stack
from checkrein.model import Path as Keys
from checkrein.model.values import at_path
from checkrein.write import CannotEdit, edits
from checkrein.write.edits import HCL, tree_of
from checkrein.write.edits import located as in_file

OWN = frozenset({"AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy"})
WHOLE: Keys = ()
DOCUMENT = 2  # the length of the path of an inline policy


def edits_of(root: Path, app: App, changes: Iterable[Change]) -> tuple[Edit, ...]:
    """Return the edits that make changes of facts in the files; raise CannotEdit if none do."""
    placed = (_placed(app, change) for change in _tidied(app, once(changes)))
    kept = tuple(widest(each for each in placed if each is not None))
    for change in kept:
        if change.path == WHOLE and change.operation == "remove":
            _refuse_named(root, app, change.resource)
        _refuse_unwritten(root, app, change)
    return edits(root, kept, app)


def written_part(root: Path, app: App, resource: str, path: Keys) -> Keys:
    """Return how much of a path of a source resource its file writes itself."""
    try:
        stack, keys = in_file(resource, path, app)
        value = tree_of(root, stack.source).value
    except CannotEdit:
        return ()
    for number, key in enumerate(keys):
        listed = isinstance(value, list) and isinstance(key, int) and key < len(value)
        if not (listed or (isinstance(value, dict) and key in value)):
            return path[: max(0, number - len(keys) + len(path))]
        value = value[key]
    return path


def written_once(root: Path, app: App, grant: Grant) -> tuple[str, Keys]:
    """Return what tells a grant's statement from others in its file, and how much of it is there.

    Of Terraform that is its place: a loop, a module or a document of policies says it once for many
    roles, whose facts are one each. What stands under a condition goes with the condition.
    """
    resource = next(iter(app.alternatives(Resource, grant.resource)), None)
    stack = app.get(Stack, resource.stack) if resource else None
    if resource and stack and stack.source.endswith(HCL):
        ends = range(len(grant.path), -1, -1)
        place = next((p for end in ends if (p := resource.places.get(grant.path[:end]))), None)
        return (str(place), grant.path) if place else ("", ())
    path = _unconditional(app, grant, written_part(root, app, grant.resource, grant.path))
    return f"{grant.resource}:{'.'.join(map(str, path))}", path


def _unconditional(app: App, grant: Grant, path: Keys) -> Keys:
    """Return how much of a path leads to what stands under no condition, or all under one."""
    id, whole = located(grant)
    found: Any = next((r.properties for r in app.alternatives(Resource, id)), None)
    for depth, key in enumerate(whole):
        if isinstance(found, Choice):
            return path[: max(0, len(grant.path) - len(whole) + depth)]
        found = at_path(found, (key,))
    return path


def _placed(app: App, change: Change) -> Change | None:
    """Return a change where the file says it; None for what follows from another."""
    there = in_source(app, change)
    if there.operation == "remove" and there.path[-1:] == ("Properties",):
        there = replace(there, path=there.path[:-1])  # of an event of a SAM function
    if there.path == WHOLE and there.resource != change.resource:
        return None  # SAM makes it for something that goes, too
    return there


def _tidied(app: App, changes: Iterable[Change]) -> Iterator[Change]:
    """Yield changes, a whole policy for all of its statements."""
    by_list: defaultdict[tuple[str, Keys], list[Change]] = defaultdict(list)
    for change in changes:
        by_list[change.resource, change.path[:-1]].append(change)
    for (id, path), some in by_list.items():
        resource = app.get(Resource, id)
        listed = resource.value(path) if resource and path[-1:] == ("Statement",) else None
        gone = all(change.operation == "remove" for change in some)
        if resource and isinstance(listed, list) and gone and len(listed) == len(some):
            yield Change(id, _holding(resource, path), "remove")
        else:
            yield from some


def _holding(resource: Resource, path: Keys) -> Keys:
    """Return what goes with the last statement of a policy."""
    if path[0] == "Policies":
        return path[:DOCUMENT]
    own = resource.type in ATTACHED or resource.type in OWN
    return WHOLE if own else path[:1] if resource.type in HOLDERS else path


def _refuse_unwritten(root: Path, app: App, change: Change) -> None:
    """Raise CannotEdit where a statement changes that only a policy's name stands for."""
    within = change.path[:-1]
    if in_file(change.resource, (), app)[0].source.endswith(HCL):
        return
    if "Statement" in within and written_part(root, app, change.resource, within) != within:
        name = change.resource.rpartition("/")[2]
        raise CannotEdit(f"{name} names a policy; `checkrein least` writes what is needed of it")


def _refuse_named(root: Path, app: App, id: str) -> None:
    """Raise CannotEdit where the template says a resource's name elsewhere."""
    stack, path = in_file(id, (), app)
    if stack.source.endswith(HCL):
        return  # the writer says itself what it does not take away
    name, document = path[1], tree_of(root, stack.source).value
    if not isinstance(document, dict) or "Resources" not in document:
        return  # written in another notation: there is no edit that this could make wrong
    rest = {**document, "Resources": {k: v for k, v in document["Resources"].items() if k != name}}
    if _names(rest, str(name)):
        raise CannotEdit(f"{name} would go as a whole, and the template names it elsewhere")


def _names(value: Any, name: str) -> bool:
    if isinstance(value, dict):
        asked = value.get("Ref"), value.get("DependsOn")
        attribute = value.get("Fn::GetAtt")
        target = attribute[0] if isinstance(attribute, list) and attribute else attribute
        named = isinstance(target, str) and target.partition(".")[0] == name
        return named or name in asked or any(_names(each, name) for each in value.values())
    if isinstance(value, list):
        return any(each == name or _names(each, name) for each in value)
    return isinstance(value, str) and (f"${{{name}}}" in value or f"${{{name}." in value)
