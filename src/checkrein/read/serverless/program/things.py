"""What a program's values are besides plain ones, while it is evaluated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from checkrein.code import ir
from checkrein.model.values import Open, Value
from checkrein.read.serverless.written import Written

if TYPE_CHECKING:
    from collections.abc import Iterator

DEEPEST = 80  # levels of what a program makes; real configurations have ten
HOME = "/service"  # stands for the scanned folder where a program asks for absolute paths
OWN = "%exports"  # no name of a program: what its module exports by name


class Scope(Struct):
    """The names that a function or a module knows."""

    path: str
    names: dict[str, Written]
    outer: Scope | None = None

    def find(self, name: str) -> Scope | None:
        """Return the scope that binds a name."""
        return next((scope for scope in self._chain() if name in scope.names), None)

    @property
    def module(self) -> Scope:
        """The outermost scope."""
        return list(self._chain())[-1]

    def _chain(self) -> Iterator[Scope]:
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.outer


class Function(Struct):
    """A function of the program as a value."""

    node: ir.Lambda
    scope: Scope


class Environment(Struct):
    """``process.env`` (name "") or one of its variables."""

    name: str

    def variable(self, default: str | None = None) -> str:
        """Return the framework's variable for it."""
        rest = "" if default is None else f", '{default}'"
        return f"${{env:{self.name}{rest}}}"


class Library(Struct):
    """Something of the platform by its dotted name: ``Object.keys``, ``path.join``, ``process``."""

    name: str


class Method(Struct):
    """A method of the language on a known value, not yet called."""

    of: Written
    name: str


def finished(part: Written) -> Written:
    """Return a part with what is only a value within the program made plain or open.

    Parts that are shared stay shared; one that holds itself, or is too deep, is open.
    """
    return _finished(part, {}, 0)


def _finished(part: Written, known: dict[int, Written], depth: int) -> Written:
    if isinstance(part.value, Environment):
        return Written(part.value.variable(), part.place)
    if isinstance(part.value, (Function, Library, Method)):
        return Written(Open("a function of the program"), part.place)
    if not isinstance(part.value, (dict, list)):
        return part
    if id(part) not in known:
        known[id(part)] = Written(Open("an object that holds itself"), part.place)
        known[id(part)] = Written(_inside(part.value, known, depth + 1), part.place)
    return known[id(part)]


def _inside(
    value: dict[str, Written] | list[Written], known: dict[int, Written], depth: int
) -> Value:
    if depth > DEEPEST:
        return Open(f"an object of the program with more than {DEEPEST} levels")
    if isinstance(value, dict):
        return {key: _finished(part, known, depth) for key, part in value.items()}
    return [_finished(part, known, depth) for part in value]
