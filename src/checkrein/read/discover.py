"""Which files may hold a template: by content, in any folder, with a sentence for what is bad."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from checkrein.errors import InputError
from checkrein.model import Evidence, Place, Unread
from checkrein.notation.nodes import compose
from checkrein.notation.texts import decode
from checkrein.read.cloudformation import is_template

SKIPPED = frozenset(
    {
        *("node_modules", "site-packages", "__pycache__", ".venv", "venv", ".tox", ".nox"),
        *(".git", ".hg", ".svn", ".aws-sam", ".serverless", ".terraform", "cdk.out"),
        *(".mypy_cache", ".ruff_cache", ".pytest_cache"),
    }
)
NOTATIONS = frozenset({".yaml", ".yml", ".template", ".json"})
PERHAPS = frozenset({"", ".txt", ".cfn", ".cform", ".tmpl", ".tpl", ".config"})
LARGE = 8_000_000  # bytes
SIZE = "CloudFormation refuses a template beyond 1 MB; leave the file out of the scan"
HINTS = re.compile(rb"AWSTemplateFormatVersion|AWS::|[\"']?Resources[\"']?\s*:")
OTHER_TOOLS = re.compile(rb"\{\{|\{%|<%")  # Helm, Jinja, ERB: YAML only after somebody rendered it


class Found(Struct, frozen=True):
    """The templates of a folder, as paths relative to it, and what could not be looked at."""

    templates: tuple[str, ...]
    unread: tuple[Unread, ...]


def discover(root: Path, within: tuple[Path, ...]) -> Found:
    """Find templates in some folders (or files) at or below ``root``; nothing is dropped silently.

    A file that is named expressly and holds no template is Unread.
    """
    templates: set[str] = set()
    unread: list[Unread] = []
    for start in within:
        for path in [start] if not start.is_dir() else _files(root, start, unread):
            name = path.relative_to(root).as_posix()
            found = _look(path, name, asked=path == start)
            if isinstance(found, Unread):
                unread.append(found)
            elif found:
                templates.add(name)
    return Found(tuple(sorted(templates)), tuple(unread))


def _files(root: Path, start: Path, unread: list[Unread]) -> Iterator[Path]:
    def denied(error: OSError) -> None:
        name = Path(error.filename).relative_to(root).as_posix()
        unread.append(_unread(name, f"cannot be opened: {error.strerror}"))

    for folder, folders, files in os.walk(start, onerror=denied):
        here = Path(folder)
        folders[:] = sorted(name for name in folders if not _skipped(here / name))
        for name in folders:
            if (here / name).is_symlink() and here.is_relative_to((here / name).resolve()):
                place = (here / name).relative_to(root).as_posix()
                unread.append(_unread(place, "is a symbolic link to a folder that holds it"))
        yield from (here / name for name in sorted(files) if _notation(name))


def _skipped(folder: Path) -> bool:
    return folder.name in SKIPPED or (folder / "pyvenv.cfg").is_file()


def _notation(name: str) -> bool:
    return Path(name).suffix.lower() in NOTATIONS | PERHAPS


def _look(path: Path, name: str, *, asked: bool) -> bool | Unread:
    """Tell whether a file is a template, or why that cannot be told."""
    notation = asked or path.suffix.lower() in NOTATIONS
    try:
        data = path.read_bytes()
    except OSError as error:
        return _unread(name, f"cannot be opened: {error.strerror}")
    hinted = HINTS.search(data) is not None
    if len(data) > LARGE:
        return (hinted or asked) and _unread(name, f"is {len(data) // 1_000_000} MB; {SIZE}")
    try:
        text = decode(data, name)
        if hinted and is_template(text):
            return True
        if notation and (hinted or asked or path.suffix.lower() != ".json"):
            compose(text, name)
    except InputError as error:
        rendered = OTHER_TOOLS.search(data) is None
        return notation and _unread(name, str(error), error.line, fatal=rendered or asked)
    return asked and _unread(name, "holds no CloudFormation or SAM template")


def _unread(name: str, reason: str, line: int = 1, *, fatal: bool = True) -> Unread:
    return Unread(
        id=name,
        path=name,
        reason=reason,
        effect="its resources are missing from the table",
        fatal=fatal,
        evidence=(Evidence(reason, Place(name, max(line, 1))),),
    )
