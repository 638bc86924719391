"""Notations beside CloudFormation's: which files they are, and who compiles them.

Each is compiled to a document in CloudFormation's shape, which the reader of templates reads like
any other; nothing after it knows of them. To add one: its names here, and a function that makes a
``Template``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path as File
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from checkrein import files
from checkrein.errors import InputError
from checkrein.model import Place, Unread
from checkrein.read import plan_files, service_files
from checkrein.read.cdk import assembly as cdk
from checkrein.read.made import Lost, Made
from checkrein.read.paths import joined

if TYPE_CHECKING:
    from checkrein.read.serverless.service import Service
    from checkrein.read.template import Template

SERVERLESS, TERRAFORM = "Serverless Framework", "Terraform"
MODULES = (".tf", ".tofu", ".tf.json", ".tofu.json")
BUILT = frozenset({".build", ".esbuild", ".webpack"})
APP = "cdk.json"
VARIABLES = ("Environment", "Variables")
FIRST = ("main.tf", "main.tofu", "main.tf.json", "main.tofu.json")  # what stands for a folder


def is_built(path: str) -> bool:
    """Tell whether a plugin that compiles code has put a service's file beside it, once more."""
    *folders, name = path.split("/")
    return service_files.is_named(name) and not BUILT.isdisjoint(folders)


def notation(path: str) -> str:
    """Return the notation that a file's name tells, "" if none."""
    name = path.rpartition("/")[2]
    if service_files.is_named(name):
        return SERVERLESS
    return TERRAFORM if name.endswith(MODULES) or plan_files.is_named(name) else ""


def is_template_after_all(root: File, path: str) -> bool:
    """Tell whether a file only has the name of a plan, or of a service."""
    if service_files.is_other(path.rpartition("/")[2]):
        return not service_files.is_service(root, path)
    return _is_named_plan(path) and not _is_plan(root, path)


def is_looked_into(name: str) -> bool:
    """Tell whether a file may have one of these notations by a name that is no mere ending."""
    return service_files.is_named(name) or plan_files.is_named(name)


def _is_named_plan(path: str) -> bool:
    return not path.endswith(MODULES) and not service_files.is_named(path.rpartition("/")[2])


def _is_plan(root: File, path: str) -> bool:
    try:
        return _is_named_plan(path) and plan_files.is_plan(files.content(root / path))
    except OSError:
        return False


def units(root: File, paths: Iterable[str]) -> list[str]:
    """Return the files that each stand for one deployment, of all files of these notations.

    A service is one; of Terraform a folder that no other calls as its module, for which its plans
    stand, or else its main file.
    """
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path in paths:
        found["" if _is_named_plan(path) else notation(path)].append(path)
    plans = {str(PurePosixPath(path).parent) for path in found[""]}
    modules = [
        path
        for path in _modules(root, found[TERRAFORM])
        if str(PurePosixPath(path).parent) not in plans
    ]
    return sorted([*found[SERVERLESS], *found[""], *modules])


def told_apart(root: File, paths: Iterable[str]) -> tuple[list[str], list[Unread]]:
    """Return the files of these notations without services that others stand for, and those."""
    listed = list(paths)
    services = [path for path in listed if notation(path) == SERVERLESS]
    unread = service_files.not_standing(root, services)
    left = {each.path for each in unread}
    return [path for path in listed if path not in left], unread


def _modules(root: File, paths: list[str]) -> Iterable[str]:
    if not paths:
        return ()
    from checkrein.read.terraform.roots import root_modules  # noqa: PLC0415 - few folders have it

    return [_main(found) for found in root_modules(root, paths).values()]


def _main(paths: Iterable[str]) -> str:
    return min(paths, key=lambda path: (not path.endswith(FIRST), path))


def stack_name(path: str) -> str:
    """Return what a stack is called by the file that stands for it, before names are told apart.

    A root module is its folder, whatever its files are called, and so is its plan by a usual name.
    """
    folder = str(PurePosixPath(path).parent)
    name = path.rpartition("/")[2]
    if folder != "." and name == APP:
        return folder
    if folder != "." and (name.endswith(MODULES) or plan_files.is_usual(name)):
        return folder
    return str(PurePosixPath(path).with_suffix(""))


