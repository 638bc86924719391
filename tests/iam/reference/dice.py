"""Quick seeded choices."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    def __init__(self, seed: int | str) -> None:
        self.roll = random.Random(seed).random

    def chance(self, probability: float) -> bool:
        return self.roll() < probability

    def pick(self, pool: Sequence[T]) -> T:
        return pool[int(self.roll() * len(pool))]

    def some(self, pool: Sequence[T], most: int) -> list[T]:
        return [self.pick(pool) for _ in range(1 + int(self.roll() * most))]
