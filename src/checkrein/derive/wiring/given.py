"""Secrets and parameters that a platform puts into the environment of what it starts."""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.derive.stacks.directory import Directory
from checkrein.derive.wiring.wiring import wire
from checkrein.model import Evidence, Flow, Slot
from checkrein.model.values import symbols
from checkrein.model.workloads import CODE_TYPES, variables

HELD = "value"  # where a secret's or parameter's content sits


def given(directory: Directory) -> Iterator[Flow]:
    """Yield the flows from what keeps a secret to the variables that containers get it in."""
    for resource in directory.of_type(*CODE_TYPES):
        for name, variable in variables(resource).items():
            owners = {symbol.owner for symbol in symbols(variable.value)} if variable.kept else ()
            for owner in sorted(owner for owner in owners if owner in directory.resources):
                kept = owner.rpartition("/")[2]
                said = f"{resource.name} is given {kept} as {name}"
                note = Evidence(said, resource.where(variable.path))
                target = Slot(resource.id, f"env.{name}")
                yield wire(Slot(owner, HELD), target, resource.id, note)
