"""The app: a set of facts, indexed by type and id. Union is total, commutative, idempotent."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Concatenate, ParamSpec, TypeVar

from msgspec.structs import replace

from checkrein.model.facts import Fact
from checkrein.model.values import Undecided

F = TypeVar("F", bound=Fact)
P = ParamSpec("P")
T = TypeVar("T")
STRENGTH = {"possible": 0, "likely": 1, "certain": 2}


class App:
    """An immutable set of facts; ``app | facts`` learns, and order never matters.

    Facts of one type and id that differ only in evidence, ``certain`` and ``confidence`` become
    one; otherwise they stay side by side as alternatives.

    ``asked`` are the types of facts that anybody asked for, ``Fact`` for all of them; who wants to
    know what an answer rests on puts an empty set there first.
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
        self.asked: set[type[Fact]] = set()
        self.remembered: dict[tuple[Any, ...], tuple[Any, set[type[Fact]]]] = {}

    def __or__(self, facts: Iterable[Fact]) -> App:
        return App([*self, *facts])

    def __iter__(self) -> Iterator[Fact]:
        self.asked.add(Fact)
        for known in self._index.values():
            for same in known.values():
                yield from same

    def every(self, kind: type[F]) -> list[F]:
        """Return all facts of exactly one type, by id; alternatives follow one another."""
        self.asked.add(kind)
        known = self._index.get(kind, {})
        return [fact for same in known.values() for fact in same if isinstance(fact, kind)]

    def alternatives(self, kind: type[F], id: str) -> list[F]:
        """Return all that is said of one id: nothing, one fact, or several alternatives."""
        self.asked.add(kind)
        same = self._index.get(kind, {}).get(id, ())
        return [fact for fact in same if isinstance(fact, kind)]

    def get(self, kind: type[F], id: str) -> F | None:
        """Return the fact, or None; raise Undecided where alternatives stand."""
        self.asked.add(kind)
        same = self._index.get(kind, {}).get(id, ())
        if len(same) > 1:
            raise Undecided(f"{kind.__name__} {id} is said to be {len(same)} things")
        return same[0] if same and isinstance(same[0], kind) else None


def of_app(function: Callable[Concatenate[App, P], T]) -> Callable[Concatenate[App, P], T]:
    """Remember with an app what a function returns of it; the result brings what it asked for.

    Functions of an app must not be remembered in any other way: ``App.asked`` would lack what
    they asked for the first time.
    """

    @functools.wraps(function)
    def again(app: App, /, *arguments: P.args, **named: P.kwargs) -> T:
        key = (function, *arguments, *sorted(named.items()))
        known = app.remembered.get(key)
        if known is None:
            before, app.asked = app.asked, set()
            try:
                known = function(app, *arguments, **named), app.asked
            finally:
                before |= app.asked
                app.asked = before
            app.remembered[key] = known
        else:
            app.asked |= known[1]
        return known[0]

    return again


def _ordered(same: list[Fact]) -> tuple[Fact, ...]:
    return tuple(sorted(same, key=repr)) if len(same) > 1 else tuple(same)


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
