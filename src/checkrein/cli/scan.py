"""``checkrein scan``: everything at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from checkrein.cli.commands import Form, Level, commands, progress, write
from checkrein.errors import UsageError


@commands.default
@commands.command
def scan(
    *paths: Path,
    format: Form = "text",
    facts: Annotated[bool, Parameter(negative="")] = False,
    fail_on: Level = "high",
    persona: Literal["regular", "auditor"] = "regular",
    output: Path | None = None,
) -> int:
    """Show an application's table of data and its worst findings.

    Parameters
    ----------
    paths
        Folders or templates to read; the current folder if none.
    format
        text for people, json for programs.
    facts
        Add everything that is known about the application (json only).
    fail_on
        Exit with 1 if a finding is at least this severe.
    persona
        auditor adds good practice that nothing in this application depends on.
    output
        Write to this file instead of the terminal.
    """
    from checkrein import model, pipeline  # noqa: PLC0415 - `--version` must not pay for it

    if facts and format != "json":
        raise UsageError("--facts needs --format json")
    result = pipeline.scan(paths or (Path(),), progress, model.Persona(persona))
    progress("")
    if format == "json":
        from checkrein.report.json import document  # noqa: PLC0415 - only where asked for

        write(document(pipeline.mend(result, result.findings), facts=facts), output)
    else:
        from checkrein.report.terminal import plain, render, worst  # noqa: PLC0415 - rich is heavy

        result = pipeline.mend(result, worst(result))
        if output:
            write(plain(result).encode(), output)
        else:
            render(result)
    return pipeline.exit_code(result, fail_on)
