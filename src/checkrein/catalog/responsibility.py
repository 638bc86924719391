"""Who owns which layer of a service in use: AWS, or whoever runs the application.

Source: ``data/responsibility.yaml``. Data, identity and settings are always the customer's.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from msgspec import Struct

from checkrein.catalog.by_type import ByType
from checkrein.catalog.tables import table

FILE = "responsibility.yaml"
YOU, AWS = "you", "AWS"
ALWAYS = {"data": YOU, "identity": YOU, "settings": YOU, "hardware": AWS}
NONE = "-"  # there is no such layer


class Model(Struct, frozen=True):
    """How responsibility for a kind of service is split: an owner by layer, in words."""

    id: str
    title: str
    owners: dict[str, str]


def layers() -> dict[str, str]:
    """Return the layers from the customer's side downwards, with their words."""
    found: dict[str, str] = table(FILE)["layers"]
    return found


def model_of(cfn_type: str, properties: Mapping[str, Any] | None = None) -> Model | None:
    """Return the model of a type, None where nobody has said."""
    return _models().get(cfn_type, properties)


@cache
def models() -> tuple[Model, ...]:
    """Return every model."""
    return tuple(
        Model(id, told["title"], {layer: _owner(told["owners"], layer) for layer in layers()})
        for id, told in table(FILE)["models"].items()
    )


def _owner(told: Mapping[str, str], layer: str) -> str:
    return told.get(layer) or ALWAYS.get(layer, NONE)


@cache
def _models() -> ByType[Model]:
    return ByType(
        {type: model for model in models() for type in table(FILE)["models"][model.id]["of"]}
    )
