"""The local folders of the layers that a function uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from checkrein.archives import index
from checkrein.model import Resource, Stack, Symbol, Value
from checkrein.model.values import alternatives
from checkrein.read.paths import inside, joined
from checkrein.read.unbuilt import Missing, layer_of

LAYER_TYPES = ("AWS::Lambda::LayerVersion", "AWS::Serverless::LayerVersion")


def layer_folders(
    root: Path, function: Resource, layers: dict[str, Resource], folders: dict[str, str]
) -> tuple[str, ...]:
    """Return the content folders, relative to the root, of a function's layers that are here.

    ``layers`` are the app's layers by resource id (and source id), ``folders`` gives each stack's
    folder. One that another account owns is not in the repository.
    """
    found: dict[str, None] = {}
    for option in _listed(function):
        layer = _named(option, layers)
        folder = _content(root, layer, folders) if layer else None
        if folder is not None:
            found[folder] = None
    return tuple(found)


def foreign_layers(function: Resource, layers: dict[str, Resource]) -> tuple[str, ...]:
    """Return a function's layers that no template here makes, by their ARN or how they are named.

    A layer whose content is said to be here counts as here, though it may be built later.
    """
    named = (option for option in _listed(function) if option not in ("", None))
    return tuple(dict.fromkeys(str(option) for option in named if _named(option, layers) is None))


def _named(option: Value, layers: dict[str, Resource]) -> Resource | None:
    if not isinstance(option, Symbol):
        return None
    return layers.get(option.owner) or layers.get(str(option))


def _listed(function: Resource) -> Iterator[Value]:
    """Yield what a function's list of layers may hold."""
    for listed in alternatives(function.value("Layers")):
        for value in listed if isinstance(listed, list) else ():
            yield from alternatives(value)


def layers_by_id(
    resources: Iterable[Resource], stacks: Iterable[Stack] = ()
) -> dict[str, Resource]:
    """Index layers by their id and by the id of the source they are generated from.

    One that a stack exports, or writes to Parameter Store, is found by the symbol of that name
    too, where no other has the same name.
    """
    layers: dict[str, Resource] = {}
    for resource in resources:
        if resource.type in LAYER_TYPES:
            layers[resource.origin().resource] = resource
            layers[resource.id] = resource
    named: dict[str, set[str]] = {}
    for name, value in _passed_on(resources, stacks):
        if isinstance(value, Symbol) and value.owner in layers:
            named.setdefault(str(name), set()).add(value.owner)
    one = {name: layers[owners.pop()] for name, owners in named.items() if len(owners) == 1}
    return layers | one


def _passed_on(
    resources: Iterable[Resource], stacks: Iterable[Stack]
) -> Iterator[tuple[Symbol, Value]]:
    """Yield what stacks give others under a name."""
    for stack in stacks:
        yield from ((Symbol("@export", name), value) for name, value in stack.exports.items())
    for resource in resources:
        name = resource.value("Name")
        if resource.type == "AWS::SSM::Parameter" and isinstance(name, str):
            yield Symbol("@ssm", name), resource.value("Value")


def _content(root: Path, layer: Resource, folders: dict[str, str]) -> str | None:
    content = layer.value("Content") or layer.value("ContentUri")
    own = folders.get(layer.stack, "")
    for path in alternatives(content):
        if isinstance(path, str) and "://" not in path:
            for base in dict.fromkeys((own, "")):
                folder = joined(base, path)
                here = root / folder
                if inside(folder) and (here.is_dir() or index(str(here))):
                    return folder
            missing = Missing(path, layer.name, own, templates=frozenset(folders.values()))
            if made_of := layer_of(root, missing):
                return made_of
    return None
