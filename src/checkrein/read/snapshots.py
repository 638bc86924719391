"""Versions of a folder as git knows them, written out where they can be read like any folder.

What git ignores is in none of them, so that a build's leavings make no difference. Nothing of the
repository is run or changed, and no link of it leads out of the copy.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path, PurePosixPath

from msgspec import Struct, field

from checkrein.errors import UsageError
from checkrein.read import git
from checkrein.read.git import LARGEST, LINK, MODULE, Entry, Repository

# What readers open; of other files they only ask whether they are there.
READ = (
    ".yaml", ".yml", ".json", ".template", ".txt", ".py", ".js", ".mjs", ".cjs", ".ts", ".mts",
    ".cts", ".tsx", ".jsx", ".toml",
)  # fmt: skip
# Files that no reader opens: they are there, and empty.
MEDIA = (
    ".png", ".jpg", ".jpeg", ".gif", ".webp", ".ico", ".bmp", ".tiff", ".mp3", ".mp4", ".mov",
    ".webm", ".wav", ".woff", ".woff2", ".ttf", ".otf", ".eot", ".pdf", ".pptx", ".docx", ".xlsx",
)  # fmt: skip
POINTER = b"version https://git-lfs.github.com/spec/"
LONGEST_POINTER = 1024  # bytes, says Git LFS
MOST = 3  # names in a sentence
UNSURE = ""  # in place of an object's id: another version has to write the file again
MODULES = 8  # submodules in one another


class Snapshot(Struct):
    """A copy: the folder it is in, what its readers must know, and what is missing from it."""

    root: Path
    notes: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    objects: dict[str, Path] = field(default_factory=dict)  # files that hold an object's content
    pointers: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    stored: Path | None = None  # where Git LFS keeps contents
    taken: list[str] = field(default_factory=list)  # folders that are in it already
    placed: dict[str, str] = field(default_factory=dict)  # files by path: the object
    linked: list[str] = field(default_factory=list)  # links that were made
    left: dict[str, str] = field(default_factory=dict)  # files of the version that was here before

    def lacks(self, folder: str) -> bool:
        """Tell whether a folder is still to be taken, and count it as taken from now on."""
        known = any(not above or f"{folder}/".startswith(f"{above}/") for above in self.taken)
        self.taken.append(folder)
        return not known

    def next(self) -> Snapshot:
        """Return the copy of another version in the same folder: what both hold is not rewritten.

        Until it is closed, files of this version are there.
        """
        for path in self.linked:
            (self.root / path).unlink()
        return Snapshot(self.root, stored=self.stored, left=self.placed)

    def close(self) -> None:
        """Make the links that stay inside, and say what the others are."""
        _drop(self, list(self.left))
        _link(self)
        if self.pointers:
            self.notes.append(f"only Git LFS has the content of {_named(self.pointers)}")


def take_tree(
    found: Repository, tree: str, into: Snapshot, below: str = "", depth: int = 0
) -> None:
    """Write the files of a tree, or of one folder of it, below the snapshot's root."""
    files: list[Entry] = []
    modules: list[Entry] = []
    for each in git.listing(found, tree):
        placed = Entry(each.mode, each.id, f"{below}/{each.path}" if below else each.path)
        if not _is_plain(placed.path):
            into.notes.append(f"{placed.path!r} is no path that a file may have")
        else:
            (modules if each.mode == MODULE else files).append(placed)
    _write(found, _others(files, into, below), into)
    for module in modules:
        _take_module(found, module, into, depth)


def take_work_tree(found: Repository, path: str, into: Snapshot) -> None:
    """Copy what git tracks, and what it would track next, below a path of the work tree."""
    assert found.top
    absent: list[Entry] = []
    wanted: dict[str, None] = {}
    for letter, each in git.index(found, path):
        if each.mode == MODULE:
            _copy_module(found, each.path, into)
        elif letter == "S" and not (found.top / each.path).exists():
            absent.append(each)  # a sparse checkout: there, but not on disk
        else:
            wanted[each.path] = None
    wanted |= dict.fromkeys(git.untracked(found, path))
    _copy(found.top, wanted, into)
    _write(found, absent, into)


def _take_module(found: Repository, module: Entry, into: Snapshot, depth: int) -> None:
    """Write a submodule's commit, where the work tree has the submodule and it has the commit."""
    inner = git.submodule(found, module.path) if depth < MODULES else None
    try:
        if inner and git.tree_of(inner, module.id):
            take_tree(inner, module.id, into, module.path, depth + 1)
            return
    except UsageError:
        pass
    into.missing.append(f"the submodule {module.path}: git submodule update --init")


def _copy_module(found: Repository, path: str, into: Snapshot) -> None:
    inner = git.submodule(found, path)
    if inner is None:
        into.missing.append(f"the submodule {path}: git submodule update --init")
        return
    part = Snapshot(into.root / path)
    take_work_tree(inner, "", part)
    into.links += [(f"{path}/{name}", target) for name, target in part.links]
    into.missing += part.missing
    into.notes += part.notes


def _others(files: list[Entry], into: Snapshot, below: str) -> list[Entry]:
    """Return the files of a folder that the version before had not; what else it had there goes."""
    if not into.left:
        return files
    others = []
    for each in files:
        if each.mode != LINK and into.left.get(each.path) == each.id:
            into.placed[each.path] = into.left.pop(each.path)
            if not each.path.lower().endswith(MEDIA):
                into.objects.setdefault(each.id, into.root / each.path)
        else:
            others.append(each)
    start = f"{below}/" if below else ""
    _drop(into, [path for path in into.left if path.startswith(start)])
    return others


