"""Image functions: from the Dockerfile that builds the image to the handler's file."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Any

from msgspec import Struct

from checkrein import files
from checkrein.model import Resource
from checkrein.read.commands import started
from checkrein.read.dockerfile import Copy, Image, read_dockerfile
from checkrein.read.handlers import SOURCES, Located, Wanted, locate
from checkrein.read.paths import inside, joined


class Build(Struct, frozen=True):
    """How an image is built: context and Dockerfile relative to the root, arguments, stage."""

    context: str
    file: str
    arguments: dict[str, str] = {}
    target: str = ""


class ImageCode(Struct, frozen=True):
    """The handler, its file, the other context folders that the image imports from, and how."""

    runtime: str
    handler: str
    located: Located
    folders: tuple[str, ...]
    how: str


def image_code(root: Path, resource: Resource, folder: str) -> ImageCode | str:
    """Find an image function's code in its build context, or say in a sentence why not.

    ``folder`` is the template's, relative to the root.
    """
    build = told_build(resource.metadata, folder)
    image = built(root, build) if build else "its image is not built from this folder"
    if isinstance(image, str) or build is None:
        return str(image)
    return _in_context(root, build.context, image, _command(resource, image)) or (
        f"{build.file} runs {' '.join(_command(resource, image)) or 'nothing'},"
        " for which the build context holds no source file that is read"
    )


def told_build(metadata: dict[str, Any], folder: str) -> Build | None:
    """Return the build that an image's metadata tell, as SAM writes them; None if they do not."""
    context = joined(folder, _text(metadata.get("DockerContext")) or ".")
    file = joined(context, _text(metadata.get("Dockerfile")) or "Dockerfile")
    if "DockerContext" not in metadata or not inside(file):
        return None
    arguments = metadata.get("DockerBuildArgs")
    known = {k: v for k, v in arguments.items() if isinstance(v, str)} if arguments else {}
    return Build(context, file, known, _text(metadata.get("DockerBuildTarget")))


def built(root: Path, build: Build) -> Image | str:
    """Read what a build makes, or say in a sentence why not."""
    if not files.is_file(root / build.file):
        return f"its image is built from {build.file}, which is not in the scanned folder"
    text = files.text(root / build.file, errors="replace")
    image = read_dockerfile(text, build.arguments, build.target)
    return image or f"{build.file} builds no image"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _command(resource: Resource, image: Image) -> tuple[str, ...]:
    command = resource.value("ImageConfig.Command")
    if isinstance(command, list) and command:
        return tuple(word for word in command if isinstance(word, str))
    return image.command


def _in_context(
    root: Path, context: str, image: Image, command: tuple[str, ...]
) -> ImageCode | None:
    for word in reversed(command):
        handler = started(word)
        if not handler:
            continue
        wanted = Wanted(handler, _languages(image.runtime, word))
        roots = import_roots(root, context, image)
        for base in (*roots, context):
            located = locate(root, base, wanted)
            if located and located.file:
                others = tuple(each for each in roots if each != located.folder)
                runtime = image.runtime
                return ImageCode(runtime, handler, located, others, f"as {word} names it")
    return None


def _languages(runtime: str, word: str) -> tuple[str, ...]:
    for language, extensions in SOURCES.items():
        if word.endswith(extensions) or runtime.startswith(language.replace("javascript", "node")):
            return (language,)
    return tuple(SOURCES)


def import_roots(root: Path, context: str, image: Image) -> tuple[str, ...]:
    """Return the context folders whose content stands in the image's working folder."""
    found = []
    for copy in image.copies:
        for source in copy.sources if not copy.stage else ():
            base = _import_root(root, context, copy, source, image.folder)
            if base is not None and inside(base):
                found.append(base)
    return tuple(dict.fromkeys(found))


def _import_root(root: Path, context: str, copy: Copy, source: str, folder: str) -> str | None:
    """Return the folder that would be the working folder, if its copy came from there whole."""
    path = joined(context, source.rstrip("*").lstrip("/"))
    path = joined(str(PurePosixPath(path).parent)) if "*" in source else path
    target = PurePosixPath(copy.target)
    if (root / path).is_file():
        named_alike = target.name == PurePosixPath(path).name
        target = target.parent if named_alike and not copy.target.endswith("/") else target
        path = joined(str(PurePosixPath(path).parent))
    if not target.is_relative_to(folder):
        return path
    below = target.relative_to(folder).parts
    parts = PurePosixPath(path).parts
    if not below:
        return path
    return joined(*parts[: -len(below)]) if parts[-len(below) :] == below else None
