"""Code that goes on only for callers of certain roles: not for everybody who has signed in.

What comes after such a test, wherever it stands on the way (a router's own middleware), is known
as ``CallSite.ranked``. Which roles these are nobody asks: to whom they are given is not in code.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from checkrein.catalog import uses
from checkrein.catalog.tokens import PRIVILEGE
from checkrein.code import ir
from checkrein.code.domain.scopes import PROOF
from checkrein.code.domain.things import Modelled
from checkrein.code.domain.values import NOTHING, plain, sources_of
from checkrein.code.harm import callers
from checkrein.model import Symbol

if TYPE_CHECKING:
    from checkrein.code.domain.abstract import Abstract
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.harm.telling import Facts
    from checkrein.code.running.interpreter import Interpreter

CONTEXT = "requestContext."  # no part of what callers send
FLAG = re.compile(r"(?i)(?:is_?)?(?:admin|administrator|superuser)$")
WHICH = re.compile(  # what of a request says what it asks for, and names no object
    r"(?:rawPath|routeKey|resource|path|httpMethod"
    r"|requestContext\.(?:(?:http\.)?(?:path|method)|originalUrl|baseUrl|url|httpMethod"
    r"|resourcePath|routeKey|route\.path))(?:\[\])*"
)
RANKED = Symbol(PROOF, "role")


def compared(run: Interpreter, *sides: Abstract) -> Facts:
    """Return what it tells that two values are the same, or one is among the other.

    ``claims.role === "admin"``, ``ALLOWED.includes(caller.role)``; what a request says is none,
    unless it is which route it is for: ``rights.includes(req.path.split("/")[1])``.
    """
    one, other = sides
    for rank, known in ((one, other), (other, one)):
        said = [s for s in sources_of(known) if s.owner == "event"]
        if (is_rank(run, rank) and not said) or _is_right(run, rank, known):
            return {RANKED: uses.bits("caller")}
    return {}


def _is_right(run: Interpreter, held: Abstract, asked: Abstract) -> bool:
    """Tell whether what is known of a caller is compared with what their request asks for."""
    names = [plain(symbol) for symbol in sources_of(asked)]
    if not names or not all(s.owner == "event" and WHICH.fullmatch(s.attribute) for s in names):
        return False
    symbols = [plain(symbol) for symbol in sources_of(held)]
    chosen = [one for one in symbols if one.owner == "event" and not callers.is_known(run, one)]
    own = all(one.attribute.startswith(CONTEXT) for one in chosen)
    return own and any(callers.is_known(run, one) for one in symbols)


def marked(run: Interpreter, test: ir.Attribute, scope: Scope) -> Facts:
    """Return what it tells that the program's own mark on a request is set: ``req.superAdmin``."""
    if not FLAG.search(test.name):
        return {}
    holders = run.evaluate(test.value, scope).things
    own = [one for one in holders if isinstance(one, Modelled) and _is_set(one, test.name)]
    return {RANKED: uses.bits("caller")} if own and len(own) == len(holders) else {}


def _is_set(request: Modelled, name: str) -> bool:
    """Tell whether code sets a field of a request to true, and to nothing that callers send."""
    value = request.fields.get(name, NOTHING)
    sent = [plain(symbol) for symbol in sources_of(value)]
    return True in value.atoms and all(one.attribute.startswith(CONTEXT) for one in sent)


def there(run: Interpreter, value: Abstract) -> Facts:
    """Return what it tells that a value is true: ``caller.isAdmin``."""
    flags = [a for a in value.atoms if isinstance(a, Symbol) and FLAG.search(a.attribute)]
    return {RANKED: uses.bits("caller")} if flags and is_rank(run, value) else {}


def is_rank(run: Interpreter, value: Abstract) -> bool:
    """Tell whether a value is what is known of the caller's rights, and nothing that they choose.

    What middleware puts on the request (``req.role = claims.role``) is its field, too.
    """
    symbols = [plain(atom) for atom in value.atoms if isinstance(atom, Symbol)]
    named = bool(symbols) and all(PRIVILEGE.search(one.attribute) for one in symbols)
    known = [callers.is_known(run, one) for one in symbols] if named else []
    return any(known) and all(
        is_known or (one.owner == "event" and one.attribute.startswith(CONTEXT))
        for one, is_known in zip(symbols, known, strict=True)
    )
