"""Python 2 and 3."""

from __future__ import annotations

from checkrein.code.lowering.python import expressions, functions, literals, matching, statements
from checkrein.code.lowering.source import Grammar

PYTHON = Grammar(
    expressions={**expressions.EXPRESSIONS, **literals.EXPRESSIONS, **functions.EXPRESSIONS},
    statements={**statements.STATEMENTS, **functions.STATEMENTS, **matching.STATEMENTS},
    hoists=False,
)
