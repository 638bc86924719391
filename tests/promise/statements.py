"""The policy statements of a template: whose they are, and what they are about."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from tests.promise.mutants import Application, Found, Keys, as_list, named, node, walk

ROLE = "AWS::IAM::Role"
FUNCTION = "AWS::Serverless::Function"
HOLDERS = (ROLE, FUNCTION, "AWS::IAM::Group", "AWS::IAM::User")
TYPES = {  # the prefix of an action -> types that it is about
    "dynamodb": ("AWS::DynamoDB::Table",),
    "s3": ("AWS::S3::Bucket",),
    "sqs": ("AWS::SQS::Queue",),
    "sns": ("AWS::SNS::Topic",),
    "events": ("AWS::Events::EventBus",),
    "secretsmanager": ("AWS::SecretsManager::Secret",),
    "states": ("AWS::StepFunctions::StateMachine",),
    "kms": ("AWS::KMS::Key",),
    "lambda": ("AWS::Lambda::Function", FUNCTION),
}


class Stated(NamedTuple):
    """A statement in a template; ``keys`` lead to it from the resource that holds it."""

    found: Found
    keys: Keys
    statement: dict[str, Any]

    @property
    def actions(self) -> list[str]:
        return [str(action) for action in as_list(self.statement.get("Action"))]

    @property
    def beside(self) -> list[Any]:
        """The list that the statement stands in."""
        within: Any = self.found.resource
        for key in self.keys[:-1]:
            within = within[key]
        return list(within)

    @property
    def service(self) -> str:
        return self.actions[0].partition(":")[0] if self.actions else ""

    @property
    def targets(self) -> list[str]:
        """The ids of the resources of the template that the statement names."""
        names = map(named, as_list(self.statement.get("Resource")))
        return [node(self.found.file, name) for name in names if name]

    @property
    def identity(self) -> str:
        return self.found.id + ("Role" if self.found.type == FUNCTION else "")

    @property
    def place(self) -> str:
        return ".".join([self.found.name, *map(str, self.keys[1:])])

    def matches(self, action: str) -> bool:
        return any(fnmatchcase(action.lower(), pattern.lower()) for pattern in self.actions)


def statements(application: Application, *types: str) -> Iterator[Stated]:
    """Yield the statements that resources of some types (all if none) hold."""
    for found in application.resources(*types):
        for keys, value in walk(found.resource):
            if isinstance(value, dict) and "Effect" in value and "Action" in value:
                yield Stated(found, keys, value)


def granted(application: Application, effect: str = "Allow") -> Iterator[Stated]:
    """Yield the statements of identities' own policies that are about the app's resources."""
    for stated in statements(application, *HOLDERS):
        if "Principal" not in stated.statement and stated.statement["Effect"] == effect:
            yield stated


def has_already(application: Application, identity: str, action: str) -> bool:
    """Tell whether an identity's own statements give an action, whatever on."""
    others = (one for one in granted(application) if one.identity == identity)
    managed = any(
        stated.matches(action)
        for found in application.resources("AWS::IAM::ManagedPolicy")
        for stated in statements(application, found.type)
        if stated.found.name == found.name and "Limits" not in found.name
    )
    return managed or any(stated.matches(action) for stated in others)


def templated(application: Application, identity: str) -> bool:
    """Tell whether an identity is a SAM function's role with policy templates."""
    return any(
        found.id + "Role" == identity
        and any("Statement" not in policy for policy in found.properties.get("Policies", []))
        for found in application.resources(FUNCTION)
    )
