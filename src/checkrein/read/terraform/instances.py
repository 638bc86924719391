"""What a root module of Terraform declares, after modules, variables, counts and loops."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from checkrein.model import Path, Place
from checkrein.read.made import Lost


@dataclass(frozen=True)
class Json:
    """What ``jsonencode`` was given: policies and definitions stay structured."""

    value: Any


@dataclass(frozen=True)
class Instance:
    """One resource or data source.

    ``values`` are its arguments by Terraform's names, nested blocks as lists of objects. What
    another instance tells is ``Symbol(its address, attribute)``. ``condition`` is a name in
    ``Root.conditions``: the instance exists only where that holds. ``called`` is what the team
    wrote instead: the block of a published module, for what that module is about.
    """

    address: str  # module.users.aws_dynamodb_table.this["a"]
    type: str
    values: dict[str, Any]
    place: Place  # the block's header, in the user's file
    places: dict[Path, Place] = field(default_factory=dict)
    is_data: bool = False
    condition: str = ""
    called: str = ""


@dataclass(frozen=True)
class Root:
    """One root module, with all that its local modules add."""

    folder: str
    files: tuple[str, ...]
    instances: tuple[Instance, ...]
    conditions: dict[str, Any] = field(default_factory=dict)
    variables: dict[str, Any] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)
    places: dict[Path, Place] = field(
        default_factory=dict
    )  # ("Parameters", a variable's name, "Default")
    lost: list[Lost] = field(default_factory=list)
    assigned: dict[str, str] = field(default_factory=dict)  # what files give to variables


def is_only(address: str, count: int) -> bool:
    """Tell whether an instance is all that its block makes: without a key, or the one counted."""
    return count == 1 and (not address.endswith("]") or address.endswith("[0]"))
