"""``checkrein whatif``: what a statement, a trigger or a setting would change."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from checkrein.cli.commands import ASKED, Asked, commands
from checkrein.cli.epilogues import WHATIF
from checkrein.cli.printing import draw, progress, write


@commands.command(help_epilogue=WHATIF)
def whatif(
    *changes: Annotated[str, Parameter(allow_leading_hyphen=True)],
    all: Annotated[bool, Parameter(negative="")] = False,
    asked: Asked = ASKED,
) -> int:
    """Show what a change would let whom do, and what would break, without editing a file.

    Parameters
    ----------
    changes
        What to change; see below.
    all
        Show everything, not only a screen.
    asked
        Where to look, and how to tell.
    """
    from checkrein import pipeline  # noqa: PLC0415 - `--version` must not pay for it
    from checkrein.pipeline import alternatives  # noqa: PLC0415 - as above

    found = alternatives.whatif(asked.within or (Path(),), changes, progress)
    progress("")
    if asked.format == "json":
        from checkrein.report.whatif import document  # noqa: PLC0415 - only where asked for

        write(document(found), asked.output)
    else:
        from checkrein.report.terminal.whatif import shown  # noqa: PLC0415 - rich is heavy

        draw(shown(found, everything=all), asked.output)
    return pipeline.answered(found.before)
