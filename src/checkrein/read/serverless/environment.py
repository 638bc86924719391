"""The values of environment variables that a repository holds itself: committed ``.env`` files."""

from __future__ import annotations

import re
from pathlib import Path as File

from checkrein import files
from checkrein.errors import InputError
from checkrein.late import regex
from checkrein.model import Place
from checkrein.notation import decode
from checkrein.read.serverless.written import Written

LINE = regex(
    r"""\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*[=:]\s*
        (?:"((?:\\.|[^"\\])*)"|'([^']*)'|([^\s#][^#]*?|))\s*(?:\#.*)?\Z""",
    re.VERBOSE,
)
REFERENCE = regex(r"\$\{(\w+)(?::-([^}]*))?\}|\$(\w+)")


def environment(root: File, folder: str, stage: str, *, all_of_them: bool) -> dict[str, Written]:
    """Return what the ``.env`` files of a service set.

    ``.env.STAGE`` replaces ``.env`` where it exists; with ``all_of_them``, as of version 4, each
    overrides the one before.
    """
    names = [".env", f".env.{stage}"] if all_of_them else [f".env.{stage}", ".env"]
    known: dict[str, Written] = {}
    for name in names:
        path = f"{folder}/{name}" if folder else name
        if "/" in name or not files.is_file(root / path):
            continue
        known.update(_read(root, path, known))
        if not all_of_them:
            break
    return known


def _read(root: File, path: str, known: dict[str, Written]) -> dict[str, Written]:
    try:
        text = decode(files.content(root / path), path)
    except (OSError, InputError):
        return {}
    found: dict[str, Written] = {}
    for number, line in enumerate(text.splitlines(), 1):
        parsed = LINE.match(line)
        if parsed is None:
            continue
        name, double, single, bare = parsed.groups()
        value = single if single is not None else _expanded(double or bare or "", known | found)
        found[name] = Written(value, Place(path, number, 1, number, len(line) + 1))
    return found


def _expanded(value: str, known: dict[str, Written]) -> str:
    """Fill in variables that the files themselves set; one that they do not is empty."""

    def filled(found: re.Match[str]) -> str:
        name = found[1] or found[3]
        return str(known[name].value) if name in known else found[2] or ""

    return REFERENCE.sub(filled, value.replace("\\n", "\n"))
