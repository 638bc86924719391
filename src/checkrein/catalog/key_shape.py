"""The type of a kind of key; all of them stand in ``secrets``."""

from __future__ import annotations

import re
from functools import cache

from msgspec import Struct


class KeyShape(Struct, frozen=True):
    """A kind of key by its shape; ``data`` is its class, ``fault`` (1 to 3) how much it opens.

    ``check`` names what else must hold (``crc32 jwt block``), ``prefixes`` are in lower case, and
    a ``public`` key is no secret.
    """

    id: str
    title: str
    data: str
    written: str
    prefixes: tuple[str, ...]
    fault: int
    check: str
    public: bool

    @property
    def pattern(self) -> re.Pattern[str]:
        """Return what a key of this kind matches."""
        return _compiled(self.written)


@cache
def _compiled(written: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z0-9_-])(?:{written})(?![A-Za-z0-9_])")
