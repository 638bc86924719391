"""Ask git about a repository, so that nothing a hostile one has configured is ever run."""

from __future__ import annotations

import difflib
import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from msgspec import Struct

from checkrein.errors import UsageError

# Commands that a repository's own configuration names: none is run, nothing is fetched or locked.
SAFE = (
    "--no-pager",
    "-c", "core.fsmonitor=false",
    "-c", "core.hooksPath=/dev/null",
    "-c", "protocol.allow=never",
    "-c", "safe.bareRepository=explicit",
)  # fmt: skip
ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "none",  # stronger than a protocol.ext.allow of the repository
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_LITERAL_PATHSPECS": "1",
    "LC_ALL": "C",
}
OUTER = frozenset({  # what a hook is told about the repository that it runs for
    "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR",
    "GIT_PREFIX", "GIT_ALTERNATE_OBJECT_DIRECTORIES",
})  # fmt: skip
NOT_HERE = "name two folders, or a folder and what scan --save wrote"
FOLDER, LINK, MODULE = "040000", "120000", "160000"  # modes of entries
LARGEST = 100_000_000  # bytes of an object: GitHub takes no larger, and no reader opens one
LONGEST = 64_000_000  # bytes of a listing: some 600,000 files; a few trees in one another name more
PIECE = 1_000_000  # bytes


class Repository(Struct, frozen=True):
    """A repository: the folder that git is asked from, and its work tree, None if it has none.

    ``inner`` is true for a submodule: what the environment says of the outer one is not about it.
    """

    folder: Path
    top: Path | None
    inner: bool = False


class Entry(Struct, frozen=True):
    """One file of a tree: its mode, the id of its object, and its path below the tree."""

    mode: str
    id: str
    path: str


def repository(folder: Path) -> Repository:
    """Return the repository that a folder is in; raise UsageError if there is none or no git."""
    found = Repository(folder, None)
    if _said(found, "rev-parse", "--is-inside-work-tree").strip() != "true":
        return found
    return Repository(folder, Path(_said(found, "rev-parse", "--show-toplevel").removesuffix("\n")))


def submodule(found: Repository, path: str) -> Repository | None:
    """Return the submodule at a path of the work tree, None where it is not checked out.

    What a link on the way leads to is somebody else's repository.
    """
    inner = found.top / path if found.top else None
    if inner is None or not (inner / ".git").exists():
        return None
    if os.path.realpath(inner) != os.path.normpath(f"{os.path.realpath(found.top or '')}/{path}"):
        return None
    return Repository(inner, inner, inner=True)


def tree_of(found: Repository, word: str) -> str:
    """Return the id of the commit (or tree) that a word names, "" if it names none.

    Raises UsageError where it names several.
    """
    if word.startswith("-") or "\0" in word or not word:
        return ""
    for kind in ("commit", "tree"):
        asked = _run(found, "rev-parse", "--verify", f"{word}^{{{kind}}}")
        if b"ambiguous" in asked.stderr:
            raise UsageError(
                f"{word} names several things in this repository: "
                f"write refs/heads/{word} or refs/tags/{word}"
            )
        if asked.returncode == 0:
            return asked.stdout.decode().strip()
    return ""


def merge_base(found: Repository, first: str, second: str) -> str:
    """Return the id of the last commit that two have in common; raise UsageError if none is."""
    asked = _run(found, "merge-base", first, second)
    if asked.returncode == 0:
        return asked.stdout.decode().split()[0]
    if is_shallow(found):
        raise UsageError(f"the two have no commit in common in this {SHALLOW}")
    raise UsageError("the two have no commit in common: name them as two words, without ...")


SHALLOW = "shallow clone: git fetch --unshallow, or fetch-depth: 0 where a workflow checks out"


def is_shallow(found: Repository) -> bool:
    """Tell whether the repository lacks its older commits."""
    return _said(found, "rev-parse", "--is-shallow-repository").strip() == "true"


def nearest(found: Repository, word: str, others: Sequence[str] = ()) -> str:
    """Return the ref, or the other name, that looks most like a word; "" if none does."""
    listed = _said(found, "for-each-ref", "--format=%(refname:short)")
    near = difflib.get_close_matches(word, ["HEAD", *listed.split(), *others], 1)
    return near[0] if near else ""


def entry(found: Repository, tree: str, path: str) -> Entry | None:
    """Return what stands at a path of a tree, None if nothing; the path "" is the tree itself."""
    if not path:
        return Entry(FOLDER, tree, "")
    said = _said(found, "ls-tree", "-z", "--full-tree", tree, "--", path)
    return next(_entries(said), None)


