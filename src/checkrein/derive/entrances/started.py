"""Ways into containers: what balances requests to them, and what starts them.

A request comes from a listener through a target group to the service that registers its tasks
there, or from an API through a private link to a listener or a registered name. Rules, schedules,
pipes and state machines start tasks and jobs. A worker that only polls has no way in: it takes
from what it reads.

Source: the CloudFormation reference of each type.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from checkrein.derive.entrances.authorizers import ANYONE, dictionary
from checkrein.derive.entrances.balancers import balanced_identity, is_internal, listeners_of
from checkrein.derive.entrances.entry import entry
from checkrein.derive.entrances.private import NETWORK
from checkrein.derive.stacks.directory import Directory, once
from checkrein.model import Entry, Path, Resource, Value
from checkrein.model.values import alternatives, symbols
from checkrein.model.workloads import CODE_TYPES, LAMBDA, TASK

CONTAINED = tuple(sorted(CODE_TYPES - {LAMBDA}))
SERVICE, GROUP = "AWS::ECS::Service", "AWS::ElasticLoadBalancingV2::TargetGroup"
WORLD = ("0.0.0.0/0", "::/0")
UNKNOWN = "elasticloadbalancing.amazonaws.com"  # a balancer that is in no template here
HOPS = 2  # a network balancer before an application balancer
INSIDE = "internal"  # the kind of a way in that only the network around has


def service_entries(directory: Directory, service: Resource) -> Iterator[Entry]:
    """Yield the ways into a service's tasks: through balancers, or straight from the internet."""
    deployment = directory.deployment(service.id)
    tasks = directory.find(service.value("TaskDefinition"), deployment, (TASK,))
    balanced = _items(service.value("LoadBalancers"))
    for task in tasks:
        for index, item in enumerate(balanced):
            at: Path = ("LoadBalancers", index)
            for group in directory.find(dictionary(item).get("TargetGroupArn"), deployment):
                yield _balanced(directory, task, directory.resources[group], service, at)
        if not balanced and _is_open(directory, service):
            at = ("NetworkConfiguration",)
            yield entry(task, "http", ANYONE, service, at=at, said="lets the internet connect to")


def _balanced(
    directory: Directory, task: str, group: Resource, service: Resource, at: Path
) -> Entry:
    kind, identity = "http", balanced_identity(directory, group, unknown=UNKNOWN)
    if is_internal(directory, group):
        kind, identity = INSIDE, UNKNOWN
    said = "hands requests to"
    return entry(task, kind, identity, group, origin=group.id, place=service.where(at), said=said)


def own_entries(_: Directory, service: Resource) -> Iterator[Entry]:
    """Yield the way into a service that has an address of its own."""
    public = service.value("NetworkConfiguration.IngressConfiguration.IsPubliclyAccessible")
    if public in (False, "false"):
        yield entry(service.id, INSIDE, NETWORK, service)
    else:
        yield entry(service.id, "http", ANYONE, service)


def behind(directory: Directory, value: Value, deployment: str) -> tuple[str, ...]:
    """Return the tasks that answer for what a value names: a listener, a balancer, a name."""
    found: dict[str, None] = {}
    for id in directory.find(value, deployment):
        found |= dict.fromkeys(_answering(directory).get(id, ()))
    return tuple(found)


@once
def _answering(directory: Directory) -> dict[str, list[str]]:
    """Return the tasks behind each target group, listener, balancer and registered name."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for service in directory.of_type(SERVICE):
        deployment = directory.deployment(service.id)
        tasks = directory.find(service.value("TaskDefinition"), deployment, (TASK,))
        for door in _doors(directory, service, deployment):
            found[door] += tasks
    return found


def _doors(directory: Directory, service: Resource, deployment: str) -> Iterator[str]:
    for item in _items(service.value("LoadBalancers")):
        for group in directory.find(dictionary(item).get("TargetGroupArn"), deployment):
            yield from _before(directory, group, HOPS)
        yield from directory.find(dictionary(item).get("LoadBalancerName"), deployment)
    for item in _items(service.value("ServiceRegistries")):
        yield from directory.find(dictionary(item).get("RegistryArn"), deployment)


def _before(directory: Directory, group: str, hops: int) -> Iterator[str]:
    """Yield what forwards to a target group: listeners, balancers, and balancers before these."""
    yield group
    for listener, balancer in listeners_of(directory, directory.resources[group]):
        yield from (each for each in (listener, balancer) if each)
        for other in directory.members(directory.deployment(group)) if balancer and hops else ():
            named = symbols(other.value("Targets")) if other.type == GROUP else ()
            if any(symbol.owner == balancer for symbol in named):
                yield from _before(directory, other.id, hops - 1)


def _is_open(directory: Directory, service: Resource) -> bool:
    """Tell whether a service's tasks have public addresses that a group lets anybody come to."""
    base = "NetworkConfiguration.AwsvpcConfiguration"
    if service.value(f"{base}.AssignPublicIp") != "ENABLED":
        return False
    deployment = directory.deployment(service.id)
    named = _items(service.value(f"{base}.SecurityGroups"))
    groups = {id for each in named for id in directory.find(each, deployment)}
    own = (directory.resources[id].value("SecurityGroupIngress") for id in groups)
    rules = [rule for listed in own for rule in _items(listed)]
    rules += [
        each.properties
        for each in directory.members(deployment)
        if each.type == "AWS::EC2::SecurityGroupIngress"
        and groups & set(directory.find(each.value("GroupId"), deployment))
    ]
    said = [dictionary(rule) for rule in rules]
    return any(rule.get(name) in WORLD for rule in said for name in ("CidrIp", "CidrIpv6"))


def _items(value: Value) -> Iterable[Value]:
    lists = (option for option in alternatives(value) if isinstance(option, list))
    return next(lists, [])
