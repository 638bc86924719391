"""Read two versions of an application, one after the other, and compare them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from msgspec import Struct, convert, structs, to_builtins
from msgspec.structs import replace

from checkrein import __version__, files
from checkrein.cache import Cache, Memory, Versions
from checkrein.compare.difference import between, recorded
from checkrein.errors import UsageError
from checkrein.model import App, Fact, Severity
from checkrein.model.difference import Difference, Lost, Recorded
from checkrein.model.result import Result
from checkrein.pipeline import Wanted, concluded, derived, lasts, print_of, reading, versions
from checkrein.pipeline.reading import NO_TEMPLATE, Progress, Read
from checkrein.pipeline.versions import Asked, Workplace
from checkrein.read.records import read_record, written
from checkrein.report.counts import counts
from checkrein.report.secrets import Secrets, secrets

LEVELS = tuple(Severity)


class Following:
    """Derives apps, and of equal facts gives the app that it derived before: places count, too.

    What follows from a part that is as it was counts for the next app as well.
    """

    def __init__(self) -> None:
        """Begin without an app."""
        self._known: tuple[list[Fact], App] | None = None
        self._memory = Memory()

    def __call__(self, read: App, memory: Memory | None = None) -> App:
        """Return what follows from what was read; ``memory`` may know it from an earlier run."""
        facts = list(read)
        if self._known is None or self._known[0] != facts:
            self._known = facts, derived(read, memory or self._memory)
        return self._known[1]


class Known:
    """What is known of each folder: of a repository's versions, from earlier runs too."""

    def __init__(self, copies: Path, asked: Iterable[Asked], *, judged: bool = False) -> None:
        """Begin for versions, of which those of a repository are put into a folder.

        ``judged`` tells what was concluded from what was read.
        """
        self._copies, self._judged = copies, judged
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
        return Versions(self._copies, self._repository, below, judged=self._judged)


class Recorder:
    """Records versions, one after the other; what it recorded of equal facts it gives again."""

    def __init__(
        self, folder: Path, asked: Sequence[Asked], wanted: Wanted, progress: Progress
    ) -> None:
        self.progress = progress
        self._wanted = wanted
        self._read, self._judged = Known(folder, asked), Known(folder, asked, judged=True)
        self._following = Following()

    def recorded(self, paths: Iterable[Path]) -> Recorded:
        """Read and judge what lies in some folders, and return what a comparison needs of it.

        What an earlier run recorded stands where the facts that were read are the same, and all
        files that judging looks at, on the same day.
        """
        read = reading.read(paths, self.progress, self._read)
        memory = self._judged(read.templates.root)
        name = ("recorded", print_of(read.facts), repr(self._wanted), str(datetime.now(UTC).date()))
        known: Recorded | None = memory.find(name, Recorded) if name[1] else None
        if known is not None:
            return known
        with files.asking() as asked:
            following = partial(self._following, memory=memory)
            result = concluded(read, self.progress, self._wanted, _unkept(read), following)
            version = _without_secrets(result)
        if name[1] and lasts(result):
            memory.keep(name, version, asked)
            memory.save()
        return version


def _unkept(read: Read) -> Cache:
    """Keep no verdicts: to note what each looks at takes longer than a second version's judging."""
    return Cache(read.templates.root, wanted=False)


class Side(Struct, frozen=True):
    """A version that was read; ``there`` is False where it has none of what was asked for."""

    version: Recorded
    notes: tuple[str, ...] = ()
    there: bool = True


def compared(
    words: Sequence[str], within: Sequence[Path], wanted: Wanted, progress: Progress
) -> Difference:
    """Compare the two versions that words mean; see ``versions.sides``.

    Raises UsageError where a word means nothing, or what was asked for is in neither version.
    """
    asked = versions.sides(words, within)
    with versions.workplace() as place:
        recorder = Recorder(place.folder, asked, wanted, progress)
        read = [_read(asked[0], place, recorder)]
        same = versions.alike(*asked)
        read.append(read[0] if same else _read(asked[1], place, recorder))
    if not any(side.there for side in read):
        what = ", ".join(map(str, within)) or "this folder"
        raise UsageError(f"neither {asked[0].version.name} nor {asked[1].version.name} has {what}")
    progress("comparing")
    before, after = (side.version for side in _with_templates(read))
    found = between(before, after, (asked[0].version, asked[1].version))
    notes = dict.fromkeys((*found.notes, *(note for side in read for note in side.notes)))
    return replace(found, notes=tuple(notes))


def _read(side: Asked, place: Workplace, recorder: Recorder) -> Side:
    if side.record:
        return Side(read_record(side.record))
    opened = versions.opened(side, place)
    if not opened.paths:
        return Side(Recorded(__version__), opened.notes, there=False)
    version = recorder.recorded(opened.paths)
    recorder.progress("")
    missing = tuple(Lost(side.version.name, reason) for reason in opened.missing)
    return Side(replace(version, lost=(*version.lost, *missing)), opened.notes)


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
