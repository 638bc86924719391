"""What a regular expression lets through: for which families a match is harmless."""

from __future__ import annotations

import importlib
import re
import warnings
from functools import cache
from typing import TYPE_CHECKING, Any

from checkrein.catalog.uses import bits

if TYPE_CHECKING:
    from collections.abc import Iterable

# the standard library's own parser of patterns: there is no public one
sre: Any = importlib.import_module("re._constants")
parser: Any = importlib.import_module("re._parser")

WORD = frozenset(c for c in map(chr, range(128)) if c.isalnum() or c == "_")
DIGIT = frozenset("0123456789")
SPACE = frozenset(" \t\n\r\f\v")
EVERY = frozenset(map(chr, range(128)))
QUOTES = "'\"`"
HARMFUL = {  # family -> the characters that take a text out of its place
    "command": f";|&$()<>\\{QUOTES}*?[]{{}}!#~\n\r",
    "code": f"()[]{{}};=+*/\\,:!<>&|%^{QUOTES}\n\r",
    "sql": f";\\()=#{QUOTES} \t\n\r",
    "nosql": "${}",
    "path": "/",
    "url": "/\\:@#?",
    "html": f"<>&{QUOTES}",
    "header": "\r\n",
    "cookie": ";\r\n",
    "redirect": "/\\:",
    "log": "\r\n",
    "xml": "<>&",
    "regex": "()[]{}*+?|^$.\\",
    "ldap": "()*\\&|!=<>~",
    "xpath": f"[]()/@|=*{QUOTES}",
    "template": "{}$<%#",
    "deserialize": "{}()[]:!;\n",
}
HOST = re.compile(r"[a-z][\w+.-]*://[^/?#@\\]+[/?#]")  # a host, and what ends it
STARTS = ((sre.AT, sre.AT_BEGINNING), (sre.AT, sre.AT_BEGINNING_STRING))
# family -> letters without which a text stays in its place, whatever other it has
ENOUGH = {"path": "/", "html": "<", "header": "\n", "log": "\n", "doubtful": "'"}
AGAIN = ("$&", "\\g<0>", "\\0")  # a replacement that keeps what it replaces
LINES = re.compile(r"^/.*/\w*m\w*$|^\(\?\w*m\w*\)", re.DOTALL)  # ^ and $ are of each line
WITHOUT_FLAGS = re.compile(r"^/(.*)/\w*$", re.DOTALL)


@cache
def harmless(pattern: str, *, anchored: str) -> int:
    """Return the families that what a pattern matches is harmless for, 0 if it may be anything.

    ``anchored`` says what the function does by itself: ``both`` for a full match, ``start`` for
    Python's match, ``none`` where it searches. A pattern in slashes is JavaScript's.
    """
    parts = parsed(pattern)
    if not parts or LINES.search(pattern):
        return 0
    host = bits("url redirect") if HOST.match(_beginning(parts, anchored)) else 0
    if not _whole(parts, anchored):
        return host
    try:
        return _harmless(_letters(parts)) | host
    except _Unknown:
        return host


def _harmless(letters: frozenset[str]) -> int:
    """Return the families that a text of some letters is harmless for."""
    if letters <= DIGIT | {"-", "."}:
        return bits("all")
    names = [name for name, harmful in HARMFUL.items() if not letters & frozenset(harmful)]
    return bits(" ".join(names)) if names else 0


def _beginning(parts: list[Any], anchored: str) -> str:
    """Return what a text that matches begins with, "" where that is not known."""
    if anchored == "none":
        if parts[0] not in STARTS:
            return ""
        parts = parts[1:]
    found = ""
    for operator, argument in parts:
        if operator is sre.LITERAL:
            found += chr(argument)
        elif operator is not sre.MAX_REPEAT or found not in ("http", "ws"):  # https?
            break
    return found


