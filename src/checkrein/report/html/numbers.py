"""Lists of numbers as short text for the script: each number a letter or two.

Numbers are told as changes from the group before, as what stands together is much alike; most of
them are then of one digit, and JSON's commas would be as long as the numbers themselves. Negative
numbers alternate with the others (0, -1, 1, -2, …); a digit of the upper half says that another
follows, as in the mappings of source maps.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

# What neither JSON nor HTML writes in a longer way
DIGITS = "".join(chr(code) for code in range(ord("!"), 127) if chr(code) not in "\"\\<>&'")
HALF = len(DIGITS) // 2


def packed(numbers: Iterable[int]) -> str:
    """Return whole numbers in a row, the smallest first digit first."""
    return "".join(map(_digits, numbers))


def changes(told: Iterable[tuple[int, ...]]) -> list[int]:
    """Return tuples of equal length in a row, each as what changed from the one before."""
    found: list[int] = []
    before: tuple[int, ...] = ()
    for each in told:
        found += [n - b for n, b in zip(each, before or (0,) * len(each), strict=True)]
        before = each
    return found


def counted(lists: Iterable[Sequence[tuple[int, ...]]]) -> list[int]:
    """Return lists of tuples in a row: of each how many there are, then their changes."""
    return [number for each in lists for number in (len(each), *changes(each))]


def _digits(number: int) -> str:
    rest = 2 * number if number >= 0 else -2 * number - 1
    told = ""
    while rest >= HALF:
        told += DIGITS[HALF + rest % HALF]
        rest //= HALF
    return told + DIGITS[rest]
