"""Read two versions of an application, one after the other, and compare them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from msgspec import Struct, convert, structs, to_builtins
from msgspec.structs import replace

from checkrein import __version__
from checkrein.compare.difference import between, recorded
from checkrein.errors import UsageError
from checkrein.model import App, Fact, Severity
from checkrein.model.difference import Difference, Lost, Recorded
from checkrein.model.result import Result
from checkrein.pipeline import derived, versions
from checkrein.pipeline.reading import NO_TEMPLATE, Progress
from checkrein.pipeline.versions import Asked
from checkrein.read.records import read_record, written
from checkrein.report.counts import counts
from checkrein.report.secrets import Secrets, secrets

Scan = Callable[[Iterable[Path]], Result]
LEVELS = tuple(Severity)


class Following:
    """Derives apps, and of equal facts gives the app that it derived before: places count, too."""

    def __init__(self) -> None:
        """Begin without an app."""
        self._known: tuple[list[Fact], App] | None = None

    def __call__(self, read: App) -> App:
        """Return what follows from what was read."""
        facts = list(read)
        if self._known is None or self._known[0] != facts:
            self._known = facts, derived(read)
        return self._known[1]


class Side(Struct, frozen=True):
    """A version that was read; ``there`` is False where it has none of what was asked for."""

    version: Recorded
    notes: tuple[str, ...] = ()
    there: bool = True


def compared(
    words: Sequence[str], within: Sequence[Path], scan: Scan, progress: Progress
) -> Difference:
    """Compare the two versions that words mean; see ``versions.sides``.

    Raises UsageError where a word means nothing, or what was asked for is in neither version.
    """
    asked = versions.sides(words, within)
    with versions.workplace() as folder:
        read = [_read(asked[0], folder, scan, progress)]
        same = versions.alike(*asked)
        read.append(read[0] if same else _read(asked[1], folder, scan, progress))
    if not any(side.there for side in read):
        what = ", ".join(map(str, within)) or "this folder"
        raise UsageError(f"neither {asked[0].version.name} nor {asked[1].version.name} has {what}")
    progress("comparing")
    before, after = (side.version for side in _with_templates(read))
    found = between(before, after, (asked[0].version, asked[1].version))
    notes = dict.fromkeys((*found.notes, *(note for side in read for note in side.notes)))
    return replace(found, notes=tuple(notes))


def _read(side: Asked, folder: Path, scan: Scan, progress: Progress) -> Side:
    if side.record:
        return Side(read_record(side.record))
    with versions.opened(side, folder) as files:
        if not files.paths:
            return Side(Recorded(__version__), files.notes, there=False)
        version = _without_secrets(scan(files.paths))
    progress("")
    missing = tuple(Lost(side.version.name, reason) for reason in files.missing)
    return Side(replace(version, lost=(*version.lost, *missing)), files.notes)


def _with_templates(read: Sequence[Side]) -> list[Side]:
    """Take a version without a template for an empty one, if the other has some."""
    empty = [any(lost.reason == NO_TEMPLATE for lost in side.version.lost) for side in read]
    if all(empty):
        return list(read)
    return [
        replace(side, version=replace(side.version, lost=_others(side.version.lost)))
        for side in read
    ]


def _others(lost: Iterable[Lost]) -> tuple[Lost, ...]:
    return tuple(each for each in lost if each.reason != NO_TEMPLATE)


def record(result: Result) -> bytes:
    """Return what a scan found as a file to compare with later."""
    numbers = structs.asdict(counts(result))
    read = {name: number for name, number in numbers.items() if isinstance(number, int)}
    return written(_without_secrets(result), read)


def _without_secrets(result: Result) -> Recorded:
    """Return what a comparison needs of a scan, with stars for what a finding calls secret."""
    version, hidden = recorded(result), secrets(result)
    if not hidden.long:
        return version
    plain = Secrets(long=hidden.long).value(to_builtins(version))
    return convert(plain, Recorded)


def code(found: Difference, fail_on: str | None) -> int:
    """Return 1 for new or worse findings at or above a severity, 3 for anything unread, else 0."""
    failing = LEVELS[LEVELS.index(Severity(fail_on)) :] if fail_on else ()
    if any(known.severity in failing for known in (*found.new, *found.worse)):
        return 1
    return 3 if any(lost.fatal for lost in found.lost) else 0
