"""Which Dockerfile a repository's own scripts build an image of a given name from.

``docker build -t NAME -f FILE CONTEXT`` in makefiles, shell scripts, buildspecs and pipelines, the
``image`` and ``build`` of a Compose file's services, and the inputs of docker/build-push-action.
What a script computes in a name, or in a path, is not followed: such a command tells nothing.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from checkrein import files
from checkrein.errors import InputError
from checkrein.late import regex
from checkrein.notation import parse
from checkrein.read.handlers import source_files
from checkrein.read.images import Build
from checkrein.read.paths import inside, joined

SCRIPTS = regex(
    r"(?i)(?:^|/)(?:makefile|justfile|[\w.-]+\.(?:sh|bash|mk)|buildspec[\w.-]*\.ya?ml|package\.json"
    r"|\.gitlab-ci\.yml|bitbucket-pipelines\.yml|azure-pipelines\.yml)\Z"
)
COMPOSE = regex(r"(?:^|/)(?:docker-)?compose[\w.-]*\.ya?ml\Z")
WORKFLOWS = ".github/workflows"
COMMAND = regex(r"\bdocker(?:\s+buildx)?\s+(?:image\s+)?build\s+([^\n;&|]+)")
ACTION = regex(r"docker/build-push-action")
INPUTS = (("context", "."), ("file", ""), ("tags", ""))
CONTINUED = regex(r"\\\r?\n\s*")
NAMING, FILE = ("-t", "--tag"), ("-f", "--file")
VALUED = frozenset({
    *NAMING, *FILE, "--build-arg", "--platform", "--target", "--cache-from", "--cache-to",
    "--label", "--network", "--progress", "--secret", "--ssh", "--output", "-o", "--add-host",
    "--iidfile", "--memory", "-m", "--shm-size", "--builder",
})  # fmt: skip
LARGEST = 200_000
COMPUTED = regex(r"[$`{}()]")


def builds_of(root: Path, application: str, name: str) -> list[Build]:
    """Return the different builds that the scripts of an application give an image's name to."""
    found: list[Build] = []
    for said, build in _builds(root, application) if name else ():
        if said == name and build not in found:
            found.append(build)
    return found


@files.remembered
def _builds(root: Path, application: str) -> list[tuple[str, Build]]:
    found: list[tuple[str, Build]] = []
    for path in _files(root, application):
        try:
            text = files.text(root / path, errors="replace")
        except (OSError, ValueError):
            continue
        if len(text) <= LARGEST:
            found += _said(root, path, text)
    return found


def _files(root: Path, application: str) -> Iterator[str]:
    for path in source_files(root, application):
        if SCRIPTS.search(path) or COMPOSE.search(path):
            yield path
    for folder in dict.fromkeys((joined(application, WORKFLOWS), WORKFLOWS)):
        for name in sorted(files.names(root / folder)):
            if name.endswith((".yml", ".yaml")):
                yield joined(folder, name)


def _said(root: Path, path: str, text: str) -> Iterator[tuple[str, Build]]:
    folder = joined(str(PurePosixPath(path).parent))
    starts = [folder, ""] if WORKFLOWS not in path else [joined(folder, "../.."), ""]
    if COMPOSE.search(path):
        found = list(_composed(text))
    else:
        found = [*_commands(text), *(_actions(text) if ACTION.search(text) else ())]
    for name, context, file in found:
        build = next((b for start in starts if (b := _build(root, start, context, file))), None)
        if name and build:
            yield name, build


def _build(root: Path, start: str, context: str, file: str) -> Build | None:
    """Return a build whose files are here; a Dockerfile is named from where the command runs."""
    if COMPUTED.search(context) or COMPUTED.search(file):
        return None
    base = joined(start, context)
    named = (joined(start, file), joined(base, file)) if file else (joined(base, "Dockerfile"),)
    here = next((each for each in named if inside(each) and files.is_file(root / each)), "")
    return Build(base, here) if here and (not base or inside(base)) else None


def image_name(tag: str) -> str:
    """Return the last word of an image's name, "" where it is computed."""
    last = re.sub(r"\$\{\{[^}\n]{0,200}\}\}", "$", tag).partition("@")[0].rpartition("/")[2]
    name = last.partition(":")[0].lower()
    return "" if COMPUTED.search(name) else name


def _commands(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield (name, context, Dockerfile) of each command that builds an image."""
    for match in COMMAND.finditer(CONTINUED.sub(" ", text)):
        names, file, context = _arguments(_words(match[1]))
        yield from ((name, context, file) for name in names if context)


def _words(text: str) -> list[str]:
    """Return the words of a command, which the text around it may have in quotes."""
    try:
        return shlex.split(text)
    except ValueError:
        inner = text[: max(text.rfind("'"), text.rfind('"'))]
        return [] if "'" in inner or '"' in inner else inner.split()


def _arguments(words: list[str]) -> tuple[list[str], str, str]:
    """Return the names, the Dockerfile and the context of a command, "" where it says none."""
    names, file, context = [], "", ""
    left = iter(words)
    for each in left:
        word, _, value = each.partition("=")
        if word in VALUED and not value:
            value = next(left, "")
        if word in NAMING:
            names.append(image_name(value))
        elif word in FILE:
            file = value
        elif not word.startswith("-"):
            context = word
    return names, file, context


def _composed(text: str) -> Iterator[tuple[str, str, str]]:
    for name, service in _entries(_loaded(text).get("services")):
        build = service.get("build")
        said = build if isinstance(build, dict) else {"context": build}
        context, file = said.get("context"), said.get("dockerfile", "")
        if isinstance(context, str) and isinstance(file, str):
            image = service.get("image")
            yield image_name(image) if isinstance(image, str) else name.lower(), context, file


def _actions(text: str) -> Iterator[tuple[str, str, str]]:
    for _, job in _entries(_loaded(text).get("jobs")):
        steps = job.get("steps")
        for step in steps if isinstance(steps, list) else ():
            given = step.get("with") if isinstance(step, dict) else None
            if isinstance(given, dict) and ACTION.search(_text(step, "uses", "")):
                context, file, tags = (_text(given, *each) for each in INPUTS)
                for tag in re.split(r"[,\n]", tags):
                    yield image_name(tag.strip()), context, file


def _text(given: dict[str, Any], name: str, usual: str) -> str:
    """Return an input of an action; lists are none, and aliases may make them endless."""
    found = given.get(name, usual)
    return found if isinstance(found, str) else usual


def _loaded(text: str) -> dict[str, Any]:
    try:
        found = parse(text, "").value
    except (InputError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _entries(value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, each in value.items() if isinstance(value, dict) else ():
        if isinstance(each, dict):
            yield str(name), each
