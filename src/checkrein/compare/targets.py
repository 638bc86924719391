"""What a word means as the resource of a request, and which actions a pattern names on it."""

from __future__ import annotations

from difflib import get_close_matches
from typing import NamedTuple

from checkrein.catalog.actions import (
    all_actions,
    documented,
    resource_types,
    service_actions,
    services,
)
from checkrein.compare.scene import Scene
from checkrein.compare.subjects import subject_of
from checkrein.compare.words import either
from checkrein.derive.access.policies import PolicyBook
from checkrein.derive.content.words import short
from checkrein.errors import UsageError
from checkrein.iam.actions import actions_on, expand

EVERYTHING = "*"
ARN_PARTS = 6
NEAREST = 4


class Target(NamedTuple):
    """A resource: its name for people, its id ("" if outside the app), its ARNs, encoded."""

    name: str
    id: str
    arns: tuple[str, ...]

    def arn_for(self, action: str, *, only: bool) -> str | None:
        """Return the ARN that an action is about here, None if it is about no such thing.

        ``only``: nothing else is asked, so an action that knows no resource is about everything.
        """
        if only and not resource_types(action):
            return EVERYTHING
        return next((arn for arn in self.arns if arn == "*" or action in actions_on(arn)), None)


def target_of(scene: Scene, book: PolicyBook, word: str) -> Target:
    """Return what a word means: an id or its end, a name, an ARN, ``id/key`` for a part of it.

    Raises UsageError where nothing, or several things, answer to it.
    """
    if word == EVERYTHING:
        return Target("everything", "", (EVERYTHING,))
    if word.startswith("arn:"):
        return _by_arn(scene, book, word)
    head, _, key = word, "", ""
    while True:
        try:
            id = subject_of(scene, head).id
            break
        except UsageError:
            head, slash, last = head.rpartition("/")
            if not slash:
                subject_of(scene, word)  # says what is wrong with the whole
                raise
            key = f"{last}/{key}" if key else last
    if id not in scene.directory.resources:
        raise UsageError(f"{word} is no resource that a policy can name")
    return _part(book, id, key) if key else Target(short(id), id, book.arns(id))


def _part(book: PolicyBook, id: str, key: str) -> Target:
    own = book.arns(id)[:1]
    return Target(f"{short(id)}/{key}", id, tuple(f"{arn}/{key}" for arn in own))


def _by_arn(scene: Scene, book: PolicyBook, arn: str) -> Target:
    """Return the resource of the app that an ARN names, with what follows its name, or the ARN."""
    deployments = {scene.directory.deployment(id) for id in scene.directory.resources}
    for deployment in sorted(deployments):
        for id in scene.directory.find(arn, deployment):
            name = str(scene.directory.physical_name(scene.directory.resources[id]))
            part = arn.split(":", ARN_PARTS - 1)[-1]
            _, found, rest = part.partition(name)
            if found and not rest:
                return Target(arn, id, book.arns(id)[:1])
            if found and rest[0] in "/:":
                return Target(arn, id, tuple(f"{own}{rest}" for own in book.arns(id)[:1]))
    return Target(arn, "", (arn,))


def actions_of(pattern: str) -> tuple[str, ...]:
    """Return the actions that a pattern names, as AWS writes them; UsageError if there is none."""
    found = tuple(sorted(expand([pattern]))) if any(c in pattern for c in "*?") else ()
    one = documented(pattern)
    if found or one:
        return found or (one or pattern,)
    prefix, colon, name = pattern.partition(":")
    known = service_actions(prefix)
    if known:
        names = {action.partition(":")[2].lower(): action for action in known}
        close = [names[each] for each in get_close_matches(name.lower(), names, NEAREST)]
    else:
        close = list(get_close_matches(prefix.lower(), services(), NEAREST))
        wanted = {a.partition(":")[2].lower(): a for a in all_actions()} if not colon else {}
        close = [wanted[pattern.lower()]] if pattern.lower() in wanted else close
    hint = f"; did you mean {either(close)}?" if close else "; write it as s3:GetObject"
    raise UsageError(f"AWS knows no action {pattern}{hint}")
