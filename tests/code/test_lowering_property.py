from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from checkrein.code import ir
from checkrein.code.lowering import lower

LANGUAGES = st.sampled_from(["python", "javascript", "typescript", "tsx"])
WORDS = (
    "a b.c ( ) [ ] { } : , ; . = == => ... ' \" ` f' ${ # // /* */ < > </a> @ * ** + - ! ? ?. ?? "
    "if else for of in while do switch case default: class def function async await yield lambda "
    "import from export return try: except as finally with match let const new enum namespace "
    "print not is global del 1 0x 'é' \n \n\t \\ _ #a |"
)
FRAGMENTS = st.sampled_from(WORDS.split(" "))

_load = ast.Load()
_leaves = st.one_of(
    st.sampled_from(["a", "b", "été", "名"]).map(lambda name: ast.Name(name, _load)),
    st.one_of(st.integers(0), st.text(), st.booleans(), st.none(), st.binary()).map(ast.Constant),
)


def _grow(inner: st.SearchStrategy[ast.expr]) -> st.SearchStrategy[ast.expr]:
    several = st.lists(inner, min_size=1, max_size=3)
    name = st.sampled_from(["x", "y"])
    pairs = st.tuples(inner, inner)
    return st.one_of(
        several.map(lambda items: ast.List(items, _load)),
        several.map(lambda items: ast.Tuple(items, _load)),
        several.map(ast.Set),
        pairs.map(lambda pair: ast.Dict([pair[0]], [pair[1]])),
        pairs.map(lambda pair: ast.BinOp(pair[0], ast.Add(), pair[1])),
        pairs.map(lambda pair: ast.BinOp(pair[0], ast.Pow(), pair[1])),
        pairs.map(lambda pair: ast.BoolOp(ast.And(), list(pair))),
        pairs.map(lambda pair: ast.Compare(pair[0], [ast.NotIn()], [pair[1]])),
        pairs.map(lambda pair: ast.Subscript(pair[0], pair[1], _load)),
        st.tuples(inner, name).map(lambda pair: ast.Attribute(*pair, _load)),
        st.tuples(inner, several).map(lambda pair: ast.Call(*pair, [])),
        st.tuples(inner, inner, inner).map(lambda three: ast.IfExp(*three)),
        inner.map(lambda one: ast.UnaryOp(ast.Not(), one)),
        inner.map(ast.Await),
    )


EXPRESSIONS = st.recursive(_leaves, _grow, max_leaves=15)


def _nodes(every: Iterable[Any]) -> Iterator[ir.Node]:
    for one in every:
        if isinstance(one, ir.Node):
            yield one
        yield from _nodes(ir.parts(one))


@settings(max_examples=100, deadline=None)
@given(EXPRESSIONS)
def test_an_expression_of_pythons_own_keeps_its_names(expression: ast.expr) -> None:
    text = ast.unparse(expression)
    module = lower(text.encode(), "python", "app")
    named = sorted([one.id for one in ast.walk(expression) if isinstance(one, ast.Name)])
    assert module.errors == ()
    assert sorted([one.id for one in _nodes(module.body) if isinstance(one, ir.Name)]) == named


@settings(max_examples=150, deadline=None)
@given(LANGUAGES, st.lists(FRAGMENTS, max_size=30))
def test_no_text_is_refused(language: str, fragments: list[str]) -> None:
    text = " ".join(fragments)
    lines = text.split("\n")
    module = lower(text.encode(), language, "app")
    for node in _nodes(module.body):
        line, column, end_line, end_column = node.at
        assert (1, 1) <= (line, column) <= (end_line, end_column)
        assert end_line <= len(lines)
        assert end_column <= len(lines[end_line - 1]) + 1


@settings(max_examples=100, deadline=None)
@given(LANGUAGES, st.binary(max_size=60))
def test_no_bytes_are_refused(language: str, source: bytes) -> None:
    assert lower(source, language, "app").path == "app"
