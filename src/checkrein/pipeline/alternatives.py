"""How an app would be otherwise: fewer rights, fixes, other settings; and writing it into files."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from checkrein import checks, compare, files, write
from checkrein.cache import Held
from checkrein.errors import UsageError
from checkrein.model import App, Edit, Unread
from checkrein.model.cuts import Cuts
from checkrein.model.difference import Version
from checkrein.model.least import Leasts
from checkrein.model.mended import Mended
from checkrein.model.result import Result
from checkrein.model.supposed import Supposed
from checkrein.pipeline import Wanted, derived, judged, reading
from checkrein.pipeline.reading import Progress, Read


def least(
    paths: Iterable[Path] = (Path(),),
    functions: Iterable[str] = (),
    progress: Progress = lambda _: None,
) -> Leasts:
    """Return the least rights of functions (by name or id, all if none), and the fixes.

    Raises UsageError where a path does not exist or no function has such a name.
    """
    with files.scan(reading.top(paths)):
        read = reading.read(paths, progress, Held)
        app = derived(App(read.facts))
        progress("comparing what is granted with what is needed")
        root = read.templates.root
        question = compare.Question(app, root, functions)
        made = question.edits(lambda texts: derived(App(reading.with_texts(read, texts))))
        return Leasts(root, app, tuple(question.leasts()), made)


def cuts(
    paths: Iterable[Path],
    subject: str,
    classes: Iterable[str] = (),
    progress: Progress = lambda _: None,
) -> tuple[Result, Cuts]:
    """Return what to take away so that a row holds no more than it is meant to, and the app.

    Raises UsageError where a path does not exist, or a word means nothing that can be asked for.
    """
    read = reading.read(paths, progress)
    before = App(read.facts)
    result = Result(read.templates.root, derived(before))
    progress("looking for the cheapest cuts")
    return result, compare.Cutter(before, result.app, result.root).cuts(subject, classes)


def whatif(
    paths: Iterable[Path], words: Sequence[str], progress: Progress = lambda _: None
) -> Supposed:
    """Return how the app would differ with changes that words ask for, and what would break.

    Raises UsageError where a path does not exist, or the words mean nothing that can be done.
    """
    read = reading.read(paths, progress)
    facts = App(read.facts)
    with_it = compare.supposed(facts, derived, words)
    progress("judging both")
    wanted = Wanted(baseline=None)
    before, after = (
        judged(Result(read.templates.root, derived(app)), wanted) for app in (facts, with_it)
    )
    versions = Version("as it is"), Version(" ".join(words))
    found = compare.between(compare.recorded(before), compare.recorded(after), versions)
    lost = tuple(compare.lost_needs(before.app, after.app))
    return Supposed(before, after, found, lost)


def fix(
    paths: Iterable[Path] = (Path(),),
    asked: compare.Asked = compare.Asked(),  # noqa: B008 - frozen
    progress: Progress = lambda _: None,
    wanted: Wanted = Wanted(),  # noqa: B008 - frozen
) -> Mended:
    """Scan, and make every fix that is asked for and proved to help; no file is written.

    Raises UsageError as ``scan`` does, and where no check has a name that was asked for.
    """
    known = [check.id for check in checks.load()]
    for name in asked.checks:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            meant = f"; did you mean {near[0]}?" if near else ""
            raise UsageError(f"no check is named {name}{meant}")
    with files.scan(reading.top(paths)):
        return _fixed(reading.read(paths, progress, Held), asked, progress, wanted)


def _fixed(read: Read, asked: compare.Asked, progress: Progress, wanted: Wanted) -> Mended:
    root = read.templates.root

    def judging(read: Read, texts: Mapping[str, str]) -> Result:
        return judged(Result(root, derived(App(reading.with_texts(read, texts)))), wanted, texts)

    def within(stacks: frozenset[str]) -> compare.Rejudge:
        return partial(judging, read.part(stacks))

    before = judged(Result(root, derived(App(read.facts))), wanted)
    return compare.Mender(before, asked, partial(judging, read), progress, within).mended()


def put(found: Mended) -> None:
    """Write what was mended into the files; raise UsageError if one is not as it was read."""
    write.replace_files(found.root, found.files)


def apply(root: Path, made: Iterable[Edit]) -> tuple[str, ...]:
    """Write edits into their files and return the files' paths; raise UsageError if it fails."""
    texts = compare.edited(root, made)
    write.replace_files(root, {p: ((root / p).read_bytes(), text) for p, text in texts.items()})
    return tuple(texts)


def least_code(found: Leasts) -> int:
    """Return 1 where a function has too much or lacks something, 3 for anything unread, else 0."""
    if any(one.excess or one.missing for one in found.leasts):
        return 1
    return 3 if any(unread.fatal for unread in found.app.every(Unread)) else 0
