"""Finding the templates in a folder, by what the files hold."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path as File
from typing import NamedTuple, TypeVar

import yaml
from msgspec.structs import replace

from checkrein import aside, files
from checkrein.files import Kept
from checkrein.late import regex
from checkrein.model import INTENT, Evidence, Place, Unread
from checkrein.read import foreign, notations, plan_files, service_files
from checkrein.read.cdk import assembly as cdk
from checkrein.read.disclosed import kind_of

SUFFIXES = (".yaml", ".yml", ".json", ".template", ".txt")
ENDINGS = (*SUFFIXES, *notations.MODULES, foreign.SST_CONFIG)
TELLING = (".yaml", ".yml", ".json", ".template")  # endings of files that are read as text
SKIPPED = frozenset({
    "node_modules", ".git", ".hg", ".svn", ".aws-sam", ".venv", "venv", "env",
    "__pycache__", files.OWN, "dist-info", ".tox", ".mypy_cache", "site-packages", ".serverless",
    ".terraform", "bower_components",
})  # fmt: skip
LARGEST = 20_000_000  # bytes; CloudFormation takes one million
RESOURCES = regex(rb"""(?<![A-Za-z])Resources["']?[ \t]*:""")
# a file that says it is a template: without Resources it is half of one
SAYS_SO = (b"AWSTemplateFormatVersion", b"AWS::Serverless-2016-10-31")
# what a file that means harm holds: aliases in a row, brackets in a row
ALIASES = regex(rb"""\*[\w-]+\s*,\s*(?:\*[\w-]+\s*,\s*){3}|-\s\*[\w-]+\s+(?:-\s\*[\w-]+\s+){4}""")
CLOSING = regex(rb"[}\]]\s*(?:[}\]]\s*){99}")
# a file of such a name is opened whatever it holds, so that a broken one is not passed over
NAMED = regex(r"(?:^|[-_./])(?:template|cloudformation)\.(?:ya?ml|json)\Z")
MANY = 20
MANY_FOLDERS = 100  # beside each other: the process is copied to search as many
TAIL = 5_000  # bytes at the end, where nested brackets close
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
NO_YAML = "this is not valid YAML"
FILLED_IN = (b"{{", b"{%", b"<%", b"<#")  # marks of text that a tool fills in first
EFFECT = "if it is a template, its resources are not in the table"
T = TypeVar("T")


class Beside(NamedTuple):
    """What else a folder holds: files to look for secrets in, each ``cdk.json`` not synthesised."""

    files: list[str]
    apps: list[str]


def find_templates(
    root: File, kept: Kept = files.unkept, beside: Beside | None = None
) -> tuple[list[str], list[Unread]]:
    """Return the paths that may be templates, relative to ``root`` and sorted, and what is unread.

    ``root`` may be one file, then it is taken whatever it holds. A path that is returned looks
    like a template by its bytes; reading it decides. Links are not followed: what lies inside is
    found itself, and what lies outside is not read, which is told. ``kept`` may
    know what an earlier scan found of a file. ``beside`` is told what else was seen on the way.
    """
    if root.is_file():
        return [root.name], []
    there = _searched(root, kept)
    found = [*there.templates, *(path for named in there.assemblies.values() for path in named)]
    units, doubled = notations.told_apart(root, there.units)
    found += notations.units(root, units)
    unmade = foreign.unmade(root, there.others, there.assemblies)
    apps = foreign.programs(root, unmade)
    found += apps
    if beside:
        beside.files.extend(sorted(there.disclosing))
        beside.apps.extend(unmade)
    near = {"", *(_folder(path) for path in found)}
    modules = {_folder(path) for path in there.units if path.endswith(notations.MODULES)}
    lost = [_of_plan(_weighed(each, near), modules) for each in there.lost]
    lost += doubled
    lost += foreign.unread(root, there.others, there.assemblies, there.units, apps)
    return sorted(found), sorted(lost, key=lambda fact: fact.id)


class _There(NamedTuple):
    """What some folders hold: paths, by what they are, and what is not looked into."""

    templates: list[str]  # as their bytes tell
    lost: list[Unread]
    others: list[str]  # of programs that make templates
    units: list[str]  # in other notations
    assemblies: dict[str, list[str]]  # the folders that CDK wrote, and what they name
    disclosing: list[str]  # what may hold secrets, whatever else it is
    kept: dict[tuple[str, ...], str]  # what was found of files that are none

    def add(self, part: _There) -> None:
        """Add what other folders hold."""
        self.templates.extend(part.templates)
        self.lost.extend(part.lost)
        self.others.extend(part.others)
        self.units.extend(part.units)
        self.assemblies.update(part.assemblies)
        self.disclosing.extend(part.disclosing)


