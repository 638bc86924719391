"""Make ``catalog/data/sdk.pack``: the operations of every AWS service, as SDKs name them.

Usage: ``python tools/catalog_sdk.py`` (needs boto3 and botocore in the environment, and npm).
Sources: botocore and boto3 (the service and resource models they ship) and the npm package
``aws-sdk`` (its client names), all Apache-2.0.

The pack is a 4-byte big-endian length, an index of that length (zlib JSON), and up to three chunks
(zlib JSON) a service: its operations, the members of their requests, its boto3 resources. The
index holds each chunk's offset and length, counted from the end of the index.
"""

from __future__ import annotations

import json
import subprocess
import tarfile
import tempfile
import zlib
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import boto3
import botocore
import botocore.session
from boto3.resources.model import Action, Collection, Parameter, ResourceModel, Waiter
from botocore import xform_name
from botocore.model import ServiceModel

TARGET = Path(__file__).parent.parent / "src/checkrein/catalog/data/sdk.pack"

# Methods that boto3 adds in code (boto3/s3/inject.py, boto3/dynamodb/table.py, boto3/ec2), so no
# model holds them: class -> method -> operation, request members of the positional arguments.
INJECTED: dict[tuple[str, str], dict[str, tuple[str, list[str]]]] = {
    ("s3", ""): {
        "upload_file": ("PutObject", ["Body", "Bucket", "Key"]),
        "upload_fileobj": ("PutObject", ["Body", "Bucket", "Key"]),
        "download_file": ("GetObject", ["Bucket", "Key"]),
        "download_fileobj": ("GetObject", ["Bucket", "Key"]),
        "copy": ("CopyObject", ["CopySource", "Bucket", "Key"]),
        "generate_presigned_post": ("PutObject", ["Bucket", "Key"]),
    },
    ("s3", "Bucket"): {
        "upload_file": ("PutObject", ["Body", "Key"]),
        "upload_fileobj": ("PutObject", ["Body", "Key"]),
        "download_file": ("GetObject", ["Key"]),
        "download_fileobj": ("GetObject", ["Key"]),
        "copy": ("CopyObject", ["CopySource", "Key"]),
        "load": ("ListBuckets", []),
    },
    ("s3", "Object"): {
        "upload_file": ("PutObject", ["Body"]),
        "upload_fileobj": ("PutObject", ["Body"]),
        "download_file": ("GetObject", []),
        "download_fileobj": ("GetObject", []),
        "copy": ("CopyObject", ["CopySource"]),
    },
    ("s3", "ObjectSummary"): {"load": ("HeadObject", [])},
    ("dynamodb", "Table"): {"batch_writer": ("BatchWriteItem", [])},
    ("ec2", "service"): {"create_tags": ("CreateTags", [])},
    ("ec2", "Instance"): {"delete_tags": ("DeleteTags", [])},
}
# The request members that an injected method fills from its resource's identifiers.
OWN = {
    ("s3", "Bucket"): {"Bucket": "name"},
    ("s3", "Object"): {"Bucket": "bucket_name", "Key": "key"},
    ("s3", "ObjectSummary"): {"Bucket": "bucket_name", "Key": "key"},
    ("dynamodb", "Table"): {"RequestItems{}": "name"},
    ("ec2", "service"): {},
    ("ec2", "Instance"): {"Resources[]": "id"},
}


def main() -> None:
    session = botocore.session.get_session()
    chunks, services = bytearray(), {}
    ids: dict[str, str] = {}
    for name in session.get_available_services():
        model = session.get_service_model(name)
        ids[model.metadata["serviceId"]] = name
        parts = [
            operations(session, model),
            inputs(model),
            resources(session, model),
        ]  # by position
        services[name] = [
            number for part in parts if part is not None for number in append(chunks, part)
        ]
    old = former(ids)
    for name, (service_id, names) in old.services.items():
        ids[service_id] = name
        if name not in services:  # CloudWatch Events became EventBridge, under the same name
            services[name] = [*append(chunks, {"operations": names})]
    index = {
        "sources": [
            f"botocore {botocore.__version__} (Apache-2.0)",
            f"boto3 {boto3.__version__} (Apache-2.0)",
            f"aws-sdk {old.version} (Apache-2.0)",
        ],
        "date": datetime.now(UTC).date().isoformat(),
        "services": services,
        "packages": {package(id): name for id, name in ids.items()},
        "classes": old.classes,
    }
    head = packed(index)
    TARGET.write_bytes(len(head).to_bytes(4, "big") + head + chunks)


