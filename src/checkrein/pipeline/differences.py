"""Read two versions of an application, one after the other, and compare them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from msgspec import Struct, convert, structs, to_builtins
from msgspec.structs import replace

from checkrein import __version__
from checkrein.cache import Cache, Memory, Versions
from checkrein.compare.difference import between, recorded
from checkrein.errors import UsageError
from checkrein.model import App, Fact, Severity
from checkrein.model.difference import Difference, Lost, Recorded
from checkrein.model.result import Result
from checkrein.pipeline import derived, versions
from checkrein.pipeline.reading import NO_TEMPLATE, Progress, Read
from checkrein.pipeline.versions import Asked
from checkrein.read.records import read_record, written
from checkrein.report.counts import counts
from checkrein.report.secrets import Secrets, secrets

Scanned = Callable[[Iterable[Path]], Result]
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


class Scan(Protocol):
    """Reads folders with what ``memory`` knows of them, judges them with what ``judging`` knows."""

    def __call__(
        self,
        paths: Iterable[Path],
        *,
        memory: Callable[[Path], Memory],
        judging: Callable[[Read], Cache],
    ) -> Result: ...


class Known:
    """What was read of each folder: of a repository's versions, by earlier runs too."""

    def __init__(self, copies: Path, asked: Iterable[Asked]) -> None:
        """Begin for versions, of which those of a repository are put into a folder."""
        self._copies = copies
        of = (side.repository for side in asked if side.repository)
        self._repository = next((each.top or each.folder for each in of), None)
        self._by_folder: dict[Path, Memory] = {}

    def __call__(self, root: Path) -> Memory:
        found = self._by_folder.get(root)
        if isinstance(found, Versions):
            found.anew()
        return found or self._by_folder.setdefault(root, self._versions(root) or Memory())

    def _versions(self, root: Path) -> Versions | None:
        if self._repository is None or not root.is_relative_to(self._copies):
            return None
        below = root.relative_to(self._copies).as_posix()
        return Versions(self._copies, self._repository, below)


def _unkept(read: Read) -> Cache:
    """Keep no verdicts: to note what each looks at takes longer than a second version's judging."""
    return Cache(read.templates.root, wanted=False)


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
        known = Known(folder, asked)
        scanned = partial(scan, memory=known, judging=_unkept)
        read = [_read(asked[0], folder, scanned, progress)]
        same = versions.alike(*asked)
        read.append(read[0] if same else _read(asked[1], folder, scanned, progress))
    if not any(side.there for side in read):
        what = ", ".join(map(str, within)) or "this folder"
        raise UsageError(f"neither {asked[0].version.name} nor {asked[1].version.name} has {what}")
    progress("comparing")
    before, after = (side.version for side in _with_templates(read))
    found = between(before, after, (asked[0].version, asked[1].version))
    notes = dict.fromkeys((*found.notes, *(note for side in read for note in side.notes)))
    return replace(found, notes=tuple(notes))


def _read(side: Asked, folder: Path, scan: Scanned, progress: Progress) -> Side:
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
