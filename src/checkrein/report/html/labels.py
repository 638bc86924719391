"""What stands in a node's box, where there is little room, and its column says what it is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from msgspec import Struct

from checkrein.model.picture import Node
from checkrein.report.drawing.words import clipped, measured

LOG = "Log of "
PREFIX = "CloudWatch "  # of logs, in whose column it tells nothing
END = re.compile(r"(?<=[a-z0-9_-])[A-Z]?[a-z]+$")  # the last of a name such as ListRidesFunction
ROLES = frozenset({"function", "lambda", "handler", "fn", "func"})
SEVERAL = 3  # functions, from which on a word that they share tells nothing
WORD = re.compile(r"[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z0-9]+|[^A-Za-z0-9]+")
JOINTS = " _-/"  # between two lines
STAR = 10  # CSS pixels, how wide one is, at least
SMALL = 1.3  # how much more fits of text that is small and not bold


class Label(Struct, frozen=True):
    """The lines of a box: a name, in one or two; or in one, and what it is below, small."""

    first: str
    second: str = ""
    under: str = ""


def labels(nodes: Sequence[Node], room: int) -> dict[str, Label]:
    """Return what stands in the box of each node, where a line has so many CSS pixels.

    A name that is too long loses what its type says already (``OrdersTable``, a table), or goes on
    in the second line.
    """
    names = _names(nodes)
    bare = {node.id: _bare(names[node.id], node.type) for node in nodes}
    taken = Counter(
        (node.column, told) for node in nodes for told in {names[node.id], bare[node.id]}
    )
    found = {}
    for node in nodes:
        name, short = names[node.id], bare[node.id]
        if taken[node.column, short] > 1:
            short = name
        found[node.id] = _label(node, name, short, room)
    return found


def _label(node: Node, name: str, short: str, room: int) -> Label:
    left = room - STAR * node.risk - 3
    under = _service(node, left * SMALL)
    for each in (name, short):
        if measured(each) <= room:
            return Label(each, under="" if under == each else under)
    first, second = _broken(short, room)
    if not first:
        return Label(clipped(short, room), under=under)
    return Label(first, second=clipped(second, left))


def _names(nodes: Iterable[Node]) -> dict[str, str]:
    """Return the names, less "Log of", less what most functions end in to say that they are."""
    known = {node.id: node.name.removeprefix(LOG) for node in nodes}
    functions = {known[node.id] for node in nodes if node.kind == "compute"}
    ends = Counter(found[0] for name in functions if (found := END.search(name)))
    for end, number in ends.most_common(1):
        if end.lower() in ROLES and number >= SEVERAL and 2 * number > len(functions):
            return {
                id: name.removesuffix(end) if name in functions else name
                for id, name in known.items()
            }
    return known


def _bare(name: str, kind: str) -> str:
    """Return a name without the words at its ends that the type of the resource has."""
    known = {word.lower() for part in kind.split("::")[1:] for word in (part, *WORD.findall(part))}
    words = WORD.findall(name)
    while len(words) > 1 and _said(words[-1], known):
        words.pop()
    while len(words) > 1 and _said(words[0], known):
        words.pop(0)
    return "".join(words)


def _said(word: str, known: set[str]) -> bool:
    return word.lower() in known or not word.isalnum()


def _broken(name: str, room: int) -> tuple[str, str]:
    """Return a name in two lines, the first as long as whole words let it be; "" if none fits."""
    firsts = [first for first in accumulate(WORD.findall(name)) if measured(first) <= room]
    first = firsts[-1] if firsts else ""
    return first.rstrip(JOINTS), name[len(first) :].lstrip(JOINTS)


def _service(node: Node, room: float) -> str:
    """Return what a node is: the first words that there is room for."""
    told = node.service.removeprefix(PREFIX) or node.kind
    return next(_beginnings(told, room), clipped(told, room))


def _beginnings(told: str, room: float) -> Iterator[str]:
    words = told.split()
    for number in range(len(words), 0, -1):
        said = " ".join(words[:number])
        if measured(said) <= room:
            yield said
