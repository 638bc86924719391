"""What a function moves, receiver by receiver: one line for each field that arrives there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from msgspec import Struct

from checkrein.model.movement import Group, Hop
from checkrein.report.wording import braced, held, way

WHOLE = "the whole request"
DOUBTFUL = "doubtful"  # let through by a test that nobody here can read


class Line(Struct, frozen=True):
    """One line: what goes where, with which data; ``place`` where the block does not say it."""

    text: str
    data: str
    place: str
    number: int  # flows that it tells


class Block(Struct, frozen=True):
    """The flows of a function to one receiver, by one operation."""

    name: str
    operation: str  # or the family of a use
    hops: tuple[Hop, ...]

    def how(self, file: str) -> str:
        """Return the operation, and the place if there is only one."""
        places = list(dict.fromkeys(_way(hop, file) for hop in self.hops))
        return ", ".join(filter(None, (self.operation, places[0] if len(places) == 1 else "")))

    def lines(self, group: Group) -> list[Line]:
        """Return the lines; sources that arrive at one field in the same way stand in one."""
        alone = len({_way(hop, "") for hop in self.hops}) == 1
        same: defaultdict[tuple[object, ...], list[Hop]] = defaultdict(list)
        for hop in self.hops:
            same[hop.origin, hop.goal.path, hop.certain, safety(hop), _told(hop)].append(hop)
        found: defaultdict[tuple[object, ...], list[list[Hop]]] = defaultdict(list)
        for key, hops in same.items():
            places = ", ".join(dict.fromkeys(_way(hop, group.file) for hop in hops))
            found[hops[0].origin.owner, *key[1:], "" if alone else places].append(hops)
        return [_line(sources, group, str(key[-1])) for key, sources in found.items()]


def blocks(hops: Iterable[Hop]) -> list[Block]:
    """Return flows by receiver and operation, in their order."""
    found: defaultdict[tuple[str, str], list[Hop]] = defaultdict(list)
    for hop in hops:
        found[hop.goal.owner, hop.family or hop.operation].append(hop)
    return [Block(*key, tuple(same)) for key, same in found.items()]


def _line(sources: Sequence[Sequence[Hop]], group: Group, place: str) -> Line:
    hops = [same[0] for same in sources]
    return Line(_text(hops, group), _told(hops[0]), place, sum(map(len, sources)))


def _told(hop: Hop) -> str:
    """Say which data that is, and of a use who may choose it."""
    chosen = f"chosen by {hop.who}" if hop.who else ""
    return "; ".join(filter(None, (held(hop.data, hop.perhaps), chosen)))


def _text(hops: Sequence[Hop], group: Group) -> str:
    first = hops[0]
    named = [_source(hop, group) for hop in hops]
    parts = [name for name in named if name != WHOLE]
    source = ", ".join([*([WHOLE] if WHOLE in named else []), *([braced(parts)] if parts else [])])
    arrives = f" -> {first.goal.path}" if first.goal.path else ""
    notes = ["" if first.certain else "computed", safety(first)]
    said = ", ".join(filter(None, notes))
    return f"{source}{arrives}{f' ({said})' if said else ''}"


def safety(hop: Hop) -> str:
    """Say of a use whether its content was made harmless for it before."""
    if hop.family and hop.family in hop.harmless:
        return "made harmless"
    return "behind a check that was not followed" if DOUBTFUL in hop.harmless else ""


def _source(hop: Hop, group: Group) -> str:
    """Return what a source is called below its function's heading, which names the way in."""
    known = {start.text for start in group.ways}
    if len(known) == 1 and hop.origin.owner in known:
        return hop.origin.path or WHOLE
    if hop.origin.owner == group.name:
        return hop.origin.path
    return str(hop.origin).removesuffix(f" of {group.name}")


def _way(hop: Hop, file: str) -> str:
    """Return where; the function's own file, which its heading names, by its last name."""
    said = way(step.place for step in hop.steps)
    return said.replace(file, file.rpartition("/")[2]) if file else said


def goes_without_saying(hop: Hop) -> bool:
    """Tell whether an API hands on what its function answers: the function's lines say it."""
    return hop.kind == "wiring" and hop.source.node.endswith("@response")
