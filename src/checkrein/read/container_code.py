"""The code that a container runs: from its command line, through its image, to a file here."""

from __future__ import annotations

import shlex
from pathlib import Path, PurePosixPath

from checkrein import files
from checkrein.model import Value
from checkrein.model.values import alternatives
from checkrein.model.workloads import Container
from checkrein.read.dockerfile import Image
from checkrein.read.handlers import Located, Wanted, locate
from checkrein.read.images import Build, ImageCode, built, import_roots
from checkrein.read.paths import inside, joined
from checkrein.read.programs import Program, Surroundings, programs

DJANGO = ("django.core", "DJANGO_SETTINGS_MODULE")
CALLED = "()"


def container_code(root: Path, container: Container, build: Build) -> ImageCode | str:
    """Find the code that a container runs of an image built here, or say why not.

    The handler is "" for a program, ``module.create_app()`` where a function makes it.
    """
    image = built(root, build)
    if isinstance(image, str):
        return image
    words = _words(container, image)
    roots = import_roots(root, build.context, image)
    around = Surroundings(
        lambda path: _in_image(root, build.context, image, roots, path), image.variables
    )
    for program in programs(words, around):
        located = _located(root, (*roots, build.context), program)
        if located and _is_django(root, located):
            return f"{located.file} starts Django, which is not followed"
        if located:
            others = tuple(each for each in roots if each != located.folder)
            module = program.handler.rpartition(".")[0]
            handler = f"{module}.{program.called}{CALLED}" if program.called else ""
            how = f"as {build.file} says"
            return ImageCode(image.runtime, handler, located, others, how)
    return (
        f"{build.file} runs {' '.join(words) or 'nothing'},"
        " for which the build context holds no source file that is read"
    )


def _words(container: Container, image: Image) -> list[str]:
    """Return the container's command line; what it says replaces what the image says."""
    own_entry, own_command = (_listed(value) for value in container.command)
    entry = own_entry or list(image.entry)
    inherited = [] if own_entry else list(image.command[len(image.entry) :])
    folder = image.folder.rstrip("/") + "/"
    return [word.removeprefix(folder) for word in (*entry, *(own_command or inherited))]


def _listed(value: Value) -> list[str]:
    for option in alternatives(value):
        if isinstance(option, str):
            return shlex.split(option)
        if isinstance(option, list):
            return [word for each in option if isinstance(word := _plain(each), str)]
    return []


def _plain(value: Value) -> Value:
    return next(iter(alternatives(value)))


def _located(root: Path, bases: tuple[str, ...], program: Program) -> Located | None:
    wanted = Wanted(program.handler, program.languages)
    for base in dict.fromkeys(bases):
        found = locate(root, base, wanted)
        if found and found.file:
            return found
    return None


def _is_django(root: Path, located: Located) -> bool:
    text = files.text(root / located.file, errors="replace")
    return located.language == "python" and any(word in text for word in DJANGO)


def _in_image(
    root: Path, context: str, image: Image, roots: tuple[str, ...], path: str
) -> str | None:
    """Return the text of a file by its path in the image, None where it is not of the context."""
    inner = path.removeprefix(image.folder.rstrip("/") + "/").lstrip("/")
    name = PurePosixPath(path).name
    copied = [
        source
        for copy in image.copies
        for source in copy.sources
        if not copy.stage and PurePosixPath(source).name == name
    ]
    for place in (*(joined(base, inner) for base in (*roots, context)), *_within(context, copied)):
        if inside(place) and files.is_file(root / place):
            return files.text(root / place, errors="replace")
    return None


def _within(context: str, sources: list[str]) -> list[str]:
    return [joined(context, source.lstrip("/")) for source in sources]
