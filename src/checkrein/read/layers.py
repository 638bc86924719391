"""The local folders of the layers that a function uses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from checkrein.model import Resource, Symbol, Value
from checkrein.model.values import alternatives
from checkrein.read.paths import inside, joined

LAYER_TYPES = ("AWS::Lambda::LayerVersion", "AWS::Serverless::LayerVersion")


def layer_folders(
    root: Path, function: Resource, layers: dict[str, Resource], folders: dict[str, str]
) -> tuple[str, ...]:
    """Return the content folders, relative to the root, of a function's layers that are here.

    ``layers`` are the app's layers by resource id (and source id), ``folders`` gives each stack's
    folder. A layer's archive, or one that another account owns, is not in the repository.
    """
    found: dict[str, None] = {}
    for option in _listed(function):
        layer = layers.get(option.owner) if isinstance(option, Symbol) else None
        folder = _content(root, layer, folders) if layer else None
        if folder is not None:
            found[folder] = None
    return tuple(found)


def foreign_layers(function: Resource, layers: dict[str, Resource]) -> tuple[str, ...]:
    """Return a function's layers that no template here makes, by their ARN or how they are named.

    A layer whose content is said to be here counts as here, though it may be built later.
    """
    named = (option for option in _listed(function) if option not in ("", None))
    return tuple(
        dict.fromkeys(
            str(option)
            for option in named
            if not (isinstance(option, Symbol) and option.owner in layers)
        )
    )


def _listed(function: Resource) -> Iterator[Value]:
    """Yield what a function's list of layers may hold."""
    for listed in alternatives(function.value("Layers")):
        for value in listed if isinstance(listed, list) else ():
            yield from alternatives(value)


def layers_by_id(resources: list[Resource]) -> dict[str, Resource]:
    """Index layers by their id and by the id of the source they are generated from."""
    layers: dict[str, Resource] = {}
    for resource in resources:
        if resource.type in LAYER_TYPES:
            layers[resource.origin().resource] = resource
            layers[resource.id] = resource
    return layers


def _content(root: Path, layer: Resource, folders: dict[str, str]) -> str | None:
    content = layer.value("Content") or layer.value("ContentUri")
    for path in alternatives(content):
        if isinstance(path, str) and "://" not in path:
            for base in dict.fromkeys((folders.get(layer.stack, ""), "")):
                folder = joined(base, path)
                if inside(folder) and (root / folder).is_dir():
                    return folder
    return None
