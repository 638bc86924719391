"""The source of code that a build makes and that is not here: the one file that may be it.

What a command of ``package.json`` or ``project.json`` bundles is known by that.
``../dist-lambda/lambdas/events/edit`` is made of ``src/lambdas/events/edit``, ``Shop-getUser.zip``
of ``lambdas/users/getUser`` where all archives start with ``Shop-``, the ``placeholder.zip`` of a
function ``create_order`` of ``lambda/createOrder``, and what ``dist/orders.create`` runs of the
only ``orders.ts`` here. The file defines what the handler names, no other does under that name,
and it is not below the template of another application.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from checkrein import files
from checkrein.files import remembered
from checkrein.late import regex
from checkrein.model import Resource
from checkrein.model.workloads import LAMBDA
from checkrein.read.bundling import bundled
from checkrein.read.handlers import (
    BUILD_FOLDERS,
    SOURCES,
    Located,
    Wanted,
    as_written,
)
from checkrein.read.named_archives import called, letters, only_one, packed_with, written_files
from checkrein.read.paths import joined

PART = regex(r'\["?([^"\]]+)"?\]|([\w-]+)')  # a key, or a name, of an address
ARCHIVES = (".zip", ".jar", ".tgz")
ENDED = ARCHIVES + SOURCES["python"] + SOURCES["javascript"]
WORDS = frozenset(  # that tell no function from another, by their letters
    {
        "module",
        "awslambdafunction",
        "awslambdalayerversion",
        "layer",
        "layers",
        "this",
        "main",
        "default",
        "index",
        "app",
        "api",
        "server",
    }
    | {"lambda", "lambdas", "lambdafunction", "function", "functions", "func", "fn", "handler"}
    | {"handlers", "placeholder", "backend", "src", "source", "code", "build", "built", "dist"}
    | {"deploy", "out", "output", "target", "lib", "bin", "package", "zip", ""}
)
LAYERED = ("nodejs", "python")  # what Lambda looks for in a layer
ENDINGS = ("layer", "lambdafunction", "function", "lambda", "handler", "func", "fn")
# that stand where an application starts, whether or not its template is here
SETTINGS = ("cdk.json", "samconfig.toml", "serverless.yml", "serverless.yaml", "serverless.ts")
BREAKS = regex(r"[-_.]+")
DEFINED = {
    "python": r"^(?:(?:async\s+)?def\s+{0}\b|{0}\s*[:=]|from\s.+\bimport\b.*\b{0}\b)",
    "javascript": r"\bexport\s+(?:async\s+)?(?:const|let|var|function)\s+{0}\b|\bexports\.{0}\b"
    r"|\b(?:export|exports\s*=|export\s+const)\s*\{{[^}}]*\b{0}\b",
}


class Missing(Struct, frozen=True):
    """What is known of code that is not here."""

    path: str  # where the template has it
    name: str  # the function's, as the template has it
    folder: str  # the template's
    stems: tuple[str, ...] = ()  # of all archives of the application
    templates: frozenset[str] = frozenset()  # the folders of all templates
    alone: bool = False  # no other function has this handler


def archives_of(resources: Iterable[Resource]) -> dict[str, tuple[str, ...]]:
    """Return the names of all functions' archives, less their ending, by stack."""
    found: dict[str, list[str]] = {}
    for each in resources:
        code = each.value("Code") if each.type == LAMBDA else None
        path = str(code.get("S3Key") if isinstance(code, dict) else code)
        if path.endswith(ARCHIVES):
            found.setdefault(each.stack, []).append(PurePosixPath(path).stem)
    return {stack: tuple(stems) for stack, stems in found.items()}


def source_of(root: Path, code: Missing, wanted: Wanted) -> Located | None:
    """Locate the one source file that a build makes the code of, None where it is not certain."""
    wanted = replace(wanted, handler=_before_the_build(wanted.handler))
    how = f"taken for the source of {code.path}"
    if one := _bundled(root, code, wanted):
        return replace(one, how=f"{how}: a command of the project makes it of that")
    if _is_telling(wanted.handler) and (one := _only(root, code, wanted)):
        return replace(one, how=f"{how}: {one.how}")
    for name in (*_ends(code), *_own_names(code.name)):
        found = {
            each.file: each for each in _bearing(root, name, wanted) if _fits(root, each.file, code)
        }
        if found:
            one = next(iter(found.values())) if len(found) == 1 else None
            return one and replace(one, how=f"{how}: the only one here that is named after it")
    one = _only(root, code, wanted) if code.alone else None
    return one and replace(one, how=f"{how}: {one.how}")


def _bundled(root: Path, code: Missing, wanted: Wanted) -> Located | None:
    """Locate what a command of the project bundles to the file that a handler names."""
    module = wanted.handler.rpartition(".")[0]
    output = joined(code.folder, code.path, module)
    file = bundled(root).get(output, "") if module else ""
    if not file or "javascript" not in wanted.languages:
        return None
    located = Located(joined(str(PurePosixPath(file).parent)), file, "javascript")
    if not _defines(root, located, wanted):
        return None
    return replace(located, packed=packed_with(root, located))


