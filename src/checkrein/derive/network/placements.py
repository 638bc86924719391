"""Where code runs in networks: what attaches a function, a task, a service to its subnets.

A task definition says nothing of networks: the services, rules, schedules and pipes that start it
do. What a job's machines or other launchers choose is not known.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from checkrein.derive.network.view import View
from checkrein.model import Open, Path, Resource, Value
from checkrein.model.facts import as_path
from checkrein.model.workloads import EXPRESS, LAMBDA, RUNNER, TASK

PROVIDER = "CapacityProviderConfig.LambdaManagedInstancesCapacityProviderConfig.CapacityProviderArn"
UNTOLD = Open("the network that it is started in is in no template here")
AWSVPC = ("NetworkConfiguration", "AwsvpcConfiguration")
STARTERS = {  # what starts tasks: where it names the task, and below which property the network
    "AWS::ECS::Service": ("TaskDefinition", AWSVPC),
    "AWS::Scheduler::Schedule": (
        "Target.EcsParameters.TaskDefinitionArn",
        ("Target", "EcsParameters", *AWSVPC),
    ),
    "AWS::Pipes::Pipe": (
        "TargetParameters.EcsTaskParameters.TaskDefinitionArn",
        ("TargetParameters", "EcsTaskParameters", *AWSVPC),
    ),
}


class Placement(NamedTuple):
    """What says where code runs: a structure with subnets and groups, under their names there."""

    owner: Resource
    path: Path
    config: Value
    subnets: str = "Subnets"
    groups: str = "SecurityGroups"
    dual_stack: str = ""

    def is_public(self, option: dict[str, Value]) -> bool:
        """Tell whether its interfaces have addresses of the internet, in a public subnet."""
        return option.get("AssignPublicIp") == "ENABLED"


def placements(view: View, runner: Resource) -> list[Placement]:
    """Return what attaches something that runs code; config None: to no VPC."""
    if runner.type == TASK:
        started = [*_of_services(view, runner), *_of_rules(view, runner)]
        return started or [Placement(runner, (), UNTOLD)]
    if runner.type == RUNNER:
        return list(_of_runner(view, runner))
    if runner.type == EXPRESS:
        path: Path = ("NetworkConfiguration",)
        return [Placement(runner, path, runner.value(path) or UNTOLD)]
    if runner.type != LAMBDA:
        return [Placement(runner, (), UNTOLD)]
    owners = view.resources(runner.value(PROVIDER), "AWS::Lambda::CapacityProvider")
    owner = next(reversed(list(owners)), runner)
    own: Path = ("VpcConfig",)
    names = ("SubnetIds", "SecurityGroupIds", "Ipv6AllowedForDualStack")
    return [Placement(owner, own, owner.value(own), *names)]


def _of_services(view: View, task: Resource) -> Iterator[Placement]:
    for cfn_type, (named, path) in STARTERS.items():
        for owner in view.referring(cfn_type, named, task.id):
            yield Placement(owner, path, owner.value(path) or UNTOLD)


def _of_rules(view: View, task: Resource) -> Iterator[Placement]:
    for owner in view.referring("AWS::Events::Rule", "Targets", task.id):
        targets = owner.value("Targets")
        for index, _ in enumerate(targets if isinstance(targets, list) else ()):
            base: Path = ("Targets", index, "EcsParameters")
            if task.id in view.ground.keys(owner.value((*base, "TaskDefinitionArn"))):
                path = (*base, "NetworkConfiguration", "AwsVpcConfiguration")
                yield Placement(owner, path, owner.value(path) or UNTOLD)


def _of_runner(view: View, runner: Resource) -> Iterator[Placement]:
    base = as_path("NetworkConfiguration.EgressConfiguration")
    egress = runner.value(base)
    if not isinstance(egress, dict) or egress.get("EgressType") == "DEFAULT":
        yield Placement(runner, base, UNTOLD if isinstance(egress, Open) else None)
        return
    for connector in view.resources(egress.get("VpcConnectorArn")):
        yield Placement(connector, (), connector.properties)
        return
    yield Placement(runner, base, UNTOLD)
