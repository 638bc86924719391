"""The states of a state machine, as checks read them.

Source: the Amazon States Language specification and Step Functions' developer guide.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from checkrein.catalog.integrations import integration
from checkrein.checks.context import resources
from checkrein.model import App, Function, Path, Resource, Symbol, Text, Value
from checkrein.model.values import alternatives, symbols

MACHINE = "AWS::StepFunctions::StateMachine"
INVOKE = "lambda:InvokeFunction"
ITSELF = ("states:StartExecution", "states:DescribeExecution", "states:StopExecution")


class Step(Struct, frozen=True):
    """A state of a machine: its name, its content, and where it stands in the resource."""

    name: str
    content: dict[str, Any]
    path: Path

    @property
    def is_task(self) -> bool:
        """Whether it asks something of a service."""
        return self.content.get("Type") == "Task"


def all_steps(machine: Resource) -> Iterator[Step]:
    """Yield the states of a machine, those inside Parallel and Map states after their owner."""
    for definition in alternatives(machine.value("Definition")):
        yield from _steps(definition, ("Definition",))


def _steps(owner: Any, path: Path) -> Iterator[Step]:
    held = owner.get("States") if isinstance(owner, dict) else None
    for name, content in held.items() if isinstance(held, dict) else ():
        if isinstance(content, dict):
            at = (*path, "States", name)
            yield Step(name, content, at)
            yield from _inside(content, at)


def _inside(content: dict[str, Any], path: Path) -> Iterator[Step]:
    branches = content.get("Branches")
    for index, branch in enumerate(branches if isinstance(branches, list) else ()):
        yield from _steps(branch, (*path, "Branches", index))
    for name in ("Iterator", "ItemProcessor"):
        yield from _steps(content.get(name), (*path, name))


def invoked(app: App, step: Step) -> list[str]:
    """Return the functions of the app that a state calls."""
    asked = (step.content.get("Resource"), step.content.get("Parameters"))
    named = [
        symbol.owner
        for value in (*asked, step.content.get("Arguments"))
        for symbol in symbols(value)
    ]
    return [owner for owner in dict.fromkeys(named) if app.get(Function, owner)]


def actions_of(app: App, machine: Resource) -> tuple[set[str], str]:
    """Return the IAM actions that a machine's states need, and why that may not be all ("")."""
    needed: set[str] = set()
    for step in all_steps(machine):
        for holder in (step.content, *_large(step.content)):
            asked = holder.get("Resource")
            if asked is None:
                continue
            some = _actions(app, asked)
            if some is None:
                return needed, f"step {step.name} calls {asked}"
            needed.update(some)
        if _is_distributed(step.content):
            needed.update(ITSELF)
    return needed, "" if needed else "its definition is not here"


def _large(content: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        c for name in ("ItemReader", "ResultWriter") if isinstance(c := content.get(name), dict)
    ]


def _is_distributed(content: dict[str, Any]) -> bool:
    processor = content.get("ItemProcessor")
    configured = processor.get("ProcessorConfig") if isinstance(processor, dict) else None
    return isinstance(configured, dict) and configured.get("Mode") == "DISTRIBUTED"


def _actions(app: App, asked: Value) -> tuple[str, ...] | None:
    """Return what one task needs; None where nobody here can see what it calls."""
    text = _template(asked)
    if found := integration(text):
        return found.needed
    if ":lambda:" in text:
        return (INVOKE,)
    owners = {symbol.owner for symbol in symbols(asked)}
    if any(app.get(Function, owner) for owner in owners):
        return (INVOKE,)
    known = {each.id for each in resources(app, "AWS::Lambda::Alias", "AWS::Lambda::Version")}
    if owners & known:
        return (INVOKE,)
    return () if ":activity:" in text else None


def _template(asked: Value) -> str:
    """Return an ARN with what is not known left out: ``arn::states:::sqs:sendMessage``."""
    if isinstance(asked, Text):
        parts = ("aws" if isinstance(p, Symbol) else p for p in asked.parts)
        return "".join(part for part in parts if isinstance(part, str))
    return asked if isinstance(asked, str) else ""
