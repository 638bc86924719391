"""Notations beside CloudFormation's: which files they are, and who compiles them.

Each is compiled to a document in CloudFormation's shape, which the reader of templates reads like
any other; nothing after it knows of them. To add one: its names here, and a function that makes a
``Template``.
"""

from __future__ import annotations

from pathlib import Path as File
from typing import TYPE_CHECKING, Any

from checkrein.errors import InputError
from checkrein.model import Place
from checkrein.notation import text_tree
from checkrein.read import cdk
from checkrein.read.made import Lost, Made
from checkrein.read.template import Template

if TYPE_CHECKING:
    from checkrein.read.serverless.service import Service

SERVERLESS = "Serverless Framework"
SERVICES = tuple(f"serverless.{suffix}" for suffix in ("yml", "yaml", "json", "ts", "js"))
SUFFIXES = SERVICES  # of the files that have one of these notations


def notation(path: str) -> str:
    """Return the notation that a file's name tells, "" if none."""
    name = path.rpartition("/")[2]
    return SERVERLESS if name in SERVICES else ""


def compiled(root: File, path: str, text: str | None = None) -> Template | None:
    """Return what a file of one of these notations deploys, as a template; None if it is none.

    ``text`` stands in for the content of a service's file. Raise InputError where it cannot be
    read.
    """
    found = _service(root, path, text)
    if found is None:
        return None
    document, made = found
    return Template(text_tree("", path), made, document)


def parts(root: File, path: str) -> set[str]:
    """Return the files that one of these notations takes in: they are no templates of their own.

    Empty where it cannot be read.
    """
    try:
        service = _open(root, path, None)
    except InputError:
        return set()
    return {place.path for place in service.places.values()} - {path} if service else set()


def _service(root: File, path: str, text: str | None) -> tuple[dict[str, Any], Made] | None:
    from checkrein.read.serverless.compiled import compiled  # noqa: PLC0415 - few folders have it
    from checkrein.read.serverless.service import packaged  # noqa: PLC0415

    service = _open(root, path, text)
    if service is None:
        return None
    document, made = compiled(root, service)
    built = packaged(root, path) if text is None else ""
    return (_packaged(root, built, document, made), made) if built else (document, made)


def _open(root: File, path: str, text: str | None) -> Service | None:
    from checkrein.read.serverless.service import open_service  # noqa: PLC0415 - few folders

    return open_service(root, path, text)


def _packaged(root: File, path: str, document: dict[str, Any], made: Made) -> dict[str, Any]:
    """Return what the framework packaged, with functions' code by where it lies here.

    That is what it deploys; where its parts are written is still told by the service file.
    """
    built = cdk.document(root, path)
    resources = built.get("Resources")
    if not isinstance(resources, dict):
        return document
    for name, own in document["Resources"].items():
        properties = own.get("Properties") or {}
        if "Code" in properties and name in resources:
            resources[name].setdefault("Properties", {})["Code"] = properties["Code"]
    reason = f"what the framework packaged is read ({path})"
    made.lost = [Lost(reason, "what was changed since then is not seen", Place(path, 1))]
    return built
