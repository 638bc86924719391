"""VPC endpoints: which service each leads to, and from which subnets.

Sources: AWS's documentation of gateway endpoints (they serve the subnets of their route tables)
and of interface endpoints (network interfaces with security groups, inside the VPC).
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.derive.network.acls import passing
from checkrein.derive.network.interfaces import TCP, Inside, connects, inside
from checkrein.derive.network.packets import HTTPS, covers, meet, on
from checkrein.derive.network.routes import public, tables
from checkrein.derive.network.view import View
from checkrein.late import regex
from checkrein.model import Resource, Symbol, Value
from checkrein.model.values import SPECIAL, alternatives, substitute

TYPE = "AWS::EC2::VPCEndpoint"
NAME = regex(r"(?:cn\.)?com\.amazonaws\.[^.]+\.(?P<name>.+)")
FOREIGN = regex(r"(?:cn\.)?com\.amazonaws\.vpce\..+")
PREFIXES = {  # names of endpoints that are not the prefix of the service's actions
    "bedrock-agent": "bedrock",
    "bedrock-agent-runtime": "bedrock",
    "bedrock-runtime": "bedrock",
    "email-smtp": "ses",
    "email": "ses",
    "kinesis-firehose": "firehose",
    "kinesis-streams": "kinesis",
    "monitoring": "cloudwatch",
    "redshift-serverless": "redshift-serverless",
    "s3-global": "s3",
    "sync-states": "states",
}
ANY = ""  # the service of an endpoint that is not known


def service(endpoint: Resource) -> str | None:
    """Return the prefix of the actions of the service that an endpoint leads to.

    "" where that is not known; None where it leads to a service that somebody else runs.
    """
    name = endpoint.value("ServiceName")
    options = alternatives(name)
    if len(options) != 1:
        return ANY
    text = substitute(name, _region)
    if not isinstance(text, str):
        return None if isinstance(text, SPECIAL) and "vpce" in str(text) else ANY
    if FOREIGN.fullmatch(text):
        return None
    found = NAME.fullmatch(text)
    return _prefix(found["name"]) if found else ANY


def _region(symbol: Symbol) -> Value:
    return "region" if symbol.attribute != "URLSuffix" else "amazonaws.com"


def _prefix(name: str) -> str:
    first = name.partition(".")[0]
    return PREFIXES.get(name) or PREFIXES.get(first) or first.removesuffix("-fips")


def reached(source: Inside, deployment: str) -> Iterator[Resource]:
    """Yield the endpoints of a deployment that a function's interfaces can use."""
    view = source.view
    for endpoint in view.ground.every(TYPE, deployment):
        if view.has(endpoint) and _usable(source, endpoint):
            yield endpoint


def _usable(source: Inside, endpoint: Resource) -> bool:
    type = endpoint.value("VpcEndpointType") or "Gateway"
    if type == "Gateway":
        return any(_routed(source, subnet, endpoint) for subnet in source.subnets)
    if type == "Interface":
        key = ("endpoint", endpoint.id)
        target = source.view.remember(key, lambda: _interfaces(source.view, endpoint))
        return connects(source, target, HTTPS)
    return False


def _interfaces(view: View, endpoint: Resource) -> Inside:
    """Return an endpoint's interfaces; without groups it has its VPC's own."""
    groups = endpoint.value("SecurityGroupIds")
    vpcs = view.resources(endpoint.value("VpcId"), "AWS::EC2::VPC")
    if not groups:
        groups = [Symbol(vpc.id, "DefaultSecurityGroup") for vpc in vpcs]
    return inside(view, endpoint.value("SubnetIds"), groups)


def _routed(source: Inside, subnet: Resource, endpoint: Resource) -> bool:
    """Tell whether a gateway endpoint serves a subnet, and what guards it lets HTTPS out."""
    view = source.view
    given = endpoint.value("RouteTableIds")
    if not given:
        return False
    chosen = tables(view, subnet)
    named = set(view.ground.keys(given))
    unknown = not view.all_named(given)
    if chosen is None:
        served = view.hope
    else:
        served = all(table in named for table in chosen) or (
            view.hope and (unknown or bool(named & set(chosen)))
        )
    area = on(public(TCP), HTTPS)
    let = meet(source.groups.sends(TCP), passing(view, subnet, TCP))
    return served and covers(let, area, hope=view.hope)
