"""Short ways to ask both engines one question."""

from __future__ import annotations

from typing import Any

from checkrein.iam import authorize
from checkrein.iam.requests import Policies, Request
from tests.iam.reference.agreement import fast, literal
from tests.iam.reference.evaluator import ALLOWED, EXPLICIT, IMPLICIT, outcomes

HOME, OTHER = "111122223333", "444455556666"
ANN = f"arn:aws:iam::{HOME}:user/ann"
BUCKET = "arn:aws:s3:::photos"
OBJECT = f"{BUCKET}/ann/cat.jpg"
YES, NO, REFUSED = {ALLOWED}, {IMPLICIT}, {EXPLICIT}


def ask(arn: str = OBJECT, **asked: Any) -> set[str]:
    """Ask about reading an object as a user, unless told otherwise; both must say the same.

    ``asked`` are fields of Request and of Policies. Returns the reference's outcomes.
    """
    kinds = {name: asked.pop(name) for name in list(asked) if name in Policies.__struct_fields__}
    request = Request(**{"principal": ANN, "action": "s3:GetObject", "resource": arn} | asked)
    policies = Policies(**kinds)
    answer = outcomes(request, policies)
    assert fast(authorize(request, policies)) == literal(answer)
    return answer


def document(*statements: dict[str, Any], version: str = "2012-10-17") -> dict[str, Any]:
    return {"Version": version, "Statement": list(statements)}


def allow(**more: Any) -> dict[str, Any]:
    """Return a statement that allows everything, less what is given."""
    action = {} if "NotAction" in more else {"Action": "*"}
    resource = {} if "NotResource" in more else {"Resource": "*"}
    return {"Effect": "Allow", **action, **resource, **more}


def deny(**more: Any) -> dict[str, Any]:
    return {**allow(**more), "Effect": "Deny"}
