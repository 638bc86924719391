"""What a word means: a resource, a function, a role, or a class of data of the app."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import NamedTuple

from checkrein.catalog.data_classes import FAMILIES
from checkrein.compare.scene import Scene
from checkrein.compare.words import either, listed
from checkrein.derive.access.identities import ROLES
from checkrein.derive.content.words import short
from checkrein.errors import UsageError
from checkrein.model import Data
from checkrein.model.addresses import is_called

SHOWN = 6  # candidates in a sentence


class Subject(NamedTuple):
    """What a question is about; ``ids`` are several only for a family of data classes."""

    kind: str  # resource, function, role, data
    ids: tuple[str, ...]

    @property
    def id(self) -> str:
        """The id, or the first of several."""
        return self.ids[0]


def subject_of(scene: Scene, word: str) -> Subject:
    """Return what a word means.

    An id or its end (``Rides``, ``api/Rides``), a logical id, a physical name, an ARN, what the
    table shows (``function["Order"]``), what the team calls it (``Order`` of ``functions.Order``),
    a data class by its id or title, a family of classes. Raises UsageError where several answer
    to the word, or none.
    """
    found = _placed(scene, word)
    if len(found) > 1:
        several = listed(sorted(found), SHOWN)
        raise UsageError(f"{word} may be {several}; give more of its id")
    if found:
        return Subject(_kind(scene, found[0]), (found[0],))
    classes = _classes(scene, word)
    if classes:
        return Subject("data", classes)
    raise UsageError(f"nothing here is called {word}{_nearest(scene, word)}")


def _placed(scene: Scene, word: str) -> list[str]:
    """Return the ids of resources and other nodes that a word may mean, the closest kind only."""
    ids = dict.fromkeys((*scene.directory.resources, *scene.rows))
    tail, low = f"/{word}", f"/{word.lower()}"
    return (
        [id for id in ids if id == word]
        or [id for id in ids if id.endswith(tail) or word in {id.partition(":")[2], short(id)}]
        or [id for id in ids if word.startswith("@") and id.endswith(word)]
        or _named(scene, word)
        or [id for id in ids if is_called(id, word)]
        or [r.id for r in scene.directory.resources.values() if r.title == word]
        or [r.id for r in scene.directory.resources.values() if r.logical == word]
        or [id for id in ids if f"/{id}".lower().endswith(low)]
    )


def _named(scene: Scene, word: str) -> list[str]:
    """Return what has a physical name or an ARN."""
    deployments = {scene.directory.deployment(id) for id in scene.directory.resources}
    found = (scene.directory.find(word, each) for each in sorted(deployments))
    return list(dict.fromkeys(id for ids in found for id in ids))


def _kind(scene: Scene, id: str) -> str:
    resource = scene.resource(id)
    if id in scene.roles:
        return "function"
    return "role" if resource and resource.type in ROLES else "resource"


def _classes(scene: Scene, word: str) -> tuple[str, ...]:
    known = scene.app.every(Data)
    asked = word.lower()
    family = next((id for id, name in FAMILIES.items() if asked in {id, name}), "")
    return tuple(
        data.id
        for data in known
        if asked in {data.id, data.title.lower()} or (family and data.family == family)
    )


def _nearest(scene: Scene, word: str) -> str:
    """Say which names look like a word."""
    names: dict[str, str] = {}
    for name in _names(scene):
        names.setdefault(name.lower(), name)
    close = get_close_matches(word.lower(), names, n=SHOWN, cutoff=0.6)
    if not close:
        return "; give a resource, a function, a role or a class of data"
    return f"; did you mean {either(names[name] for name in close)}?"


def _names(scene: Scene) -> Iterator[str]:
    """Yield the names worth guessing, what people ask for first."""
    yield from map(short, (*scene.roles, *scene.rows))
    yield from map(short, scene.acting)
    yield from (resource.name for resource in scene.directory.resources.values())
    for data in scene.app.every(Data):
        yield from (data.id, data.title)
    yield from (*FAMILIES, *FAMILIES.values())
