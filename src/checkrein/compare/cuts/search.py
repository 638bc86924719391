"""The search for cuts: find a way, branch on what it rests on, until no way is left.

Whatever removes all ways removes something that this way rests on, so the branches miss no set (the
duality of hitting sets). Cheap sets are looked at first: what breaks nothing, then what is small.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Iterator
from itertools import count

from msgspec import Struct, field

from checkrein.compare.cuts.removable import Removable
from checkrein.compare.cuts.world import NOTHING, Cut, Link, Way, World, Worlds

MOST = 4  # removals in a set
Price = tuple[int, ...]


class Goal(Struct, frozen=True):
    """What is not to come where: classes, and the nodes that count as the row."""

    parts: tuple[str, ...]
    wanted: frozenset[str]


class Limit(Struct):
    """How long to look, and how much to find; ``looked`` counts the sets that were tried."""

    seconds: float
    enough: int = 6
    begun: float = field(default_factory=time.monotonic)
    looked: int = 0

    @property
    def over(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() - self.begun > self.seconds


class Search:
    """Looks for the irreducible sets whose removal keeps classes out of a row."""

    def __init__(self, worlds: Worlds, *, switching: bool = False) -> None:
        """``switching``: look at triggers and settings too, not at statements alone."""
        self._worlds, self.switching = worlds, switching
        self._switches = worlds.switches if switching else worlds.open
        self.all = worlds.statements | self._switches
        self._useful: dict[str, bool] = {}
        self._parts: dict[str, list[str]] = {}
        for part in self.useful():
            if part.whole:
                self._parts.setdefault(part.whole, []).append(part.key)

    # --------------------------------------------------------------------- the sets

    def cuts(self, goal: Goal, limit: Limit) -> Iterator[Cut]:
        """Yield irreducible sets of at most four, the cheapest first; stops when time is up."""
        order = count()
        work: list[tuple[Price, int, Cut]] = [((), next(order), NOTHING)]
        seen = {NOTHING}
        found: list[Cut] = []
        while work and not limit.over and len(found) < limit.enough:
            _, _, cut = heapq.heappop(work)
            limit.looked += 1
            if any(self._is_within(known, cut) for known in found):
                continue
            left = self._comes(goal, cut)
            if not left:
                if self._is_irreducible(goal, cut):
                    found.append(cut)
                    yield cut
                continue
            if len(cut) == MOST or self.at_least(goal, cut, MOST - len(cut)) > MOST - len(cut):
                continue
            for more in self._branches(goal, cut, min(left)):
                if more not in seen:
                    seen.add(more)
                    heapq.heappush(work, (self.price(more), next(order), more))

    def price(self, cut: Cut) -> Price:
        """Return how much breaks, is in doubt, goes, has to be put in, and goes whole."""
        off = sum(self.all[key].kind in {"trigger", "setting"} for key in cut)
        whole = sum(self.all[key].kind != "part" for key in cut)
        broken = len(self._worlds.losing(cut)) + off
        put_in = sum(self.all[key].kind == "guard" for key in cut)
        return broken, len(self._worlds.doubts(cut)), len(cut), put_in, whole

    def _comes(self, goal: Goal, cut: Cut) -> frozenset[str]:
        return self._worlds.after(cut).comes(goal.parts, goal.wanted, cut)

    def _is_irreducible(self, goal: Goal, cut: Cut) -> bool:
        """Tell whether each member is needed, and of a statement the whole."""
        smaller = [cut - {key} for key in cut]
        smaller += [cut - {key} | {part} for key in cut for part in self._parts.get(key, ())]
        return all(self._comes(goal, each) for each in smaller)

    def _is_within(self, small: Cut, large: Cut) -> bool:
        """Tell whether all that one set takes away the other does too."""
        return all(key in large or self.all[key].whole in large for key in small)

    def _branches(self, goal: Goal, cut: Cut, data: str) -> Iterator[Cut]:
        return (
            cut | {each.key} for each in self._on(goal, cut, data) if self._goes_with(each, cut)
        )

    def _goes_with(self, more: Removable, cut: Cut) -> bool:
        """Tell whether no other form of the same statement is taken already."""
        beside = [self.all[key] for key in cut if more.whole in {key, self.all[key].whole}]
        return not more.whole or all(self._is_of_list(each, more) for each in beside)

    def _is_of_list(self, left: Removable, right: Removable) -> bool:
        """Tell whether two parts are items of lists, which can go together."""
        return all(c.operation == "remove" for each in (left, right) for c in each.changes) and (
            left.kind == right.kind
        )

    # ------------------------------------------------------------------ what a way rests on

    def _on(self, goal: Goal, cut: Cut, data: str) -> list[Removable]:
        """Return what can be taken away so that a way of a class may fall, each once."""
        world = self._worlds.after(cut)
        way = world.way(goal.parts, data, cut)
        if way is None:
            return []
        found: dict[str, Removable] = {}
        for link in way.links:
            found |= {each.key: each for each in self._under(world, link, cut)}
        found |= {each.key: each for each in self._beside(way, data, cut)}
        return list(found.values())

    def _beside(self, way: Way, data: str, cut: Cut) -> list[Removable]:
        """Return a least set of triggers and settings that a way needs, none where it needs none.

        Those that join nodes of the way are looked at first.
        """
        open = [each for each in self._switches.values() if each.key not in cut]
        if not open or self._leads_with(way, data, cut, []):
            return []
        near = [each for each in open if each.joins & way.nodes]
        enough = near if self._leads_with(way, data, cut, near) else open
        return self._needed(way, data, cut, [], enough)

    def _needed(
        self, way: Way, data: str, cut: Cut, kept: list[Removable], of: list[Removable]
    ) -> list[Removable]:
        """Return the least of some triggers with which, beside those kept, a way still leads."""
        if self._leads_with(way, data, cut, kept):
            return []
        if len(of) == 1:
            return of
        first, second = of[: len(of) // 2], of[len(of) // 2 :]
        late = self._needed(way, data, cut, [*kept, *first], second)
        return [*self._needed(way, data, cut, [*kept, *late], first), *late]

    def _leads_with(self, way: Way, data: str, cut: Cut, kept: list[Removable]) -> bool:
        """Tell whether a way leads where of all triggers only some are left."""
        off = self._switches.keys() - {each.key for each in kept}
        return self._leads(way, data, cut | off)

    def _leads(self, way: Way, data: str, cut: Cut) -> bool:
        return self._worlds.after(cut).leads(way, data, cut)

    def _under(self, world: World, link: Link, cut: Cut) -> Iterator[Removable]:
        """Yield the statements without which alone a link would not stand, and their useful parts.

        Where several would do, all but one are taken away first: then that one holds the link.
        """
        mine = [r for owner in link.owners for r in world.removable.get(owner, ())]
        whole = {each.key: each for each in mine if each.kind == "statement"}
        gone = cut
        for key in whole:
            if key not in cut and world.stands(link, gone | {key}):
                gone |= {key}
        holding = whole.keys() - gone
        for each in {each.key: each for each in mine if each.key not in cut}.values():
            if each.key in holding or (each.whole in holding and self._is_useful(each)):
                yield each

    def _is_useful(self, part: Removable) -> bool:
        """Tell whether code keeps something that it would lose with the whole statement."""
        if part.key not in self._useful:
            whole = self._worlds.losing(frozenset({part.whole}))
            self._useful[part.key] = self._worlds.losing(frozenset({part.key})) < whole
        return self._useful[part.key]

    def useful(self) -> list[Removable]:
        """Return everything that sets are made of."""
        return [r for r in self.all.values() if not r.whole or self._is_useful(r)]

    # ------------------------------------------------------------------------ bounds

    def at_least(self, goal: Goal, cut: Cut, most: int) -> int:
        """Return a number of removals that are needed beyond a cut, counted up to ``most`` + 1.

        Ways that share nothing need one each.
        """
        number = 0
        while number <= most:
            left = self._comes(goal, cut)
            if not left:
                return number
            on = self._on(goal, cut, min(left))
            if not on:
                return most + 1
            cut |= {each.key for each in on}
            number += 1
        return number

    def everything(self, goal: Goal) -> frozenset[str]:
        """Return the classes that come there whatever is taken away."""
        return self._comes(goal, frozenset(k for k, each in self.all.items() if not each.whole))

    def some(self, goal: Goal, limit: Limit) -> Cut | None:
        """Return a set of any size without a needless member, None if time is up before."""
        cut: Cut = NOTHING
        while left := self._comes(goal, cut):
            branches = list(self._branches(goal, cut, min(left)))
            if limit.over or not branches:
                return None
            cut = min(branches, key=self.price)
        for key in sorted(cut):
            if not self._comes(goal, cut - {key}):
                cut -= {key}
        return cut
