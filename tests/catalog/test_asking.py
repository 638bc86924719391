"""Names of code that may ask who calls, beside those that say that it does something else."""

from __future__ import annotations

import pytest

from checkrein.catalog import asking


@pytest.mark.parametrize(
    ("module", "name", "expected"),
    [
        ("@acme/common", "withAuth", True),
        ("@acme/common", "wrapper", True),
        ("@acme/common", "getUser", True),
        ("@acme/common", "parseToken", True),
        ("./lib/auth", "", True),
        ("@acme/common", "withErrorLogging", False),
        ("@acme/common", "withCors", False),
        ("@acme/common", "logUser", False),
        ("@acme/common", "getQuery", False),
        ("@sentry/serverless", "AWSLambda.wrapHandler", False),
        ("lodash/fp", "get", False),
        ("express", "json", False),
    ],
)
def test_who_may_ask_in_javascript(module: str, name: str, *, expected: bool) -> None:
    assert asking.may_ask(module, name, "javascript") is expected


@pytest.mark.parametrize(
    ("module", "name", "expected"),
    [
        ("acme.auth", "login_required", True),
        ("acme", "handler", True),
        ("acme", "trace", False),
        ("flask_login", "login_required", True),
        ("flask_cors", "cross_origin", False),
        ("functools", "wraps", False),
        ("tenacity", "retry", False),
    ],
)
def test_who_may_ask_in_python(module: str, name: str, *, expected: bool) -> None:
    assert asking.may_ask(module, name, "python") is expected


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("body.token", True),
        ("queryStringParameters.access_token", True),
        ("body.sessionId", True),
        ("body.password", True),
        ("headers.x-api-key", True),
        ("body.inviteCode", True),
        ("body.nextToken", False),
        ("body.deviceToken", False),
        ("body.tokenId", False),
        ("body.objectKey", False),
        ("body.passport", False),
        ("body.countryCode", False),
        ("body.author", False),
    ],
)
def test_what_callers_are_known_by(field: str, *, expected: bool) -> None:
    assert asking.is_shown(field) is expected


def test_an_author_does_not_authorize() -> None:
    assert not asking.says_so("", "getAuthor")
    assert asking.says_so("", "authorize")
