"""Code that goes on only with what the platform says of a caller: an authorizer's claims.

Behind a route that has no authorizer there are none, so such code refuses everybody: by a test of
its own, or by the error that reading a claim of nothing is. What comes after is a *proof* like
those of ``harm.proofs``. HTTP APIs may hand over an ``authorizer`` that holds only ``claims`` and
``scopes`` without content, so these two names alone show nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from checkrein.catalog import uses
from checkrein.code import ir
from checkrein.code.domain.scopes import PROOF
from checkrein.code.domain.values import only_string, plain
from checkrein.model import Symbol

if TYPE_CHECKING:
    from checkrein.code.domain.abstract import Abstract
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.harm.telling import Facts
    from checkrein.code.running.interpreter import Interpreter

CLAIMS: Final = Symbol(PROOF, "claims")
OPENING: Final = "token"  # the family of uses that open one
SAID = re.compile(r"requestContext\.(authorizer\.|identity\.cognito)")
ALWAYS: Final = frozenset(("requestContext.authorizer.claims", "requestContext.authorizer.scopes"))


def shown(value: Abstract) -> Facts:
    """Return what it tells that a value is there: claims are, of callers whom somebody let in."""
    return _proof() if _attribute(value) else {}


def opened(run: Interpreter, value: Abstract) -> Facts:
    """Return what it tells that a value is there which is what a token says, or nothing at all.

    ``if (!context.user) throw``: who shows no token that could be opened gets no further.
    """
    if value.things or value.sources or value.open:
        return {}
    found: set[Symbol] = set()
    for atom in value.atoms:
        if isinstance(atom, Symbol):
            if not _is_of_token(run, atom):
                return {}
            found.add(Symbol(PROOF, atom.owner))
        elif atom:
            return {}
    return {one: uses.bits("caller") for one in found} if len(found) == 1 else {}


def _is_of_token(run: Interpreter, symbol: Symbol) -> bool:
    owner, _, number = symbol.owner.partition(":")
    return owner == "call" and run.recorder.seen[int(number)].name[1] == OPENING


def compared(run: Interpreter, test: ir.Compare, scope: Scope) -> Facts:
    """Return what it tells that two values differ: ``claims is not None``."""
    for one, other in ((test.left, test.right), (test.right, test.left)):
        if isinstance(other, ir.Constant) and other.value is None:
            value = run.evaluate(one, scope)
            return shown(value) or opened(run, value)
    return {}


def equal(run: Interpreter, test: ir.Compare, scope: Scope) -> Facts:
    """Return what it tells that two values are the same: ``claims["custom:role"] === "admin"``."""
    for one, other in ((test.left, test.right), (test.right, test.left)):
        if only_string(run.evaluate(other, scope)):
            return shown(run.evaluate(one, scope))
    return {}


def read(node: ir.Attribute, value: Abstract, scope: Scope) -> Facts:
    """Return what it tells that a member of a value was read, which fails where there is none."""
    return _proof() if _attribute(value) and not _may_be_skipped(node, scope) else {}


def item(value: Abstract, found: Abstract, scope: Scope) -> Facts:
    """Return what it tells that Python found an item, which fails where there is none."""
    if scope.source.language != "python":
        return {}
    there = _attribute(value) or _attribute(found) not in ALWAYS | {""}
    return _proof() if there else {}


def _proof() -> Facts:
    return {CLAIMS: uses.bits("caller")}


def _attribute(value: Abstract) -> str:
    """Return which word of the platform a value is and nothing else, "" if it is not that."""
    if len(value.atoms) != 1 or value.things or value.sources or value.open:
        return ""
    (atom,) = value.atoms
    if not isinstance(atom, Symbol) or not SAID.match(atom.attribute):
        return ""
    return plain(atom).attribute if atom.owner == "event" else ""


def _may_be_skipped(node: ir.Node, scope: Scope) -> bool:
    """Tell whether a chain may end early: ``authorizer?.claims.sub`` reads no member of nothing."""
    while isinstance(node, (ir.Attribute, ir.Subscript, ir.Call)):
        if isinstance(node, ir.Subscript) and scope.source.language != "python":
            return True  # its tree does not say whether it is ``a?.[b]``
        if isinstance(node, ir.Attribute) and node.optional:
            return True
        node = node.function if isinstance(node, ir.Call) else node.value
    return False
