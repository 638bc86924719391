"""What several statements come to where the request's keys are not all known.

The idea is that of scality/Arsenal's tests (Apache-2.0), where an object's tags are read last.
"""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from checkrein.iam import Policies, Request, authorize
from tests.iam.reference.asking import ANN, OBJECT, allow, deny, document

MET = {"Bool": {"known": "true"}}
UNMET = {"Bool": {"known": "false"}}
UNKNOWN = {"StringEquals": {"s3:ExistingObjectTag/team": "red"}}

YES, NO, MAYBE, REFUSED = (
    (True, True, False),
    (False,) * 3,
    (False, True, False),
    (False, False, True),
)


def statement(said: str) -> dict[str, Any]:
    effect, _, when = said.partition(" if ")
    condition = {"met": MET, "unmet": UNMET, "unknown": UNKNOWN}[when]
    return (allow if effect == "allow" else deny)(Condition=condition)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([], NO),
        (["allow if met"], YES),
        (["allow if unmet"], NO),
        (["allow if unknown"], MAYBE),
        (["deny if met"], REFUSED),
        (["deny if unmet"], NO),
        (["deny if unknown"], NO),
        (["allow if met", "allow if unmet"], YES),
        (["allow if met", "allow if unknown"], YES),
        (["allow if unmet", "allow if unknown"], MAYBE),
        (["allow if unknown", "allow if unknown"], MAYBE),
        (["allow if met", "deny if met"], REFUSED),
        (["allow if met", "deny if unmet"], YES),
        (["allow if met", "deny if unknown"], MAYBE),
        (["allow if unknown", "deny if unknown"], MAYBE),
        (["allow if unknown", "deny if met"], REFUSED),
        (["allow if unknown", "deny if unmet"], MAYBE),
        (["deny if unknown", "deny if met"], REFUSED),
        (["allow if met", "allow if unknown", "deny if unknown"], MAYBE),
    ],
)
@pytest.mark.parametrize("apart", [False, True])
def test_statements(said: list[str], expected: tuple[bool, ...], apart: bool) -> None:  # noqa: FBT001
    request = Request(
        principal=ANN, action="s3:GetObject", resource=OBJECT, context={"known": "true"}, open=True
    )
    for order in permutations(said):
        parts = [statement(each) for each in order]
        documents = [document(part) for part in parts] if apart else [document(*parts)]
        found = authorize(request, Policies(identity=tuple(documents)))
        assert (found.must, found.may, found.denied) == expected
