"""JavaScript, JSX, TypeScript and TSX: one grammar's nodes are a superset of the other's."""

from __future__ import annotations

from checkrein.code.lowering.javascript import (
    classes,
    expressions,
    functions,
    jsx,
    literals,
    modules,
    statements,
    switches,
)
from checkrein.code.lowering.source import Grammar

JAVASCRIPT = Grammar(
    expressions={
        **expressions.EXPRESSIONS,
        **literals.EXPRESSIONS,
        **functions.EXPRESSIONS,
        **classes.EXPRESSIONS,
        **jsx.EXPRESSIONS,
    },
    statements={
        **statements.STATEMENTS,
        **switches.STATEMENTS,
        **functions.STATEMENTS,
        **classes.STATEMENTS,
        **modules.STATEMENTS,
    },
    hoists=True,
)
