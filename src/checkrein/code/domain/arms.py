"""What branchings set together stays together: values that remember the arms that made them.

``if a: table, item = X, x`` with ``else: table, item = Y, y`` gives ``table`` two values and
``item`` two values, but never X with y. Each value keeps what it is in each arm; where a call
uses both, the recorder asks for each arm by itself. A value that is made of such a value by
anything not told here forgets its arms, and is then what any arm gives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code.domain.abstract import Abstract, Arms
from checkrein.code.domain.scopes import FACTS, common
from checkrein.code.domain.things import Structure
from checkrein.code.domain.values import NOTHING, join, join_all
from checkrein.model import Symbol, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from checkrein.code.running.interpreter import Interpreter

BREADTH = 32  # alternatives beyond these are joined


def armed(branching: int, values: Mapping[int, Abstract], rest: Abstract | None = None) -> Abstract:
    """Return the join of what a value is in each arm; it remembers them if they differ."""
    every = [*values.values(), *([] if rest is None else [rest])]
    if all(value == every[0] for value in every):
        return every[0] if every else NOTHING
    whole = join_all(map(forgotten, every))
    if sum(map(breadth, every)) > BREADTH:
        return whole
    arms = Arms(branching, tuple(values.items()), rest)
    return Abstract(whole.atoms, whole.things, whole.sources, whole.open, arms)


def forgotten(value: Abstract) -> Abstract:
    """Return the value without the memory of its arms."""
    if value.arms is None:
        return value
    return Abstract(value.atoms, value.things, value.sources, value.open)


def breadth(value: Abstract) -> int:
    """Return how many alternatives a value keeps apart, those within its arms too."""
    if value.arms is None:
        return 1
    return sum(breadth(part) for part in _parts(value.arms))


def _parts(arms: Arms) -> list[Abstract]:
    rest = [] if arms.rest is None else [arms.rest]
    return [*(value for _, value in arms.values), *rest]


def by_arm(parts: list[Abstract], function: Callable[[list[Abstract]], Abstract]) -> Abstract:
    """Apply a function to values, arm by arm as far as they have arms."""
    first = next((part.arms for part in parts if part.arms is not None), None)
    if first is None:
        return function(parts)
    total = 1
    for part in parts:
        total *= breadth(part)
    if total > BREADTH:
        return function([forgotten(part) for part in parts])
    branching = first.branching
    known = [part.arms for part in parts if part.arms and part.arms.branching == branching]

    def within(arm: int | None) -> Abstract:
        return by_arm([inside(part, branching, arm) for part in parts], function)

    numbers = choices(known)
    values = {arm: within(arm) for arm in numbers if arm is not None}
    return armed(branching, values, within(None) if None in numbers else None)


def choices(known: Iterable[Arms]) -> list[int | None]:
    """Return the arms that all of them may be in, None for an arm that none of them lists."""
    arms = list(known)
    for one in arms:
        if one.rest is None:
            return [number for number, _ in one.values]
    return [*dict.fromkeys(number for one in arms for number, _ in one.values), None]


def inside(value: Abstract, branching: int, arm: int | None) -> Abstract:
    """Return what a value is in one arm of a branching, None for an arm that it does not list."""
    arms = value.arms
    if arms is None or arms.branching != branching:
        return value
    return next((part for number, part in arms.values if number == arm), arms.rest or NOTHING)


Narrowed = dict[int, tuple[Abstract, Abstract]]  # id -> what a test left of a value, the value


def restored(names: Mapping[str, Abstract], known: Narrowed) -> dict[str, Abstract]:
    """Return names with the values that a branching's own tests have narrowed as they were."""

    def original(value: Abstract) -> Abstract:
        while id(value) in known:
            value = known[id(value)][1]
        return value

    return {name: original(value) for name, value in names.items()}


