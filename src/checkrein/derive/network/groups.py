"""Security groups: allow rules only, answers to what they let out come back by themselves.

Sources: AWS's documentation of security groups and of ``AWS::EC2::SecurityGroup``: without any
egress rule a group gets one that lets everything out; a rule of its own, inline or separate,
takes that one's place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from checkrein.derive.network.packets import (
    PORTS,
    Box,
    Kind,
    Packets,
    blocks,
    covers,
    everything,
    meet,
    on,
)
from checkrein.derive.network.view import View
from checkrein.model import Symbol, Value

GROUP = "AWS::EC2::SecurityGroup"
OUT = ("SecurityGroupEgress", "DestinationSecurityGroupId", "DestinationPrefixListId")
IN = ("SecurityGroupIngress", "SourceSecurityGroupId", "SourcePrefixListId")
PROTOCOLS = {"tcp": "6", "udp": "17"}
ALL_PROTOCOLS = "-1"


class Groups:
    """The security groups of one network interface; none at all are not known."""

    def __init__(self, view: View, value: Value) -> None:
        """``value`` lists the groups as a template does."""
        self.view = view
        items = value if isinstance(value, list) else [value]
        self.keys = tuple(dict.fromkeys(view.ground.keys(items)))
        self.known = bool(items) and view.all_named(items)

    def sends(self, kind: Kind) -> Packets:
        """Return the packets that the groups let out to addresses."""
        return self._by_address(OUT, kind)

    def lets(self, port: int, kind: Kind) -> bool:
        """Tell whether the groups let anything out on a port, to whatever it may be."""
        if not self.known and self.view.hope:
            return True
        return any(on(_ports(rule, kind, self.view), port) for rule in self._rules(OUT))

    def receives(self, kind: Kind) -> Packets:
        """Return the packets that the groups let in from addresses."""
        return self._by_address(IN, kind)

    def connects(self, to: Groups, area: Packets, port: int, kind: Kind) -> bool:
        """Tell whether the groups let out to interfaces with other groups, at some addresses."""
        return self._passes(OUT, to, on(area, port), kind)

    def admits(self, source: Groups, area: Packets, port: int, kind: Kind) -> bool:
        """Tell whether the groups let in from interfaces with other groups, at some addresses."""
        return self._passes(IN, source, on(area, port), kind)

    def _passes(self, way: tuple[str, str, str], far: Groups, area: Packets, kind: Kind) -> bool:
        if not self.known and self.view.hope:
            return True
        for rule in self._rules(way):
            if rule.get(way[1]) is None:
                continue
            named = set(self.view.ground.keys(rule.get(way[1]))) & set(far.keys)
            if named and covers(_ports(rule, kind, self.view), area, hope=self.view.hope):
                return True
            if not far.known and self.view.hope:
                return True
        return covers(self._by_address(way, kind), area, hope=self.view.hope)

    def _by_address(self, way: tuple[str, str, str], kind: Kind) -> Packets:
        if not self.known and self.view.hope:
            return everything(kind)
        return tuple(box for key in self.keys for box in self._of_group(key, way, kind))

    def _of_group(self, key: str, way: tuple[str, str, str], kind: Kind) -> Packets:
        def made() -> Packets:
            rules = _rules(self.view, key, way)
            return tuple(b for rule in rules for b in _addressed(rule, way[2], kind, self.view))

        return self.view.remember(("group", key, way, kind), made)

    def _rules(self, way: tuple[str, str, str]) -> Iterator[dict[str, Any]]:
        for key in self.keys:
            made = partial(_listed_rules, self.view, key, way)
            yield from self.view.remember(("rules", key, way), made)


def _listed_rules(view: View, key: str, way: tuple[str, str, str]) -> list[dict[str, Any]]:
    return list(_rules(view, key, way))


def _rules(view: View, key: str, way: tuple[str, str, str]) -> Iterator[dict[str, Any]]:
    """Yield a group's rules; those that nobody wrote too."""
    vpc_default = "#" in key
    separate = view.referring(f"AWS::EC2::{way[0]}", "GroupId", key)
    inline = [] if vpc_default else view.ground.directory.resources[key].value(way[0])
    listed = view.rules(inline)
    yield from listed or ()
    yield from (resource.properties for resource in separate)
    others = view.other.referring(f"AWS::EC2::{way[0]}", "GroupId", key)
    if way == OUT and not others and _absent(view, inline):
        yield {"IpProtocol": ALL_PROTOCOLS, "CidrIp": "0.0.0.0/0"}
        # documented, but CloudFormation does not add it (its coverage roadmap, issue 2241)
        yield from [{"IpProtocol": ALL_PROTOCOLS, "CidrIpv6": "::/0"}] if view.hope else []
    elif listed is None and view.hope:
        yield {"IpProtocol": ALL_PROTOCOLS, "CidrIp": "0.0.0.0/0"}
        yield {"IpProtocol": ALL_PROTOCOLS, "CidrIpv6": "::/0"}
    if way == IN and vpc_default:  # its members may talk to each other
        yield {"IpProtocol": ALL_PROTOCOLS, way[1]: Symbol(*key.split("#"))}


def _absent(view: View, inline: Value) -> bool:
    """Tell whether a group has no rules of its own, or (hopefully) may have none."""
    found = [not option for option in view.options(inline)]
    return any(found) if view.hope else all(found)


def _listed(value: Value) -> list[Any]:
    return value if isinstance(value, list) else []


def _addressed(rule: dict[str, Any], prefixes: str, kind: Kind, view: View) -> Packets:
    """Return the packets to or from addresses that a rule allows."""
    port_range = _ports(rule, kind, view)
    property = "CidrIp" if kind.version == 4 else "CidrIpv6"  # noqa: PLR2004 - IPv4
    value = rule.get(property)
    if value is not None:
        literal = view.literal(value)
        if literal is None:
            return port_range if view.hope else ()
        return meet(blocks([literal], kind), port_range)
    if rule.get(prefixes) is not None:
        return meet(_prefix_list(view, rule[prefixes], kind), port_range)
    return ()


def _prefix_list(view: View, value: Value, kind: Kind) -> Packets:
    """Return the addresses of a list; AWS's own lists and those of others are not known."""
    lists = view.resources(value, "AWS::EC2::PrefixList")
    if not lists:
        return everything(kind) if view.hope else ()
    entries = [entry for each in lists for entry in _listed(each.value("Entries"))]
    cidrs: Iterable[str | None] = (view.literal(entry.get("Cidr")) for entry in entries)
    return blocks(filter(None, cidrs), kind)


def _ports(rule: dict[str, Any], kind: Kind, view: View) -> Packets:
    """Return a rule's ports, on all addresses; nothing if it is about another protocol."""
    protocol = rule.get("IpProtocol", ALL_PROTOCOLS)
    if not isinstance(protocol, (str, int)):
        return everything(kind) if view.hope else ()
    name = str(protocol).lower()
    if name == ALL_PROTOCOLS:
        return everything(kind)
    if name not in {kind.protocol, PROTOCOLS[kind.protocol]}:
        return ()
    ends = [_number(rule.get(end)) for end in ("FromPort", "ToPort")]
    if any(end is None for end in ends):
        unsaid = rule.get("FromPort") is None and rule.get("ToPort") is None
        return everything(kind) if view.hope or unsaid else ()
    first, last = PORTS if -1 in ends else ends
    return (Box(*kind.addresses, first or 0, last or 0),)


def _number(value: Value) -> int | None:
    try:
        return int(value) if isinstance(value, (str, int)) else None
    except ValueError:
        return None
