"""What a call tells by having returned: a method that only texts have was called of a text.

Of an object that stood where a text was meant it raises, so that code behind it knows the value to
be none. Some of these methods lists have too; a list puts no operator in the place of a value: a
database compares with it, or with each of its items, which their sender might as well send one by
one. That each item is a text they do not tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.catalog import uses
from checkrein.code import ir
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.values import cleaned, families, plain
from checkrein.code.harm import facts
from checkrein.model import Symbol

if TYPE_CHECKING:
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

OWNERS = frozenset(("event", "error"))  # whose values are part of some JSON


def called(
    run: Interpreter, node: ir.Call, receiver: Abstract, result: Abstract, scope: Scope
) -> Abstract:
    """Return a method's result as what it is of a text, and learn that it was called of one.

    Where there is nothing to call, ``x.trim?.()`` does not raise.
    """
    function = node.function
    if not isinstance(function, ir.Attribute) or not receiver.atoms or node.optional:
        return result
    kind = uses.of_texts(scope.source.language, function.name)
    if not kind:
        return result
    text = uses.bits("text")
    if kind != "turning":
        facts.learn(run, {plain(a): text for a in receiver.atoms if _is_chosen(a, text)})
    return result if kind == "asking" else cleaned(result, text)


def _is_chosen(atom: object, text: int) -> bool:
    """Tell whether a value may be any JSON: not what was made a text of, under the same symbol."""
    return isinstance(atom, Symbol) and atom.owner in OWNERS and not families(atom) & text
