"""What an IoT rule's statement selects, read without any template."""

import pytest

from checkrein.derive.wiring.iot_sql import Part, matches, query, substitutions

Said = list[tuple[str, list[str]]]


def selected(said: str) -> Said:
    found = query(said)
    assert found is not None
    return [(".".join(one.at), [named(part) for part in one.parts]) for one in found.selected]


def named(part: Part) -> str:
    kind = "" if part.kind == "field" else f"{part.kind}({part.said[0]})."
    return kind + ".".join(part.path)


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        ("SELECT * FROM 'a/+'", [("", [""])]),
        ("SELECT state.reported.email FROM 'a'", [("email", ["state.reported.email"])]),
        ("SELECT VALUE reading FROM 'a'", [("", ["reading"])]),
        ("SELECT *, topic(2) AS thing FROM 'a/b'", [("", [""]), ("thing", [])]),
        ("SELECT a * b AS area FROM 'a'", [("area", ["a", "b"])]),
        ("SELECT concat(first, ' from ', city) AS who FROM 'a'", [("who", ["first", "city"])]),
        ("SELECT 'email' AS kind, 1 AS n FROM 'a'", [("kind", []), ("n", [])]),
        ("SELECT sha256(email) AS hashed FROM 'a'", [("hashed", [])]),
        ("SELECT encode(*, 'base64') AS data FROM 'a'", [("data", [""])]),
        ("SELECT cast(age AS Decimal) AS years FROM 'a'", [("years", ["age"])]),
        ("SELECT name FROM 'a' WHERE email = 'x' AND phone <> ''", [("name", ["name"])]),
        (
            "SELECT get_dynamodb('people', 'id', owner, 'arn:role').email AS to FROM 'a'",
            [("to", ["table('people').email"])],
        ),
        (
            "SELECT aws_lambda('arn:f', {'who': owner}).phone AS tel FROM 'a'",
            [("tel", ["function('arn:f').phone"])],
        ),
        (
            "SELECT get_secret('s', 'SecretString', 'key', 'arn') AS key FROM 'a'",
            [("key", ["secret('s')."])],
        ),
    ],
)
def test_a_statement_selects(said: str, parts: Said) -> None:
    assert selected(said) == parts


def test_what_is_no_statement_is_not_read() -> None:
    assert query("DELETE FROM x") is None


@pytest.mark.parametrize(
    ("topic", "filter", "fits"),
    [
        ("a/b", "a/+", True),
        ("a/b/c", "a/+", False),
        ("a/b/c", "a/#", True),
        ("a/${topic(2)}", "a/b", True),
        ("b/a", "a/+", False),
    ],
)
def test_filters_of_topics(topic: str, filter: str, *, fits: bool) -> None:
    assert matches(topic, filter) is fits


def test_substitutions_name_fields() -> None:
    assert [named(p) for p in substitutions("${topic(3)}/${user.name}-x")] == ["user.name"]


def test_functions_in_functions_are_looked_into_to_a_bound() -> None:
    assert selected(f"SELECT {'lower(' * 19}name{')' * 19} AS who") == [("who", ["name"])]
    assert selected(f"SELECT {'lower(' * 3000}name{')' * 3000} AS who, city") == [
        ("who", []),
        ("city", ["city"]),
    ]


@pytest.mark.parametrize("gap", [" ", "\n\t", " " * 20_000])
def test_any_space_parts_the_clauses(gap: str) -> None:
    said = gap.join(("SELECT", "name", "AS", "who", "FROM", "'a/b'", "WHERE", "x"))
    found = query(said)
    assert found is not None
    assert (found.topic, selected(said)) == ("a/b", [("who", ["name"])])
