"""Functions and methods that test or compare: their answer holds nothing of what they are given."""

from __future__ import annotations

import re

YES_OR_NO = frozenset(
    [
        "includes",
        "has",
        "hasOwnProperty",
        "startsWith",
        "startswith",
        "endsWith",
        "endswith",
        "test",
        "isdigit",
        "isalnum",
        "isalpha",
        "some",
        "every",
        "indexOf",
        "lastIndexOf",
        "findIndex",
        "findLastIndex",
        "find_",
        "index",
        "count",
        "localeCompare",
    ]
)
# ``isEqual``, ``is_valid``, ``__eq__``, ``compareSync``, ``check_password_hash``; what only looks
# alike makes a query: ``.is("a", null)``, ``.eq("a", b)``, ``.equals(b)``
TESTING = re.compile(
    r"(?:is|has)(?:[A-Z]|_[a-z])|__(?:eq|ne|lt|le|gt|ge|contains)__$|(?:timing|time)_?[Ss]afe_?[Ee]qual$"
    r"|(?:safe_?|secure_?|constant_?time_?)?[Cc]ompare(?:_digest|_?[Ss]ync|_?[Ss]trings?|_?[Hh]ash)?$"
    r"|(?:check|verify)_?[Pp]assword(?:_?[Hh]ash)?$"
)


def answers_yes_or_no(name: str) -> bool:
    """Tell whether a function's name says that it tests or compares, whosever it is."""
    return name in YES_OR_NO or bool(TESTING.match(name))
