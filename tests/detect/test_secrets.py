"""Which texts are secrets, by their shape or by the name beside them."""

from __future__ import annotations

import base64
import string
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkrein.catalog.secrets import HOLE, key_shapes
from checkrein.detect.secrets import connection, known_key, lines_with, secret

# No key stands here whole: whoever looks for keys in this file must find none.
LETTERS = string.digits + string.ascii_uppercase + string.ascii_lowercase
MIXED = "q7Rt2LmZx94KdVbN3sYw8HcPf6JgTa5Ue1XoMiQk0BzWvDrCnSlEyGhAp7uFt"
HEX = "9f3c6b1ae04d7825c1bf60e93a7d48f2b6150ce98d37fa42"


def _summed(prefix: str, body: str) -> str:
    rest, check = zlib.crc32(body.encode()), ""
    for _ in range(6):
        rest, digit = divmod(rest, 62)
        check = LETTERS[digit] + check
    return prefix + body + check


def _token(*parts: bytes) -> str:
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


KEYS = {
    "AKIA" + "Q3EGRM7TZ5HV2WXY": "AWS access key id",
    _summed("ghp_", MIXED[:30]): "GitHub token",
    _summed("npm_", MIXED[10:40]): "npm token",
    "github_pat_" + MIXED[:22] + "_" + (MIXED + MIXED)[:59]: "GitHub token",
    "xoxb-" + "248193756021-" + MIXED[:24]: "Slack token",
    "https://hooks.slack.com/services/" + "T0A8Q2ZKW/B07RN4XCV/" + MIXED[:24]: "Slack webhook",
    "sk_" + "live_" + MIXED[:24]: "Stripe live key",
    "da2-" + HEX[:26]: "AppSync API key",
    "AIza" + MIXED[:35]: "Google API key",
    "SG." + MIXED[:22] + "." + MIXED[:43]: "SendGrid key",
    "dop_v1_" + (HEX + HEX)[:64]: "DigitalOcean token",
    _token(b'{"alg":"HS256"}', b'{"sub":"u-1","scope":"all"}', MIXED.encode()): "JSON web token",
    "-----BEGIN RSA PRIVATE KEY-----\n" + MIXED * 4 + "\n-----END": "private key",
}


@pytest.mark.parametrize("key", KEYS)
def test_a_key_is_known_by_its_shape(key: str) -> None:
    for text in (key, f"Bearer {key}", f'{{"anything": "{key}"}}'):
        found = secret(text)
        assert found is not None
        assert found.title == KEYS[key]


@pytest.mark.parametrize(
    "text",
    [
        "AKIAIOSFODNN7" + "EXAMPLE",
        "ghp_" + MIXED[:36],  # not the sum
        "ghp_" + "x" * 36,
        "sk_live_" + "0" * 24,
        "pk_live_" + MIXED[:24],  # meant to be public
        "AC" + HEX[:32],
        "-----BEGIN PRIVATE KEY-----",
        f"-----BEGIN PRIVATE KEY-----\n{HOLE}\n-----END PRIVATE KEY-----",
        "eyJhbGciOi.eyJzdWIiOi.no-token-because-it-does-not-decode",
        _token(b'{"alg":"HS256"}', b'{"sub":"1234","name":"John Doe"}')
        + ".SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",  # the one that everybody shows
        _token(b'"a text of this length"', b'{"sub":"u-1","scope":"all"}', MIXED.encode()),
        "prefixAKIA" + "Q3EGRM7TZ5HV2WXY",
    ],
)
def test_what_only_resembles_a_key_is_none(text: str) -> None:
    assert secret(text) is None


URLS = {
    "postgres://admin:hunter2@db.internal:5432/orders": True,
    "mongodb+srv://app:s3cr3t!@cluster0.mongodb.net": True,
    "Server=db;Database=orders;User Id=sa;Password=Corp123!;": True,
    "host=db user=app password=hunter2 dbname=orders": True,
    f"mysql://root:toor77@{HOLE}/orders": True,
    f"postgres://admin:{HOLE}@db/orders": False,
    "postgres://user:password@localhost/db": False,
    "postgres://${USER}:${PASSWORD}@db/orders": False,
    "https://example.com/a:b@c": False,
    "https://example.com:8443/login": False,
    "redis://cache:6379": False,
    "http://alice:s3cret@example.com/": False,
    "http://alice:s3cret@api.example.org/": False,
    "password=changeme": False,
    "SET password = :p, #r = :r, username = :u": False,
    "UPDATE people SET password = $1 WHERE username = $2": False,
    "UPDATE people SET password = %s WHERE username = %s": False,
    "UPDATE people SET password = hunter2, username = :u": True,
    "user=app password=:hunter2: dbname=orders": True,
    "/login?password=x&next=/": False,
}


