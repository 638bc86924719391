"""What can be taken away from an app: each statement, and parts of those of which code needs some.

A statement that a file writes once may be granted to several identities, and a policy that SAM or
AWS gives a name holds several statements: what stands at one place goes as one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from checkrein.catalog.rights import rights
from checkrein.derive.access.identities import NAMED
from checkrein.derive.content.words import short
from checkrein.derive.stacks.directory import Directory
from checkrein.iam import matches
from checkrein.iam.actions import expand
from checkrein.model import Change, Choice, Grant, Limit, Path, Place, Value
from checkrein.model.facts import as_path

SHOWN = 3  # actions that a line names
PARTED = ("read", "write", "delete", "permission", "invoke", "configure")


class Loss(Struct, frozen=True):
    """What a grant loses: the actions and the resources at some positions, or (none) all of it.

    With ``only`` it keeps of its actions these alone.
    """

    actions: frozenset[int] = frozenset()
    resources: frozenset[int] = frozenset()
    only: tuple[str, ...] = ()


class Removable(Struct, frozen=True):
    """One thing that can be taken away; ``kind``: statement, part, trigger or setting.

    ``changes`` are those of the facts, ``losses`` say the same of the grants, by their ids.
    ``whole`` is the key of the statement that a part is a part of.
    """

    key: str
    kind: str
    text: str
    place: Place
    changes: tuple[Change, ...]
    losses: tuple[tuple[str, Loss], ...] = ()
    identities: frozenset[str] = frozenset()
    whole: str = ""


def less(grant: Grant, losses: Iterable[Loss]) -> Grant | None:
    """Return a grant as it is after losses, None if nothing is left of it."""
    losses = tuple(losses)
    if Loss() in losses:
        return None
    gone = {at for loss in losses for at in loss.actions}
    kept = [each for at, each in enumerate(grant.actions) if at not in gone]
    for only in (loss.only for loss in losses if loss.only):
        kept = [action for action in only if any(matches(p, action, fold=True) for p in kept)]
    off = {at for loss in losses for at in loss.resources}
    on = tuple(each for at, each in enumerate(grant.resources) if at not in off)
    return replace(grant, actions=tuple(kept), resources=on) if kept and on else None


def statements(
    directory: Directory, grants: Iterable[Grant], used: Mapping[str, Iterable[str]]
) -> Iterator[Removable]:
    """Yield every statement that allows something and can be taken out, and the parts of each.

    ``used`` are the actions that code needs, by identity.
    """
    by_origin: defaultdict[tuple[str, Path], list[Grant]] = defaultdict(list)
    for grant in grants:
        if grant.effect == "Allow" and not isinstance(grant, Limit):
            by_origin[grant.resource, grant.path].append(grant)
    for (resource, path), same in by_origin.items():
        if path:  # else a transform made it without a word in the file
            needed = sorted({action for g in same for action in used.get(g.identity, ())})
            yield from _of_statement(directory, f"{resource}:{_dotted(path)}", same, needed)


def _of_statement(
    directory: Directory, key: str, same: list[Grant], needed: list[str]
) -> Iterator[Removable]:
    found = [_located(directory, grant) for grant in same]
    if None in found:
        return
    places = dict.fromkeys(each for each in found if each)
    identities = frozenset(grant.identity for grant in same)
    whole = Removable(
        key=key,
        kind="statement",
        text=same[0].evidence[0].text,
        place=same[0].place,
        changes=tuple(Change(id, path, "remove") for id, path in places),
        losses=tuple((grant.id, Loss()) for grant in same),
        identities=identities,
    )
    yield whole
    if len(places) == len({(grant.actions, repr(grant.resources)) for grant in same}) == 1:
        yield from _parts(directory, whole, same, *next(iter(places)))
        yield from _narrowed(directory, whole, same, needed)


def _located(directory: Directory, grant: Grant) -> tuple[str, Path] | None:
    """Return the resource and the path in its properties where a grant's statement stands."""
    id, _, dotted = grant.id.removeprefix(f"{grant.identity}<").rpartition(":")
    path = as_path(dotted)
    path = path[:2] if path[:1] in NAMED else path
    resource = directory.resources.get(id)
    return (id, path) if resource and path and _is_plain(resource.properties, path) else None


