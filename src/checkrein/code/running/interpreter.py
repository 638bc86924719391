"""Runs lowered code over abstract values: the state of one run and the dispatch over nodes.

Every branch is taken, every loop twice, every known call inlined (``calls.py``). A run is bounded
by steps and depth; what a bound cuts off is said in ``partial``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from checkrein.code.domain.abstract import EMPTY, Abstract
from checkrein.code.domain.scopes import Scope
from checkrein.code.domain.things import Closure, Structure
from checkrein.code.domain.values import NOTHING, constant, plain
from checkrein.code.harm.facts import Running
from checkrein.code.harm.state import State
from checkrein.code.libraries.registry import Registry
from checkrein.code.libraries.temporary import TemporaryFiles
from checkrein.code.running import expressions, refinement, statements
from checkrein.code.running.recorder import Recorder
from checkrein.code.running.repeated import Repeated
from checkrein.code.running.seen import Site
from checkrein.model import Evidence, Place, Symbol

if TYPE_CHECKING:
    from checkrein.code import ir
    from checkrein.code.domain.abstract import Sources
    from checkrein.code.domain.scopes import Source
    from checkrein.code.harm.outcomes import Outcome
    from checkrein.code.loading.modules import Modules
    from checkrein.code.running.environment import Surroundings

EMPTY_ANSWER: Final = constant(None)
STEPS = 120_000  # of any function, and one more for each byte of its code; most take 5,000 at most
MOST_STEPS = 300_000  # three seconds of most code, ten of code with very wide values
MANY = 1 << 60


class StepLimit(Exception):
    """The run is too long; what was learnt so far stands."""


class Interpreter:
    """One run over one program of a function; several programs may have one recorder."""

    def __init__(self, modules: Modules, recorder: Recorder, surroundings: Surroundings) -> None:
        self.modules, self.surroundings = modules, surroundings
        self.recorder = recorder
        self.steps, self.limit, self.depth = 0, STEPS, 0
        self.epoch, self.rounds = 0, 1  # how often loops run what is running; see ``written``
        self.partial: list[str] = []
        self.path: list[tuple[str, Place]] = []  # calls of the program's own functions
        self.source: Source | None = None  # the file that is running
        self.branches = [0]
        self.arms: list[tuple[int, int] | None] = [None]  # of branchings, as far as they run
        self.decided: dict[int, statements.Decided] = {}  # by the identity of the arm
        self.fields_set: set[int] = set()  # branchings in whose arms structures changed
        self.branchings = self.branch_count = self.births = 0
        self.mutated = MANY
        self.memo: dict[object, tuple[Abstract, Outcome | None] | None] = {}
        self.repeated = Repeated()
        self.running = recorder.running = Running()
        self.state = State()
        self.waiting: list[
            tuple[Abstract, Sources, Scope, ir.Span]
        ] = []  # functions given to libraries while modules load
        self.waited = False  # the handler has returned; it is their turn
        self.loading = 0
        self.active: dict[int, int] = {}
        self.called: dict[int, int] = {}  # definition -> how often others than itself called it
        self.answering = ""  # while the handler ("whole") or a route ("body") may return
        self.raised: Sources = EMPTY  # what flowed into errors since the last try began
        # the file is run, not imported for its handler, which answers by a function it is given
        self.program = self.takes_callback = False
        self.temporary = TemporaryFiles()
        self.sdk_options = NOTHING  # what code sets for every client of an SDK
        self.injected: dict[str, Abstract] = {}  # what middleware adds to context and environment
        self.registry = Registry()
        self._properties: dict[tuple[int, int], Structure] = {}

    def lengthen(self, size: int) -> None:
        """Allow the steps that some bytes of code more may take."""
        self.limit = min(self.limit + size, MOST_STEPS)

    def end(self) -> None:
        """Let go of everything, which refers to itself all over: nothing is left to collect."""
        for scope in self.modules.scopes.values():
            scope.names.clear()
        for held in (self.memo, self.waiting, self.injected, self._properties, self.decided):
            held.clear()
        self.repeated = Repeated()
        self.source, self.running, self.state = None, Running(), State()
        self.temporary, self.registry = TemporaryFiles(), Registry()

    def evaluate(self, node: ir.Node, scope: Scope) -> Abstract:
        self.steps += 1
        if self.steps > self.limit:
            raise StepLimit
        return expressions.RULES[type(node)](self, node, scope)

    def settled(self, test: ir.Node, value: Abstract, scope: Scope) -> bool | None:
        """Return what a test always says where it has a value, None where that is not known."""
        said = self.surroundings.truth(value)
        return refinement.settled(test, scope) if said is None else said

    def execute(self, body: tuple[ir.Node, ...], scope: Scope) -> bool:
        """Run statements; tell whether the end can not be reached."""
        rules = statements.RULES
        for node in body:
            self.steps += 1
            if self.steps > self.limit:
                raise StepLimit
            if rules[type(node)](self, node, scope):
                return True
        return False

    def structure(
        self,
        kind: str = "dict",
        fields: dict[str, Abstract] | None = None,
        element: Abstract = NOTHING,
    ) -> Structure:
        self.births += 1
        made = Structure(kind, fields, element, None, self.branches[-1])
        made.serial = self.births
        return made

    def built(
        self,
        kind: str = "dict",
        fields: dict[str, Abstract] | None = None,
        element: Abstract = NOTHING,
    ) -> Abstract:
        return Abstract(things=(self.structure(kind, fields, element),))

    def from_json(self, value: Any) -> Abstract:
        """Return plain JSON as a value."""
        if isinstance(value, dict):
            return self.built("dict", {name: self.from_json(part) for name, part in value.items()})
        if isinstance(value, list):
            return self.built("list", {str(i): self.from_json(v) for i, v in enumerate(value)})
        return constant(value)

    def place(self, at: ir.Span, source: Source) -> Place:
        """Return where a span stands in the file that the user wrote."""
        line, column, end_line, end_column = at
        if source.inline is not None:
            line, column = source.inline.position(line, column)
            last = min(end_column - 1, 1)  # the end is exclusive: what it ends stands before it
            end_line, end_column = source.inline.position(end_line, end_column - last)
            end_column += last
        return Place(source.path, line, column, end_line, end_column)

    def site(self, at: ir.Span, scope: Scope) -> Site:
        named = ((name, place) for name, place in self.path[1:] if name)  # callbacks say nothing
        steps = tuple(Evidence(f"calls {name}", place) for name, place in named)
        return Site(self.place(at, scope.source), steps)

    def named(self, symbol: Symbol, at: ir.Span, scope: Scope) -> None:
        """Record that the code names a field."""
        if plain(symbol) not in self.recorder.reads:
            self.recorder.read(symbol, self.place(at, scope.source))
        else:
            self.recorder.read_again(symbol)

    def respond(self, value: Abstract, at: ir.Span, scope: Scope) -> None:
        """Record what the handler answers."""
        functions = value.things and all(isinstance(one, Closure) for one in value.things)
        if value and value != EMPTY_ANSWER and not functions:
            self.recorder.call(("response", "", ""), self.site(at, scope), value)

    def scope(self, parent: Scope) -> Scope:
        """Return a new scope inside another."""
        return Scope(parent.source, parent)

    def properties(self, closure: Closure) -> Structure:
        """Return what is assigned to a function as if it were an object (``prototype`` too)."""
        key = (id(closure.definition), id(closure.scope))
        known = self._properties.get(key)
        if known is None:
            known = self._properties[key] = self.structure("dict")
            known.fields["prototype"] = self.built("dict")
        return known

    def branch(self, arm: tuple[int, int] | None = None) -> Branch:
        """While it lasts, assignments to older structures join instead of replacing.

        ``arm`` is the number of a branching and of the arm that runs.
        """
        return Branch(self, arm)

    def inside(self, closure: Closure, at: ir.Span) -> Inside:
        """While it lasts, one more function of the program is running, called at a span."""
        return Inside(self, closure, at)


class Branch:
    """An arm that runs; see ``Interpreter.branch``."""

    __slots__ = ("arm", "run")

    def __init__(self, run: Interpreter, arm: tuple[int, int] | None) -> None:
        self.run = run
        self.arm = arm

    def __enter__(self) -> None:
        run = self.run
        run.branch_count += 1
        run.branches.append(run.branch_count)
        run.arms.append(self.arm)

    def __exit__(self, *error: object) -> None:
        self.run.branches.pop()
        self.run.arms.pop()


class Inside:
    """A function that runs; see ``Interpreter.inside``."""

    __slots__ = ("at", "caller", "closure", "run")

    def __init__(self, run: Interpreter, closure: Closure, at: ir.Span) -> None:
        self.run = run
        self.closure = closure
        self.at = at
        self.caller = run.source

    def __enter__(self) -> None:
        run, definition = self.run, self.closure.definition
        run.depth += 1
        run.active[id(definition)] = run.active.get(id(definition), 0) + 1
        source = self.closure.scope.source
        run.path.append((definition.name, run.place(self.at, self.caller or source)))
        run.source = source

    def __exit__(self, *error: object) -> None:
        run = self.run
        run.source = self.caller
        run.path.pop()
        run.active[id(self.closure.definition)] -= 1
        run.depth -= 1
