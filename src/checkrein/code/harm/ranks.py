"""Code that goes on only for callers of certain roles: not for everybody who has signed in.

What comes after such a test, wherever it stands on the way (a router's own middleware), is known
as ``CallSite.ranked``. Which roles these are nobody asks: to whom they are given is not in code.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from checkrein.catalog import uses
from checkrein.catalog.tokens import PRIVILEGE
from checkrein.code.domain.scopes import PROOF
from checkrein.code.domain.values import plain, sources_of
from checkrein.code.harm import callers
from checkrein.model import Symbol

if TYPE_CHECKING:
    from checkrein.code.domain.abstract import Abstract
    from checkrein.code.harm.telling import Facts
    from checkrein.code.running.interpreter import Interpreter

CONTEXT = "requestContext."  # no part of what callers send
FLAG = re.compile(r"(?i)(?:is_?)?(?:admin|administrator|superuser)$")
RANKED = Symbol(PROOF, "role")


def compared(run: Interpreter, *sides: Abstract) -> Facts:
    """Return what it tells that two values are the same, or one is among the other.

    ``claims.role === "admin"``, ``ALLOWED.includes(caller.role)``; what a request says is none.
    """
    one, other = sides
    for rank, known in ((one, other), (other, one)):
        if is_rank(run, rank) and not any(s.owner == "event" for s in sources_of(known)):
            return {RANKED: uses.bits("caller")}
    return {}


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
