"""A symbol of which more is known; a type of msgspec's, as the plain symbol is."""

from __future__ import annotations

from checkrein.model import Symbol


class Cleaned(Symbol, frozen=True, order=True, tag=True, gc=False):
    """A symbol whose content is harmless for some families of use, as a bit set of them.

    ``catalog.uses`` numbers the families. It is the same content as the plain symbol, less the
    fields that it is ``lacking``: something else stands in their place, or nothing.
    """

    families: int = 0
    lacking: tuple[str, ...] = ()
