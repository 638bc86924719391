"""Calls that are made again and again, for what they change: answered by what they did before.

A call that changes its object cannot be answered by its result alone (``inlining.py``). Where the
same function was run for the same objects and the same other arguments, and neither its result nor
what the recorder knows became more by it twice, the next such call is answered by that result, and
by doing the same changes again. This is what keeps objects that make each other ready, such as the
services of a container, from multiplying.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from checkrein.code.domain import arms
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.configured import Configured
from checkrein.code.domain.scopes import FACTS
from checkrein.code.domain.things import Structure

if TYPE_CHECKING:
    from collections.abc import Callable

    from checkrein.code.domain.things import Arguments, Closure, Thing
    from checkrein.code.harm.outcomes import Outcome
    from checkrein.code.running.blindly import Heard
    from checkrein.code.running.interpreter import Interpreter

OFTEN: Final = 8  # runs of a function, from which on they are compared
QUIET: Final = 2  # runs that told nothing new, after which a call is answered by the last of them
CHANGES: Final = 200  # of one run; one that does more is run again
PARTS: Final = 40  # of arguments that are compared by what they hold
NESTING: Final = 2

Change = tuple[Structure, "Callable[[], object]"]  # of a structure; what does it again


class Known:
    """What is known of the runs of one function for the same objects and arguments."""

    __slots__ = ("changes", "depth", "outcome", "quiet", "result")

    def __init__(self) -> None:
        self.quiet = 0  # runs in a row that told nothing new
        self.depth = 0  # of the shallowest of these: deeper down, less is followed
        self.result = Abstract()
        self.outcome: Outcome | None = None
        self.changes: list[Change] = []


class Repeated:
    """The calls of one run, and the changes that the functions do which run now."""

    __slots__ = ("changes", "heard", "known", "levels", "runs")

    def __init__(self) -> None:
        self.known: dict[object, Known] = {}
        self.runs: dict[int, int] = {}  # by definition
        self.levels: dict[int, list[int]] = {}  # definition -> calls of itself, by how deep
        self.heard: dict[object, Heard] = {}  # of functions that libraries call
        self.changes: list[Change] | None = []  # None where some cannot be done again

    def forget(self) -> None:
        """Begin anew: another invocation finds other content."""
        self.known.clear()
        self.heard.clear()
        self.runs.clear()

    def changed(self, one: Structure, again: Callable[[], object]) -> None:
        """See a change of a structure."""
        if self.changes is not None:
            self.changes.append((one, again))
            if len(self.changes) > CHANGES:
                self.changes = None

    def unclear(self) -> None:
        """See a change that is not kept: whoever did it is run each time."""
        self.changes = None


class Call:
    """One call, from before it is answered or run until it has been."""

    __slots__ = ("around", "births", "key", "known", "news", "passed")

    def __init__(
        self, run: Interpreter, closure: Closure, given: Arguments, receiver: Abstract | None
    ) -> None:
        runs = run.repeated.runs
        identity = id(closure.definition)
        runs[identity] = often = runs.get(identity, 0) + 1
        self.passed: list[Structure] = []
        self.known: Known | None = None
        if often > OFTEN:
            key = self._key(run, closure, given, receiver)
            self.known = run.repeated.known.setdefault(key, Known())
        self.around: list[Change] | None = None
        self.births = self.news = 0

    def answered(self, run: Interpreter) -> Abstract | None:
        """Return the result that is known, if it is, after the changes that come with it."""
        known = self.known
        if known is None or known.quiet < QUIET or run.depth < known.depth:
            return None
        for _, change in known.changes:
            change()
        run.running.outcome = known.outcome
        return known.result

    def begin(self, run: Interpreter) -> None:
        """See that the function is about to run."""
        self.news, self.births = run.recorder.news, run.births
        self.around, run.repeated.changes = run.repeated.changes, []

    def end(self, run: Interpreter, result: Abstract) -> None:
        """See that it has run: what it changed, whoever called it has changed too."""
        done, around = run.repeated.changes, self.around
        lasting = None if done is None else [each for each in done if self._lasts(each[0])]
        run.repeated.changes = None if lasting is None or around is None else [*around, *lasting]
        known = self.known
        if known is None:
            return
        same = self.news == run.recorder.news and _is_same(result, known.result)
        if lasting is None or any(each[0] is one for each in lasting for one in self.passed):
            same = False
        known.depth = min(known.depth, run.depth) if same and known.quiet else run.depth
        known.quiet = known.quiet + 1 if same else 0
        known.result, known.outcome = result, run.running.outcome
        known.changes = lasting or []

    def _lasts(self, one: Structure) -> bool:
        """Tell whether a structure was there before the call."""
        return one.serial <= self.births

    def _key(
        self, run: Interpreter, closure: Closure, given: Arguments, receiver: Abstract | None
    ) -> tuple[Any, ...]:
        frame = run.running.frame
        return (
            closure.definition,
            closure.scope,
            run.epoch,
            None if frame is None else frame.names.get(FACTS),
            None if receiver is None else tuple([_state(one) for one in receiver.things]),
            tuple([self._of(value, 0) for value in given.positional]),
            tuple([(name, self._of(given.named[name], 0)) for name in sorted(given.named)]),
            self._of(given.rest, 0),
        )

    def _of(self, value: Abstract, depth: int) -> Any:
        """Return what makes values comparable: objects count as themselves, options by content."""
        things = tuple([self._thing(one, depth) for one in value.things])
        if type(value) is Configured:
            return (value.atoms, things, value.sources, value.open, value.rule)
        return (value.atoms, things, value.sources, value.open)

    def _thing(self, one: Thing, depth: int) -> Any:
        if not isinstance(one, Structure) or one.owner is not None or depth >= NESTING:
            return one
        if len(self.passed) + len(one.fields) > PARTS:
            return one
        self.passed.append(one)
        return (
            one.kind,
            tuple([(name, self._of(one.fields[name], depth + 1)) for name in sorted(one.fields)]),
            self._of(one.element, depth + 1),
            self._of(one.keys, depth + 1),
            self._of(one.rest, depth + 1),
        )


def _state(one: Thing) -> Any:
    """Return an object and what its own fields hold."""
    if not isinstance(one, Structure):
        return one
    fields = [(name, arms.forgotten(one.fields[name])) for name in sorted(one.fields)]
    return (one, tuple(fields), one.element)


def _is_same(one: Abstract, other: Abstract) -> bool:
    return arms.forgotten(one) == arms.forgotten(other)