@pytest.mark.parametrize("text", URLS)
def test_connection_strings(text: str) -> None:
    assert bool(connection(text)) is URLS[text]


NAMED = {  # text: (name, is it one, is it one where the name's value is certainly used)
    "Corp123!": ("password", True, True),
    "hunter2": ("db_password", True, True),
    "admin": ("password", True, True),
    "kRt7-correct-horse": ("DB_PASSWORD", True, True),
    "mysupersecretkey": ("JWT_SECRET", False, True),
    "_pending_classifier_transition": ("FLOW_SESSION_KEYS", False, False),
    "secret": ("secret", False, True),
    "super_secret_key_12345": ("secret", True, True),
    "poc-gateway-token-42": ("GATEWAY_TOKEN", False, True),
    MIXED[:32]: ("apiKey", True, True),
    MIXED[:40]: ("aws_secret_access_key", True, True),
    HEX[:32]: ("auth_token", True, True),
    "password": ("password", False, True),
    # identifiers, words, references, placeholders
    "CLIENT_SECRET": ("clientSecret", False, False),
    "DOC_PASSWORD": ("password", False, False),
    "x-api-key": ("apiKey", False, False),
    "accessToken": ("token", False, False),
    "customer-token": ("token", False, False),
    "changeme": ("password", False, True),
    "your-password": ("password", False, False),
    "<your-token>": ("token", False, False),
    "xxxxxxxx": ("password", False, False),
    "${DB_PASSWORD}": ("password", False, False),
    "{{resolve:secretsmanager:x}}": ("password", False, False),
    "arn:aws:secretsmanager:eu-west-1:111122223333:secret:x-a1b2c3": ("secret", False, False),
    "alias/artifacts-key2": ("EncryptionKey", False, False),
    "aliases-4-artifacts": ("EncryptionKey", False, True),
    "https://auth.example.com/token9": ("token", False, False),
    "/prod/db/password1": ("password", False, False),
    "db-password.txt": ("password", False, False),
    "Your password is wrong!": ("password", False, False),
    "^(?=.*[a-z])(?=.*\\d).{8,}$": ("password", False, False),
    "sha256-" + MIXED[:43]: ("token", False, False),
    "$2b$12$" + MIXED[:53]: ("password", False, False),
    "AQICAH" + MIXED: ("apiKey", False, False),
    "": ("password", False, False),
    "none": ("token", False, False),
    "disabled": ("password", False, False),
    "undefined": ("DB_PASSWORD", False, False),
    "HUNTERS": ("password", False, True),
    "openPASSWORD": ("password", False, True),
    "3f2b8c1e-5d47-4a90-9c6e-7b1d2f8a4e03": ("token", False, True),
    "12345678": ("token", False, False),
    # cookies are pairs: only their values may be secret
    "RedirectCount2024=0": ("Cookie", False, False),
    "lang=en-us; theme=dark": ("Cookie", False, False),
    f"lang=en; sid={HEX[:32]}": ("Cookie", False, True),
    f"{HEX[:31]}=": ("token", True, True),
}


@pytest.mark.parametrize("text", NAMED)
def test_a_name_decides_what_has_no_shape(text: str) -> None:
    name, named, used = NAMED[text]
    assert bool(secret(text, name)) is named
    assert bool(secret(text, name, used=True)) is used
    assert secret(text, "comment", used=True) is None


