"""Regular expressions of a module, as far as they cannot take forever.

Terraform's engine takes linear time; Python's tries all ways in which a pattern's repetitions may
share a text, and cannot be stopped.
"""

from __future__ import annotations

import re
import warnings
from math import comb

from checkrein.late import regex
from checkrein.read.terraform.unknowns import Failed

MOST_TRIES = 100_000_000
PIECE = regex(
    r"""\\.|\[\^?\]?(?:\\.|\[:\w+:\]|[^\]\\])*\]|\((?:\?(?:P?<\w+>|[a-zA-Z]*:?|[=!]|<[=!]))?|.""",
    re.VERBOSE | re.DOTALL,
)
CLASSES = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "digit": "0-9",
    "lower": "a-z",
    "space": "\\s",
    "upper": "A-Z",
    "word": "0-9A-Za-z_",
    "xdigit": "0-9A-Fa-f",
}
POSIX = regex(rf"\[:({'|'.join(CLASSES)}):\]")
REPETITIONS = ("*", "+", "?", "}", "")  # a question mark after them is a wish for few
UNBOUNDED = regex(r"[*+]|\{\d*,\d*\}|\{\d{2,}\}")


def compiled(pattern: str, text: str) -> re.Pattern[str]:
    """Return a pattern to be looked for in a text; raise Failed where that may take too long."""
    pattern = POSIX.sub(lambda found: CLASSES[found[1]], pattern.replace("\\z", "\\Z"))
    if _tries(pattern, len(text)) > MOST_TRIES:
        raise Failed("a pattern that would take too long")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", FutureWarning)  # of sets that mean something else in Go
            return re.compile(pattern)
    except (re.error, RecursionError, OverflowError, FutureWarning):
        raise Failed("a pattern that is not understood here") from None


def _tries(pattern: str, length: int) -> int:
    """Return how many ways there are at most in which repetitions share a text's letters.

    A group that is repeated and holds a choice or a repetition itself has no such bound.
    """
    repeated = 0 if pattern.startswith(("^", "\\A")) else 1  # it may start anywhere
    groups = [False]  # whether each open one holds a choice or a repetition
    atom, is_group, optional = "", False, 0
    for found in PIECE.finditer(pattern):
        piece = found[0]
        if piece.startswith("("):
            groups.append(False)
        elif piece == "|":
            groups[-1] = True
        elif piece == ")" and len(groups) > 1:
            is_group = groups.pop()
            groups[-1] = groups[-1] or is_group
        elif UNBOUNDED.match(pattern, found.start()) and atom:
            if atom == ")" and is_group:
                return MOST_TRIES + 1
            groups[-1] = True
            repeated += not _ends_itself(atom, pattern, found.start())
        elif piece == "?" and atom not in REPETITIONS:
            groups[-1] = True
            optional += 1
        atom = piece
    return comb(length + repeated, repeated) << optional


def _ends_itself(atom: str, pattern: str, at: int) -> bool:
    """Tell whether what follows a repetition is what its letters exclude: ``[^:]+:``."""
    repetition = UNBOUNDED.match(pattern, at)
    after = pattern[repetition.end() : repetition.end() + 1] if repetition else ""
    return atom.startswith("[^") and after.isprintable() and after != "" and after in atom[2:-1]
