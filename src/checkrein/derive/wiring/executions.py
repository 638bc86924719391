"""What executions of state machines leave behind: a history, and what the machine logs.

A standard machine's history keeps every state's input and output, and all that tasks were given
and gave, for 90 days; an express machine keeps none. Either writes the same into log groups, if
its logging is told to include execution data.

Source: Step Functions' developer guide, "Standard and Express workflows" and "Logging".
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.derive.stacks.directory import Directory
from checkrein.derive.wiring.wiring import wire
from checkrein.model import Evidence, Flow, Resource, Slot, Value
from checkrein.model.values import alternatives, at_path

MACHINE = "AWS::StepFunctions::StateMachine"
HISTORY = "@history"  # the node of what only a history keeps, with the machine's own
LOGGING = "LoggingConfiguration"
EXPRESS = ("EXPRESS",)
SILENT = (None, "OFF", False, "false")  # no level; the last are what YAML makes of OFF
SELDOM = ("ERROR", "FATAL")  # levels at which only what failed is logged


def has_history(machine: Resource) -> bool:
    """Tell whether executions of a machine can be looked at afterwards."""
    kinds = alternatives(machine.value("StateMachineType"))
    return not all(kind in EXPRESS for kind in kinds)


def keeps(machine: Resource) -> bool:
    """Tell whether what an execution is given stays anywhere."""
    return has_history(machine) or logs_data(machine)


def logs_data(machine: Resource) -> bool:
    """Tell whether a machine writes what its executions hold into its log."""
    included = alternatives(machine.value((LOGGING, "IncludeExecutionData")))
    levels = alternatives(machine.value((LOGGING, "Level")))
    return any(one in (True, "true") for one in included) and any(
        level not in SILENT for level in levels
    )


def log_groups(directory: Directory, machine: Resource) -> Iterator[tuple[str, int]]:
    """Yield the log groups that a machine writes to, and which destination says so."""
    listed = machine.value((LOGGING, "Destinations"))
    for index, each in enumerate(listed if isinstance(listed, list) else []):
        arn: Value = at_path(each, ("CloudWatchLogsLogGroup", "LogGroupArn"))
        for id in directory.find(arn, directory.deployment(machine.id)):
            yield id, index


def machine_logs(directory: Directory) -> Iterator[str]:
    """Yield the log groups that machines write what their executions hold to."""
    for machine in directory.of_type(MACHINE):
        if logs_data(machine):
            yield from (group for group, _ in log_groups(directory, machine))


def logged(directory: Directory, machine: Resource) -> Iterator[Flow]:
    """Yield what a machine writes into its log."""
    if not logs_data(machine):
        return
    certain = machine.value((LOGGING, "Level")) not in SELDOM
    for group, index in log_groups(directory, machine):
        name = directory.resources[group].name
        place = machine.where((LOGGING, "Destinations", index))
        when = "" if certain else " where they fail"
        note = Evidence(f"{machine.name} logs what its executions hold{when} in {name}", place)
        for node in (machine.id, f"{machine.id}{HISTORY}"):
            yield wire(Slot(node), Slot(group), machine.id, note, certain=certain)
