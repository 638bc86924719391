"""JavaScript, JSX, TypeScript and TSX: one grammar's nodes are a superset of the other's."""

from __future__ import annotations

from checkrein.code.lowering.source import Grammar

JAVASCRIPT = Grammar(expressions={}, statements={}, hoists=True)
