"""Which statements decide, by the kinds of policies that they stand in."""

from __future__ import annotations

import pytest

from checkrein.iam import authorize
from checkrein.iam.requests import Policies, Request
from tests.iam.reference.asking import ANN, OBJECT, allow, deny, document

FULL = document(allow(Principal="*"))
CLOSED = document(deny(Principal="*"))
REQUEST = Request(principal=ANN, action="s3:GetObject", resource=OBJECT)


@pytest.mark.parametrize(
    ("policies", "kind"),
    [
        (Policies(identity=(CLOSED,)), "identity policy"),
        (Policies(boundary=(CLOSED,)), "permissions boundary"),
        (Policies(session=CLOSED), "session policy"),
        (Policies(resource=CLOSED), "resource policy"),
        (Policies(service_control=((FULL, CLOSED),)), "service control policy"),
        (Policies(resource_control=((FULL, CLOSED),)), "resource control policy"),
        (Policies(endpoint=(CLOSED,)), "endpoint policy"),
    ],
)
def test_a_certain_denial_is_told_alone(policies: Policies, kind: str) -> None:
    found = authorize(REQUEST, policies)
    assert [(each.kind, each.statement.effect, each.certain) for each in found.deciding] == [
        (kind, "Deny", True)
    ]


def test_a_doubtful_denial_is_told_before_what_allows() -> None:
    doubtful = deny(Condition={"StringEquals": {"aws:tag": "${aws:tag}"}})
    policies = Policies(identity=(document(allow(), doubtful), document(allow(Action="ec2:*"))))
    asked = Request(principal=ANN, action="s3:GetObject", resource=OBJECT, open=True)
    found = authorize(asked, policies)
    assert (found.must, found.may, found.denied) == (False, True, False)
    told = [(each.statement.effect, each.certain) for each in found.deciding]
    assert told == [("Deny", False), ("Allow", True)]


def test_what_needs_no_permission_is_decided_by_none() -> None:
    asked = Request(principal=ANN, action="sts:GetCallerIdentity", resource="*")
    assert authorize(asked, Policies(identity=(CLOSED,))).deciding == ()
