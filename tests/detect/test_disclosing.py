"""Secrets in whole files: what stands in settings, states, pages, keys, scripts and programs."""

import base64
import json

import pytest

from checkrein.detect.disclosing import MOST, STRONG, WEAK, disclosed

KEY = "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"


def _token(**claims: object) -> str:
    parts = ({"alg": "HS256", "typ": "JWT"}, claims)
    head = (base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in parts)
    return f"{'.'.join(head)}.q83hfj29fh3kf92jf93kf92jf93kdl30"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("DB_PASSWORD=kT7!x2pQ", "DB_PASSWORD"),
        ("export DB_PASSWORD='kT7!x2pQ'  # of production", "DB_PASSWORD"),
        ('  "sendgridToken": "7fa31c0e9b2d44687fa3",', "sendgridToken"),
        ("spring.datasource.password: kT7!x2pQ", "spring.datasource.password"),
        (f"curl -H 'Authorization: Bearer {KEY}' https://api.example.org", ""),
        (f"SUPABASE_KEY={_token(role='service_role', iat=0, exp=2000000000)}", "SUPABASE_KEY"),
    ],
)
def test_a_setting_with_a_secret_is_told_with_its_name(line: str, name: str) -> None:
    (found,) = disclosed(f"PORT=3000\n{line}\n", "settings")

    assert (found.line, found.name, found.fault) == (2, name, STRONG)
    assert line[found.column - 1 : found.end_column - 1] == found.secret.value


@pytest.mark.parametrize(
    "line",
    [
        "DB_PASSWORD=",
        "DB_PASSWORD=${DB_PASSWORD}",
        "DB_PASSWORD=changeme",
        "DB_PASSWORD=<your password>",
        "DB_PASSWORD=env(DB_PASSWORD)",
        'resetPassword: "Reset Password 2"',
        "JWT_SECRET=dev-secret-123",
        "secretKey: mail-access-key2",
        "JWT_SECRET=your-secret-key-change-in-production",
        "STRIPE_KEY=pk_live_51HqK2eLkdIwHu7ixUPz9mVJx",
        "STRIPE_SECRET_KEY=sk_test_51HqK2eLkdIwHu7ixUPz9mVJx",
        "VITE_MAPBOX_TOKEN=pk.7fa31c0e9b2d44687fa3",
        "REACT_APP_API_TOKEN=7fa31c0e9b2d44687fa3",
        "AWS_ACCESS_KEY_ID=AKIAQ7T5ZK2XWJ3M4N5P",
        "DATABASE_URL=postgres://shop:kT7x2pQ9@db:5432/shop",
        "DATABASE_URL=postgres://shop:kT7x2pQ9@localhost:5432/shop",
        f"SUPABASE_KEY={_token(role='anon', iat=1700000000, exp=2000000000)}",
        f"TOKEN={_token(sub='ann', iat=1700000000, exp=1700003600)}",
    ],
)
def test_what_is_public_or_to_be_replaced_or_opens_nothing_is_none(line: str) -> None:
    assert disclosed(line, "settings") == []


def test_a_password_of_ones_own_machine_is_none() -> None:
    text = "DB_HOST={}\nDB_PASSWORD=kT7!x2pQ"

    assert disclosed(text.format("localhost"), "settings") == []
    assert disclosed(text.format("db.shop.eu"), "settings") != []


def test_an_example_counts_for_what_an_issuer_made() -> None:
    text = f"DB_PASSWORD=kT7!x2pQ\nMAIL_KEY={KEY}"

    assert [each.name for each in disclosed(text, "settings", example=True)] == ["MAIL_KEY"]


def test_what_is_for_ones_own_machine_is_worth_less() -> None:
    text = f"DB_PASSWORD=kT7!x2pQ\nMAIL_KEY={KEY}"

    found = disclosed(text, "settings", own=True)

    assert [(each.name, each.fault) for each in found] == [
        ("DB_PASSWORD", WEAK),
        ("MAIL_KEY", STRONG),
    ]


def test_a_password_that_says_local_is_worth_less() -> None:
    (found,) = disclosed("DB_PASSWORD=localdev_kT7x2pQ", "settings")

    assert found.fault == WEAK


def test_prose_has_only_what_machines_issued() -> None:
    text = 'creds = _assume_role_2(account, "x")\npassword = kT7!x2pQ\napi_token = "7fa31c0e9b2d44687fa3"'

    assert [each.name for each in disclosed(text, "prose")] == ["api_token"]


def _state(kind: str, **attributes: object) -> str:
    resource = {"type": kind, "name": "it", "instances": [{"attributes": attributes}]}
    return json.dumps({"version": 4, "resources": [resource]}, indent=1)


@pytest.mark.parametrize(
    ("state", "name"),
    [
        (_state("aws_db_instance", password="kT7!x2pQ"), "aws_db_instance.it.password"),
        (
            _state("aws_ssm_parameter", type="SecureString", value="kT7!x2pQ"),
            "aws_ssm_parameter.it.value",
        ),
        (
            _state("aws_lambda_function", environment=[{"variables": {"API_TOKEN": KEY}}]),
            "API_TOKEN",
        ),
    ],
)
def test_a_state_tells_what_its_resources_were_given(state: str, name: str) -> None:
    (found,) = disclosed(state, "state")

    assert found.name == name
    line = state.splitlines()[found.line - 1]
    assert line[found.column - 1 : found.end_column - 1] == found.secret.value


@pytest.mark.parametrize(
    "value", ['{"user":"u","password":"kT7!x2pQ"}', "kT7&x2<pQ>", "kT7\u2028pQü"]
)
def test_a_span_in_a_state_is_that_of_the_text_as_it_is_written(value: str) -> None:
    plain = _state("aws_secretsmanager_secret_version", secret_string=value)
    state = plain.replace("&", "\\u0026").replace("<", "\\u003c")  # as Go writes JSON

    (found,) = disclosed(state, "state")

    line = state.split("\n")[found.line - 1]
    assert json.loads(f'"{line[found.column - 1 : found.end_column - 1]}"') == value


