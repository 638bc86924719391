"""Tokens that code checks and does not ask: what the check raises is caught, and the code goes on.

``try { jwt.verify(token, KEY) } catch (error) { console.log(error) }``. Only where nothing is left
behind by which later code could tell that the body of the ``try`` has ended, or has not: whoever
catches the error at most tells it to somebody, or says that there is no result.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.catalog import asking
from checkrein.code import ir
from checkrein.code.domain.scopes import FACTS, PROOF
from checkrein.code.domain.values import CALL, NOTHING
from checkrein.code.harm.pollution import nodes
from checkrein.model import Symbol

if TYPE_CHECKING:
    from checkrein.code.domain.abstract import Abstract
    from checkrein.code.running.interpreter import Interpreter

    Names = dict[str, Abstract]

RAISED = "exception"  # Python's loggers tell what was raised so


def tried(run: Interpreter, node: ir.Try, before: Names, after: Names) -> None:
    """Note the tokens that were opened in a body to whose end nobody need have come."""
    opened = _opened(after) - _opened(before)
    if not opened or any(map(_leaves_behind, nodes(node.body))):
        return
    results = {
        one.target.id
        for one in node.body
        if isinstance(one, ir.Assign) and isinstance(one.target, ir.Name)
    }
    if not all(_only_tells(one, results) for each in node.handlers for one in each.body):
        return
    changed = [value for name, value in after.items() if value is not before.get(name)]
    known = {f"{CALL}{number}" for number in opened}
    if all(_is_of(value, known) for value in changed):
        for number in opened:
            run.recorder.seen[number].ignored = True


def _opened(names: Names) -> set[int]:
    """Return the numbers of the calls that opened the tokens of which is known."""
    said = (atom for atom in names.get(FACTS, NOTHING).atoms if isinstance(atom, Symbol))
    calls = (one.attribute for one in said if one.owner == PROOF)
    return {int(one.removeprefix(CALL)) for one in calls if one.startswith(CALL)}


def _leaves_behind(node: object) -> bool:
    return isinstance(node, ir.Assign) and not isinstance(node.target, ir.Name)


def _only_tells(node: ir.Node, results: set[str]) -> bool:
    """Tell whether a statement logs something, or says that there is no result."""
    if isinstance(node, ir.Assign):
        named = isinstance(node.target, ir.Name) and node.target.id in results
        return named and isinstance(node.value, ir.Constant) and not node.value.value
    call = node.value if isinstance(node, ir.Expression) else None
    function = call.function if isinstance(call, ir.Call) else None
    name = function.id if isinstance(function, ir.Name) else getattr(function, "name", "")
    return name == RAISED or asking.tells(name)


def _is_of(value: Abstract, calls: set[str]) -> bool:
    """Tell whether a value is what a token says, or facts: nothing else that the body has set."""
    if value.things or value.sources or value.open:
        return False
    return all(
        isinstance(a, Symbol) and (a.owner in calls or a.owner == PROOF) for a in value.atoms
    )
