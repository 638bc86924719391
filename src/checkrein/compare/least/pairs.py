"""What each statement allows, action by action and resource by resource: needed, or not."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import cache

from msgspec import Struct

from checkrein.catalog.actions import documented, resource_types, service_actions
from checkrein.compare.least.doubts import POLLED, SERVICE, Doubts
from checkrein.compare.least.scene import Atom, Scene
from checkrein.iam import expand, subset
from checkrein.iam.actions import PLACEHOLDER, universe_on
from checkrein.iam.patterns import WILD, overlap
from checkrein.iam.symbols import Cover
from checkrein.model import Grant, Value

ANY = "*"
LOGGING = frozenset({"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"})
SEGMENT = 2  # of an ARN, which names the service


class Use(Enum):
    """What a role needs of one action on one of a statement's resources."""

    VOID = "the action is about no such resource"
    IDLE = "none of it"
    PART = "some of it, which can be told"
    WHOLE = "all of it, or nobody can tell how little"
    KEPT = "perhaps: nobody can tell"
    LOGS = "to write logs, which nobody limits to one group"


class Pair(Struct, frozen=True, eq=False):
    """One action on one resource of a statement; ``number`` is the resource's place in it.

    ``atoms`` are the needs that it serves, ``reason`` says why it is kept, ``witness`` is an
    encoded ARN that is allowed without need.
    """

    grant: Grant
    number: int
    action: str
    use: Use
    atoms: tuple[Atom, ...] = ()
    reason: str = ""
    witness: str = ""


class Pairs:
    """The pairs of all statements of one role that allow something."""

    def __init__(self, scene: Scene, doubts: Doubts, identity: str, atoms: Iterable[Atom]) -> None:
        self._scene, self._doubts, self._identity = scene, doubts, identity
        self._atoms: defaultdict[str, list[Atom]] = defaultdict(list)
        for atom in atoms:
            self._atoms[atom.action.lower()].append(atom)
        # what the code leaves open and nothing grants may be meant by any grant of its name
        open_needs = (atom for same in self._atoms.values() for atom in same if atom.need.open)
        self._adrift = {a for a in open_needs if not scene.decide(identity, a).may}
        self._services = {action.partition(":")[0] for action in self._atoms}

    def of(self, grant: Grant) -> Iterator[Pair]:
        """Yield what a statement allows; nothing of a denial."""
        if grant.effect != "Allow":
            return
        for number, value in enumerate(listed(grant)):
            texts = self._scene.encode(value)
            for action in self._units(grant):
                yield self._judged(grant, number, action, texts)

    def _units(self, grant: Grant) -> Iterator[str]:
        """Yield a statement's actions; ``s3:*`` for a service whose actions need no telling apart.

        So a role that may do everything is not 22,000 questions.
        """
        if self._doubts.whole(self._identity) and not grant.not_actions:
            yield from grant.actions
            return
        for service, actions, is_whole in by_service(grant.actions, negated=grant.not_actions):
            unit = f"{service}:{ANY}"
            doubt = self._doubts.about(self._identity, unit, named="")
            known = service.lower() in self._services or doubt
            if is_whole and (not known or self._doubts.whole(self._identity)):
                yield unit
            else:
                yield from actions

    def _judged(self, grant: Grant, number: int, action: str, texts: tuple[str, ...]) -> Pair:
        atoms = self._atoms.get(action.lower(), [])
        unlimited = any(atom.arn == ANY for atom in atoms)  # AWS's reference is not always complete
        if not unlimited and not any(is_about(action, text) for text in texts):
            return Pair(grant, number, action, Use.VOID)
        use, served, witness = self._use(texts, atoms)
        writes = action in LOGGING and "logs:putlogevents" in self._atoms
        if writes:
            return Pair(grant, number, action, Use.LOGS, served)
        named = _named(grant, action)
        reason = "" if use is Use.WHOLE else self._doubts.about(self._identity, action, named=named)
        return Pair(grant, number, action, Use.KEPT if reason else use, served, reason, witness)

    def _use(self, texts: tuple[str, ...], atoms: list[Atom]) -> tuple[Use, tuple[Atom, ...], str]:
        """Return what of a resource some needs of one action use, which needs, and a witness."""
        covers = {
            atom: max(self._scene.matcher.cover(t, atom.arn) for t in texts) for atom in atoms
        }
        inside = [atom for atom in atoms if self._holds(atom, texts)]
        served = tuple(dict.fromkeys([*inside, *(atom for atom, cover in covers.items() if cover)]))
        if not served:
            return Use.IDLE, (), ""
        if inside or len(texts) > 1 or any(0 < covers[atom] < Cover.ALL for atom in served):
            return Use.WHOLE, served, ""
        witness = subset(texts, [atom.arn for atom in served])
        return (Use.PART if witness else Use.WHOLE), served, witness or ""

    def _holds(self, atom: Atom, texts: tuple[str, ...]) -> bool:
        """Tell whether a need is at least as wide as a resource, or nobody can tell how wide."""
        cover = self._scene.matcher.cover
        if atom in self._adrift:
            return True
        if atom.is_any:
            return any(cover(text, atom.arn) or cover(atom.arn, text) for text in texts)
        return any(cover(atom.arn, text) is Cover.ALL for text in texts)


