"""From a handler's name to the file that holds it: Lambda's own rules, then the build's traces.

Lambda's rules: Python imports ``pkg/mod`` or ``pkg.mod`` of ``pkg.mod.function``; Node loads
``dir/base`` where the base ends at its first dot, with the extensions Node knows. Where that file
is not there, a build makes it: its sources are looked for beside it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from msgspec import Struct

from checkrein.files import is_file, is_folder
from checkrein.read.compilation import sources
from checkrein.read.paths import inside, joined

SOURCES = {
    "python": (".py",),
    "javascript": (".ts", ".tsx", ".mts", ".cts", ".jsx", ".js", ".mjs", ".cjs"),
}
PACKAGES = {"python": "__init__", "javascript": "index"}
BUILD_FOLDERS = frozenset(
    {"dist", "build", "built", "out", "output", "lib", "bin", "target", "package"}
    | {".aws-sam", ".build", ".esbuild", ".webpack"}
)
SKIPPED = frozenset(
    {"node_modules", "__pycache__", "venv", "dist", "build", "cdk.out", "coverage"}
    | {"test", "tests", "__tests__"}
)
SEARCHED_FILES = 5_000


class Located(Struct, frozen=True):
    """The handler's file and the folder it is imported from, both relative to the scanned folder.

    ``how`` is empty where Lambda's own rule finds the file, else says how it was found.
    ``packed`` are other folders whose modules a build puts beside it.
    """

    folder: str
    file: str
    language: str
    how: str = ""
    packed: tuple[str, ...] = ()


class Wanted(Struct, frozen=True):
    """What to look for: languages by preference, entry points as the bundler is told them."""

    handler: str
    languages: tuple[str, ...]
    entry_points: tuple[str, ...] = ()


def locate(root: Path, folder: str, wanted: Wanted) -> Located | None:
    """Find the handler's file for a code folder (which need not exist), or None."""
    for search in (_as_written, _entry_point, _before_compiling, _before_the_build, _by_name):
        found = next(search(root, folder, wanted), None)
        if found:
            return found
    return None


def as_written(root: Path, folder: str, wanted: Wanted) -> Located | None:
    """Find the handler's file where Lambda itself would look for it, or None."""
    return next(_as_written(root, folder, wanted), None)


def modules(handler: str, language: str) -> tuple[str, ...]:
    """Return the paths, without extension, that a handler's module may have."""
    name = handler.strip().removeprefix("/var/task/").removeprefix("./")
    if language == "python":
        return (name.rpartition(".")[0].replace(".", "/"),)
    folder, slash, base = name.rpartition("/")
    stems = dict.fromkeys((base.partition(".")[0], base.rpartition(".")[0]))
    return tuple(folder + slash + stem for stem in stems if stem)


def files(root: Path, stem: str, language: str) -> Iterator[str]:
    """Yield the source files that a module path may mean, relative to the root."""
    if not inside(stem):
        return
    for name in (stem, f"{stem}/{PACKAGES[language]}"):
        for extension in SOURCES[language]:
            if is_file(f"{root}/{name}{extension}"):
                yield name + extension


def spelled(root: Path, path: str) -> str:
    """Return a path as the disk spells it: templates are often written where case is ignored."""
    if (root / path).exists():
        return path
    parent, _, name = path.rpartition("/")
    parent = spelled(root, parent) if parent else ""
    where = root / parent
    alike = [each for each in _names(where) if each.lower() == name.lower()]
    return joined(parent, alike[0]) if len(alike) == 1 else path


def _names(folder: Path) -> tuple[str, ...]:
    return tuple(each.name for each in folder.iterdir()) if folder.is_dir() else ()


def _pairs(wanted: Wanted) -> Iterator[tuple[str, str]]:
    for language in wanted.languages:
        for module in modules(wanted.handler, language):
            if module:
                yield language, module


