"""``checkrein comply``: which services in use a compliance program covers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from checkrein.cli.commands import Form, commands
from checkrein.cli.epilogues import COMPLY
from checkrein.cli.printing import OTHERWISE, progress, write


@commands.command(help_epilogue=COMPLY)
def comply(
    *paths: Path,
    program: Annotated[tuple[str, ...], Parameter(negative="", consume_multiple=False)] = (),
    table: Path | None = None,
    format: Form = "text",
    output: Path | None = None,
) -> int:
    """Say for each service in use, and the data it holds, whether a program covers it.

    Without --program: those of checkrein.yaml; if it names none, those that the data found asks
    for, and a line for each of the others.
    Exits with 1 where a service that is not in scope holds data that the program is about.

    Parameters
    ----------
    paths
        Folders or templates to read; the current folder if none.
    program
        pci, hipaa, fedramp-moderate, fedramp-high, soc, iso and others; repeat it for more.
    table
        A CSV of newer statements: service, then a column for each program with Y, N or unknown,
        and a date (Y@2026-11).
    format
        text for people, json for programs.
    output
        Write to this file instead of the terminal.
    """
    from checkrein import compare, pipeline  # noqa: PLC0415 - `--version` must not pay for it
    from checkrein.report import comply as report  # noqa: PLC0415 - only where asked for

    within = paths or (Path(),)
    asked = program or pipeline.settings(within).programs
    question = compare.Programs(asked, table)
    result = pipeline.learn(within, progress)
    progress("")
    found = question.ask(result.app)
    if format == "json":
        write(report.document(found), output)
    else:
        rest = [] if asked else [report.overview(question.ask_all(result.app))]
        write("\n".join([*([report.text(found)] if found else []), *rest]).encode(), output)
    breached = any(one.breaches for one in found)
    return OTHERWISE if breached else pipeline.answered(result)
