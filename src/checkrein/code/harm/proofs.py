"""Code that asks who calls by what only they have: a shared secret, a signature, a token.

What comes after such a test is reached by who holds the secret, not by anyone. A *proof* is a fact
of the frame that runs, like what tests tell of symbols (``harm.facts``): it holds for the branch,
in what that calls, and for the caller of a function that returns or raises by the test. What code
compares with a text of its own proves nothing, and neither do two values of the same request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from checkrein.catalog import uses
from checkrein.catalog.asking import is_shown
from checkrein.catalog.secrets import keeps_secret, shows_secret
from checkrein.catalog.tokens import SIGNED_ANEW, is_caller
from checkrein.code import ir
from checkrein.code.domain.scopes import PROOF
from checkrein.code.domain.things import Arguments, Library
from checkrein.code.domain.values import CALL, only_string, sources_of
from checkrein.code.harm import ranks, telling
from checkrein.code.harm.telling import Told
from checkrein.code.harm.uses import record
from checkrein.model import Symbol

if TYPE_CHECKING:
    from checkrein.code.domain.abstract import Abstract
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.harm.telling import Facts
    from checkrein.code.running.interpreter import Interpreter

SECRET = Symbol(PROOF, "secret")
SIGNED = uses.Use("signature", ("one", "other"), always=True)
SECRETS = frozenset(("secretsmanager", "kms"))  # services that give or open secrets
PARAMETERS = "ssm"
READING = frozenset(("GetItem", "Query", "Scan", "Select"))  # of what a store holds
BESIDE = frozenset(("hash", "random", "clock"))  # uses that add their own symbol to what goes in


class Pending(NamedTuple):
    """What a library's function proves by having returned, until its call has been evaluated."""

    at: ir.Span
    proof: Symbol
    later: bool  # where its promise was awaited


def of(proof: Symbol) -> Facts:
    """Return a proof as a fact."""
    return {proof: uses.bits("caller")}


# ------------------------------------------------------------------------------ tests


def compared(run: Interpreter, test: ir.Compare, scope: Scope) -> Told:
    """``event.headers["x-api-key"] === process.env.KEY``; ``key in KEYS``."""
    if isinstance(test.left, ir.Constant) or isinstance(test.right, ir.Constant):
        return telling.NOTHING
    sides = [run.evaluate(side, scope) for side in (test.left, test.right)]
    told = _same(run, *sides)
    if told and any(_is_signed(run, side) for side in sides):
        record(run, SIGNED, SIGNED_ANEW, Arguments(test.at, sides), scope)
    return told


def called(run: Interpreter, test: ir.Call, scope: Scope, *, awaited: bool) -> Told:
    """Return what it proves that a function of a library says yes.

    One of the program's own counts by its name: how it compares each letter nobody follows.
    """
    function = test.function
    name = _name(function)
    nodes = [one.value for one in test.arguments if not one.name]
    if isinstance(function, ir.Attribute) and name in uses.proving("holding") and len(nodes) == 1:
        nodes.append(function.value)  # digest.equals(other), KEYS.includes(key)
        sides = [run.evaluate(node, scope) for node in nodes]
        return telling.united((_same(run, *sides), Told(ranks.compared(run, *sides), {})))
    if not uses.may_prove(name):
        return telling.NOTHING
    values = [run.evaluate(node, scope) for node in nodes]
    if uses.compares(name):
        return _same(run, *values) if len(values) == 2 else telling.NOTHING  # noqa: PLR2004
    for one in run.evaluate(function, scope).things:
        how = uses.proof(one.module, name) if isinstance(one, Library) else None
        if not isinstance(one, Library) or how is None or how.raises:
            continue
        if (awaited or not how.later) and _checks(one, how, values):
            return Told(of(SECRET), {})
    return telling.NOTHING


def may_tell(test: ir.Node) -> bool:
    """Tell whether an expression is a call whose answer may prove who calls."""
    call = test.value if isinstance(test, ir.Await) else test
    return isinstance(call, ir.Call) and uses.may_prove(_name(call.function))


