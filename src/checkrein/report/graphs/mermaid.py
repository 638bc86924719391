"""A picture as a Mermaid flowchart, for documents that show one (GitHub, GitLab, Notion)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from checkrein.model import Basis
from checkrein.model.picture import Edge, Picture
from checkrein.report.drawing.choice import shown
from checkrein.report.mermaid import MOST, ROOM, arrow, framed, shape
from checkrein.report.wording import classes, many

LOOKS = {  # the shape of each kind; a store's for others
    **dict.fromkeys(("people", "browser"), "people"),
    **dict.fromkeys(("api", "cdn", "dns", "waf", "balancer", "pool"), "api"),
    **dict.fromkeys(("queue", "topic", "bus", "stream"), "queue"),
    **dict.fromkeys(("compute", "workflow", "role", "account"), "function"),
    **dict.fromkeys(("host", "internet", "recipients"), "host"),
    "log": "log",
}


def document(picture: Picture, basis: Basis, *, everything: bool) -> bytes:
    """Return the edges of a basis as a flowchart, the most valuable if there are many."""
    return ("\n".join(_lines(picture, basis, everything=everything)) + "\n").encode()


def _lines(picture: Picture, basis: Basis, *, everything: bool) -> Iterator[str]:
    edges = list(shown(picture, basis, everything=everything))
    kept = edges if everything else _valuable(picture, edges)
    ends = {id for edge in kept for id in (edge.source, edge.target)}
    number = {id: f"n{position}" for position, id in enumerate(sorted(ends))}
    frames: defaultdict[str, list[str]] = defaultdict(list)
    for node in picture.nodes:
        if node.id in number:
            stars = f" {'★' * node.risk}" if node.risk else ""
            look = LOOKS.get(node.kind, "store")
            frames[node.stack].append(shape(number[node.id], look, f"{node.name}{stars}"))
    yield "flowchart LR"
    for position, (frame, shapes) in enumerate(sorted(frames.items())):
        yield from framed(position, frame, shapes)
    for edge in kept:
        said = classes(edge.data, ROOM) if edge.data else ""
        yield arrow(number[edge.source], number[edge.target], said, certain=edge.certain)
    if len(kept) < len(edges):
        yield f"  %% {many(len(edges) - len(kept), 'edge')} of less value left out: --all"


def _valuable(picture: Picture, edges: list[Edge]) -> list[Edge]:
    """Return as many edges as a picture holds, the most valuable, in their order."""
    worth = {
        id(edge): max((picture.values.get(data, 0) for data in edge.data), default=-1)
        for edge in edges
    }
    best = {id(edge) for edge in sorted(edges, key=lambda e: -worth[id(e)])[:MOST]}
    return [edge for edge in edges if id(edge) in best]
