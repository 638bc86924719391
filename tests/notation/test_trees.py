"""Documents as CloudFormation reads them, with places; or a sentence why not."""

from __future__ import annotations

from typing import Any

import pytest

from checkrein.errors import InputError
from checkrein.model import Edit, Place
from checkrein.notation import decode, parse, splice


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("a: !Ref B", {"a": {"Ref": "B"}}),
        ("a: !GetAtt B.Outputs.C", {"a": {"Fn::GetAtt": ["B", "Outputs.C"]}}),
        ("a: !GetAtt [B, Arn]", {"a": {"Fn::GetAtt": ["B", "Arn"]}}),
        ("a: !Condition C", {"a": {"Condition": "C"}}),
        (
            "a: !If [C, !Sub '${X}', 1]",
            {"a": {"Fn::If": ["C", {"Fn::Sub": "${X}"}, 1]}},
        ),
        (
            "a: !Base64\n  Fn::Sub: x",
            {"a": {"Fn::Base64": {"Fn::Sub": "x"}}},
        ),
        ("a: 2012-10-17", {"a": "2012-10-17"}),
        (
            "a: [yes, Off, true, 12_000, 0o17, 1.5, ~, 012345670123, 017]",
            {"a": [True, False, True, 12000, "0o17", 1.5, None, "012345670123", 15]},
        ),
        ("on: 1\n200: 2\n", {"on": 1, "200": 2}),
        ("\ufeffa: 1\r\nb: 2\r\n", {"a": 1, "b": 2}),
        (
            '{\n\t"a":\t["\\ud83d\\ude00", 1, -2.5, null, true]\n}',
            {"a": ["😀", 1, -2.5, None, True]},
        ),
        (
            "x: &x {a: 1, b: 2}\ny:\n  b: 3\n  <<: *x\n",
            {"x": {"a": 1, "b": 2}, "y": {"a": 1, "b": 3}},
        ),
        ("a: !!str [x]\nb: !!str 1\nc: !!int '2'\n", {"a": ["x"], "b": "1", "c": 2}),
        ("", None),
    ],
)
def test_values(source: str, value: Any) -> None:
    assert parse(source).value == value


def test_places_of_values_and_keys() -> None:
    tree = parse("a:\n  - b: é # note\n    c: |\n      x\n\n\nd: !Ref e\n", "t.yaml")
    assert tree.places["a",] == Place("t.yaml", 2, 3, 4, 8)
    assert tree.places["a", 0, "b"] == Place("t.yaml", 2, 8, 2, 9)
    assert tree.places["d",] == tree.places["d", "Ref"] == Place("t.yaml", 7, 4, 7, 10)
    assert tree.key_places["a", 0, "c"] == Place("t.yaml", 3, 5, 3, 6)
    assert tree.entry(("a",)) == Place("t.yaml", 1, 1, 4, 8)


def test_the_last_of_equal_keys_wins_and_the_others_are_reported() -> None:
    tree = parse("a: 1\nb: {c: 1}\na: 2\n", "t.yaml")
    assert tree.value == {"a": 2, "b": {"c": 1}}
    assert tree.duplicates == ((("a",), Place("t.yaml", 1, 1, 1, 2)),)
    assert tree.places["a",].line == 3


def test_further_documents_are_reported() -> None:
    tree = parse("a: 1\n---\nb: 2\n---\nc: 3\n", "t.yaml")
    assert tree.value == {"a": 1}
    assert [place.line for place in tree.others] == [3, 5]


BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10)
)


@pytest.mark.parametrize(
    ("source", "line", "sentence"),
    [
        ("a: [1\nb: 2\n", 2, "not valid YAML"),
        (
            '{"a": 1,\n "b" 2, "\\ud83d\\ude00": 3}',
            2,
            "not valid JSON (line 2): a colon is missing",
        ),
        ("a: &a [*a]\n", 1, "an alias stands inside the structure that it names"),
        (BOMB, 1, "aliases (*name) expand"),
        ("[" * 100_000, 1, "nested deeper than 100 levels"),
        ("[" * 500 + "]" * 500, 1, "nested deeper than 100 levels"),
        ("\n".join(" " * n + "a:" for n in range(2000)), 101, "nested deeper than 100 levels"),
        ("? [a, b]\n: 1\n", 1, "a key must be a plain text"),
    ],
)
def test_what_cannot_be_read(source: str, line: int, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(source, "t.yaml")
    assert sentence in str(caught.value)
    assert (caught.value.path, caught.value.line) == ("t.yaml", line)


def test_bytes_to_text() -> None:
    assert decode("é".encode()) == decode("é".encode("latin-1")) == decode("é".encode("utf-16"))
    with pytest.raises(InputError, match="binary"):
        decode(b"\x7fELF\0\0")


def test_splicing_keeps_everything_else() -> None:
    source = "\ufeffa: 1 # one\r\nb: [x, y]\r\n"
    place = parse(source).places
    edits = [
        Edit(place["b", 1], "z"),
        Edit(place["a",], "2"),
        Edit(Place("", 2, 1), "# inserted\r\n"),
    ]
    assert splice(source, edits) == "\ufeffa: 2 # one\r\n# inserted\r\nb: [x, z]\r\n"
    with pytest.raises(ValueError, match="overlap"):
        splice(source, [Edit(place["b",], "1"), Edit(place["b", 0], "2")])