def _name(function: ir.Node) -> str:
    if isinstance(function, ir.Attribute):
        return function.name
    return function.id if isinstance(function, ir.Name) else ""


def _same(run: Interpreter, one: Abstract, other: Abstract) -> Told:
    """Return what it proves that two values are the same: one is shown, the other kept secret."""
    for shown, kept in ((one, other), (other, one)):
        fields = _shown(run, shown)
        named = any(shows_secret(field) or is_shown(field) for field in fields)
        if fields and _is_kept(run, kept, named=named):
            return Told(of(SECRET), {})
    return telling.NOTHING


def _shown(run: Interpreter, value: Abstract) -> list[str]:
    """Return the fields of the request that all of a value is from, none if more is in it."""
    sources = [symbol for symbol in sources_of(value) if not is_beside(run, symbol)]
    return [symbol.attribute for symbol in sources] if all(map(_is_chosen, sources)) else []


def _is_chosen(symbol: Symbol) -> bool:
    return symbol.owner == "event" and not is_caller(symbol)


def _is_signed(run: Interpreter, value: Abstract) -> bool:
    """Tell whether a value is made of what the request says and of a secret: a signature anew."""
    sources = sources_of(value)
    keyed = any(_is_secret(run, symbol, named=True) for symbol in sources)
    return keyed and any(map(_is_chosen, sources))


def is_beside(run: Interpreter, symbol: Symbol) -> bool:
    """Tell whether a symbol says only which hash a value is."""
    name = _call(run, symbol)
    return name is not None and name[0] == "use" and name[1] in BESIDE


def _is_kept(run: Interpreter, value: Abstract, *, named: bool) -> bool:
    """Tell whether a secret is in a value, which is no field of the request either.

    ``named`` where the other side is shown as a secret, by its name.
    """
    if any(isinstance(atom, Symbol) and _is_chosen(atom) for atom in value.atoms):
        return False
    return any(_is_secret(run, symbol, named=named) for symbol in sources_of(value))


def _is_secret(run: Interpreter, symbol: Symbol, *, named: bool) -> bool:
    if symbol.owner == "env":
        return keeps_secret(symbol.attribute, shown=named)
    name = _call(run, symbol)
    if name is None or name[0] != "sdk":
        return False
    stored = named and name[2] in READING and is_shown(symbol.attribute)
    return stored or name[1] in SECRETS or (name[1] == PARAMETERS and named)


def _call(run: Interpreter, symbol: Symbol) -> tuple[str, str, str] | None:
    """Return the name of the call whose result a symbol is of."""
    number = symbol.owner.removeprefix(CALL)
    return run.recorder.seen[int(number)].name if number != symbol.owner else None


# ------------------------------------------------------------------------------ what raises


def given(run: Interpreter, one: Library, given: Arguments) -> None:
    """Note what a function of a library proves by not raising: ``constructEvent(body, …)``."""
    name = one.path.rpartition(".")[2]
    how = uses.proof(one.module, name) if uses.may_prove(name) else None
    if how is not None and how.raises and _checks(one, how, given.positional):
        run.running.proof = Pending(given.at, SECRET, how.later)


def opened(run: Interpreter, one: Library, token: Abstract, given: Arguments) -> None:
    """Note what a token proves that was opened; whether it was looked at, its call says."""
    later = one.path.rpartition(".")[2] in uses.proving("later")
    for atom in token.atoms:
        if isinstance(atom, Symbol) and atom.owner.startswith(CALL):
            run.running.proof = Pending(given.at, Symbol(PROOF, atom.owner), later)


def _checks(one: Library, how: uses.Proof, given: list[Abstract]) -> bool:
    """Tell whether something of the request is checked, with a key that the code does not say."""
    places = [*one.arguments[:1]] if how.key is None else given[how.key : how.key + 1]
    if any(only_string(value) is not None for value in places):
        return False
    others = [value for at, value in enumerate(given) if at != how.key]
    return any(_is_chosen(symbol) for value in others for symbol in sources_of(value))
