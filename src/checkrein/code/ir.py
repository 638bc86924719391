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

from typing import Any

from msgspec import Struct

Span = tuple[int, int, int, int]  # line, column, end line, end column; 1-based, end exclusive


class Node(Struct, gc=False):
    at: Span


# ------------------------------------------------------------------------------ expressions


class Constant(Node):
    """A str, bytes (as str), int, float, bool or None literal; ``kind`` is "regex" for those."""

    value: Any
    kind: str = ""


class Name(Node):
    id: str  # ``this`` and ``super`` included


class Attribute(Node):
    value: Node
    name: str
    optional: bool = False  # a?.b


class Subscript(Node):
    value: Node
    index: Node  # a Slice where a[1:2]


class Slice(Node):
    """``a:b:c``; a part left out is a Constant None, what is left out at the end is absent."""

    parts: tuple[Node, ...]


class Keyword(Struct, gc=False):
    """An argument: positional (name ""), named, ``*spread`` (name "*") or ``**spread`` ("**")."""

    name: str
    value: Node


class Call(Node):
    """A call. ``import(m)`` calls the Name "import", ``print x`` and ``exec x`` those names.

    A template's tag is called with a Sequence of the texts, then each value.
    """

    function: Node
    arguments: tuple[Keyword, ...]
    new: bool = False  # JavaScript's new


class Dictionary(Node):
    """A dict or object literal; a key of None spreads its value.

    A property with a getter has the value of a Call to it. TypeScript's enum is one, assigned as a
    const; a namespace is assigned a Call of a Lambda that returns one.
    """

    items: tuple[tuple[Node | None, Node], ...]


class Sequence(Node):
    """A list, tuple, set or array; ``kind`` is list, tuple, set. Items may be Spread.

    An array's hole, ``[a, , b]``, is a Constant None, in a pattern the Name "".
    """

    items: tuple[Node, ...]
    kind: str = "list"


class Spread(Node):
    value: Node


class Format(Node):
    """A template string or f-string; parts are str or expressions, in order."""

    parts: tuple[str | Node, ...]


class Operation(Node):
    """``+ - * / % // ** and or ?? & | …`` with their operands; ``operator`` as written.

    ``and``/``&&`` are both "and", ``or``/``||`` both "or". A chain ``a + b + c`` of one operator is
    one Operation of three operands, left to right. Also, with the operator's word: ``- + ~ typeof
    void delete`` of one operand; "," whose value is the last; "jsx" of tag (a Constant for
    ``<div>``, "" for a fragment), a Dictionary of attributes, and children; "match" of a subject
    that a structural pattern tests; "enter" and "exit" of a context manager.
    """

    operator: str
    operands: tuple[Node, ...]


class Compare(Node):
    """Normalised operators: == != < <= > >= in not-in is is-not instanceof.

    Python's ``a < b < c`` is the Operation "and" of two.
    """

    operator: str
    left: Node
    right: Node


class Not(Node):
    value: Node


class Conditional(Node):
    test: Node
    then: Node
    otherwise: Node


class Assignment(Node):
    """An assignment used as a value (``:=``, ``a = b = c``); ``target`` is a pattern."""

    target: Node
    value: Node


class Comprehension(Node):
    """``body for target in iterable if test``; a dict comprehension's body is a Dictionary."""

    clauses: tuple[tuple[Node, Node, tuple[Node, ...]], ...]  # target, iterable, conditions
    body: Node
    kind: str = "list"  # list, set, dict, generator


class Await(Node):
    value: Node


class Yield(Node):
    """``yield from`` and ``yield*`` hold a Spread."""

    value: Node | None


class Parameter(Struct):
    """``kind``: "" plain, "*" rest, "**" keyword rest. ``pattern`` is a Name or a pattern node."""

    pattern: Node
    default: Node | None = None
    kind: str = ""
    annotation: str = ""  # the type as written
    decorators: tuple[Node, ...] = ()


class Lambda(Node):
    """Any function as a value: lambda, arrow, function expression, method. Body is statements."""

    parameters: tuple[Parameter, ...]
    body: tuple[Node, ...]
    name: str = ""
    decorators: tuple[Node, ...] = ()
    is_async: bool = False
    is_generator: bool = False
    is_arrow: bool = False  # ``this`` and ``arguments`` are those around it


