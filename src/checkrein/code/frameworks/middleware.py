"""middy: a handler with functions that run before and after it, on one request object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Arguments, Library, Structure, native
from checkrein.code.domain.values import NOTHING, constant, join, join_all, symbolic
from checkrein.code.frameworks import passing
from checkrein.code.frameworks.objects import modelled, value
from checkrein.code.harm import facts, proofs, uncaught, unfollowed, validators
from checkrein.code.running import calls

if TYPE_CHECKING:
    from collections.abc import Callable

    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

    Method = Callable[[Arguments], Abstract]

LANGUAGE = "javascript"
MIDDY = frozenset(("@middy/core", "middy", "@middy/core.default"))


def call(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract | None:
    """Return the handler that ``middy(handler)`` makes, else None."""
    if one.name not in MIDDY:
        return None
    return Chain(run, given.first(), scope).object


class Chain:
    """A handler and its middleware."""

    def __init__(self, run: Interpreter, handler: Abstract, scope: Scope) -> None:
        self.run = run
        self.scope = scope
        self.inner = handler
        self.validators: list[Library] = []
        self.asks = False  # some of it is not here, and may ask who calls
        self.stages: dict[str, list[Abstract]] = {"before": [], "after": [], "onError": []}
        made = modelled(run, {}, use=self._use, handler=self._handler, __call__=self._call)
        for name in self.stages:
            made.methods[name] = native(name, self._stage(name))
        self.object = value(made)

    def _use(self, given: Arguments) -> Abstract:
        """``use(middleware)``, ``use([first, second])``: objects with before and after."""
        for one in given.first().things:
            if isinstance(one, Structure) and one.kind == "list":
                for inner in (*one.fields.values(), one.element):
                    self._use(Arguments(given.at, [inner]))
            elif isinstance(one, Library) and one.module == validators.MIDDY:
                self.validators.append(one)
            elif isinstance(one, Library) and unfollowed.may_ask(one, LANGUAGE):
                self.asks = True
            elif isinstance(one, Structure):
                for name in self.stages.keys() & one.fields.keys():
                    self.stages[name].append(one.fields[name])
        return self.object

    def _stage(self, name: str) -> Method:
        def perform(given: Arguments) -> Abstract:
            self.stages[name].append(given.first())
            return self.object

        return perform

    def _handler(self, given: Arguments) -> Abstract:
        self.inner = given.first()
        return self.object

    def _call(self, given: Arguments) -> Abstract:
        run = self.run
        run.mutated = -1
        run.repeated.unclear()
        request = run.structure("dict", {"event": given.first(), "context": given.first(1)})
        request.fields["internal"] = run.built("dict")
        passed = Arguments(given.at, [Abstract(things=(request,))])
        said, known = [], []
        for one in self.stages["before"]:
            run.running.taken()
            said.append(self._apply(one, passed))
            known += [passing.let_through(run, "middy", thing, None) for thing in one.things[:1]]
        early = join_all(said)
        every = [request.fields["event"], request.fields["context"]]
        checked = validators.validated(run, self.validators, self.scope)
        with uncaught.Catching(run), checked:
            for found in known:
                facts.learn(run, found or {})
            if self.asks:
                facts.learn(run, proofs.of(unfollowed.PERHAPS))
            result = calls.apply(run, self.inner, Arguments(given.at, every), self.scope)
        request.fields["response"] = result
        for one in reversed(self.stages["after"]):
            self._apply(one, passed)
        request.fields["error"] = symbolic("error")
        for one in self.stages["onError"]:
            self._apply(one, passed)
        return join(request.fields["response"], early if early != constant(None) else NOTHING)

    def _apply(self, function: Abstract, passed: Arguments) -> Abstract:
        answering, self.run.answering = self.run.answering, ""
        try:
            return calls.apply(self.run, function, passed, self.scope)
        finally:
            self.run.answering = answering
