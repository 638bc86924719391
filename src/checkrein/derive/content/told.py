"""What the team says of its own data: fields of resources, and what its texts look like."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checkrein.derive.content.elements import element, looks_like, schemas
from checkrein.derive.content.paths import joined
from checkrein.derive.content.slots import Slots
from checkrein.derive.content.words import likeness
from checkrein.derive.stacks.directory import Directory
from checkrein.detect.own import Said
from checkrein.model import Basis, Element, Evidence, Path, Place, Resource, Slot, Value
from checkrein.model.values import alternatives
from checkrein.model.workloads import runs_code, variables

Denied = dict[str, dict[str, frozenset[str]]]
PARAMETER = "AWS::SSM::Parameter"
EXAMPLES = ("example", "default", "const")
DEEPEST = 6


def declared(directory: Directory, slots: Iterable[Slots]) -> Iterator[Element]:
    """Yield the elements that the team's words tell: of fields by name, of texts by pattern."""
    if directory.own.is_silent:
        return
    yield from _fields(directory)
    for resource in directory.resources.values():
        yield from _settings(resource, directory)
        for schema, path, title in schemas(resource):
            for below, said in _described(schema, directory):
                slot = Slot(resource.id, joined((title, *below)))
                yield _found(slot, said, resource.where(path))
    for each in slots:
        yield from _literals(each, directory)


def denied(directory: Directory) -> Denied:
    """Return, by node and field, the classes that its name tells and the team says it is not."""
    found: Denied = {}
    for id in directory.own.resources():
        for said in directory.own.fields(id):
            match = looks_like(Slot(id, said.name), directory)
            if match and match.data != said.data:
                found.setdefault(id, {})[said.name] = frozenset({match.data})
    return found


def _fields(directory: Directory) -> Iterator[Element]:
    for id in directory.own.resources():
        for said in directory.own.fields(id):
            if said.data and id in directory.resources:
                name = directory.resources[id].name
                note = Evidence(f"the team declares {said.name} of {name}", said.place)
                yield element(Slot(id, said.name), said.data, "certain", Basis.CODED, note)


def _found(slot: Slot, said: Said, place: Place) -> Element:
    what = f"{joined((slot.path,))} has the pattern of {likeness(said.data)}"
    return element(slot, said.data, "certain", Basis.CODED, Evidence(what, place))


def _settings(resource: Resource, directory: Directory) -> Iterator[Element]:
    """Yield what values of variables and parameters look like."""
    held: list[tuple[str, Value, Path]] = []
    if runs_code(resource.type):
        held = [(f"env.{name}", v.value, v.path) for name, v in variables(resource).items()]
    elif resource.type == PARAMETER:
        held = [("value", resource.value("Value"), ("Value",))]
    for name, value, path in held:
        said = _of_text(value, directory)
        if said:
            yield _found(Slot(resource.id, name), said, resource.where(path))


def _of_text(value: Value, directory: Directory) -> Said | None:
    texts = (option for option in alternatives(value) if isinstance(option, str))
    return next(filter(None, map(directory.own.text, texts)), None)


def _described(
    schema: Value, directory: Directory, below: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Said]]:
    """Yield the fields of a JSON schema whose pattern or example is one of the team's."""
    if not isinstance(schema, dict) or len(below) > DEEPEST:
        return
    pattern, listed = schema.get("pattern"), schema.get("enum")
    said = directory.own.pattern(pattern) if isinstance(pattern, str) else None
    examples = [*map(schema.get, EXAMPLES), *(listed if isinstance(listed, list) else [])]
    said = said or next(filter(None, (_of_text(one, directory) for one in examples)), None)
    if said and below:
        yield below, said
    properties = schema.get("properties")
    for name, inner in properties.items() if isinstance(properties, dict) else ():
        yield from _described(inner, directory, (*below, str(name)))
    yield from _described(schema.get("items"), directory, below)


def _literals(slots: Slots, directory: Directory) -> Iterator[Element]:
    """Yield what texts look like that code hands over as they stand in it."""
    for site in slots.binding.summary.calls:
        for each in slots.written(site):
            said = _of_text(each.argument.value, directory)
            if said:
                yield _found(each.slot, said, site.place)
