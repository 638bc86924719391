"""What keeps out or holds back besides policies: filters, scopes, networks, pools, as lines."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from checkrein.derive.entrances.entries import is_off
from checkrein.derive.network.endpoints import service
from checkrein.derive.network.ways import Grade, Network
from checkrein.derive.stacks.directory import Directory
from checkrein.derive.surface.told import Told
from checkrein.derive.surface.wording import joined, rendered, said, under
from checkrein.errors import InputError
from checkrein.iam.documents import statements
from checkrein.model import App, Entry, Evidence, Function, Kind, Path, Resource, Undecided, Value
from checkrein.model.surface import BUT, EVERYTHING

FILTERS: dict[str, tuple[Path, ...]] = {  # types that hand on only what a pattern matches
    "AWS::Lambda::EventSourceMapping": (("FilterCriteria", "Filters"),),
    "AWS::Pipes::Pipe": (("SourceParameters", "FilterCriteria", "Filters"),),
    "AWS::SNS::Subscription": (("FilterPolicy",),),
    "AWS::Events::Rule": (("EventPattern",),),
    "AWS::Events::Archive": (("EventPattern",),),
    "AWS::Logs::SubscriptionFilter": (("FilterPattern",),),
}
GROUP = "AWS::EC2::SecurityGroup"
SOURCES = (
    "CidrIp", "CidrIpv6", "SourceSecurityGroupId", "SourceSecurityGroupName",
    "SourcePrefixListId",
)  # fmt: skip
PUBLIC = {  # types that may have an address on the internet, and the property that says so
    "AWS::RDS::DBInstance": "PubliclyAccessible",
    "AWS::Redshift::Cluster": "PubliclyAccessible",
    "AWS::DMS::ReplicationInstance": "PubliclyAccessible",
}


def limits(app: App, directory: Directory) -> Iterator[Told]:
    """Yield what keeps people, data and packets out, and who gets past pools and groups."""
    yield from scopes(app)
    yield from networks(app, directory)
    for resource in directory.resources.values():
        if is_off(resource):
            said = Evidence(f"{resource.name} is switched off", resource.place)
            yield Told(Kind.DENIAL, resource.id, "filter", (EVERYTHING,), (said,))
        else:
            for path in FILTERS.get(resource.type, ()):
                yield from _filtered(resource, path)
        reader = READERS.get(resource.type)
        if reader:
            yield from reader(directory, resource)
        if resource.value(PUBLIC.get(resource.type, "-")) not in {None, False}:
            yield Told(Kind.ENTRY, resource.id, "network", ("@anyone",), resource.evidence)


def scopes(app: App) -> Iterator[Told]:
    """Yield the scopes that routes ask of a caller's token, of which one is enough."""
    for entry in app.every(Entry):
        if entry.scopes:
            key = f"{entry.source} {entry.route}"
            value = f"{BUT}tokens of {rendered(list(entry.scopes))}"
            yield Told(Kind.DENIAL, entry.function, key, (value,), entry.evidence)


def networks(app: App, directory: Directory) -> Iterator[Told]:
    """Yield what functions' networks keep from them for certain."""
    network = Network(directory)
    for function in app.every(Function):
        resource = directory.resources.get(function.id)
        if resource is None or not any(a.inside for a in network.attachments(resource)):
            continue
        way = network.internet(resource)
        if way.grade is Grade.NO:
            known = {service(end) or end.id for end, _ in network.endpoints(resource)}
            aws = f"AWS{' but ' + joined(known) if known else ''}"
            values = ("the internet", aws)
            yield Told(Kind.DENIAL, function.id, "network", values, way.steps)


def _filtered(resource: Resource, path: Path) -> Iterator[Told]:
    """Yield what a pattern keeps back: a value for each requirement, or one for alternatives."""
    value = _read(resource.value(path))
    if value in (None, "", [], {}):
        return
    patterns = [_read(_pattern(each)) for each in (value if isinstance(value, list) else [value])]
    listed = [sorted(_requirements(pattern)) for pattern in patterns]
    words = listed[0] if len(listed) == 1 else [" or ".join(sorted(map(joined, listed)))]
    evidence = Evidence(f"{resource.name} hands on only a part", resource.where(path))
    yield Told(Kind.DENIAL, resource.id, "filter", tuple(BUT + each for each in words), (evidence,))


