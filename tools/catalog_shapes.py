"""Make ``catalog/data/shapes.pack``: how the properties of each CloudFormation type are nested.

Usage: ``python tools/catalog_shapes.py`` (downloads cfn-lint's wheel with pip).
Source: cfn-lint (MIT-0), which ships AWS's resource schemas of the region us-east-1.

A block holds one service: by type, ``"@"`` the attributes that it only tells (``Fn::GetAtt``), and
by the name of each structure ("" is the resource itself) a line of ``Name=kind`` for each of its
properties. Kinds: ``s`` a scalar, ``j`` free JSON, ``:Other`` a structure; ``[kind`` a list,
``{kind`` a map with free keys.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent.parent / "src/checkrein/catalog/data/shapes.pack"
INSIDE = "cfnlint/data/schemas"
Json = dict[str, Any]
VARIANTS = ("oneOf", "anyOf", "allOf")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "cfn-lint", "--no-deps", "-qd", folder]
        subprocess.run(command, check=True)
        wheel = next(Path(folder).glob("*.whl"))
        name, version = wheel.name.split("-")[:2]
        with zipfile.ZipFile(wheel) as archive:
            blocks, date = read(archive)
    source = {
        "name": name.replace("_", "-"),
        "version": version,
        "licence": "MIT-0",
        "date": date,
    }
    TARGET.write_bytes(pack(source, blocks))


def read(archive: zipfile.ZipFile) -> tuple[dict[str, Json], str]:
    """Return the block of each service, and the schemas' date."""
    index = json.loads(archive.read(f"{INSIDE}/providers/us-east-1.json"))
    blocks: dict[str, Json] = {}
    for type, key in sorted(index.items()):
        if type.startswith("AWS::"):
            schema = json.loads(archive.read(f"{INSIDE}/resources/{key}.json"))
            service = type.rpartition("::")[0]
            blocks.setdefault(service, {})[type] = Shapes(schema).found
    date = json.loads(archive.read(f"{INSIDE}/version.json"))["schema_date"][:10]
    return blocks, date


class Shapes:
    """The structures of one schema; ``found`` as the file keeps them."""

    def __init__(self, schema: Json) -> None:
        self.schema = schema
        told = [name.removeprefix("/properties/") for name in schema.get("readOnlyProperties", ())]
        shown = [name.replace("/", ".") for name in told if "*" not in name]
        self.found: Json = {"@": " ".join(sorted(shown))}
        self.structure("", {**schema, "properties": self.own(set(told))})

    def own(self, told: set[str]) -> Json:
        return {k: v for k, v in self.schema.get("properties", {}).items() if k not in told}

    def structure(self, name: str, node: Json) -> None:
        if name in self.found:
            return
        self.found[name] = ""
        kinds = {key: self.kind(inner, f"{name}.{key}") for key, inner in members(node).items()}
        self.found[name] = " ".join(f"{key}={kind}" for key, kind in sorted(kinds.items()))

    def kind(self, node: Any, at: str) -> str:
        """Return the kind of a node; a structure written in place is named by where it stands."""
        name = at
        while isinstance(node, dict) and "$ref" in node:
            name = node["$ref"].rpartition("/")[2]
            node = self.pointed(node["$ref"])
        if not isinstance(node, dict):
            return "j"
        if "items" in node:
            return "[" + self.kind(node["items"], f"{at}.*")
        if members(node):
            self.structure(name, node)
            return f":{name}"
        for inner in node.get("patternProperties", {}).values():
            return "{" + self.kind(inner, f"{at}.*")
        return simple(node)

    def pointed(self, reference: str) -> Any:
        node: Any = self.schema
        for key in reference.removeprefix("#/").split("/"):
            node = node.get(key, {})
        return node


def members(node: Json) -> Json:
    """Return a node's properties, those of its variants too."""
    found: Json = {}
    for variant in (name for key in VARIANTS for name in node.get(key, ())):
        if isinstance(variant, dict):
            own = variant.get("properties", {})
            found |= {k: v for k, v in own.items() if isinstance(v, dict) and v}
    return {**found, **node.get("properties", {})}


def simple(node: Json) -> str:
    """Return the kind of a node without parts; what takes everything is a variable's text."""
    kinds = node.get("type", "object" if node.get("format") == "json" else "string")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if {"string", "number"} <= set(kinds):
        return "s"
    if "array" in kinds:
        return "[j"
    return "j" if "object" in kinds else "s"


def pack(source: Json, blocks: dict[str, Json]) -> bytes:
    """Return the file: length, index, blocks (see ``tools/catalog_iam.py``)."""
    spots: dict[str, tuple[int, int]] = {}
    stored, at = [], 0
    for name, block in blocks.items():
        data = zlib.compress(compact(block), 9)
        spots[name] = (at, len(data))
        at += len(data)
        stored.append(data)
    counts = {"types": sum(map(len, blocks.values()))}
    index = zlib.compress(compact({"sources": [source], "counts": counts, "blocks": spots}), 9)
    return len(index).to_bytes(4, "big") + index + b"".join(stored)


def compact(content: Any) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode()


if __name__ == "__main__":
    main()