@cache
def by_service(
    patterns: tuple[str, ...], *, negated: bool
) -> tuple[tuple[str, tuple[str, ...], bool], ...]:
    """Return services, what patterns give of each, and whether that is all by one wide pattern."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for action in sorted(expand(patterns, negated=negated)):
        found[action.partition(":")[0]].append(action)
    wide = negated or any(ANY in pattern.partition(":")[0] for pattern in patterns)
    return tuple(
        (service, tuple(some), wide and len(some) == len(service_actions(service)))
        for service, some in found.items()
    )


def _named(grant: Grant, action: str) -> str:
    """Return what of an action a statement names, as ``Doubts.about`` wants it."""
    patterns = [] if grant.not_actions else [pattern.lower() for pattern in grant.actions]
    service = action.partition(":")[0].lower()
    polls = {f"{service}:getrecords", f"{service}:receivemessage"} & {*patterns}
    if polls and action.lower() in patterns:
        return POLLED
    return SERVICE if any(p.partition(":")[0] == service for p in patterns) else ""


def listed(grant: Grant) -> tuple[Value, ...]:
    """Return a statement's resources; ``*`` where it says which it does not mean."""
    return (ANY,) if grant.not_resources or not grant.resources else grant.resources


@cache
def is_about(action: str, arn: str) -> bool:
    """Tell whether an action can be allowed on ARNs like an encoded one; if not known, it can."""
    if arn == ANY or not documented(action) or ANY in "".join(arn.split(":")[: SEGMENT + 1]):
        return True
    universe = universe_on(arn)
    if not universe.actions or universe.match(action):
        return True
    formats = [format for kind in resource_types(action) for format in kind.formats]
    return ANY in arn and any(_leads_to(arn, format) for format in formats)


def _leads_to(arn: str, format: str) -> bool:
    """Tell whether what stands before an ARN's first wildcard can go on as a format does.

    So ``table/*`` is about streams of tables too, and ``bucket/*`` is about no bucket.
    """
    begins = WILD.split(arn, maxsplit=1)[0]
    whole = PLACEHOLDER.sub("*", format.replace("${Partition}", "aws"))
    return _beginning(format).fullmatch(begins) is not None and overlap(whole, arn) is not None


@cache
def _beginning(format: str) -> re.Pattern[str]:
    """Return what matches every beginning of a format's ARNs."""
    pieces: list[str] = []
    for at, text in enumerate(PLACEHOLDER.split(format.replace("${Partition}", "aws"))):
        pieces += ["[^/:]*"] if at else []
        pieces += map(re.escape, text)
    return re.compile("(?:".join(["", *pieces]) + ")?" * len(pieces))
