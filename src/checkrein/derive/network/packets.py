"""Sets of packets: the far end's addresses by ports, as boxes, for one protocol and IP version."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from ipaddress import ip_network
from typing import NamedTuple

PORTS = (0, 65535)
EPHEMERAL = (1024, 65535)  # Lambda functions and NAT gateways call from these ports (AWS, NACLs)
HTTPS = 443


class Kind(NamedTuple):
    """Which packets a question is about."""

    version: int  # of IP: 4, 6
    protocol: str  # tcp, udp

    @property
    def addresses(self) -> tuple[int, int]:
        """The first and the last address there is."""
        return 0, (1 << (32 if self.version == 4 else 128)) - 1  # noqa: PLR2004 - IPv4


class Box(NamedTuple):
    """All packets to or from a range of addresses, on a range of ports; both ends belong to it."""

    low: int
    high: int
    first: int
    last: int


Packets = tuple[Box, ...]  # boxes may overlap


def everything(kind: Kind) -> Packets:
    """Return all packets of a kind."""
    return (Box(*kind.addresses, *PORTS),)


def block(cidr: str, ports: tuple[int, int] = PORTS) -> tuple[int, Box] | None:
    """Return the IP version and the packets of a CIDR block, None where it is none."""
    found = _range(cidr)
    return (found[0], Box(*found[1:], *ports)) if found else None


@cache
def _range(cidr: str) -> tuple[int, int, int] | None:
    try:
        network = ip_network(cidr.strip(), strict=False)
    except ValueError:
        return None
    return network.version, int(network[0]), int(network[-1])


def blocks(cidrs: Iterable[str], kind: Kind, ports: tuple[int, int] = PORTS) -> Packets:
    """Return the packets of those CIDR blocks that are of the kind's IP version."""
    found = [block(cidr, ports) for cidr in cidrs]
    return tuple(box for version, box in filter(None, found) if version == kind.version)


def meet(one: Packets, other: Packets) -> Packets:
    """Return the packets in both."""
    found = (_both(a, b) for a in one for b in other)
    return tuple(dict.fromkeys(box for box in found if box))


def _both(a: Box, b: Box) -> Box | None:
    low, high = max(a.low, b.low), min(a.high, b.high)
    first, last = max(a.first, b.first), min(a.last, b.last)
    return Box(low, high, first, last) if low <= high and first <= last else None


def without(one: Packets, other: Packets) -> Packets:
    """Return the packets of ``one`` that are not in ``other``."""
    left = list(one)
    for b in other:
        left = [piece for a in left for piece in _pieces(a, b)]
    return tuple(left)


def _pieces(a: Box, b: Box) -> Iterable[Box]:
    """Cut a box out of another: what is below, above, before and after it remains."""
    both = _both(a, b)
    if both is None:
        yield a
        return
    if a.low < both.low:
        yield Box(a.low, both.low - 1, a.first, a.last)
    if both.high < a.high:
        yield Box(both.high + 1, a.high, a.first, a.last)
    if a.first < both.first:
        yield Box(both.low, both.high, a.first, both.first - 1)
    if both.last < a.last:
        yield Box(both.low, both.high, both.last + 1, a.last)


def on(packets: Packets, port: int) -> Packets:
    """Return the packets on one port."""
    return tuple(
        Box(box.low, box.high, port, port) for box in packets if box.first <= port <= box.last
    )


def answered(back: Packets, kind: Kind, *, hope: bool) -> Packets:
    """Return the packets whose far end may answer, where ``back`` is what gets in again.

    Answers come to any ephemeral port: all of them must get in, or (``hope``) some.
    """
    area = (Box(*kind.addresses, *EPHEMERAL),)
    if hope:
        return _any_port(meet(area, back))
    refused = _any_port(without(area, back))
    return without(everything(kind), refused)


def _any_port(packets: Packets) -> Packets:
    return tuple(dict.fromkeys(Box(box.low, box.high, *PORTS) for box in packets))


def any_address(packets: Packets, area: Packets, kind: Kind, *, hope: bool) -> Packets:
    """Return the ports, to or from any address, on which packets hold an area's addresses.

    All of the area's addresses, or (``hope``) some of them.
    """
    low, high = kind.addresses
    found = meet(area, packets) if hope else without(area, packets)
    ports = tuple(dict.fromkeys(Box(low, high, box.first, box.last) for box in found))
    return ports if hope else without(everything(kind), ports)


def covers(packets: Packets, area: Packets, *, hope: bool) -> bool:
    """Tell whether all of an area is among the packets, or (``hope``) some of it."""
    return bool(meet(area, packets)) if hope else not without(area, packets)


def ports(packets: Packets) -> str:
    """Return the ports in words: ``any port``, ``port 443``, ``ports 80, 1024-65535``."""
    ranges: list[tuple[int, int]] = []
    for first, last in sorted({(box.first, box.last) for box in packets}):
        if ranges and first <= ranges[-1][1] + 1:
            ranges[-1] = ranges[-1][0], max(last, ranges[-1][1])
        else:
            ranges.append((first, last))
    if PORTS in ranges:
        return "any port"
    shown = [str(a) if a == b else f"{a}-{b}" for a, b in ranges]
    single = len(ranges) == 1 and ranges[0][0] == ranges[0][1]
    return f"port {shown[0]}" if single else f"ports {', '.join(shown)}"
