"""From a minified bundle back to the file of its handler, by the words that minifying keeps.

Names of variables go, comments go; texts and names of members stay. The file that exports the
handler and whose words are in the bundle is what the bundle was made from.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path as File

from msgspec import Struct

from checkrein import files
from checkrein.late import regex
from checkrein.read.cdk.written import sources

SUFFIXES = (".ts", ".js", ".mts", ".mjs", ".tsx", ".jsx", ".cts", ".cjs")
DECLARING = (".d.ts", ".test.ts", ".test.js", ".spec.ts", ".spec.js")
COMMENT = regex(r"/\*.*?\*/|(?<![:\"'])//[^\n]*", re.DOTALL)
TAKEN_IN = regex(r"(?:\bfrom|\brequire\s*\(|\bimport)\s*[\"'][^\"'\n]*[\"']")
TEXT = regex(r"([\"'])([\w ./:#@-]{4,})\1")
MEMBER = regex(r"\.([A-Za-z_]\w{3,})")  # of an object; settings too: process.env.TABLE
FEWEST = 6  # words, below which they say nothing
MOST_LOST = 0.2  # of a file's words, which types and folded constants take away


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
    for path, text in sources(root, app, SUFFIXES):
        if "export" in text and not path.endswith(DECLARING):
            bare = TAKEN_IN.sub("", COMMENT.sub("", text))
            words = frozenset((*(each[1] for each in TEXT.findall(bare)), *MEMBER.findall(bare)))
            if len(words) >= FEWEST:
                found.append(Candidate(path, text, words))
    return found