def _as_written(root: Path, folder: str, wanted: Wanted) -> Iterator[Located]:
    for language, module in _pairs(wanted):
        for file in files(root, joined(folder, module), language):
            yield Located(folder, file, language)


def _entry_point(root: Path, folder: str, wanted: Wanted) -> Iterator[Located]:
    for language, module in _pairs(wanted):
        for entry in wanted.entry_points:
            file = joined(folder, entry)
            alone = len(wanted.entry_points) == 1
            same = PurePosixPath(entry).stem == PurePosixPath(module).name
            known = file.endswith(SOURCES[language]) and inside(file) and (root / file).is_file()
            if known and (same or alone):
                yield Located(folder, file, language, "the entry point of its build")


def _before_compiling(root: Path, folder: str, wanted: Wanted) -> Iterator[Located]:
    for language, module in _pairs(wanted):
        for base, stem in sources(root, joined(folder, module)):
            for file in files(root, joined(base, stem), language):
                yield Located(base, file, language, "what its tsconfig.json compiles")


def _before_the_build(root: Path, folder: str, wanted: Wanted) -> Iterator[Located]:
    for language, module in _pairs(wanted):
        for base, stem in _unbuilt(folder, module):
            for file in files(root, joined(base, stem), language):
                yield Located(base, file, language, f"the source next to {folder or 'its folder'}")


def _unbuilt(folder: str, module: str) -> Iterator[tuple[str, str]]:
    """Yield (folder, module) with a build folder's name replaced by ``src``, or left out."""
    for there, other in ((folder, module), (module, folder)):
        parts = there.split("/") if there else []
        for index, part in enumerate(parts):
            if part in BUILD_FOLDERS:
                after = parts[index:]
                while after and after[0] in BUILD_FOLDERS:
                    after = after[1:]
                for instead in (["src"], []):
                    changed = joined(*parts[:index], *instead, *after)
                    yield (changed, other) if there is folder else (other, changed)
    yield joined(folder, "src"), module
    yield joined(folder, "..", "src"), module


def _by_name(root: Path, folder: str, wanted: Wanted) -> Iterator[Located]:
    known = list(source_files(root, folder))
    for language, module in _pairs(wanted):
        named = [file for file in known if file.endswith(SOURCES[language])]
        parts = module.split("/")
        for part in ("/".join(parts[start:]) for start in range(len(parts))):
            same = [file for file in named if f"/{file.rpartition('.')[0]}".endswith(f"/{part}")]
            if len(same) == 1:
                how = f"the only file of that name below {folder or 'the scanned folder'}"
                yield Located(str(PurePosixPath(same[0]).parent), same[0], language, how)


def source_files(root: Path, folder: str) -> Iterator[str]:
    """Yield the files below a folder that people wrote, a few thousand at most."""
    for base, _, names in source_folders(root, folder):
        yield from (f"{base}/{name}" if base else name for name in names)


def source_folders(root: Path, folder: str) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield each folder from one down in which people wrote, with all its folders, and its files.

    A few thousand files at most; those who ask want paths relative to the root, and names sorted.
    """
    seen = 0
    if not is_folder(root / folder):  # not one that lies elsewhere
        return
    for where, folders, names in os.walk(root / folder):
        every = list(folders)
        folders[:] = sorted(
            name for name in folders if name not in SKIPPED and not name.startswith(".")
        )
        seen += len(names)
        if seen > SEARCHED_FILES:
            return
        yield joined(where.removeprefix(str(root)).lstrip("/")), every, sorted(names)


def head(path: str) -> str:
    """Return what the first name of a path starts with, as a disk may spell it in any case."""
    return path.partition("/")[0].partition(".")[0].lower()


def heads(wanted: Wanted) -> frozenset[str] | None:
    """Return what names start with in a folder that has a handler as written; None where any do."""
    written = {joined(module) for _, module in _pairs(wanted)}
    up = any(each.startswith("..") for each in written)
    return None if up else frozenset(map(head, written))
