"""Which folder an archive is made of that a build makes later: the one that it is named after.

``deploy/orders_create.zip`` is made of ``src/handlers/orders/create``, ``artifacts/cart.zip`` of
``services/cart``; a ``lambda.zip`` in a folder of another machine is named after that folder. Only
one folder so named may have the handler.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from msgspec.structs import replace

from checkrein.files import remembered
from checkrein.read.handlers import SOURCES, Located, Wanted, as_written, locate, source_files

HOW = "in the folder that its archive is named after"
ONLY = "the only file here that has it"


def made_of(root: Path, archive: PurePosixPath, wanted: Wanted) -> Located | None:
    """Locate the handler in the folder that an archive, which is not there, is named after."""
    files, folders = _written(root)
    for name in (archive.stem, archive.parent.name):
        alike = [folder for folder in folders if _named_after(name, folder)]
        for search in (as_written, locate):
            found = [there for each in alike if (there := search(root, each, wanted))]
            if len({one.file for one in found}) == 1:
                return replace(found[0], how=HOW, packed=_packed_with(found[0], files))
    return None


def only_one(root: Path, wanted: Wanted) -> Located | None:
    """Locate the handler where it stands in one folder alone, of all below the root."""
    files, folders = _written(root)
    found = [there for each in (*folders, ".") if (there := as_written(root, each, wanted))]
    if len({one.file for one in found}) != 1:
        return None
    return replace(found[0], how=ONLY, packed=_packed_with(found[0], files))


@remembered
def _written(root: Path) -> tuple[tuple[PurePosixPath, ...], tuple[str, ...]]:
    """Return the files that people wrote, and the folders on the way to them."""
    files = tuple(PurePosixPath(file) for file in source_files(root, ""))
    return files, tuple(sorted({str(above) for f in files for above in f.parents if above.name}))


def _named_after(name: str, folder: str) -> bool:
    """Tell whether a name is that of a folder, or says the last folders on the way to it."""
    letters, said = _letters(name), ""
    for part in reversed(PurePosixPath(folder).parts):
        said = _letters(part) + said
        if said == letters:
            return bool(letters)
    return False


def _letters(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


def _packed_with(handler: Located, files: tuple[PurePosixPath, ...]) -> tuple[str, ...]:
    """Return the folders of modules that a build puts beside Python's handler.

    They stand beside the way down to it, hold modules, and no handler of another function.
    """
    if handler.language != "python":
        return ()
    name, way = PurePosixPath(handler.file).name, PurePosixPath(handler.folder).parents
    beside = {file.parent for file in files if file.parent.parent in way and _is_module(file)}
    others = {file.parent for file in files if file.name == name}
    return tuple(str(each) for each in sorted(beside - others - {*way}) if each.name)


def _is_module(file: PurePosixPath) -> bool:
    return file.suffix in SOURCES["python"]
