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
NOT_HERE = "name two folders, or a folder and what scan --save wrote"
FOLDER, LINK, MODULE = "040000", "120000", "160000"  # modes of entries


class Repository(Struct, frozen=True):
    """A repository: the folder that git is asked from, and its work tree, None if it has none."""

    folder: Path
    top: Path | None


class Entry(Struct, frozen=True):
    """One file of a tree: its mode, the id of its object, and its path below the tree."""

    mode: str
    id: str
    path: str


def repository(folder: Path) -> Repository:
    """Return the repository that a folder is in; raise UsageError if there is none or no git."""
    inside = _said(folder, "rev-parse", "--is-inside-work-tree")
    if inside.strip() != "true":
        return Repository(folder, None)
    top = _said(folder, "rev-parse", "--show-toplevel").removesuffix("\n")
    return Repository(folder, Path(top))


def tree_of(found: Repository, word: str) -> str:
    """Return the id of the commit (or tree) that a word names, "" if it names none.

    Raises UsageError where it names several.
    """
    if word.startswith("-") or "\0" in word or not word:
        return ""
    for kind in ("commit", "tree"):
        asked = _run(found.folder, "rev-parse", "--verify", f"{word}^{{{kind}}}")
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
    asked = _run(found.folder, "merge-base", first, second)
    if asked.returncode == 0:
        return asked.stdout.decode().split()[0]
    if is_shallow(found):
        raise UsageError(f"the two have no commit in common in this {SHALLOW}")
    raise UsageError("the two have no commit in common: name them as two words, without ...")


SHALLOW = "shallow clone: git fetch --unshallow, or fetch-depth: 0 where a workflow checks out"


def is_shallow(found: Repository) -> bool:
    """Tell whether the repository lacks its older commits."""
    return _said(found.folder, "rev-parse", "--is-shallow-repository").strip() == "true"


def nearest(found: Repository, word: str, others: Sequence[str] = ()) -> str:
    """Return the ref, or the other name, that looks most like a word; "" if none does."""
    listed = _said(found.folder, "for-each-ref", "--format=%(refname:short)")
    near = difflib.get_close_matches(word, ["HEAD", *listed.split(), *others], 1)
    return near[0] if near else ""


def entry(found: Repository, tree: str, path: str) -> Entry | None:
    """Return what stands at a path of a tree, None if nothing; the path "" is the tree itself."""
    if not path:
        return Entry(FOLDER, tree, "")
    said = _said(found.folder, "ls-tree", "-z", "--full-tree", tree, "--", path)
    return next(_entries(said), None)


def large_files(found: Repository) -> Path:
    """Return the folder where Git LFS keeps the contents that it has, if it is used."""
    common = _said(found.folder, "rev-parse", "--git-common-dir").removesuffix("\n")
    return found.folder / common / "lfs" / "objects"


def listing(found: Repository, tree: str) -> list[Entry]:
    """Return every file, link and submodule of a tree."""
    return list(_entries(_said(found.folder, "ls-tree", "-r", "-z", "--full-tree", tree)))


def index(found: Repository, path: str) -> Iterator[tuple[str, Entry]]:
    """Yield what is tracked below a path of the work tree, with git's letter for its state."""
    assert found.top
    said = _said(found.top, "ls-files", "-z", "-t", "-s", "--", path or ".")
    for line in filter(None, said.split("\0")):
        head, _, name = line.partition("\t")
        letter, mode, id, _ = head.split(" ")
        yield letter, Entry(mode, id, name)


def untracked(found: Repository, path: str) -> list[str]:
    """Return the files below a path that git neither tracks nor ignores."""
    assert found.top
    asked = ("ls-files", "-z", "--others", "--exclude-standard", "--", path or ".")
    return [each for each in _said(found.top, *asked).split("\0") if each and each[-1] != "/"]


def contents(found: Repository, ids: Sequence[str]) -> Iterator[tuple[str, bytes | None]]:
    """Yield each object's content, None where the repository lacks it."""
    with TemporaryFile() as asked:
        asked.write("".join(f"{id}\n" for id in ids).encode())
        asked.seek(0)
        command = _command(found.folder, "cat-file", "--batch", "--buffer")
        with subprocess.Popen(  # noqa: S603 - only our own arguments
            command, stdin=asked, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_around()
        ) as git:
            assert git.stdout
            for id in ids:
                yield id, _content(git.stdout)


def _content(stream: IO[bytes]) -> bytes | None:
    head = stream.readline().split()
    if len(head) != 3:  # noqa: PLR2004 - id, kind and size, else "missing"
        return None
    content = stream.read(int(head[2]))
    stream.read(1)
    return content


def _entries(said: str) -> Iterator[Entry]:
    for line in filter(None, said.split("\0")):
        head, _, path = line.partition("\t")
        mode, _, id = head.split(" ")
        yield Entry(mode, id, path)


def _said(folder: Path, *arguments: str) -> str:
    """Return what git answers; raise UsageError, with what to do, where it cannot."""
    asked = _run(folder, *arguments)
    if asked.returncode == 0:
        return os.fsdecode(asked.stdout)
    reason = asked.stderr.decode(errors="replace").strip().partition("\n")[0]
    reason = reason.removeprefix("fatal: ")
    if reason.startswith("not a git repository"):
        raise UsageError(f"{folder} is in no git repository: {NOT_HERE}")
    if "dubious ownership" in reason:
        raise UsageError(
            f"git does not trust the repository at {folder}, since somebody else owns it: "
            f"git config --global --add safe.directory {folder}"
        )
    raise UsageError(f"git cannot tell: {reason or f'it ended with {asked.returncode}'}")


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(  # noqa: S603 - only our own arguments
            _command(folder, *arguments),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=_around(),
            check=False,
        )
    except FileNotFoundError:
        raise UsageError(f"there is no git on this machine: {NOT_HERE}") from None


def _command(folder: Path, *arguments: str) -> list[str]:
    return ["git", *SAFE, "-C", str(folder), *arguments]


def _around() -> dict[str, str]:
    return {**os.environ, **ENVIRONMENT}
