"""Whom a word means as the caller of a request."""

from __future__ import annotations

import re
from typing import NamedTuple

from checkrein.compare.scene import ANYONE, Scene
from checkrein.compare.subjects import subject_of
from checkrein.compare.words import listed
from checkrein.derive.access.identities import ROLES
from checkrein.derive.access.policies import PolicyBook
from checkrein.derive.content.words import short
from checkrein.errors import UsageError

HOST = re.compile(r"[a-z0-9.-]+\.(amazonaws\.com(\.cn)?|amazon\.com)")
CALLER = re.compile(r"arn:[^:]*:(iam|sts)::[^:]+:.+")
ACCOUNT = re.compile(r"\d{12}")


class Principal(NamedTuple):
    """A caller: its name for people, its id in the app ("" if it is outside), its ARN, encoded.

    ``owner`` is the account that resources belong to, "" where it is the caller's own. ``known``
    is False for a role whose policies stand in no template.
    """

    name: str
    identity: str
    arn: str
    owner: str = ""
    known: bool = True


def principal_of(scene: Scene, book: PolicyBook, word: str) -> Principal:
    """Return whom a word means: a role, user or function of the app, ``anyone``, a service, an ARN.

    Raises UsageError where it means nobody.
    """
    if word == ANYONE:
        return Principal(ANYONE, "", "", book.account())
    if HOST.fullmatch(word):
        return Principal(word, f"service:{word}", word, book.account())
    if ACCOUNT.fullmatch(word):
        word = f"arn:aws:iam::{word}:root"
    if word.startswith("arn:"):
        return _by_arn(scene, book, word)
    return _of_app(scene, book, word)


def _by_arn(scene: Scene, book: PolicyBook, arn: str) -> Principal:
    deployments = {scene.directory.deployment(id) for id in scene.directory.resources}
    for deployment in sorted(deployments):
        for id in scene.directory.find(arn, deployment, ROLES):
            return _of_app(scene, book, id)
    if not CALLER.fullmatch(arn):
        raise UsageError(f"nobody has the ARN {arn}; write it as arn:aws:iam::111122223333:role/x")
    return Principal(arn, "", arn, book.account(), known=False)


def _of_app(scene: Scene, book: PolicyBook, word: str) -> Principal:
    id = subject_of(scene, word).id
    identities = (scene.roles[id],) if id in scene.roles else scene.runs_as.get(id, ())
    resource = scene.resource(id)
    if resource and resource.type in ROLES:
        identities = (id,)
    if not identities:
        raise UsageError(f"{short(id)} acts as nobody; give a role, a user or a function")
    if len(identities) > 1:
        raise UsageError(f"{short(id)} acts as {listed(identities)}; give one of these")
    identity = identities[0]
    if identity in scene.directory.resources:
        name = short(id) if id == identity else f"{short(id)} (as {short(identity)})"
        return Principal(name, identity, book.arns(identity)[0])
    named = identity or "a role that nothing here tells"
    return Principal(f"{short(id)} (as {named})", identity, identity, known=False)
