"""Texts that stand once, in order, each without what it shares with the one before.

The sentences of an application are much alike (``Charge may read Rides``, ``Charge may write
Rides``); this makes them less than half as long, and needs no compressor.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile

from checkrein.report.html.numbers import packed


class Texts:
    """Numbers texts. The numbers are known once all texts are, so ask ``number`` afterwards."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._sorted = sorted(set(texts), key=_alike)
        self._numbers = {text: number for number, text in enumerate(self._sorted)}

    def number(self, text: str) -> int:
        """Return a text's number."""
        return self._numbers[text]

    def told(self) -> str:
        """Return all texts in a row.

        Of each stand how many letters it shares with the one before at their beginning, how many
        at their end, how many are its own, and these. Letters are UTF-16 units, as scripts count
        them.
        """
        found: list[str] = []
        before = ""
        for text in self._sorted:
            start = _shared(before, text)
            end = _shared(before[start:][::-1], text[start:][::-1])
            own = text[start : len(text) - end]
            sizes = (text[:start], text[len(text) - end :], own)
            found += (packed(map(_units, sizes)), own)
            before = text
        return "".join(found)


def _alike(text: str) -> tuple[str, str]:
    """Return what brings together texts that differ in who does it: ``Charge may read Rides``."""
    who, _, what = text.partition(" ")
    return what, who


def _shared(one: str, other: str) -> int:
    """Return how many letters two texts share at their beginning."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
