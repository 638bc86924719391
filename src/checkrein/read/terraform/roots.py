"""Root modules of Terraform and OpenTofu: which folders are, and what each declares."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path as File
from typing import Any

from checkrein import files
from checkrein.late import regex
from checkrein.model import Path, Place
from checkrein.model.facts import GIVEN
from checkrein.notation.hcl_nodes import literal
from checkrein.read.made import Lost
from checkrein.read.terraform.configuration import (
    Configuration,
    configuration,
    is_terraform,
    module_files,
)
from checkrein.read.terraform.evaluation import evaluated
from checkrein.read.terraform.finished import finished_value
from checkrein.read.terraform.functions.encoding import held
from checkrein.read.terraform.instances import Instance, Root
from checkrein.read.terraform.scopes import Scope, TooMuch
from checkrein.read.terraform.sources import is_local, local_folder
from checkrein.read.terraform.variables import assigned, parameter
from checkrein.read.terraform.world import World

REST = "what was not reached is missing"
LOCAL_TEXT = regex(rb'"[.\\]')  # what a local source begins with, plain or escaped
DECLARED = regex(
    rb"""^(?:(?:resource|data)[ \t]+"[^"\n]*"|module)[ \t]+"[^"\n]*"[ \t]*\{""", re.MULTILINE
)
HIDING = (b"/*", b"<<")  # what a block may stand in that is none


def root_modules(root: File, paths: list[str]) -> dict[str, tuple[str, ...]]:
    """Return the folders that are root modules, with their files, of all files' paths.

    A folder that a module block of another one names is a part of that; one that declares
    neither resources nor modules is none. What the text of its files tells is not parsed for it.
    """
    folders = sorted({posixpath.dirname(path) for path in paths if is_terraform(path)})
    known = {folder: module_files(root, folder) for folder in folders}
    texts = {folder: [_bytes(root, path) for path in found] for folder, found in known.items()}
    called = {
        inner
        for folder in folders
        if any(map(_may_call, texts[folder]))
        for inner in _called(configuration(root, folder))
        if inner != folder
    }
    return {
        folder: found
        for folder, found in known.items()
        if folder not in called and (any(map(_says, texts[folder])) or _declares(root, folder))
    }


def _bytes(root: File, path: str) -> bytes:
    try:
        return files.content(root / path)
    except OSError:
        return b""


def _may_call(data: bytes) -> bool:
    """Tell whether a file could call a folder beside it: only a parser can tell that it does."""
    return b"module" in data and bool(LOCAL_TEXT.search(data))


def _says(data: bytes) -> bool:
    """Tell whether a file surely declares something: outside of comments and texts of many lines.

    A block at the start of a line that is no HCL is a fault, which makes a root module too.
    """
    found = DECLARED.search(data)
    return found is not None and not any(mark in data[: found.start()] for mark in HIDING)


def _declares(root: File, folder: str) -> bool:
    found = configuration(root, folder)
    return bool(found.resources or found.modules or found.lost)


def _called(found: Configuration) -> list[str]:
    sources = [literal(block.body.value("source")) for block in found.modules.values()]
    return [local_folder(found.folder, source) for source in sources if is_local(source)]


@files.remembered
def read_module(root: File, folder: str) -> Root:
    """Return what a root module declares; what cannot be read or evaluated is in ``lost``."""
    return read_root(root, folder, {})


def read_root(root: File, folder: str, given: dict[str, Any]) -> Root:
    """Return what a root module declares with values that its variables are given elsewhere."""
    found = configuration(root, folder)
    world = World(root, found, {})
    own = assigned(root, folder, world.top.scope, world.lost)
    world.assigned |= own.values | held(given)
    instances: list[Instance] = []
    outputs: dict[str, Any] = {}
    try:
        instances += world.instances()
        for name, block in found.outputs.items():
            value = evaluated(block.body.value("value"), world.top.scope)
            outputs[name] = finished_value(value, world.work)
    except (TooMuch, RecursionError, MemoryError) as error:
        reason = f"evaluating it takes too long ({error})"
        place = Place(found.files[0] if found.files else folder, 1)
        world.lost.append(Lost(reason, REST, place, fatal=True))
    return Root(
        folder,
        found.files,
        tuple(instances),
        world.work.conditions,
        _parameters(found, world.top.scope),
        outputs,
        _places(found, own.places),
        world.lost,
        _told(found, own.values),
    )


def _told(found: Configuration, values: dict[str, Any]) -> dict[str, Any]:
    """Return the texts that files give to declared variables."""
    return {n: v for n, v in values.items() if n in found.variables and isinstance(v, str)}


def _places(found: Configuration, assigned: dict[str, Place]) -> dict[Path, Place]:
    """Return where variables, their defaults, what they are given and outputs are written."""
    places: dict[Path, Place] = {("Outputs", name): b.place for name, b in found.outputs.items()}
    for name, block in found.variables.items():
        places["Parameters", name] = block.place
        default = block.body.attributes.get("default")
        if default:
            places["Parameters", name, "Default"] = default.place
        if name in assigned:
            places["Parameters", name, GIVEN] = assigned[name]
    return places


def _parameters(found: Configuration, scope: Scope) -> dict[str, Any]:
    try:
        return {name: parameter(block, scope) for name, block in found.variables.items()}
    except TooMuch:
        return {}
