from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from checkrein.code import ir
from checkrein.code.lowering import lower
from tests.code.conftest import render

Lowered = Callable[[str, str], str]

DEEP = 5000
CLASSES = 300

DEEP_TEXTS = [
    ("python", "(" * DEEP + "a" + ")" * DEEP),
    ("python", "f(" * DEEP + "a" + ")" * DEEP),
    ("python", "a" + ".b(c)" * DEEP),
    ("python", "lambda a=" * DEEP + "1" + ":1" * DEEP),
    ("python", "f([" * DEEP),
    ("python", "match a:\n  case " + "[" * DEEP + "]" * DEEP + ": b"),
    ("python", "".join([" " * i + "if a:\n" for i in range(CLASSES)]) + " " * CLASSES + "b"),
    ("javascript", "function f(){" * DEEP + "}" * DEEP),
    ("javascript", "(function(){" * DEEP + "})()" * DEEP),
    ("javascript", "class A{m(){" * CLASSES + "}}" * CLASSES),
    ("javascript", "export const " + "{a:" * CLASSES + "b" + "}" * CLASSES + "=c"),
    ("javascript", "`${" * DEEP + "a" + "}`" * DEEP),
    ("tsx", "<a b={" * CLASSES + "1" + "}/>" * CLASSES),
    ("tsx", "class A { m(@a(" * CLASSES),
]


@pytest.mark.parametrize(("language", "text"), DEEP_TEXTS)
def test_what_is_nested_too_deep_is_an_error_and_not_a_crash(language: str, text: str) -> None:
    assert lower(text.encode(), language, "app").errors != ()


FLAT_TEXTS = [
    ("python", "f'" + "{a:" * CLASSES + "}" * CLASSES + "'"),
    ("python", "x = " + "+".join("a" * DEEP)),
    ("python", "x = " + "a if b else " * DEEP + "c"),
    ("python", "if a: b\n" + "elif c: d\n" * DEEP),
    ("javascript", "x = " + "&&".join("a" * DEEP)),
    ("javascript", "x = " + "a ? b : " * DEEP + "c"),
    ("javascript", ",".join(["a = 1"] * DEEP)),
    ("javascript", "if (a) b; " + "else if (c) d; " * DEEP),
    ("javascript", "switch (a) {" + "case 1: b(); break;" * DEEP + "}"),
]


@pytest.mark.parametrize(("language", "text"), FLAT_TEXTS)
def test_a_long_chain_is_not_deep(language: str, text: str) -> None:
    assert lower(text.encode(), language, "app").errors == ()


def test_names_below_the_limit_are_kept(lowered: Lowered) -> None:
    text = "f(" * DEEP + "secret" + ")" * DEEP
    assert "(unknown f secret)" in lowered(text, "python")


def test_a_caller_deep_in_the_stack_gets_the_same(lowered: Lowered) -> None:
    source = "f(" * 140 + "a" + ")" * 140
    same = lowered(source, "python")

    def deeper(levels: int) -> ir.Module:
        return lower(source.encode(), "python", "app") if levels == 0 else deeper(levels - 1)

    module = deeper(800)
    assert module.errors == ()
    assert [render(one) for one in module.body] == [same]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("python", "a = 1\nb = = 2\nc = 3", "a = 1\nb = 2\nc = 3\nerrors [2]"),
        ("javascript", "a(1;\nb(2)", "a(1)\nb(2)\nerrors [1]"),
        ("python", "", ""),
    ],
)
def test_what_is_broken_is_read_around(
    lowered: Lowered, language: str, text: str, expected: str
) -> None:
    assert lowered(text, language) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b"ab.c", (1, 1, 1, 5)),
        ("'é😀'".encode(), (1, 1, 1, 5)),
        ("'é'; x".encode(), (1, 1, 1, 4)),
        (b"\xef\xbb\xbfab", (1, 1, 1, 3)),
        (b"f(\n  a)", (1, 1, 2, 5)),
        (b"'\xff\xff'", (1, 1, 1, 5)),
    ],
)
def test_positions_count_characters(source: bytes, expected: ir.Span) -> None:
    statement = lower(source, "python", "app").body[0]
    assert isinstance(statement, ir.Expression)
    assert statement.value.at == expected


def test_positions_after_wide_text() -> None:
    body = lower("'é'; x = '😀' + y".encode(), "python", "app").body
    assert [one.at for one in body] == [(1, 1, 1, 4), (1, 6, 1, 17)]


def test_only_the_grammar_that_is_needed_is_loaded() -> None:
    code = (
        "import sys; from checkrein.code.lowering import lower; "
        "before = [m for m in sys.modules if m.startswith('tree_sitter')]; "
        "lower(b'', 'python', 'app'); "
        "print(before, sorted(m for m in sys.modules if m.startswith('tree_sitter_')))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[] ['tree_sitter_python', 'tree_sitter_python._binding']\n"


def test_another_language_is_refused() -> None:
    with pytest.raises(KeyError):
        lower(b"", "cobol", "app")
