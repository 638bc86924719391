"""The network resources of an app by what they refer to, read strictly or hopefully.

Every question is asked twice. The strict reading takes what is not known for closed: its yes is
certain. The hopeful one takes it for open: its no is certain. What lies between is possible.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import reduce
from typing import Any, TypeVar

from msgspec import Struct

from checkrein.derive.network.packets import Packets, meet
from checkrein.derive.stacks.directory import Directory
from checkrein.model import Choice, Resource, Value, When
from checkrein.model.values import contradictory, symbols

DEFAULTS = ("DefaultSecurityGroup", "DefaultNetworkAcl")  # what a VPC brings along
T = TypeVar("T")
KINDS = (
    *("AWS::EC2::", "AWS::RDS::DBProxyTargetGroup", "AWS::ECS::Service"),
    *("AWS::Events::Rule", "AWS::Scheduler::Schedule", "AWS::Pipes::Pipe"),
)


class Ground:
    """The network resources of all deployments, indexed when first asked."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self._by_type: defaultdict[str, list[Resource]] = defaultdict(list)
        self._in_deployment: defaultdict[tuple[str, str], list[Resource]] = defaultdict(list)
        for resource in directory.resources.values():
            if resource.type.startswith(KINDS):
                self._by_type[resource.type].append(resource)
                key = resource.type, directory.deployment(resource.id)
                self._in_deployment[key].append(resource)
        self._referring: dict[tuple[str, str], dict[str, list[Resource]]] = {}
        self.memory: dict[tuple[object, ...], Any] = {}

    def every(self, type: str, deployment: str) -> list[Resource]:
        """Return the resources of a type in a deployment."""
        return self._in_deployment.get((type, deployment), [])

    def referring(self, type: str, property: str, to: str) -> list[Resource]:
        """Return the resources of a type whose property names ``to``, a key of ``keys``."""
        index = self._referring.get((type, property))
        if index is None:
            index = self._referring[type, property] = {}
            for resource in self._by_type.get(type, ()):
                for key in dict.fromkeys(self.keys(resource.value(property))):
                    index.setdefault(key, []).append(resource)
        return index.get(to, [])

    def keys(self, value: Value) -> Iterator[str]:
        """Yield what a value names: ids of resources, ``<vpc>#DefaultSecurityGroup``."""
        for symbol in symbols(value):
            if symbol.owner in self.directory.resources:
                part = f"#{symbol.attribute}" if symbol.attribute in DEFAULTS else ""
                yield symbol.owner + part


class View(Struct, frozen=True):
    """One reading of the ground: under which conditions, and whether hopefully."""

    ground: Ground
    given: When = ()
    hope: bool = False

    def remember(self, key: tuple[object, ...], make: Callable[[], T]) -> T:
        """Return what is made once for this reading, by a key of what else it depends on."""
        whole = (self.given, self.hope, *key)
        if whole not in self.ground.memory:
            self.ground.memory[whole] = make()
        found: T = self.ground.memory[whole]
        return found

    @property
    def other(self) -> View:
        """The reading to judge what closes: a rule that denies, say."""
        return View(self.ground, self.given, not self.hope)

    def has(self, resource: Resource) -> bool:
        """Tell whether a resource is deployed: its conditions follow, or (hopefully) may hold."""
        if self.certain(resource):
            return True
        return self.hope and not contradictory((*self.given, *resource.when))

    def certain(self, resource: Resource) -> bool:
        """Tell whether a resource is deployed under the given conditions, whatever else holds."""
        return set(resource.when) <= set(self.given)

    def options(self, value: Value) -> list[Value]:
        """Return the values that a value may have under the given conditions."""
        if not isinstance(value, Choice):
            return [value]
        return [o for when, o in value.options if not contradictory((*self.given, *when))]

    def rules(self, value: Value) -> list[dict[str, Any]] | None:
        """Return a list's entries: those that may be there, or (strictly) must; None: not known."""
        lists = self.options(value)
        if not all(isinstance(each, list) or each is None for each in lists):
            return None
        if len(lists) > 1 and not self.hope:
            lists = []
        found = [self.options(item) for each in lists for item in each or ()]
        return [
            option
            for options in found
            for option in (options if self.hope or len(options) == 1 else ())
            if isinstance(option, dict)
        ]

    def referring(self, type: str, property: str, to: str) -> list[Resource]:
        """Return the deployed resources of a type whose property names ``to``."""
        return [r for r in self.ground.referring(type, property, to) if self.has(r)]

    def chosen(self, associations: Iterable[Resource], property: str) -> list[str] | None:
        """Return what associations may choose; "" stands for the VPC's own, None for unknown.

        One that is certain decides; several of which none is certain are all possible.
        """
        found = [a for a in associations if self._possible(a)]
        certain = [a for a in found if self.certain(a)]
        keys = [key for a in certain or found for key in self.ground.keys(a.value(property))]
        if found and not keys:
            return None
        return keys if certain else [*keys, ""]

    def _possible(self, resource: Resource) -> bool:
        return View(self.ground, self.given, hope=True).has(resource)

    def joined(self, options: Iterable[Packets]) -> Packets:
        """Return what passes if one of the options holds: by all of them, hopefully by any."""
        every = list(options)
        if self.hope or not every:
            return tuple(box for option in every for box in option)
        return reduce(meet, every)

    def literal(self, value: Value) -> str | None:
        """Return a value as plain text, a ``!GetAtt`` of a CIDR block followed; else None."""
        for symbol in symbols(value) if not isinstance(value, str) else ():
            owner = self.ground.directory.resources.get(symbol.owner)
            if owner and symbol.attribute in {"CidrBlock", "Ipv6CidrBlock"}:
                value = owner.value(symbol.attribute)
        return value if isinstance(value, str) else None

    def resources(self, value: Value, type: str = "") -> list[Resource]:
        """Return the resources that a value names, of one type if given."""
        named = (self.ground.directory.resources.get(key) for key in self.ground.keys(value))
        return [r for r in named if r and (not type or r.type == type)]

    def all_named(self, value: Value) -> bool:
        """Tell whether every item of a value names a resource of a template."""
        items = value if isinstance(value, list) else [value]
        return all(any(True for _ in self.ground.keys(item)) for item in items)
