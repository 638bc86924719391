"""Where data goes as a Mermaid flowchart, for documents that show one (GitHub, GitLab, Notion).

Syntax as of Mermaid 10 and 11: every label is quoted, and what would end or mark it up escaped.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from msgspec import Struct

from checkrein.model.movement import Group, Hop, Movements
from checkrein.report.wording import classes, listed

MOST = 100  # edges that a picture holds; Mermaid itself gives up at 500
ROOM = 40  # columns for the classes of an edge
ROUTES = 2  # that an edge names
ESCAPED = str.maketrans({
    "#": "#35;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "`": "#96;", "\n": " ", "\\": "#92;",
    "|": "#124;", "{": "#123;", "}": "#125;", "[": "#91;", "]": "#93;",
})  # fmt: skip
SHAPES = {
    "function": '("{}")',
    "api": '[/"{}"/]',
    "host": '{{{{"{}"}}}}',
    "log": '>"{}"]',
    "people": '(["{}"])',
    "use": '[["{}"]]',
    "queue": '[\\"{}"\\]',
    "store": '[("{}")]',
}


Ends = tuple[str, str]


class Edge(Struct):
    """All flows between two nodes."""

    words: dict[str, None]  # routes, in order
    data: dict[str, None]
    certain: bool


class Picture:
    """The nodes and edges of some flows: functions stand between what they read and write."""

    def __init__(self, found: Movements) -> None:
        self._found = found
        self._kinds: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self.edges: defaultdict[Ends, Edge] = defaultdict(lambda: Edge({}, {}, certain=False))
        self.entries: defaultdict[Ends, Edge] = defaultdict(lambda: Edge({}, {}, certain=True))
        for group in found.groups:
            if group.owner:
                self._node(group.owner, "function", group.name)
        self._callers = {g.owner: [w.source for w in g.ways if w.who] for g in found.groups}
        for hop in found.hops:
            self._draw(hop)
        self._enter()

    def _node(self, id: str, kind: str, name: str) -> str:
        self._kinds.setdefault(id, kind)
        self._names.setdefault(id, name)
        return id

    def _edge(self, source: str, target: str, hop: Hop) -> None:
        edge = self.edges[source, target]
        wanted = self._found.classes
        edge.data.update(dict.fromkeys(d for d in hop.data if not wanted or d in wanted))
        edge.certain |= hop.certain

    def _draw(self, hop: Hop) -> None:
        """Add the edges of a flow: into the function that moves it, and out of it."""
        source, target = self._end(hop.source.node), self._end(hop.target.node)
        if hop.kind == "wiring":
            if source != target and not hop.source.node.endswith("@response"):
                self._edge(self._known(source, hop, first=True), self._known(target, hop), hop)
            return
        if source != hop.via:
            self._edge(self._known(source, hop, first=True), hop.via, hop)
        if not hop.target.node.endswith("@response"):
            if target != hop.via:
                self._edge(hop.via, self._known(target, hop), hop)
            return
        for caller in self._callers.get(hop.via, ()):
            self._edge(hop.via, self._node(caller, "api", caller.rpartition("/")[2]), hop)

    def _end(self, node: str) -> str:
        """Return the node that stands for another: a function for its answer."""
        return node.removesuffix("@response")

    def _known(self, id: str, hop: Hop, *, first: bool = False) -> str:
        name = hop.origin.owner if first else hop.goal.owner
        if id.startswith("host:") or id.endswith("@host"):
            kind = "host"
        elif hop.kind == "use" and not first:
            kind, name = "use", f"{hop.family} in {hop.via.rpartition('/')[2]}"
        else:
            kind = "log" if id.endswith("@logs") else "people" if "@" in id else "store"
        known = id if "@" in id else id.rpartition("/")[2]
        return self._node(id, kind, name if kind != "store" else known)

    def _enter(self) -> None:
        """Add the ways into the functions that stand in the picture."""
        for group in self._found.groups:
            for way in group.ways if self._takes(group) else ():
                source = way.source or f"people:{way.who}"
                name = way.source.rpartition("/")[2] or way.who or way.text
                if source != group.owner:
                    self._node(source, "api" if way.who else "store", name)
                    edge = self.entries[source, group.owner]
                    if way.who and way.text != name:
                        edge.words[way.text] = None

    def _takes(self, group: Group) -> bool:
        """Tell whether what comes in by a function's ways is part of the picture."""
        if self._found.kind != "data":
            return True
        return any(hop.source.node == group.owner for hop in group.hops)

    def lines(self, most: int | None) -> Iterator[str]:
        """Yield the picture's text: the most valuable edges, and the ways to where they are."""
        edges = dict(list(self.edges.items())[:most])
        there = {node for ends in edges for node in ends}
        for ends, entry in self.entries.items():
            if ends[1] in there:
                edges.setdefault(ends, entry).words.update(entry.words)
        shown = sorted({node for ends in edges for node in ends})
        number = {node: f"n{position}" for position, node in enumerate(shown)}
        yield "flowchart LR"
        yield from self._places(shown, number)
        for (source, target), edge in edges.items():
            yield arrow(number[source], number[target], _said(edge), certain=edge.certain)
        if most is not None and most < len(self.edges):
            yield f"  %% {len(self.edges) - most} edges of less value are left out: --all"

    def _places(self, nodes: Iterable[str], number: dict[str, str]) -> Iterator[str]:
        """Yield the nodes, those of one deployment in one frame."""
        frames: defaultdict[str, list[str]] = defaultdict(list)
        for node in nodes:
            frames[self._found.part_of.get(node, "")].append(node)
        for position, (frame, inside) in enumerate(sorted(frames.items())):
            shapes = [shape(number[n], self._kinds[n], self._names[n]) for n in inside]
            yield from framed(position, frame, shapes)


def document(found: Movements, *, everything: bool) -> bytes:
    """Return flows as the text of a flowchart, the most valuable edges if there are many."""
    return ("\n".join(Picture(found).lines(None if everything else MOST)) + "\n").encode()


def _said(edge: Edge) -> str:
    words = listed(list(edge.words), ROUTES) if edge.words else ""
    return ": ".join(filter(None, (words, classes(list(edge.data), ROOM) if edge.data else "")))


def shape(number: str, kind: str, name: str) -> str:
    """Return a node as it is declared, in the shape of its kind."""
    return f"{number}{SHAPES[kind].format(escaped(name))}"


def framed(position: int, frame: str, shapes: Iterable[str]) -> Iterator[str]:
    """Yield nodes in a frame with a name, or outside of any."""
    if frame:
        yield f'  subgraph d{position}["{escaped(frame)}"]'
    for each in shapes:
        yield f"  {'  ' if frame else ''}{each}"
    if frame:
        yield "  end"


def arrow(source: str, target: str, said: str, *, certain: bool = True) -> str:
    """Return an edge, dotted where it is not certain."""
    label = f'|"{escaped(said)}"|' if said else ""
    return f"  {source} {'-->' if certain else '-.->'}{label} {target}"


def escaped(text: str) -> str:
    """Return text as it may stand in a quoted label."""
    return text.translate(ESCAPED)
