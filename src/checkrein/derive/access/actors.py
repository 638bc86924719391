"""Which nodes act as which identity: functions, state machines, pipes, APIs, signed-in users."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from checkrein.derive.access.identities import ROLES
from checkrein.derive.stacks.directory import Directory
from checkrein.model import Access, Resource, Value
from checkrein.model.values import alternatives

ACTS_AS = {  # where a type that runs no code of the team names its role
    "AWS::StepFunctions::StateMachine": ("RoleArn",),
    "AWS::Pipes::Pipe": ("RoleArn",),
    "AWS::KinesisFirehose::DeliveryStream": (
        "S3DestinationConfiguration.RoleARN",
        "ExtendedS3DestinationConfiguration.RoleARN",
    ),
    "AWS::CodeBuild::Project": ("ServiceRole",),
    "AWS::Transfer::User": ("Role",),
    "AWS::Glue::Job": ("Role",),
    "AWS::Glue::DevEndpoint": ("RoleArn",),
    "AWS::SageMaker::NotebookInstance": ("RoleArn",),
    "AWS::BedrockAgentCore::CodeInterpreterCustom": ("ExecutionRoleArn",),
}
ACTS_FOR = {  # where a type names its role, and the API in whose name it acts
    "AWS::ApiGateway::Method": ("Integration.Credentials", "RestApiId"),
    "AWS::ApiGatewayV2::Integration": ("CredentialsArn", "ApiId"),
    "AWS::AppSync::DataSource": ("ServiceRoleArn", "ApiId"),
}
INSTANCE, REST_API = "AWS::EC2::Instance", "AWS::ApiGateway::RestApi"
ATTACHMENT = "AWS::Cognito::IdentityPoolRoleAttachment"
GUESTS = "unauthenticated"


def users(deployment: str) -> str:
    """Return the node for people who signed in and act with credentials of their own."""
    return f"{deployment}@users"


def actors(directory: Directory, functions: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the nodes that act as each identity; ``functions`` maps functions to roles.

    Guests of an identity pool are not among them: the closure never passes through anyone.
    """
    found: defaultdict[str, list[str]] = defaultdict(list)
    for function, role in functions.items():
        found[role].append(function)
    for resource in directory.of_type(*ACTS_AS, *ACTS_FOR, INSTANCE, REST_API, ATTACHMENT):
        for role, node in _acting(directory, resource):
            found[role].append(node)
    return found


def inverted(acting: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    """Return the identities that each node acts as."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for identity, nodes in acting.items():
        for node in nodes:
            found[node].append(identity)
    return {node: tuple(identities) for node, identities in found.items()}


def _acting(directory: Directory, resource: Resource) -> Iterator[tuple[str, str]]:
    for path in ACTS_AS.get(resource.type, ()):
        yield from ((role, resource.id) for role in _roles(directory, resource, path))
    if resource.type in ACTS_FOR:
        path, owner = ACTS_FOR[resource.type]
        apis = directory.find(resource.value(owner), directory.deployment(resource.id))
        yield from ((r, api) for r in _roles(directory, resource, path) for api in apis)
    elif resource.type == INSTANCE:
        yield from ((role, resource.id) for role in _profiled(directory, resource))
    elif resource.type == REST_API:
        yield from ((role, resource.id) for role in _in_body(directory, resource))
    elif resource.type == ATTACHMENT:
        node = users(directory.deployment(resource.id))
        yield from ((role, node) for role in pool_roles(directory, resource, "authenticated"))


def _profiled(directory: Directory, instance: Resource) -> Iterator[str]:
    """Yield the roles of an instance's profile."""
    deployment = directory.deployment(instance.id)
    for id in directory.find(instance.value("IamInstanceProfile"), deployment):
        yield from _roles(directory, directory.resources[id], "Roles")


def strangers(directory: Directory, accesses: Iterable[Access]) -> dict[str, str]:
    """Return the identities that stand for people outside, and what to call them.

    Mail comes from anyone: whoever lets SES write, lets strangers write.
    """
    found = dict.fromkeys(_pooled(directory, "authenticated"), "a signed-in user")
    found |= dict.fromkeys(_pooled(directory, GUESTS), "anyone, as a guest of the identity pool,")
    for identity in {access.identity for access in accesses}:
        if identity.endswith("@anyone"):
            found[identity] = "anyone"
        elif identity.startswith("account:"):
            found[identity] = f"the foreign {identity.replace(':', ' ')}"
        elif identity == "service:ses.amazonaws.com":
            found[identity] = "whoever sends mail"
    return found


def _pooled(directory: Directory, kind: str) -> frozenset[str]:
    """Return the roles that identity pools give to people of one kind."""
    return frozenset(
        role
        for resource in directory.of_type(ATTACHMENT)
        for role in pool_roles(directory, resource, kind)
    )


def pool_roles(directory: Directory, attachment: Resource, kind: str) -> tuple[str, ...]:
    """Return the roles that an identity pool gives to people of a kind, signed in or not."""
    return _roles(directory, attachment, f"Roles.{kind}")


def _roles(directory: Directory, resource: Resource, path: str) -> tuple[str, ...]:
    return directory.find(resource.value(path), directory.deployment(resource.id), ROLES)


def _in_body(directory: Directory, api: Resource) -> Iterator[str]:
    deployment = directory.deployment(api.id)
    for body in alternatives(api.value("Body")):
        for value in _credentials(body):
            yield from directory.find(value, deployment, ROLES)


def _credentials(value: Value) -> Iterator[Value]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "credentials":
                yield inner
            else:
                yield from _credentials(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _credentials(inner)
