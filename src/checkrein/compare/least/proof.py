"""Proof that changed policies still allow what is needed: read again, decide again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checkrein.compare.least.files import Files
from checkrein.compare.least.names import circles, dependencies
from checkrein.compare.least.pairs import is_about
from checkrein.compare.least.rights import Role
from checkrein.compare.least.scene import Atom, Scene
from checkrein.iam.symbols import Cover
from checkrein.model import Unread

Proof = dict[str, str]  # role -> why its change is refused


def refused(before: Scene, after: Scene, roles: Iterable[Role], files: Files) -> Proof:
    """Return why the policies of some roles must not change as they did; nothing if all may.

    ``before`` and ``after`` are the app as it was read, and as it reads with the edits made;
    ``files`` are those of before, for what resources say they depend on.

    Each need that was met for certain must be; one that was met perhaps, or in part (an open
    resource), must be met as far as before; one that was not met may be met now.
    """
    broken = _broken(before, after)
    new = circles(dependencies(after, files)) - circles(dependencies(before, files))
    found: Proof = {}
    for role in roles:
        if broken:
            found[role.identity] = broken
        elif new:
            named = ", ".join(sorted(id.rpartition("/")[2] for id in new))
            found[role.identity] = f"the resources {named} would need each other to be there first"
        else:
            lost = next(_lost(before, after, role), None)
            if lost:
                found[role.identity] = f"the engine finds that {lost} would be lost"
    return found


def _broken(before: Scene, after: Scene) -> str:
    """Say what is wrong with a template that was not wrong before."""
    known = {unread.id for unread in before.app.every(Unread)}
    new = [unread.reason for unread in after.app.every(Unread) if unread.id not in known]
    gone = before.directory.resources.keys() - after.directory.resources.keys()
    if gone:
        return f"{', '.join(sorted(gone))} would be gone"
    return new[0] if new else ""


def _lost(before: Scene, after: Scene, role: Role) -> Iterator[str]:
    """Yield what a role is allowed and needs before, and not after."""
    for atom in role.atoms:
        was, now = (scene.decide(role.identity, _in(scene, atom)) for scene in (before, after))
        kept = (
            (now.must or not was.must) and (now.some or not was.some) and (now.may or not was.may)
        )
        if not kept or not _as_wide(before, after, role, atom):
            yield f"{atom.action} on {atom.need.resource}"
    for pair in (pair for pairs in role.pairs.values() for pair in pairs if pair.reason):
        arn = pair.grant.resources[pair.number] if pair.grant.resources else "*"
        for text in after.encode(arn):
            if not _allows(after, role.identity, pair.action, text):
                yield f"{pair.action}, which is kept since {pair.reason},"


def _in(scene: Scene, atom: Atom) -> Atom:
    """Return a need with its ARN in the symbols of a scene."""
    return Atom(atom.action, scene.encode(atom.value)[0], atom.value, atom.need)


def _as_wide(before: Scene, after: Scene, role: Role, atom: Atom) -> bool:
    """Tell whether what was allowed inside an open need is allowed still."""
    inside = [
        value
        for grant in role.grants.values()
        if grant.effect == "Allow" and not grant.not_resources
        for value in grant.resources
        for text in before.encode(value)
        if is_about(atom.action, text)
        and before.matcher.cover(atom.arn, text) is Cover.ALL
        and _allows(before, role.identity, atom.action, text)
    ]
    return all(
        _allows(after, role.identity, atom.action, text)
        for value in inside
        for text in after.encode(value)
    )


def _allows(scene: Scene, identity: str, action: str, text: str) -> bool:
    return scene.policy(identity).decide(action, text).may
