"""What an app can do and does with its data, as lines that can be accepted and compared.

``derive/surface`` makes the lines of an app. A lock file holds those that the team accepted,
``diff`` compares those of two versions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from fnmatch import fnmatchcase
from operator import eq

from msgspec import Struct
from msgspec.structs import replace

from checkrein.model.facts import Fact
from checkrein.model.places import Evidence

EVERYTHING = "*"  # the key of what an identity may do on whatever resource
# nodes that each deployment has one of
OF_ALL = ("@anyone", "@internet", "@users", "@browser", "@recipients", "@account", "@default-bus")
ANYONE, BODY = "@anyone", "whatever body"  # who may use an entry, and with what
KEYED = "an API key is sent"  # the condition under which a route lets somebody in
EXPORT = "${@export."  # begins what another stack gives
WHERE, IF = " on ", " if "  # join an action, the part of a resource, and the condition in a word
BUT = "all but "  # begins what a limit keeps out, and what NotAction and NotResource say: less
STARS = ("", "\0" * 99)  # what a star may stand for: nothing, and more than question marks do


class Kind(StrEnum):
    """What a line says; in the order in which people read them."""

    INTENDED = "intended"
    CODED = "coded"
    POTENTIAL = "potential"
    ENTRY = "entry"
    FLOW = "flow"
    CALL = "call"
    RIGHT = "right"
    DENIAL = "denial"
    GAIN = "gain"


class Line(Fact, frozen=True):
    """One statement about the app: kind, owner and key name it, the values are what it allows.

    ========== ======================== ============================= ============================
    kind       owner                    key                           values
    ========== ======================== ============================= ============================
    intended   the node of a row        ""                            classes of data
    coded      the node of a row        ""                            classes of data
    potential  the node of a row        direct, takeover, influence   classes beyond the coded
    entry      what can be entered      kind, source and route        who may use it
    flow       who moves it             ``source -> target`` (slots)  classes that it carries
    call       a function               the resource it addresses     actions that it asks for
    right      an identity              ``target right``              actions, maybe in part or if
    denial     who or what is held back what the statement is about   actions, maybe in part or if
    gain       an identity              level and what is gained      what it gains it of
    ========== ======================== ============================= ============================

    Entered are functions, APIs without one, roles (``assumed``, ``identity pool …``), user pools
    (``sign-up``) and security groups (``connections …``). The denials of a trigger, a route, a
    function or an endpoint say what a ``filter``, its scopes, its ``network`` or its ``policy``
    keeps out. What runs gains the identity that it ``acts as``.

    Nothing in them is a place: text that is moved, renamed inside a function or written another
    way gives the same lines. ``steps`` tell for each value how it comes about. ``id`` is
    ``kind owner key``.
    """

    kind: Kind
    owner: str
    key: str
    values: tuple[str, ...] = ()
    steps: tuple[tuple[Evidence, ...], ...] = ()

    def how(self, value: str) -> tuple[Evidence, ...]:
        """Return how a value comes about, or how the line does."""
        known = dict(zip(self.values, self.steps, strict=False))
        return known.get(value) or self.evidence


class Changed(Struct, frozen=True):
    """What differs in one line; ``before`` or ``after`` is None where the line is new or gone.

    ``added`` and ``removed`` are values, without those that a wider value on the other side
    covers. A line without values that is new or gone has neither.
    """

    kind: Kind
    owner: str
    key: str
    before: Line | None
    after: Line | None
    added: tuple[str, ...]
    removed: tuple[str, ...]

    @property
    def widens(self) -> bool:
        """Tell whether it lets anybody do more, or brings data anywhere that it was not."""
        if self.kind is Kind.DENIAL:
            return bool(self.removed) or self.after is None
        return bool(self.added) or self.before is None

    def is_limited(self, *, widens: bool) -> bool:
        """Tell whether the other version has a part of the same actions, or under a condition.

        ``widens`` asks so of the added values, else of the removed ones.
        """
        other, values = (self.before, self.added) if widens else (self.after, self.removed)
        known = other.values if other else ()
        return bool(values) and all(
            any(covers(value, one) and parts_of(value)[0] == parts_of(one)[0] for one in known)
            for value in values
        )


def changes(before: Iterable[Line], after: Iterable[Line]) -> list[Changed]:
    """Return the lines that differ, by kind, owner and key."""
    now = list(after)
    earlier = _under_new_names(list(before), now)
    old, new = ({line.id: line for line in lines} for lines in (earlier, now))
    old, new = _without_told(old, new), _without_told(new, old)
    order = {kind: place for place, kind in enumerate(Kind)}
    found = [_changed(old.get(id), new.get(id)) for id in old.keys() | new.keys()]
    differing = [each for each in found if each is not None]
    return sorted(differing, key=lambda each: (order[each.kind], each.owner, each.key))


def _under_new_names(before: list[Line], after: list[Line]) -> list[Line]:
    """Name everybody, the internet and the like as they are named now.

    They bear the name of their deployment's first stack, and that changes where stacks are joined.
    """
    was, now = _deployments(before), _deployments(after)
    fresh = now - was or now
    if not was - now or len(fresh) != 1:
        return before
    (name,) = fresh
    names = {
        f"{old}{kind}": f"{name}{kind}" for old in sorted(was - now, key=len) for kind in OF_ALL
    }
    found: dict[str, Line] = {}
    for line in (_renamed(each, names) for each in before):
        same = found.get(line.id)
        values = sorted({*same.values, *line.values}) if same else line.values
        found[line.id] = replace(line, values=tuple(values), steps=()) if same else line
    return list(found.values())


def _deployments(lines: Iterable[Line]) -> set[str]:
    return {
        line.owner.removesuffix(kind)
        for line in lines
        for kind in OF_ALL
        if line.owner.endswith(kind)
    }


def _renamed(line: Line, names: Mapping[str, str]) -> Line:
    whole = (line.owner, line.key, *line.values)
    if not any(old in text for text in whole for old in names):
        return line
    owner, key, *values = (_with_names(text, names) for text in whole)
    id = " ".join(filter(None, (line.kind, owner, key)))
    return replace(line, id=id, owner=owner, key=key, values=tuple(values))


def _with_names(text: str, names: Mapping[str, str]) -> str:
    words = (names.get(word, word) for word in text.split(" "))
    return " ".join(words)


def _without_told(lines: Mapping[str, Line], others: Mapping[str, Line]) -> dict[str, Line]:
    """Leave out rights over one resource that the other side has on every resource."""
    return {
        id: line
        for id, line in lines.items()
        if id in others or not _is_among(line, others.get(f"{line.kind} {line.owner} {EVERYTHING}"))
    }


def _is_among(line: Line, wide: Line | None) -> bool:
    """Tell whether a right is one that an identity has on everything."""
    return (
        line.kind is Kind.RIGHT
        and wide is not None
        and all(any(covers(one, value) for one in wide.values) for value in line.values)
    )


def _changed(before: Line | None, after: Line | None) -> Changed | None:
    line = after or before
    if line is None:
        return None
    old, new = (each.values if each else () for each in (before, after))
    wide = WIDER.get(line.kind, eq)
    added, removed = _beyond(new, old, wide), _beyond(old, new, wide)
    if before and after and not (added or removed):
        return None
    return Changed(line.kind, line.owner, line.key, before, after, added, removed)


def _beyond(
    values: Iterable[str], known: tuple[str, ...], wide: Callable[[str, str], bool]
) -> tuple[str, ...]:
    """Return the values that are not known, and that no known one holds in itself."""
    unknown = tuple(value for value in values if value not in known)
    return tuple(value for value in unknown if not any(wide(one, value) for one in known))


def covers(wide: str, narrow: str) -> bool:
    """Tell whether an action in a part of a resource under a condition allows another's all.

    ``dynamodb:*`` covers ``dynamodb:GetItem on in/* if …``: who has more in every respect.
    """
    action, part, condition = parts_of(wide)
    other, inside, under = parts_of(narrow)
    return (
        includes(action, other)
        and (not part or includes(part, inside))
        and condition in {"", under}
    )


def denies(wide: str, narrow: str) -> bool:
    """Tell whether a denial keeps out all that another does: what lets in less keeps out more."""
    if covers(wide, narrow):
        return True
    (what, let_in), (other, also) = _let_in(wide), _let_in(narrow)
    return what == other and bool(let_in) and let_in <= also


def _let_in(value: str) -> tuple[str, frozenset[str]]:
    """Split ``all but detail-type Sent or Lost``: about what, and what of it is let in."""
    about, _, words = value.removeprefix(BUT).partition(" ")
    listed = words.split(" or ") if value.startswith(BUT) and words and ", " not in words else []
    return about, frozenset(listed)


def _lets_in(wide: str, narrow: str) -> bool:
    """Tell whether those who may use an entry are among others: anyone is everybody."""
    everybody = wide.endswith(ANYONE) or wide == narrow.partition(IF)[0]
    return everybody and not narrow.startswith(BODY)


WIDER: Mapping[Kind, Callable[[str, str], bool]] = {
    Kind.RIGHT: covers,
    Kind.DENIAL: denies,
    Kind.ENTRY: _lets_in,
}


def parts_of(value: str) -> tuple[str, str, str]:
    """Split a right's value: the action, the part of the resource, the condition."""
    rest, _, condition = value.partition(IF)
    action, _, part = rest.partition(WHERE)
    return action, part, condition


def imported(value: str) -> str:
    """Return the name under which another stack exports what a value is, "" for all others."""
    found = value.startswith(EXPORT) and value.endswith("}")
    return value[len(EXPORT) : -1] if found else ""


def includes(pattern: str, text: str) -> bool:
    """Tell whether a pattern names all that a text names, which may be a pattern itself."""
    if BUT in (pattern[: len(BUT)], text[: len(BUT)]):
        return pattern in {text, EVERYTHING}
    plain = pattern.replace("[", "[[]")
    return all(fnmatchcase(text.replace("*", star), plain) for star in STARS)
