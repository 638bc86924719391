"""From code that CDK copied or bundled, or a build beside it, back to the files that people wrote.

A bundle says what it is made of in its source map, or in the comments that esbuild leaves where
it does not minify; a minified one by the words that it keeps; a copy is told by its content. Where
nothing of this leads to a file of the scanned folder, what lies in ``cdk.out`` is read: it is what
gets deployed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path as File
from pathlib import PurePosixPath

from checkrein import files
from checkrein.late import regex
from checkrein.read.cdk.assembly import OUTPUT, assembly, document
from checkrein.read.cdk.written import app_folder
from checkrein.read.handlers import Located
from checkrein.read.paths import inside, joined

ASSET = regex(r"asset\.[0-9a-f]+\Z")
MODULE = regex(r"^// (?!node_modules/)([\w@./ -]+\.(?:[cm]?[jt]sx?))$", re.MULTILINE)
SKIPPED = frozenset({"node_modules", "__pycache__", "dist", "build", OUTPUT, "venv", "coverage"})
INSTALLED = frozenset({"node_modules", "__pycache__"})
DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
BUNDLE = 50_000  # bytes, from which on a file may hold packages
PACKED = "\n// node_modules/"  # how esbuild says which file each part of a bundle was
SEARCHED_FOLDERS = 2_000
ALIKE = 200  # files of one asset that are compared


def written(root: File, located: Located, handler: str) -> Located | None:
    """Return the user's own file that an asset's file is made from; None where none is known.

    It must speak of the handler's name: a bundle may be older than what it was made from.
    """
    parts = PurePosixPath(located.file).parts
    asset = next((i for i, part in enumerate(parts) if ASSET.match(part)), 0)
    if not asset or assembly(root, "/".join(parts[:asset])) is None:
        return _bundled(root, located, handler)
    folder = "/".join(parts[: asset + 1])
    app = app_folder(root, "/".join(parts[:asset]))
    if located.language == "javascript":
        name = handler.rpartition(".")[2]
        for named, how in ((_commented, "comments"), (_mapped, "source map")):
            file = _below(root, app, named(root, located))
            if file and _speaks_of(root, file, name):
                return _as_written(file, located, f"its bundle's {how}")
        from checkrein.read.cdk.bundles import unminified  # noqa: PLC0415 - few have assets

        file = unminified(root, app, _text(root, located.file), name)
        if file:
            return _as_written(file, located, "the words in its bundle")
    return _copied(root, located, folder, app)


def _bundled(root: File, located: Located, handler: str) -> Located | None:
    """Return the one source file here that a bundle, kept with its packages, names as its entry."""
    if located.language != "javascript" or files.size(root / located.file) < BUNDLE:
        return None
    named = _commented(root, located) if PACKED in _text(root, located.file) else ""
    ending = "/".join(part for part in named.split("/") if part not in ("", ".", ".."))
    places = (joined(folder, ending) for folder in (_folders(root, ".") if ending else ()))
    found = [each for each in places if each != located.file and files.is_file(root / each)]
    if len(found) != 1 or not _speaks_of(root, found[0], handler.rpartition(".")[2]):
        return None
    return _as_written(found[0], located, "its bundle's comments")


def _as_written(file: str, located: Located, how: str) -> Located:
    return Located(joined(str(PurePosixPath(file).parent)), file, located.language, how)


def _commented(root: File, located: Located) -> str:
    """Return the last module that a bundle's comments name: the entry stands after what it uses."""
    named = MODULE.findall(_text(root, located.file))
    return named[-1] if named else ""


def _mapped(root: File, located: Located) -> str:
    """Return the file that a source map gives for the end of a bundle."""
    beside = document(root, f"{located.file}.map")
    listed, mappings = beside.get("sources"), beside.get("mappings")
    if not isinstance(listed, list) or not isinstance(mappings, str):
        return ""
    index = _last_source(mappings)
    found = listed[index] if 0 <= index < len(listed) else ""
    return found if isinstance(found, str) else ""


def _last_source(mappings: str) -> int:
    """Return the source of a map's last segment; each tells it by the difference to the former."""
    source = 0
    for segment in re.split("[,;]", mappings):
        numbers = list(_numbers(segment))
        source += numbers[1] if len(numbers) > 1 else 0
    return source


def _numbers(segment: str) -> Iterator[int]:
    """Decode numbers of variable length in base 64, the sign in the lowest bit."""
    number = shift = 0
    for digit in map(DIGITS.find, segment):
        number += (digit & 31) << shift
        shift += 5
        if not digit & 32:
            yield -(number >> 1) if number & 1 else number >> 1
            number = shift = 0


def _speaks_of(root: File, file: str, name: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", _text(root, file)) is not None


def _text(root: File, path: str) -> str:
    try:
        return files.text(root / path, errors="replace")
    except (OSError, ValueError):
        return ""


def _below(root: File, app: str, path: str) -> str:
    """Return a file by the end of a path that counts from a folder of the build."""
    bare = [part for part in path.split("/") if part not in ("", ".", "..")]
    if not bare:
        return ""
    for above in (PurePosixPath(app), *PurePosixPath(app).parents):
        file = joined(str(above), *bare)
        if inside(file) and files.is_file(root / file):
            return file
    return ""


def _copied(root: File, located: Located, folder: str, app: str) -> Located | None:
    """Return the one folder that holds all that an asset holds, packages aside, as it does."""
    inner = located.file.removeprefix(f"{folder}/")
    all_files = list(_below_folder(root, folder))
    if len(all_files) > ALIKE:
        return None
    same = [
        place
        for place in _folders(root, app)
        if files.is_file(root / joined(place, inner))
        and all(_equal(root, joined(folder, each), joined(place, each)) for each in all_files)
    ]
    if len(same) != 1:
        return None
    base = located.folder.removeprefix(folder).strip("/")
    how = f"as {folder} holds it"
    return Located(joined(same[0], base), joined(same[0], inner), located.language, how)


def _equal(root: File, left: str, right: str) -> bool:
    try:
        return files.content(root / left) == files.content(root / right)
    except OSError:
        return False


def _below_folder(root: File, folder: str, inner: str = "") -> Iterator[str]:
    for name in sorted(files.names(root / joined(folder, inner)) - INSTALLED):
        path = joined(inner, name)
        if files.is_folder(root / joined(folder, path)):
            yield from _below_folder(root, folder, path)
        else:
            yield path


def _folders(root: File, start: str) -> Iterator[str]:
    """Yield the folders that people write into, the nearest first, some thousands at most."""
    waiting, seen = [start], 0
    while waiting and seen < SEARCHED_FOLDERS:
        folder = waiting.pop(0)
        seen += 1
        yield folder
        for name in sorted(files.names(root / folder)):
            path = joined(folder, name)
            plain = "." not in name and name not in SKIPPED
            if plain and files.is_folder(root / path):
                waiting.append(path)
