"""Which stacks may belong to one application, judged by folders and by what they declare."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from pathlib import PurePosixPath

from checkrein.catalog.services import kind
from checkrein.model import Resource, Stack, Value

STORES = frozenset({"store", "stream", "queue", "topic", "bus", "pool"})  # what a copy repeats
Folder = tuple[str, ...]  # its path, part by part
MANY_BRANCHES = 12  # a folder with more applications than this is a collection of them
MANY_COPIES = 3  # so is one where as many sub-folders declare the same store


class Neighbourhood:
    """Which stacks may belong to one application, judged by folders and by what they declare."""

    def __init__(self, stacks: Mapping[str, Stack], by_stack: Mapping[str, list[Resource]]) -> None:
        self._parents = {c: stack.id for stack in stacks.values() for c in stack.children.values()}
        self.stacks = stacks
        self.roots = [stack for stack in stacks.values() if stack.id not in self._parents]
        self.resources = by_stack
        self._stores = {
            stack: {(r.type, r.name) for r in members if _is_telling(r)}
            for stack, members in by_stack.items()
        }
        self._folders = {s.id: PurePosixPath(s.source).parent.parts for s in stacks.values()}
        self._collections = set(self._find_collections())
        kinds = {frozenset(self._stores.get(stack.id, ())) for stack in self.roots}
        self._with: defaultdict[tuple[str, str], set[frozenset[tuple[str, str]]]]
        self._with = defaultdict(set)  # store -> the sets of stores that it is declared in
        for stores in kinds:
            for store in stores:
                self._with[store].add(stores)
        self._whole = {stack.id for stack in self.roots if self._repeats_several(stack.id)}

    def tree(self, stack: str) -> str:
        """Return the stack that nests this one, directly or further up; itself if none does."""
        while stack in self._parents:
            stack = self._parents[stack]
        return stack

    def _repeats_several(self, stack: str) -> bool:
        """Tell whether a stack declares the stores of several others: an all-in-one copy."""
        mine = self._stores.get(stack, set())
        others = set[frozenset[tuple[str, str]]]().union(*(self._with[store] for store in mine))
        others.discard(frozenset(mine))
        return any(not one & other for one, other in combinations(others, 2))

    def _find_collections(self) -> Iterator[Folder]:
        branches: defaultdict[Folder, set[str]] = defaultdict(set)
        copies: defaultdict[tuple[Folder, tuple[str, str]], set[str]] = defaultdict(set)
        for stack in self.roots:
            folder = self._folders[stack.id]
            for depth, branch in enumerate(folder):
                parent = folder[:depth]
                branches[parent].add(branch)
                for store in self._stores.get(stack.id, ()):
                    copies[parent, store].add(branch)
        yield from (f for f, found in branches.items() if len(found) > MANY_BRANCHES)
        yield from (f for (f, _), found in copies.items() if len(found) >= MANY_COPIES)

    def nearness(self, left: str, right: str) -> int:
        """Return how many folders two stacks share, or -1 where they are separate applications."""
        mine, theirs = self._folders[left], self._folders[right]
        shared = 0
        for a, b in zip(mine, theirs, strict=False):
            if a != b:
                break
            shared += 1
        apart = mine != theirs and mine[:shared] in self._collections
        return -1 if apart or self._are_copies(left, right) else shared

    def _are_copies(self, left: str, right: str) -> bool:
        """Tell whether two stacks declare the same stores: half of the one that has fewer.

        A topic for alarms, which each service has, does not make two services one.
        """
        mine, theirs = self._stores.get(left, set()), self._stores.get(right, set())
        return 2 * len(mine & theirs) >= min(len(mine), len(theirs)) > 0

    def nearest(
        self, stack: str, candidates: Iterable[tuple[str, Value]]
    ) -> list[tuple[str, Value]]:
        """Keep the candidates (stack, value) that stand nearest, none from other applications."""
        ranked = [(self.nearness(stack, other), other, value) for other, value in candidates]
        if any(rank >= 0 and other not in self._whole for rank, other, _ in ranked):
            ranked = [each for each in ranked if each[1] not in self._whole]
        best = max((rank for rank, _, _ in ranked), default=-1)
        return [(o, v) for rank, o, v in ranked if rank == best] if best >= 0 else []


def _is_telling(resource: Resource) -> bool:
    """Tell whether a store's logical id says more than what it is: every stack may have a Table.

    What a framework adds by itself is called alike in every stack.
    """
    generic = resource.name.lower() == resource.type.rpartition("::")[2].lower()
    return kind(resource.type) in STORES and not generic and not resource.added
