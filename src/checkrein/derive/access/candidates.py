"""Which resources an identity's statements can be about at all: a sieve before the policy engine.

An ARN's *head* is its service and the part that names the resource (``dynamodb``, ``table/Rides``).
A statement that names a head is about resources of that head; only wildcards and names that are
not known widen it. The sieve may let too much through, never too little.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from checkrein.catalog.arns import arn_format
from checkrein.iam.symbols import IS_SYMBOL, Symbols
from checkrein.late import regex
from checkrein.model import Grant, Resource, Value

Head = tuple[str, str]  # service, name part
NAME = regex(r"[^/:]*(?:[/:][^/:]+)?")
FIRST = regex(r"[^/:]*")
ALONE = frozenset({"s3", "execute-api"})  # the first part names the resource, no type before it
ARN_PARTS = 6
ALSO = {  # prefixes of actions on resources whose ARNs name another service
    "rds-data": ("rds",),
    "rds-db": ("rds",),
    "neptune-db": ("rds",),
    "elasticfilesystem": ("efs",),
    "apigateway": ("execute-api",),
    "execute-api": ("apigateway",),
    "kinesisanalytics": ("kinesis-analytics",),
    "cognito-sync": ("cognito-identity",),
    "serverlessrepo": ("lambda",),
    "cloudfront-keyvaluestore": ("cloudfront",),
    "ec2-instance-connect": ("ec2",),
    "kafka-cluster": ("kafka",),
    "redshift-data": ("redshift",),
    "ssm": ("ec2",),
    "sts": ("iam",),
}


class Candidates:
    """The resources of one deployment, by the heads of their ARNs."""

    def __init__(
        self,
        members: Iterable[Resource],
        arns: Callable[[Resource], tuple[str, ...]],
        symbols: Symbols,
    ) -> None:
        self._symbols = symbols
        self._arns = arns
        self._members = list(members)
        self._by_id = {resource.id: resource for resource in self._members}
        positions = {id: position for position, id in enumerate(self._by_id)}
        self._order = lambda resource: positions[resource.id]
        self._by_head: defaultdict[Head, set[str]] = defaultdict(set)
        self._by_service: defaultdict[str, set[str]] = defaultdict(set)
        self._vague: defaultdict[str, set[str]] = defaultdict(set)  # may be any of a service
        self._unnamed: defaultdict[str, set[str]] = defaultdict(set)  # their names are not known
        self._waiting: defaultdict[str, list[Resource]] = defaultdict(list)
        for resource in self._members:
            for service in _services(resource.type):
                self._by_service[service].add(resource.id)
                self._waiting[service].append(resource)

    def _place_all(self, service: str) -> None:
        """Sort in a service's resources, which few statements are about."""
        for resource in self._waiting.pop(service, ()):
            for arn in self._arns(resource):
                self._place(resource.id, arn)

    def _place(self, id: str, arn: str) -> None:
        head = _head(arn)
        if head is None:
            return
        self._by_head[self._same(head)].add(id)
        if self._is_vague(head[1]):
            self._vague[head[0]].add(id)
        elif IS_SYMBOL.search(head[1]):
            self._unnamed[head[0]].add(id)

    def of(
        self,
        grants: Iterable[Grant],
        patterns: Callable[[Value], tuple[str, ...]],
        named: Iterable[str] = (),
    ) -> Iterator[Resource]:
        """Yield the resources that some Allow may be about, in the deployment's order.

        ``named`` are those whose own policies speak of the identity.
        """
        found = set(named)
        for grant in grants:
            if grant.effect == "Allow":
                found |= self._of_grant(grant, patterns)
        yield from sorted((self._by_id[id] for id in found if id in self._by_id), key=self._order)

    def _of_grant(self, grant: Grant, patterns: Callable[[Value], tuple[str, ...]]) -> set[str]:
        if grant.not_resources or not grant.resources:
            return self._services(grant)
        found: set[str] = set()
        for value in grant.resources:
            for pattern in patterns(value):
                found |= self._of_pattern(pattern, grant)
        return found

    def _services(self, grant: Grant) -> set[str]:
        """Return what the actions' services hold; everything where an action may be any."""
        prefixes = {action.partition(":")[0].lower() for action in grant.actions}
        if grant.not_actions or any(not prefix.replace("-", "").isalnum() for prefix in prefixes):
            return {resource.id for resource in self._members}
        services = {service for prefix in prefixes for service in (prefix, *ALSO.get(prefix, ()))}
        return {id for service in services for id in self._by_service.get(service, ())}

    def _of_pattern(self, pattern: str, grant: Grant) -> set[str]:
        head = _head(pattern)
        if head is None or head[0] not in self._by_service:
            return self._services(grant)
        service, name = head
        if self._is_vague(name):
            return self._by_service[service]
        self._place_all(service)
        found = self._by_head.get(self._same(head), set()) | self._vague[service]
        # a literal name may be that of a resource whose name is not known
        return found if IS_SYMBOL.search(name) else found | self._unnamed[service]

    def _same(self, head: Head) -> Head:
        """Return a head in which all symbols of one resource are the same."""
        identity = self._symbols.identity
        return head[0], IS_SYMBOL.sub(lambda found: identity(found[0]) or found[0], head[1])

    def _is_vague(self, name: str) -> bool:
        """Tell whether a name part has wildcards or symbols that name no resource."""
        symbols = IS_SYMBOL.findall(name)
        return any(c in name for c in "*?") or not all(map(self._symbols.identity, symbols))


@cache
def _services(cfn_type: str) -> tuple[str, ...]:
    """Return the services that a type's ARNs name."""
    heads = filter(None, map(_head, arn_format(cfn_type)))
    return tuple(dict.fromkeys(service for service, _ in heads))


def _head(arn: str) -> Head | None:
    parts = arn.split(":", ARN_PARTS - 1)
    if len(parts) < ARN_PARTS or parts[0] != "arn" or "*" in parts[2] or "?" in parts[2]:
        return None
    part = (FIRST if parts[2] in ALONE else NAME).match(parts[5])
    return parts[2], part[0] if part else ""