def _pattern(each: Value) -> Value:
    return each.get("Pattern") if isinstance(each, dict) and "Pattern" in each else each


def _read(value: Value) -> Value:
    """Return a pattern as a structure; one that is no JSON stays text."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _requirements(pattern: Value, path: str = "") -> Iterator[str]:
    if isinstance(pattern, dict) and pattern:
        for key, below in pattern.items():
            yield from _requirements(below, f"{path}.{key}" if path else str(key))
    else:
        yield f"{path} {_alternatives(pattern)}".strip()


def _alternatives(value: Value) -> str:
    listed = value if isinstance(value, list) else [value]
    return " or ".join(sorted(map(_plain, listed)))


def _plain(value: Any) -> str:
    return json.dumps(value, sort_keys=True) if isinstance(value, (dict, list)) else str(value)


def _pool(_: Directory, pool: Resource) -> Iterator[Told]:
    """Yield who may sign up by themselves."""
    setting = ("AdminCreateUserConfig", "AllowAdminCreateUserOnly")
    if pool.value(setting) not in {True, "true"}:
        evidence = Evidence(f"people sign up to {pool.name} by themselves", pool.where(setting))
        yield Told(Kind.ENTRY, pool.id, "sign-up", ("@anyone",), (evidence,))


def _client(directory: Directory, client: Resource) -> Iterator[Told]:
    """Yield which attributes people may write of themselves; without a list, all standard ones."""
    written = client.value("WriteAttributes")
    values = tuple(map(str, written)) if isinstance(written, list) else ("every standard one",)
    deployment = directory.deployment(client.id)
    for pool in directory.find(client.value("UserPoolId"), deployment):
        evidence = (Evidence("who signed in may write them", client.where("WriteAttributes")),)
        yield Told(Kind.RIGHT, client.id, f"{pool} write", values, evidence)


def _endpoint(directory: Directory, endpoint: Resource) -> Iterator[Told]:
    """Yield what an endpoint's policy lets through; without one, everything."""
    document = endpoint.value("PolicyDocument")
    if not isinstance(document, (dict, str)) or not document:
        return
    try:
        found = statements(document)
    except (InputError, Undecided):
        return
    words = [
        under(
            f"{each.effect.lower()} {rendered(list(each.actions or each.not_actions))} on "
            f"{joined(str(directory.canonical(one)) for one in each.resources)}",
            said(each.conditions),
        )
        for each in found
    ]
    evidence = Evidence(f"{endpoint.name} has a policy", endpoint.where("PolicyDocument"))
    value = f"{BUT}what its policy says: {joined(words)}"
    yield Told(Kind.DENIAL, endpoint.id, "policy", (value,), (evidence,))


def _group(directory: Directory, group: Resource) -> Iterator[Told]:
    """Yield who may connect to what a security group guards."""
    listed = group.value("SecurityGroupIngress")
    for index, rule in enumerate(listed if isinstance(listed, list) else []):
        if isinstance(rule, dict):
            place = group.where(("SecurityGroupIngress", index))
            evidence = Evidence(f"{group.name} lets in connections", place)
            yield from _connections(directory, group.id, rule, evidence)


def _ingress(directory: Directory, rule: Resource) -> Iterator[Told]:
    deployment = directory.deployment(rule.id)
    group = rule.value("GroupId") or rule.value("GroupName")
    for id in directory.find(group, deployment, (GROUP,)) or (str(group),):
        evidence = Evidence(f"{rule.name} lets in connections", rule.place)
        yield from _connections(directory, id, rule.properties, evidence)


def _connections(
    directory: Directory, group: str, rule: Mapping[str, Value], evidence: Evidence
) -> Iterator[Told]:
    ports = [str(rule[end]) for end in ("FromPort", "ToPort") if rule.get(end) is not None]
    key = " ".join(["connections", str(rule.get("IpProtocol", "")), "-".join(dict.fromkeys(ports))])
    for name in SOURCES:
        if rule.get(name) is not None:
            who = str(directory.canonical(rule[name]))
            yield Told(Kind.ENTRY, group, key.strip(), (who,), (evidence,))


READERS = {
    "AWS::Cognito::UserPool": _pool,
    "AWS::Cognito::UserPoolClient": _client,
    "AWS::EC2::VPCEndpoint": _endpoint,
    GROUP: _group,
    "AWS::EC2::SecurityGroupIngress": _ingress,
}
