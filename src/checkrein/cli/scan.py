"""``checkrein scan``: everything at once; and ``baseline``: what is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from checkrein.cli.commands import Form, Level, commands, progress, write
from checkrein.cli.epilogues import BASELINE
from checkrein.errors import UsageError

if TYPE_CHECKING:
    from checkrein.pipeline import Wanted


@Parameter(name="*")
@dataclass(frozen=True)
class Chosen:
    """Which findings a scan tells."""

    persona: Annotated[
        Literal["regular", "auditor"],
        Parameter(help="auditor adds good practice that nothing in this application depends on."),
    ] = "regular"
    baseline: Annotated[
        Path | None,
        Parameter(help="What this file knows is not told; checkrein.baseline.json if it is there."),
    ] = None
    no_baseline: Annotated[
        bool, Parameter(negative="", help="Tell what the baseline knows too.")
    ] = False
    imported: Annotated[
        tuple[Path, ...],
        Parameter(
            name="--import",
            negative="",
            consume_multiple=False,
            help="SARIF or OCSF of another tool, to judge with ours; repeat it for more.",
        ),
    ] = ()

    def wanted(self) -> Wanted:
        """Return it as the pipeline takes it."""
        from checkrein import pipeline  # noqa: PLC0415 - `--version` must not pay for it
        from checkrein.model import Persona  # noqa: PLC0415 - as above

        before = None if self.no_baseline else self.baseline or pipeline.BASELINE
        return pipeline.Wanted(Persona(self.persona), before, self.imported)


CHOSEN = Chosen()


@commands.default
@commands.command
def scan(
    *paths: Path,
    format: Form = "text",
    facts: Annotated[bool, Parameter(negative="")] = False,
    fail_on: Level = "high",
    chosen: Chosen = CHOSEN,
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
    chosen
        Which findings to tell.
    output
        Write to this file instead of the terminal.
    """
    from checkrein import pipeline  # noqa: PLC0415 - `--version` must not pay for it

    if facts and format != "json":
        raise UsageError("--facts needs --format json")
    result = pipeline.scan(paths or (Path(),), progress, chosen.wanted())
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


@commands.command(help_epilogue=BASELINE)
def baseline(*paths: Path, output: Path | None = None) -> int:
    """Make all findings of today known: later scans tell what is new or has become worse.

    Parameters
    ----------
    paths
        Folders or templates to read; the current folder if none.
    output
        Write to this file instead of checkrein.baseline.json in the scanned folder.
    """
    from checkrein import pipeline  # noqa: PLC0415 - `--version` must not pay for it

    result, content = pipeline.make_baseline(paths or (Path(),), progress)
    progress("")
    file = output or result.root / pipeline.BASELINE
    write(content, file)
    print(f"{file.name}: {len(result.findings)} findings are known from now on")
    return pipeline.answered(result)
