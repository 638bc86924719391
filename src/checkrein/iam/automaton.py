"""A non-deterministic automaton for groups of patterns, its states the bits of one integer."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from itertools import chain

from checkrein.iam.symbols import IS_SYMBOL


def free_letter(used: Container[str]) -> str:
    """Return a letter that is not in use, a plain one if there is any."""
    letters = chain("xyzq0_", map(chr, range(0x100, 0xD800)))
    return next(letter for letter in letters if letter not in used)


class Automaton:
    """Searches a text that every group but the last matches, and the last does not.

    A pattern of n characters takes n + 1 bits; bit i set means that its first i characters have
    matched. Among the sets reached, one is dropped if another holds all its bits of the wanted
    groups and none but its bits of the unwanted one: whatever completes it completes the other.
    """

    def __init__(self, groups: Sequence[Sequence[str]]) -> None:
        self._letters: dict[str, int] = {}
        self._star = self._one = self._start = self._bits = 0
        self._ends: list[int] = []
        self._spans: list[int] = []
        for group in groups:
            self._add_group(group)
        self._wanted = sum(self._spans[:-1])
        self._other = free_letter(self._letters)
        self._hopeless = self._ends[-1] & (self._star << 1)  # an unwanted pattern ends in a star

    def accepted(self) -> str | None:
        """Return a shortest text that is wanted and not unwanted, or None."""
        start = self._closed(self._start)
        frontier = {start: ""}
        best = [start]
        while frontier:
            done = next((text for state, text in frontier.items() if self._accepts(state)), None)
            if done is not None:
                return done
            frontier = self._advanced(frontier, best)
        return None

    def _add_group(self, group: Sequence[str]) -> None:
        first, ends = self._bits, 0
        for pattern in group:
            ends |= self._add(re.sub(r"\*+", "*", pattern))
        self._ends.append(ends)
        self._spans.append((1 << self._bits) - (1 << first))

    def _add(self, pattern: str) -> int:
        self._start |= 1 << self._bits
        for position, character in enumerate(pattern, self._bits):
            bit = 1 << position
            if character == "*":
                self._star |= bit
            elif character == "?":
                self._one |= bit
            else:
                self._letters[character] = self._letters.get(character, 0) | bit
        self._bits += len(pattern) + 1
        return 1 << (self._bits - 1)

    def _closed(self, state: int) -> int:
        return state | (state & self._star) << 1

    def _step(self, state: int, letter: str) -> int:
        moved = self._letters.get(letter, 0)
        if not IS_SYMBOL.match(letter):
            moved |= self._one
        return self._closed((state & self._star) | (state & moved) << 1)

    def _accepts(self, state: int) -> bool:
        return all(state & end for end in self._ends[:-1]) and not state & self._ends[-1]

    def _alive(self, state: int) -> bool:
        return all(state & span for span in self._spans[:-1]) and not state & self._hopeless

    def _advanced(self, frontier: dict[int, str], best: list[int]) -> dict[int, str]:
        reached: dict[int, str] = {}
        for state, text in frontier.items():
            letters = [letter for letter, bits in self._letters.items() if state & bits]
            for letter in (*letters, self._other):
                following = self._step(state, letter)
                if self._alive(following) and not self._dominated(following, best):
                    best[:] = [old for old in best if not self._covers(following, old)]
                    best.append(following)
                    reached[following] = text + letter
        return {state: text for state, text in reached.items() if state in best}

    def _dominated(self, state: int, best: list[int]) -> bool:
        return any(self._covers(old, state) for old in best)

    def _covers(self, better: int, state: int) -> bool:
        wanted = self._wanted
        return not (state & ~better & wanted or better & ~state & ~wanted)
