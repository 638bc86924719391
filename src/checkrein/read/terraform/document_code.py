"""Where the code of a function or layer lies, by the archive that Terraform makes of it.

Sources: the documentation of ``archive_file`` and of the AWS provider's functions, layers and
objects.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any, Final

from checkrein.model.values import Choice, Value, choice, symbols
from checkrein.read.terraform.instances import Instance
from checkrein.read.terraform.mapping_references import References

ARCHIVE: Final = "archive_file"
UPLOADS: Final = ("aws_s3_object", "aws_s3_bucket_object", "aws_s3_object_copy")
HASHES: Final = ("source_code_hash", "code_sha256", "etag", "source_hash")
CODE: Final = {"AWS::Lambda::Function": "Code", "AWS::Lambda::LayerVersion": "Content"}


def code(instance: Instance, references: References) -> Value | None:
    """Return the code of a function or layer: a path, or an object as CloudFormation has it.

    Paths are relative to the root module's folder. None where the resource says nothing of it.
    """
    values = instance.values
    archive = _archive(instance, references)
    if archive is not None:
        return archive
    if values.get("image_uri") is not None:
        return {"ImageUri": references.known(values["image_uri"])}
    if values.get("filename") is not None:
        return _tidy(references.known(values["filename"]))
    if values.get("s3_bucket") is None and values.get("s3_key") is None:
        return None
    upload = _upload(instance, references)
    return upload if upload is not None else _stored(values, references)


def _archive(instance: Instance, references: References) -> Value | None:
    """Return what the archive holds that a resource's file or hash names, None if none does."""
    for name in ("filename", "source", *HASHES):
        for source in _named(instance.values.get(name), references):
            if source.type == ARCHIVE:
                return _content(source, references)
    written = instance.values.get("filename") or instance.values.get("source")
    path = _tidy(references.known(written))
    for source in references.instances.values():
        if source.type == ARCHIVE and path is not None:
            made = _tidy(references.known(source.values.get("output_path")))
            if made == path:
                return _content(source, references)
    return None


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
    files = [each for each in inside if isinstance(each, dict)] if isinstance(inside, list) else []
    if len(files) == 1:
        return {"ZipFile": references.known(files[0].get("content"))}
    return _tidy(references.known(archive.values.get("output_path")))


def _upload(instance: Instance, references: References) -> Value | None:
    """Return the code that was uploaded as the object that a resource names."""
    key = instance.values.get("s3_key")
    for source in _named(key, references):
        if source.type in UPLOADS:
            return _uploaded(source, references)
    wanted = references.known(key)
    for source in references.instances.values():
        if source.type in UPLOADS and references.known(source.values.get("key")) == wanted:
            return _uploaded(source, references)
    return None


def _uploaded(upload: Instance, references: References) -> Value | None:
    archive = _archive(upload, references)
    return _tidy(references.known(upload.values.get("source"))) if archive is None else archive


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
