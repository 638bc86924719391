"""``checkrein diff``: what a change lets whom reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from cyclopts import Parameter

from checkrein.cli.commands import Level, Output, Within, commands
from checkrein.cli.epilogues import DIFF
from checkrein.cli.printing import draw, progress, write


@Parameter(name="*")
@dataclass(frozen=True)
class Compared:
    """Where the versions are compared, and how the difference is told."""

    within: Within = ()
    format: Annotated[
        Literal["text", "json", "markdown"],
        Parameter(help="text for people, json for programs, markdown for a pull request."),
    ] = "text"
    output: Output = None
    all: Annotated[bool, Parameter(negative="", help="Show everything, not only a screen.")] = False


COMPARED = Compared()


@commands.command(help_epilogue=DIFF)
def diff(*versions: str, fail_on: Level | None = None, compared: Compared = COMPARED) -> int:
    """Compare two versions of an application: who can now reach which data, and by which line.

    A version is a commit, branch or tag, a folder, a template, or what scan --save wrote. Nothing:
    HEAD and the work tree. One: that and the work tree. A...B: what B changed since they parted.

    Parameters
    ----------
    versions
        Two versions, one, or none.
    fail_on
        Exit with 1 if a new finding is at least this severe; never if not given.
    compared
        Where the versions are compared, and how the difference is told.
    """
    from checkrein import pipeline  # noqa: PLC0415 - `--version` must not pay for it
    from checkrein.pipeline import differences  # noqa: PLC0415 - as above

    wanted = pipeline.Wanted(baseline=None)
    found = differences.compared(versions, compared.within, wanted, progress)
    progress("")
    if compared.format == "json":
        from checkrein.report.difference import json  # noqa: PLC0415 - only where asked for

        write(json.document(found), compared.output)
    elif compared.format == "markdown":
        from checkrein.report.difference import markdown  # noqa: PLC0415 - only where asked for

        write(markdown.document(found, everything=compared.all), compared.output)
    else:
        from checkrein.report.difference.text import drawn  # noqa: PLC0415 - rich is heavy

        draw(drawn(found, everything=compared.all), compared.output)
    return differences.code(found, fail_on)
