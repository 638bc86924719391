"""Which Dockerfile here builds a container's image.

A template names an image by where it is pushed to, seldom by what builds it. CDK and metadata tell
it, and commands of the repository that build an image of that name. Else an image of the team's own
registry, or one that is given when the stack is deployed, is
taken to be built by the Dockerfile whose path shares words with the names around the container, or
by the only one of the application; another registry's image only where a folder has its very name.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from checkrein import files
from checkrein.late import regex
from checkrein.model import Choice, Open, Resource, Stack, Symbol, Text, Value
from checkrein.model.values import alternatives, symbols, written
from checkrein.model.workloads import Container
from checkrein.read.dockerfile import read_dockerfile
from checkrein.read.handlers import source_files
from checkrein.read.image_builds import builds_of, image_name
from checkrein.read.images import Build
from checkrein.read.paths import joined

DOCKERFILE = regex(r"(?i)^(dockerfile|containerfile)(\.[\w-]+)?$|^[\w-]+\.dockerfile$")
MARKERS = frozenset({".git", "package.json", "requirements.txt", "pyproject.toml", "cdk.json"})
INFRASTRUCTURE = frozenset({  # what folders that hold templates only are called
    "aws", "cdk", "cf", "cfn", "ci", "cicd", "cloudformation", "cloud-formation", "config",
    "deploy", "deployment", "deployments", "ecs", "fargate", "iac", "infra", "infrastructure",
    "ops", "resources", "stack", "stacks", "template", "templates",
})  # fmt: skip
WORDS = regex(r"[a-z]+|\d+")
CAMEL = regex(r"(?<=[a-z0-9])(?=[A-Z])")
IDLE = frozenset({  # words that tell no container from another
    "app", "aws", "container", "definition", "docker", "dockerfile", "ecs", "fargate", "image",
    "latest", "main", "my", "repo", "repository", "service", "services", "src", "stack", "task",
    "the", "uri",
})  # fmt: skip
HIGHEST = 6  # folders above the template that are looked at


class Chosen(NamedTuple):
    """A build, and in words why it is the container's: "" where the template says so."""

    build: Build
    why: str


class Template(NamedTuple):
    """What is known of a resource's template: its folder, and images by default of parameters."""

    folder: str
    defaults: frozenset[str] = frozenset()

    @classmethod
    def of(cls, folder: str, stack: Stack | None) -> Template:
        """Make it of a stack's parameters: what they are by default may be told otherwise."""
        declared = stack.parameters.values() if stack else ()
        known = (each.get("Default") for each in declared if isinstance(each, dict))
        return cls(folder, frozenset(_last(each) for each in known if isinstance(each, str)))


def chosen_build(
    root: Path, resource: Resource, container: Container, template: Template
) -> Chosen | str:
    """Return the build of a container's image, or a sentence that says why there is none."""
    own = _is_own(container.image) or _last(container.image) in template.defaults
    candidates, application = _dockerfiles(root, template.folder)
    told = builds_of(root, application, image_name(_shown(container.image)))
    if len(told) == 1:
        return Chosen(told[0], "the command that gives an image its name")
    if own and len(candidates) == 1:
        return Chosen(_build(root, candidates[0], application), "the only Dockerfile here")
    fitting = _fitting(candidates, _names(resource, container)) if own else ""
    same = [each for each in candidates if _is_named(each, container.image)]
    if fitting or len(same) == 1:
        return Chosen(_build(root, fitting or same[0], application), "the Dockerfile of that name")
    if own and candidates:
        return f"which of {len(candidates)} Dockerfiles builds its image is not known"
    if own and not isinstance(container.image, str):
        return f"its image is told when it is deployed ({_told(container.image)})"
    return f"its image, {_told(container.image)}, is not built from this folder"


def _shown(image: Value) -> str:
    return str(next(iter(alternatives(image))))


def _told(image: Value) -> str:
    """Return an image as the template says it."""
    return written(next(iter(alternatives(image))))


