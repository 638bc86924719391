"""The value of the interpreter's domain, as a type; what is done with it stands in ``values``."""

from __future__ import annotations

from typing import Any, Final

from checkrein.model import Symbol

Sources = frozenset[Symbol]

EMPTY: Final[Sources] = frozenset()
NO_ATOMS: Final[frozenset[Any]] = frozenset()


class Abstract:
    """A set of possible values, with what flowed into them; ``arms`` if these are remembered.

    It never changes. Values of the same parts are equal.
    """

    __slots__ = ("arms", "atoms", "open", "sources", "things")

    def __init__(
        self,
        atoms: frozenset[Any] = NO_ATOMS,
        things: tuple[Any, ...] = (),
        sources: Sources = EMPTY,
        open: bool = False,  # noqa: FBT001, FBT002 - all are handed on in order
        arms: Arms | None = None,
    ) -> None:
        self.atoms = atoms
        self.things = things
        self.sources = sources
        self.open = open
        self.arms = arms

    def __bool__(self) -> bool:
        return bool(self.atoms or self.things or self.open or self.sources)

    def __eq__(self, other: object) -> bool:
        return self is other or (
            isinstance(other, Abstract)
            and self.open == other.open
            and self.atoms == other.atoms
            and self.things == other.things
            and self.sources == other.sources
            and self.arms == other.arms
        )

    def __hash__(self) -> int:
        return hash((self.atoms, self.things, self.sources, self.open, self.arms))


class Arms:
    """What a value is in each arm of a branching; see ``arms``.

    ``branching`` numbers one time that it ran; ``rest`` is the value in an arm that is not listed,
    None where there is no such arm.
    """

    __slots__ = ("branching", "rest", "values")

    def __init__(
        self,
        branching: int,
        values: tuple[tuple[int, Abstract], ...],
        rest: Abstract | None = None,
    ) -> None:
        self.branching = branching
        self.values = values
        self.rest = rest

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Arms)
            and self.branching == other.branching
            and self.values == other.values
            and self.rest == other.rest
        )

    def __hash__(self) -> int:
        return hash((self.branching, self.values, self.rest))