def compiled(root: File, path: str, text: str | None = None) -> Template | None:
    """Return what a file of one of these notations deploys, as a template; None if it is none.

    ``text`` stands in for the content of a service's file. Raise InputError where it cannot be
    read.
    """
    from checkrein.notation import text_tree  # noqa: PLC0415 - what is kept is not compiled
    from checkrein.read.template import Template, open_template  # noqa: PLC0415 - as above

    if is_template_after_all(root, path):
        advice = "" if text is not None else plan_files.advice(files.content(root / path))
        if advice:
            raise InputError(advice, path, 1)
        return open_template(root, path, text)
    found = _service(root, path, text) if notation(path) == SERVERLESS else _module(root, path)
    if found is None:
        return None
    document, made = found
    return Template(text_tree("", path), made, document)


def program(root: File, path: str, base: str) -> list[tuple[str, Template]]:
    """Return the stacks that a program of CDK's makes, by their ids; see ``library.templates``."""
    from checkrein.read.cdk.unsynthesized.library.templates import templates  # noqa: PLC0415
    from checkrein.read.cdk.unsynthesized.tracing import traced  # noqa: PLC0415 - few folders

    trace = traced(root, joined(str(PurePosixPath(path).parent)))
    return templates(root, path, trace, base) if trace else []


def parts(root: File, path: str) -> set[str]:
    """Return the files that a service takes in: they are no templates of their own.

    Empty where it cannot be read.
    """
    if notation(path) != SERVERLESS:
        return set()
    try:
        service = _open(root, path, None)
    except InputError:
        return set()
    return {place.path for place in service.places.values()} - {path} if service else set()


def _service(root: File, path: str, text: str | None) -> tuple[dict[str, Any], Made] | None:
    from checkrein.read.cdk.names import rename, unique  # noqa: PLC0415 - few folders have it
    from checkrein.read.serverless.compiled import compiled  # noqa: PLC0415 - few folders have it
    from checkrein.read.serverless.service import packaged  # noqa: PLC0415

    service = _open(root, path, text)
    if service is None:
        return None
    document, made = compiled(root, service)
    built = packaged(root, path) if text is None else ""
    if built:
        document = _packaged(root, built, document, made)
    new = unique(document, made.called)
    made.rename(new)
    rename(document, new)
    return document, made


def _module(root: File, path: str) -> tuple[dict[str, Any], Made]:
    from checkrein.read.terraform.document import document  # noqa: PLC0415 - few folders have it
    from checkrein.read.terraform.plan import read_plan  # noqa: PLC0415
    from checkrein.read.terraform.roots import read_module  # noqa: PLC0415

    if _is_named_plan(path):
        return document(read_plan(root, path), root)
    return document(read_module(root, joined(str(PurePosixPath(path).parent))), root)


def _open(root: File, path: str, text: str | None) -> Service | None:
    from checkrein.read.serverless.service import open_service  # noqa: PLC0415 - few folders

    return open_service(root, path, text)


def _packaged(root: File, path: str, document: dict[str, Any], made: Made) -> dict[str, Any]:
    """Return what the framework packaged, with functions' code by where it lies here.

    That is what it deploys; where its parts are written is still told by the service file, but for
    variables with a text that only what was packaged has: of whoever deployed it.
    """
    built = cdk.document(root, path)
    resources = built.get("Resources")
    if not isinstance(resources, dict):
        return document
    for name, own in document["Resources"].items():
        properties = own.get("Properties") or {}
        if "Code" in properties and name in resources:
            resources[name].setdefault("Properties", {})["Code"] = properties["Code"]
    _place_variables(root, path, document, resources, made)
    reason = f"what the framework packaged is read ({path})"
    made.lost = [Lost(reason, "what was changed since then is not seen", Place(path, 1))]
    return built


def _place_variables(
    root: File, path: str, document: dict[str, Any], resources: dict[str, Any], made: Made
) -> None:
    """Say where such variables stand: the first, where several functions have the same."""
    given: dict[tuple[str, str], list[str]] = {}
    for name, packed in resources.items():
        own = _variables(document["Resources"].get(name))
        for key, text in _variables(packed).items():
            if isinstance(text, str) and text != own.get(key):
                given.setdefault((str(key), text), []).append(str(name))
    if not given:
        return
    from checkrein.notation import parse  # noqa: PLC0415 - few services are packaged

    places = parse(files.content(root / path), path).places
    for (key, _), names in given.items():
        at = places[("Resources", names[0], "Properties", *VARIABLES, key)]
        for name in names:
            made.places.setdefault((name,), {})[*VARIABLES, key] = at


def _variables(resource: Any) -> dict[str, Any]:
    found = resource
    for key in ("Properties", *VARIABLES):
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}
