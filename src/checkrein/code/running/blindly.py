"""Functions that libraries call, of whose arguments only the origins are known.

A table's description or a chain of middleware holds dozens of functions, and every library that is
given it may call them all. What such a function does with content of one kind, it does with all
content of that kind: where it told nothing several times in a row, it is not asked again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from checkrein.code.domain import arms
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.scopes import FACTS
from checkrein.code.domain.things import Closure
from checkrein.code.domain.values import CALL, NOTHING, constant, derived, families, join, symbolic
from checkrein.code.harm import facts

if TYPE_CHECKING:
    from collections.abc import Hashable

    from checkrein.code.domain.abstract import Sources
    from checkrein.code.running.interpreter import Interpreter

SILENT: Final = 2  # calls in a row that told nothing, after which a function is asked no more
MANY: Final = 1 << 60
# What a library hands on to functions that it was given while modules were loaded.
HANDED_ON = {"event": symbolic("event"), "context": symbolic("context")}
ERRORS = frozenset(("err", "error", "e", "exception"))  # what callbacks name their first parameter


class Heard:
    """What calls of some functions with content of one kind have given."""

    __slots__ = ("depth", "result", "silent")

    def __init__(self) -> None:
        self.silent = 0  # calls in a row
        self.depth = 0  # of the shallowest of these: deeper down, less is followed
        self.result = NOTHING


class Asking:
    """One blind call, from before it is answered or made until it has been.

    What functions return that take something is of no interest to who calls them blindly.
    """

    __slots__ = ("_active", "_before", "_heard", "_takes")

    def __init__(self, run: Interpreter, function: Abstract, sources: Sources) -> None:
        closures = [one for one in function.things if isinstance(one, Closure)]
        self._active = any(run.active.get(id(one.definition)) for one in closures)
        self._takes = takes(function)
        kinds = _kinds(run, sources) if self._takes else None
        frame = run.running.frame
        known = None if frame is None else frame.names.get(FACTS)
        self._heard = run.repeated.heard.setdefault(
            (function, run.waited, run.epoch, kinds, known), Heard()
        )
        self._before = (0, MANY, 0)

    def answered(self, run: Interpreter) -> Abstract | None:
        """Return the result of a function that tells nothing, None if it must be called."""
        heard = self._heard
        return None if heard.silent < SILENT or run.depth < heard.depth else heard.result

    def begin(self, run: Interpreter) -> None:
        """See that the function is about to be called."""
        self._before = (run.recorder.news, run.mutated, run.births)
        run.mutated = MANY

    def end(self, run: Interpreter, result: Abstract) -> None:
        """See that the function has been called."""
        news, mutated, births = self._before
        heard = self._heard
        silent = news == run.recorder.news and run.mutated > births and not self._active
        run.mutated = min(run.mutated, mutated)
        if not self._takes:
            known = arms.forgotten(result)
            silent, heard.result = silent and known == heard.result, known
        heard.depth = min(heard.depth, run.depth) if silent and heard.silent else run.depth
        heard.silent = heard.silent + 1 if silent else 0


def takes(function: Abstract) -> bool:
    """Tell whether functions take arguments: what those return that do not, a library hands on."""
    return not all(
        isinstance(one, Closure) and not one.definition.parameters for one in function.things
    )


def _kinds(run: Interpreter, sources: Sources) -> frozenset[Hashable]:
    """Return what is known of content but for its name: who sent it, what it is harmless for."""
    found: set[Hashable] = set()
    for symbol in facts.checked(run, Abstract(sources=sources)).sources:
        owner: Hashable = symbol.owner
        if symbol.owner.startswith(CALL):
            owner = run.recorder.seen[int(symbol.owner.removeprefix(CALL))].name
        found.add((owner, families(symbol)))
    return frozenset(found)


def handed(run: Interpreter, function: Abstract, sources: Sources) -> list[Abstract]:
    """Return what a library hands a function, as far as the function's parameters tell."""
    value = derived(sources)
    names = [
        [getattr(parameter.pattern, "id", "") for parameter in one.definition.parameters]
        for one in function.things
        if isinstance(one, Closure)
    ]
    longest = max(names, key=len, default=[""])
    every = [HANDED_ON.get(name, value) if run.waited else value for name in longest]
    if len(longest) > 1 and longest[0] in ERRORS:
        every[0] = join(symbolic("error"), constant(None))
    return every
