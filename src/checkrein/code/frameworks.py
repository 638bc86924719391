"""Frameworks that dispatch inside a function: their routes, and what a route's code is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from checkrein.code import ir
    from checkrein.code.interpreter import Interpreter
    from checkrein.code.scopes import Scope
    from checkrein.code.things import Arguments, Library
    from checkrein.code.values import Abstract


def route(
    run: Interpreter, decorator: Abstract, made: Abstract, node: ir.Node, scope: Scope
) -> bool:
    """Tell whether a decorator registers a route, and remember it."""
    return False


def call(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract | None:
    """Return the result if a library's function belongs to a framework, else None."""
    return None
