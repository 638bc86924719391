"""Where a module comes from: a folder of the repository, or a published one that is known here."""

from __future__ import annotations

from pathlib import Path as File

from checkrein.catalog.terraform_modules import STAND_INS, stand_in
from checkrein.model.values import Open
from checkrein.read.paths import inside, joined
from checkrein.read.terraform.configuration import STAND_IN, Configuration, configuration

LOCAL = ("./", "../", ".\\")


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