def _searched(root: File, kept: Kept) -> _There:
    """Search all folders, on all cores if there are many."""
    there, waiting = _nothing(), [""]
    while 0 < len(waiting) < MANY_FOLDERS:
        waiting += _search(root, waiting.pop(), there, kept)
    for part in aside.each(partial(_below, root, kept), waiting):
        for name, said in part.kept.items():
            kept(name, str, partial(str, said))  # by a copy: what that keeps ends with it
        there.add(part)
    return there


def _nothing() -> _There:
    return _There([], [], [], [], {}, [], {})


def _below(root: File, kept: Kept, folder: str) -> _There:
    """Search a folder and all below it."""
    there, waiting = _nothing(), [folder]

    def noting(name: tuple[str, ...], kind: type[T], make: Callable[[], T]) -> T:
        found = kept(name, kind, make)
        there.kept[name] = str(found)
        return found

    while waiting:
        waiting += _search(root, waiting.pop(), there, noting)
    return there


def _search(root: File, folder: str, there: _There, kept: Kept) -> list[str]:
    """Look into the files of a folder, and return those in it that are to be searched."""
    folders: list[str] = []
    for path, entry in _entries(str(root), folder, there):
        if _is_folder(entry):
            folders.append(path)
            continue
        if kind_of(path) and not entry.is_symlink():
            there.disclosing.append(path)
        if _is_looked_into(entry.name) and not notations.is_built(path):
            _note(root, path, entry, there, kept)
    return folders


def _note(root: File, path: str, entry: os.DirEntry[str], there: _There, kept: Kept) -> None:
    if foreign.is_foreign(path):
        there.others.append(path)
    elif notations.notation(path) and not notations.is_template_after_all(root, path):
        there.units.append(path)
    elif service_files.is_program(path) or entry.is_symlink():
        return
    elif path != INTENT:  # who reads that says what is wrong with it
        reason = _look(entry, kept)
        if reason is None:
            there.templates.append(path)
        elif reason:
            there.lost.append(_unread(path, reason))


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _weighed(unread: Unread, beside: set[str]) -> Unread:
    """Take broken YAML for a lost template only where templates are: at the root or beside one."""
    remark = unread.reason.startswith(NO_YAML) and _folder(unread.path) not in beside
    return replace(unread, fatal=False) if remark else unread


def _of_plan(unread: Unread, modules: set[str]) -> Unread:
    """Tell what it costs that a plan is not in JSON: nothing is lost where its files are."""
    if plan_files.SHOW not in unread.reason:
        return unread
    if _folder(unread.path) in modules:
        return replace(unread, fatal=False, effect="the files beside it are read instead")
    return replace(unread, effect="its resources are not in the table")


def _inside(path: str, base: str) -> bool:
    return File(os.path.realpath(path)).is_relative_to(os.path.realpath(base))


def _entries(base: str, folder: str, there: _There) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield what a folder holds, and note what CDK's assemblies name: no other counts there."""
    try:
        with os.scandir(os.path.join(base, folder)) as listing:  # noqa: PTH118 - speed
            entries = list(listing)
    except OSError as error:
        there.lost.append(_unread(folder, f"the folder cannot be opened ({error.strerror})"))
        return
    if _is_left(base, folder, {entry.name for entry in entries}, there.assemblies):
        return
    for entry in entries:
        path = f"{folder}/{entry.name}" if folder else entry.name
        reason = _lost_link(entry, base) if entry.is_symlink() else ""
        if reason:
            there.lost.append(_unread(path, reason))
        else:
            yield path, entry


def _is_looked_into(name: str) -> bool:
    return name.endswith(ENDINGS) or notations.is_looked_into(name)


def _is_left(base: str, folder: str, names: set[str], assemblies: dict[str, list[str]]) -> bool:
    """Tell whether a folder is not searched: of a Python environment, or one that CDK wrote."""
    if cdk.MANIFEST in names:
        named = cdk.templates(File(base), folder)
        if named is not None:
            assemblies[folder] = named
            return True
    return "pyvenv.cfg" in names or folder.rpartition("/")[2] == cdk.OUTPUT