def packed(value: Any) -> bytes:
    return zlib.compress(json.dumps(value, separators=(",", ":")).encode(), 9)


def append(chunks: bytearray, value: Any) -> tuple[int, int]:
    """Add a chunk; return its offset and length."""
    start = len(chunks)
    chunks += packed(value)
    return start, len(chunks) - start


def package(service_id: str) -> str:
    """Return the npm package (less its scope) of a service's version 3 client."""
    return "client-" + service_id.lower().replace(" ", "-")


# ------------------------------------------------------------------------------ operations


def operations(session: Any, model: ServiceModel) -> dict[str, Any]:
    """Return a service's operations and waiters, with the operation that each polls."""
    names = list(model.operation_names)
    folded = {name.lower() for name in names}
    assert len(folded) == len(names), f"{model.service_name}: names differ only in case"
    assert all(xform_name(name).replace("_", "") in folded for name in names)
    return {"operations": names, "waiters": waiters(session, model)}


def inputs(model: ServiceModel) -> dict[str, str]:
    """Return the members of each operation's request, space-separated, required ones with ``*``."""
    shapes = {name: model.operation_model(name).input_shape for name in model.operation_names}
    return {
        name: " ".join(one + "*" * (one in shape.required_members) for one in shape.members)
        for name, shape in shapes.items()
        if shape
    }


def waiters(session: Any, model: ServiceModel) -> dict[str, str]:
    loader = session.get_component("data_loader")
    try:
        found = loader.load_service_model(model.service_name, "waiters-2")
    except botocore.exceptions.UnknownServiceError:
        return {}
    return {name: waiter["operation"] for name, waiter in found["waiters"].items()}


class Former(NamedTuple):
    """What npm's ``aws-sdk`` knows: its client classes, and services that botocore has dropped."""

    version: str
    classes: dict[str, str]  # class -> service
    services: dict[str, tuple[str, list[str]]]  # service -> service id and operations


def former(ids: dict[str, str]) -> Former:
    """Return the contents of aws-sdk (version 2), given botocore's services by service id."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", "aws-sdk", "--silent", "--pack-destination", folder]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
            archive.extractall(folder, filter="data")
        root = Path(folder) / "package"
        found = Former(json.loads((root / "package.json").read_text())["version"], {}, {})
        for key, client in json.loads((root / "apis/metadata.json").read_text()).items():
            assert client["name"].lower() == key, "deep imports are found by lower case"
            prefix = client.get("prefix", key)
            model = json.loads(max((root / "apis").glob(f"{prefix}-2*.min.json")).read_text())
            service_id = model["metadata"]["serviceId"]
            if service_id not in ids:
                found.services[prefix] = (service_id, sorted(model["operations"]))
            found.classes[client["name"]] = ids.get(service_id, prefix)
    return found


# ------------------------------------------------------------------------------ resources


def resources(session: Any, model: ServiceModel) -> dict[str, Any] | None:
    """Return boto3's resource model of a service in the form that catalog/sdk.py documents."""
    name = model.service_name
    if name not in boto3.Session().get_available_resources():
        return None
    definition = definition_of(name)
    kinds = {**definition["resources"], "service": definition["service"]}
    polled = waiters(session, model)
    described = {
        kind: resource(kind, content, definition["resources"], model, polled)
        for kind, content in kinds.items()
    }
    return injected(name, described)


