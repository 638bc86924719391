"""What a call is given, as values by dotted path; taken apart where branchings set several."""

from __future__ import annotations

from checkrein.code.domain import configured
from checkrein.code.domain.abstract import EMPTY, Abstract, Arms
from checkrein.code.domain.arms import BREADTH, choices, inside
from checkrein.code.domain.members import ADDRESSING, TELLING, absent
from checkrein.code.domain.things import Structure
from checkrein.code.domain.values import NOTHING, UNKNOWN, derived, join, sources_of

NESTING = 8  # arguments are flattened no deeper
LIMITS = (BREADTH, 4)  # of all ways to take a value apart, and of those that say only what
VISITS = 2_000  # parts of one value that are looked at; real requests have less than a hundred
REQUESTS = frozenset(("Put", "Update", "Delete", "ConditionCheck", "Get"))  # in a transaction
Leaves = dict[str, Abstract]
Fixed = dict[int, int | None]  # branching -> its arm


def flatten(value: Abstract) -> Leaves:
    """Return the leaves of a structure by dotted path, whatever branchings made them.

    ``[]`` stands for list items, ``{}`` for keys that are not known and what stands under them.
    """
    return Flattening(value).leaves


def head(path: str) -> str:
    """Return the parameter that a path is of; what lies below one goes to the same place."""
    first, dot, rest = path.rpartition("[].")[2].partition(".")
    return f"{first}.{rest.partition('.')[0]}" if dot and first in REQUESTS else first


class Flattening:
    """The leaves of a value (see ``flatten``), where some branchings have run one arm only."""

    def __init__(
        self, value: Abstract, fixed: Fixed | None = None, ways: list[int] | None = None
    ) -> None:
        self.leaves: Leaves = {}
        self._value = value
        self._fixed = fixed or {}
        self._ways = ways or [1, 1]  # so far, of the whole value: as in LIMITS
        self._visits = 0
        self._open: list[Arms] = []  # around the part that is being flattened
        self._says: dict[int, tuple[list[Arms], set[str]]] = {}  # branching -> what it says
        if value is not NOTHING:
            self._flatten(value, "", ())

    def divided(
        self, addresses: frozenset[str], *, only: bool = False
    ) -> tuple[int, dict[int | None, Flattening]] | None:
        """Return the first branching that says several parameters, and what each arm says.

        Those that say one of ``addresses`` come first, and may have more arms than others; if
        ``only``, there are no others.
        """
        if self._visits > VISITS:
            return None
        found = [number for number, (_, heads) in self._says.items() if len(heads) > 1]
        for minor in (False,) if only else (False, True):
            for branching in sorted(found):
                known, heads = self._says[branching]
                arms = choices(known)
                if bool(heads & addresses) is not minor and self._takes(len(arms) - 1, minor):
                    return branching, {
                        arm: Flattening(self._value, {**self._fixed, branching: arm}, self._ways)
                        for arm in arms
                    }
        return None

    def _takes(self, more: int, minor: bool) -> bool:  # noqa: FBT001 - an index
        """Count more ways to take the value apart, if these are not too many."""
        limits = LIMITS[: minor + 1]
        if any(self._ways[kind] + more > limit for kind, limit in enumerate(limits)):
            return False
        for kind in range(len(limits)):
            self._ways[kind] += more
        return True

    def _flatten(self, value: Abstract, path: str, around: tuple[Structure, ...]) -> None:
        if value.arms is None and not value.things:
            self._visits += 1
            if len(around) >= NESTING or self._visits > VISITS:
                value = derived(sources_of(value))
            self._leaf(value, path)
            return
        while value.arms and value.arms.branching in self._fixed:
            branching = value.arms.branching
            value = inside(value, branching, self._fixed[branching])
        if value.arms:
            self._open.append(value.arms)
        self._joined(value, path, around)
        if value.arms:
            self._open.pop()

    def _joined(self, value: Abstract, path: str, around: tuple[Structure, ...]) -> None:
        structures = [t for t in value.things if isinstance(t, Structure)]
        self._visits += 1
        if len(around) >= NESTING or self._visits > VISITS:
            self._leaf(derived(sources_of(value)), path)
            return
        others = len(structures) < len(value.things)
        unsure = value.open and (not structures or head(path) in ADDRESSING)
        if others or value.atoms or value.sources or unsure or not structures:
            made = tuple(t for t in value.things if t.is_random)
            rest = Abstract(value.atoms, made, value.sources, unsure)
            if others:
                rest = join(rest, derived(sources_of(value) if not structures else EMPTY))
            self._leaf(rest, path)
        if len(structures) > 1 and not path:
            for name in TELLING:
                held = [name in one.fields for one in structures]
                self._leaf(absent(name) if any(held) and not all(held) else NOTHING, name)
        for structure in structures:
            if structure not in around:
                self._parts(structure, path, (*around, structure))

    def _parts(self, structure: Structure, path: str, around: tuple[Structure, ...]) -> None:
        for part, name in _parts(structure, path):
            if part is not NOTHING:
                self._flatten(part, name, around)
        if path and not structure.fields and not any(structure.parts()):
            self._leaf(UNKNOWN, path)

    def _leaf(self, value: Abstract, path: str) -> None:
        if not (value.atoms or value.things or value.sources or value.open):
            return
        value = configured.bare(value)
        before = self.leaves.get(path)
        self.leaves[path] = value if before is None else join(before, value)
        for arms in self._open:
            known, heads = self._says.setdefault(arms.branching, ([], set()))
            if not any(arms is one for one in known):
                known.append(arms)
            heads.add(head(path))


def _parts(structure: Structure, path: str) -> list[tuple[Abstract, str]]:
    """Return what a structure holds, each with its path."""
    inside = f"{path}[]" if structure.kind == "list" else f"{path}{{}}"
    below = f"{path}." if path else ""
    found = [(structure.remainder(), path)]
    for name, part in structure.fields.items():
        found.append((part, inside if structure.kind == "list" else f"{below}{name}"))
    if structure.kind == "list":
        return [*found, (structure.element, inside)]
    return [*found, (structure.keys, inside), (structure.element, inside)]
