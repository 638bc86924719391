"""What the team says of single fields of resources: what they hold, and what they do not."""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.derive.content.elements import element, looks_like
from checkrein.derive.stacks.directory import Directory
from checkrein.model import Basis, Element, Evidence, Slot

Denied = dict[str, dict[str, frozenset[str]]]


def declared_fields(directory: Directory) -> Iterator[Element]:
    """Yield the elements that the team declares of resources' fields."""
    for id in directory.own.resources():
        for said in directory.own.fields(id):
            if said.data and id in directory.resources:
                name = directory.resources[id].name
                note = Evidence(f"the team declares {said.name} of {name}", said.place)
                yield element(Slot(id, said.name), said.data, "certain", Basis.CODED, note)


def denied(directory: Directory) -> Denied:
    """Return, by node and field, the classes that its name tells and the team says it is not."""
    found: Denied = {}
    for id in directory.own.resources():
        for said in directory.own.fields(id):
            match = looks_like(Slot(id, said.name), directory)
            if match and match.data != said.data:
                found.setdefault(id, {})[said.name] = frozenset({match.data})
    return found
