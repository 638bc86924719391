"""Hold the engine to the reference, question by question, and count what was seen."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from msgspec import Struct, field
from msgspec.structs import asdict

from checkrein.iam import Authorizer, Decision, authorize
from checkrein.iam.requests import Policies, Request
from tests.iam.reference import coverage
from tests.iam.reference.dice import Dice
from tests.iam.reference.evaluator import ALLOWED, EXPLICIT, outcomes
from tests.iam.reference.generator import questions
from tests.iam.reference.laws import LAWS, broken
from tests.iam.reference.minimise import minimised

EMPTY = Policies()
LAWFUL = 20  # of so many seeds one is asked about the laws as well


class Grade(NamedTuple):
    """What both can say: certainly allowed, possibly allowed, certainly explicitly denied."""

    must: bool
    may: bool
    denied: bool


class Tally(Struct):
    outcomes: Counter[str] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)
    laws: int = 0
    disagreements: list[str] = []

    def add(self, other: Tally) -> None:
        self.outcomes += other.outcomes
        self.seen += other.seen
        self.laws += other.laws
        self.disagreements += other.disagreements


def literal(found: set[str]) -> Grade:
    return Grade(found == {ALLOWED}, ALLOWED in found, found == {EXPLICIT})


def fast(decision: Decision) -> Grade:
    return Grade(decision.must, decision.may, decision.denied)


def disagree(request: Request, policies: Policies) -> bool:
    return fast(authorize(request, policies)) != literal(outcomes(request, policies))


def differs(seeds: Iterable[int]) -> bool:
    """Tell, as soon as it is known, whether the two disagree anywhere or a law is broken."""
    for seed in seeds:
        asked = list(questions(seed))
        authorizer = Authorizer(asked[0][1])
        for question in asked:
            if Grade(*authorizer.grade(question[0])) != literal(outcomes(*question)):
                return True
        if seed % LAWFUL == 0 and any(broken(*asked[0], Dice(f"laws {seed}"))):
            return True
    return False


def prove(seeds: Iterable[int], most: int = 20) -> Tally:
    """Ask both about every question of every seed; stop after so many disagreements."""
    coverage.COUNTS.clear()
    tally = Tally()
    for seed in seeds:
        asked = list(questions(seed))
        authorizer = Authorizer(asked[0][1])
        for request, policies in asked:
            expected = outcomes(request, policies)
            tally.outcomes[" or ".join(sorted(expected))] += 1
            if Grade(*authorizer.grade(request)) != literal(expected):
                tally.disagreements.append(told(seed, request, policies))
        if seed % LAWFUL == 0:
            tally.laws += len(LAWS)
            found = broken(*asked[0], Dice(f"laws {seed}"))
            tally.disagreements += [f"seed {seed}: {each}" for each in found]
        if len(tally.disagreements) >= most:
            break
    tally.seen += coverage.COUNTS
    return tally


def told(seed: int, request: Request, policies: Policies) -> str:
    """Return a disagreement's smallest form as text."""
    if disagree(request, policies):
        request, policies = minimised(request, policies, disagree)
    shown = {k: v for k, v in asdict(policies).items() if v != getattr(EMPTY, k)}
    return (
        f"seed {seed}: reference {sorted(outcomes(request, policies))}, "
        f"engine {fast(authorize(request, policies))}\n"
        f"  {json.dumps(asdict(request))}\n  {json.dumps(shown)}"
    )
