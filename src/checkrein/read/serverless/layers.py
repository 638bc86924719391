"""Layers of a service, and who else may use them."""

from __future__ import annotations

from checkrein.read.serverless.document import Document
from checkrein.read.serverless.naming import normalised
from checkrein.read.serverless.parts import Part, word


def add_layers(document: Document) -> None:
    """Add the layers of a service, with who else may use them."""
    for key, part in document.root["layers"].items():
        if not part.is_map:
            document.lose(f"what the layer {key} is cannot be told", "it is not read", part)
            continue
        id = f"{normalised(key)}LambdaLayer"
        package = part["package"]
        content = package["artifact"] if package.is_map and package["artifact"] else part["path"]
        document.put(
            id, "AWS::Lambda::LayerVersion",
            {
                "Content": content,
                "LayerName": part["name"] or key,
                "Description": part["description"],
                "LicenseInfo": part["licenseInfo"],
                "CompatibleRuntimes": part["compatibleRuntimes"],
                "CompatibleArchitectures": part["compatibleArchitectures"],
            },
            part, title=key, DeletionPolicy="Retain" if part["retain"] else "",
        )  # fmt: skip
        _share_layer(document, key, part)
        document.output(f"{id}QualifiedArn", {"Ref": id}, "Current Lambda layer version")


def _share_layer(document: Document, key: str, layer: Part) -> None:
    id = f"{normalised(key)}LambdaLayer"
    for account in layer["allowedAccounts"]:
        document.put(
            f"{normalised(key)}{word(account).replace('*', 'Wild')}LambdaLayerPermission",
            "AWS::Lambda::LayerVersionPermission",
            {
                "Action": "lambda:GetLayerVersion",
                "LayerVersionArn": {"Ref": id},
                "Principal": account,
            },
            account,
        )  # fmt: skip
