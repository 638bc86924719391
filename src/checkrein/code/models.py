"""Which model performs a function of a language or library: a table lookup by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code import composing, containers, later, reflection

if TYPE_CHECKING:
    from collections.abc import Callable

    from checkrein.code.interpreter import Interpreter
    from checkrein.code.scopes import Scope
    from checkrein.code.things import Arguments, Library
    from checkrein.code.values import Abstract

    Function = Callable[[Interpreter, Arguments, Scope], Abstract]

TABLES = (composing, containers, later, reflection)


def function(one: Library) -> Function | None:
    """Return what performs a library's function, None if no such function is known here."""
    name, module = one.name, one.module
    for table in TABLES:
        found: Function | None = table.FUNCTIONS.get(name)
        if found is not None:
            return found
    for members in (later.MEMBERS, reflection.MEMBERS) if module else ():
        if module in members:
            return members[module].get(one.path.rpartition(".")[2])
    return None
