"""In which forms a scan is told, and where each goes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from msgspec import Struct

from checkrein import checks, pipeline
from checkrein.cli.printing import complain, put, write
from checkrein.errors import UsageError
from checkrein.model import Finding, Severity, Unread
from checkrein.model.result import Result
from checkrein.report import harmless
from checkrein.report.run import Rule, Run
from checkrein.report.secrets import without_secrets

FORMS = {
    "text": "",
    "json": "json",
    "sarif": "sarif",
    "junit": "junit",
    "gitlab-sast": "gitlab_sast",
    "gitlab-codequality": "gitlab_codequality",
    "github": "github",
    "html": "html",
    "markdown": "markdown",
    "csv": "csv",
    "ocsf": "ocsf",
    "asff": "asff",
}


WITH_EDITS = {"json", "sarif", "html", "markdown", "csv", "ocsf", "asff"}
SILENT = {"csv", "ocsf", "asff", "gitlab-codequality", "gitlab-sast"}  # on what was not read
MOST_LOST = 3
SUMMARY = "GITHUB_STEP_SUMMARY"  # a file, where GitHub runs us


class Wish(Struct, frozen=True):
    """A form that was asked for, and the file that it goes to; the terminal if none."""

    form: str
    output: Path | None


class Known(Struct, frozen=True):
    """What the command line knows beside the result; ``facts`` and ``all`` are of one form each."""

    exit_code: int
    fail_on: str
    account: str
    region: str
    facts: bool
    all: bool


def wishes(asked: Sequence[str], output: Path | None) -> list[Wish]:
    """Read ``sarif`` or ``sarif=FILE``; what names no file goes to ``output``.

    Raises UsageError for an unknown form, and where two forms would mix in one place.
    """
    found = [_wish(each, output) for each in asked or ("text",)]
    places = [wish.output for wish in found]
    if len(set(places)) < len(places):
        where = "the terminal" if None in places else "one file"
        raise UsageError(f"only one report can go to {where}; name a file: --format sarif=FILE")
    return found


def _wish(asked: str, output: Path | None) -> Wish:
    form, equals, file = asked.partition("=")
    if form not in FORMS:
        raise UsageError(f"unknown format {form!r}; choose from {', '.join(FORMS)}")
    if equals and not file:
        raise UsageError(f"--format {asked} names no file")
    return Wish(form, Path(file) if file else output)


def are_silent(wishes: Sequence[Wish]) -> bool:
    """Tell whether no report that was asked for has a place for what could not be read."""
    return {wish.form for wish in wishes} <= SILENT


def warn(result: Result) -> None:
    """Say on standard error what could not be read: an empty report is no clean one."""
    lost = [unread for unread in result.app.every(Unread) if unread.fatal]
    for unread in lost[:MOST_LOST]:
        complain(f"could not read {unread.path}: {unread.reason}")
    if len(lost) > MOST_LOST:
        complain(f"nor {len(lost) - MOST_LOST} more")


def write_all(wishes: Sequence[Wish], result: Result, known: Known) -> None:
    """Write every report that was asked for; raise UsageError where one cannot be written."""
    programs = [wish for wish in wishes if wish.form != "text"]
    if programs:
        needed = sorted(result.findings, key=_mended) if any(map(_needs_edits, programs)) else ()
        mended = without_secrets(pipeline.mend(result, needed))
        run = _run(result, known)
        for wish in programs:
            _write(wish, mended, run, known)
    for wish in wishes:
        if wish.form == "text":
            _tell(wish, result, known)


def _mended(finding: Finding) -> str:
    """Return what a fix changes first: those of one file after another read it once."""
    return finding.fix.changes[0].resource if finding.fix and finding.fix.changes else ""


def _needs_edits(wish: Wish) -> bool:
    """Say whether a form tells edits: each is proved on its file, some 10 ms for 500 lines."""
    summary = wish.form == "github" and bool(os.environ.get(SUMMARY))
    return summary or wish.form in WITH_EDITS


def _tell(wish: Wish, result: Result, known: Known) -> None:
    from checkrein.report import terminal  # noqa: PLC0415 - rich is heavy

    most = None if known.all else terminal.MOST
    shown = pipeline.mend(result, terminal.worst(result, most))
    if wish.output:
        write(terminal.plain(shown, most=most).encode(), wish.output)
    else:
        put(terminal.rendered(shown, most=most))


def told(result: Result, *, everything: bool) -> tuple[str, bool]:
    """Return the report for the terminal, and whether every fix it tells of was made or refused.

    A fix on which checkrein failed may be of this process.
    """
    from checkrein.report import terminal  # noqa: PLC0415 - rich is heavy

    most = None if everything else terminal.MOST
    mended = pipeline.mend(result, terminal.worst(result, most))
    failed = any(each.why_not.startswith(pipeline.FAILED) for each in mended.remedies.values())
    return terminal.rendered(mended, most), not failed


def _write(wish: Wish, result: Result, run: Run, known: Known) -> None:
    made = import_module(f"checkrein.report.{FORMS[wish.form]}")
    content: bytes
    if wish.form == "json":
        content = made.document(result, facts=known.facts)
    elif wish.form == "html":
        from checkrein.compare.picture import picture  # noqa: PLC0415 - only where asked for

        content = made.document(result, run, picture(result.app))
    else:
        content = made.document(result, run)
    write(content, wish.output, obeyed=wish.form == "github")
    for path, text in _beside(wish, result, run):
        try:
            with path.open("ab") as file:
                file.write(harmless.document(text))
        except OSError as error:
            raise UsageError(f"cannot write {path}: {error.strerror}") from None


def _run(result: Result, known: Known) -> Run:
    """Return the circumstances; SOURCE_DATE_EPOCH fixes the time, as for reproducible builds."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    now = datetime.fromtimestamp(int(epoch), UTC) if epoch.isdecimal() else datetime.now(UTC)
    regions = [known.region, *map(os.environ.get, ("AWS_REGION", "AWS_DEFAULT_REGION"))]
    return Run(
        at=now.replace(microsecond=0),
        rules={c.id: Rule(c.id, c.domain, c.title, c.docs, c.controls) for c in checks.load()},
        below=_below(result.root),
        fail_on=Severity(known.fail_on),
        exit_code=known.exit_code,
        all=known.all,
        account=known.account,
        region=next(filter(None, regions), ""),
    )


def _beside(wish: Wish, result: Result, run: Run) -> Iterator[tuple[Path, bytes]]:
    """Yield the summary of the step, where GitHub runs us and says where it goes."""
    summary = os.environ.get(SUMMARY)
    if wish.form == "github" and summary:
        from checkrein.report.markdown import document  # noqa: PLC0415 - only where asked for

        yield Path(summary), document(result, run)


def _below(root: Path) -> str:
    """Return a folder's path from the root of its repository, "" outside of one."""
    for folder in (root, *root.parents):
        if (folder / ".git").exists():
            below = root.relative_to(folder).as_posix()
            return "" if below == "." else below
    return ""
