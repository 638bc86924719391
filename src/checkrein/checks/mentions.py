"""What the templates mention of each other, read once for all who ask whether a thing is used."""

from __future__ import annotations

from collections.abc import Mapping

from checkrein.model import App, Choice, Resource, Stack, Symbol, Text, Value
from checkrein.model.asking import of_app

OUTPUT = "output"  # of a stack, or what a nested stack is given


@of_app
def mentions(app: App) -> Mapping[Symbol, set[str]]:
    """Return the types of the resources that mention a symbol; OUTPUT where a stack hands it on."""
    found: dict[Symbol, set[str]] = {}
    for resource in app.every(Resource):
        for symbol in _symbols(resource.properties):
            found.setdefault(symbol, set()).add(resource.type)
    for stack in app.every(Stack):
        for symbol in _symbols([stack.outputs, stack.exports, stack.arguments]):
            found.setdefault(symbol, set()).add(OUTPUT)
    return found


@of_app
def mentioned_ids(app: App) -> Mapping[str, set[str]]:
    """Return the same by the owners of the symbols."""
    found: dict[str, set[str]] = {}
    for symbol, types in mentions(app).items():
        found.setdefault(symbol.owner, set()).update(types)
    return found


def _symbols(value: Value) -> list[Symbol]:
    """Return all symbols inside a value; as a loop, for all templates are read so."""
    found: list[Symbol] = []
    waiting = [value]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict):
            waiting.extend(here.values())
        elif isinstance(here, list):
            waiting.extend(here)
        elif isinstance(here, Symbol):
            found.append(here)
        elif isinstance(here, Text):
            waiting.extend(here.parts)
        elif isinstance(here, Choice):
            waiting.extend(option for _, option in here.options)
    return found
