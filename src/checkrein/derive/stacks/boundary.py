"""One strange resource must not end a run: what crashes is left out, and said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from checkrein.model import Evidence, Resource, Undecided, Unread

Made = TypeVar("Made")


class Boundary:
    """Runs a reading over resources, keeping those that fail apart in ``lost``."""

    def __init__(self) -> None:
        self.lost: list[Unread] = []

    def over(
        self, resources: Iterable[Resource], read: Callable[[Resource], Iterable[Made]]
    ) -> Iterator[Made]:
        """Yield what ``read`` makes of each resource; of one that fails, nothing."""
        for resource in resources:
            try:
                yield from tuple(read(resource))
            except Undecided:
                continue
            except Exception as error:  # noqa: BLE001 - the rest of the app must be read
                self.lost.append(_unread(resource, error))


def _unread(resource: Resource, error: Exception) -> Unread:
    reason = f"{resource.name} has a shape that is not understood ({type(error).__name__}: {error})"
    return Unread(
        id=f"{resource.id}: {reason}",
        path=resource.place.path,
        reason=reason,
        effect="what it opens, allows or holds is missing in the table",
        evidence=(Evidence(reason, resource.place),),
    )
