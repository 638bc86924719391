"""Which two versions a comparison is about: words to commits, folders, templates and records.

A word that is a file or a folder means that; with a ``/`` it can mean nothing else. A word that is
a ref means the repository's files at it. What is both is refused, and so is what is neither.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct

from checkrein.errors import UsageError
from checkrein.model.difference import Version
from checkrein.read import git, snapshots
from checkrein.read.records import is_record
from checkrein.read.snapshots import Snapshot

WORK_TREE = "the work tree"
SHORT = 10  # characters of a commit's id
UNOPENED = (*snapshots.MEDIA, ".md", ".html", ".css", ".scss")
RANGE, DOTS = "...", ".."


class Asked(Struct, frozen=True):
    """One side: a record, paths as they are on disk, or a repository's files.

    ``commit`` is the id of a commit or tree, "" for the work tree; ``repository`` is None for what
    stands on disk.
    """

    version: Version
    paths: tuple[Path, ...] = ()
    record: Path | None = None
    repository: git.Repository | None = None
    commit: str = ""


class Opened(Struct, frozen=True):
    """A side whose files can be read: where they are, what to say of them, what is missing."""

    paths: tuple[Path, ...]
    notes: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def sides(words: Sequence[str], within: Sequence[Path]) -> tuple[Asked, Asked]:
    """Return the two versions that words mean.

    Nothing: HEAD and the work tree. One: that, and the work tree (of a folder or record: what is
    on disk). Two: those. ``A...B``: the last commit that both have in common, and B, as git does.
    Raises UsageError where a word means nothing or two things.
    """
    words = _ranged(words, within)
    if len(words) > 2:  # noqa: PLR2004 - before and after
        raise UsageError("diff compares two versions: give two words at most")
    before = _side(words[0] if words else "HEAD", within)
    if len(words) > 1:
        return before, _side(words[1], within)
    return before, _beside(before, within)


def _ranged(words: Sequence[str], within: Sequence[Path]) -> Sequence[str]:
    """Return the two words that ``A...B`` or ``A..B`` means."""
    if len(words) != 1 or DOTS not in words[0] or _is_path(words[0]):
        return words
    between = RANGE if RANGE in words[0] else DOTS
    first, _, second = (word or "HEAD" for word in words[0].partition(between))
    if between == DOTS:
        return (first, second)
    found = _repository(within)
    base = git.merge_base(found, _commit(found, first), _commit(found, second))
    return (base, second)


def _side(word: str, within: Sequence[Path]) -> Asked:
    if _is_path(word):
        return _on_disk(word, within)
    found = _repository(within)
    commit = _commit(found, word)
    if Path(word).exists():
        raise UsageError(
            f"{word} is both a file or folder and a commit: "
            f"write ./{word} for the one, refs/heads/{word} or {commit[:SHORT]} for the other"
        )
    named = commit[:SHORT] if commit.startswith(word) else f"{word} ({commit[:SHORT]})"
    return Asked(Version(named, commit), tuple(within), repository=found, commit=commit)


def _is_path(word: str) -> bool:
    """Tell whether a word means something on disk: it is there, and nothing else it may mean."""
    if not Path(word).exists():
        return False
    return word.startswith((".", "/", "~")) or word.endswith("/") or not _is_ref(word)


def _is_ref(word: str) -> bool:
    try:
        return bool(git.tree_of(git.repository(Path()), word))
    except UsageError:
        return False


def _on_disk(word: str, within: Sequence[Path]) -> Asked:
    path = Path(word)
    if path.is_file() and is_record(path):
        return Asked(Version(word), record=path)
    if within and path.is_dir():
        inside = tuple(path / _relative(each) for each in within)
        return Asked(Version(word), tuple(each for each in inside if each.exists()))
    return Asked(Version(word), (path,))


def _relative(path: Path) -> Path:
    if path.is_absolute():
        raise UsageError(f"--in {path}: between folders, say where in them: a relative path")
    return path


def _beside(before: Asked, within: Sequence[Path]) -> Asked:
    """Return what one version alone is compared with."""
    if before.repository is None:
        paths = tuple(within) or (Path(),)
        return Asked(Version(", ".join(map(str, paths)) if within else "this folder"), paths)
    if before.repository.top is None:
        raise UsageError("this repository has no work tree: name two commits")
    return Asked(Version(WORK_TREE), tuple(within), repository=before.repository)


def _repository(within: Sequence[Path]) -> git.Repository:
    """Return the one repository that all paths are in; those that are gone do not say."""
    there = [_standing(path) for path in within or (Path(),)]
    found = [git.repository(folder) for folder in there]
    if len({each.top for each in found}) > 1:
        raise UsageError("the folders of --in are in several repositories: compare one at a time")
    return found[0]


def _standing(path: Path) -> Path:
    """Return the nearest folder above a path that is there."""
    while not path.is_dir() and path != path.parent:
        path = path.parent
    return path


def _commit(found: git.Repository, word: str) -> str:
    """Return the id that a word names; "" for a HEAD that has no commit yet."""
    commit = git.tree_of(found, word)
    if commit or word == "HEAD":
        return commit
    if git.is_shallow(found) and any(mark in word for mark in "~^"):
        raise UsageError(f"{word} is not in this {git.SHALLOW}")
    files = [each.name for each in Path().iterdir()]
    near = git.nearest(found, word, files)
    more = f" It may not have been fetched: this is a {git.SHALLOW}." if _lacks(found) else ""
    hint = f"did you mean {near}?" if near else "git branch --all lists the branches."
    raise UsageError(f"{word} is no commit, branch or tag here, nor a file or folder; {hint}{more}")


def _lacks(found: git.Repository) -> bool:
    return git.is_shallow(found)


def alike(before: Asked, after: Asked) -> bool:
    """Tell whether two commits differ only in files that no reader opens."""
    if not (before.commit and after.commit and before.repository == after.repository):
        return False
    trees = {commit: _opened(before, commit) for commit in (before.commit, after.commit)}
    return trees[before.commit] == trees[after.commit]


def _opened(side: Asked, commit: str) -> set[tuple[str, str, str]]:
    """Return the files of a commit that are asked for, without the content of unopened ones."""
    assert side.repository
    found = set()
    for path in side.paths or (Path(),):
        below = _inside(side.repository, path)
        entry = git.entry(side.repository, commit, below)
        if entry and entry.mode != git.FOLDER:
            entry = git.entry(side.repository, commit, _folder(below))
        for each in git.listing(side.repository, entry.id) if entry else ():
            known = each.mode != git.LINK and each.path.lower().endswith(UNOPENED)
            found.add((below, each.path, each.mode if known else each.id))
    return found


class Workplace:
    """A folder for copies of versions, one after the other, and what the last one left there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._last: tuple[Asked, Snapshot] | None = None

    def copy(self, side: Asked, found: git.Repository) -> Snapshot:
        """Begin the copy of a version: of two commits only what differs is written."""
        root = self.folder / "copy"
        if (
            self._last
            and side.commit
            and self._last[0].commit
            and self._last[0].paths == side.paths
        ):
            snapshot = self._last[1].next()
        else:
            shutil.rmtree(root, ignore_errors=True)
            root.mkdir()
            snapshot = Snapshot(root, stored=git.large_files(found))
        self._last = side, snapshot
        return snapshot


