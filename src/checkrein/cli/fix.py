"""``checkrein fix``: mend in the user's own files what has one answer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from checkrein.cli.commands import Form, Level, commands
from checkrein.cli.epilogues import FIX
from checkrein.cli.printing import progress, write
from checkrein.cli.scan import CHOSEN, Chosen


@Parameter(name="*")
@dataclass(frozen=True)
class Mending:
    """Which fixes to make, and whether to make them at all."""

    unsafe: Annotated[
        bool, Parameter(negative="", help="Make fixes too that may change what works; review them.")
    ] = False
    check: Annotated[
        tuple[str, ...],
        Parameter(
            negative="",
            consume_multiple=False,
            help="Mend the findings of this check only; repeat it for more.",
        ),
    ] = ()
    dry_run: Annotated[
        bool, Parameter(negative="", help="Change nothing; show the changes as a diff.")
    ] = False


MENDING = Mending()


@commands.command(help_epilogue=FIX)
def fix(
    *paths: Path,
    mending: Mending = MENDING,
    format: Form = "text",
    fail_on: Level = "high",
    chosen: Chosen = CHOSEN,
    output: Path | None = None,
) -> int:
    """Mend findings in the templates themselves: safe fixes, each proved by judging again.

    Parameters
    ----------
    paths
        Folders or templates to mend; the current folder if none.
    mending
        Which fixes to make.
    format
        text for people, json for programs.
    fail_on
        Exit with 1 if a finding that is left is at least this severe.
    chosen
        Which findings to mend.
    output
        Write the report to this file instead of the terminal.
    """
    from checkrein import compare, pipeline  # noqa: PLC0415 - `--version` must not pay for it
    from checkrein.pipeline import alternatives  # noqa: PLC0415 - as above
    from checkrein.report.fix import document, text  # noqa: PLC0415 - only where asked for

    asked = compare.Asked(mending.unsafe, mending.check)
    within = paths or (Path(),)
    wanted = chosen.wanted(pipeline.settings(within))
    found = alternatives.fix(within, asked, progress, wanted)
    written = not mending.dry_run
    if written:
        alternatives.put(found)
    progress("")
    if format == "json":
        write(document(found, written=written), output)
    else:
        write(text(found, written=written).encode(), output)
    return pipeline.exit_code(found.after, fail_on)
