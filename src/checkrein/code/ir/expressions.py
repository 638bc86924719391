"""Expressions, patterns and functions; what each field holds is said in its class."""

from __future__ import annotations

from typing import Any

Span = tuple[int, int, int, int]  # line, column, end line, end column; 1-based, end exclusive


class Node:
    __slots__ = ("at",)

    def __init__(self, at: Span) -> None:
        self.at = at


class Constant(Node):
    """A str, bytes (as str), int, float, bool or None literal; ``kind`` is "regex" for those."""

    __slots__ = ("kind", "value")

    def __init__(self, at: Span, value: Any, kind: str = "") -> None:
        self.at = at
        self.value = value
        self.kind = kind


class Name(Node):
    """A name, ``this`` and ``super`` included."""

    __slots__ = ("id",)

    def __init__(self, at: Span, id: str) -> None:
        self.at = at
        self.id = id


class Attribute(Node):
    """``a.b``; ``optional`` is ``a?.b``."""

    __slots__ = ("name", "optional", "value")

    def __init__(self, at: Span, value: Node, name: str, *, optional: bool = False) -> None:
        self.at = at
        self.value = value
        self.name = name
        self.optional = optional


class Subscript(Node):
    """``a[b]``; the index is a Slice where ``a[1:2]``."""

    __slots__ = ("index", "value")

    def __init__(self, at: Span, value: Node, index: Node) -> None:
        self.at = at
        self.value = value
        self.index = index


class Slice(Node):
    """``a:b:c``; a part left out is a Constant None, what is left out at the end is absent."""

    __slots__ = ("parts",)

    def __init__(self, at: Span, parts: tuple[Node, ...]) -> None:
        self.at = at
        self.parts = parts


class Keyword:
    """An argument: positional (name ""), named, ``*spread`` (name "*") or ``**spread`` ("**")."""

    __slots__ = ("name", "value")

    def __init__(self, name: str, value: Node) -> None:
        self.name = name
        self.value = value


class Call(Node):
    """A call. ``import(m)`` calls the Name "import", ``print x`` and ``exec x`` those names.

    A template's tag is called with a Sequence of the texts, then each value. ``new`` is
    JavaScript's, and so is ``optional``: ``f?.()``.
    """

    __slots__ = ("arguments", "function", "new", "optional")

    def __init__(
        self,
        at: Span,
        function: Node,
        arguments: tuple[Keyword, ...],
        *,
        new: bool = False,
        optional: bool = False,
    ) -> None:
        self.at = at
        self.function = function
        self.arguments = arguments
        self.new = new
        self.optional = optional


class Dictionary(Node):
    """A dict or object literal; a key of None spreads its value.

    A property with a getter has the value of a Call to it. TypeScript's enum is one, assigned as a
    const; a namespace is assigned a Call of a Lambda that returns one.
    """

    __slots__ = ("items",)

    def __init__(self, at: Span, items: tuple[tuple[Node | None, Node], ...]) -> None:
        self.at = at
        self.items = items


class Sequence(Node):
    """A list, tuple, set or array; ``kind`` is list, tuple, set. Items may be Spread.

    An array's hole, ``[a, , b]``, is a Constant None, in a pattern the Name "".
    """

    __slots__ = ("items", "kind")

    def __init__(self, at: Span, items: tuple[Node, ...], kind: str = "list") -> None:
        self.at = at
        self.items = items
        self.kind = kind


class Spread(Node):
    __slots__ = ("value",)

    def __init__(self, at: Span, value: Node) -> None:
        self.at = at
        self.value = value


class Format(Node):
    """A template string or f-string; parts are str or expressions, in order."""

    __slots__ = ("parts",)

    def __init__(self, at: Span, parts: tuple[str | Node, ...]) -> None:
        self.at = at
        self.parts = parts


class Operation(Node):
    """``+ - * / % // ** and or ?? & | …`` with their operands; ``operator`` as written.

    ``and``/``&&`` are both "and", ``or``/``||`` both "or". A chain ``a + b + c`` of one operator is
    one Operation of three operands, left to right. Also, with the operator's word: ``- + ~ typeof
    void delete`` of one operand; "," whose value is the last; "jsx" of tag (a Constant for
    ``<div>``, "" for a fragment), a Dictionary of attributes, and children; "match" of a subject
    that a structural pattern tests; "enter" and "exit" of a context manager.
    """

    __slots__ = ("operands", "operator")

    def __init__(self, at: Span, operator: str, operands: tuple[Node, ...]) -> None:
        self.at = at
        self.operator = operator
        self.operands = operands


class Compare(Node):
    """Normalised operators: == != < <= > >= in not-in is is-not instanceof.

    Python's ``a < b < c`` is the Operation "and" of two.
    """

    __slots__ = ("left", "operator", "right")

    def __init__(self, at: Span, operator: str, left: Node, right: Node) -> None:
        self.at = at
        self.operator = operator
        self.left = left
        self.right = right


