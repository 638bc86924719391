"""Where data goes: ``compare/flows`` makes these, ``report/`` shows them."""

from __future__ import annotations

from msgspec import Struct

from checkrein.model.derived import Slot
from checkrein.model.places import NOWHERE, Evidence, Place


class Name(Struct, frozen=True):
    """What a reader calls a slot: whose it is, and which part (``Rides`` ``.`` ``email``)."""

    owner: str
    path: str = ""
    joint: str = "."

    def __str__(self) -> str:
        return f"{self.owner}{self.joint if self.path else ''}{self.path}"


class Hop(Struct, frozen=True):
    """Content goes from one slot to another by one line of code, or by one of a template.

    ``kind``: use, http, response, log, sdk or wiring; ``operation`` is what does it
    (``dynamodb:PutItem``, ``POST``, ``subprocess.run``), "" for logs, answers and wiring. ``data``
    are the classes that it carries, the most valuable first, ``perhaps`` those that may be lost in
    what was computed of the content before. ``certain`` is False where something
    is computed of the content on the way. ``steps`` lead to the line, which comes last.
    ``family`` is what a use can do wrong (``command``, ``sql``), ``who`` may choose its content
    ("": nobody known), ``harmless`` the families for which it was made harmless before.
    """

    source: Slot
    target: Slot
    via: str
    kind: str
    operation: str
    origin: Name
    goal: Name
    data: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()
    certain: bool = True
    steps: tuple[Evidence, ...] = ()
    family: str = ""
    who: str = ""
    harmless: tuple[str, ...] = ()

    @property
    def place(self) -> Place:
        """The line that does it."""
        return self.steps[-1].place if self.steps else NOWHERE


class Start(Struct, frozen=True):
    """A way into a function: from which resource, and in words, who may use it too."""

    source: str
    text: str
    who: str
    place: Place

    def __str__(self) -> str:
        return f"{self.text} ({self.who})" if self.who else self.text


class Trail(Struct, frozen=True):
    """Content at a slot, how it came there (``hop`` is None at its origin), and where it goes on.

    ``certain`` is False where something is computed of the content, or where only a part of it is
    read. ``told`` is True where the rest stands under the same slot elsewhere in the same tree.
    ``data`` and ``ways`` are an origin's only: the classes, and how the content comes in.
    """

    slot: Slot
    name: Name
    hop: Hop | None = None
    certain: bool = True
    further: tuple[Trail, ...] = ()
    told: bool = False
    data: tuple[str, ...] = ()
    ways: tuple[Start, ...] = ()


class Group(Struct, frozen=True):
    """What one function moves, or one template without code; ``ways`` start it."""

    owner: str
    name: str
    ways: tuple[Start, ...]
    file: str
    hops: tuple[Hop, ...]


class Movements(Struct, frozen=True):
    """Where the data of an app goes, or that of one thing (``subject``).

    ``kind``: app, function, resource or data. ``hops`` are all flows, the most valuable first,
    ``groups`` the same by who moves them. ``trails`` follow content from where it enters to the
    last places; there are none for a whole app. ``part_of`` names the deployment of each node,
    ``classes`` are those that were asked for.
    """

    subject: str
    kind: str
    hops: tuple[Hop, ...]
    groups: tuple[Group, ...] = ()
    trails: tuple[Trail, ...] = ()
    part_of: dict[str, str] = {}
    classes: tuple[str, ...] = ()
