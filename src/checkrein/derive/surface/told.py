"""What one fact adds to a line."""

from __future__ import annotations

from typing import NamedTuple

from checkrein.model import Evidence, Kind


class Told(NamedTuple):
    """Some values of the line that kind, owner and key name, and how they come about."""

    kind: Kind
    owner: str
    key: str
    values: tuple[str, ...]
    steps: tuple[Evidence, ...]
