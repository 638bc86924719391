"""What a function's network lets it reach: the internet, each AWS service, certainly or perhaps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import IntEnum
from functools import partial

from msgspec import Struct

from checkrein.derive.network.acls import passing
from checkrein.derive.network.endpoints import ANY, reached, service
from checkrein.derive.network.interfaces import TCP, Attachment, Inside, attachments, inside
from checkrein.derive.network.packets import (
    HTTPS,
    Kind,
    Packets,
    covers,
    meet,
    on,
    ports,
)
from checkrein.derive.network.routes import Route, public, to_internet
from checkrein.derive.network.view import Ground, View
from checkrein.derive.stacks.directory import Directory
from checkrein.model import NOWHERE, Evidence, Resource
from checkrein.model.values import SPECIAL

KINDS = (Kind(4, "tcp"), Kind(6, "tcp"), Kind(4, "udp"), Kind(6, "udp"))
# services whose data is reached at addresses inside the VPC
IN_VPC = frozenset({
    "dax", "docdb-elastic", "elasticache", "elasticfilesystem", "es", "kafka-cluster", "memorydb",
    "mq", "neptune-db", "rds-db", "s3files", "vpc-lattice-svcs",
})  # fmt: skip
BLOCKS = ("Ipv6CidrBlock", "Ipv6IpamPoolId")


class Grade(IntEnum):
    """How sure an answer is."""

    NO = 0  # under no reading of what the templates leave open
    POSSIBLE = 1
    CERTAIN = 2


READINGS = ((False, Grade.CERTAIN), (True, Grade.POSSIBLE))  # strict, hopeful


class Way(Struct, frozen=True):
    """Whether packets get somewhere, and the places that show it."""

    grade: Grade
    steps: tuple[Evidence, ...] = ()
    to: str = "the internet"


Found = tuple[Kind, Packets, tuple[Evidence, ...]]
Key = tuple[object, ...]


class Network:
    """The app's networks; answers are remembered for each way of being attached to them."""

    def __init__(self, directory: Directory) -> None:
        self.ground = Ground(directory)
        self._attachments: dict[str, list[Attachment]] = {}
        self._ways: dict[Key, Way] = {}
        self._packets: dict[Key, list[Found]] = {}
        self._endpoints: dict[Key, tuple[Resource, ...]] = {}

    def internet(self, function: Resource) -> Way:
        """Tell whether a function's packets can come to the internet."""
        return self._overall(function, "internet", self._out)

    def service(self, function: Resource, prefix: str) -> Way:
        """Tell whether a function can call a service, by its actions' prefix (``s3``)."""
        return self._overall(function, prefix, partial(self._to_service, prefix=prefix))

    def carries(self, function: Resource, actions: Iterable[str]) -> bool:
        """Tell whether a function may get through to a service of some actions.

        Not so only where that is certain: all of its network is in templates, and has no way.
        """
        if not any(attachment.inside for attachment in self.attachments(function)):
            return True
        prefixes = {action.partition(":")[0] for action in actions}
        if "s3" in prefixes and function.value("FileSystemConfigs"):
            return True  # a mounted file system may read a bucket for it
        return bool(prefixes & IN_VPC) or any(
            self.service(function, prefix).grade is not Grade.NO for prefix in prefixes
        )

    def endpoints(self, function: Resource) -> list[tuple[Resource, bool]]:
        """Return the endpoints that a function can use, each with whether that is certain."""
        found: dict[str, tuple[Resource, bool]] = {}
        every = self.attachments(function)
        for attachment in every:
            for hope in (True, False):
                for endpoint in self._reached(attachment, hope=hope):
                    found[endpoint.id] = (endpoint, not hope and len(every) == 1)
        return list(found.values())

    def attachments(self, function: Resource) -> list[Attachment]:
        """Return how a function is attached to VPCs under each combination of conditions."""
        found = self._attachments.get(function.id)
        if found is None:
            found = self._attachments[function.id] = attachments(View(self.ground), function)
        return found

    def hidden(self, function: Resource) -> bool:
        """Tell whether a function may use endpoints that no template holds."""
        return any(self._hidden(attachment) for attachment in self.attachments(function))

    def interfaces(self, attachment: Attachment, *, hope: bool) -> Inside:
        """Return an attached function's interfaces in one reading."""
        view = View(self.ground, attachment.when, hope)
        made = partial(inside, view, attachment.subnets, attachment.groups)
        return view.remember(attachment.key, made)

    def _overall(self, function: Resource, what: str, ask: Callable[[Attachment], Way]) -> Way:
        """Join the answers under different conditions: certain only where all of them are."""
        ways = []
        for attachment in self.attachments(function):
            deployment = self.ground.directory.deployment(attachment.owner.id)
            key = (what, deployment, *attachment.key)
            if key not in self._ways:
                self._ways[key] = ask(attachment)
            ways.append(_placed(self._ways[key], attachment))
        if len({way.grade for way in ways}) == 1:
            return ways[0]
        best = max(ways, key=lambda way: way.grade, default=Way(Grade.NO))
        return Way(Grade.POSSIBLE, best.steps) if ways else best

    def _out(self, attachment: Attachment) -> Way:
        if not attachment.inside:
            return Way(Grade.CERTAIN)
        for hope, grade in READINGS:
            for kind, packets, steps in self._outward(attachment, hope=hope):
                if packets:
                    return Way(grade, (*steps, _let(packets, kind)))
        return Way(Grade.NO, (Evidence("its network has no way to the internet"),))

    def _outward(self, attachment: Attachment, *, hope: bool) -> list[Found]:
        """Return what comes to the internet and the routes it takes, HTTPS first."""
        key = (hope, *attachment.key)
        found = self._packets.get(key)
        if found is None:
            source = self.interfaces(attachment, hope=hope)
            found = [*_unknown(source), *_known(source, attachment)]
            self._packets[key] = found = sorted(found, key=lambda way: not on(way[1], HTTPS))
        return found

    def _to_service(self, attachment: Attachment, prefix: str) -> Way:
        if not attachment.inside:
            return Way(Grade.CERTAIN)
        for hope, grade in READINGS:
            steps = self._path(attachment, prefix, hope=hope)
            if steps is not None:
                return Way(grade, steps)
        return Way(Grade.NO, (Evidence(f"its network has no way to {prefix}"),))

    def _path(
        self, attachment: Attachment, prefix: str, *, hope: bool
    ) -> tuple[Evidence, ...] | None:
        for endpoint in self._reached(attachment, hope=hope):
            named = service(endpoint)
            if named == prefix or (hope and named == ANY):
                return (Evidence(f"{endpoint.name} leads to {prefix}", endpoint.place),)
        for kind, packets, steps in self._outward(attachment, hope=hope):
            area = on(public(kind), HTTPS)
            if kind.protocol == "tcp" and covers(packets, area, hope=hope):
                return steps
        if hope and self._hidden(attachment):
            return (Evidence("its VPC is in no template here: it may have endpoints"),)
        return None

    def _hidden(self, attachment: Attachment) -> bool:
        source = self.interfaces(attachment, hope=True)
        return attachment.inside and not source.placed and source.groups.lets(HTTPS, TCP)

    def _reached(self, attachment: Attachment, *, hope: bool) -> tuple[Resource, ...]:
        deployment = self.ground.directory.deployment(attachment.owner.id)
        key = (hope, deployment, *attachment.key)
        found = self._endpoints.get(key)
        if found is None:
            source = self.interfaces(attachment, hope=hope)
            ends = reached(source, deployment) if attachment.inside else ()
            found = self._endpoints[key] = tuple(ends)
        return found


