"""Comparisons of a password that callers show with one that a store has: both in clear."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checkrein.catalog import uses
from checkrein.catalog.secrets import may_name_secret
from checkrein.code.domain.things import Arguments
from checkrein.code.domain.values import CALL
from checkrein.code.harm.uses import record
from checkrein.model import Symbol

if TYPE_CHECKING:
    from checkrein.code.domain.abstract import Abstract
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

TEST = uses.Use("credential", ("(shown)", "(kept)"), always=True)
COMPARED = "compared"  # as what a site says that code compares passwords


def tested(run: Interpreter, left: Abstract, right: Abstract, at: Any, scope: Scope) -> None:
    """Record a comparison of what callers show with what a store has, if names may be passwords."""
    for shown, kept in ((left, right), (right, left)):
        if _is_shown(shown) and _is_kept(run, kept):
            record(run, TEST, COMPARED, Arguments(at, [shown, kept]), scope)
            return


def _is_shown(value: Abstract) -> bool:
    return any(_named(atom) and atom.owner == "event" for atom in value.atoms)


def _is_kept(run: Interpreter, value: Abstract) -> bool:
    stored = (a for a in value.atoms if _named(a) and a.owner.startswith(CALL))
    return any(run.recorder.seen[int(a.owner.removeprefix(CALL))].name[0] == "sdk" for a in stored)


def _named(atom: object) -> bool:
    return isinstance(atom, Symbol) and may_name_secret(atom.attribute.rpartition(".")[2])