def _drop(into: Snapshot, paths: list[str]) -> None:
    """Take out files that another version left, and the folders that hold nothing then."""
    for path in paths:
        del into.left[path]
        with suppress(OSError):  # it was not made, or a folder still holds something
            (into.root / path).unlink()
            for above in PurePosixPath(path).parents[:-1]:
                (into.root / above).rmdir()


def _write(found: Repository, entries: Iterable[Entry], into: Snapshot) -> None:
    """Write objects as files; what is known already becomes the same file under another name."""
    waiting: dict[str, list[Entry]] = {}
    entries = list(entries)
    into.placed |= {each.path: each.id for each in entries if each.mode != LINK}
    for each in entries:
        if each.mode != LINK and each.path.lower().endswith(MEDIA):
            _create(into, each.path, b"")
        elif each.mode == LINK or not _linked(into, each):
            waiting.setdefault(each.id, []).append(each)
    lacking: list[str] = []
    for id, content in git.contents(found, list(waiting)):
        for each in waiting[id]:
            if content is None:
                lacking.append(each.path)
            _put(into, each, content)
    needed = [path for path in lacking if path.lower().endswith(READ)]
    if needed:
        into.missing.append(f"the content of {_named(needed)}: git fetch brings it")


def _put(into: Snapshot, entry: Entry, content: bytes | int | None) -> None:
    if content is None:
        _create(into, entry.path, b"")
        into.placed[entry.path] = UNSURE
    elif isinstance(content, int):
        _create(into, entry.path, b"", content)
    elif entry.mode == LINK:
        into.links.append((entry.path, os.fsdecode(content)))
    elif not _linked(into, entry):
        _create(into, entry.path, _stored(content, entry, into))
        if into.placed.get(entry.path) != UNSURE:
            into.objects[entry.id] = into.root / entry.path


def _linked(into: Snapshot, wanted: Entry) -> bool:
    known = into.objects.get(wanted.id)
    if known is None:
        return False
    try:
        _folder(into, wanted.path)
        os.link(known, into.root / wanted.path)
    except OSError:
        return False
    return True


def _stored(content: bytes, entry: Entry, into: Snapshot) -> bytes:
    """Return what a pointer of Git LFS stands for where it is here, else the content itself."""
    if len(content) > LONGEST_POINTER or not content.startswith(POINTER):
        return content
    id = content.partition(b"oid sha256:")[2][:64].decode("ascii", "replace")
    file = into.stored / id[:2] / id[2:4] / id if into.stored and id.isalnum() else None
    if file and file.is_file():
        return file.read_bytes()
    into.pointers.append(entry.path)
    into.placed[entry.path] = UNSURE
    return content


def _copy(top: Path, paths: Iterable[str], into: Snapshot) -> None:
    base = os.path.realpath(top)
    within: dict[str, bool] = {}
    for path in paths:
        above = path.rpartition("/")[0]
        if above not in within:  # a folder that became a link has lost what git knows below it
            within[above] = os.path.realpath(top / above) == os.path.normpath(f"{base}/{above}")
        if within[above] and _is_plain(path):
            _copy_file(top / path, path, into)


def _copy_file(source: Path, path: str, into: Snapshot) -> None:
    try:
        if source.is_symlink():
            into.links.append((path, str(source.readlink())))
        elif path.lower().endswith(MEDIA):
            _create(into, path, b"")
        elif source.is_file() and (size := source.stat().st_size) > LARGEST:
            _create(into, path, b"", size)
        elif source.is_file():
            _folder(into, path)
            shutil.copyfile(source, into.root / path)
    except FileNotFoundError:
        return  # deleted since
    except OSError as error:
        into.missing.append(f"{path}: {error.strerror}")


def _create(into: Snapshot, path: str, content: bytes, size: int = 0) -> None:
    """Write a file; one of a size without content takes no room, and is as large to its readers."""
    try:
        _folder(into, path)
        with (into.root / path).open("xb") as file:
            file.write(content)
            if size:
                file.truncate(size)
    except OSError as error:
        into.placed[path] = UNSURE
        into.missing.append(f"{path}: {error.strerror}")


def _folder(into: Snapshot, path: str) -> None:
    (into.root / path).parent.mkdir(parents=True, exist_ok=True)


def _link(into: Snapshot) -> None:
    """Make the links last, and keep those that lead to something inside when all are made.

    A tree may give a link and a folder one name: nothing is made below a link.
    """
    base = os.path.realpath(into.root)
    made = []
    for path, target in into.links:
        above = (into.root / path).parent
        try:
            if os.path.realpath(above) != os.path.normpath(f"{base}/{path}/.."):
                raise OSError  # noqa: TRY301 - as if the system had refused it
            above.mkdir(parents=True, exist_ok=True)
            (into.root / path).symlink_to(target)
            made.append(path)
        except (OSError, ValueError):
            into.missing.append(f"{path}: the link cannot be made")
    outside = [path for path in made if not _stays(into.root / path, base)]
    for path in outside:
        (into.root / path).unlink()
    into.linked = [path for path in made if path not in outside]
    if outside:
        into.notes.append(f"links that lead outside are not followed: {_named(outside)}")


def _stays(link: Path, base: str) -> bool:
    leads = os.path.realpath(link)
    return leads == base or leads.startswith(base + os.sep)


def _is_plain(path: str) -> bool:
    return all(part not in {"", ".", ".."} and part.lower() != ".git" for part in path.split("/"))


def _named(paths: list[str]) -> str:
    shown = ", ".join(sorted(paths)[:MOST])
    return shown + (f" and {len(paths) - MOST} more" if len(paths) > MOST else "")