def _is_own(image: Value) -> bool:
    """Tell whether an image may be the team's own: of its registry, or told when deployed."""
    option = next(iter(alternatives(image)))
    if isinstance(option, (Symbol, Open, Choice)):
        return True
    text = str(option)
    if isinstance(option, Text):
        host = text.partition("/")[0]
        resources = [s for s in symbols(option) if not s.owner.startswith("@")]
        return bool(resources) or "${@aws.AccountId" in text or "." not in host
    return text != text.lower() or not text


def _last(image: Value) -> str:
    """Return the last word of an image's name, without tag and digest."""
    text = _shown(image).partition("@")[0].rpartition("/")[2]
    return text.partition(":")[0].lower()


def _is_named(file: str, image: Value) -> bool:
    """Tell whether an image of another registry has the name of a Dockerfile's folder."""
    folder, name = _folder(file), _last(image)
    if folder == name:
        return True
    within = _shown(image).rpartition("/")[0]  # somebody's own: an account, a user's name
    return bool(_words(folder)) and bool(within) and _words(folder) <= _words(name)


def _folder(file: str) -> str:
    where = [part for part in PurePosixPath(file).parent.parts if part not in ("src", "docker")]
    return where[-1].lower() if where else ""


def _names(resource: Resource, container: Container) -> frozenset[str]:
    """Return the words by which a container, its image and its task are called."""
    family = resource.value("Family") or resource.value("ServiceName")
    said = [container.name, *_literal(container.image), *_literal(family)]
    said += [resource.title or resource.name]
    return _words(" ".join(said))


def _literal(value: Value) -> list[str]:
    parts = [p for option in alternatives(value) for p in getattr(option, "parts", (option,))]
    texts = [part for part in parts if isinstance(part, str)]
    return (
        texts
        + [part.attribute for part in parts if isinstance(part, Symbol)]
        + [part.owner.rpartition("/")[2] for part in parts if isinstance(part, Symbol)]
    )


def _words(text: str) -> frozenset[str]:
    return frozenset(WORDS.findall(CAMEL.sub(" ", text).lower())) - IDLE


def _fitting(candidates: list[str], named: frozenset[str]) -> str:
    """Return the one Dockerfile whose path shares most words with some names, "" if none does."""
    paths = {each: _words(each) for each in candidates}
    shared = frozenset.intersection(*paths.values()) if paths else frozenset()
    scores = {each: len((words - shared) & named) for each, words in paths.items()}
    best = max(scores.values(), default=0)
    first = [each for each, score in scores.items() if score == best]
    first = [each for each in first if PurePosixPath(each).name == "Dockerfile"] or first
    return first[0] if best and len(first) == 1 else ""


@files.remembered
def _dockerfiles(root: Path, folder: str) -> tuple[list[str], str]:
    """Return the Dockerfiles of a template's application, and the application's folder."""
    for _ in range(HIGHEST):
        found = [file for file in source_files(root, folder) if _is_dockerfile(file)]
        if found or not folder or _is_whole(root, folder):
            return found, folder
        folder = joined(str(PurePosixPath(folder).parent))
    return [], folder


def _is_dockerfile(file: str) -> bool:
    return bool(DOCKERFILE.match(PurePosixPath(file).name))


def _is_whole(root: Path, folder: str) -> bool:
    """Tell whether a folder is an application by itself, and not its folder of templates."""
    if PurePosixPath(folder).name.lower() in INFRASTRUCTURE:
        return False
    names = files.names(root / folder)
    return not MARKERS.isdisjoint(names) or any(name.lower().startswith("readme") for name in names)


def _build(root: Path, file: str, application: str) -> Build:
    """Return the build of a Dockerfile: the nearest folder that holds what it copies."""
    folder = joined(str(PurePosixPath(file).parent))
    image = read_dockerfile(files.text(root / file, errors="replace"), {})
    copied = [
        source.lstrip("/")
        for copy in (image.copies if image else ())
        for source in copy.sources
        if not copy.stage and not re.search(r"[*?\[$:]", source)
    ]
    context = folder
    while not all(files.exists(root / context / source) for source in copied):
        if context in (application, ""):
            return Build(folder, file)
        context = joined(str(PurePosixPath(context).parent))
    return Build(context, file)