def _is_folder(entry: os.DirEntry[str]) -> bool:
    skipped = entry.name in SKIPPED or entry.name.endswith(".dist-info")
    return not skipped and entry.is_dir(follow_symlinks=False)


def _lost_link(entry: os.DirEntry[str], base: str) -> str:
    """Return why what a link leads to is not read, "" where nothing is lost by that."""
    try:
        if entry.is_dir():
            target = File(entry.path).resolve()
            if File(entry.path).parent.resolve().is_relative_to(target):
                return "the link leads back to a folder that it stands in"
            return "" if _inside(entry.path, base) else "the link leads to a folder outside"
        if not _is_looked_into(entry.name):
            return ""
        if not entry.is_file():
            return "the link leads nowhere"
        return "" if _inside(entry.path, base) else "the link leads to a file outside"
    except (OSError, RuntimeError):  # a link that leads to itself
        return "the link leads to itself"


def _look(entry: os.DirEntry[str], kept: Kept) -> str | None:
    """Return None for a possible template, "" for another file, else why it is unread."""
    # what has another ending is looked into, but what is no template is no loss
    prose = not entry.name.endswith(TELLING)
    try:
        if not entry.is_file():
            return ""
        size = entry.stat().st_size
        if size > LARGEST:
            return "" if prose else f"the file has {size // 1_000_000} MB; a template has 1 at most"
        with open(entry.path, "rb", buffering=0) as file:  # noqa: PTH123 - speed
            return _judge(file.read(), entry.path, kept, prose=prose)
    except OSError as error:
        return f"the file cannot be opened ({error.strerror})"


def _judge(data: bytes, path: str, kept: Kept, *, prose: bool) -> str | None:
    if data[:2] in UTF_16:
        data = data.decode("utf-16", errors="replace").encode()
    elif b"\0" in data[:4096]:
        return plan_files.advice(data) or ("" if prose else "this is a binary file, not a text")
    if looks_like_template(data) or _is_hostile(data, path):
        return None
    if NAMED.search(path) and not _is_filled_in(data):
        return None
    if path.endswith(".json") and plan_files.is_named(path.rpartition("/")[2]):
        return plan_files.advice(data)
    if path.endswith((".yaml", ".yml")):
        return kept(("yaml", files.digest(data)), str, lambda: _broken(data))
    return ""


def _broken(data: bytes) -> str:
    """Return why a file that calls itself YAML is none, "" if it is or is filled in by a tool.

    What cannot be parsed may have been meant as a template: nothing else would tell its loss.
    """
    if _is_filled_in(data):
        return ""
    try:
        for _ in yaml.parse(data, Loader=yaml.CSafeLoader):
            pass
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return f"{NO_YAML} (line {line}): {error.problem}"
    except (yaml.YAMLError, UnicodeError):
        return f"{NO_YAML}: it holds characters that no text has"
    return ""


def _is_filled_in(data: bytes) -> bool:
    """Tell whether a tool makes a file's text, so that it is none of YAML's itself."""
    return any(mark in data for mark in FILLED_IN)


def _is_hostile(data: bytes, path: str) -> bool:
    """Tell whether a file looks like a bomb: it is named then, whatever else it holds."""
    if not path.endswith(".json") and data.count(b"*") >= MANY and ALIASES.search(data):
        return True
    tail = data[-TAIL:]
    return tail.count(b"}") + tail.count(b"]") >= 5 * MANY and bool(CLOSING.search(tail))


def looks_like_template(data: bytes) -> bool:
    """Tell by a few words whether bytes may be a template."""
    if b"AWS" not in data and b"Custom::" not in data:
        return False
    if any(word in data for word in SAYS_SO):
        return True
    if not (b"AWS::" in data or b"Custom::" in data):
        return False
    at = data.find(b"Resources")
    while at >= 0:
        if RESOURCES.match(data, at):
            return True
        at = data.find(b"Resources", at + 1)
    return False


def _unread(path: str, reason: str) -> Unread:
    evidence = (Evidence(reason, Place(path, 1)),)
    return Unread(
        id=f"{path}: {reason}", path=path, reason=reason, effect=EFFECT, evidence=evidence
    )
