"""Tasks, jobs and services of containers as functions: one for all containers that share a role."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from checkrein.model import Code, Evidence, Fact, Function, Program, Resource, Unread
from checkrein.model.workloads import PODS, RUNNER, SOURCE, Container, containers, unread_id
from checkrein.read.container_code import container_code
from checkrein.read.container_images import Template, chosen_build
from checkrein.read.images import Build, ImageCode, told_build

BUILDS = "ContainerBuilds"  # metadata: a container's place in the list -> how its image is built
EFFECT = "what this container does with data is not known"
UNTOLD = "what containers it runs is in no template"
WHATS = {
    "AWS::ECS::TaskDefinition": "a task of containers",
    "AWS::Batch::JobDefinition": "a job in a container",
    PODS: "what pods act as",
}


def read_containers(
    root: Path, resource: Resource, bare: Function, template: Template
) -> list[Fact]:
    """Return the Function of what runs containers, and an Unread where code is not found.

    ``bare`` is the Function as far as any kind of code has the same. Its own program is that of
    the first container whose image is built here; those of others stand beside it.
    """
    what = WHATS.get(resource.type, "a service of containers")
    said = Evidence(f"{resource.name} is {what}", resource.where())
    function = replace(bare, evidence=(said,))
    lost: list[str] = [] if containers(resource) else [UNTOLD]
    for container in containers(resource):
        found = _code(root, resource, container, template)
        name = container.name or resource.name
        if isinstance(found, str):
            lost.append(f"{name}: {found}")
        else:
            function = _with_code(function, resource, container, *found)
    return [function, *_unread(resource, function, lost)]


def _code(
    root: Path, resource: Resource, container: Container, template: Template
) -> tuple[ImageCode, str] | str:
    """Return a container's code and why that should be it, or a sentence that says why not."""
    why = ""
    build = _told(resource, container, template.folder)
    if build is None and container.image is None:
        return "its sources are in a repository that is told only when it is deployed"
    if build is None:
        chosen = chosen_build(root, resource, container, template)
        if isinstance(chosen, str):
            return chosen
        build, why = chosen
    found = container_code(root, container, build)
    return found if isinstance(found, str) else (found, why)


def _told(resource: Resource, container: Container, folder: str) -> Build | None:
    """Return the build that the template tells: for the container, or for its only one."""
    if container.image is None and resource.type == RUNNER and container.of(SOURCE):
        return None
    listed = resource.metadata.get(BUILDS)
    known = listed.get(str(container.path[-1])) if isinstance(listed, dict) else None
    if isinstance(known, dict):
        return told_build(known, folder)
    alone = len(containers(resource)) == 1
    return told_build(resource.metadata, folder) if alone else None


def _with_code(
    function: Function, resource: Resource, container: Container, found: ImageCode, why: str
) -> Function:
    guessed = f"; likely, since it is built by {why}" if why else ""
    name = container.name or resource.name
    text = f"{name} runs {found.located.file}, {found.how}{guessed}"
    evidence = (*function.evidence, Evidence(text, resource.where((*container.path, "Image"))))
    code = Code(found.located.folder, found.located.file, layers=found.folders)
    language, handler = found.located.language, found.handler
    if function.code:
        program = Program(language, handler, code)
        known = program in function.programs  # two containers of one image
        others = function.others if known else (*function.others, program)
        return replace(function, others=others, evidence=evidence)
    named = replace(function, runtime=found.runtime, language=language, handler=handler)
    return replace(named, code=code, evidence=evidence)


def _unread(resource: Resource, function: Function, lost: list[str]) -> Iterator[Unread]:
    if not lost:
        return
    reason = f"{resource.name}: {'; '.join(lost)}"
    yield Unread(
        id=unread_id(function.id),
        evidence=(Evidence(reason, resource.where()),),
        when=resource.when,
        path=resource.where().path,
        reason=reason,
        effect=EFFECT,
        fatal=False,
    )
