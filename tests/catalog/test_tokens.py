"""Which ways to open a token check its signature, and what says who somebody is."""

from __future__ import annotations

from typing import Any

import pytest

from checkrein.catalog.tokens import claim, is_caller, verifies
from checkrein.model import Argument, CallSite, Symbol
from checkrein.model.places import NOWHERE


@pytest.mark.parametrize(
    ("operation", "given", "checked"),
    [
        ("jwt.decode", {"with.algorithms[]": "RS256"}, True),
        ("jwt.decode", {"with.algorithms[]": "none"}, False),
        ("jwt.decode", {"with.options.verify_signature": False}, False),
        ("jwt.decode", {"with.options.verify_exp": False}, True),
        ("jwt.decode", {"with.verify": False}, False),
        ("jose.jwt.get_unverified_claims", {}, False),
        ("jsonwebtoken.verify", {"with.key": "k"}, True),
        ("jsonwebtoken.verify", {"with.options.algorithms[]": "none"}, False),
        ("jsonwebtoken.decode", {}, False),
        ("jwt-simple.decode", {"with.noVerify": True}, False),
        ("jwt-simple.decode", {}, True),
    ],
)
def test_a_signature_is_checked_or_not(
    operation: str, given: dict[str, Any], *, checked: bool
) -> None:
    arguments = tuple(Argument(path, value) for path, value in given.items())
    assert verifies(CallSite("use", "token", operation, NOWHERE, arguments)) is checked


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("sub", "sub"),
        ("payload.sub", "sub"),
        ("cognito:groups.includes", "cognito:groups"),
        ("https://example/roles[]", "https://example/roles[]"),
        ("custom:tier", "custom:tier"),
        ("exp", ""),
        ("header.kid", ""),
        ("subject", ""),
    ],
)
def test_claims_that_say_who_somebody_is(path: str, name: str) -> None:
    assert claim(path) == name


def test_only_the_platform_says_who_calls() -> None:
    known = (
        "requestContext.authorizer.claims.sub",
        "identity.sub",
        "requestContext.identity.cognitoIdentityId",
    )
    sent = (
        "requestContext.identity.sourceIp",
        "identityToken",
        "body.identity",
        "headers.authorizer",
    )
    assert [is_caller(Symbol("event", path)) for path in (*known, *sent)] == [True] * 3 + [
        False
    ] * 4
    assert not is_caller(Symbol("call:1", "identity"))
