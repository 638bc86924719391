"""Which actions identities have on resources."""

from __future__ import annotations

from typing import NamedTuple


class Held(NamedTuple):
    """The actions that an identity has on a resource or its parts: surely, and perhaps too."""

    some: frozenset[str]
    may: frozenset[str]


NOTHING = Held(frozenset(), frozenset())
Holdings = dict[str, dict[str, Held]]  # identity -> resource -> the actions that it has there