SURE = {
    ("Corp123!", "password"): "certain",
    ("hunter2", "password"): "likely",
    ("Orders!", "password"): "",  # ends like a sentence
    ("ord!ers", "password"): "likely",
    ("admin", "password"): "likely",
    ("admin-password", "password"): "",
    ("customer-orders", "password"): "",
    ("4711", "password"): "",
    (MIXED[:16], "apiKey"): "certain",
    (HEX[:15], "apiKey"): "likely",
    (MIXED[:24], "RESEND_API_KEY"): "certain",
    (MIXED[:24], "resendApiKey"): "",  # what a function is called
    (MIXED[:24], "NEXT_TOKEN"): "",
    (HEX[:7], "apiKey"): "",
    ("orders-key-123", "apiKey"): "likely",
    ("orders-key-12", "apiKey"): "",
    ("test-key-123", "apiKey"): "",
}


@pytest.mark.parametrize(("text", "name"), SURE)
def test_how_surely(text: str, name: str) -> None:
    found = secret(text, name)
    assert (found.confidence if found else "") == SURE[text, name]


PUBLIC = (
    "-----BEGIN PUBLIC KEY-----\n" + MIXED * 4 + "\n-----END PUBLIC KEY-----",
    "-----BEGIN CERTIFICATE-----\n" + MIXED * 4,
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A" + MIXED,
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE" + MIXED,
    "ssh-ed25519 " + MIXED,
)


@pytest.mark.parametrize("text", PUBLIC)
def test_a_public_key_is_none(text: str) -> None:
    assert secret(text, "secret key", used=True) is None


@pytest.mark.parametrize(
    ("name", "context"),
    [
        ("passwordHash", ()),
        ("publicKey", ()),
        ("stripePublishableKey", ()),
        ("csrfToken", ()),
        ("encryptedApiKey", ()),
        ("nextToken", ()),
        ("secretName", ()),
        ("tokenType", ()),
        ("password", ("errorMessages",)),
        ("commonPasswords", ()),
        ("COMMON_PASSWORDS", ()),
        ("weak_pins_list", ()),
        ("PASSWORD_BLACKLIST", ()),
        ("SSM_PARAMETER_DB_PASSWORD", ()),
    ],
)
def test_names_that_only_sound_secret(name: str, context: tuple[str, ...]) -> None:
    assert secret("Zk8!" + MIXED[:20], name, context, used=True) is None


@pytest.mark.parametrize("name", ["COMMON_PASSWORD", "adminPasswords", "badgePasswords"])
def test_one_that_all_share_is_in_use(name: str) -> None:
    assert secret("Zk8!" + MIXED[:20], name, used=True) is not None


def test_a_header_that_signs_in() -> None:
    basic = "Basic " + base64.b64encode(b"alice:s3cr3t!").decode()
    assert secret(basic) == secret(basic, "Authorization")
    assert secret(basic) is not None
    assert secret("Basic " + base64.b64encode(b"user:password").decode()) is None
    assert secret("Bearer " + HEX[:20], "Authorization") is not None
    assert secret("Bearer token", "Authorization", used=True) is None


def test_lines_of_a_script() -> None:
    script = "#!/bin/bash\nexport DB_PASSWORD='hunter2!'\necho $DB_PASSWORD\nTOKEN=$(get-token)\n"
    assert [number for number, _ in lines_with(script)] == [1]
    command = "deploy --password hunter2! --name x\ndeploy --password $1 --api-token -v\n"
    assert [number for number, _ in lines_with(command)] == [0]
    document = '{\n  "user": "orders",\n  "password": "hunter2!"\n}\n'
    assert [number for number, _ in lines_with(document)] == [2]


def test_every_shape_says_what_it_is_by_a_prefix_of_its_own() -> None:
    for shape in key_shapes():
        assert shape.public or shape.data.startswith("cred."), shape.id
        assert all(prefix == prefix.lower() and prefix for prefix in shape.prefixes), shape.id


@given(st.text(max_size=80), st.sampled_from(["", "password", "API_KEY", "É_1", "x"]))
def test_any_text_is_judged(text: str, name: str) -> None:
    plain, sure = secret(text, name), secret(text, name, used=True)
    assert plain is None or sure is not None  # a use only adds certainty
    assert known_key(text) is None or plain is not None


@given(st.sampled_from(sorted(KEYS)), st.sampled_from([" ", "\n", '"', "'", ",", "("]))
def test_what_stands_around_a_key_does_not_hide_it(key: str, around: str) -> None:
    assert known_key(f"{around}{key}{around}") is not None
