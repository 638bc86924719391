"""``checkrein scan``: everything at once; and ``baseline``: what is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from checkrein.cli.commands import Level, Observed, commands
from checkrein.cli.epilogues import BASELINE, SCAN
from checkrein.cli.printing import progress, tell, write

if TYPE_CHECKING:
    from checkrein.pipeline import Wanted
    from checkrein.read.intent import Settings


@Parameter(name="*")
@dataclass(frozen=True)
class Chosen:
    """Which findings a scan tells."""

    persona: Annotated[
        Literal["regular", "auditor"] | None,
        Parameter(
            help="auditor adds good practice that nothing in this application depends on; "
            "regular if neither this nor checkrein.yaml says so."
        ),
    ] = None
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
    observed: Observed = ()

    def wanted(self, settings: Settings) -> Wanted:
        """Return it as the pipeline takes it; what is not said here, the team's settings say."""
        from checkrein.cli.scanning import Order, wanted  # noqa: PLC0415 - not for `--help`

        return wanted(Order(**vars(self)), settings)


CHOSEN = Chosen()


@Parameter(name="*")
@dataclass(frozen=True)
class Told:
    """In which forms a scan is told, and where each goes."""

    format: Annotated[
        tuple[str, ...],
        Parameter(
            negative="",
            consume_multiple=False,
            help="text, json, sarif, junit, gitlab-sast, gitlab-codequality, github, html, "
            "markdown, csv, ocsf or asff; with =FILE it goes to that file. Repeat it for more.",
        ),
    ] = ()
    output: Annotated[
        Path | None, Parameter(help="Write to this file instead of the terminal.")
    ] = None
    all: Annotated[
        bool,
        Parameter(
            negative="",
            help="Every finding in full, not the ten worst; in sarif what is accepted, too.",
        ),
    ] = False
    facts: Annotated[
        bool,
        Parameter(negative="", help="Everything that is known about the application (json only)."),
    ] = False
    save: Annotated[
        Path | None,
        Parameter(help="Write down the application to this file, to compare with (diff)."),
    ] = None
    account: Annotated[str, Parameter(help="Account to file findings in (asff, ocsf).")] = ""
    region: Annotated[
        str, Parameter(help="Region to file findings in (asff, ocsf); else AWS_REGION.")
    ] = ""


TOLD = Told()


@commands.default
@commands.command(help_epilogue=SCAN)
def scan(
    *paths: Path, fail_on: Level | None = None, chosen: Chosen = CHOSEN, told: Told = TOLD
) -> int:
    """Show an application's table of data and its worst findings.

    Parameters
    ----------
    paths
        Folders or templates to read; the current folder if none.
    fail_on
        Exit with 1 if a finding is at least this severe: high if neither this nor checkrein.yaml
        says so.
    chosen
        Which findings to tell.
    told
        In which forms, and where to.
    """
    from checkrein.cli.scanning import Order  # noqa: PLC0415 - `--help` must not pay for it
    from checkrein.cli.scanning import scan as perform  # noqa: PLC0415 - as above

    return perform(paths, Order(fail_on=fail_on, **vars(chosen), **vars(told)))


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
    tell(f"{file.name}: {len(result.findings)} findings are known from now on\n")
    return pipeline.answered(result)
