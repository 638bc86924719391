"""How ``checkrein.lock`` spells what it holds: words in one text, and names for sets of words.

::

    lock: 1
    sets:
      nodes: [api/template/Make, api/template/Show]
    intended:
      api/template/Orders: biz.order, pii.email
      api/template/Make@logs: nothing
    right:
      api/template/Role:
        api/template/Orders write: {values: [dynamodb:PutItem], reason: "why", by: Ada}
        =nodes invoke: lambda:InvokeFunction

Pure; ``read/lock.py`` reads the file, ``write/lock.py`` writes it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache, lru_cache

import yaml

from checkrein.late import regex
from checkrein.model import LOCK

FILE = LOCK
FORMAT = 1
SETS = "sets"
SET = "="  # begins a word that stands for a set
NOTHING = "nothing"
VALUES, REASON, BY = "values", "reason", "by"
BETWEEN = ", "
HIDDEN = (  # what YAML escapes, and what would turn the order of a line that people review
    r"\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff"
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
)
PLAIN = regex(rf"[A-Za-z0-9_/=$][^\x00-\x1f{HIDDEN}]*\Z")
UNSAFE = (": ", " #")  # within a plain scalar
UNPRINTED = regex(f"[{HIDDEN}]")
_TEXT = "tag:yaml.org,2002:str"


@cache
def _resolver() -> yaml.resolver.Resolver:
    return yaml.resolver.Resolver()


def words(text: str) -> tuple[str, ...]:
    """Return the words of an entry's text; ``nothing`` is none."""
    return () if text == NOTHING else tuple(text.split(BETWEEN))


def phrase(values: Iterable[str]) -> str:
    """Return an entry's words as YAML on one line: plain, or a list where one has a comma."""
    known = tuple(values)
    if not known:
        return NOTHING
    if known == (NOTHING,) or any("," in word or word != word.strip() for word in known):
        return listing(known)
    return scalar(BETWEEN.join(known))


def listing(values: Iterable[str]) -> str:
    """Return words as a YAML list on one line."""
    return f"[{BETWEEN.join(map(_inner, values))}]"


@lru_cache(maxsize=8192)
def scalar(text: str) -> str:
    """Return a text as a YAML scalar of a block: plain where it can be, else in quotes."""
    return text if _is_plain(text) else quoted(text)


def quoted(text: str) -> str:
    """Return a text as a YAML scalar in double quotes, on one line."""
    told = json.dumps(text, ensure_ascii=False)
    return UNPRINTED.sub(lambda found: f"\\u{ord(found[0]):04x}", told)


def _inner(text: str) -> str:
    """Return a text as a scalar within brackets, where more characters mean something."""
    return quoted(text) if set(text) & set(",[]{}") or ":?" in text else scalar(text)


def _is_plain(text: str) -> bool:
    if not PLAIN.match(text) or text != text.strip() or text.endswith(":"):
        return False
    if any(part in text for part in UNSAFE):
        return False
    tag = _resolver().resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    return bool(tag == _TEXT)
