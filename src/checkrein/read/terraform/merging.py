"""Terraform resources that are parts of other ones in CloudFormation's vocabulary."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from checkrein.catalog.terraform import Into, entry
from checkrein.model import Path, Place
from checkrein.model.values import Value, alternatives, at_path, symbols
from checkrein.read.terraform.instances import Instance
from checkrein.read.terraform.mapping import Properties, path_of, unite
from checkrein.read.terraform.mapping_items import EACH
from checkrein.read.terraform.mapping_references import References

LIST = "[]"
NOTHING = {"Ref": "AWS::NoValue"}
FOLLOWED = 4  # references from one merged resource to the next


@dataclass
class Made:
    """A resource of the document as it grows: its properties and where they are written."""

    instance: Instance
    type: str
    place: Place
    properties: dict[str, Value] = field(default_factory=dict)
    places: dict[Path, Place] = field(default_factory=dict)
    metadata: dict[str, Value] = field(default_factory=dict)


class Targets:
    """Finds what merged resources belong to."""

    def __init__(self, references: References) -> None:
        self.references = references
        self._by_type: dict[str, list[Instance]] = {}
        self._resolved: dict[tuple[str, tuple[str, ...]], list[tuple[list[Value], str]]] = {}
        for each in references.instances.values():
            if not each.is_data:
                self._by_type.setdefault(each.type, []).append(each)

    def of(self, instance: Instance, into: Into) -> list[str]:
        """Return the addresses of what an instance is merged into."""
        named = [instance.values.get(name) for name in into.by]
        found = [owner for value in named for owner in self._owners(value, into, 0)]
        if len(into.by) == 1:
            found += self._of_that_name(named[0], into) if not found else []
        elif not found:
            found = self._alike(named, into)
        return list(dict.fromkeys(found))

    def _owners(self, value: Any, into: Into, depth: int) -> Iterator[str]:
        for symbol in symbols(value):
            source = self.references.instances.get(symbol.owner)
            if source is None or depth > FOLLOWED:
                continue
            if source.type in into.type and not source.is_data:
                yield source.address
                continue
            written = entry(source.type)
            beside = written.into.by if written and written.into else ()
            for name in dict.fromkeys((*beside, *into.by)) if not source.is_data else ():
                yield from self._owners(source.values.get(name), into, depth + 1)

    def _of_that_name(self, value: Any, into: Into) -> list[str]:
        """Return what carries a name that is written out."""
        names = value if isinstance(value, list) else [value]
        wanted = [self.references.known(name) for name in names if name not in (None, "")]
        found = []
        for type in into.type:
            target = entry(type)
            named = self._known(type, (target.name if target else "name",))
            found += [address for (own,), address in named if own is not None and own in wanted]
        return found

    def _alike(self, named: list[Any], into: Into) -> list[str]:
        """Return what has the same values of the arguments that tell such resources apart."""
        wanted = self.references.known(named)
        return [
            address
            for type in into.type
            for values, address in self._known(type, into.by)
            if values == wanted
        ]

    def _known(self, type: str, names: tuple[str, ...]) -> list[tuple[list[Value], str]]:
        """Return the arguments of all instances of a type, resolved, with their addresses."""
        found = self._resolved.get((type, names))
        if found is None:
            found = self._resolved[type, names] = [
                (self.references.known([each.values.get(name) for name in names]), each.address)
                for each in self._by_type.get(type, ())
            ]
        return found


def merge(instance: Instance, into: Into, target: Made, references: References) -> None:
    """Put what an instance says into the properties of the resource that it is a part of."""
    written = entry(instance.type)
    own = Properties(instance, target.type, references.resolve)
    path = _path(instance, into, references)
    way = path_of(path.removesuffix(LIST))
    structure = own.target.kind("", way).lstrip("[").removeprefix(":")
    if not path.endswith(LIST):
        found = own.read(written.move if written else {}, structure, way)
        _put(target.properties, way, _conditional(found, instance, target))
    else:
        there = at_path(target.properties, way)
        start = len(there) if isinstance(there, list) else 0
        found = own.read(written.move if written else {}, structure, (*way, start))
        item = found if own.single is None else own.single
        items = list(EACH[into.each](item, str(way[-1]))) if into.each else [item]
        own.places |= _repeated(own.places, way, start, len(items))
        unite(target.properties, way, [_whole(item, instance, target) for item in items])
    target.places = own.places | target.places


def _path(instance: Instance, into: Into, references: References) -> str:
    for argument, cases in into.cases.items():
        for option in alternatives(references.known(instance.values.get(argument))):
            if isinstance(option, str) and option in cases:
                return cases[option]
    return into.at


def _repeated(places: dict[Path, Place], way: Path, start: int, count: int) -> dict[Path, Place]:
    """Return the places of items that were made of one, for those after it."""
    length = len(way) + 1
    return {
        (*way, start + index, *at[length:]): place
        for at, place in places.items()
        for index in range(1, count)
        if at[:length] == (*way, start)
    }


def _put(properties: dict[str, Value], way: Path, found: dict[str, Value]) -> None:
    for key, value in found.items():
        unite(properties, (*way, key), value)


def _conditional(found: dict[str, Value], instance: Instance, target: Made) -> dict[str, Value]:
    return {key: _whole(value, instance, target) for key, value in found.items()}


def _whole(value: Value, instance: Instance, target: Made) -> Value:
    """Return a value that is only there where the instance that says it is."""
    if not instance.condition or instance.condition == target.instance.condition:
        return value
    return {"Fn::If": [instance.condition, value, NOTHING]}
