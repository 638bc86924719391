"""Settings and whole resources, as changes of the facts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any

from checkrein.compare.scene import Scene
from checkrein.compare.subjects import subject_of
from checkrein.compare.whatif.changes import once
from checkrein.compare.whatif.rights import located
from checkrein.compare.whatif.wires import wires
from checkrein.compare.words import either
from checkrein.derive.content.words import short
from checkrein.errors import UsageError
from checkrein.model import Change, Grant, Path, Resource
from checkrein.model.facts import as_path
from checkrein.model.values import at_path
from checkrein.read.coercion import properties_of

NEAR = 0.92  # how alike two names must be: no list here has every property


def assigned(scene: Scene, words: tuple[str, ...]) -> Iterator[Change]:
    """Yield what gives a property a value (``Uploads.VersioningConfiguration.Status=Enabled``)."""
    name, equals, value = words[0].partition("=")
    if not equals:
        raise UsageError(f"{words[0]} gives no value; write it as RESOURCE.PROPERTY=VALUE")
    resource, path = _property(scene, name)
    known = _known(scene, resource.type, path[:1])
    close = get_close_matches(str(path[0]), known, cutoff=NEAR)
    if path[0] not in known and close:
        raise UsageError(f"{resource.type} has no {path[0]}; did you mean {either(close)}?")
    if value == "":
        raise UsageError(f"{name} is given nothing; --unset {name} takes it away")
    yield Change(resource.id, path, "set", _value(value))


def unset(scene: Scene, words: tuple[str, ...]) -> Iterator[Change]:
    """Yield what takes a property away."""
    resource, path = _property(scene, words[0])
    for depth, key in enumerate(path):
        within = resource.value(path[:depth])
        if at_path(within, (key,)) is None:
            here = list(map(str, within)) if isinstance(within, dict) else []
            at = ".".join(map(str, (short(resource.id), *path[:depth])))
            close = get_close_matches(str(key), here) or here
            hint = f"; it has {either(sorted(close))}" if close else ""
            raise UsageError(f"{at} has no {key}{hint}")
    yield Change(resource.id, path, "remove")


def removed(scene: Scene, words: tuple[str, ...]) -> Iterator[Change]:
    """Yield what takes a resource away, with what speaks of it alone.

    That is what SAM makes for it, its triggers and subscriptions, its own policy, and statements.
    """
    resource = _resource(scene, words[0])
    gone = {resource.id, *_made_for(scene, resource)}
    gone |= {id for each in gone for id in _policies_of(scene, each)}
    yield from (Change(id, (), "remove") for id in sorted(gone))
    loose = [w for w in wires(scene.directory) if {w.source, w.target} & gone]
    yield from once(
        change for wire in loose for change in wire.changes if change.resource not in gone
    )
    for grant in scene.app.every(Grant):
        yield from _without(scene, grant, gone)


def _made_for(scene: Scene, resource: Resource) -> Iterator[str]:
    for each in scene.directory.resources.values():
        origin = each.origins.get(())
        if origin and origin.resource == resource.id:
            yield each.id


def _policies_of(scene: Scene, id: str) -> Iterator[str]:
    """Yield the resources that are nothing but the policy of another, or attached to it alone."""
    for grant in scene.app.every(Grant):
        source = located(grant)[0]
        alone = source != grant.identity and grant.identity == id
        if grant.holder == id != source or alone:
            yield source


def _without(scene: Scene, grant: Grant, gone: set[str]) -> Iterator[Change]:
    """Yield what takes from a statement the resources that go; all of it if nothing is left."""
    id, path = located(grant)
    resource = scene.directory.resources.get(id)
    written = resource.value(path) if resource and path else None
    if id in gone or not isinstance(written, dict):
        return
    deployment = scene.directory.deployment(id)
    named = [scene.directory.find(value, deployment) for value in grant.resources]
    about = [at for at, found in enumerate(named) if found and gone.issuperset(found)]
    if about and len(about) == len(named):
        yield Change(id, path, "remove")
    elif isinstance(written.get("Resource"), list):
        yield from (Change(id, (*path, "Resource", at), "remove") for at in about)


def _property(scene: Scene, word: str) -> tuple[Resource, Path]:
    """Return the resource and the property that a word names; ids may hold dots themselves."""
    keys = word.split(".")
    for length in range(len(keys) - 1, 0, -1):
        try:
            resource = _resource(scene, ".".join(keys[:length]))
        except UsageError:
            continue
        return resource, as_path(".".join(keys[length:]))
    resource = _resource(scene, keys[0])
    raise UsageError(f"{word} names no property; write it as {short(resource.id)}.PROPERTY")


def _resource(scene: Scene, word: str) -> Resource:
    subject = subject_of(scene, word)
    resource = scene.resource(subject.id)
    if resource is None:
        raise UsageError(f"{word} stands in no template: it cannot be changed there")
    return resource


def _known(scene: Scene, type: str, path: Path) -> list[str]:
    """Return the names of properties that resources of a type have, here or as AWS says."""
    here = {str(key) for r in _alike(scene, type) for key in r.properties}
    return sorted(here | properties_of(type)) if path else []


def _alike(scene: Scene, type: str) -> Iterable[Resource]:
    return (r for r in scene.directory.resources.values() if r.type == type)


def _value(word: str) -> Any:
    """Return a value as it would stand in a template: JSON where it is, else the text."""
    try:
        return json.loads(word)
    except ValueError:
        return word
