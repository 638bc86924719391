"""Three answers: True, False, and None where AWS's documentation leaves both open."""

from __future__ import annotations

from collections.abc import Iterable

Answer = bool | None


def either(answers: Iterable[Answer]) -> Answer:
    """True if one is certain, else None if one is doubtful, else False."""
    doubtful = False
    for answer in answers:
        if answer:
            return True
        doubtful = doubtful or answer is None
    return None if doubtful else False


def both(answers: Iterable[Answer]) -> Answer:
    """False if one certainly fails, else None if one is doubtful, else True."""
    doubtful = False
    for answer in answers:
        if answer is False:
            return False
        doubtful = doubtful or answer is None
    return None if doubtful else True


def opposite(answer: Answer) -> Answer:
    return None if answer is None else not answer


def doubted(answer: Answer, *, doubt: bool) -> Answer:
    """Return the answer, or None where a match holds in one reading of AWS's text only."""
    return None if answer and doubt else answer