class ClassExpression(Node):
    """A class; fields are assignments made for each instance (or on the class if static).

    A field without a value is one that Python annotates. JavaScript's ``static {}`` is a field
    named "static {}" whose value calls the block. A method's name in brackets,
    ``[Symbol.iterator]``, is as written.
    """

    name: str
    bases: tuple[Node, ...]
    methods: tuple[tuple[str, Lambda, str], ...]  # name, function, "" | static | class | get | set
    fields: tuple[tuple[Node, Node | None], ...]  # Name or key expression, value
    decorators: tuple[Node, ...] = ()
    types: tuple[tuple[str, Node], ...] = ()  # of fields that Python annotates


# patterns: Name, Attribute, Subscript, Sequence (items may be Spread, Default), ObjectPattern


class ObjectPattern(Node):
    """``{a, b: c, [d]: e, ...rest}``: key expression (None for rest) and pattern."""

    items: tuple[tuple[Node | None, Node], ...]


class Default(Node):
    """A pattern with a default: ``{a = 1}``."""

    pattern: Node
    value: Node


# ------------------------------------------------------------------------------ statements


class Assign(Node):
    """``target = value``; ``a += b`` is ``a = a + b``, ``with x as a`` is ``a = x``.

    ``kind`` is JavaScript's var, let or const where the statement declares the target's names (no
    value then is a Constant None), and "" where it assigns to names bound before.
    """

    target: Node
    value: Node
    kind: str = ""
    annotation: Node | None = None  # Python's type


class Expression(Node):
    value: Node


class Annotation(Node):
    """``name: type`` without a value; binds nothing."""

    name: str
    annotation: Node | None = None


class Return(Node):
    value: Node | None


class Raise(Node):
    value: Node | None


class If(Node):
    """A switch or match becomes a chain of these over Compare("==") with its subject.

    A subject that is not a plain name is first assigned to the Name "<subject>". A switch case
    that falls through has the next case's statements after its own. ``assert x`` is
    ``if not x: raise``.
    """

    test: Node
    then: tuple[Node, ...]
    otherwise: tuple[Node, ...]


class Loop(Node):
    """for, while, do, for-of, for-in; ``target`` None for while. ``keys`` for JavaScript's for-in.

    ``declares`` tells that the target's names are declared by the loop (``for (const x of xs)``).
    Python's ``else`` follows as an If of which nothing is known; JavaScript's ``for (a; b; c)`` is
    ``a`` before the loop and ``c`` at its body's end.
    """

    target: Node | None
    iterable: Node | None
    test: Node | None
    body: tuple[Node, ...]
    keys: bool = False
    declares: bool = False


class Handler(Struct):
    """A caught error that is destructured has the name "<caught>", and an Assign from it first."""

    name: str  # the caught error's name, or ""
    body: tuple[Node, ...]
    types: Node | None = None  # what it catches, where the language says so


class Try(Node):
    """Python's ``else`` is the end of the body."""

    body: tuple[Node, ...]
    handlers: tuple[Handler, ...]
    final: tuple[Node, ...]


class Define(Node):
    """A named function statement."""

    function: Lambda


class DefineClass(Node):
    definition: ClassExpression


class Import(Node):
    """``import module as name``, ``from module import member as name``, require is a Call.

    ``member`` "" binds the module itself (for Python ``import a.b`` binds ``a``: name "a",
    module "a"); "default" and "*" as in ES modules. ``module`` keeps leading dots.
    ``from m import *`` has the name "*" and member "*", JavaScript's ``import "m"`` the name "".
    Type-only imports are left out.
    """

    name: str
    module: str
    member: str = ""


class Export(Node):
    """An export: the name as seen from outside ("default" too), and the value.

    A re-export has a ``module`` and ``member`` instead of a value (``member`` "*" for all: with
    name "*" each under its own name, with another name as a namespace object).
    TypeScript's ``export = x`` is an Assign to ``module.exports``.
    """

    name: str
    value: Node | None
    module: str = ""
    member: str = ""


class Outer(Node):
    """Python's ``global`` or ``nonlocal`` (``kind``): assignments to these names bind outside."""

    names: tuple[str, ...]
    kind: str


class Break(Node):
    """break, continue: goes to the end of the loop or switch around it; labels are not kept."""

    continues: bool = False


class Switch(Node):
    """A switch with a break inside a branch of a case, which ends here; see If for its body.

    A break at a case's own end is left out, and a switch that has no others is only its body.
    """

    body: tuple[Node, ...]


class Module(Struct):
    """A lowered file. ``errors`` are the lines that could not be read, 1-based, in order."""

    path: str
    language: str  # python, javascript
    body: tuple[Node, ...]
    size: int = 0  # in bytes
    errors: tuple[int, ...] = ()
    literals: Any = None  # what ``literals.of`` found, once it was asked