def test_a_span_in_a_state_is_no_part_of_another_text() -> None:
    state = _state("aws_db_instance", address="my-kT7!x2pQ", password="kT7!x2pQ")

    (found,) = disclosed(state, "state")

    assert '"password"' in state.splitlines()[found.line - 1]


def test_of_a_text_with_a_secret_in_it_a_state_tells_that_part() -> None:
    given = {"DATABASE_URL": "postgres://shop:kT7x2pQ9@db.shop.eu/shop"}
    state = _state("aws_lambda_function", environment=[{"variables": given}])

    (found,) = disclosed(state, "state")

    line = state.splitlines()[found.line - 1]
    assert line[found.column - 1 : found.end_column - 1] == "kT7x2pQ9"


@pytest.mark.parametrize(
    "state",
    [
        "not JSON",
        "[]",
        "[" * 100_000,
        '{"resources": 5}',
        '{"resources": [{"type": "aws_lambda_function", "instances": 5}]}',
        _state("aws_lambda_function", environment=5),
        '{"resources": [1, {"type": "aws_db_instance", "instances": [2, {"attributes": 3}]}]}',
        _state("aws_ssm_parameter", type="String", value="kT7!x2pQ"),
        _state("aws_secretsmanager_secret_version", secret_string='{"password": "CHANGE_ME"}'),
        _state("aws_db_instance", password="kT7!x2pQ", arn="arn:aws:rds:eu:000000000000:db:it"),
        _state("aws_lambda_function", environment=[{"variables": {"STAGE": "prod"}}]),
    ],
)
def test_a_state_without_secrets_tells_none(state: str) -> None:
    assert disclosed(state, "state") == []


def test_a_private_key_spans_its_block_and_a_sealed_one_is_none() -> None:
    lines = "\n".join(
        "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDf7x2c"[:56] for _ in range(3)
    )
    block = (
        "text\n-----BEGIN {0}PRIVATE KEY-----\n" + lines + "\n-----END {0}PRIVATE KEY-----\nrest"
    )

    (found,) = disclosed(block.format("RSA "), "key")

    assert (found.line, found.end_line) == (2, 6)
    assert disclosed(block.format("ENCRYPTED "), "key") == []


def test_a_program_tells_its_variables_and_their_fallbacks() -> None:
    text = """
environment={"TABLE": "users", "JWT_SECRET": "lightweight"}
const key = process.env.SIGNING_SECRET || "featherweight";
const label = { password: "Choose one" };
"""

    found = disclosed(text, "program")

    assert [(each.line, each.name, each.fault) for each in found] == [
        (2, "JWT_SECRET", STRONG),
        (3, "SIGNING_SECRET", WEAK),
    ]


def test_a_script_tells_passwords_as_worth_less_than_keys() -> None:
    text = f"ADMIN_PASSWORD='kT7!x2pQ'\nMAIL_KEY={KEY}"

    assert [each.fault for each in disclosed(text, "script")] == [WEAK, STRONG]


OTHER = KEY.replace("nge", "heg")
URLS = "postgres://shop:kT7x2pQ9@a.shop.eu/it,postgres://shop:pQ9kT7x2@b.shop.eu/it"


@pytest.mark.parametrize(
    ("kind", "line", "texts"),
    [
        ("settings", f'{{"a": "{KEY}", "b": "{OTHER}"}}', [KEY, OTHER]),
        ("settings", f"URLS={URLS}", ["kT7x2pQ9", "pQ9kT7x2"]),
        ("script", f"curl -H 'A: {KEY}' -H 'B: {OTHER}'", [KEY, OTHER]),
        ("source", f"ask('{KEY}', '{OTHER}')", [KEY, OTHER]),
        ("page", f"ask('{KEY}', adminPassword === 'kT7!x2pQ')", [KEY, "kT7!x2pQ"]),
        (
            "page",
            "password === 'kT7!x2pQ' || adminPassword === 'Skiing12!'",
            ["kT7!x2pQ", "Skiing12!"],
        ),
    ],
)
def test_all_secrets_of_a_line_are_told(kind: str, line: str, texts: list[str]) -> None:
    found = disclosed(line, kind)

    assert [line[each.column - 1 : each.end_column - 1] for each in found] == texts


def test_what_a_page_compares_is_told_by_its_own_name() -> None:
    found = disclosed("password === 'kT7!x2pQ' || adminPassword === 'Skiing12!'", "page")

    assert [each.name for each in found] == ["password", "adminPassword"]


def test_the_same_text_is_told_once_and_no_file_tells_hundreds() -> None:
    many = "\n".join(f"DB{n}_PASSWORD=kT7!x2pQ{n}" for n in range(MOST + 5))

    assert len(disclosed("A_PASSWORD=kT7!x2pQ\nB_PASSWORD=kT7!x2pQ", "settings")) == 1
    assert len(disclosed(many, "settings")) == MOST
    line = json.dumps(json.loads(_state("aws_lambda_function", environment=[{"variables": {
        f"DB{n}_PASSWORD": f"kT7!x2pQ{n}" for n in range(MOST + 5)
    }}])))  # fmt: skip
    assert len(disclosed(line, "state")) == MOST + 5  # the line is shown


@pytest.mark.parametrize("text", ["deadbeef", "Secret.", "secret", "password ", "$password="])
def test_a_long_line_of_a_page_takes_no_longer_than_many_short_ones(text: str) -> None:
    assert disclosed(text * (200_000 // len(text)), "page") == []