def layer_of(root: Path, code: Missing) -> str | None:
    """Return the one folder that a build makes a layer's content of, None where it is not sure."""
    for name in (*_ends(code), *_own_names(code.name)):
        said = letters(name)
        found = [
            folder
            for folder in (called(root, said) if said not in WORDS else ())
            if any(files.is_folder(root / folder / inner) for inner in LAYERED)
            and _fits(root, f"{folder}/.", code)
        ]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _only(root: Path, code: Missing, wanted: Wanted) -> Located | None:
    one = only_one(root, wanted)
    return one if one and _fits(root, one.file, code) and _defines(root, one, wanted) else None


def _before_the_build(handler: str) -> str:
    """Return a handler without the folders of a build that its path starts with."""
    parts = handler.removeprefix("./").split("/")
    while len(parts) > 1 and _is_of_a_build(parts[0]):
        parts = parts[1:]
    return "/".join(parts)


def _is_of_a_build(part: str) -> bool:
    return part in BUILD_FOLDERS or part.partition("-")[0] in BUILD_FOLDERS


def _ends(code: Missing) -> Iterator[str]:
    """Yield the names that a path's last folders have together, the longest first."""
    path = PurePosixPath(code.path.rpartition("}/")[2])
    parts = [*path.parent.parts, path.stem if path.suffix in ENDED else path.name]
    parts = [part for part in parts if part not in (".", "..", "/")]
    while len(parts) > 1 and _is_of_a_build(parts[0]):
        parts = parts[1:]
    for start in range(len(parts)):
        yield "/".join(parts[start:])
    if parts and (bare := _bare(parts[-1], code.stems)):
        yield bare


def _bare(stem: str, stems: Iterable[str]) -> str:
    """Return what an archive's name has that not all archives have, "" where nothing is shared."""
    every = [[each for each in BREAKS.split(one) if each] for one in sorted({stem, *stems})]
    own = [each for each in BREAKS.split(stem) if each]
    if len(every) == 1:
        return ""
    first = _alike(every)
    last = _alike([each[: first - 1 if first else None : -1] for each in every])
    return "".join(own[first : len(own) - last]) if first or last else ""


def _alike(every: list[list[str]]) -> int:
    """Return how many items all lists start with."""
    same = [len(set(items)) == 1 for items in zip(*every, strict=False)]
    return [*same, False].index(False)


def _own_names(address: str) -> Iterator[str]:
    """Yield the names that a function has: its key, else its own and its module's."""
    found = PART.findall(address)
    keys = [key for key, _ in found if key and not key.isdecimal()]
    words = [word for _, word in found if word and letters(word) not in WORDS]
    for name in keys[::-1] or ["/".join(words), *words[::-1]]:
        yield name
        said = letters(name)
        ending = next((each for each in ENDINGS if said.endswith(each)), "")
        if ending:
            yield said.removesuffix(ending)


def _bearing(root: Path, name: str, wanted: Wanted) -> Iterator[Located]:
    """Yield the handler in folders of a name, and in files of that name."""
    said = letters(name)
    if said in WORDS:
        return
    for folder in called(root, said):
        for place in (folder, joined(folder, "src")):
            located = as_written(root, place, wanted)
            if located and _defines(root, located, wanted):
                yield replace(located, packed=packed_with(root, located))
    for language in wanted.languages:
        for file in _files(root).get(said, ()):
            located = Located(joined(str(PurePosixPath(file).parent)), file, language)
            if file.endswith(SOURCES[language]) and _defines(root, located, wanted):
                yield replace(located, packed=packed_with(root, located))


@remembered
def _files(root: Path) -> dict[str, list[str]]:
    """Return the source files of each name, by its letters."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for file in written_files(root):
        if file.endswith((*SOURCES["python"], *SOURCES["javascript"])):
            found[letters(PurePosixPath(file).stem)].append(file)
    return dict(found)


def _is_telling(handler: str) -> bool:
    """Tell whether a handler's module has a name that others do not have."""
    parts = re.split("[/.]", handler.rpartition(".")[0])
    return not {letters(part) for part in parts} <= WORDS


def _fits(root: Path, file: str, code: Missing) -> bool:
    """Tell whether a file is not below another application than a function's own."""
    own = PurePosixPath(code.folder)
    ways = (each for each in PurePosixPath(file).parents if not own.is_relative_to(each))
    return not any(
        str(way) in code.templates or any(files.is_file(root / way / each) for each in SETTINGS)
        for way in ways
    )


def _defines(root: Path, located: Located, wanted: Wanted) -> bool:
    name = re.escape(wanted.handler.rpartition(".")[2])
    try:
        text = files.text(root / located.file, errors="replace")
    except (OSError, ValueError):
        return False
    return re.search(DEFINED[located.language].format(name), text, re.MULTILINE) is not None
