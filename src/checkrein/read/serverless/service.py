"""A Serverless Framework service: its file with every variable settled as far as it can be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from checkrein.model import Path, Place
from checkrein.read.made import Lost


@dataclass(frozen=True)
class Service:
    """What a service file says.

    ``path`` is the file, relative to the scanned folder. ``value`` is plain JSON with
    CloudFormation's intrinsics and, where a variable is not known, values of ``model.values``.
    ``places`` says where each path of it is written, in whatever file.
    """

    path: str
    value: dict[str, Any]
    places: dict[Path, Place]
    lost: list[Lost] = field(default_factory=list)

    def place(self, path: Path = ()) -> Place:
        """Return where a path, or its nearest parent that is written, stands."""
        keys = path
        while keys and keys not in self.places:
            keys = keys[:-1]
        return self.places.get(keys, Place(self.path, 1))
