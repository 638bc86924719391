"""One small tree for Python, JavaScript and TypeScript; what a language adds is said in these.

Lowering (``lowering/``) makes it, the interpreter reads it. A construct that
has no node of its own becomes ``Operation("unknown", operands)``: its value depends on all its
operands, so nothing flows through it unseen.

No node is nested deeper than ``lowering.DEPTH_LIMIT`` expressions, statements and blocks (73 calls
chained, 37 callbacks in each other): what lies below is one such Operation over its names, and its
line stands in ``Module.errors``. Chains written flat are no nesting for that limit, but long lists
in the tree: ``If.otherwise`` and ``Conditional.otherwise`` may be hundreds long.
"""

from __future__ import annotations

from checkrein.code.ir.expressions import (
    Assignment,
    Attribute,
    Await,
    Call,
    ClassExpression,
    Compare,
    Comprehension,
    Conditional,
    Constant,
    Default,
    Dictionary,
    Format,
    Keyword,
    Lambda,
    Name,
    Node,
    Not,
    ObjectPattern,
    Operation,
    Parameter,
    Sequence,
    Slice,
    Span,
    Spread,
    Subscript,
    Yield,
)
from checkrein.code.ir.parts import parts
from checkrein.code.ir.statements import (
    Annotation,
    Assign,
    Break,
    Define,
    DefineClass,
    Export,
    Expression,
    Handler,
    If,
    Import,
    Loop,
    Module,
    Outer,
    Raise,
    Return,
    Switch,
    Try,
)

__all__ = [
    "Annotation",
    "Assign",
    "Assignment",
    "Attribute",
    "Await",
    "Break",
    "Call",
    "ClassExpression",
    "Compare",
    "Comprehension",
    "Conditional",
    "Constant",
    "Default",
    "Define",
    "DefineClass",
    "Dictionary",
    "Export",
    "Expression",
    "Format",
    "Handler",
    "If",
    "Import",
    "Keyword",
    "Lambda",
    "Loop",
    "Module",
    "Name",
    "Node",
    "Not",
    "ObjectPattern",
    "Operation",
    "Outer",
    "Parameter",
    "Raise",
    "Return",
    "Sequence",
    "Slice",
    "Span",
    "Spread",
    "Subscript",
    "Switch",
    "Try",
    "Yield",
    "parts",
]
