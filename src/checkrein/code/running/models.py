"""Which model performs a function of a language or library: a table lookup by its name."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from checkrein.code.libraries import containers
from checkrein.code.running import composing, later, reflection

if TYPE_CHECKING:
    from collections.abc import Callable

    from checkrein.code.domain.abstract import Abstract
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.domain.things import Arguments, Library
    from checkrein.code.running.interpreter import Interpreter

    Function = Callable[[Interpreter, Arguments, Scope], Abstract]


@functools.cache
def _functions() -> dict[str, Function]:
    tables = (composing, containers, later, reflection)
    return {name: function for table in tables for name, function in table.FUNCTIONS.items()}


@functools.cache
def _members() -> dict[str, dict[str, Function]]:
    return {**later.MEMBERS, **reflection.MEMBERS}


def function(one: Library) -> Function | None:
    """Return what performs a library's function, None if no such function is known here."""
    found = _functions().get(one.name)
    if found is not None or not one.module:
        return found
    members = _members().get(one.module)
    return members.get(one.path.rpartition(".")[2]) if members else None