def _is_plain(value: Any, path: Path) -> bool:
    """Tell whether a path leads to a value through mappings and lists alone."""
    for key in path:
        listed = isinstance(value, list) and isinstance(key, int) and key < len(value)
        if not (listed or (isinstance(value, dict) and key in value)):
            return False
        value = value[key]
    return not isinstance(value, Choice)


# ------------------------------------------------------------------------------ parts


def _parts(
    directory: Directory, whole: Removable, same: list[Grant], id: str, path: Path
) -> Iterator[Removable]:
    written = directory.resources[id].value(path)
    grant = same[0]
    if not isinstance(written, dict) or grant.not_actions or grant.not_resources:
        return
    for positions in _by_right(grant.actions):
        if _is_list_of(written.get("Action"), grant.actions):
            loss = Loss(actions=positions)
            yield _part(whole, same, loss, id, (*path, "Action"), _said(grant, positions))
    for target, positions in _by_target(directory, grant).items():
        if _is_list_of(written.get("Resource"), grant.resources):
            loss = Loss(resources=positions)
            said = f"{whole.text} on {short(target)}: only there"
            yield _part(whole, same, loss, id, (*path, "Resource"), said)


def _part(
    whole: Removable, same: list[Grant], loss: Loss, id: str, path: Path, text: str
) -> Removable:
    positions = sorted(loss.actions or loss.resources)
    return replace(
        whole,
        key=f"{whole.key}:{path[-1]}:{','.join(map(str, positions))}",
        kind="part",
        text=text,
        changes=tuple(Change(id, (*path, at), "remove") for at in positions),
        losses=tuple((grant.id, loss) for grant in same),
        whole=whole.key,
    )


def _narrowed(
    directory: Directory, whole: Removable, same: list[Grant], needed: list[str]
) -> Iterator[Removable]:
    """Yield the rest of a statement beside what code uses of it, where a pattern stands for more."""
    grant, change = same[0], whole.changes[0]
    used = tuple(
        action
        for action in needed
        if any(matches(pattern, action, fold=True) for pattern in grant.actions)
    )
    wide = any("*" in pattern or "?" in pattern for pattern in grant.actions)
    written = directory.resources[change.resource].value(change.path)
    if not (used and wide and isinstance(written, dict)) or grant.not_actions:
        return
    loss, path = Loss(only=used), (*change.path, "Action")
    value = used[0] if len(used) == 1 else list(used)
    yield replace(
        whole,
        key=f"{whole.key}:only",
        kind="part",
        text=f"{whole.text}: all but {_listed(used)}",
        changes=(Change(change.resource, path, "set", value),),
        losses=tuple((grant.id, loss) for grant in same),
        whole=whole.key,
    )


def _listed(actions: tuple[str, ...]) -> str:
    rest = len(actions) - SHOWN
    return ", ".join(actions[:SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def _said(grant: Grant, positions: frozenset[int]) -> str:
    named = tuple(each for at, each in enumerate(grant.actions) if at in positions)
    who = grant.evidence[0].text.partition(" allows ")[0]
    return f"{who} allows {_listed(named)}: only {'this' if len(named) == 1 else 'these'} of the statement"


def _is_list_of(value: Value, known: tuple[Value, ...]) -> bool:
    return isinstance(value, list) and len(value) == len(known) > 1


def _by_right(actions: tuple[str, ...]) -> list[frozenset[int]]:
    """Return the positions of the actions that give each right, where that is not all of them."""
    given = [{right for each in expand([a]) for right in rights(each)} for a in actions]
    found = (frozenset(i for i, some in enumerate(given) if right in some) for right in PARTED)
    return list(dict.fromkeys(some for some in found if 0 < len(some) < len(actions)))


def _by_target(directory: Directory, grant: Grant) -> Mapping[str, frozenset[int]]:
    """Return the positions that name each resource of the app, where that is not all of them."""
    source = directory.resources.get(grant.resource) or directory.resources.get(grant.identity)
    deployment = directory.deployment(source.id) if source else ""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for at, value in enumerate(grant.resources):
        for target in directory.find(value, deployment):
            found[target].add(at)
    number = len(grant.resources)
    return {id: frozenset(some) for id, some in found.items() if len(some) < number}


def _dotted(path: Path) -> str:
    return ".".join(map(str, path))
