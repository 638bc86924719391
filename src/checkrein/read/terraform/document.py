"""A root module of Terraform or OpenTofu as a document in CloudFormation's shape."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path as File
from typing import Any, Final, NamedTuple

from checkrein.catalog.terraform import Beside, Entry, Rule, entry, idle, is_of_aws
from checkrein.late import regex
from checkrein.model import Path
from checkrein.model.addresses import logical_id
from checkrein.read.made import Lost
from checkrein.read.made import Made as Told
from checkrein.read.terraform.document_code import CODE, put_code
from checkrein.read.terraform.instances import Instance, Root
from checkrein.read.terraform.mapping import Properties, unite
from checkrein.read.terraform.mapping_references import References, type_of
from checkrein.read.terraform.merging import Made, Targets, merge

BY: Final = "Terraform"
UNREAD: Final = "its arguments are read by their names alone"
ABROAD: Final = "they are not in the table"
ASTRAY: Final = "what it sets is not in the table"
GENERIC: Final = frozenset({"this", "main", "default", "resource", "self"})
STEP: Final = regex(r'([\w-]+)(?:\[(?:"((?:[^"\\]|\\.)*)"|\d+)\])?(?:\.|\Z)')


class _Part(NamedTuple):
    """A resource that is merged into others, at these addresses."""

    instance: Instance
    entry: Entry
    owners: list[str]


def document(root: Root, base: File | None = None) -> tuple[dict[str, Any], Told]:
    """Return a root module's document, and what is told of it.

    Its resources' logical ids are Terraform's addresses, with ``:`` for a slash. ``base`` is the
    folder that is scanned: files whose text an archive takes in are looked for there.
    """
    found = _Document(root, base)
    found.make()
    return found.value(), found.told


class _Document:
    def __init__(self, root: Root, base: File | None) -> None:
        self.root = root
        instances = {each.address: each for each in root.instances}
        self.references = References(instances, base / root.folder if base else None)
        self.resources: dict[str, Made] = {}
        self.parts: list[_Part] = []
        self.astray: dict[str, list[Instance]] = {}  # by type
        self.told = Told(BY)
        self.told.lost = list(root.lost)
        self.told.values = dict(root.assigned)

    def make(self) -> None:
        mapped = [
            each
            for each in self.root.instances
            if not each.is_data and is_of_aws(each.type) and not idle(each.type)
        ]
        whole = self._without_parts(mapped)
        for each in whole:
            self._add(each)
        for part in sorted(self.parts, key=_is_of_all):
            self._merge(part)
        self._count_astray()
        for resource in self.resources.values():
            self._complete(resource)
        self._count_unread()

    def _without_parts(self, mapped: list[Instance]) -> list[Instance]:
        """Return what is a resource of its own; keep the others with what they belong to."""
        targets = Targets(self.references)
        whole = []
        for each in mapped:
            written = entry(each.type)
            if written is None or written.into is None:
                whole.append(each)
                continue
            owners = targets.of(each, written.into)
            if owners or not written.into.otherwise:
                self.parts.append(_Part(each, written, owners))
                self.references.targets[each.address] = owners[0] if owners else ""
            else:
                whole.append(each)
                self.references.targets[each.address] = each.address
        return whole

    def _add(self, instance: Instance) -> None:
        written = entry(instance.type)
        type = type_of(instance)
        within = written.within if written else ""
        own = Properties(instance, type, self.references.resolve, within)
        found = own.read(_rules(written))
        made = Made(instance, type, instance.place, found, own.places)
        if type in CODE:
            put_code(made, self.references)
        self.resources[instance.address] = made
        for argument, beside in written.beside.items() if written else ():
            for index, only in _separate(instance, argument, beside):
                self._add_beside(only, argument, beside, index)

    def _add_beside(self, instance: Instance, argument: str, beside: Beside, index: str) -> None:
        """Add the resource that CloudFormation has for an argument, or for one item of it."""
        own = Properties(instance, beside.type, self.references.resolve)
        found = own.read({argument: Rule(to=beside.at, move=beside.move)})
        names = {
            key: _naming(self.references, instance, form) for key, form in beside.names.items()
        }
        address = f"{instance.address}.{argument}{index}"
        properties = {**beside.given, **found, **names}
        place = instance.places.get((argument,), instance.place)
        self.resources[address] = Made(instance, beside.type, place, properties, own.places)

    def _merge(self, part: _Part) -> None:
        owners = [self.resources[owner] for owner in part.owners if owner in self.resources]
        for target in owners:
            if part.entry.into:
                merge(part.instance, part.entry.into, target, self.references)
        if not owners:
            self.astray.setdefault(part.instance.type, []).append(part.instance)

    def _count_astray(self) -> None:
        """Say which parts belong to nothing here, once for each type."""
        for kind, (first, *rest) in self.astray.items():
            what = f"{first.address} sets something of a resource"
            if rest:
                what = f"{len(rest) + 1} resources of the type {kind} set something of others"
            reason = f"{what} that this module does not make"
            self.told.lost.append(Lost(reason, ASTRAY, first.place))

    def _complete(self, resource: Made) -> None:
        """Add what a type always has, and what Terraform sets where nobody does."""
        written = entry(resource.instance.type)
        for name, value in (written.given if written else {}).items():
            unite(resource.properties, tuple(name.split(".")), value)
        for name, value in (written.default if written else {}).items():
            _default(resource.properties, tuple(name.split(".")), value)

    def _count_unread(self) -> None:
        """Say which types no table knows, once for each type or provider."""
        unread = [each for each in self.root.instances if self._is_unread(each)]
        kinds = [each.type if is_of_aws(each.type) else _provider(each.type) for each in unread]
        first: dict[str, Instance] = {}
        for kind, each in zip(kinds, unread, strict=True):
            first.setdefault(kind, each)
        for kind, count in Counter(kinds).items():
            number = f"{count} resources are" if count > 1 else "a resource is"
            reason, effect = f"{number} of the type {kind}, which is not known here", UNREAD
            if not is_of_aws(first[kind].type):
                reason, effect = f"{number} of the provider {kind}, not of AWS", ABROAD
            self.told.lost.append(Lost(reason, effect, first[kind].place))

    def _is_unread(self, each: Instance) -> bool:
        if each.is_data or idle(each.type):
            return False
        return entry(each.type) is None

    def value(self) -> dict[str, Any]:
        resources = {}
        for address, resource in self.resources.items():
            own = resource.instance.address
            id = self.references.name(own) + logical_id(address.removeprefix(own))
            resources[id] = _declared(resource)
            if id != logical_id(address):
                self.told.logical[id] = logical_id(address)
            self.told.places[(id,)] = {**resource.places, (): resource.place}
            self.told.constructs[id] = address
            self.told.titles[id] = title(resource.instance.address)
        for section, place in self.root.places.items():
            self.told.places.setdefault(section[:2], {})[section[2:]] = place
        known = self.references.known
        outputs = {name: {"Value": known(value)} for name, value in self.root.outputs.items()}
        return {
            "Parameters": dict(self.root.variables),
            "Conditions": known(self.root.conditions),
            "Resources": resources,
            "Outputs": outputs,
        }


def _is_of_all(part: _Part) -> bool:
    """Tell whether a part says something of all resources of a type: it has the last word."""
    return bool(part.entry.into and not part.entry.into.by)


def _declared(resource: Made) -> dict[str, Any]:
    found: dict[str, Any] = {"Type": resource.type, "Properties": resource.properties}
    if resource.metadata:
        found["Metadata"] = resource.metadata
    if resource.instance.condition:
        found["Condition"] = resource.instance.condition
    if _is_kept(resource.instance):
        found["DeletionPolicy"] = "Retain"
    return found


def _is_kept(instance: Instance) -> bool:
    """Tell whether Terraform refuses to destroy a resource."""
    rules = instance.values.get("lifecycle")
    first = rules[0] if isinstance(rules, list) and rules else rules
    return isinstance(first, dict) and first.get("prevent_destroy") is True


def _separate(instance: Instance, argument: str, beside: Beside) -> Iterator[tuple[str, Instance]]:
    """Yield an instance that has one argument only, or one item of it."""
    value = instance.values.get(argument)
    if value is None or value == []:
        return
    if not beside.items or not isinstance(value, list):
        yield "", replace(instance, values={argument: value})
        return
    for index, item in enumerate(value):
        start: Path = (argument, index)
        places = {
            (argument, *at[2:]): place for at, place in instance.places.items() if at[:2] == start
        }
        if isinstance(item, dict):  # a plan has all arguments, empty where nobody gives them
            item = {name: each for name, each in item.items() if each != ""}  # noqa: PLW2901
        yield f"[{index}]", replace(instance, values={argument: item}, places=places)


def _naming(references: References, instance: Instance, form: Any) -> Any:
    if isinstance(form, list):
        return [_naming(references, instance, each) for each in form]
    return references.filled(form, instance, type_of(instance))


def _provider(type: str) -> str:
    return type.partition("_")[0]


def _rules(written: Entry | None) -> dict[str, Rule]:
    if written is None:
        return {}
    return written.alone if written.into and written.alone else written.move


def _default(properties: dict[str, Any], way: tuple[str, ...], value: Any) -> None:
    for key in way[:-1]:
        inner = properties.setdefault(key, {})
        if not isinstance(inner, dict):
            return
        properties = inner
    if properties.get(way[-1]) in (None, []):
        properties[way[-1]] = value


def title(address: str) -> str:
    """Return what a team calls a resource: its name, or its module's where that says nothing."""
    steps = [(name, key) for name, key in STEP.findall(address)]
    if not steps:
        return address
    name, key = steps[-1]
    modules = [each for (kind, _), each in pairwise(steps) if kind == "module"]
    if name in GENERIC and modules:
        name, own = modules[-1]
        key = key or own
    return f"{name}_{key}" if key else name
