"""Fields that only other requests have: what code reads for one action says nothing of another's.

A handler that is asked for several things looks which (``switch (body.action)``, a framework's
routes). The fields that it reads for one of them are no part of a whole body that it hands over
for another. What a place knows of its requests is a fact, as a proof is (``harm.proofs``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.catalog import uses
from checkrein.code import ir
from checkrein.code.domain.scopes import CHOSEN
from checkrein.code.domain.values import atom_sources, only_string, plain
from checkrein.code.domain.ways import BETWEEN, WANTED
from checkrein.code.harm import telling
from checkrein.code.harm.telling import Told
from checkrein.model import Symbol, Text

if TYPE_CHECKING:
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

MOST = 4  # alternatives of what is compared


def compared(run: Interpreter, test: ir.Compare, scope: Scope) -> Told:
    """Return what it tells that something of the request is a text: ``body.action === "pay"``."""
    for subject, other in ((test.left, test.right), (test.right, test.left)):
        if isinstance(other, (ir.Constant, ir.Name, ir.Attribute)):
            text = only_string(run.evaluate(other, scope))
            said = _subject(run, subject, text, scope) if text is not None else ""
            if said:
                return _told(run, f"{said}{BETWEEN}{text}")
    return telling.NOTHING


def _told(run: Interpreter, said: str) -> Told:
    """Return the fact of what a request asks for, of the first texts only that are compared."""
    known = run.running.wanted
    if len(known) < WANTED:
        known.add(said)
    found = {Symbol(CHOSEN, said): uses.bits("caller")} if said in known else {}
    return Told(found, {})


def _subject(run: Interpreter, node: ir.Node, text: str, scope: Scope) -> str:
    """Return what of the request is a text, where an expression is it; "" where that is not known.

    What else the expression may be, a constant of the code, is another text.
    """
    if isinstance(node, ir.Constant):
        return ""
    value = run.evaluate(node, scope)
    sources = atom_sources(value.atoms)
    if value.open or value.things or not value.sources <= sources or text in value.atoms:
        return ""
    if len(value.atoms) > MOST or any(symbol.owner != "event" for symbol in sources):
        return ""
    shown = [str(plain(a)) for a in value.atoms if isinstance(a, Symbol)]
    shown += [str(atom) for atom in value.atoms if isinstance(atom, Text)]
    return "|".join(sorted(shown))
