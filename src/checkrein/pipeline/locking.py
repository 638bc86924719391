"""``checkrein.lock``: made of an app as it is, and changed by what somebody accepts."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from checkrein import compare, pipeline, write
from checkrein.derive.surface import lines
from checkrein.errors import UsageError
from checkrein.model import Accepted, App, Finding, Outcome, Persona, Unread
from checkrein.model.result import Result
from checkrein.notation import decode
from checkrein.notation.lock import FILE
from checkrein.pipeline.reading import Progress
from checkrein.write import intent

INTENT = "checkrein.yaml"


class Asked(Struct, frozen=True):
    """What to accept: findings or resources, all where none is named; why, and who says so."""

    what: tuple[str, ...] = ()
    reason: str = ""
    by: str = ""
    everything: bool = False


class Locked(Struct, frozen=True):
    """A lock before and after; ``findings`` were accepted, ``left`` were not.

    ``approve`` is the class for which somebody has to approve and nobody did: then the lock is
    not to be written.
    """

    result: Result
    before: str
    after: str
    findings: tuple[Finding, ...] = ()
    left: int = 0
    approve: str = ""


def first(paths: Iterable[Path], progress: Progress) -> Locked:
    """Read an app and return the lock that accepts it as it is; no file is written.

    Raise UsageError where there is a lock.
    """
    chosen = _folder(paths)
    result = pipeline.learn(chosen, progress)
    if (result.root / FILE).exists():
        again = "checkrein accept changes it; to begin anew, delete it first"
        raise UsageError(f"{FILE} is there already: {again}")
    app = result.app | lines(result.app)
    after = write.lock_text(compare.first_lock(app))
    return Locked(replace(result, app=app), "", after)


def accept(paths: Iterable[Path], asked: Asked, progress: Progress) -> Locked:
    """Return the lock with what was asked for; no file is written.

    Raise UsageError where there is no lock, or a word names nothing that differs from it.
    """
    wanted = pipeline.Wanted(Persona.AUDITOR, baseline=None)
    result = pipeline.scan(_folder(paths), progress, wanted)
    accepted = _accepted(result.app)
    before = (result.root / FILE).read_bytes()
    found = [v for v in result.verdicts if v.outcome is not Outcome.PASS]
    choice = compare.choose(result.app, found, asked.what)
    lock = compare.accept(result.app, choice, asked.reason, asked.by, everything=not asked.what)
    text = decode(before, FILE)
    approve = "" if asked.by else choice.valuable(result.app)
    number = len({f.fingerprint for v in found for f in v.findings if f.lines})
    return Locked(
        result,
        text,
        write.lock_text(lock, write.comments_of(text, accepted)),
        choice.findings,
        number - len(choice.findings),
        approve,
    )


def start(locked: Locked) -> list[str]:
    """Write the first lock, and a checkrein.yaml where there is none; return what was written."""
    root = locked.result.root
    write.new_file(root, FILE, locked.after)
    if (root / INTENT).exists():
        return [FILE]
    intent.save(root, [])
    return [INTENT, FILE]


def put(locked: Locked) -> None:
    """Write the lock; raise UsageError if the file is not as it was read."""
    root = locked.result.root
    if locked.before != locked.after:
        content = (root / FILE).read_bytes()
        if decode(content, FILE) != locked.before:
            raise UsageError(f"{FILE} has changed since it was read; run it again")
        write.replace_files(root, {FILE: (content, locked.after)})


def _folder(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return the one folder that a lock is about; raise UsageError for a part of one."""
    chosen = tuple(paths)
    if len(chosen) != 1 or chosen[0].is_file():
        raise UsageError(f"{FILE} is about a whole folder: name that, and nothing else")
    return chosen


def _accepted(app: App) -> list[Accepted]:
    """Return what the lock holds; raise UsageError where there is none that can be read."""
    found = app.every(Accepted)
    if not found:
        broken = [unread.reason for unread in app.every(Unread) if unread.path == FILE]
        raise UsageError(next(iter(broken), f"there is no {FILE} here; checkrein init makes one"))
    return found