def merged(
    branching: int, arms: Mapping[int, Mapping[str, Abstract]], *, sets_fields: bool = False
) -> dict[str, Abstract]:
    """Return the names after a branching, of what each arm that reaches its end left behind.

    A name alone forgets its arms: there is nothing that it was set together with.
    """
    first, *others = arms.values()
    names = dict(first)
    changed: dict[str, None] = {}
    for other in others:
        for name, value in other.items():
            if name not in first or first[name] is not value:
                changed[name] = None
        changed.update(dict.fromkeys(name for name in first if name not in other))
    found = {
        name: {number: left.get(name, NOTHING) for number, left in arms.items()} for name in changed
    }
    together = sets_fields or len(found) > 1 or any(map(_holds, found.values()))
    facts = found.pop(FACTS, None)
    if facts is not None:
        names[FACTS] = common(facts.values())
    for name, values in found.items():
        names[name] = armed(branching, values) if together else join_all(values.values())
    return names


def narrowed(names: Mapping[str, Abstract], told: Mapping[str, Abstract]) -> dict[str, Abstract]:
    """Return other names without the arms in which a name is not what a test has told of it."""
    found: dict[str, Abstract] = {}
    for name, now in told.items():
        known = names[name].arms
        for other, value in names.items() if known else ():
            if known and value.arms and other not in told:
                left = _pruned(found.get(other, value), known, now)
                if left is not value:
                    found[other] = left
    return found


def _pruned(value: Abstract, known: Arms, now: Abstract) -> Abstract:
    """Return a value without the arms in which another is not what is now known of it."""
    arms = value.arms
    if arms is None or arms.branching != known.branching:
        return value
    kept: dict[int, Abstract] = {}
    for arm, part in arms.values:
        other = inside(Abstract(arms=known), known.branching, arm)
        if _may_be(other, now):
            kept[arm] = _pruned(part, other.arms, now) if other.arms else part
    same = len(kept) == len(arms.values) and all(kept[arm] is part for arm, part in arms.values)
    return value if same or not kept else armed(arms.branching, kept, arms.rest)


def _may_be(value: Abstract, now: Abstract) -> bool:
    symbolic = any(isinstance(atom, (Symbol, Text)) for atom in value.atoms)
    return bool(value.atoms & now.atoms or symbolic or value.things or value.sources or value.open)


def added(run: Interpreter, known: Abstract, value: Abstract, *, alone: bool) -> Abstract:
    """Return what a field may be that was set: in the arm that runs surely that, if ``alone``."""
    arm = run.arms[-1] if alone else None
    if arm is None:
        return join(known, value)
    branching, number = arm
    run.fields_set.add(branching)
    if known.arms is None or known.arms.branching != branching:
        return armed(branching, {number: value}, known)
    return armed(branching, {**dict(known.arms.values), number: value}, known.arms.rest)


def either(run: Interpreter, values: Iterable[Abstract]) -> Abstract:
    """Return one of several values; the parts of each stay together."""
    every = [value for value in values if value]
    if len(every) < 2 or not _holds(dict(enumerate(every))):  # noqa: PLR2004 - none or one
        return join_all(every)
    run.branchings += 1
    return armed(run.branchings, dict(enumerate(every)))


def paired(
    run: Interpreter, pairs: Sequence[tuple[Abstract, Abstract]]
) -> tuple[Abstract, Abstract]:
    """Return one of several keys that are not known, and its value; these two stay together."""
    keys = {number: key for number, (key, _) in enumerate(pairs)}
    values = {number: value for number, (_, value) in enumerate(pairs)}
    if len(pairs) < 2 or not _holds(values):  # noqa: PLR2004 - none or one
        return join_all(keys.values()), join_all(values.values())
    run.branchings += 1
    return armed(run.branchings, keys), armed(run.branchings, values)


def _holds(values: Mapping[int, Abstract]) -> bool:
    """Tell whether values have parts, which are set together when the value is."""
    return any(isinstance(one, Structure) for value in values.values() for one in value.things)