def large_files(found: Repository) -> Path:
    """Return the folder where Git LFS keeps the contents that it has, if it is used."""
    common = _said(found, "rev-parse", "--git-common-dir").removesuffix("\n")
    return found.folder / common / "lfs" / "objects"


def listing(found: Repository, tree: str) -> list[Entry]:
    """Return every file, link and submodule of a tree; raise UsageError where they are too many."""
    with subprocess.Popen(  # noqa: S603 - only our own arguments
        _command(found, "ls-tree", "-r", "-z", "--full-tree", tree),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_around(found),
    ) as git:
        assert git.stdout
        said = git.stdout.read(LONGEST + 1)
        if len(said) > LONGEST:
            git.kill()
            raise UsageError(f"the tree {tree} holds too many files: name a folder with --in")
    if git.returncode:
        raise UsageError(f"git cannot list {tree}: it ended with {git.returncode}")
    return list(_entries(os.fsdecode(said)))


def index(found: Repository, path: str) -> Iterator[tuple[str, Entry]]:
    """Yield what is tracked below a path of the work tree, with git's letter for its state."""
    said = _said(_at_top(found), "ls-files", "-z", "-t", "-s", "--", path or ".")
    for line in filter(None, said.split("\0")):
        head, _, name = line.partition("\t")
        letter, mode, id, _ = head.split(" ")
        yield letter, Entry(mode, id, name)


def untracked(found: Repository, path: str) -> list[str]:
    """Return the files below a path that git neither tracks nor ignores."""
    asked = ("ls-files", "-z", "--others", "--exclude-standard", "--", path or ".")
    return [each for each in _said(_at_top(found), *asked).split("\0") if each and each[-1] != "/"]


def contents(found: Repository, ids: Sequence[str]) -> Iterator[tuple[str, bytes | int | None]]:
    """Yield each object's content, its size beyond LARGEST, None where the repository lacks it."""
    with TemporaryFile() as asked:
        asked.write("".join(f"{id}\n" for id in ids).encode())
        asked.seek(0)
        command = _command(found, "cat-file", "--batch", "--buffer")
        around = _around(found)
        with subprocess.Popen(  # noqa: S603 - only our own arguments
            command, stdin=asked, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=around
        ) as git:
            assert git.stdout
            for id in ids:
                yield id, _content(git.stdout)


def _content(stream: IO[bytes]) -> bytes | int | None:
    head = stream.readline().split()
    if len(head) != 3:  # noqa: PLR2004 - id, kind and size, else "missing"
        return None
    size = int(head[2])
    if size > LARGEST:
        for start in range(0, size + 1, PIECE):
            stream.read(min(PIECE, size + 1 - start))
        return size
    content = stream.read(size)
    stream.read(1)
    return content


def _entries(said: str) -> Iterator[Entry]:
    for line in filter(None, said.split("\0")):
        head, _, path = line.partition("\t")
        mode, _, id = head.split(" ")
        yield Entry(mode, id, path)


def _at_top(found: Repository) -> Repository:
    assert found.top
    return Repository(found.top, found.top, found.inner)


def _said(found: Repository, *arguments: str) -> str:
    """Return what git answers; raise UsageError, with what to do, where it cannot."""
    asked = _run(found, *arguments)
    if asked.returncode == 0:
        return os.fsdecode(asked.stdout)
    reason = asked.stderr.decode(errors="replace").strip().partition("\n")[0]
    reason = reason.removeprefix("fatal: ")
    where = found.folder
    if reason.startswith("not a git repository"):
        raise UsageError(f"{where} is in no git repository: {NOT_HERE}")
    if "dubious ownership" in reason:
        raise UsageError(
            f"git does not trust the repository at {where}, since somebody else owns it: "
            f"git config --global --add safe.directory {where.absolute()}"
        )
    raise UsageError(f"git cannot tell: {reason or f'it ended with {asked.returncode}'}")


def _run(found: Repository, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(  # noqa: S603 - only our own arguments
            _command(found, *arguments),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=_around(found),
            check=False,
        )
    except FileNotFoundError:
        raise UsageError(f"there is no git on this machine: {NOT_HERE}") from None


def _command(found: Repository, *arguments: str) -> list[str]:
    return ["git", *SAFE, "-C", str(found.folder), *arguments]


def _around(found: Repository) -> dict[str, str]:
    kept = os.environ.items()
    return {**{name: v for name, v in kept if not (found.inner and name in OUTER)}, **ENVIRONMENT}
