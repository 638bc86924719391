"""Who answers to which name: from any value that addresses something to the resources it means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cache, wraps
from itertools import chain
from operator import itemgetter
from typing import Any, TypeVar

from checkrein.catalog import arns
from checkrein.derive.stacks.offers import Exports
from checkrein.detect.own import Own
from checkrein.late import regex
from checkrein.model import App, Decision, Deployment, Resource, Stack, Symbol, Text, Value
from checkrein.model.values import alternatives, substitute, symbols

FOLLOW = {  # a resource that stands for another, and the property that says which
    "AWS::Lambda::Version": "FunctionName",
    "AWS::Lambda::Alias": "FunctionName",
    "AWS::Lambda::Url": "TargetFunctionArn",
    "AWS::KMS::Alias": "TargetKeyId",
    "AWS::ApiGateway::Stage": "RestApiId",
    "AWS::ApiGateway::Deployment": "RestApiId",
    "AWS::ApiGatewayV2::Stage": "ApiId",
    "AWS::SecretsManager::SecretTargetAttachment": "SecretId",
}
SEGMENT = regex(r"(?:\$\{[^}]*\}|[^:/])+")  # of an ARN or URL; ids in symbols have slashes
NAMES = frozenset({"Ref", "QueueName", "TopicName", "Name"})
# A template that writes ``arn:aws:`` is meant for that partition, so its symbol means the same.
KNOWN = {Symbol("@aws", "Partition"): "aws", Symbol("@aws", "URLSuffix"): "amazonaws.com"}

OWN = Own()  # a team that says nothing
T = TypeVar("T")


def directory_of(app: App) -> Directory:
    """Return the directory of an app that is derived: its resources, its deployments."""
    stacks = {stack: found.id for found in app.every(Deployment) for stack in found.stacks}
    exports = Exports(app.every(Stack))
    return Directory(app.every(Resource), stacks, Own(app.every(Decision)), exports=exports)


def once(make: Callable[[Directory], T]) -> Callable[[Directory], T]:
    """Return a function whose answer is found once for each directory.

    For what follows from a directory alone and several steps ask for.
    """

    @wraps(make)
    def found(directory: Directory) -> T:
        if make not in directory.known:
            directory.known[make] = make(directory)
        known: T = directory.known[make]
        return known

    return found


class Directory:
    """All resources by id, by deployment, by type and by physical name; none is added later."""

    def __init__(
        self,
        resources: Iterable[Resource],
        deployments: Mapping[str, str],
        own: Own = OWN,
        usual: Mapping[str, bool] | None = None,
        exports: Exports | None = None,
    ) -> None:
        """``deployments`` maps stacks' ids to their deployments'; ``own`` is what a team names.

        ``usual`` tells which conditions of templates hold by the defaults of their parameters,
        ``exports`` are those of all stacks.
        """
        self.own = own
        self.usual = usual or {}
        self._exports = exports
        self.resources = {resource.id: resource for resource in resources}
        self.known: dict[Any, Any] = {}  # what ``once`` found
        self._deployments = {
            resource.id: deployments.get(resource.stack, resource.stack)
            for resource in self.resources.values()
        }
        self._members: defaultdict[str, list[Resource]] = defaultdict(list)
        self._types: defaultdict[str, list[tuple[int, Resource]]] = defaultdict(list)
        self._names: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for position, resource in enumerate(self.resources.values()):
            self._members[self._deployments[resource.id]].append(resource)
            self._types[resource.type].append((position, resource))
        self._naming: set[str] = set()
        self._physical: dict[str, Value] = {}
        self._arns: dict[str, tuple[Value, ...]] = {}
        self.canonical_reference = cache(self._canonical_reference)
        for resource in self.resources.values():
            for name in alternatives(self.physical_name(resource)):
                if not (isinstance(name, Symbol) and name.owner in self.resources):
                    key = self.deployment(resource.id), str(self.canonical(name))
                    self._names[key].append(resource.id)

    def deployment(self, resource: str) -> str:
        """Return the deployment of a resource's id; ``""`` for what no stack holds."""
        return self._deployments.get(resource, "")

    def is_elsewhere(self, symbol: Symbol) -> bool:
        """Tell whether a symbol surely names none of these resources: no stack exports it."""
        return self._exports is not None and self._exports.lack(symbol)

    def members(self, deployment: str) -> list[Resource]:
        """Return the resources of a deployment."""
        return self._members.get(deployment, [])

    @property
    def deployments(self) -> Iterable[str]:
        """The deployments that have resources, each once."""
        return self._members.keys()

    @property
    def types(self) -> Iterable[str]:
        """The CloudFormation types of all resources, each once."""
        return self._types.keys()

    def of_type(self, *types: str) -> list[Resource]:
        """Return the resources of some CloudFormation types, in the order of all."""
        known = chain.from_iterable(self._types.get(type, ()) for type in {*types})
        return [resource for _, resource in sorted(known, key=itemgetter(0))]

    def physical_name(self, resource: Resource) -> Value:
        """Return the value that names the resource when deployed, or its Ref where it is given."""
        if resource.is_undeclared:
            return resource.called
        found = self._physical.get(resource.id)
        if found is None:
            property = arns.name_property(resource.type)
            value = resource.value((property,)) if property else None
            named = isinstance(value, (str, Symbol, Text)) and value != ""
            found = self._physical[resource.id] = value if named else Symbol(resource.id, "Ref")
        return found

    def canonical(self, value: Value) -> Value:
        """Return the value with references replaced by physical names and whole ARNs."""
        return substitute(value, self.canonical_reference)

    def _canonical_reference(self, symbol: Symbol) -> Value | None:
        if symbol.owner == "@aws":
            return KNOWN.get(symbol)
        resource = self.resources.get(symbol.owner)
        if resource is None:
            return None
        name = self.name(resource)
        arn = arns.attribute_arn(resource.type, symbol.attribute, name)
        if arn is not None:
            return arn
        return name if symbol.attribute in NAMES and name != symbol else None

    def name(self, resource: Resource) -> Value:
        """Return a resource's physical name, references in it resolved (not through a cycle)."""
        name = self.physical_name(resource)
        if not isinstance(name, Text) or resource.id in self._naming:
            return name
        self._naming.add(resource.id)
        try:
            return self.canonical(name)
        finally:
            self._naming.discard(resource.id)

    def arns(self, resource: Resource) -> tuple[Value, ...]:
        """Return the ARNs of a resource and its parts as values, canonical."""
        found = self._arns.get(resource.id)
        if found is None:
            found = arns.resource_arns(resource.type, self.name(resource))
            self._arns[resource.id] = found
        return found

    def find(self, value: Value, deployment: str, prefix: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Return the ids of the resources that a value addresses, in order, without repeats.

        ``prefix`` keeps only resources of the given CloudFormation types.
        """
        found: dict[str, None] = {}
        for option in alternatives(value):
            for id in self._find(option, deployment):
                followed = self.follow(id)
                if not prefix or self.resources[followed].type in prefix:
                    found[followed] = None
        return tuple(found)

    def follow(self, id: str) -> str:
        """Return the resource that an alias, version, URL or stage stands for."""
        resource = self.resources[id]
        if resource.type not in FOLLOW:
            return id
        for symbol in symbols(resource.value(FOLLOW[resource.type])):
            if symbol.owner in self.resources and symbol.owner != id:
                return self.follow(symbol.owner)
        return id

    def _find(self, value: Value, deployment: str) -> list[str]:
        if isinstance(value, str):
            return self._named(value, deployment)
        owners = [s.owner for s in symbols(value) if s.owner in self.resources]
        if owners:
            return owners
        if isinstance(value, (Text, Symbol)):
            return self._named(str(self.canonical(value)), deployment)
        return []

    def _named(self, name: str, deployment: str) -> list[str]:
        exact = self._names.get((deployment, name))
        if exact:
            return exact
        if name.startswith(("arn:", "http://", "https://")):
            for segment in SEGMENT.findall(name)[::-1]:
                found = self._names.get((deployment, segment))
                if found:
                    return found
        return []
