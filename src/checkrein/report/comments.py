"""Comments that speak of what an edit changed, and may say something untrue now."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

ABOVE = 3  # lines of comment that are looked at above a change
SHORTEST = 4  # letters of a setting's name; shorter ones are in many words
SUFFIXES = (".yml", ".yaml", ".tf", ".tofu", ".toml")
COMMENT = re.compile(r"(?:^|\s)(?:#|//)\s*(.*\S)")
KEY = re.compile(r'^\s*(?:-\s+)?"?([A-Za-z_][\w.]*)"?(?:\s*[:=]|\s*\{)')
WORD = re.compile(r"[A-Za-z_][\w.]*\w|\d+")
PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


def doubtful(path: str, before: str, after: str) -> Iterator[tuple[int, str]]:
    """Yield comments on changed lines or just above that name what was set, or what it was before.

    Each with its line in the text as it is after the change.
    """
    if not path.endswith(SUFFIXES):
        return
    old, new = before.splitlines(), after.splitlines()
    seen: set[int] = set()
    was, now = ([" ".join(line.split()) for line in lines] for lines in (old, new))  # no layout
    for tag, first, last, start, end in SequenceMatcher(
        None, was, now, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            continue
        named = _named(old[first:last], new[start:end])
        known = [found[1] for line in old[first:last] if (found := COMMENT.search(line))]
        for number in range(_above(new, start), max(end, start)):
            told = COMMENT.search(new[number])
            if told and number not in seen and (number < start or told[1] in known):
                seen.add(number)
                if _speaks(told[1], *named):
                    yield number + 1, told[1]


def _above(lines: list[str], start: int) -> int:
    """Return the first line of the comment that ends directly above a line."""
    first = start
    while first and start - first < ABOVE and lines[first - 1].lstrip().startswith(("#", "//")):
        first -= 1
    return first


def _named(old: list[str], new: list[str]) -> tuple[set[str], set[str]]:
    """Return the settings that a change is about, and the words that it takes away."""
    before, after = (list(map(_bare, lines)) for lines in (old, new))
    keys = {found[1] for line in (*before, *after) if (found := KEY.match(line))}
    return keys, set(_words(before)) - set(_words(after)) - keys


def _bare(line: str) -> str:
    found = COMMENT.search(line)
    return line[: found.start()] if found else line


def _words(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield from WORD.findall(line)


def _speaks(comment: str, keys: set[str], gone: set[str]) -> bool:
    """Tell whether a comment names a setting, in whatever spelling, or a value that has gone."""
    words = {word.lower() for word in PARTS.findall(comment)}
    whole = {word.lower() for word in WORD.findall(comment)}
    if whole & {word.lower() for word in gone}:
        return True
    named = ([part.lower() for part in PARTS.findall(key)] for key in keys)
    return any(len("".join(name)) >= SHORTEST and words.issuperset(name) for name in named if name)
