"""An identity's own rights over a resource, beside what the code behind it uses of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from checkrein.compare.lines import evidence_of
from checkrein.compare.scene import Scene
from checkrein.compare.words import deeds, does, may, ordered
from checkrein.iam import Request
from checkrein.iam.actions import actions_on
from checkrein.model import Access, Evidence, Way

BUCKET = "AWS::S3::Bucket"
TOLD = ("read", "write", "delete", "permission", "configure", "invoke")  # to see reaches no further


class Held(NamedTuple):
    """The rights of one identity over one resource.

    ``use`` is what code does of them, to be followed by what it does it to (``only reads``), or a
    whole sentence where ``use`` needs no object; empty where it uses all, or where there is none.
    """

    identity: str
    target: str
    rights: tuple[str, ...]
    unused: tuple[str, ...]
    certain: bool
    use: str
    steps: tuple[Evidence, ...]
    partial: bool  # only over some of what the resource holds

    def way(self, scene: Scene, object: str = "it", pronoun: str = "it") -> Way:
        """Return the rights as a line of an answer about ``object``, which it calls ``pronoun``."""
        use = f"; {self.use.format(pronoun)}" if self.use else ""
        some = "part of " if self.partial else ""
        return Way(
            text=f"{may(certain=self.certain)} {deeds(self.rights)} {some}{object}{use}",
            who=scene.who(self.identity),
            target=(self.target,),
            level="direct",
            rights=self.rights,
            unused=self.unused,
            certain=self.certain,
            steps=self.steps,
        )


def held(scene: Scene, identity: str, target: str, accesses: Iterable[Access]) -> Held:
    """Put the rights of an identity over a resource beside their use."""
    found = list(accesses)
    rights = {access.right for access in found}
    uses = [u for node in scene.who(identity) if (u := scene.uses.get(node, {}).get(target))]
    used = {right for use in uses for right in use.rights}
    unused = ordered(rights - used - {"list"})
    places = [said for use in uses for said, taken in use.said if taken & rights][:1]
    return Held(
        identity=identity,
        target=target,
        rights=ordered(rights),
        unused=unused,
        certain=any(access.certain for access in found),
        use=_use(scene, identity, found, unused),
        steps=tuple(dict.fromkeys((*evidence_of(found), *places))),
        partial=_is_partial(scene, identity, target, found),
    )


def _is_partial(scene: Scene, identity: str, target: str, accesses: Iterable[Access]) -> bool:
    """Tell whether sure rights over a bucket's content are only over some of it."""
    resource = scene.resource(target)
    content = [a for a in accesses if a.certain and a.right in {"read", "write", "delete"}]
    if resource is None or resource.type != BUCKET or not content:
        return False
    authorizer, book = scene.book.bench(identity, target).authorizer, scene.book
    objects = book.arns(target)[-1]
    return not any(
        authorizer.grade(
            Request(principal=book.caller(identity), action=action, resource=objects, open=True)
        ).must
        for access in content
        for action in access.actions
        if action in actions_on(objects)
    )


def _use(scene: Scene, identity: str, found: list[Access], unused: tuple[str, ...]) -> str:
    """Say what the code behind an identity does of what the identity may."""
    rights = {access.right for access in found}
    functions = [node for node in scene.acting.get(identity, ()) if node in scene.roles]
    if not functions or not (unused or rights - {"list"}):
        return ""
    if not any(_carried(scene, function, found) for function in functions):
        return "its network does not let it get there"
    if not unused:
        return ""
    if any(is_unread(scene, function) for function in functions):
        return "what its code does is not known in full"
    perhaps = set(unused) & {right for f in functions for right in scene.open_rights[f]}
    if perhaps:
        return f"its code {does(perhaps)} something whose name is not known"
    used = rights - set(unused) - {"list"}
    return f"its code only {does(used)} {{}}" if used else "its code does not use {}"


def _carried(scene: Scene, function: str, found: Iterable[Access]) -> bool:
    """Tell whether a function's network may let it use some of its rights."""
    actions = {action for access in found for action in access.actions}
    resource = scene.resource(function)
    return resource is None or scene.network.carries(resource, actions)


def is_unread(scene: Scene, function: str) -> bool:
    """Tell whether a function's code was not read, or not in full."""
    summary = scene.summaries.get(function)
    return summary is None or bool(summary.partial)
