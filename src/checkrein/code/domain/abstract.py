"""The value of the interpreter's domain, as a type; what is done with it stands in ``values``."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from checkrein.model import Symbol

Sources = frozenset[Symbol]

EMPTY: Sources = frozenset()


class Abstract(Struct, frozen=True):
    """A set of possible values, with what flowed into them; ``arms`` if these are remembered."""

    atoms: frozenset[Any] = frozenset()
    things: tuple[Any, ...] = ()
    sources: Sources = EMPTY
    open: bool = False
    arms: Arms | None = None

    def __bool__(self) -> bool:
        return bool(self.atoms or self.things or self.open or self.sources)


class Arms(Struct, frozen=True):
    """What a value is in each arm of a branching; see ``arms``.

    ``branching`` numbers one time that it ran; ``rest`` is the value in an arm that is not listed,
    None where there is no such arm.
    """

    branching: int
    values: tuple[tuple[int, Abstract], ...]
    rest: Abstract | None = None


class Cleaned(Symbol, frozen=True, order=True, tag=True, gc=False):
    """A symbol whose content is harmless for some families of use, as a bit set of them.

    ``catalog.uses`` numbers the families. It is the same content as the plain symbol, less the
    fields that it is ``lacking``: something else stands in their place, or nothing.
    """

    families: int = 0
    lacking: tuple[str, ...] = ()
