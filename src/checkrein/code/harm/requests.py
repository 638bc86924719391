"""Code that looks which request came in: ``if event.httpMethod === "GET"``, ``switch (path)``.

What stands in the branch belongs to that request alone. Such a test is a fact of the frame that
runs, as a proof is (``harm.proofs``): it holds for the branch, and in what that calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.catalog import uses
from checkrein.code import ir
from checkrein.code.domain.requested import BELOW, FORM, PATH, field_of, form_of, said
from checkrein.code.domain.values import only_string
from checkrein.code.harm import telling
from checkrein.code.harm.telling import Told

if TYPE_CHECKING:
    from checkrein.code.domain.abstract import Abstract
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter
    from checkrein.model import Symbol


def compared(run: Interpreter, test: ir.Compare, scope: Scope) -> Told:
    """Return what it tells that two values are the same: ``event.httpMethod === "GET"``."""
    return _told(run, test.left, test.right, scope) or _told(run, test.right, test.left, scope)


def begins(run: Interpreter, subject: ir.Node, head: Abstract, scope: Scope) -> Told:
    """``event.path.startsWith("/admin")``."""
    text = only_string(head)
    field, form = _field(run, subject, scope)
    return _facts(said(BELOW, text), form) if text and field == PATH else telling.NOTHING


def _told(run: Interpreter, subject: ir.Node, other: ir.Node, scope: Scope) -> Told:
    if not isinstance(other, (ir.Constant, ir.Name, ir.Attribute)):
        return telling.NOTHING
    text = only_string(run.evaluate(other, scope))
    field, form = _field(run, subject, scope) if text is not None else ("", "")
    return _facts(said(field, text), form) if field and text is not None else telling.NOTHING


def _facts(fact: Symbol, form: str) -> Told:
    """Return what is known of a request, and of which form its event then is."""
    every = [fact, said(FORM, form)] if form else [fact]
    return Told(dict.fromkeys(every, uses.bits("caller")), {})


def _field(run: Interpreter, subject: ir.Node, scope: Scope) -> tuple[str, str]:
    """Return what of the request an expression is and nothing else, and the form that has it.

    Twice "" if it is not that.
    """
    subject = telling.without_cases(subject)
    if not isinstance(subject, (ir.Name, ir.Attribute, ir.Subscript, ir.Call)):
        return "", ""
    value = run.evaluate(subject, scope)
    field = field_of(value)
    return field, form_of(value) if field else ""
