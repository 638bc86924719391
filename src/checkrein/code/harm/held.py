"""What a store holds under a token that callers show: a session, a key, an invitation.

Code that goes on only where the store has something under it goes on for who was given the token,
like code that compares a secret (``harm.proofs``). Asking alone proves nothing: an answer may be
empty. Whether it is a token, made at random and told to nobody else, the code of all functions
says: so what is known is only which call found something (``CallSite.held``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from checkrein.catalog.tokens import is_caller
from checkrein.code import ir
from checkrein.code.domain.scopes import HELD, PROOF
from checkrein.code.domain.values import CALL, plain, sources_of
from checkrein.code.harm import comparisons, proofs
from checkrein.model import Symbol

if TYPE_CHECKING:
    from checkrein.code.domain.abstract import Abstract
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.harm.telling import Facts
    from checkrein.code.running.interpreter import Interpreter
    from checkrein.code.running.seen import Seen

KEYS: Final = ("Key.", "KeyConditionExpression.", "ExpressionAttributeValues.", "FilterExpression.")
ITEM, ITEMS, DATABASE, PYTHON = "Item", "Items", "database", "python"
COLUMNS: Final = "Columns."  # begins what SQL asks for
SIZES: Final = frozenset(("length", "Count", "rowCount", "rowcount"))
COUNTS: Final = (0, 1, 2, 1000)  # of items


def there(run: Interpreter, node: ir.Node, scope: Scope) -> Facts:
    """Return what it tells that an expression is true: ``if (Item)``, ``if (Items.length)``."""
    counted = _counted(node)
    if counted is not None:
        return _shown(run, run.evaluate(counted, scope), scope, listed=True)
    return found(run, run.evaluate(node, scope), scope)


def may_tell(test: ir.Call) -> bool:
    """Tell whether a call gives a part of an answer or its size: ``found.get("Item")``."""
    first = test.arguments[0].value if test.arguments else None
    part = isinstance(first, ir.Constant) and first.value in (ITEM, ITEMS)
    getting = isinstance(test.function, ir.Attribute) and test.function.name == "get"
    return (getting and part) or _counted(test) is not None


def found(run: Interpreter, value: Abstract, scope: Scope) -> Facts:
    """Return what it tells that a value is true: an empty list is, but in Python."""
    empty = scope.source.language == PYTHON and any(_is_list(atom) for atom in value.atoms)
    return _shown(run, value, scope, listed=empty)


def _is_list(atom: object) -> bool:
    return isinstance(atom, Symbol) and atom.attribute == ITEMS


def compared(run: Interpreter, test: ir.Compare, scope: Scope, *, holds: bool) -> Facts:
    """``Items.length === 0``, ``found["Count"] > 0``, ``item is None``, ``"Item" in found``."""
    left, right = test.left, test.right
    if not isinstance(right, ir.Constant):
        named = isinstance(left, ir.Constant) and left.value == ITEM
        if named and test.operator == ("in" if holds else "not-in"):
            return _shown(run, run.evaluate(right, scope), scope, whole=True)
        return {}
    counted = _counted(left)
    if counted is not None and isinstance(right.value, int):
        compare = comparisons.counting(test.operator)
        left_over = [n for n in COUNTS if compare is not None and compare(n, right.value) is holds]
        if left_over and 0 not in left_over:
            return _shown(run, run.evaluate(counted, scope), scope, listed=True)
    other = test.operator in (comparisons.OTHER if holds else comparisons.SAME)
    if right.value is None and other:
        return _shown(run, run.evaluate(left, scope), scope)
    return {}


def read(run: Interpreter, node: ir.Attribute, value: Abstract, scope: Scope) -> Facts:
    """Return what it tells that a member of a value was read, which fails where there is none."""
    if scope.source.language == PYTHON or _ends_early(node):
        return {}
    return _shown(run, value, scope)


def _ends_early(node: ir.Node) -> bool:
    """Tell whether an expression is undefined where one of its parts is: ``Item?.user.name``."""
    while isinstance(node, (ir.Attribute, ir.Call, ir.Subscript)):
        if not isinstance(node, ir.Subscript) and node.optional:
            return True
        node = node.function if isinstance(node, ir.Call) else node.value
    return False


def item(run: Interpreter, value: Abstract, found: Abstract, scope: Scope) -> Facts:
    """Return what it tells that Python found an item: ``table.get_item(…)["Item"]``."""
    if scope.source.language != PYTHON or not value.atoms:
        return {}
    return _shown(run, found, scope)


def _counted(node: ir.Node) -> ir.Node | None:
    """Return what an expression says the number of, None if it says none."""
    if isinstance(node, ir.Attribute) and node.name in SIZES:
        return node.value
    if isinstance(node, ir.Subscript) and isinstance(node.index, ir.Constant):
        return node.value if node.index.value in SIZES else None
    if isinstance(node, ir.Call) and isinstance(node.function, ir.Name) and node.arguments:
        return node.arguments[0].value if node.function.id == "len" else None
    if isinstance(node, ir.Call) and isinstance(node.function, ir.Attribute):
        first = node.arguments[0].value if node.arguments else None
        named = isinstance(first, ir.Constant) and first.value in SIZES
        return node.function.value if node.function.name == "get" and named else None
    return None


def _shown(
    run: Interpreter, value: Abstract, scope: Scope, *, listed: bool = False, whole: bool = False
) -> Facts:
    """Return what it tells that a store's answer holds something."""
    symbols = [atom for atom in value.atoms if isinstance(atom, Symbol)]
    if len(symbols) != 1 or value.things or value.sources or any(_is_else(a) for a in value.atoms):
        return {}
    symbol = plain(symbols[0])
    number = symbol.owner.removeprefix(CALL)
    if number == symbol.owner:
        return {}
    seen, attribute = run.recorder.seen[int(number)], symbol.attribute
    service, operation = seen.name[1:]
    says = attribute in ("", ITEMS) if listed else _says(attribute)
    if service == DATABASE:
        says = listed or bool(attribute) or not _is_always(seen, scope)
    if operation not in proofs.READING or not (says or (whole and not attribute)):
        return {}
    return proofs.of(Symbol(PROOF, f"{HELD}{number}")) if _is_chosen(run, int(number)) else {}


def _is_always(seen: Seen, scope: Scope) -> bool:
    """Tell whether a database's answer is true without rows: JavaScript's drivers give a list."""
    rows = any(path.startswith(COLUMNS) for path in seen.arguments)
    return rows and scope.source.language != PYTHON


def _is_else(atom: object) -> bool:
    return bool(atom) and not isinstance(atom, Symbol)


def _says(attribute: str) -> bool:
    """Tell whether a part of an answer is only there where something was found."""
    return attribute.startswith((f"{ITEM}.", f"{ITEMS}[")) or attribute == ITEM


def _is_chosen(run: Interpreter, number: int) -> bool:
    """Tell whether callers name what a store is asked for, and by nothing that is known of them."""
    for path, value in run.recorder.seen[number].arguments.items():
        sources = [plain(one) for one in sources_of(value)] if path.startswith(KEYS) else []
        if sources and all(_is_of_request(run, one) for one in sources):
            return True
    return False


def _is_of_request(run: Interpreter, symbol: Symbol) -> bool:
    """Tell whether a symbol is of the request, or a hash: of what, the call site says."""
    if symbol.owner == "event":
        return not is_caller(symbol)
    return proofs.is_beside(run, symbol)