@cache
def harmless_after(pattern: str, replacement: str, *, every: bool) -> int:
    """Return the families that a text is harmless for after a replacement of what matches.

    ``every`` tells whether all matches are replaced, without a flag that says so.
    """
    match = WITHOUT_FLAGS.match(pattern)
    flags = pattern.rpartition("/")[2] if match else ""
    parts = parsed(pattern)
    if not (every or "g" in flags) or len(parts) != 1:
        return 0
    operator, argument = parts[0]
    if operator in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        (operator, argument), *others = argument[2]
        if others:
            return 0
    if operator not in (sre.IN, sre.LITERAL, sre.NOT_LITERAL):
        return 0
    gone = _letters([(operator, argument)])
    if any(again in replacement for again in AGAIN):
        return bits("regex") if frozenset("*+(") <= gone else 0
    return without(gone - frozenset(replacement), replacement)


def without(gone: frozenset[str], added: str) -> int:
    """Return the families that a text is harmless for that has lost some letters."""
    alone = [name for name, letters in ENOUGH.items() if frozenset(letters) <= gone]
    found = bits(" ".join(alone)) if alone else 0
    return found | (_harmless((EVERY - gone) | frozenset(added)) & ~bits("deserialize"))


def letters(parts: Iterable[Any]) -> frozenset[str]:
    """Return the letters that a text which matches may have, none if that is not known."""
    try:
        return _letters(parts)
    except _Unknown:
        return frozenset()


class _Unknown(Exception):
    """A construct whose texts are not known."""


def parsed(pattern: str) -> list[Any]:
    """Return the parts of a pattern, none if it is not one."""
    match = WITHOUT_FLAGS.match(pattern)
    text = match[1].replace("\\/", "/").replace("(?<", "(?P<") if match else pattern
    text = text.replace("(?P<=", "(?<=").replace("(?P<!", "(?<!")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what the user's pattern may mean in future
            return list(parser.parse(text))
    except (re.error, RecursionError, OverflowError):
        return []


def _whole(parts: list[Any], anchored: str) -> bool:
    """Tell whether a pattern speaks of the whole text."""
    ends = (sre.AT, sre.AT_END), (sre.AT, sre.AT_END_STRING)
    start = anchored != "none" or parts[0] in STARTS
    return start and (anchored == "both" or parts[-1] in ends)


def _letters(parts: Iterable[Any]) -> frozenset[str]:
    """Return the letters that a text which matches may have."""
    found: set[str] = set()
    for operator, argument in parts:
        rule = RULES.get(operator)
        if rule is None:
            raise _Unknown
        found |= rule(argument)
    return frozenset(found)


def _repeated(argument: Any) -> frozenset[str]:
    return _letters(argument[2])


def _group(argument: Any) -> frozenset[str]:
    return _letters(argument[3])


def _branches(argument: Any) -> frozenset[str]:
    return frozenset().union(*(_letters(each) for each in argument[1]))


def _listed(argument: Any) -> frozenset[str]:
    negated = argument[0][0] is sre.NEGATE
    found = _letters(argument[1:] if negated else argument)
    return EVERY - found if negated else found


def _range(argument: Any) -> frozenset[str]:
    low, high = argument
    return frozenset(map(chr, range(low, min(high, 127) + 1)))


def _category(argument: Any) -> frozenset[str]:
    return CATEGORIES[argument]


def _nothing(_: Any) -> frozenset[str]:
    return frozenset()


CATEGORIES = {
    sre.CATEGORY_DIGIT: DIGIT,
    sre.CATEGORY_NOT_DIGIT: EVERY - DIGIT,
    sre.CATEGORY_WORD: WORD,
    sre.CATEGORY_NOT_WORD: EVERY - WORD,
    sre.CATEGORY_SPACE: SPACE,
    sre.CATEGORY_NOT_SPACE: EVERY - SPACE,
}
RULES: dict[Any, Any] = {
    sre.LITERAL: lambda code: frozenset(chr(code)),
    sre.NOT_LITERAL: lambda code: EVERY - {chr(code)},
    sre.ANY: lambda _: EVERY,
    sre.IN: _listed,
    sre.RANGE: _range,
    sre.CATEGORY: _category,
    sre.MAX_REPEAT: _repeated,
    sre.MIN_REPEAT: _repeated,
    sre.SUBPATTERN: _group,
    sre.BRANCH: _branches,
    sre.AT: _nothing,
    sre.ASSERT: _nothing,
    sre.ASSERT_NOT: _nothing,
    sre.GROUPREF: _nothing,
}
