"""What a program makes while its trace is read: stacks, constructs, and their resources."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field

from checkrein.model import Path, Place
from checkrein.model.values import Symbol, Value
from checkrein.read.cdk.unsynthesized.library.logical_ids import logical_id
from checkrein.read.cdk.unsynthesized.trace import Traced


class Declared(Struct, eq=False):
    """A resource in the making: ``name`` is its logical id as people know it."""

    type: str
    properties: dict[str, Value]
    construct: str
    place: Place
    name: str
    attributes: dict[str, Value] = field(default_factory=dict)
    condition: str = ""
    places: dict[Path, Place] = field(default_factory=dict)
    added: str = ""


class Stack(Struct, eq=False):
    """One stack: its resources by keys that are its name and their logical id."""

    name: str
    title: Value
    place: Place
    account: Value = None
    region: Value = None
    resources: dict[str, Declared] = field(default_factory=dict)
    parameters: dict[str, dict[str, Value]] = field(default_factory=dict)
    outputs: dict[str, dict[str, Value]] = field(default_factory=dict)
    conditions: dict[str, Value] = field(default_factory=dict)


class Construct(Struct, eq=False):
    """A construct of a class of the library, or an imported one, which has no ``key``.

    ``path`` counts from its stack. ``key`` is that of its main resource. ``attributes`` are its
    members that are texts, ``parts`` those that are constructs; ``told`` is what its class keeps
    for its methods.
    """

    kind: str
    path: tuple[str, ...]
    stack: Stack
    place: Place
    given: Traced = None
    condition: str = ""
    key: str = ""
    attributes: dict[str, Value] = field(default_factory=dict)
    parts: dict[str, Construct] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)

    @property
    def resource(self) -> Declared | None:
        """The main resource, None of what is imported or not known."""
        return self.stack.resources.get(self.key)

    @property
    def properties(self) -> dict[str, Value]:
        """The properties of the main resource, to be changed; those of nothing are lost."""
        found = self.resource
        return found.properties if found else {}

    def of(self, attribute: str = "Ref") -> Symbol:
        """Return the reference to an attribute of the main resource."""
        return Symbol(self.key, attribute)

    def child(self, *ids: str, kind: str = "", place: Place | None = None) -> Construct:
        """Return a construct in the scope of this one."""
        return Construct(
            kind or self.kind,
            (*self.path, *ids),
            self.stack,
            place or self.place,
            condition=self.condition,
        )

    def put(
        self, type: str, properties: dict[str, Value], *ids: str, **attributes: Value
    ) -> Symbol:
        """Add a resource at the ids below this construct; return the reference to it.

        The first becomes its main one. Properties that are None are left out.
        """
        path = (*self.path, *ids)
        id, name = logical_id(path)
        key = f"{self.stack.name}|{id}"
        number = 1
        while key in self.stack.resources:  # ids that only running tells may agree
            number += 1
            key = f"{self.stack.name}|{id}{number}"
        kept = {name: value for name, value in properties.items() if value is not None}
        self.stack.resources[key] = Declared(
            type,
            kept,
            "/".join((self.stack.name, *path)),
            self.place,
            name if number == 1 else f"{name}{number}",
            {name: value for name, value in attributes.items() if value is not None},
            self.condition,
        )
        self.key = self.key or key
        return Symbol(key, "Ref")
