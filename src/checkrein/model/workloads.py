"""What runs a team's code as an identity of its own: functions, tasks, jobs and services.

Lambda says role, variables and code in one way; what runs containers says them for each container,
and the containers of a task share its role. Here stands where each type says what.

Source: the CloudFormation reference of each type.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from checkrein.late import regex
from checkrein.model.facts import Resource, as_path
from checkrein.model.values import Path, Symbol, Text, Value, alternatives, at_path, choice

LAMBDA = "AWS::Lambda::Function"
PACKAGES, JAVASCRIPT = "packages", "javascript"  # what a bundle may lack (``Code.lacks``)
TASK = "AWS::ECS::TaskDefinition"
JOB = "AWS::Batch::JobDefinition"
EXPRESS = "AWS::ECS::ExpressGatewayService"
RUNNER = "AWS::AppRunner::Service"
PODS = "AWS::EKS::PodIdentityAssociation"
CONTAINERS = {  # where each type has its containers
    TASK: "ContainerDefinitions",
    JOB: "ContainerProperties",
    EXPRESS: "PrimaryContainer",
    RUNNER: "SourceConfiguration",
}
ROLES = {
    LAMBDA: "Role",
    TASK: "TaskRoleArn",
    JOB: "ContainerProperties.JobRoleArn",
    EXPRESS: "TaskRoleArn",
    RUNNER: "InstanceConfiguration.InstanceRoleArn",
    PODS: "RoleArn",
}
CODE_TYPES = frozenset(ROLES)
AGENTS = {  # where a type names the role that its platform uses: images, secrets, logs
    TASK: "ExecutionRoleArn",
    JOB: "ContainerProperties.ExecutionRoleArn",
    EXPRESS: "ExecutionRoleArn",
    RUNNER: "SourceConfiguration.AuthenticationConfiguration.AccessRoleArn",
}
RUN_BY = frozenset({  # the principals that a role of code trusts
    "lambda.amazonaws.com", "edgelambda.amazonaws.com", "ecs-tasks.amazonaws.com",
    "tasks.apprunner.amazonaws.com", "pods.eks.amazonaws.com",
})  # fmt: skip
VARIABLES = as_path("Environment.Variables")
OUTPUT = "@output"  # what containers print whose output goes to no log group that is known
BUILT = as_path("ImageRepository.ImageConfiguration")  # App Runner: of an image
SOURCE = as_path("CodeRepository.CodeConfiguration.CodeConfigurationValues")  # or of sources
KEPT = regex(r":secret:([^:]+)(?::([^:]*))?|:parameter(/[^:]*)|^(/?[\w./-]+)$")
RANDOM = regex(r"-(?:\w{6}|\?{6})$")  # what Secrets Manager appends to a secret's name


class Variable(Struct, frozen=True):
    """A variable of the environment: its value, where that is written, and whether it is kept.

    One that is kept elsewhere (Secrets Manager, Parameter Store) has the symbol of what keeps it.
    """

    value: Value
    path: Path
    kept: bool = False


class Container(Struct, frozen=True):
    """A container and where it is written; ``shape`` is its type's word for what runs it."""

    path: Path
    type: str
    value: Value

    @property
    def name(self) -> str:
        """Its name, "" where it has none."""
        found = self.of("Name")
        return found if isinstance(found, str) else ""

    @property
    def image(self) -> Value:
        """The image as it is named, None where it is built of sources."""
        return self.of("ImageRepository.ImageIdentifier" if self.type == RUNNER else "Image")

    @property
    def command(self) -> tuple[Value, Value]:
        """What replaces the image's entry point and its command, None for what does not."""
        if self.type == RUNNER:
            said = self.of((*BUILT, "StartCommand")) or self.of((*SOURCE, "StartCommand"))
            return None, said
        return self.of("EntryPoint"), self.of("Command")

    @property
    def log_group(self) -> Value:
        """The log group that its output goes to, None where it goes elsewhere."""
        if self.type == EXPRESS:
            return self.of("AwsLogsConfiguration.LogGroup")
        return self.of(("LogConfiguration", "Options", "awslogs-group"))

    def of(self, path: str | Path) -> Value:
        """Return what stands at a path of the container."""
        return at_path(self.value, as_path(path))

    def variables(self) -> Iterator[tuple[str, Variable]]:
        """Yield its variables by name."""
        for below in (BUILT, SOURCE) if self.type == RUNNER else ((),):
            plain, kept = ("Environment", "Secrets")
            if self.type == RUNNER:
                plain, kept = ("RuntimeEnvironmentVariables", "RuntimeEnvironmentSecrets")
            for index, name, item in _named(self.of((*below, plain))):
                at = (*self.path, *below, plain, index, "Value")
                yield name, Variable(item.get("Value"), at)
            key = "Value" if self.type == RUNNER else "ValueFrom"
            for index, name, item in _named(self.of((*below, kept))):
                at = (*self.path, *below, kept, index, key)
                yield name, Variable(_kept(item.get(key)), at, kept=True)


