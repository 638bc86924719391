"""What a program's values are besides those of a trace, while it is evaluated."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from checkrein.code import ir
from checkrein.model import Place
from checkrein.read.cdk.unsynthesized.trace import New, Traced

MISSING: Any = object()  # nothing stands there
REST = "..."  # the key of what else a dict may hold, where something unknown was spread into it
RETURN, BREAK, CONTINUE = "return", "break", "continue"


class Thrown(Exception):
    """What a program throws; ``value`` is the error."""

    def __init__(self, value: Traced) -> None:
        super().__init__()
        self.value = value


class Enough(Exception):
    """Raised where a program takes more steps than are taken."""


class Leaves(Struct, eq=False):
    """How statements end early: ``how`` is return, break or continue."""

    how: str
    value: Traced = None


class Frame(Struct, eq=False):
    """A call under way: its ``this`` (Python's first argument) and the class of its method.

    ``early`` are values of returns that nobody knows whether they were reached, ``yielded`` what a
    generator gave, ``outside`` names that Python binds elsewhere.
    """

    this: Traced = None
    home: Class | None = None
    arguments: list[Traced] = []
    early: list[Traced] = []
    yielded: list[Traced] = []
    outside: dict[str, str] = {}


class Scope(Struct, eq=False):
    """The names that a module, function or block knows; a block binds only let and const."""

    path: str
    names: dict[Any, Traced]
    frame: Frame
    outer: Scope | None = None
    is_block: bool = False

    @property
    def is_python(self) -> bool:
        return self.path.endswith(".py")

    def find(self, name: str) -> Scope | None:
        """Return the scope that binds a name."""
        scope: Scope | None = self
        while scope is not None and name not in scope.names:
            scope = scope.outer
        return scope

    @property
    def function(self) -> Scope:
        """The scope of the function or module around."""
        scope = self
        while scope.is_block and scope.outer is not None:
            scope = scope.outer
        return scope

    @property
    def module(self) -> Scope:
        scope = self
        while scope.outer is not None:
            scope = scope.outer
        return scope

    def block(self) -> Scope:
        """Return a scope for a block, which is the same where the language has none."""
        return self if self.is_python else Scope(self.path, {}, self.frame, self, is_block=True)


class Function(Struct, eq=False):
    """A function of the program; a method has its class and, once taken from it, its object."""

    node: ir.Lambda
    scope: Scope
    home: Class | None = None
    this: Traced = MISSING


class Class(Struct, eq=False):
    """A class of the program.

    ``bases`` are classes, packages' classes and what else is extended; ``kept`` are values of its
    fields as the class itself has them.
    """

    node: ir.ClassExpression
    scope: Scope
    bases: list[Traced]
    methods: dict[tuple[str, str], ir.Lambda]
    order: list[Class] = []
    kept: dict[Any, Traced] = {}

    @property
    def extends(self) -> Traced:
        """What of a package it extends in the end, None where nothing."""
        every = (base for cls in self.order for base in cls.bases)
        return next((base for base in every if not isinstance(base, (Class, Builtin))), None)


class Own(New, eq=False):
    """An instance of a program's class: made as its package's class once that is constructed."""

    cls: Any = None
    fields: dict[Any, Traced] = {}  # noqa: RUF012 - msgspec makes one for each


class Given(Struct, eq=False):
    """What a call is given, and where; ``new`` is JavaScript's."""

    arguments: list[Traced]
    named: dict[str, Traced]
    place: Place
    scope: Scope
    new: bool = False

    def instead(self, *arguments: Traced) -> Given:
        """Return another call at the same place, without arguments by name."""
        return Given(list(arguments), {}, self.place, self.scope)


class Super(Struct, eq=False):
    """``super`` in a method of ``home``."""

    this: Traced
    home: Class


class Builtin(Struct, eq=False):
    """Something of the platform by its dotted name: ``Object.keys``, ``os.path.join``."""

    name: str


class Method(Struct, eq=False):
    """A method of the language on a value, not yet called."""

    of: Traced
    name: str


class Live(Struct, eq=False):
    """What another module of the program gives, asked for when it is used; "*" is all of it."""

    name: str
    member: str
    scope: Scope
    place: Place


class Map(dict[Any, Any]):
    """JavaScript's Map, which unlike an object has a size."""


class Space(Struct, eq=False):
    """A module of the program: what it exports by name, and modules that it hands on wholly.

    ``holder`` is what Node calls ``module``; a namespace of Python has no scope.
    """

    path: str
    names: dict[Any, Traced]
    holder: dict[Any, Traced] = {}
    handed: list[Live] = []
    scope: Scope | None = None
