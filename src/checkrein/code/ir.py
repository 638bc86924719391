"""One small tree for Python, JavaScript and TypeScript; what a language adds is said in these.

Lowering (``python.py``, ``javascript.py``) makes it, the interpreter reads it. A construct that
has no node of its own becomes ``Operation("unknown", operands)``: its value depends on all its
operands, so nothing flows through it unseen.
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
    parts: tuple[Node, ...]


class Keyword(Struct):
    """An argument: positional (name ""), named, ``*spread`` (name "*") or ``**spread`` ("**")."""

    name: str
    value: Node


class Call(Node):
    function: Node
    arguments: tuple[Keyword, ...]
    new: bool = False  # JavaScript's new


class Dictionary(Node):
    """A dict or object literal; a key of None spreads its value."""

    items: tuple[tuple[Node | None, Node], ...]


class Sequence(Node):
    """A list, tuple, set or array; ``kind`` is list, tuple, set. Items may be Spread."""

    items: tuple[Node, ...]
    kind: str = "list"


class Spread(Node):
    value: Node


class Format(Node):
    """A template string or f-string; parts are str or expressions, in order."""

    parts: tuple[str | Node, ...]


class Operation(Node):
    """``+ - * / % // ** and or ?? & | …`` with their operands; ``operator`` as written.

    ``and``/``&&`` are both "and", ``or``/``||`` both "or".
    """

    operator: str
    operands: tuple[Node, ...]


class Compare(Node):
    """Normalised operators: == != < <= > >= in not-in is is-not instanceof."""

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
    value: Node | None


class Parameter(Struct):
    """``kind``: "" plain, "*" rest, "**" keyword rest. ``pattern`` is a Name or a pattern node."""

    pattern: Node
    default: Node | None = None
    kind: str = ""
    annotation: str = ""


class Lambda(Node):
    """Any function as a value: lambda, arrow, function expression, method. Body is statements."""

    parameters: tuple[Parameter, ...]
    body: tuple[Node, ...]
    name: str = ""
    decorators: tuple[Node, ...] = ()
    is_async: bool = False
    is_generator: bool = False


class ClassExpression(Node):
    """A class; fields are assignments made for each instance (or on the class if static)."""

    name: str
    bases: tuple[Node, ...]
    methods: tuple[tuple[str, Lambda, str], ...]  # name, function, "" | static | class | get | set
    fields: tuple[tuple[Node, Node], ...]  # Name or key expression, value
    decorators: tuple[Node, ...] = ()


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
    target: Node
    value: Node


class Expression(Node):
    value: Node


class Return(Node):
    value: Node | None


class Raise(Node):
    value: Node | None


class If(Node):
    """A switch or match becomes a chain of these over Compare("==") with its subject."""

    test: Node
    then: tuple[Node, ...]
    otherwise: tuple[Node, ...]


class Loop(Node):
    """for, while, for-of, for-in; ``target`` None for while. ``keys`` for JavaScript's for-in."""

    target: Node | None
    iterable: Node | None
    test: Node | None
    body: tuple[Node, ...]
    keys: bool = False


class Handler(Struct):
    name: str  # the caught error's name, or ""
    body: tuple[Node, ...]


class Try(Node):
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
    """

    name: str
    module: str
    member: str = ""


class Export(Node):
    """An export: the name as seen from outside ("default" too), and the value.

    A re-export has a ``module`` and ``member`` instead of a value (``member`` "*" for all).
    """

    name: str
    value: Node | None
    module: str = ""
    member: str = ""


class Break(Node):
    """break, continue: ends the branch."""


class Module(Struct):
    """A lowered file. ``errors`` are the lines the parser could not read."""

    path: str
    language: str  # python, javascript
    body: tuple[Node, ...]
    errors: tuple[int, ...] = ()