def opened(side: Asked, place: Workplace) -> Opened:
    """Give a side's files where they can be read, until the next side's take their place.

    A copy is made in a folder. It is the same for one version after the other, so that what was
    read of the first counts for the second where its files are as they were. A path that the
    version lacks is left out: no paths are an app with nothing in it.
    """
    if side.repository is None:
        lacking = [path for path in side.paths if not path.exists()]
        if lacking:
            raise UsageError(f"{lacking[0]} does not exist; give a folder or a template")
        return Opened(side.paths, () if side.paths else (f"{side.version.name} lacks it",))
    return _copied(side, side.repository, place)


@contextmanager
def workplace() -> Iterator[Workplace]:
    """Give a folder for copies of versions, gone afterwards."""
    with TemporaryDirectory(prefix="checkrein-", ignore_cleanup_errors=True) as folder:
        yield Workplace(Path(folder).resolve())


def _copied(side: Asked, found: git.Repository, place: Workplace) -> Opened:
    inside = sorted({_inside(found, path) for path in side.paths or (Path(),)})
    copy = place.copy(side, found)
    kept = [_take(side, found, path, copy) for path in inside]
    copy.close()
    there = [path for path in kept if path is not None]
    notes = list(copy.notes)
    if not side.commit and side.version.name != WORK_TREE:
        notes.append("there is no commit yet: everything is new")
    else:
        gone = [path or "." for path, known in zip(inside, kept, strict=True) if known is None]
        notes += [f"{side.version.name} has no {path}" for path in gone]
    return Opened(tuple(there), tuple(notes), tuple(copy.missing))


def _inside(found: git.Repository, path: Path) -> str:
    """Return a path relative to the top of the repository."""
    full = Path(os.path.abspath(path))  # noqa: PTH100 - links in it are git's to judge
    if found.top is None:
        return "" if path == Path() else path.as_posix()
    real = _standing(full).resolve() / full.relative_to(_standing(full))
    if not real.is_relative_to(found.top.resolve()):
        raise UsageError(f"{path} leads out of the repository at {found.top}")
    below = real.relative_to(found.top.resolve()).as_posix()
    return "" if below == "." else below


def _take(side: Asked, found: git.Repository, path: str, copy: Snapshot) -> Path | None:
    """Write one path of a version into the copy; return where, None if it is not there."""
    if side.commit:
        return _take_commit(side, found, path, copy)
    if side.version.name != WORK_TREE or found.top is None:
        return None
    there = found.top / path
    if not there.exists():
        return None
    folder = _folder(path) if there.is_file() else path
    if copy.lacks(folder):
        snapshots.take_work_tree(found, folder, copy)
    return _made(copy, path)


def _take_commit(side: Asked, found: git.Repository, path: str, copy: Snapshot) -> Path | None:
    entry = git.entry(found, side.commit, path)
    if entry is None:
        return None
    if entry.mode == git.LINK:
        raise UsageError(f"{path} is a link at {side.version.name}: name what it leads to")
    if entry.mode == git.MODULE:
        raise UsageError(f"{path} is a submodule: compare inside it, with --in {path}/FOLDER")
    folder = path if entry.mode == git.FOLDER else _folder(path)
    tree = entry if entry.mode == git.FOLDER else git.entry(found, side.commit, folder)
    assert tree
    if copy.lacks(folder):
        snapshots.take_tree(found, tree.id, copy, folder)
    return _made(copy, path)


def _made(copy: Snapshot, path: str) -> Path:
    where = copy.root / path
    if not where.exists():
        where.mkdir(parents=True)
    return where


def _folder(path: str) -> str:
    return path.rpartition("/")[0]
