"""Keys that tell what they are by their shape, and the words around secrets.

Knowledge: ``data/secrets.yaml``, which says where each shape is documented.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from checkrein.catalog.key_shape import KeyShape
from checkrein.catalog.tables import table
from checkrein.late import regex

WORST = 3
HOLE: Final = "\ufffc"  # stands for a part of a text that is not known
NAMING = regex(  # `key` alone is one of a store's, and so are those of keys and pages
    r"pass|pwd|secret|token|cred|auth(?!or(?!iz))|bearer|jwt|(?<!^)(?<!object)(?<!route)key(?!_?cond)",
    re.IGNORECASE,
)
OPEN = regex(  # of a setting: what it names is told to everybody
    r"public|publishable|(?:issuer|audience|domain|ur[il]|host|name|arn|table|bucket|queue|stage|region|origin|path"
    r"|version|type|expir\w*|ttl|mode|enabled|client_?id|key_?id|user_?pool_?id|app_?id)$",
    re.IGNORECASE,
)
SHOWING = regex(  # of a request's field: who calls is known by it
    r"signature|hmac|sha\d+|authorization|token|secret|pass|pwd|api[-_]?key|key$|sign$",
    re.IGNORECASE,
)
SHORTEST_KEY: Final = 16
ENDS = ("_", "-")  # of a prefix that nothing but a key of that issuer begins with
SHORTEST_PREFIX = 4
LOGIN = regex(r"://[^/\s:@]*:[^/\s@]+@|(?:password|pwd|passwd)\s*=", re.IGNORECASE)


@cache
def key_shapes() -> tuple[KeyShape, ...]:
    """Return every kind of key, in the order of the data file."""
    return tuple(_shape(id, told) for id, told in table("secrets.yaml")["keys"].items())


def stands_for(text: str) -> KeyShape | None:
    """Return the kind of key that a text begins as and is too short for: ``sk_test_123``."""
    low = text.lower()
    for shape in key_shapes() if len(text) < SHORTEST_KEY else ():
        for prefix in shape.prefixes:
            sure = len(prefix) >= SHORTEST_PREFIX and prefix.endswith(ENDS)
            if sure and low.startswith(prefix):
                return shape
    return None


@cache
def words_in(section: str) -> frozenset[str]:
    """Return a list of words: ``not of``, ``tried first``, ``words of secrets``."""
    return frozenset(_listed(table("secrets.yaml")[section]))


@lru_cache(maxsize=8192)
def may_name_secret(name: str) -> bool:
    """Tell whether a name may say that its value is a secret: a quick sieve, no judgement."""
    return bool(NAMING.search(name))


@lru_cache(maxsize=1024)
def keeps_secret(setting: str, *, shown: bool) -> bool:
    """Tell whether a setting of a function is a secret, by less of a name where one is shown."""
    return not OPEN.search(setting) and (shown or may_name_secret(setting))


@lru_cache(maxsize=1024)
def shows_secret(field: str) -> bool:
    """Tell whether a field of a request is there to show a secret, or what is made with one."""
    return bool(SHOWING.search(field))


@lru_cache(maxsize=8192)  # a template's words come again and again
def may_hold_key(text: str) -> bool:
    """Tell whether a text may be or hold a secret by its own shape: a quick sieve, no judgement."""
    if len(text) < SHORTEST_KEY:
        return False
    low = text.lower()
    if _prefix().search(low) or low.startswith("basic "):
        return True
    return ("://" in low or "=" in low) and bool(LOGIN.search(low))


@cache
def _prefix() -> re.Pattern[str]:
    known = {prefix for shape in key_shapes() if not shape.public for prefix in shape.prefixes}
    by_first = groupby(sorted(known), key=itemgetter(0))  # few branches to try at each character
    return re.compile("|".join(f"{re.escape(first)}(?:{_rests(same)})" for first, same in by_first))


def _rests(prefixes: Iterable[str]) -> str:
    return "|".join(re.escape(prefix[1:]) for prefix in prefixes)


@cache
def template_words(section: str) -> frozenset[str]:
    """Return types or properties of templates: ``variables holders secrets speaking scripts``."""
    return frozenset(_listed(table("secrets.yaml")["templates"][section]))


def _shape(id: str, told: dict[str, Any]) -> KeyShape:
    return KeyShape(
        id=id,
        title=told["title"],
        data=told.get("data", ""),
        written=told["pattern"],
        prefixes=_listed(told["prefix"]),
        fault=told.get("fault", WORST),
        check=told.get("check", ""),
        public=told.get("public", False),
    )


def _listed(words: str) -> tuple[str, ...]:
    return tuple(word.strip(" ") for word in words.split(","))