def runs_code(cfn_type: str) -> bool:
    """Tell whether a type runs a team's code as a role that it names."""
    return cfn_type in CODE_TYPES


def unread_id(function: str) -> str:
    """Return the id of the fact that code of a function could not be read, all or a part."""
    return f"{function}@code"


def role_path(cfn_type: str) -> Path:
    """Return where a type that runs code names the role it acts as."""
    return as_path(ROLES[cfn_type])


def containers(resource: Resource) -> list[Container]:
    """Return the containers of what runs some, under each condition; a function has none."""
    base = CONTAINERS.get(resource.type)
    return [
        Container((str(base), *at), resource.type, each)
        for option in (alternatives(resource.value(base)) if base else ())
        for at, item in _items(option)
        for each in alternatives(item)
        if isinstance(each, dict)
    ]


def _items(value: Value) -> list[tuple[Path, Value]]:
    if isinstance(value, list):
        return [((index,), item) for index, item in enumerate(value)]
    return [((), value)]


def variables(resource: Resource) -> dict[str, Variable]:
    """Return the environment of what runs code; of one name in several containers, all values."""
    if resource.type == LAMBDA:
        told = resource.value(VARIABLES)
        known = told.items() if isinstance(told, dict) else ()
        return {name: Variable(value, (*VARIABLES, name)) for name, value in known}
    found: dict[str, Variable] = {}
    for container in containers(resource):
        for name, each in container.variables():
            first = found.setdefault(name, each)
            if first.value != each.value:
                both = choice([((), first.value), ((), each.value)])
                found[name] = Variable(both, first.path, first.kept or each.kept)
    return found


def log_groups(resource: Resource) -> list[tuple[Value, Path]]:
    """Return the log groups that what runs code says it writes to, and where it says so."""
    if resource.type == LAMBDA:
        path = as_path("LoggingConfig.LogGroup")
        return [(resource.value(path), path)]
    return [(each.log_group, each.path) for each in containers(resource)]


def is_logged(resource: Resource) -> bool:
    """Tell whether what code prints goes to CloudWatch Logs, to whatever group.

    Functions, App Runner and Batch log there unless told otherwise, tasks only if they are told.
    """
    if resource.type != TASK:
        return resource.type == LAMBDA or bool(containers(resource))
    drivers = [each.of("LogConfiguration.LogDriver") for each in containers(resource)]
    return any(driver == "awslogs" for value in drivers for driver in alternatives(value))


def _named(listed: Value) -> Iterator[tuple[int, str, dict[str, Value]]]:
    for option in alternatives(listed):
        for index, item in enumerate(option if isinstance(option, list) else ()):
            for each in alternatives(item):
                if isinstance(each, dict) and isinstance(each.get("Name"), str):
                    yield index, each["Name"], each


def _kept(value: Value) -> Value:
    """Return the symbol of a secret or parameter that is given to a container by its name or ARN.

    The vocabulary is that of dynamic references (``model.values``).
    """
    return choice([((), _kept_at(option)) for option in alternatives(value)])


def _kept_at(value: Value) -> Value:
    first = value.parts[0] if isinstance(value, Text) else value
    if isinstance(first, Symbol) and not first.owner.startswith("@"):
        if first.owner.endswith(("@parameter", "@stack")):
            return value
        rest = str(value)[len(str(first)) :]
        key = rest.strip(":").split(":")[0]
        return Symbol(first.owner, f"SecretString.{key}" if key else "SecretString")
    found = KEPT.search(str(value))
    if not found:
        return value
    secret, key, parameter, named = found.groups()
    if secret:
        name = RANDOM.sub("", secret)
        return Symbol("@secretsmanager", f"{name}:{key}" if key else name)
    return Symbol("@ssm", parameter or named)
