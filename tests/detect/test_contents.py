"""Data classes of values with their names: what is told, and above all what is not."""

from __future__ import annotations

from typing import Any

import pytest

from checkrein.detect.contents import Contents
from checkrein.detect.own import Own
from checkrein.model import Decision


def told(value: Any) -> set[tuple[str, str]]:
    contents = Contents()
    return contents.of_text(value) if isinstance(value, str) else contents.of_value(value)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("registered ada@at-home.org: ok", {("", "pii.email")}),
        ("mail=ada@at-home.org", {("", "pii.email")}),
        ("password=S3cr3t!pw9 n=1", {("password", "cred.password")}),
        ('done {"user": {"email": "ada@at-home.org"}}', {("user.email", "pii.email")}),
        ({"cardNumber": "4539 5787 6362 1486"}, {("cardNumber", "pay.pan")}),
        ({"customer": {"phone": "+49 170 1234567"}}, {("customer.phone", "pii.phone")}),
        ({"user": {"name": "Ada Lovelace"}}, {("user.name", "pii.name")}),
        ({"body": '{"email": "ada@at-home.org"}'}, {("body.email", "pii.email")}),
        ({"ada@at-home.org": {"phone": "+49 170 1234567"}}, {("*.phone", "pii.phone")}),
        ({"users": [{"ssn": "078-05-1120"}]}, {("users.ssn", "pii.national_id")}),
        ({"dateOfBirth": "1815-12-10"}, {("dateOfBirth", "pii.birth")}),
    ],
)
def test_values_that_agree_with_their_names(value: Any, found: set[tuple[str, str]]) -> None:
    assert found <= told(value)


@pytest.mark.parametrize(
    "value",
    [
        "START RequestId: 8f507cfc-xmpl-4697-b07a-ac58fc914c95 Version: $LATEST",
        "[INFO]\t2026-01-01T00:00:00.000Z\t8f507cfc\tuser created with name: default",
        "cloned git@github.com:shop/app.git, logo@2x.png, noreply@shop.org, a@example.com",
        "arn:aws:iam::111122223333:role/Save, 2026-01-01T10:00:00+01:00, 4539578763621486",
        "password: *** token=[REDACTED] secret=<hidden>",
        "GET /users/1?page=2&token=next HTTP/1.1",
        "password reset requested",
        "@types/node@20.1.0 react@18.2.0",
        {"email": "***@***.***"},
        {"email": "sent"},
        {"email": True},
        {"password": "********"},
        {"cardNumber": "4111111111111111"},
        {"cardNumber": "1234567890123456"},
        {"phone": "n/a"},
        {"user": {"name": ""}},
        {"userIdentity": {"userId": "AROAIN5ATK5U7KEXAMPLE:session"}},
        {"nextToken": "AYADeHh3aGF0ZXZlcg"},
        {"requestId": "8f507cfc-1111-4697-b07a-ac58fc914c95", "awsAccountId": "111122223333"},
        {"functionName": "save", "logger": "app", "level": "INFO", "service": "orders"},
    ],
)
def test_what_is_nobodys(value: Any) -> None:
    worth = {found for found in told(value) if found[1].partition(".")[0] in {"pii", "cred", "pay"}}
    assert worth == set()


def test_a_team_has_names_and_patterns_of_its_own() -> None:
    own = Own([
        Decision(id="1", kind="data", subject="pii.member", content={"patterns": ["M-[0-9]{4}"]}),
        Decision(id="2", kind="name", subject="nick", content={"resource": "", "data": "pii.name"}),
        Decision(id="3", kind="name", subject="email", content={"resource": "", "data": ""}),
    ])  # fmt: skip
    contents = Contents(own)

    assert contents.of_value({"x": "M-0815", "nick": "ada", "email": "ada@at-home.org"}) == {
        ("x", "pii.member"),
        ("nick", "pii.name"),
    }


def test_deep_values_end() -> None:
    value: Any = {"email": "ada@at-home.org"}
    for _ in range(10):
        value = [value]

    assert told(value) == {("email", "pii.email")}
    for _ in range(200):
        value = {"a": value}
    assert told(value) == set()
