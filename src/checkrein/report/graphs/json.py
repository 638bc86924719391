"""A picture as one document, schema 1: ``docs/schema/graph.schema.json`` is its schema."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from checkrein import __version__
from checkrein.model import Basis, Place, Unread
from checkrein.model.picture import COLUMNS, Edge, Move, Node, Picture, Zone
from checkrein.model.result import Result
from checkrein.report.json import place, told
from checkrein.report.schema import Class, Sentence, Tool, published
from checkrein.report.schema import Unread as Lost

Stars = Annotated[int, Meta(ge=0, le=3)]
Level = Literal["direct", "takeover", "influence"]
Column = Literal["people", "edge", "api", "compute", "queue", "store", "log", "outside"]


class Area(Struct, frozen=True):
    """A side of a trust boundary."""

    id: str
    kind: Literal["outside", "edge", "account", "vpc", "third"]
    name: str
    parent: Annotated[str, Meta(description="The zone that it lies in; empty for none.")]


class Service(Struct, frozen=True):
    """A service of the table, or somebody outside who can get in."""

    id: str
    name: str
    kind: Annotated[str, Meta(description="store, queue, compute, people, host and the like.")]
    column: Column
    zone: str
    type: Annotated[str, Meta(description="CloudFormation's type, where it has one.")]
    service: str
    stack: str
    deployment: str
    risk: Stars
    intended: tuple[Class, ...]
    coded: tuple[Class, ...]
    potential: tuple[Class, ...]
    observed: tuple[Class, ...]
    place: Place | None


class Cause(Struct, frozen=True):
    """One reason for an edge: a line of code or of a template, a right, a way in."""

    kind: Annotated[
        str, Meta(description="entry answer sdk http log response wiring use, or right.")
    ]
    text: str
    data: tuple[Class, ...]
    operation: str
    via: Annotated[str, Meta(description="The function or wiring that does it.")]
    level: Level
    certain: bool
    steps: list[Sentence]


class Arrow(Struct, frozen=True):
    """Data goes, or could go, from one node to another; one for each pair and basis."""

    source: str
    target: str
    basis: Basis
    data: tuple[Class, ...]
    level: Level
    certain: bool
    worth: Stars
    brings: Annotated[
        tuple[Class, ...],
        Meta(description="What the target's potential cell owes to this edge."),
    ]
    moves: list[Cause]


class Graph(Struct, frozen=True):
    """An application as a picture. Paths are relative to the folder, lines count from 1."""

    schema: Literal[1]
    tool: Tool
    zones: list[Area]
    nodes: list[Service]
    edges: list[Arrow]
    classes: Annotated[tuple[Class, ...], Meta(description="The most valuable first.")]
    values: Annotated[dict[str, int], Meta(description="What each class is worth, 0 to 10.")]
    unread: list[Lost]


def document(result: Result, picture: Picture, basis: Basis | None = None) -> bytes:
    """Return a picture with the edges of all bases, or of one."""
    edges = [edge for edge in picture.edges if basis in {None, edge.basis}]
    content = {
        "schema": 1,
        "tool": {"name": "checkrein", "version": __version__},
        "zones": list(map(_zone, picture.zones)),
        "nodes": list(map(_node, picture.nodes)),
        "edges": list(map(_edge, edges)),
        "classes": picture.classes,
        "values": picture.values,
        "unread": [
            {"path": u.path, "reason": u.reason, "effect": u.effect}
            for u in result.app.every(Unread)
        ],
    }
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


def schema() -> bytes:
    """Return the JSON Schema (2020-12) of the document."""
    return published("checkrein graph --format json, schema 1", Graph)


def _zone(zone: Zone) -> dict[str, Any]:
    return msgspec.structs.asdict(zone)


def _node(node: Node) -> dict[str, Any]:
    found = msgspec.structs.asdict(node)
    return {**found, "column": COLUMNS[node.column], "place": place(node.place)}


def _edge(edge: Edge) -> dict[str, Any]:
    return {**msgspec.structs.asdict(edge), "moves": list(map(_move, edge.moves))}


def _move(move: Move) -> dict[str, Any]:
    return {**msgspec.structs.asdict(move), "steps": told(move.steps)}
