"""Expressions of HCL as text again, short: to name them, not to be parsed."""

from __future__ import annotations

import json

from checkrein.notation.hcl_nodes import (
    Attr,
    Binary,
    Call,
    Conditional,
    Element,
    Expression,
    Index,
    Literal,
    Name,
    Splat,
    Unary,
)


def written(node: Expression) -> str:
    """Return an expression as one would write it; what takes several lines is ``…``."""
    return _of(node) if isinstance(node, (Literal, Name, Element)) else _compound(node)


def _of(node: Expression) -> str:
    if isinstance(node, Literal):
        return json.dumps(node.value)
    return node.name if isinstance(node, Name) else ""


def _compound(node: Expression) -> str:  # noqa: PLR0911 - one line for each kind
    match node:
        case Attr():
            return f"{written(node.target)}.{node.name}"
        case Index():
            return f"{written(node.target)}[{written(node.key)}]"
        case Splat():
            return f"{written(node.target)}[*]{written(node.each)}"
        case Call():
            return f"{node.name}({', '.join(map(written, node.arguments))})"
        case Unary():
            return f"{node.operator}{written(node.operand)}"
        case Binary():
            return f"{written(node.left)} {node.operator} {written(node.right)}"
        case Conditional():
            return f"{written(node.condition)} ? {written(node.yes)} : {written(node.no)}"
    return "…"