def _placed(way: Way, attachment: Attachment) -> Way:
    """Let what no resource says stand where the function is attached."""
    placed = (s if s.place != NOWHERE else Evidence(s.text, attachment.place) for s in way.steps)
    return Way(way.grade, tuple(placed))


def _unknown(source: Inside) -> Iterator[Found]:
    """Yield what may come out of subnets that no template holds."""
    if source.view.hope and not source.known:
        said = "its subnets are in no template here: counted as open"
        for kind in KINDS:
            yield kind, meet(public(kind), source.groups.sends(kind)), (Evidence(said),)


def _known(source: Inside, attachment: Attachment) -> Iterator[Found]:
    for kind in KINDS:
        for subnet in source.subnets:
            for way in _ways(source, subnet, kind, attachment):
                yield kind, way.packets, way.steps


def _ways(source: Inside, subnet: Resource, kind: Kind, attachment: Attachment) -> Iterator[Route]:
    """Yield the routes from a subnet, with only what groups and network ACLs let through."""
    view = source.view
    if kind.version == 6 and not _dual_stack(view, subnet, attachment):  # noqa: PLR2004 - IPv6
        return
    let: Packets | None = None
    for route in to_internet(view, subnet, kind, public_address=attachment.public):
        if let is None:
            let = meet(source.groups.sends(kind), passing(view, subnet, kind))
        yield Route(meet(route.packets, let), route.steps)


def _dual_stack(view: View, subnet: Resource, attachment: Attachment) -> bool:
    """Tell whether a function has an IPv6 address: it must ask for one, and its subnet have one."""
    asked = attachment.dual_stack
    if not (asked is True or (view.hope and isinstance(asked, SPECIAL))):
        return False
    block = any(subnet.value(name) is not None for name in BLOCKS)
    return block or bool(view.referring("AWS::EC2::SubnetCidrBlock", "SubnetId", subnet.id))


def _let(packets: Packets, kind: Kind) -> Evidence:
    """Say what groups and network ACLs let out."""
    whole = covers(packets, on(public(kind), HTTPS), hope=False)
    where = "any address" if whole else "some addresses"
    by = f"{kind.protocol.upper()} on {ports(packets)} to {where}"
    return Evidence(f"security groups and network ACLs let out {by}")
