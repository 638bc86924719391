"""Where the code of a function or layer lies, by the archive that Terraform makes of it.

Sources: the documentation of ``archive_file`` and of the AWS provider's functions, layers and
objects.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any, Final

from checkrein import files
from checkrein.model import Place
from checkrein.model.values import Choice, Value, choice, symbols
from checkrein.read.terraform.instances import Instance
from checkrein.read.terraform.mapping_references import References
from checkrein.read.terraform.merging import Made

ARCHIVE: Final = "archive_file"
UPLOADS: Final = ("aws_s3_object", "aws_s3_bucket_object", "aws_s3_object_copy")
HASHES: Final = ("source_code_hash", "code_sha256", "etag", "source_hash")
CODE: Final = {"AWS::Lambda::Function": "Code", "AWS::Lambda::LayerVersion": "Content"}
SAYS: Final = ("filename", "image_uri", "s3_key", "s3_bucket", "source_code_hash")
INLINE: Final = "index"  # what CloudFormation calls code that stands in the template
ZIP_FILE: Final = "ZipFile"
IMAGE: Final = "docker_image"
BUILD: Final = {
    "DockerContext": "context",
    "Dockerfile": "dockerfile",
    "DockerBuildArgs": "build_args",
    "DockerBuildTarget": "target",
}
DEEPEST: Final = 3  # an image, its registry's, a tag
BELOW: Final = ("", "*/", "*/*/")  # where a file is looked for whose text an archive holds


def put_code(made: Made, references: References) -> None:
    """Put the code of a function or layer among its properties.

    It is a path, relative to the root module's folder, or an object as CloudFormation has it;
    nothing where the resource says nothing of it.
    """
    name, instance, found = CODE[made.type], made.instance, made.properties
    archive = _archive(instance, references)
    content = _content(archive, references) if archive else _plain(instance, references)
    if content is None:
        return
    found[name] = content
    made.metadata |= _build(instance.values.get("image_uri"), references)
    places = (instance.places.get((argument,)) for argument in SAYS)
    made.places[(name,)] = next((place for place in places if place), instance.place)
    handler = found.get("Handler")
    if archive and isinstance(content, dict) and ZIP_FILE in content:
        made.places[name, ZIP_FILE] = _text_place(archive)
        if isinstance(handler, str):
            found["Handler"] = f"{INLINE}.{handler.rpartition('.')[2]}"


def _plain(instance: Instance, references: References) -> Value | None:
    """Return code that no archive of this module holds."""
    values = instance.values
    if values.get("image_uri") is not None:
        return {"ImageUri": references.known(values["image_uri"])}
    if values.get("filename") is not None:
        return _tidy(references.known(values["filename"]))
    if values.get("s3_bucket") is None and values.get("s3_key") is None:
        return None
    upload = _upload(instance, references)
    source = upload.values.get("source") if upload else None
    if upload and source is None:  # it holds text, or somebody else put it there
        key = upload.values.get("key")
        return _stored({**values, "s3_key": values["s3_key"] if key is None else key}, references)
    return _stored(values, references) if source is None else _tidy(references.known(source))


def _build(image: Any, references: References, depth: int = 0) -> dict[str, Value]:
    """Return what an image is built from, as SAM's Metadata has it; empty if that is not said."""
    for source in _named(image, references) if depth < DEEPEST else ():
        if source.type != IMAGE:
            found = _build(source.values.get("name"), references, depth + 1)
            if found:
                return found
            continue
        blocks = source.values.get("build")
        block = blocks[0] if isinstance(blocks, list) and blocks else None
        build = {name: references.known(v) for name, v in block.items()} if block else {}
        told = {name: build[each] for name, each in BUILD.items() if build.get(each) is not None}
        return {**told, "DockerContext": _tidy(told.get("DockerContext")) or "."} if told else {}
    return {}


def _archive(instance: Instance, references: References) -> Instance | None:
    """Return the archive that a resource's file, hash or upload names, None if none does."""
    for name in ("filename", "source", *HASHES):
        for source in _named(instance.values.get(name), references):
            if source.type == ARCHIVE:
                return source
    written = (instance.values.get(name) for name in ("filename", "source", "s3_key"))
    path = _tidy(references.known(next((each for each in written if each is not None), None)))
    for source in references.instances.values():
        if source.type == ARCHIVE and path is not None and _output(source, references) == path:
            return source
    upload = _upload(instance, references) if instance.values.get("s3_key") else None
    return _archive(upload, references) if upload else None


def _output(archive: Instance, references: References) -> Value | None:
    return _tidy(references.known(archive.values.get("output_path")))


def _named(value: Any, references: References) -> Iterator[Instance]:
    for symbol in symbols(value):
        source = references.instances.get(symbol.owner)
        if source:
            yield source


def _content(archive: Instance, references: References) -> Value | None:
    """Return what an archive is made of: a folder, a file, or text that stands in the module."""
    for name in ("source_dir", "source_file"):
        if archive.values.get(name) is not None:
            return _tidy(references.known(archive.values[name]))
    inside = archive.values.get("source")
    parts = [each for each in inside if isinstance(each, dict)] if isinstance(inside, list) else []
    if len(parts) != 1:
        return _output(archive, references)
    text = references.known(parts[0].get("content"))
    return _file_of(text, parts[0].get("filename"), references) or {ZIP_FILE: text}


def _file_of(text: Value, name: Any, references: References) -> str | None:
    """Return the file of this module that holds a text, None if none is found."""
    if references.base is None or not isinstance(text, str) or not isinstance(name, str):
        return None
    for pattern in BELOW:
        for path in files.matching(references.base, f"{pattern}{posixpath.basename(name)}"):
            if files.is_file(path) and files.text(path, errors="replace").strip() == text.strip():
                return path.relative_to(references.base).as_posix()
    return None


def _text_place(archive: Instance) -> Place:
    return archive.places.get(("source", 0, "content"), archive.place)


def _upload(instance: Instance, references: References) -> Instance | None:
    """Return the object that a resource's code is uploaded as."""
    key = instance.values.get("s3_key")
    for source in _named(key, references):
        if source.type in UPLOADS:
            return source
    wanted = references.known(key)
    for source in references.instances.values():
        if source.type in UPLOADS and references.known(source.values.get("key")) == wanted:
            return source
    return None


def _stored(values: dict[str, Any], references: References) -> Value:
    names = {"S3Bucket": "s3_bucket", "S3Key": "s3_key", "S3ObjectVersion": "s3_object_version"}
    return {
        name: references.known(values[argument])
        for name, argument in names.items()
        if values.get(argument) is not None
    }


def _tidy(value: Value) -> Value | None:
    """Return a path without ``./`` and detours; what is no path stays."""
    if isinstance(value, Choice):
        return choice([(when, _tidy(option)) for when, option in value.options])
    return posixpath.normpath(value) if isinstance(value, str) and value else value or None
