"""Which files there are to read, and each as a tally."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from checkrein import archives, files
from checkrein.aside import cores
from checkrein.detect.contents import Contents
from checkrein.detect.own import Own
from checkrein.errors import UsageError
from checkrein.observe.records import File
from checkrein.observe.sightings import Tally, visible

MOST = 100_000  # files
MUCH = 20_000_000  # bytes, from which on more processes pay for their start
TOO_MANY = f"more than {MOST} files: the rest was not read"
OUT = "leads out of the folder, or is no plain file"
HIDDEN = "."


class Given(NamedTuple):
    """A file or folder of records; ``named`` is the resource that its content is of, if said."""

    path: Path
    named: str = ""

    @classmethod
    def said(cls, word: str) -> Given:
        """Read ``PATH`` or ``RESOURCE=PATH``; a path that is there is a path."""
        name, equals, path = word.partition("=")
        if equals and path and not Path(word).exists():
            return cls(Path(path), name)
        return cls(Path(word))


class _Job(NamedTuple):
    """One file to read: what to call it, and the folder that it may not lead out of."""

    path: Path
    shown: str
    root: Path
    named: str
    lost: str = ""  # why it is not read


def read(given: Iterable[Given], own: Own) -> Iterator[Tally]:
    """Yield a tally for each file, once for files that are the same; see ``tallied``.

    On all cores where there is much to read: a tally is small.
    """
    jobs = [*_jobs(given)]
    workers = min(len(jobs), cores())
    reading = partial(_tally, own)
    if workers == 1 or sum(map(_size, jobs)) < MUCH:
        yield from map(reading, jobs)
        return
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - few scans need it

    with ProcessPoolExecutor(workers, initializer=obey_interrupts) as pool:
        yield from pool.map(reading, jobs, chunksize=max(1, len(jobs) // (8 * workers)))


def obey_interrupts() -> None:
    """Let an interrupt end a worker without a word: who began it says what there is to say."""
    import signal  # noqa: PLC0415 - few scans have workers

    signal.signal(signal.SIGINT, lambda *_: sys.exit())


def _tally(own: Own, job: _Job) -> Tally:
    if job.lost:
        tally = Tally()
        tally.lose(job.shown, job.lost)
        return tally
    with files.scan(job.root):
        return File(job.path, job.shown, job.named, Contents(own)).read()


def _size(job: _Job) -> int:
    try:
        return job.path.stat().st_size
    except OSError:
        return 0


def _jobs(given: Iterable[Given]) -> Iterator[_Job]:
    seen: set[tuple[str, str]] = set()
    for each in given:
        if not each.path.exists():
            raise UsageError(f"{each.path} does not exist; give files or folders of records")
        path = Path(os.path.abspath(each.path))  # noqa: PTH100 - links stay what they are
        root = path if path.is_dir() else Path(os.path.realpath(path)).parent
        with files.scan(root):
            for number, file in enumerate(_below(path)):
                real = os.path.realpath(file), each.named
                lost = TOO_MANY if number >= MOST else "" if files.is_file(file) else OUT
                if real not in seen or lost:
                    yield _Job(file, _shown(file, path, each.path), root, each.named, lost)
                if number >= MOST:
                    break
                seen.add(real)


def _shown(file: Path, start: Path, given: Path) -> str:
    """Return what to call a file: its path as it was asked for."""
    return visible((given / file.relative_to(start)).as_posix())


def _below(path: Path) -> Iterator[Path]:
    """Yield the files of a folder and of zip archives in it, in order; hidden ones are left out."""
    if files.is_folder(path) or (path.suffix == archives.SUFFIX and files.names(path)):
        for name in sorted(files.names(path)):
            inside = path / name
            again = inside.is_symlink() and files.is_folder(inside)  # read where it lies
            if not (name.startswith(HIDDEN) or again):
                yield from _below(inside)
    else:
        yield path