def definition_of(service: str) -> dict[str, Any]:
    loader = boto3.Session()._loader  # noqa: SLF001  (boto3 gives no other way to its models)
    version = loader.determine_latest_version(service, "resources-1")
    found: dict[str, Any] = loader.load_service_model(service, "resources-1", version)
    return found


def resource(
    kind: str,
    definition: dict[str, Any],
    all_of: dict[str, Any],
    model: ServiceModel,
    polled: dict[str, str],
) -> dict[str, Any]:
    """Return one resource class."""
    described = ResourceModel(kind, definition, all_of)
    shape = model.shape_for(described.shape) if described.shape else None
    described.load_rename_map(shape)
    identifiers = [one.name for one in described.identifiers]
    attributes = described.get_attributes(shape) if shape else {}
    return {
        "identifiers": identifiers,
        "attributes": {name: member for name, (member, _) in attributes.items()},
        "load": action(described.load) if described.load else None,
        "actions": {one.name: action(one) for one in described.actions},
        "resources": {one.name: made(one) for one in described.subresources},
        "references": {one.name: made(one) for one in described.references},
        "collections": {one.name: collection(one) for one in described.collections},
        "waiters": {one.name: waiter(one, polled) for one in described.waiters},
    }


def action(given: Action) -> dict[str, Any]:
    """Return an operation, what fills its request, and what its result becomes."""
    return {
        "operation": given.request.operation if given.request else None,
        "parameters": parameters(given.request.params if given.request else ()),
        "positional": [],
        "path": (given.path or "").replace("@", "").replace("[*]", "[]"),
        "makes": made(given) if given.resource else None,
    }


def waiter(given: Waiter, polled: dict[str, str]) -> dict[str, Any]:
    return {"operation": polled[given.waiter_name], "parameters": parameters(given.params)}


def collection(given: Collection) -> dict[str, Any]:
    batch = {one.name: action(one) for one in given.batch_actions}
    return {**action(given), "batch": batch}


def made(given: Action) -> dict[str, Any]:
    """Return the resource that a call, attribute or response makes, and its identifiers."""
    identifiers = parameters(given.resource.identifiers)
    inputs = [name for name, (kind, _) in identifiers.items() if kind == "input"]
    return {
        "resource": given.resource.type,
        "identifiers": {
            xform_name(name): [kind, inputs.index(name) if kind == "input" else value]
            for name, (kind, value) in identifiers.items()
        },
        "path": (given.resource.path or "").replace("[*]", "[]"),
        "many": any("[" in str(value) for kind, value in identifiers.values() if kind != "input"),
    }


def parameters(given: Iterable[Parameter]) -> dict[str, list[Any]]:
    """Return by request member (or identifier) where its value comes from."""
    return {one.target.replace("[*]", "[]"): source(one) for one in given}


def source(given: Parameter) -> list[Any]:
    match given.source:
        case "identifier":
            return ["identifier", xform_name(given.name)]
        case "data" | "response" | "requestParameter":
            kind = "request" if given.source == "requestParameter" else given.source
            return [kind, given.path.replace("[*]", "[]")]
        case "input":
            return ["input", given.name or ""]
        case _:
            return ["constant", given.value]


def injected(service: str, described: dict[str, Any]) -> dict[str, Any]:
    """Add the methods that boto3 adds in code; the client's own stand under ``client``."""
    for (owner_service, kind), methods in INJECTED.items():
        if owner_service != service:
            continue
        added = {
            method: {
                "operation": operation,
                "parameters": {
                    member: ["identifier", name]
                    for member, name in OWN.get((service, kind), {}).items()
                },
                "positional": positional,
                "path": "",
                "makes": None,
            }
            for method, (operation, positional) in methods.items()
        }
        owner = described.setdefault(kind or "client", {"actions": {}})
        if "load" in added:
            owner["load"] = added.pop("load")
        owner["actions"].update(added)
    return described


if __name__ == "__main__":
    main()
