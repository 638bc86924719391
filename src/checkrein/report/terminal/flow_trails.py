"""Trails for the eye: trees from where content enters to its last places; like ones as one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from msgspec import Struct

from checkrein.model import NOWHERE
from checkrein.model.movement import Hop, Movements, Trail
from checkrein.report.terminal.flow_blocks import goes_without_saying, safety
from checkrein.report.terminal.ink import Text
from checkrein.report.wording import braced, classes, listed, many, way

TREES = 8  # that two screens hold
LINES = 14  # of a tree
NAMED = 5  # places that a sentence names
WIRING = "wiring"


class Branch(Struct, frozen=True):
    """Trails that go the same way with other fields, told as one."""

    trails: tuple[Trail, ...]
    further: tuple[Branch, ...]

    @property
    def first(self) -> Trail:
        """One of them, for what they have in common."""
        return self.trails[0]

    @property
    def name(self) -> str:
        """What they are called together."""
        known = self.first.name
        path = braced(each.name.path for each in self.trails)
        return f"{known.owner}{known.joint if path else ''}{path}"


def trails(found: Movements, *, everything: bool) -> Iterator[Text]:
    """Yield the lines of all trees, or about two screens of them."""
    trees = _branches(found.trails)
    yield Text(_headline(found), "bold")
    shown = trees if everything else trees[:TREES]
    for tree in shown:
        yield Text("")
        lines = [*_origin(tree), *_lines(tree, 1)]
        yield from lines if everything else lines[:LINES]
        if len(lines) > LINES and not everything:
            yield Text(f"  … {many(len(lines) - LINES, 'more line')}: --all", "dim")
    if len(shown) < len(trees):
        yield Text("")
        yield Text(f"… {many(len(trees) - len(shown), 'more origin')}: --all", "dim")


def _headline(found: Movements) -> str:
    name = found.subject.rpartition("/")[2]
    name = classes((found.subject,)) if found.kind == "data" else name
    places = many(len(found.trails), "place")
    return f"{name}: from {places} to {listed(list(_ends(found.trails)), NAMED)}"


def _ends(found: Iterable[Trail]) -> Iterator[str]:
    """Yield every node that content comes to, in order; functions and APIs only pass it on."""
    for trail in found:
        passed_on = trail.slot.path.partition(".")[0] in {"event", "response"}
        if trail.hop and not (trail.hop.kind == WIRING and passed_on):
            yield trail.name.owner
        yield from _ends(trail.further)


def _branches(trails: Iterable[Trail]) -> list[Branch]:
    """Put together what goes the same way."""
    groups: defaultdict[tuple[object, ...], list[Trail]] = defaultdict(list)
    for trail in _each_once(trails):
        groups[_shape(trail)].append(trail)
    found = []
    for same in groups.values():
        further = _branches(each for trail in same for each in trail.further)
        found.append(Branch(tuple(same), tuple(further)))
    return found


def _each_once(trails: Iterable[Trail]) -> list[Trail]:
    """Leave out what one line of code brings to the same place again, from a part of the same."""
    found: dict[tuple[object, ...], Trail] = {}
    for trail in trails:
        how = (trail.hop.via, trail.hop.place, trail.hop.kind) if trail.hop else ()
        known = found.setdefault((trail.slot, trail.name, trail.certain, *how), trail)
        if known.told and not trail.told:
            found[trail.slot, trail.name, trail.certain, *how] = trail
    return list(found.values())


def _shape(trail: Trail) -> tuple[object, ...]:
    """Return what trails must have in common: everything but the names of fields."""
    hop = trail.hop
    # last places differ by the line only: a function logs the same thrice
    line = hop.place if hop and trail.further else NOWHERE
    how = (hop.via, hop.operation, line, safety(hop)) if hop else ()
    inner = tuple(_shape(each) for each in trail.further)
    return (
        trail.name.owner,
        bool(trail.name.path),
        how,
        trail.certain,
        trail.told,
        inner,
    )


def _origin(tree: Branch) -> Iterator[Text]:
    first = tree.first
    data = tuple(dict.fromkeys(id for trail in tree.trails for id in trail.data))
    held = f"  {classes(data)}" if data else ""
    ways = first.ways if len(first.ways) == 1 else ()
    who = "".join(f"  {each.who or each.text}, {each.place}" for each in ways)
    yield Text.assemble((tree.name, "bold"), (held, "cyan"), (who, "dim"))


def _lines(tree: Branch, depth: int) -> Iterator[Text]:
    for branch in tree.further:
        yield from _branch(branch, depth, "")


def _branch(branch: Branch, depth: int, before: str) -> Iterator[Text]:
    trail = branch.first
    hop = trail.hop
    if hop is None:
        return
    if hop.kind == WIRING and _passes(trail):
        given = f"given to {trail.slot.node.rpartition('/')[2]} at {hop.place}, "
        for each in branch.further:
            yield from _branch(each, depth, given)
        return
    note = "".join(f", {said}" for said in _notes(trail, hop))
    again = ", and on as told above" if trail.told else ""
    how = f"  ({_how(branch, before)}{_answered(branch)}){again}"
    yield Text.assemble("  " * depth, f"-> {branch.name}{note}", (how, "dim"))
    for each in branch.further:
        if not _answers(each):
            yield from _branch(each, depth + 1, "")


def _notes(trail: Trail, hop: Hop) -> Iterator[str]:
    if not hop.certain:
        yield "computed"
    elif not trail.certain:
        yield "a part of it"
    if safety(hop):
        yield safety(hop)


def _passes(trail: Trail) -> bool:
    """Tell whether a function only passes on what wiring gives it: its own lines tell the rest."""
    return bool(trail.further) and trail.slot.path.partition(".")[0] == "event"


def _answers(branch: Branch) -> bool:
    """Tell whether an API gives its caller what a function answers, which goes without saying."""
    hop = branch.first.hop
    return hop is not None and goes_without_saying(hop)


def _answered(branch: Branch) -> str:
    hops = [each.first.hop for each in branch.further]
    places = [str(hop.place) for hop in hops if hop and goes_without_saying(hop)]
    return f", {' and '.join(dict.fromkeys(places))}" if places else ""


def _how(branch: Branch, before: str) -> str:
    hops = [trail.hop for trail in branch.trails if trail.hop]
    hop = hops[0]
    if hop.kind == WIRING:
        return f"{before}{hop.steps[-1].text}, {hop.place}" if hop.steps else before
    function = "" if before else f"{hop.via.rpartition('/')[2]}, "
    how = hop.family or hop.operation
    operation = f"{how}, " if how else ""
    places = dict.fromkeys(way(step.place for step in each.steps) for each in hops)
    return f"{before}{function}{operation}{listed(list(places), NAMED)}"
