"""The app: a set of facts, indexed by type and id. Union is total, commutative, idempotent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import ItemsView, Iterable, Iterator, Mapping, ValuesView
from typing import Any, TypeVar

from msgspec.structs import replace

from checkrein.late import regex
from checkrein.model.facts import Fact
from checkrein.model.values import Undecided

F = TypeVar("F", bound=Fact)
Door = tuple[str, str, str]  # a type of facts, a field and its value; "" twice for all of the type
EVERYTHING: Door = (Fact.__name__, "", "")
NUMBER = regex(r"\d+")
STRENGTH = {"possible": 0, "likely": 1, "certain": 2}


class App:
    """An immutable set of facts; ``app | facts`` learns, and order never matters.

    Facts of one type and id that differ only in evidence, ``certain`` and ``confidence`` become
    one; otherwise they stay side by side as alternatives.

    ``asked`` is through which doors anybody looked at facts, None while nobody wants to know; see
    ``asking``.
    """

    def __init__(self, facts: Iterable[Fact] = ()) -> None:
        index: defaultdict[type[Fact], dict[str, list[Fact]]] = defaultdict(dict)
        for fact in facts:
            same = index[type(fact)].setdefault(fact.id, [])
            if same:
                _learn(same, fact)
            else:
                same.append(fact)
        self._index = {
            kind: {id: _ordered(known[id]) for id in sorted(known)} for kind, known in index.items()
        }
        self.asked: set[Any] | None = None
        self.remembered: dict[Any, Any] = {}
        self._lists: dict[type[Fact], list[Any]] = {}
        self._groups: dict[tuple[type[Fact], str], dict[str, list[Any]]] = {}

    def __or__(self, facts: Iterable[Fact]) -> App:
        return App([*self, *facts])

    def __iter__(self) -> Iterator[Fact]:
        if self.asked is not None:
            self.asked.add(EVERYTHING)
        for known in self._index.values():
            for same in known.values():
                yield from same

    def every(self, kind: type[F]) -> list[F]:
        """Return all facts of exactly one type, by id; alternatives follow one another."""
        if self.asked is not None:
            self.asked.add((kind.__name__, "", ""))
        return self._all(kind)

    def _all(self, kind: type[F]) -> list[F]:
        found = self._lists.get(kind)
        if found is None:
            known = self._index.get(kind, {})
            found = self._lists[kind] = [fact for same in known.values() for fact in same]
        return list(found)

    def grouped(self, kind: type[F], field: str) -> Groups[F]:
        """Return all facts of a type by the value of one of their fields."""
        found = self._groups.get((kind, field))
        if found is None:
            found = self._groups[kind, field] = {}
            for fact in self._all(kind):
                found.setdefault(getattr(fact, field), []).append(fact)
        return Groups(self, (kind.__name__, field), found)

    def alternatives(self, kind: type[F], id: str) -> list[F]:
        """Return all that is said of one id: nothing, one fact, or several alternatives."""
        if self.asked is not None:
            self.asked.add((kind.__name__, "id", id))
        same = self._index.get(kind, {}).get(id, ())
        return [fact for fact in same if isinstance(fact, kind)]

    def get(self, kind: type[F], id: str) -> F | None:
        """Return the fact, or None; raise Undecided where alternatives stand."""
        if self.asked is not None:
            self.asked.add((kind.__name__, "id", id))
        same = self._index.get(kind, {}).get(id, ())
        if len(same) > 1:
            raise Undecided(f"{kind.__name__} {id} is said to be {len(same)} things")
        return same[0] if same and isinstance(same[0], kind) else None


class Groups(Mapping[str, list[F]]):
    """The facts of a type by the value of one of their fields."""

    def __init__(self, app: App, door: tuple[str, str], known: dict[str, list[F]]) -> None:
        self._app, self._door, self._known = app, door, known

    def __getitem__(self, value: str) -> list[F]:
        if self._app.asked is not None:
            self._app.asked.add((*self._door, value))
        return self._known[value]

    def get(self, value: str, default: Any = None) -> Any:
        if self._app.asked is not None:
            self._app.asked.add((*self._door, value))
        return self._known.get(value, default)

    def __iter__(self) -> Iterator[str]:
        return iter(self._whole)

    def __len__(self) -> int:
        return len(self._whole)

    def items(self) -> ItemsView[str, list[F]]:
        return self._whole.items()

    def values(self) -> ValuesView[list[F]]:
        return self._whole.values()

    @property
    def _whole(self) -> dict[str, list[F]]:
        if self._app.asked is not None:
            self._app.asked.add((self._door[0], "", ""))
        return self._known


def _ordered(same: list[Fact]) -> tuple[Fact, ...]:
    """Put alternatives in order, such as a line more above them does not change."""
    return tuple(sorted(same, key=_written)) if len(same) > 1 else tuple(same)


def _written(fact: Fact) -> str:
    return NUMBER.sub(lambda found: found[0].zfill(9), repr(fact))


def _learn(same: list[Fact], fact: Fact) -> None:
    for position, known in enumerate(same):
        united = _unite(known, fact)
        if united is not None:
            same[position] = united
            return
    same.append(fact)


def _unite(left: Fact, right: Fact) -> Fact | None:
    if left is right:
        return left
    changes: dict[str, object] = {}
    for name in left.__struct_fields__:
        mine, theirs = getattr(left, name), getattr(right, name)
        if mine == theirs:
            continue
        if name == "evidence":
            changes[name] = tuple(sorted({*mine, *theirs}))
        elif name == "certain":
            changes[name] = mine or theirs
        elif name == "confidence":
            changes[name] = max(mine, theirs, key=lambda word: STRENGTH[word])
        else:
            return None
    return replace(left, **changes) if changes else left
