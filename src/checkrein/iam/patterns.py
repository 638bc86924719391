"""The algebra of IAM's wildcard patterns: ``*`` is any text, ``?`` one character.

All answers are exact, and come with a witness: a string that shows why. Symbols (private-use
characters) are letters like others, except that ``?`` does not match one, since it may stand for
a longer text. A ``*`` in a text is matched by ``*`` only, so an ARN such as ``bucket/*`` can be
asked about as a whole.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from checkrein.iam.automaton import Automaton, free_letter
from checkrein.iam.symbols import IS_SYMBOL
from checkrein.iam.variables import LITERAL
from checkrein.late import regex

WILD = regex(r"[*?]")
OPEN = regex(f"[*?]|{IS_SYMBOL.pattern}")
ONE = "[^*\ue000-\uf8ff\U000f0000-\U0010fffd]"


def matches(pattern: str, text: str, *, fold: bool = False) -> bool:
    """Tell whether a pattern matches the whole text; ``fold`` ignores case, as for actions."""
    if fold:
        return matcher(pattern.lower())(text.lower())
    return matcher(pattern)(text)


@lru_cache(maxsize=65536)
def matcher(pattern: str) -> Callable[[str], bool]:
    """Return a function that tells whether the pattern matches a text (case counts)."""
    if "?" not in pattern:
        return in_order([part.translate(LITERAL) for part in pattern.split("*")])
    if "*" not in pattern:
        return _apart([part.translate(LITERAL) for part in pattern.split("?")])
    found = re.compile(expression(pattern, one=ONE), re.DOTALL).fullmatch
    return lambda text: found(text) is not None


def in_order(parts: Sequence[str]) -> Callable[[str], bool]:
    """Return a function that tells whether a text is these parts, with anything between them."""
    first, *inner = parts
    if not inner:
        return first.__eq__
    last = inner.pop()
    if not inner and not last:
        return lambda text: text.startswith(first)
    least = len(first) + len(last)

    def matches(text: str) -> bool:
        end = len(text) - len(last)
        if len(text) < least or not text.startswith(first) or not text.endswith(last):
            return False
        at = len(first)
        for part in inner:
            at = text.find(part, at, end)
            if at < 0:
                return False
            at += len(part)
        return True

    return matches


def _apart(parts: Sequence[str]) -> Callable[[str], bool]:
    """Return a function that tells whether a text is these parts, one character between each."""
    length = sum(map(len, parts)) + len(parts) - 1

    def matches(text: str) -> bool:
        if len(text) != length or not text.startswith(parts[0]):
            return False
        at = len(parts[0])
        for part in parts[1:]:
            if not is_one(text[at]) or not text.startswith(part, at + 1):
                return False
            at += 1 + len(part)
        return True

    return matches


def is_one(character: str) -> bool:
    """Tell whether ``?`` matches a character of a text."""
    return character != "*" and IS_SYMBOL.match(character) is None


def expression(pattern: str, *, star: str = ".*", one: str = ".") -> str:
    """Return a pattern as a regular expression; ``star`` and ``one`` are what wildcards mean."""
    return "".join(
        star if part[0] == "*" else one if part == "?" else re.escape(part.translate(LITERAL))
        for part in re.split(r"(\*+|\?)", pattern)
        if part
    )


def subset(patterns: Iterable[str], of: Iterable[str]) -> str | None:
    """Return a text that ``patterns`` match and ``of`` do not; None if there is none."""
    of = tuple(of)
    for pattern in patterns:
        missed = _missed(pattern, of)
        if missed is not None:
            return missed
    return None


def overlap(a: str, b: str) -> str | None:
    """Return a shortest text that both patterns match; None if there is none."""
    letter = _letter_outside(a, b)
    waiting, seen = deque([(0, 0, "")]), set()
    while waiting:
        at, beside, text = waiting.popleft()
        if (at, beside) in seen:
            continue
        seen.add((at, beside))
        left, right = a[at : at + 1], b[beside : beside + 1]
        if not left and not right:
            return text
        if left == "*":
            waiting.appendleft((at + 1, beside, text))
        if right == "*":
            waiting.appendleft((at, beside + 1, text))
        shared = _shared(left, right, letter)
        if shared:
            waiting.append((at + (left != "*"), beside + (right != "*"), text + shared))
    return None


def _shared(left: str, right: str, letter: str) -> str:
    """Return a character that two positions of patterns match, empty if there is none."""
    if not left or not right or left == right:
        return left and right and (letter if left in "*?" else left)
    if left not in "*?":
        left, right = right, left
    if right in "*?":
        return letter
    allowed = left == "*" or (left == "?" and not IS_SYMBOL.match(right))
    return right if allowed else ""


def witness(every: Sequence[Sequence[str]], none: Sequence[str]) -> str | None:
    """Return a shortest text that each group of ``every`` and no pattern of ``none`` matches."""
    return Automaton([*every, none]).accepted()


@lru_cache(maxsize=65536)
def literal_ends(pattern: str) -> tuple[str, str]:
    """Return the text before a pattern's first wildcard or symbol, and after its last."""
    parts = OPEN.split(pattern)
    return parts[0], parts[-1]


def _missed(pattern: str, of: tuple[str, ...]) -> str | None:
    """Find what ``of`` misses of one pattern.

    With its wildcards replaced by a letter that stands nowhere else, the pattern is matched by a
    pattern without ``?`` exactly if that one matches all of it; only ``?`` needs the automaton.
    """
    letter = _letter_outside(pattern, *of)
    instance = WILD.sub(letter, pattern)
    if any("?" not in other and matches(other, instance) for other in of):
        return None
    if not any(matches(other, instance) for other in of):
        return instance
    return witness([[pattern]], of)


def _letter_outside(*patterns: str) -> str:
    used = {letter for pattern in patterns for letter in pattern}
    return free_letter(used)
