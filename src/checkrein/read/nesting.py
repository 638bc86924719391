"""Which template is whose child, and what the stacks are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import partial
from pathlib import Path as File
from pathlib import PurePosixPath
from typing import Any

from msgspec import Struct

from checkrein import files
from checkrein.errors import InputError
from checkrein.files import Kept
from checkrein.model import Place
from checkrein.read.made import Made
from checkrein.read.notations import notation, parts, stack_name
from checkrein.read.paths import local_path

STACK_SET = "AWS::CloudFormation::StackSet"
NESTED = {
    "AWS::CloudFormation::Stack": "TemplateURL",
    "AWS::Serverless::Application": "Location",
    STACK_SET: "TemplateURL",
}


class Templates(Struct, frozen=True):
    """A set of templates that may nest each other; ``roots`` are those that none of them nests."""

    root: File
    ids: dict[str, str]  # path -> id of its stack
    roots: tuple[str, ...]

    @classmethod
    def among(cls, root: File, paths: list[str], kept: Kept = files.unkept) -> Templates:
        """Tell roots from children among paths relative to ``root``; see ``nested_templates``."""
        nested = nested_templates(root, paths, kept)
        roots = tuple(path for path in sorted(paths) if path not in nested)
        return cls(root, stack_ids(paths), roots)


def stack_ids(paths: list[str]) -> dict[str, str]:
    """Return each template's stack id: its path, without suffix where that is unambiguous."""
    bare = {path: stack_name(path) for path in paths}
    count = Counter(bare.values())
    return {path: id if count[id] == 1 else path for path, id in bare.items()}


def child_template(path: str, declared: dict[str, Any], known: tuple[str, ...], root: File) -> str:
    """Return the file a nested stack is made from, "" where it is not in the scanned folder.

    A location may be a path, or the URL that the file is uploaded to: then the one known template
    counts whose path ends like the URL, nearest first.
    """
    properties = declared.get("Properties")
    location = properties.get(NESTED[declared["Type"]]) if isinstance(properties, dict) else None
    if isinstance(location, dict) and set(location) == {"Fn::Sub"}:
        location = location["Fn::Sub"]
    if isinstance(location, list) and location:
        location = location[0]
    if not isinstance(location, str):
        return ""
    folder = PurePosixPath(path).parent
    found = "" if "://" in location else local_path(folder, location.removeprefix("file://"))
    if found and files.is_file(root / found):
        return found
    return _alike(location, path, known)


def arguments(declared: dict[str, Any]) -> Any:
    """Return what a nested stack or a stack set is given: a value for each parameter."""
    properties = declared.get("Properties")
    given = properties.get("Parameters") if isinstance(properties, dict) else None
    if not isinstance(given, list):
        return given or {}
    pairs = [each for each in given if isinstance(each, dict) and "ParameterKey" in each]
    return {str(each["ParameterKey"]): each.get("ParameterValue") for each in pairs}


def template_body(declared: dict[str, Any]) -> str:
    """Return the template that a stack set holds as text, "" for none."""
    properties = declared.get("Properties")
    body = properties.get("TemplateBody") if isinstance(properties, dict) else None
    return body if isinstance(body, str) and declared["Type"] == STACK_SET else ""


def within(names: Iterable[str], place: Place) -> Made:
    """Return what is told of a template that stands as text in another: only where that is."""
    made = Made("stack set")
    made.places = {(name,): {(): place} for name in names}
    return made


def missing(name: str, declared: dict[str, Any]) -> tuple[str, str]:
    """Say that a nested template is not here, and what that costs."""
    properties = declared.get("Properties")
    location = properties.get(NESTED[declared["Type"]]) if isinstance(properties, dict) else None
    effect = "its resources are not in the table, only what it is given"
    if isinstance(location, dict) and "ApplicationId" in location:
        application = location["ApplicationId"]
        return (
            f"{name} is an application of others, whose template is not here: {application}",
            effect,
        )
    return f"{name} nests a template that is not here: {location}", effect


def _alike(location: str, path: str, known: tuple[str, ...]) -> str:
    """Return the one known template that a location fits by its end.

    A URL names where the file is uploaded to; a path may count from the folder of a build. The
    last two parts must agree, or for a URL the name alone if that is nearby.
    """
    parts = [part for part in location.partition("?")[0].split("/") if part.strip(".")]
    others = [PurePosixPath(other) for other in known if other != path]
    two = [other for other in others if other.parts[-2:] == tuple(parts[-2:]) and len(parts) > 1]
    if len(two) == 1:
        return str(two[0])
    same = [other for other in others if other.name == parts[-1]] if "://" in location else []
    folder = PurePosixPath(path).parent
    near = [other for other in same if other.is_relative_to(folder)]
    found = near or [other for other in same if other.is_relative_to(folder.parent)]
    return str(found[0]) if len(found) == 1 else ""


def nested_templates(root: File, paths: list[str], kept: Kept = files.unkept) -> set[str]:
    """Return the templates that another of the set nests, directly or further down.

    ``kept`` may know a template's children from an earlier scan.
    """
    every = tuple(paths)
    among = files.digest("\n".join(every).encode(errors="surrogateescape"))
    children: dict[str, set[str]] = {}
    for path in paths:
        read = partial(_children, root, path, every)
        children[path] = set(kept(("children", path, among), list[str], read))
    nested = {child for path, found in children.items() for child in found - {path}}
    roots = [path for path in paths if path not in nested]
    reached: set[str] = set()
    for start in [*roots, *paths]:  # a ring of templates has no root: its first is one
        if start not in reached:
            nested.discard(start)
            _reach(start, children, reached)
    return nested


def _reach(start: str, children: dict[str, set[str]], reached: set[str]) -> None:
    waiting = [start]
    while waiting:
        path = waiting.pop()
        if path not in reached:
            reached.add(path)
            waiting += children.get(path, ())


def _children(root: File, path: str, known: tuple[str, ...]) -> list[str]:
    """Open only the files that mention a nested stack, and those that are made of several."""
    from checkrein.read.template import open_template  # noqa: PLC0415 - what is kept is not opened

    if notation(path):
        return sorted(parts(root, path).intersection(known))
    try:
        data = files.content(root / path)
        if not any(kind.encode() in data for kind in NESTED):
            return []
        template = open_template(root, path)
    except (InputError, OSError, RecursionError):
        return []
    declared = template.resources.values() if template else ()
    nested = [
        child_template(path, each, known, root) for each in declared if each["Type"] in NESTED
    ]
    return [child for child in nested if child]