class Not(Node):
    __slots__ = ("value",)

    def __init__(self, at: Span, value: Node) -> None:
        self.at = at
        self.value = value


class Conditional(Node):
    __slots__ = ("otherwise", "test", "then")

    def __init__(self, at: Span, test: Node, then: Node, otherwise: Node) -> None:
        self.at = at
        self.test = test
        self.then = then
        self.otherwise = otherwise


class Assignment(Node):
    """An assignment used as a value (``:=``, ``a = b = c``); ``target`` is a pattern."""

    __slots__ = ("target", "value")

    def __init__(self, at: Span, target: Node, value: Node) -> None:
        self.at = at
        self.target = target
        self.value = value


class Comprehension(Node):
    """``body for target in iterable if test``; a dict comprehension's body is a Dictionary.

    ``clauses`` are targets, iterables and conditions; ``kind`` is list, set, dict or generator.
    """

    __slots__ = ("body", "clauses", "kind")

    def __init__(
        self,
        at: Span,
        clauses: tuple[tuple[Node, Node, tuple[Node, ...]], ...],
        body: Node,
        kind: str = "list",
    ) -> None:
        self.at = at
        self.clauses = clauses
        self.body = body
        self.kind = kind


class Await(Node):
    __slots__ = ("value",)

    def __init__(self, at: Span, value: Node) -> None:
        self.at = at
        self.value = value


class Yield(Node):
    """``yield from`` and ``yield*`` hold a Spread."""

    __slots__ = ("value",)

    def __init__(self, at: Span, value: Node | None) -> None:
        self.at = at
        self.value = value


class Parameter:
    """``kind``: "" plain, "*" rest, "**" keyword rest. ``pattern`` is a Name or a pattern node.

    ``annotation`` is the type as written.
    """

    __slots__ = ("annotation", "decorators", "default", "kind", "pattern")

    def __init__(
        self,
        pattern: Node,
        default: Node | None = None,
        kind: str = "",
        annotation: str = "",
        decorators: tuple[Node, ...] = (),
    ) -> None:
        self.pattern = pattern
        self.default = default
        self.kind = kind
        self.annotation = annotation
        self.decorators = decorators


class Lambda(Node):
    """Any function as a value: lambda, arrow, function expression, method. Body is statements.

    ``this`` and ``arguments`` of an arrow are those around it.
    """

    __slots__ = ("body", "decorators", "is_arrow", "is_async", "is_generator", "name", "parameters")

    def __init__(  # noqa: PLR0913 - it has as many parts
        self,
        at: Span,
        parameters: tuple[Parameter, ...],
        body: tuple[Node, ...],
        name: str = "",
        decorators: tuple[Node, ...] = (),
        *,
        is_async: bool = False,
        is_generator: bool = False,
        is_arrow: bool = False,
    ) -> None:
        self.at = at
        self.parameters = parameters
        self.body = body
        self.name = name
        self.decorators = decorators
        self.is_async = is_async
        self.is_generator = is_generator
        self.is_arrow = is_arrow


class ClassExpression(Node):
    """A class; fields are assignments made for each instance (or on the class if static).

    A field without a value is one that Python annotates. JavaScript's ``static {}`` is a field
    named "static {}" whose value calls the block. A method's name in brackets,
    ``[Symbol.iterator]``, is as written. ``methods`` are name, function, and "", static, class, get
    or set; ``fields`` a Name or key expression, and the value; ``types`` those that Python
    annotates.
    """

    __slots__ = ("bases", "decorators", "fields", "methods", "name", "types")

    def __init__(  # noqa: PLR0913, PLR0917 - it has as many parts
        self,
        at: Span,
        name: str,
        bases: tuple[Node, ...],
        methods: tuple[tuple[str, Lambda, str], ...],
        fields: tuple[tuple[Node, Node | None], ...],
        decorators: tuple[Node, ...] = (),
        types: tuple[tuple[str, Node], ...] = (),
    ) -> None:
        self.at = at
        self.name = name
        self.bases = bases
        self.methods = methods
        self.fields = fields
        self.decorators = decorators
        self.types = types


class ObjectPattern(Node):
    """``{a, b: c, [d]: e, ...rest}``: key expression (None for rest) and pattern."""

    __slots__ = ("items",)

    def __init__(self, at: Span, items: tuple[tuple[Node | None, Node], ...]) -> None:
        self.at = at
        self.items = items


class Default(Node):
    """A pattern with a default: ``{a = 1}``."""

    __slots__ = ("pattern", "value")

    def __init__(self, at: Span, pattern: Node, value: Node) -> None:
        self.at = at
        self.pattern = pattern
        self.value = value
