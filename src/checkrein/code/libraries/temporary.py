"""Files under /tmp and /mnt, where a function may write: what was written flows on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checkrein.code.domain.abstract import EMPTY, Abstract, Sources
from checkrein.code.domain.things import Library, Thing
from checkrein.code.harm.leavings import Leavings
from checkrein.model import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

WRAPPED = 2  # objects of libraries that a handle is given to, one to the next
FOLDERS = ("/tmp/", "/mnt/")  # noqa: S108 - of the code that is read, not ours


class TemporaryFiles:
    """Which sources flowed into which path; a handle is known by what it was opened with."""

    def __init__(self) -> None:
        self.content: dict[Any, Sources] = {}
        self.left = Leavings()

    def paths(self, values: Iterable[Abstract]) -> list[Any]:
        """Return the paths there that values are, or that handles among them stand for."""
        found: list[Any] = []
        for value in values:
            found += [atom for atom in value.atoms if _temporary(atom)]
            found += [path for one in value.things for path in _opened(one, WRAPPED)]
        return found

    def read(self, paths: list[Any]) -> Sources:
        return EMPTY.union(*(self.content.get(path, EMPTY) for path in paths))

    def write(self, paths: list[Any], sources: Sources) -> bool:
        """Let sources flow into files; tell whether that is new."""
        changed = False
        for path in paths:
            known = self.content.get(path, EMPTY)
            if not sources <= known:
                self.content[path] = known | sources
                changed = True
        return changed


def _opened(one: Thing, depth: int) -> Iterator[Any]:
    """Yield the paths that a handle was opened with: ``csv.writer(open("/tmp/x"))``."""
    for value in one.arguments if isinstance(one, Library) else ():
        yield from (atom for atom in value.atoms if _temporary(atom))
        for inner in value.things if depth else ():
            yield from _opened(inner, depth - 1)


def _temporary(atom: Any) -> bool:
    first = atom.parts[0] if isinstance(atom, Text) else atom
    return isinstance(first, str) and first.startswith(FOLDERS)
