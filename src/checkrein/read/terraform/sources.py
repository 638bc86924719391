"""Where a module comes from: a folder of the repository, or a published one that is known here."""

from __future__ import annotations

import re
from pathlib import Path as File

import checkrein.catalog
from checkrein import files
from checkrein.model.values import Open
from checkrein.read.paths import inside, joined
from checkrein.read.terraform.configuration import STAND_IN, Configuration, configuration

STAND_INS = File(checkrein.catalog.__file__).parent / "data" / "terraform" / "modules"
LOCAL = ("./", "../", ".\\")
REGISTRY = re.compile(
    r"(?:(?:[\w-]+\.)+\w+(?::\d+)?/)?([\w-]+)/([\w-]+)/([\w-]+)(?://([\w./-]+))?\Z"
)
GIT = re.compile(
    r"(?:git::)?(?:https?://|ssh://|git@)?(?:[^/@]+@)?[\w.-]+[/:]([\w-]+)/"
    r"terraform-([a-z0-9]+)-([\w-]+?)(?:\.git)?(?://([\w./-]+?))?(?:\?.*)?\Z"
)


def is_local(source: object) -> bool:
    return isinstance(source, str) and (source in (".", "..") or source.startswith(LOCAL))


def local_folder(folder: str, source: str) -> str:
    """Return the folder that a local module's source means, from the scanned folder on."""
    return joined(folder, source.replace("\\", "/").partition("?")[0].replace("//", "/"))


def called_configuration(root: File, caller: Configuration, source: object) -> Configuration | Open:
    """Return what a module block calls, or why it cannot be read: a sentence's end."""
    if not isinstance(source, str):
        return Open("does not say plainly where it comes from")
    if is_local(source):
        return _local(root, caller, source)
    folder = stand_in(source)
    if folder is None:
        return Open(f"is not in this repository ({source[:120]})")
    return configuration(STAND_INS, folder, f"{STAND_IN}{folder}")


def _local(root: File, caller: Configuration, source: str) -> Configuration | Open:
    is_published = bool(caller.files) and caller.shown.startswith(STAND_IN)
    base = STAND_INS if is_published else root
    folder = local_folder(caller.folder, source)
    if not inside(folder):
        return Open(f"lies outside of what is scanned ({source[:120]})")
    found = configuration(base, folder, f"{STAND_IN}{folder}" if is_published else None)
    return found if found.files else Open(f"has no files here ({source[:120]})")


def stand_in(source: str) -> str | None:
    """Return the folder below ``STAND_INS`` that stands for a published module, None if none."""
    found = REGISTRY.match(source)
    if found:
        namespace, name, provider, inner = found.groups()
    else:
        found = GIT.match(source)
        if not found:
            return None
        namespace, provider, name, inner = found.groups()
    folder = joined(namespace, name, provider, inner or "")
    if not inside(folder) or not files.is_folder(STAND_INS / folder):
        return None
    return folder
