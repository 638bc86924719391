"""Answers of three values: no, perhaps, yes, as the integers 0, 1, 2.

``min`` is *and*, ``max`` is *or*, ``YES - x`` is *not*. Plain integers, because a decision takes
microseconds and enumerations would double that.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

NO: Final = 0
MAYBE: Final = 1
YES: Final = 2


def agreed(answers: Iterable[int]) -> int:
    """Return the answer that all readings give, MAYBE where they differ."""
    found = set(answers)
    return found.pop() if len(found) == 1 else MAYBE
