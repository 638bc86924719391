"""What nothing puts into a function's bundle, so that its code cannot be loaded as it is deployed.

``sam build`` installs what the manifest in ``CodeUri`` asks for, and nothing without one; SAM and
CDK compile no TypeScript unless they are told to. Told is only what is sure: who packs by commands
of their own, or keeps packages in a layer or beside the code, may well deliver it.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from checkrein import files, notation
from checkrein.errors import InputError
from checkrein.late import regex
from checkrein.model import Code, Resource, Stack
from checkrein.model.workloads import JAVASCRIPT, PACKAGES
from checkrein.read.compilation import compiled_to
from checkrein.read.paths import inside, joined

SAM = "AWS::Serverless::Function"
CDK = "CDK"
PLAIN = (".js", ".mjs", ".cjs")
TYPED = (".ts", ".mts", ".tsx")
MANIFEST, INSTALLED = "package.json", "node_modules"
MAKING = regex(  # commands that may put code where it is packed from
    r"\b(?:esbuild|webpack|rollup|swc|tsup|ncc|parcel|vite|bun|babel|gulp|grunt|nx|turbo|lerna|make"
    r"|node|tsx|ts-node|cp|mv|rsync|zip|docker)\b|\.(?:sh|py|js|mjs)\b"
)


def undelivered(root: Path, resource: Resource, stack: Stack | None, code: Code) -> str:
    """Return ``packages`` or ``javascript`` where nothing delivers them, "" where something may."""
    told = resource.value("Code")
    is_ours = isinstance(told, str) and bool(code.folder) and not code.text
    if not is_ours or "BuildMethod" in resource.metadata or code.layers or code.foreign:
        return ""
    if PurePosixPath(str(told)).name != PurePosixPath(code.folder).name:
        return ""  # a build makes that folder of this one
    here = root / code.folder
    if files.is_file(here / MANIFEST) or files.is_folder(here / INSTALLED):
        return ""
    if code.file.endswith(PLAIN) and resource.source_type == SAM:
        packed = resource.value("Layers") is not None or _may_make(root, code.folder)
        return "" if packed else PACKAGES
    is_made = stack is not None and stack.made_by == CDK
    if code.file.endswith(TYPED) and (is_made or resource.source_type == SAM):
        return JAVASCRIPT if _is_compiled_elsewhere(root, code) else ""
    return ""


def _is_compiled_elsewhere(root: Path, code: Code) -> bool:
    """Tell whether the nearest settings of the compiler put what it makes into another folder."""
    out = compiled_to(root, code.folder)
    return bool(out) and out != code.folder and not _may_make(root, code.folder)


def _may_make(root: Path, folder: str) -> bool:
    """Tell whether commands of a manifest above a folder may make code in it."""
    for above in PurePosixPath(folder).parents:
        place = root / joined(str(above), MANIFEST)
        if inside(str(above)) and files.is_file(place):
            try:
                scripts = notation.parse(files.content(place), MANIFEST).value["scripts"]
            except (OSError, InputError, KeyError, TypeError):
                continue
            if MAKING.search(str(scripts)):
                return True
    return False
