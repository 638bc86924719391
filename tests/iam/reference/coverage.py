"""What the reference evaluated, for honest counts: a statement's condition counts only where the
rest of the statement matched, a policy's kind only where one of its statements applied."""

from __future__ import annotations

from collections import Counter

COUNTS: Counter[str] = Counter()


def saw(name: str) -> None:
    COUNTS[name] += 1
