"""Classes that stand for one resource each (``CfnTable``): their properties are CloudFormation's.

Only the names are spelled otherwise: ``userPoolId`` is ``UserPoolId``, ``dbInstanceClass`` is
``DBInstanceClass``. Keys of free maps are as they are.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from checkrein.catalog.properties import properties, types
from checkrein.late import regex
from checkrein.model.values import Choice, Open, Value
from checkrein.read.cdk.unsynthesized.library import values
from checkrein.read.cdk.unsynthesized.library.registry import method
from checkrein.read.cdk.unsynthesized.library.things import Construct
from checkrein.read.cdk.unsynthesized.library.world import World
from checkrein.read.cdk.unsynthesized.trace import Called, Unknown

FREE = frozenset({
    "PolicyDocument", "AssumeRolePolicyDocument", "KeyPolicy", "RequestTemplates",
    "ResponseTemplates", "RequestParameters", "ResponseParameters", "RequestModels",
    "ResponseModels", "EventPattern", "Definition", "DefinitionSubstitutions", "Body", "Schema",
    "Variables", "StageVariables", "RouteSettings", "Content", "DefaultArguments",
    "ResourcePolicy", "RedrivePolicy", "RedriveAllowPolicy", "UserAttributes", "Policy",
    "Environment.Variables", "SupportedLoginProviders", "CognitoEvents", "DashboardBody",
    "ResponseTypes", "Options", "DockerLabels", "ThemeConfig", "ParameterOverrides",
})  # fmt: skip
CAMEL = regex(r"[a-z][A-Za-z0-9]*\Z")
ABBREVIATED = {"vpc": "VPC", "ssl": "SSL", "mfa": "MFA", "oauth": "OAuth"}
SAM = "aws_sam"


@cache
def _types() -> dict[str, str]:
    return {name.lower(): name for name in types()}


def type_of(kind: str) -> str:
    """Return the type that a class stands for, "" where it is not known."""
    module, _, name = kind.partition(".")
    service = "serverless" if module == SAM else module.removeprefix("aws_").replace("_", "")
    return _types().get(f"aws::{service}::{name.removeprefix('Cfn').lower()}", "")


def make_l1(world: World, made: Construct) -> None:
    """Make the one resource that a class stands for."""
    type = type_of(made.kind)
    if not type:
        world.note(made.kind, made.place)
        return
    made.attributes = {}
    made.put(type, renamed(type, world.value(values.unwrapped(made.given)), made.given))


def renamed(type: str, given: Value, traced: Any = None) -> dict[str, Value]:
    """Return the properties of a type by their own names."""
    names = {name.lower(): name for name in properties(type)}
    if isinstance(traced, Unknown) or not isinstance(given, dict):
        return {name: Open("properties that are not plain") for name in names.values() if given}
    found = {}
    for key, value in given.items():
        name = names.get(key.lower(), key[:1].upper() + key[1:])
        found[name] = value if name in FREE else pascal(value, name)
    return found


def pascal(value: Value, at: str = "") -> Value:
    """Return a value whose keys are spelled as CloudFormation does."""
    if isinstance(value, list):
        return [pascal(each, at) for each in value]
    if isinstance(value, Choice):
        return Choice(tuple((when, pascal(each, at)) for when, each in value.options))
    if not isinstance(value, dict) or at in FREE:
        return value
    found = {}
    for key, each in value.items():
        name = key[:1].upper() + key[1:] if CAMEL.match(key) else key
        found[name] = pascal(each, name)
    return found


@method("=", "addPropertyOverride")
def set_property(world: World, made: Construct, called: Called) -> None:
    """Set a property afterwards: ``cfn.prop = value``, or a dotted path as CloudFormation's."""
    name, value = world.text(values.argument(called, 0)), world.value(values.argument(called, 1))
    resource = made.resource
    if not name or resource is None:
        return
    found = {name: value}
    if called.name == "=":
        found = renamed(resource.type, found)
    for path, each in found.items():
        _set(resource.properties, path.split("."), each)


def _set(inside: dict[str, Value], path: list[str], value: Value) -> None:
    for key in path[:-1]:
        below = inside.get(key)
        if isinstance(below, list) and path[-1] != key:
            index = path[path.index(key) + 1]
            items = [each for i, each in enumerate(below) if str(i) == index]
            if items and isinstance(items[0], dict):
                _set(items[0], path[path.index(key) + 2 :], value)
            return
        if not isinstance(below, dict):
            below = inside[key] = {}
        inside = below
    if path and value is not None:
        inside[path[-1]] = value


@method("addPropertyDeletionOverride", "addDeletionOverride")
def delete_property(world: World, made: Construct, called: Called) -> None:
    name = world.text(values.argument(called, 0)).removeprefix("Properties.")
    inside: Any = made.properties
    *above, last = name.split(".")
    for key in above:
        inside = inside.get(key) if isinstance(inside, dict) else None
    if isinstance(inside, dict):
        inside.pop(last, None)


@method("addOverride")
def override(world: World, made: Construct, called: Called) -> None:
    """Set anything of a resource by its path."""
    name, value = world.text(values.argument(called, 0)), world.value(values.argument(called, 1))
    resource = made.resource
    if resource is None or not name:
        return
    first, _, rest = name.partition(".")
    if first == "Properties" and rest:
        _set(resource.properties, rest.split("."), value)
    elif not rest:
        resource.attributes[name] = value
