"""From a minified bundle back to the file of its handler, by the words that minifying keeps.

Names of variables go, comments go; texts and names of members stay. The file that exports the
handler and whose words are in the bundle is what the bundle was made from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path as File

from msgspec import Struct

from checkrein import files
from checkrein.read.paths import joined

SUFFIXES = (".ts", ".js", ".mts", ".mjs", ".tsx", ".jsx", ".cts", ".cjs")
SKIPPED = frozenset({"node_modules", "dist", "build", "cdk.out", "coverage"})
DECLARING = (".d.ts", ".test.ts", ".test.js", ".spec.ts", ".spec.js")
COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'])//[^\n]*", re.DOTALL)
TAKEN_IN = re.compile(r"(?:\bfrom|\brequire\s*\(|\bimport)\s*[\"'][^\"'\n]*[\"']")
TEXT = re.compile(r"([\"'])([\w ./:#@-]{4,})\1")
MEMBER = re.compile(r"\.([A-Za-z_]\w{3,})")  # of an object; settings too: process.env.TABLE
FEWEST = 6  # words, below which they say nothing
MOST_LOST = 0.2  # of a file's words, which types and folded constants take away
MOST_FILES = 2_000
LARGEST = 400_000  # characters


class Candidate(Struct, frozen=True):
    """A file that people wrote: its path, its text, the words in it that a bundle keeps."""

    path: str
    text: str
    words: frozenset[str]


def unminified(root: File, app: str, bundle: str, handler: str) -> str:
    """Return the file below an app's folder that a bundle's text was made from, "" if unclear."""
    exported = _exporting(handler)
    fitting = [
        (len(kept), each.path)
        for each in _candidates(root, app)
        if exported.search(each.text)
        and len(kept := [word for word in each.words if word in bundle]) >= FEWEST
        and len(kept) >= (1 - MOST_LOST) * len(each.words)
    ]
    best = [path for number, path in fitting if number == max(fitting)[0]]
    return best[0] if len(best) == 1 else ""


@cache
def _exporting(name: str) -> re.Pattern[str]:
    said = re.escape(name)
    declared = rf"export\s+(?:default\s+)?(?:async\s+)?(?:const|let|var|function)\s+{said}\b"
    return re.compile(rf"{declared}|exports\.{said}\b|export\s*\{{[^}}]*\b{said}\b")


@files.remembered
def _candidates(root: File, app: str) -> list[Candidate]:
    """Return the files that may hold handlers, of which a bundle keeps some words."""
    found = []
    for path in _sources(root, app):
        try:
            text = files.text(root / path, errors="replace")
        except (OSError, ValueError):
            continue
        if "export" in text and len(text) <= LARGEST:
            bare = TAKEN_IN.sub("", COMMENT.sub("", text))
            words = frozenset((*(each[1] for each in TEXT.findall(bare)), *MEMBER.findall(bare)))
            if len(words) >= FEWEST:
                found.append(Candidate(path, text, words))
    return found


def _sources(root: File, app: str) -> Iterator[str]:
    waiting, seen = [app], 0
    while waiting and seen < MOST_FILES:
        folder = waiting.pop(0)
        for name in sorted(files.names(root / folder)):
            path = joined(folder, name)
            if name.endswith(SUFFIXES) and not name.endswith(DECLARING):
                seen += 1
                yield path
            elif "." not in name and name not in SKIPPED and files.is_folder(root / path):
                waiting.append(path)
