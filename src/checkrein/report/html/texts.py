"""Texts that stand once, in order, each without what it shares with the one before.

The sentences of an application are much alike (``Charge may read Rides``, ``Charge may read
Users``); this makes them a third as long, needs no compressor, and can still be read and compared.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile


class Texts:
    """Numbers texts. The numbers are known once all texts are, so ask ``number`` afterwards."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._sorted = sorted(set(texts))
        self._numbers = {text: number for number, text in enumerate(self._sorted)}

    def number(self, text: str) -> int:
        """Return a text's number."""
        return self._numbers[text]

    def front_coded(self) -> list[int | str]:
        """Return, in turn, how many letters a text shares with the one before, and its rest.

        Letters are UTF-16 units, as scripts count them: a shared part never ends within a pair.
        """
        told: list[int | str] = []
        before = ""
        for text in self._sorted:
            pairs = zip(before, text, strict=False)
            shared = "".join(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
            told += (len(shared.encode("utf-16-le")) // 2, text[len(shared) :])
            before = text
        return told
