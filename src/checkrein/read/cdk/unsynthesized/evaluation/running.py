"""Running a program over what is known, both ways where nobody knows which it goes."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path as File
from typing import Any

from checkrein import files
from checkrein.code import ir
from checkrein.model import Place
from checkrein.read.cdk.unsynthesized.evaluation import calls, making, values
from checkrein.read.cdk.unsynthesized.evaluation.expressions import EXPRESSIONS
from checkrein.read.cdk.unsynthesized.evaluation.modules import Modules
from checkrein.read.cdk.unsynthesized.evaluation.statements import STATEMENTS
from checkrein.read.cdk.unsynthesized.evaluation.things import (
    MISSING,
    RETURN,
    Enough,
    Frame,
    Function,
    Given,
    Leaves,
    Scope,
    Thrown,
)
from checkrein.read.cdk.unsynthesized.trace import (
    HOME,
    Called,
    New,
    Trace,
    Traced,
    Unknown,
)
from checkrein.read.paths import inside

MOST_STEPS = 100_000  # the longest of fifty programs took 22,000
MOST_LOST = 500
DEEPEST = 40  # calls within each other
BIGGEST = 1_000_000  # bytes of a file that a program reads
Way = Callable[[], Leaves | None]
Running = tuple[ir.Lambda, list[Traced]]  # a function, and what it is called on and with
Written = tuple[dict[Any, Traced], Any]  # a container, and the key that was written


class Evaluation:
    """One run of a program: what is done, what was lost, and whether what is done now is sure.

    ``written`` notes what is overwritten on a way that may not be gone, to take it back.
    """

    def __init__(self, root: File, app: str, context: dict[str, Any]) -> None:
        self.root = root
        self.app = app
        self.context = context
        self.modules = Modules(root, app)
        self.done: list[New | Called] = []
        self.lost: dict[tuple[str, Place], Unknown] = {}
        self.sure = True
        self.written: list[tuple[Written, Traced]] | None = None
        self.catches = 0  # of what is thrown, around what runs
        self.running: list[Running] = []  # the calls that are gone into
        self._steps = 0

    @property
    def trace(self) -> Trace:
        return Trace(self.done, list(self.lost.values()))

    # --------------------------------------------------------------------------- statements

    def run(self, body: tuple[ir.Node, ...], scope: Scope) -> Leaves | None:
        """Run statements; return how they end where they end early."""
        for statement in body:
            if isinstance(statement, ir.Define):
                scope.names[statement.function.name] = Function(
                    statement.function, scope, scope.frame.home
                )
        for statement in body:
            handler = STATEMENTS.get(type(statement))
            found = handler(self, statement, scope) if handler else None
            if found is not None:
                return found
        return None

    def evaluate(self, node: ir.Node, scope: Scope) -> Traced:
        """Return an expression's value."""
        self.spend(1)
        handler = EXPRESSIONS.get(type(node))
        if handler is None:
            return self.lose("an expression of a kind that is not followed", node, scope)
        return handler(self, node, scope)

    def spend(self, steps: int) -> None:
        """Count what a program takes of what is taken of one."""
        self._steps += steps
        if self._steps > MOST_STEPS:
            raise Enough

    def truth(self, node: ir.Node, scope: Scope) -> bool | None:
        """Return whether a condition holds, None where that is not known."""
        return values.truth(self.evaluate(node, scope), python=scope.is_python)

    # ------------------------------------------------------------------------ what is not known

    @staticmethod
    def place(node: ir.Node, scope: Scope) -> Place:
        return Place(scope.path, *node.at)

    def unknown(self, why: str, node: ir.Node, scope: Scope) -> Unknown:
        return Unknown(why, self.place(node, scope))

    def lose(self, why: str, node: ir.Node, scope: Scope) -> Unknown:
        """Return a value that is not known, and note that something was not followed."""
        return self.note(why, self.place(node, scope))

    def note(self, why: str, place: Place) -> Unknown:
        found = Unknown(why, place)
        if len(self.lost) < MOST_LOST:
            return self.lost.setdefault((why, place), found)
        return found

    # --------------------------------------------------------------------------------- calls

    def call(self, function: Function, given: Given) -> Traced:
        """Return what a function of the program gives."""
        return calls.call(self, function, given)

    def apply(self, function: Traced, given: Given) -> Traced:
        """Return what calling any value gives."""
        return calls.apply(self, function, given)

    def did(self, of: Traced, name: str, given: Given) -> Traced:
        """Note that a package's function or method is called."""
        return making.did(self, of, name, given)

    @contextmanager
    def deeper(self, call: Running) -> Iterator[bool]:
        """Go into a call; gives whether that is not too deep yet."""
        self.running.append(call)
        try:
            yield len(self.running) <= DEEPEST
        finally:
            self.running.pop()

    # --------------------------------------------------------------------------------- files

    def _inside(self, path: str) -> str | None:
        """Return a file that a program names as a path within the scanned folder."""
        whole = posixpath.normpath(posixpath.join(HOME, self.app, path))
        below = whole.removeprefix(HOME).lstrip("/")
        return below if whole.startswith(HOME) and inside(below) else None

    def file(self, path: str) -> Traced:
        """Return a file's text."""
        found = self._inside(path)
        try:
            if found is not None and files.size(self.root / found) <= BIGGEST:
                return files.text(self.root / found, errors="replace")
        except (OSError, ValueError):
            pass
        return Unknown(f"what the file {path} says", Place(found or path, 0))

    def is_there(self, path: str) -> Traced:
        """Tell whether a file or folder is there; what is built may be later."""
        found = self._inside(path)
        if found is not None and files.exists(self.root / found):
            return True
        return Unknown(f"whether {path} is there", Place(found or path, 0))

    def listed(self, path: str) -> Traced:
        """Return the names in a folder."""
        found = self._inside(path)
        if found is None or not files.is_folder(self.root / found):
            return Unknown(f"what is in {path}", Place(found or path, 0))
        return sorted(files.names(self.root / found))

    def data(self, path: str, place: Place) -> Traced:
        """Return what a JSON file of the program says."""
        found = self.file(f"{HOME}/{path}")
        try:
            return json.loads(found) if isinstance(found, str) else found
        except (ValueError, RecursionError):
            return self.note(f"{path} cannot be read", place)

    # ----------------------------------------------------------------------------- both ways

    def put(self, container: dict[Any, Traced], key: Any, value: Traced) -> None:
        """Write a variable, a field or an entry; MISSING takes it away."""
        if self.written is not None:
            self.written.append(((container, key), container.get(key, MISSING)))
        if value is MISSING:
            container.pop(key, None)
        else:
            container[key] = value

    def maybe(self, way: Way, frame: Frame) -> Leaves | None:
        """Go a way that nobody knows whether the program goes."""
        return self.ways([way, lambda: None], frame)

    def ways(self, ways: list[Way], frame: Frame) -> Leaves | None:
        """Go every way that a call may go, each from the same state; join what they leave.

        One that throws is not where the program went on.
        """
        sure, outer = self.sure, self.written
        left: list[Leaves | None] = []
        states: list[list[tuple[Written, Traced]]] = []
        thrown: Thrown | None = None
        for way in ways:
            self.written, self.sure = [], False
            self.catches += 1
            try:
                left.append(way())
            except Thrown as error:
                thrown = error
                self._undone()
            else:
                states.append(self._undone())
            finally:
                self.written, self.sure = outer, sure
                self.catches -= 1
        if not left and thrown is not None:
            raise thrown
        self.spend(sum(map(len, states)) // 4)
        self._join(left, states)
        return self._left(left, frame)

    def _undone(self) -> list[tuple[Written, Traced]]:
        """Take back what was written on a way; return what it was."""
        found: dict[tuple[int, Any], tuple[Written, Traced]] = {}
        for (container, key), _ in self.written or ():
            found[id(container), key] = ((container, key), container.get(key, MISSING))
        for (container, key), old in reversed(self.written or ()):
            if old is MISSING:
                container.pop(key, None)
            else:
                container[key] = old
        return list(found.values())

    def _join(self, left: list[Leaves | None], states: list[list[tuple[Written, Traced]]]) -> None:
        going = [state for leaves, state in zip(left, states, strict=True) if leaves is None]
        found: dict[tuple[int, Any], tuple[Written, list[Traced]]] = {}
        for state in going or states:
            for (container, key), value in state:
                slot = found.setdefault((id(container), key), ((container, key), []))
                slot[1].append(value)
        count = len(going or states)
        for (container, key), among in found.values():
            if len(among) < count:
                among.append(container.get(key, MISSING))
            known = [value for value in among if value is not MISSING]
            self.put(container, key, values.choice(known) if known else MISSING)

    def _left(self, left: list[Leaves | None], frame: Frame) -> Leaves | None:
        """Return how several ways end; where only some end early, the rest is not sure."""
        early = [leaves for leaves in left if leaves is not None]
        if not early:
            return None
        if len(early) == len(left) and len({leaves.how for leaves in early}) == 1:
            return Leaves(early[0].how, values.choice([leaves.value for leaves in early]))
        frame.early += [leaves.value for leaves in early if leaves.how == RETURN]
        if len(early) == len(left):
            return next(leaves for leaves in early if leaves.how != RETURN)
        self.sure = False
        return None
