"""``checkrein cuts``: what to take away so that a row holds no more than it is meant to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from checkrein.cli.commands import ASKED, Asked, commands
from checkrein.cli.epilogues import CUTS
from checkrein.cli.printing import draw, progress, write


@commands.command(help_epilogue=CUTS)
def cuts(
    subject: str,
    /,
    *,
    data: Annotated[tuple[str, ...], Parameter(negative="", consume_multiple=False)] = (),
    asked: Asked = ASKED,
) -> int:
    """Find the fewest statements and triggers to take away so that data cannot come somewhere.

    Parameters
    ----------
    subject
        A store, a function, a log: an id or its end, a physical name, an ARN.
    data
        A class of data to keep out, or a family; all beyond the intent if not given. Repeat it.
    asked
        Where to look, and how to tell.
    """
    from checkrein import pipeline  # noqa: PLC0415 - `--version` must not pay for it
    from checkrein.pipeline import alternatives  # noqa: PLC0415 - as above

    result, found = alternatives.cuts(asked.within or (Path(),), subject, data, progress)
    progress("")
    if asked.format == "json":
        from checkrein.report.cuts import document  # noqa: PLC0415 - only where asked for

        write(document(result, found), asked.output)
    else:
        from checkrein.report.terminal.cuts import shown  # noqa: PLC0415 - rich is heavy

        draw(shown(result, found), asked.output)
    return pipeline.answered(result)
