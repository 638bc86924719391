"""A call of the platform's functions, as they see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from checkrein.read.cdk.unsynthesized.evaluation import values
from checkrein.read.cdk.unsynthesized.evaluation.access import iterated
from checkrein.read.cdk.unsynthesized.evaluation.things import Given
from checkrein.read.cdk.unsynthesized.trace import Traced

if TYPE_CHECKING:
    from checkrein.read.cdk.unsynthesized.evaluation.running import Evaluation

Items = list[Traced]


class Asked:
    """One call of the platform: who runs it, and what it is given."""

    def __init__(self, run: Evaluation, given: Given) -> None:
        self.run, self.place, self.scope, self.named = run, given.place, given.scope, given.named
        self._given = given

    def call(self, function: Traced, *arguments: Traced) -> Traced:
        return self.run.apply(function, self._given.instead(*arguments))

    def items(self, value: Traced) -> Items | None:
        return iterated(self.run, value, self.scope)

    def truth(self, value: Traced) -> bool | None:
        return values.truth(value, python=self.scope.is_python)


Handler = Callable[..., Traced]
