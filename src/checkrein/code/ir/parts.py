"""What a tree is made of, for those who walk through all of it."""

from __future__ import annotations

from typing import Any, Final

from checkrein.code.ir.expressions import (
    Assignment,
    Attribute,
    Await,
    Call,
    ClassExpression,
    Compare,
    Comprehension,
    Conditional,
    Default,
    Dictionary,
    Format,
    Keyword,
    Lambda,
    Not,
    ObjectPattern,
    Operation,
    Parameter,
    Sequence,
    Slice,
    Spread,
    Subscript,
    Yield,
)
from checkrein.code.ir.statements import (
    Annotation,
    Assign,
    Define,
    DefineClass,
    Export,
    Expression,
    Handler,
    If,
    Loop,
    Module,
    Raise,
    Return,
    Switch,
    Try,
)

# The attributes that hold others: nodes, what parts nodes (Keyword, Parameter, Handler), and tuples
# of these with texts or None among them.
PARTS: Final[dict[type[object], tuple[str, ...]]] = {
    Attribute: ("value",),
    Subscript: ("value", "index"),
    Slice: ("parts",),
    Keyword: ("value",),
    Call: ("function", "arguments"),
    Dictionary: ("items",),
    Sequence: ("items",),
    Spread: ("value",),
    Format: ("parts",),
    Operation: ("operands",),
    Compare: ("left", "right"),
    Not: ("value",),
    Conditional: ("test", "then", "otherwise"),
    Assignment: ("target", "value"),
    Comprehension: ("clauses", "body"),
    Await: ("value",),
    Yield: ("value",),
    Parameter: ("pattern", "default", "decorators"),
    Lambda: ("parameters", "body", "decorators"),
    ClassExpression: ("bases", "methods", "fields", "decorators", "types"),
    ObjectPattern: ("items",),
    Default: ("pattern", "value"),
    Assign: ("target", "value", "annotation"),
    Expression: ("value",),
    Annotation: ("annotation",),
    Return: ("value",),
    Raise: ("value",),
    If: ("test", "then", "otherwise"),
    Loop: ("target", "iterable", "test", "body"),
    Handler: ("body", "types"),
    Try: ("body", "handlers", "final"),
    Define: ("function",),
    DefineClass: ("definition",),
    Export: ("value",),
    Switch: ("body",),
    Module: ("body",),
}
PLAIN: Final = frozenset((str, int, float, bool, type(None)))  # hold nothing


def parts(node: object) -> list[Any]:
    """Return what a node is made of, in order: not what that is made of in turn."""
    found: list[Any] = []
    for name in PARTS.get(type(node), ()):
        value = getattr(node, name)
        if type(value) is tuple:
            _gather(value, found)
        elif value is not None:
            found.append(value)
    return found


def _gather(values: tuple[Any, ...], found: list[Any]) -> None:
    for one in values:
        kind = type(one)
        if kind is tuple:
            _gather(one, found)
        elif kind not in PLAIN:
            found.append(one)
