"""What depends on what around a resource: what configures it, what starts it, what it holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from checkrein.checks.exposure import Exposure, exposure
from checkrein.checks.questions import grouped, treasures
from checkrein.model import (
    App,
    Change,
    Deployment,
    Entry,
    Fix,
    Path,
    Place,
    Resource,
    Row,
    Stack,
    Symbol,
    Value,
)
from checkrein.model.asking import of_app
from checkrein.model.values import alternatives, symbols
from checkrein.model.workloads import LAMBDA

TERRAFORM = "Terraform"  # the notation of a stack that Terraform or OpenTofu deploys
PHYSICAL = (  # properties that give a resource the name by which others may call it
    *("BucketName", "TableName", "QueueName", "TopicName", "FunctionName", "LogGroupName"),
    *("StateMachineName", "UserPoolName", "Name", "AliasName", "ClusterName", "DomainName"),
)


def kept(app: App, id: str) -> list[str]:
    """Return the valuable classes that a node is meant to hold or does hold, the worst first.

    None where the node has no row: a key, a policy, an authorizer hold nothing of their own.
    """
    row = app.get(Row, id)
    return treasures(app, row) if row is not None else []


def is_public(app: App, id: str) -> bool:
    """Tell whether somebody without credentials can make something happen to a node."""
    return exposure(app, id) is Exposure.ANYONE


def is_reachable(app: App, id: str) -> bool:
    """Tell whether somebody outside, signed in or not, can make something happen to a node."""
    return exposure(app, id) is not Exposure.INSIDE


def starts(app: App, function: str) -> list[Entry]:
    """Return the ways into a function."""
    return grouped(app, Entry, "function").get(function, [])


def asynchronous(app: App, function: str) -> list[Entry]:
    """Return the ways into a function after which nobody waits for an answer: events can be lost.

    Queues and streams are not among them: these keep an event until it was handled.
    """
    return [entry for entry in starts(app, function) if entry.asynchronous]


def writes_temporary_only(app: App, function: str) -> bool:
    """Tell whether code can write nothing but temporary files: in Lambda; a container's can."""
    resource = app.get(Resource, function)
    return resource is None or resource.type == LAMBDA


def resources(app: App, *types: str) -> list[Resource]:
    """Return the resources of some types."""
    by_type = grouped(app, Resource, "type")
    return [found for type in types for found in by_type.get(type, [])]


def owners(app: App, value: Value) -> set[str]:
    """Return the ids of the resources that a value names: by Ref, GetAtt, a link, or their name.

    Parameters that are joined to another stack's resource count as that resource.
    """
    found: set[str] = set()
    for symbol in symbols(value):
        target = _links(app).get(symbol)
        found |= {inner.owner for inner in symbols(target)} if target else {symbol.owner}
    for option in alternatives(value):
        if isinstance(option, str):
            found |= _named(app).get(option, set())
    return found


def refers(app: App, value: Value, id: str) -> bool:
    """Tell whether a value names a resource."""
    return id in owners(app, value)


def configuring(app: App, id: str, type: str, path: str) -> list[Resource]:
    """Return the resources of a type that name a resource at a path: what is set from beside it.

    ``configuring(app, bucket.id, "AWS::S3::BucketPolicy", "Bucket")``.
    """
    return _configuring(app, type, path).get(id, [])


@of_app
def _configuring(app: App, type: str, path: str) -> Mapping[str, list[Resource]]:
    found: dict[str, list[Resource]] = {}
    for each in resources(app, type):
        for owner in owners(app, each.value(path)):
            found.setdefault(owner, []).append(each)
    return found


def together(app: App, one: Resource, other: Resource) -> bool:
    """Tell whether two resources belong to one application: they are deployed together."""
    deployed = _deployed(app)
    return one.stack == other.stack or deployed.get(one.stack, "") == deployed.get(other.stack)


@of_app
def _deployed(app: App) -> Mapping[str, str]:
    return {stack: found.id for found in app.every(Deployment) for stack in found.stacks}


def is_open(value: Value) -> bool:
    """Tell whether nobody here can see a value: it is symbolic or chosen, not absent."""
    return value is not None and not isinstance(value, (str, int, float, bool, list, dict))


def is_terraform(app: App, resource: Resource) -> bool:
    """Tell whether Terraform or OpenTofu makes a resource, which know no stacks."""
    stack = app.get(Stack, resource.stack)
    return stack is not None and stack.notation == TERRAFORM


def parameter(stack: Stack) -> str:
    """Return what that is called which is given to a stack, or to a configuration of Terraform."""
    return "variable" if stack.notation == TERRAFORM else "parameter"


def place_of(resource: Resource, path: str | Path) -> Place:
    """Return where a property stands, or the resource's own place if nobody wrote it."""
    return resource.where(path) if resource.value(path) is not None else resource.place


def absent(resource: Resource, *paths: str) -> bool:
    """Tell whether a resource leaves all of some properties out."""
    return all(resource.value(path) is None for path in paths)


def set_fix(
    resource: Resource,
    changes: Iterable[tuple[str | Path, Any]],
    title: str,
    *,
    safe: bool = False,
) -> Fix:
    """Return the fix that sets several properties, where the user wrote the resource."""
    made = []
    for path, value in changes:
        origin = resource.origin(path)
        made.append(Change(origin.resource, origin.path, "set", value))
    return Fix(title, safe, tuple(made))


def remove_fix(resource: Resource, path: str | Path, title: str, *, safe: bool = False) -> Fix:
    """Return the fix that removes a property or an item of a list."""
    origin = resource.origin(path)
    return Fix(title, safe, (Change(origin.resource, origin.path, "remove"),))


def beside(
    resource: Resource,
    suffix: str,
    made: tuple[str, dict[str, Any]],
    title: str,
    *,
    safe: bool = False,
) -> Fix:
    """Return the fix that adds a resource next to one: of a type, with properties.

    ``beside(bucket, "Policy", ("AWS::S3::BucketPolicy", {"Bucket": ref(bucket)}), "…")``; it is
    named after the resource that the user wrote.
    """
    written = resource.origin(()).resource
    type, properties = made
    change = Change(f"{written}{suffix}", (), "add", {"Type": type, "Properties": properties})
    return Fix(title, safe, (change,))


def ref(resource: Resource, attribute: str = "Ref") -> Symbol:
    """Return the symbol that names a resource, or one of its attributes."""
    return Symbol(resource.id, attribute)


@of_app
def _links(app: App) -> dict[Symbol, Value]:
    """Return what parameters are joined to, by their symbols."""
    return dict(_linked(app))


def _linked(app: App) -> Iterator[tuple[Symbol, Value]]:
    for deployment in app.every(Deployment):
        for link in deployment.links:
            stack, _, parameter = link.parameter.rpartition(".")
            yield Symbol(f"{stack}@parameter", parameter), link.target


@of_app
def _named(app: App) -> dict[str, set[str]]:
    """Return the resources by the names that the template gives them."""
    found: dict[str, set[str]] = {}
    for resource in app.every(Resource):
        for property in PHYSICAL:
            name = resource.properties.get(property)
            if isinstance(name, str):
                found.setdefault(name, set()).add(resource.id)
    return found
