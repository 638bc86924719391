"""The last two states of a folder of which is kept what followed, and which was seen last.

What is concluded of a third goes where the older one's was: who takes back what he changed finds
what was concluded before, and what he changes next is compared with that.
"""

from __future__ import annotations

from msgspec import Struct

from checkrein.cache import Cache

NAME = ("states",)


class States(Struct, frozen=True, array_like=True):
    """What stands for the facts of each of two states, and the number of the one seen last."""

    last: int = 0
    wholes: tuple[str, str] = ("", "")

    @classmethod
    def of(cls, cache: Cache) -> States:
        """Return what is kept of a folder's states."""
        found: States | None = cache.find(NAME, cls)
        return found or cls()

    @property
    def next(self) -> int:
        """The number under which a new state is kept: the older one's, if there are two."""
        return 1 - self.last if self.wholes[self.last] else self.last

    def concluded(self, whole: str, cache: Cache) -> None:
        """Keep that under the next number stands now what followed from these facts."""
        wholes = (self.wholes[0], whole) if self.next else (whole, self.wholes[1])
        cache.keep(NAME, States(self.next, wholes), {})

    def seen(self, whole: str, cache: Cache) -> None:
        """Keep that these facts were read last, if what followed from them is kept."""
        if whole in self.wholes and whole != self.wholes[self.last]:
            cache.keep(NAME, States(1 - self.last, self.wholes), {})


def file_of(number: int, name: str) -> str:
    """Return in which file something of one of the two states is kept, by that of the first."""
    return f"{name}-2" if number else name
