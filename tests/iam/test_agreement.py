"""The engine answers as a second, slow and literal reading of AWS's documentation does.

This is the small size of ``make prove``.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkrein.iam.requests import Policies, Request
from tests.iam.reference.agreement import LAWFUL, Tally, prove
from tests.iam.reference.asking import ANN, BUCKET, HOME, OBJECT, allow, deny, document
from tests.iam.reference.drawn_conditions import OPERATORS
from tests.iam.reference.minimise import minimised

SEEDS = range(500)


@pytest.fixture(scope="module")
def tally() -> Tally:
    return prove(SEEDS)


def test_fixed_questions(tally: Tally) -> None:
    assert tally.disagreements == []


def test_the_questions_are_of_all_sorts(tally: Tally) -> None:
    total = 4 * len(SEEDS)
    assert tally.outcomes["allowed"] > total * 0.2
    assert tally.outcomes["explicitly denied"] > total * 0.1
    assert {operator for operator in OPERATORS if not tally.seen[operator]} == set()


@settings(max_examples=40, deadline=None)
@given(st.integers(min_value=10**8, max_value=10**9))
def test_other_questions(seed: int) -> None:
    assert prove([seed * LAWFUL]).disagreements == []


def test_a_disagreement_is_made_small() -> None:
    needed = deny(Action="s3:Get*", Condition={"Bool": {"a": "true"}})
    request = Request(
        principal=ANN, action="s3:GetObject", resource=OBJECT, context={"a": "true", "b": "1"}
    )
    policies = Policies(
        identity=(document(allow(), allow(Action=["s3:*", "sqs:*"])), document(needed, allow())),
        resource=document(allow(Principal={"AWS": [ANN, HOME]}, Resource=f"{BUCKET}/*")),
        session=document(allow()),
    )

    def shows(request: Request, policies: Policies) -> bool:
        return "Bool" in str(policies.identity) and "a" in request.context

    small = Policies(identity=({"Statement": [needed]},))
    asked = Request(principal=ANN, action="s3:GetObject", resource=OBJECT, context={"a": "true"})
    assert minimised(request, policies, shows) == (asked, small)
