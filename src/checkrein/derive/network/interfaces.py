"""A function's network interfaces: where they stand, and whom they can connect to inside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from checkrein.derive.network.acls import passing, serving
from checkrein.derive.network.groups import Groups
from checkrein.derive.network.packets import Kind, Packets, covers, everything, on
from checkrein.derive.network.placements import UNTOLD, Placement, placements
from checkrein.derive.network.routes import addresses, shares
from checkrein.derive.network.view import View
from checkrein.model import Choice, Open, Path, Place, Resource, Value, When
from checkrein.model.values import contradictory

TCP = Kind(4, "tcp")
MOST_ALTERNATIVES = 16


class Attachment(Struct, frozen=True):
    """How a function is attached to a VPC, under some conditions; no subnets: not at all."""

    owner: Resource  # where it is written: the function, or the provider of its instances
    when: When
    subnets: tuple[Value, ...] | None  # None: a list that is not known
    groups: Value
    dual_stack: Value
    path: Path = ("VpcConfig",)  # where the owner says so
    public: bool = False  # its interfaces have addresses of the internet

    @property
    def key(self) -> tuple[object, ...]:
        """What answers depend on: functions that are attached alike share them."""
        attached = (str(self.subnets), str(self.groups), str(self.dual_stack))
        return (self.when, *attached, self.public)

    @property
    def place(self) -> Place:
        """Where the attachment is written."""
        return self.owner.where(self.path)

    @property
    def inside(self) -> bool:
        """Tell whether there is a VPC."""
        return self.subnets != ()


def attachments(view: View, function: Resource) -> list[Attachment]:
    """Return how a function is attached under each combination of conditions."""
    return [found for each in placements(view, function) for found in _attached(function, each)]


def _attached(function: Resource, placement: Placement) -> Iterator[Attachment]:
    for first, option in _configs(function.when, placement):
        dual_stack = option.get(placement.dual_stack) if placement.dual_stack else UNTOLD
        public = placement.is_public(option)
        for second, subnets in _expanded(first, option.get(placement.subnets)):
            for third, groups in _expanded(second, option.get(placement.groups)):
                given = (placement.owner, third, _listed(subnets), groups, dual_stack)
                yield Attachment(*given, placement.path, public)


def _configs(given: When, placement: Placement) -> Iterator[tuple[When, dict[str, Value]]]:
    for when, option in _expanded(given, placement.config):
        unknown = option is not None and not isinstance(option, dict)
        yield when, {placement.subnets: option} if unknown else option or {}


def _expanded(given: When, value: Value) -> list[tuple[When, Value]]:
    """Return a value's alternatives, those of a list's items too, with their conditions."""
    return [
        found
        for when, option in _options(given, value)
        for found in (_lists(when, option) if isinstance(option, list) else [(when, option)])
    ]


def _lists(given: When, items: list[Value]) -> list[tuple[When, Value]]:
    if not any(isinstance(item, Choice) for item in items):
        return [(given, items)]
    found: list[tuple[When, list[Value]]] = [(given, [])]
    for item in items:
        found = [
            (both, [*before, option] if option is not None else before)
            for when, before in found
            for both, option in _options(when, item)
        ]
        if len(found) > MOST_ALTERNATIVES:
            return [(given, Open("many lists"))]
    return list(found)


def _options(given: When, value: Value) -> Iterator[tuple[When, Value]]:
    for when, option in value.options if isinstance(value, Choice) else [((), value)]:
        both = tuple(sorted({*given, *when}))
        if not contradictory(both):
            yield both, option


def _listed(value: Value) -> tuple[Value, ...] | None:
    unknown = value is not None and not isinstance(value, list)
    return None if unknown else tuple(value or ())


class Inside(Struct, frozen=True):
    """Interfaces of one party in a reading: its subnets, groups and addresses."""

    view: View
    subnets: tuple[Resource, ...]
    known: bool  # all subnets are in a template
    placed: bool  # so are their VPCs, and with these all that is in them
    vpcs: frozenset[str]
    addresses: Packets  # to or from the interfaces; any address where they are not known
    groups: Groups


def inside(view: View, subnets: Value, groups: Value) -> Inside:
    """Return the interfaces that lists of subnets and of groups make."""
    found = tuple(view.resources(subnets, "AWS::EC2::Subnet"))
    items = subnets if isinstance(subnets, (list, tuple)) else [subnets]
    known = bool(found) and all(view.resources(item, "AWS::EC2::Subnet") for item in items)
    vpcs = [view.resources(subnet.value("VpcId"), "AWS::EC2::VPC") for subnet in found]
    area = tuple(box for subnet in found for box in addresses(view, subnet, TCP))
    return Inside(
        view=view,
        subnets=found,
        known=known,
        placed=known and all(vpcs),
        vpcs=frozenset(vpc.id for each in vpcs for vpc in each),
        addresses=area if known else everything(TCP),
        groups=Groups(view, groups),
    )


def connects(source: Inside, target: Inside, port: int) -> bool:
    """Tell whether interfaces can open a connection to others of the same or a joined VPC."""
    view = source.view
    if not _joined(source, target):
        return False
    near, far = source.addresses, target.addresses
    if not source.groups.connects(target.groups, far, port, TCP):
        return False
    if not target.groups.admits(source.groups, near, port, TCP):
        return False
    if not source.known or not target.known:
        return view.hope
    return any(_let(view, one, other, port) for one in source.subnets for other in target.subnets)


def _joined(source: Inside, target: Inside) -> bool:
    view = source.view
    if source.vpcs & target.vpcs:
        return True
    if not source.placed or not target.placed:
        return view.hope
    return any(shares(view, subnet) for subnet in source.subnets)


def _let(view: View, one: Resource, other: Resource, port: int) -> bool:
    """Tell whether the network ACLs let a connection pass; within a subnet there are none."""
    if one.id == other.id:
        return True
    leaving = passing(view, one, TCP)
    entering = serving(view, other, addresses(view, one, TCP), TCP)
    area: Iterable[Packets] = (on(addresses(view, other, TCP), port),)
    return all(covers(leaving, each, hope=view.hope) for each in area) and bool(on(entering, port))
