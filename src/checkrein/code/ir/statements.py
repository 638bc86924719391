"""Statements, and the module that they make."""

from __future__ import annotations

from typing import Any

from checkrein.code.ir.expressions import ClassExpression, Lambda, Node, Span


class Assign(Node):
    """``target = value``; ``a += b`` is ``a = a + b``, ``with x as a`` is ``a = x``.

    ``kind`` is JavaScript's var, let or const where the statement declares the target's names (no
    value then is a Constant None), and "" where it assigns to names bound before. ``annotation`` is
    Python's type.
    """

    __slots__ = ("annotation", "kind", "target", "value")

    def __init__(
        self, at: Span, target: Node, value: Node, kind: str = "", annotation: Node | None = None
    ) -> None:
        self.at = at
        self.target = target
        self.value = value
        self.kind = kind
        self.annotation = annotation


class Expression(Node):
    __slots__ = ("value",)

    def __init__(self, at: Span, value: Node) -> None:
        self.at = at
        self.value = value


class Annotation(Node):
    """``name: type`` without a value; binds nothing."""

    __slots__ = ("annotation", "name")

    def __init__(self, at: Span, name: str, annotation: Node | None = None) -> None:
        self.at = at
        self.name = name
        self.annotation = annotation


class Return(Node):
    __slots__ = ("value",)

    def __init__(self, at: Span, value: Node | None) -> None:
        self.at = at
        self.value = value


class Raise(Node):
    __slots__ = ("value",)

    def __init__(self, at: Span, value: Node | None) -> None:
        self.at = at
        self.value = value


class If(Node):
    """A switch or match becomes a chain of these over Compare("==") with its subject.

    A subject that is not a plain name is first assigned to the Name "<subject>". A switch case
    that falls through has the next case's statements after its own. ``assert x`` is
    ``if not x: raise``.
    """

    __slots__ = ("otherwise", "test", "then")

    def __init__(
        self, at: Span, test: Node, then: tuple[Node, ...], otherwise: tuple[Node, ...]
    ) -> None:
        self.at = at
        self.test = test
        self.then = then
        self.otherwise = otherwise


class Loop(Node):
    """for, while, do, for-of, for-in; ``target`` None for while. ``keys`` for JavaScript's for-in.

    ``declares`` tells that the target's names are declared by the loop (``for (const x of xs)``).
    Python's ``else`` follows as an If of which nothing is known; JavaScript's ``for (a; b; c)`` is
    ``a`` before the loop and ``c`` at its body's end.
    """

    __slots__ = ("body", "declares", "iterable", "keys", "target", "test")

    def __init__(  # noqa: PLR0913 - it has as many parts
        self,
        at: Span,
        target: Node | None,
        iterable: Node | None,
        test: Node | None,
        body: tuple[Node, ...],
        *,
        keys: bool = False,
        declares: bool = False,
    ) -> None:
        self.at = at
        self.target = target
        self.iterable = iterable
        self.test = test
        self.body = body
        self.keys = keys
        self.declares = declares


class Handler:
    """A caught error that is destructured has the name "<caught>", and an Assign from it first.

    ``name`` is "" where it has none; ``types`` is what is caught, where the language says so.
    """

    __slots__ = ("body", "name", "types")

    def __init__(self, name: str, body: tuple[Node, ...], types: Node | None = None) -> None:
        self.name = name
        self.body = body
        self.types = types


class Try(Node):
    """Python's ``else`` is the end of the body."""

    __slots__ = ("body", "final", "handlers")

    def __init__(
        self,
        at: Span,
        body: tuple[Node, ...],
        handlers: tuple[Handler, ...],
        final: tuple[Node, ...],
    ) -> None:
        self.at = at
        self.body = body
        self.handlers = handlers
        self.final = final


class Define(Node):
    """A named function statement."""

    __slots__ = ("function",)

    def __init__(self, at: Span, function: Lambda) -> None:
        self.at = at
        self.function = function


class DefineClass(Node):
    __slots__ = ("definition",)

    def __init__(self, at: Span, definition: ClassExpression) -> None:
        self.at = at
        self.definition = definition


class Import(Node):
    """``import module as name``, ``from module import member as name``, require is a Call.

    ``member`` "" binds the module itself (for Python ``import a.b`` binds ``a``: name "a",
    module "a"); "default" and "*" as in ES modules. ``module`` keeps leading dots.
    ``from m import *`` has the name "*" and member "*", JavaScript's ``import "m"`` the name "".
    Type-only imports are left out.
    """

    __slots__ = ("member", "module", "name")

    def __init__(self, at: Span, name: str, module: str, member: str = "") -> None:
        self.at = at
        self.name = name
        self.module = module
        self.member = member


class Export(Node):
    """An export: the name as seen from outside ("default" too), and the value.

    A re-export has a ``module`` and ``member`` instead of a value (``member`` "*" for all: with
    name "*" each under its own name, with another name as a namespace object).
    TypeScript's ``export = x`` is an Assign to ``module.exports``.
    """

    __slots__ = ("member", "module", "name", "value")

    def __init__(
        self, at: Span, name: str, value: Node | None, module: str = "", member: str = ""
    ) -> None:
        self.at = at
        self.name = name
        self.value = value
        self.module = module
        self.member = member


class Outer(Node):
    """Python's ``global`` or ``nonlocal`` (``kind``): assignments to these names bind outside."""

    __slots__ = ("kind", "names")

    def __init__(self, at: Span, names: tuple[str, ...], kind: str) -> None:
        self.at = at
        self.names = names
        self.kind = kind


class Break(Node):
    """break, continue: goes to the end of the loop or switch around it; labels are not kept."""

    __slots__ = ("continues",)

    def __init__(self, at: Span, *, continues: bool = False) -> None:
        self.at = at
        self.continues = continues


class Switch(Node):
    """A switch with a break inside a branch of a case, which ends here; see If for its body.

    A break at a case's own end is left out, and a switch that has no others is only its body.
    """

    __slots__ = ("body",)

    def __init__(self, at: Span, body: tuple[Node, ...]) -> None:
        self.at = at
        self.body = body


class Module:
    """A lowered file, python or javascript; its size in bytes.

    ``errors`` are the lines that could not be read, 1-based, in order; ``literals`` what
    ``literals.of`` found, once it was asked. ``sets_levels`` tells that its text may say from which
    level on Python's loggers write.
    """

    __slots__ = ("body", "errors", "language", "literals", "path", "sets_levels", "size")

    def __init__(  # noqa: PLR0913 - it has as many parts
        self,
        path: str,
        language: str,
        body: tuple[Node, ...],
        size: int = 0,
        errors: tuple[int, ...] = (),
        literals: Any = None,
        *,
        sets_levels: bool = False,
    ) -> None:
        self.path = path
        self.language = language
        self.body = body
        self.size = size
        self.errors = errors
        self.literals = literals
        self.sets_levels = sets_levels
