"""A picture as CycloneDX 1.6: services with the data that comes and goes, and their packages.

A service's data says the class, the direction, and whence or whither, as BOM-Links within the
document. The serial number follows from the content, so the same app gives the same document.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid5

import msgspec

from checkrein import __version__
from checkrein.catalog.data_classes import data_class
from checkrein.model import Basis, Package
from checkrein.model.picture import Edge, Node, Picture
from checkrein.model.result import Result
from checkrein.report.drawing.choice import shown

NAMESPACE = UUID("8d0f2b1e-6a0c-5c0e-9d57-7c1b0f3a5e21")  # of serial numbers made of content
WITHOUT_SERVICE = ("people", "browser", "internet", "recipients")  # who is no service


def document(result: Result, picture: Picture, basis: Basis) -> bytes:
    """Return the services, their data flows of a basis, and the packages of functions."""
    edges = list(shown(picture, basis, everything=True))
    packages = _packages(result, {node.id for node in picture.nodes})
    name = result.root.resolve().name
    ends = "|".join(f"{edge.source}>{edge.target}:{edge.data}" for edge in edges)
    serial = uuid5(NAMESPACE, f"{name}|{basis}|{ends}|{sorted(packages)}")
    content = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {
            "tools": {
                "components": [{"type": "application", "name": "checkrein", "version": __version__}]
            },
            "component": {"type": "application", "bom-ref": "application", "name": name},
            "properties": [{"name": "checkrein:basis", "value": basis.value}],
        },
        "components": [packages[ref][0] for ref in sorted(packages)],
        "services": list(_services(picture, edges, str(serial))),
        "dependencies": list(_dependencies(packages)),
    }
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


def _services(picture: Picture, edges: list[Edge], serial: str) -> Iterator[dict[str, Any]]:
    nodes = {node.id: node for node in picture.nodes}
    data: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    people = {node.id for node in picture.nodes if node.kind in WITHOUT_SERVICE}
    asked: defaultdict[str, dict[str, None]] = defaultdict(dict)
    signed: defaultdict[str, set[bool]] = defaultdict(set)
    crossing = set()
    for edge in edges:
        source, target = nodes[edge.source], nodes[edge.target]
        for each in edge.data:
            data[edge.source].append(_datum(each, "outbound", "destination", target, serial))
            data[edge.target].append(_datum(each, "inbound", "source", source, serial))
        if source.zone != target.zone:
            crossing |= {edge.source, edge.target}
        if edge.source in people:
            signed[edge.target].add(not edge.source.endswith("@anyone"))
            asked[edge.target].update(dict.fromkeys(m.operation for m in edge.moves if m.operation))
    for node in picture.nodes:
        if node.id not in people:
            known = signed.get(node.id)
            yield {
                "bom-ref": node.id,
                **({"provider": {"name": "AWS"}} if node.type.startswith("AWS::") else {}),
                **({"group": node.stack} if node.stack else {}),
                "name": node.name,
                **({"description": f"{node.service} {node.type}"} if node.service else {}),
                **({"authenticated": False not in known} if known else {}),
                "x-trust-boundary": node.id in crossing,
                "trustZone": node.zone,
                **({"data": data[node.id]} if data[node.id] else {}),
                "properties": _properties(node, asked.get(node.id, {})),
            }


def _datum(data: str, flow: str, end: str, other: Node, serial: str) -> dict[str, Any]:
    known = data_class(data)
    link = f"urn:cdx:{serial}/1#{quote(other.id, safe='')}"
    return {
        "flow": flow,
        "classification": data,
        "name": known.title if known else data,
        "description": f"{'to' if flow == 'outbound' else 'from'} {other.name}",
        end: [link],
    }


def _properties(node: Node, routes: Mapping[str, None]) -> list[dict[str, str]]:
    said = [("kind", node.kind), ("type", node.type), ("deployment", node.deployment)]
    said += [("risk", str(node.risk))]
    said += [("route", route) for route in routes]
    for basis in Basis:
        said += [(basis.value, data) for data in getattr(node, basis.value)]
    return [{"name": f"checkrein:{name}", "value": value} for name, value in said if value]


Library = tuple[dict[str, Any], tuple[str, ...]]  # a component, and the functions that bring it


def _packages(result: Result, drawn: set[str]) -> dict[str, Library]:
    """Return the npm packages of functions, by reference."""
    found: dict[str, Library] = {}
    for package in result.app.every(Package):
        users = {function for function in package.functions if function in drawn}
        if users:
            ref, component = _component(package)
            before = found.get(ref, (component, ()))[1]
            found[ref] = component, tuple(sorted({*before, *users}))
    return found


def _component(package: Package) -> tuple[str, dict[str, Any]]:
    """Return a package; one that is asked for as a range has no version yet."""
    scope, _, name = package.name.rpartition("/")
    path = f"{quote(scope, safe='')}/{quote(name)}" if scope else quote(name)
    asked = package.version.removeprefix("=")
    at = f"@{quote(asked, safe='')}"
    component = {
        "type": "library",
        "bom-ref": f"pkg:npm/{path}{at}",
        **({"group": scope} if scope else {}),
        "name": name,
        **({"version": asked} if package.pinned else {}),
        "purl": f"pkg:npm/{path}{at if package.pinned else ''}",
        "properties": [
            {"name": "checkrein:used", "value": "true" if package.used else "false"},
            *([] if package.pinned else [{"name": "checkrein:range", "value": asked}]),
        ],
    }
    return f"pkg:npm/{path}{at}", component


def _dependencies(
    packages: Mapping[str, Library],
) -> Iterator[dict[str, Any]]:
    needs: defaultdict[str, list[str]] = defaultdict(list)
    for ref, (_, functions) in sorted(packages.items()):
        for function in functions:
            needs[function].append(ref)
    for function, refs in sorted(needs.items()):
        yield {"ref": function, "dependsOn": refs}
