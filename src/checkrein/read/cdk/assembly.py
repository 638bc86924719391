"""CDK's cloud assembly (``cdk.out``): which templates it holds, and where their code lies.

An assembly says in ``manifest.json`` which stacks and assemblies of stages it is made of. Its
templates name code by the object that it is uploaded to; beside them stands what is uploaded:
``<stack>.assets.json`` maps objects to files, older ones say it in the manifest's metadata. Stale
templates of stacks that the app no longer has may lie there too: only those that are named count.

Source: the cloud assembly schema, versions 1 to 55.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path as File
from pathlib import PurePosixPath
from typing import Any

from msgspec import Struct

from checkrein import files
from checkrein.late import regex
from checkrein.model.workloads import CONTAINERS
from checkrein.read.cdk.written import original
from checkrein.read.paths import inside, joined

CDK = "CDK"
OUTPUT, MANIFEST = "cdk.out", "manifest.json"
STACK, STAGE, ASSETS = "aws:cloudformation:stack", "cdk:cloud-assembly", "cdk:asset-manifest"
NESTED_NAME = ".nested.template.json"
CHILD = "AWS::CloudFormation::Stack"
HASH = regex(r"[0-9a-f]{64}")
# where code of each type is named, and the members that name the object
CODE = {
    "AWS::Lambda::Function": ("Code", "S3Key"),
    "AWS::Lambda::LayerVersion": ("Content", "S3Key"),
}
# other files that a type names by the object that they are uploaded to
RESOLVING = (
    "CodeS3Location",
    "RequestMappingTemplateS3Location",
    "ResponseMappingTemplateS3Location",
)
FILES = {
    "AWS::ApiGateway::RestApi": ("BodyS3Location",),
    "AWS::ApiGatewayV2::Api": ("BodyS3Location",),
    "AWS::StepFunctions::StateMachine": ("DefinitionS3Location",),
    "AWS::AppSync::GraphQLSchema": ("DefinitionS3Location",),
    "AWS::AppSync::Resolver": RESOLVING,
    "AWS::AppSync::FunctionConfiguration": RESOLVING,
}
NOTHING_OF_INTEREST = ("AWS::CDK::Metadata",)
DEEPEST = 4  # stages inside stages


class Assembly(Struct, frozen=True):
    """One folder that ``cdk synth`` writes, relative to the scanned folder.

    ``stacks`` maps a template's name to its artifact, ``stages`` are the folders of further
    assemblies, ``assets`` maps a hash to the file or folder that is uploaded under it, and
    ``images`` to the build of a container image.
    """

    folder: str
    stacks: dict[str, dict[str, Any]]
    stages: tuple[str, ...]
    assets: dict[str, str]
    images: dict[str, dict[str, Any]]


@files.remembered
def assembly(root: File, folder: str) -> Assembly | None:
    """Return the assembly in a folder, None where there is none that can be read."""
    manifest = document(root, joined(folder, MANIFEST))
    artifacts = manifest.get("artifacts")
    if not isinstance(artifacts, dict) or not isinstance(manifest.get("version"), str):
        return None
    kinds = [each for each in artifacts.values() if isinstance(each, dict)]
    stacks = {
        name: each
        for each in kinds
        if each.get("type") == STACK and (name := _said(each, "templateFile"))
    }
    stages = tuple(
        joined(folder, name)
        for each in kinds
        if each.get("type") == STAGE and (name := _said(each, "directoryName"))
    )
    if not stacks and not stages:
        return None
    lists = [document(root, joined(folder, name)) for name in _asset_lists(kinds)]
    assets = dict(_older_assets(stacks)) | dict(_assets(lists))
    return Assembly(folder, stacks, stages, assets, dict(_images(lists)))


def templates(root: File, folder: str) -> list[str] | None:
    """Return the templates of an assembly and its stages, nested ones too; None if it is none."""
    found = assembly(root, folder)
    return None if found is None else sorted(set(_templates(root, found, DEEPEST)))


def _templates(root: File, found: Assembly, deeper: int) -> Iterator[str]:
    named = [joined(found.folder, name) for name in found.stacks]
    nested = [name for name in files.names(root / found.folder) if name.endswith(NESTED_NAME)]
    for path in (*named, *(joined(found.folder, name) for name in nested)):
        if inside(path) and files.is_file(root / path):
            yield path
    for stage in found.stages if deeper else ():
        below = assembly(root, stage) if inside(stage) else None
        if below:
            yield from _templates(root, below, deeper - 1)


def stack_name(found: Assembly, path: str) -> str:
    """Return the name that a template's stack is deployed under, "" for a nested one."""
    name = PurePosixPath(path).name
    artifact = found.stacks.get(name)
    if artifact is None:
        return ""
    return _said(artifact, "stackName") or name.removesuffix(".template.json")


def document(root: File, path: str) -> dict[str, Any]:
    """Return a JSON document's object, empty where it is none or cannot be read."""
    try:
        found = json.loads(files.content(root / path)) if inside(path) else None
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _said(artifact: dict[str, Any], name: str) -> str:
    properties = artifact.get("properties")
    found = properties.get(name) if isinstance(properties, dict) else None
    return found if isinstance(found, str) else ""


def _asset_lists(artifacts: list[dict[str, Any]]) -> list[str]:
    found = [_said(each, "file") for each in artifacts if each.get("type") == ASSETS]
    return [name for name in found if name]


