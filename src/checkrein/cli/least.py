"""``checkrein least``: the rights that functions need."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from checkrein.cli import printing
from checkrein.cli.commands import ASKED, Asked, commands
from checkrein.cli.epilogues import LEAST
from checkrein.cli.printing import progress


@commands.command(help_epilogue=LEAST)
def least(
    *functions: str,
    write: Annotated[bool, Parameter(negative="")] = False,
    asked: Asked = ASKED,
) -> int:
    """Show what functions need, what they are granted without need, and the policies that fit.

    Exits with 0 where all have the least already, 1 where something is too much or missing.

    Parameters
    ----------
    functions
        Names of functions; all of them if none.
    write
        Make the changes in the files too.
    asked
        Where to look, and how to tell.
    """
    from checkrein.pipeline import alternatives  # noqa: PLC0415 - `--version` must not pay for it
    from checkrein.report.least import document, text  # noqa: PLC0415 - only where asked for

    found = alternatives.least(asked.within or (Path(),), functions, progress)
    progress("")
    shown = document(found.leasts) if asked.format == "json" else text(found).encode()
    printing.write(shown, asked.output)
    if write:
        alternatives.apply(found.root, found.edits)
    return alternatives.least_code(found)
