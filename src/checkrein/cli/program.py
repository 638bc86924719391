"""The program with all its commands, for command lines that a plain scan is not."""

from __future__ import annotations

from typing import Any

from cyclopts import CycloptsError

from checkrein.cli import (  # noqa: F401 - each adds commands
    accept,
    ask,
    comply,
    cuts,
    diff,
    evidence,
    fix,
    graph,
    init,
    known,
    least,
    scan,
    whatif,
)
from checkrein.cli.commands import commands
from checkrein.errors import UsageError


def perform(arguments: list[str]) -> Any:
    """Run the command that a line asks for; raise UsageError where it asks for none."""
    try:
        return commands(
            arguments, exit_on_error=False, print_error=False, result_action="return_value"
        )
    except CycloptsError as error:
        raise UsageError(str(error)) from error
