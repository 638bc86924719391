"""What can be taken away from an app: each statement, and parts of those of which code needs some.

A statement that a file writes once may be granted to several identities, and a policy that SAM or
AWS gives a name holds several statements: what stands at one place goes as one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from checkrein.catalog.rights import rights
from checkrein.compare.whatif.rights import located
from checkrein.compare.whatif.wires import FUNCTION, wires
from checkrein.derive.access.identities import NAMED
from checkrein.derive.content.words import short
from checkrein.derive.stacks.directory import Directory
from checkrein.iam import matches
from checkrein.iam.actions import expand
from checkrein.model import Change, Choice, Grant, Limit, Path, Place, Value

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
    """One thing to take away; ``kind``: statement, part, trigger or setting; or a guard to put in.

    ``changes`` are those of the facts, ``losses`` say the same of the grants, by their ids.
    ``whole`` is the key of the statement that a part is a part of, ``joins`` are the nodes that a
    trigger joins.
    """

    key: str
    kind: str
    text: str
    place: Place
    changes: tuple[Change, ...]
    losses: tuple[tuple[str, Loss], ...] = ()
    identities: frozenset[str] = frozenset()
    whole: str = ""
    joins: frozenset[str] = frozenset()


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


# What tells a grant's statement in its file from others, and how much of its path stands there
Said = Callable[[Grant], tuple[str, Path]]


def statements(
    directory: Directory, grants: Iterable[Grant], used: Mapping[str, Iterable[str]], said: Said
) -> Iterator[Removable]:
    """Yield every statement that allows something and can be taken out, and the parts of each.

    ``used`` are the actions that code needs, by identity.
    """
    by_origin: defaultdict[tuple[str, int], list[Grant]] = defaultdict(list)
    for grant in grants:
        if grant.effect == "Allow" and not isinstance(grant, Limit):
            name, part = said(grant)
            by_origin[name, len(part)].append(grant)
    for (name, length), same in by_origin.items():
        path = same[0].path[:length]
        if path:  # else a transform made it without a word in the file
            needed = sorted({action for g in same for action in used.get(g.identity, ())})
            whole = _statement(directory, name, path, same)
            if whole:
                yield whole
                if path == same[0].path:
                    yield from _parts(directory, whole, same)
                yield from _narrowed(directory, whole, same, needed)


def _statement(directory: Directory, key: str, path: Path, same: list[Grant]) -> Removable | None:
    found = dict.fromkeys(_located(directory, grant, path) for grant in same)
    if None in found:
        return None
    return Removable(
        key=key,
        kind="statement",
        text=_told(directory, same, next(iter(found))),
        place=same[0].place,
        changes=tuple(Change(*each, "remove") for each in found if each),
        losses=tuple((grant.id, Loss()) for grant in same),
        identities=frozenset(grant.identity for grant in same),
    )


def _told(directory: Directory, same: list[Grant], at: tuple[str, Path] | None) -> str:
    """Say what goes: a statement, a policy by its name, or several statements as one."""
    first = same[0].evidence[0].text
    value = directory.resources[at[0]].value(at[1]) if at else None
    if at and at[1][:1] in NAMED and isinstance(value, str):
        return f"{short(at[0])} has the policy {value.rpartition('/')[2]}"
    told = dict.fromkeys(grant.evidence[0].text for grant in same)
    if len({text.partition(" allows ")[2] for text in told}) > 1:
        return f"{first} and what else this policy says"
    return f"{first}; and so for {len(told) - 1} more" if len(told) > 1 else first


def _located(directory: Directory, grant: Grant, said: Path) -> tuple[str, Path] | None:
    """Return the resource and the path in its properties where a grant's statement stands."""
    id, path = located(grant)
    coarse = len(said) < len(grant.path)
    if path[:1] in NAMED or (coarse and path[:1] == ("Policies",)):
        path = path[:2]
    resource = directory.resources.get(id)
    found = _plain(resource.properties, path) if resource else None
    return (id, found) if found else None


