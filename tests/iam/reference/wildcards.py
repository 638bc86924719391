"""Wildcards in actions, strings, resources and ARN conditions, as IAM's user guide words them."""

from __future__ import annotations

import re
from functools import lru_cache

from tests.iam.reference.certainty import Answer, either
from tests.iam.reference.variables import Piece, pieces

SEGMENTS = 6  # arn:partition:service:region:account:resource


@lru_cache(maxsize=100_000)
def _loose(pattern: tuple[Piece, ...], *, fold: bool = False) -> re.Pattern[str]:
    source = "".join(
        re.escape(text) if literal else _wild(text, ".*", ".") for text, literal in pattern
    )
    return re.compile(source, re.DOTALL | (re.IGNORECASE if fold else 0))


def _wild(text: str, many: str, one: str) -> str:
    return "".join({"*": many, "?": one}.get(letter, re.escape(letter)) for letter in text)


def glob(pattern: tuple[Piece, ...], value: str) -> bool:
    """String condition operators: * is any characters and ? any one, anywhere in the string."""
    return _loose(pattern).fullmatch(value) is not None


def action(pattern: str, name: str) -> bool:
    """Action element: not case-sensitive; * and ? as in strings."""
    return _loose(((pattern, False),), fold=True).fullmatch(name) is not None


def resource(pattern: tuple[Piece, ...], arn: str, *, completed: bool) -> Answer:
    """Resource element: an ARN with wildcards within its segments, or * alone.

    A * that ends a segment "can expand to match beyond the colon boundaries". Whether another one
    can is not said: doubtful. "You can't use a wildcard in the service segment", nor a variable
    before the fifth colon: doubtful what one does there, as is a pattern that is no ARN at all.
    ``completed``: AWS completes an incomplete ARN for certain; elsewhere it may be read as it
    stands instead.
    """
    if all(not literal and set(text) == {"*"} for text, literal in pattern):
        return True
    if not pattern[0][0].startswith("arn:") or pattern[0][1]:
        return None if glob(pattern, arn) else False
    complete = _completed(pattern)
    possible = glob(complete, arn) or glob(pattern, arn)
    if _strict(complete).fullmatch(arn) is None or _misplaced(complete):
        return None if possible else False
    return True if completed or _strict(pattern).fullmatch(arn) is not None else None


@lru_cache(maxsize=100_000)
def _completed(pattern: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Add the missing fields of an incomplete ARN.

    Resource element: "AWS automatically completes the ARN by adding wildcard characters (*) to all
    missing fields"; arn:aws:sqs is arn:aws:sqs:*:*:*.
    """
    colons = sum(text.count(":") for text, literal in pattern if not literal)
    missing = SEGMENTS - 1 - colons
    return (*pattern, (":*" * missing, False)) if missing > 0 else pattern


@lru_cache(maxsize=100_000)
def _strict(pattern: tuple[Piece, ...]) -> re.Pattern[str]:
    source, segment = "", 0
    whole = "".join("\0" * len(text) if literal else text for text, literal in pattern) + ":"
    values = "".join(text for text, _ in pattern)
    for index, letter in enumerate(values):
        crosses = segment >= SEGMENTS - 1
        if whole[index] == "*":
            source += ".*" if crosses or whole[index + 1] == ":" else "[^:]*"
        elif whole[index] == "?":
            source += "." if crosses else "[^:]"
        else:
            source += re.escape(letter)
            segment += whole[index] == ":"
    return re.compile(source, re.DOTALL)


@lru_cache(maxsize=100_000)
def _misplaced(pattern: tuple[Piece, ...]) -> bool:
    """Tell whether the service segment has a wildcard, or the head of the ARN a variable."""
    colons = 0
    service = ""
    for text, literal in pattern:
        if literal and colons < SEGMENTS - 1:
            return True
        for letter in text:
            colons += letter == ":" and not literal
            service += letter if colons == 2 else ""
    return "*" in service or "?" in service


def arn_like(pattern: tuple[Piece, ...], value: str) -> Answer:
    """ARN condition operators: each of the six components is checked separately.

    A value that has not six is no ARN. A pattern that has not, * included, is not provided for:
    doubtful where a string operator would match.
    """
    wanted, found = _components(pattern), value.split(":", SEGMENTS - 1)
    if len(found) != SEGMENTS:
        return False
    if len(wanted) != SEGMENTS:
        return None if glob(pattern, value) else False
    return all(glob(part, text) for part, text in zip(wanted, found, strict=True))


@lru_cache(maxsize=100_000)
def _components(pattern: tuple[Piece, ...]) -> tuple[tuple[Piece, ...], ...]:
    parts: list[list[Piece]] = [[]]
    for text, literal in pattern:
        cuts = text.split(":") if not literal else [text]
        for index, cut in enumerate(cuts):
            if index and len(parts) < SEGMENTS:
                parts.append([])
            elif index:
                parts[-1].append((":", False))
            parts[-1].append((cut, literal))
    return tuple(map(tuple, parts))


def any_resource(patterns: list[tuple[Piece, ...] | None], arn: str, *, completed: bool) -> Answer:
    """A variable with no value "will not match any resource"."""
    known = [pattern for pattern in patterns if pattern is not None]
    return either(resource(pattern, arn, completed=completed) for pattern in known)


def plain(text: str) -> tuple[Piece, ...]:
    return pieces(text, {}, "2008-10-17") or ()
