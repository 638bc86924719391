"""``checkrein evidence``: a folder that shows how an application stands to a framework."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from checkrein.cli.commands import commands
from checkrein.cli.epilogues import EVIDENCE
from checkrein.cli.printing import progress, tell
from checkrein.errors import UsageError

Name = Literal[
    "pci-4.0.1", "hipaa", "nist-800-53", "soc2", "iso-27001", "aws-wa", "cis",
    "owasp-2010", "owasp-2013", "owasp-2017rc1", "owasp-2017", "owasp-2021", "owasp-2025",
    "owasp-api-2023", "owasp-serverless", "csa-sas",
]  # fmt: skip
PROGRAMS = {  # whose list of eligible services belongs to a framework
    "pci-4.0.1": "pci",
    "hipaa": "hipaa",
    "nist-800-53": "fedramp-moderate",
    "soc2": "soc",
    "iso-27001": "iso",
}


@commands.command(help_epilogue=EVIDENCE)
def evidence(
    *paths: Path,
    framework: Name,
    output: Path | None = None,
    table: Path | None = None,
    day: Annotated[str, Parameter(name="--date")] = "",
) -> int:
    """Write a folder of evidence: control by control, what the checks found, and on which data.

    Every finding is counted, those that a baseline knows too.

    Parameters
    ----------
    paths
        Folders or templates to read; the current folder if none.
    framework
        The framework whose controls are asked for.
    output
        The folder to write; evidence-FRAMEWORK if none. Only earlier evidence may stand in it.
    table
        A CSV of newer statements about services in scope, as for comply.
    day
        The date that the evidence bears (2026-11-30); today if none.
    """
    from checkrein import compare, pipeline  # noqa: PLC0415 - `--version` must not pay for it
    from checkrein.catalog.frameworks import frameworks  # noqa: PLC0415 - as above
    from checkrein.checks import load  # noqa: PLC0415 - as above
    from checkrein.report.evidence import Asked, Question, folder  # noqa: PLC0415 - as above
    from checkrein.report.evidence import evidence as made  # noqa: PLC0415 - as above

    folder_asked = output or Path(f"evidence-{framework}")
    folder.ready(folder_asked)
    dated = _date(day)
    wanted = [PROGRAMS[framework]] if framework in PROGRAMS else []
    question = compare.Programs(wanted, table)
    result = pipeline.scan(paths or (Path(),), progress, pipeline.Wanted(baseline=None))
    progress("writing")
    moved = compare.flows(result.app, "")
    programs = question.ask(result.app) if wanted else []
    checks = [Question(check.id, check.title, check.controls) for check in load()]
    asked = Asked(frameworks()[framework], checks, result, moved, programs, dated)
    folder.write_folder(folder_asked, made(asked))
    progress("")
    tell(f"wrote {folder_asked}: begin with index.md\n")
    return pipeline.answered(result)


def _date(text: str) -> date:
    if not text:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is no date; write it as 2026-11-30") from None