def _plain(value: Any, path: Path) -> Path | None:
    """Return a path as far as it leads through mappings and lists, at most to a choice."""
    for depth, key in enumerate(path):
        if isinstance(value, Choice):
            return path[:depth]
        listed = isinstance(value, list) and isinstance(key, int) and key < len(value)
        if not (listed or (isinstance(value, dict) and key in value)):
            return None
        value = value[key]
    return path


def switches(directory: Directory) -> Iterator[Removable]:
    """Yield every trigger and everything else that joins resources without code."""
    for wire in wires(directory):
        starts = directory.resources[wire.target].type == FUNCTION
        paths = (f"{change.resource}:{_dotted(change.path)}" for change in wire.changes)
        yield Removable(
            key=f"{'+'.join(paths)}>{wire.target}",
            kind="trigger" if starts else "setting",
            text=wire.text,
            place=wire.place,
            changes=wire.changes,
            joins=frozenset({wire.source, wire.target, wire.holder}),
        )


# ------------------------------------------------------------------------------ parts


def _parts(directory: Directory, whole: Removable, same: list[Grant]) -> Iterator[Removable]:
    grant, change = same[0], whole.changes[0]
    written = directory.resources[change.resource].value(change.path)
    alone = len(whole.changes) == 1 and isinstance(written, dict)
    if not alone or grant.not_actions or grant.not_resources:
        return
    if _is_list_of(written.get("Action"), grant.actions):
        for positions in _by_right(grant.actions):
            text = _said(grant, positions)
            yield _part(whole, same, Loss(actions=positions), "Action", text)
    if _is_list_of(written.get("Resource"), grant.resources):
        for target, positions in _by_target(directory, grant).items():
            text = f"{whole.text} on {short(target)}: only there"
            yield _part(whole, same, Loss(resources=positions), "Resource", text)


def _part(whole: Removable, same: list[Grant], loss: Loss, name: str, text: str) -> Removable:
    positions = sorted(loss.actions or loss.resources)
    change = whole.changes[0]
    return replace(
        whole,
        key=f"{whole.key}:{name}:{','.join(map(str, positions))}",
        kind="part",
        text=text,
        changes=tuple(replace(change, path=(*change.path, name, at)) for at in positions),
        losses=tuple((grant.id, loss) for grant in same),
        whole=whole.key,
    )


def _narrowed(
    directory: Directory, whole: Removable, same: list[Grant], needed: list[str]
) -> Iterator[Removable]:
    """Yield what a policy allows beside what code uses, where taking out items does not say it."""
    changes: dict[str, Change] = {}
    losses: list[tuple[str, Loss]] = []
    for grant in same:
        id, path = located(grant)
        written = directory.resources[id].value(path)
        if grant.not_actions or not isinstance(written, dict):
            return
        used = tuple(a for a in needed if any(matches(p, a, fold=True) for p in grant.actions))
        value = used[0] if len(used) == 1 else list(used)
        only = Change(id, (*path, "Action"), "set", value)
        changes[f"{id}:{path}"] = only if used else Change(id, path, "remove")
        losses.append((grant.id, Loss(only=used)))
    kept = sorted({action for _, loss in losses for action in loss.only})
    if kept and (whole.changes[0].path != path or _is_wide(same)):
        yield replace(
            whole,
            key=f"{whole.key}:only",
            kind="part",
            text=f"{whole.text}: all but {_listed(tuple(kept))}",
            changes=tuple(changes.values()),
            losses=tuple(losses),
            whole=whole.key,
        )


def _is_wide(same: list[Grant]) -> bool:
    return any("*" in pattern or "?" in pattern for grant in same for pattern in grant.actions)


def _listed(actions: tuple[str, ...]) -> str:
    rest = len(actions) - SHOWN
    return ", ".join(actions[:SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def _said(grant: Grant, positions: frozenset[int]) -> str:
    named = tuple(each for at, each in enumerate(grant.actions) if at in positions)
    who = grant.evidence[0].text.partition(" allows ")[0]
    these = "this" if len(named) == 1 else "these"
    return f"{who} allows {_listed(named)}: only {these} of the statement"


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