def _assets(lists: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield (name of the object, path of what is uploaded)."""
    for key, each in _listed(lists, "files"):
        source = each.get("source")
        path = source.get("path") if isinstance(source, dict) else None
        if isinstance(path, str):
            yield key, path
            yield from ((name, path) for name in _objects(each))


def _objects(asset: dict[str, Any]) -> Iterator[str]:
    """Yield the names, without folder and suffix, under which an asset is uploaded."""
    places = asset.get("destinations")
    for place in places.values() if isinstance(places, dict) else ():
        name = place.get("objectKey") if isinstance(place, dict) else None
        if isinstance(name, str):
            yield PurePosixPath(name).stem


def _images(lists: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for key, each in _listed(lists, "dockerImages"):
        source = each.get("source")
        if isinstance(source, dict) and isinstance(source.get("directory"), str):
            yield key, source


def _listed(lists: list[dict[str, Any]], kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for each in lists:
        found = each.get(kind)
        for key, asset in found.items() if isinstance(found, dict) else ():
            if isinstance(asset, dict):
                yield key, asset


def _older_assets(stacks: dict[str, dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield what version 1 of CDK says in the metadata of a stack."""
    for artifact in stacks.values():
        for entry in entries(artifact.get("metadata")):
            data = entry.get("data")
            if entry.get("type") == "aws:cdk:asset" and isinstance(data, dict):
                key, path = data.get("sourceHash") or data.get("id"), data.get("path")
                if isinstance(key, str) and isinstance(path, str):
                    yield key, path


def entries(metadata: Any) -> Iterator[dict[str, Any]]:
    """Yield every entry of an artifact's metadata, which lists them by construct."""
    for listed in metadata.values() if isinstance(metadata, dict) else ():
        for entry in listed if isinstance(listed, list) else ():
            if isinstance(entry, dict):
                yield entry


# ------------------------------------------------------------------------------ templates


def with_local_code(root: File, path: str, resources: dict[str, Any]) -> Assembly | None:
    """Have a template of an assembly name its code by where it lies; return the assembly.

    Changes ``resources``: code, layers' content, images and nested templates stand there by paths
    relative to the template, and what is no resource of the app (CDK's metadata) is taken out.
    Nothing is changed, and None returned, where the template is in no assembly.
    """
    folder = joined(str(PurePosixPath(path).parent))
    found = assembly(root, folder)
    name = PurePosixPath(path).name
    if found is None or not (name in found.stacks or name.endswith(NESTED_NAME)):
        return None
    for key, declared in list(resources.items()):
        kind = declared.get("Type") if isinstance(declared, dict) else None
        if kind in NOTHING_OF_INTEREST:
            del resources[key]
        elif isinstance(declared, dict) and isinstance(declared.get("Properties"), dict):
            _localise(root, found, str(kind), declared)
    return found


def _localise(root: File, found: Assembly, kind: str, declared: dict[str, Any]) -> None:
    properties = declared["Properties"]
    if kind == CHILD:
        properties["TemplateURL"] = _path(found, declared, "TemplateURL", NESTED_NAME)
    for member in properties.keys() & FILES.get(kind, ()):
        path = _path(found, declared, member, "")
        properties[member] = original(root, found.folder, path) if isinstance(path, str) else path
    if kind in CONTAINERS:
        _build_containers(found, declared, properties.get(CONTAINERS[kind]))
    if kind not in CODE:
        return
    member, key = CODE[kind]
    code = properties.get(member)
    if isinstance(code, dict) and key in code:
        properties[member] = _path(found, declared, member, "")
    elif isinstance(code, dict) and "ImageUri" in code:
        _build(found, declared, code["ImageUri"])


def _path(found: Assembly, declared: dict[str, Any], member: str, suffix: str) -> Any:
    """Return where what a property names lies, or the property as it is."""
    written = declared["Properties"].get(member)
    paths: list[Any] = [found.assets.get(each) for each in HASH.findall(json.dumps(written))]
    metadata = declared.get("Metadata")
    if isinstance(metadata, dict) and metadata.get("aws:asset:property", member) == member:
        paths.append(metadata.get("aws:asset:path"))
    fitting = [each for each in paths if isinstance(each, str) and each.endswith(suffix)]
    return fitting[0] if fitting else written


def _build_containers(found: Assembly, declared: dict[str, Any], listed: Any) -> None:
    """Say of each container how its image is built."""
    for index, container in enumerate(listed if isinstance(listed, list) else [listed]):
        told: dict[str, Any] = {}
        _build(found, told, container)
        if told:
            metadata = declared.setdefault("Metadata", {})
            where = str(index) if isinstance(listed, list) else CONTAINERS[declared["Type"]]
            metadata.setdefault("ContainerBuilds", {})[where] = told["Metadata"]


def _build(found: Assembly, declared: dict[str, Any], uri: Any) -> None:
    """Say of an image how it is built, as SAM's metadata do."""
    for key in HASH.findall(json.dumps(uri)):
        source = found.images.get(key)
        if source:
            metadata = declared.setdefault("Metadata", {})
            metadata["DockerContext"] = source["directory"]
            metadata["Dockerfile"] = source.get("dockerFile", "Dockerfile")
            metadata["DockerBuildArgs"] = source.get("dockerBuildArgs", {})
            metadata["DockerBuildTarget"] = source.get("dockerBuildTarget", "")
