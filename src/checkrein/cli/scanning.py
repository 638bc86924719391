"""What ``scan`` does, and the command lines of it that are plain enough to be read without help.

Loading the library that reads all others takes longer than reading most files.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from checkrein import pipeline
from checkrein.cli.printing import progress, write
from checkrein.errors import UsageError
from checkrein.model import Persona

if TYPE_CHECKING:
    from checkrein.read.intent import Settings

LEVELS = ("low", "medium", "high", "critical")
VALUES = {"--fail-on": LEVELS, "--persona": ("regular", "auditor"), "--format": ("text", "json")}


class Order(Struct, frozen=True, kw_only=True):
    """What a scan is asked for; ``cli.scan`` says what each means."""

    fail_on: str | None = None
    persona: str | None = None
    baseline: Path | None = None
    no_baseline: bool = False
    imported: tuple[Path, ...] = ()
    observed: tuple[str, ...] = ()
    format: tuple[str, ...] = ()
    output: Path | None = None
    all: bool = False
    facts: bool = False
    save: Path | None = None
    account: str = ""
    region: str = ""


def plain(words: list[str]) -> tuple[tuple[Path, ...], Order] | None:
    """Return the paths and the order of a plain scan, None where anything needs a closer look."""
    if words and words[0] != "scan":
        return None
    paths: list[Path] = []
    said: dict[str, str] = {}
    everything = False
    rest = iter(words[1:])
    for word in rest:
        if word == "--all" and not everything:
            everything = True
        elif word in VALUES and word not in said:
            said[word] = next(rest, "")
        elif word and not word.startswith("-"):
            paths.append(Path(word))
        else:
            return None
    if not all(value in VALUES[name] for name, value in said.items()):
        return None
    order = Order(
        all=everything,
        fail_on=said.get("--fail-on"),
        persona=said.get("--persona"),
        format=(said["--format"],) if "--format" in said else (),
    )
    return tuple(paths), order


def wanted(order: Order, settings: Settings) -> pipeline.Wanted:
    """Return it as the pipeline takes it; what is not said here, the team's settings say."""
    before = None if order.no_baseline else order.baseline or pipeline.BASELINE
    persona = Persona(order.persona or settings.persona or "regular")
    return pipeline.Wanted(persona, before, order.imported)


def scan(paths: tuple[Path, ...], order: Order) -> int:
    """Scan, tell of it in all forms that are asked for, and return the exit code."""
    from checkrein.cli import reports  # noqa: PLC0415 - what is asked for wrongly loads no reports

    wishes = reports.wishes(order.format, order.output)
    if order.facts and "json" not in {wish.form for wish in wishes}:
        raise UsageError("--facts needs --format json")
    within = paths or (Path(),)
    settings = pipeline.settings(within)
    least = order.fail_on or settings.fail_on or "high"
    if wishes == [reports.Wish("text", None)] and not (
        order.save or order.imported or order.observed
    ):
        from checkrein.cli import retold  # noqa: PLC0415 - only where it may be

        return retold.scan(within, wanted(order, settings), least, everything=order.all)
    following = pipeline.observing(order.observed)
    result = pipeline.scan(within, progress, wanted(order, settings), following=following)
    progress("")
    if order.save:
        from checkrein.pipeline.differences import record  # noqa: PLC0415 - only where asked for

        write(record(result), order.save)
    code = pipeline.exit_code(result, least)
    known = reports.Known(code, least, order.account, order.region, order.facts, order.all)
    reports.write_all(wishes, result, known)
    if reports.are_silent(wishes):
        reports.warn(result)
    return code
