"""Containers of modules that every invocation adds to and that nothing limits.

Code limits one where it takes something out, gives its name another value, makes it with a bound,
or asks how much is in it. A container that holds under each key what was made of that key is a
memory of results and no growth: it holds as much as there are keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein import files
from checkrein.code import ir
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.values import plain
from checkrein.code.harm import state
from checkrein.code.harm.pollution import nodes
from checkrein.code.running import again
from checkrein.code.running.recorder import USE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checkrein.code.domain.abstract import Sources
    from checkrein.code.running.interpreter import Interpreter

FAMILY = "growth"
TAKING = state.EMPTYING | {"delete", "remove", "discard", "removeAt", "evict", "reset"}
SIZES = frozenset(("length", "size"))
BOUNDS = frozenset(("maxlen", "maxsize", "max", "maxSize", "max_size"))
MAKERS = frozenset(("__init__", "constructor"))  # what they set, they set once


def record(run: Interpreter) -> None:
    """Record the containers that an invocation of the handler, which just ran, made larger."""
    found = [(slot, told) for slot in run.state.slots.values() if (told := _added(run, slot))]
    if not found:
        return
    limited = {name for module, _ in run.modules.lowered for name in _names(Whole(module))}
    for slot, told in found:
        if _last(slot.name) not in limited:
            value = Abstract(sources=told, open=True)
            run.recorder.call(
                (USE, FAMILY, slot.name), slot.site, run.built("dict", {"value": value})
            )


def _added(run: Interpreter, slot: state.Slot) -> Sources:
    """Return what of the event an invocation adds to a container."""
    if slot.key != state.ITEMS or isinstance(slot.holder, str):
        return frozenset()
    keys = {plain(s) for s in slot.keys}
    told = {plain(s) for s in again.told(run, slot)}
    return frozenset(s for s in told - keys if s.owner == "event")


class Whole:
    """A module as itself: equal to nothing else, so that it is asked about once in a scan."""

    def __init__(self, module: ir.Module) -> None:
        """Hold a module, so that no other can be taken for it."""
        self.module = module

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Whole) and self.module is other.module

    def __hash__(self) -> int:
        return id(self.module)


@files.remembered
def _names(whole: Whole) -> frozenset[str]:
    return frozenset(_limited(whole.module))


def _limited(module: ir.Module) -> Iterator[str]:
    """Yield the names, without what they are of, that code keeps from growing."""
    outside = {id(one) for one in module.body}
    made = {
        id(one)
        for each in nodes(module.body)
        if isinstance(each, ir.ClassExpression)
        for name, method, _ in each.methods
        if name in MAKERS
        for one in nodes(method.body)
    }
    for one in nodes(module.body):
        if isinstance(one, (ir.Assign, ir.Assignment)):
            if _is_bounded(one.value) or (id(one) not in outside | made and not _is_new(one)):
                yield from _assigned(one)
        elif isinstance(one, ir.Call):
            yield from _taken(one)
        elif isinstance(one, ir.Compare):
            yield from _measured(one)
        elif isinstance(one, ir.Operation) and one.operator == "delete":
            yield from (_last(state.spelled(o)) for part in one.operands for o in _held(part))


def _is_new(one: ir.Assign | ir.Assignment) -> bool:
    """Tell whether a name is declared here, or gets what it had and more."""
    if isinstance(one, ir.Assign) and one.kind:
        return True
    name = state.spelled(one.target)
    return isinstance(one.value, (ir.Operation, ir.Sequence)) and any(
        state.spelled(part) == name
        for part in nodes(one.value)
        if isinstance(part, (ir.Name, ir.Attribute))
    )


def _is_bounded(value: ir.Node) -> bool:
    """``deque(maxlen=100)``, ``new LRUCache({ max: 100 })``."""
    return isinstance(value, ir.Call) and any(
        (isinstance(part, ir.Keyword) and part.name in BOUNDS)
        or (isinstance(part, ir.Constant) and part.value in BOUNDS)
        for part in nodes(value.arguments)
    )


def _assigned(one: ir.Assign | ir.Assignment) -> Iterator[str]:
    target = one.target
    if isinstance(target, ir.Subscript) and isinstance(target.index, ir.Slice):
        target = target.value
    if isinstance(target, (ir.Name, ir.Attribute)):
        yield _last(state.spelled(target))


def _taken(one: ir.Call) -> Iterator[str]:
    function = one.function
    if isinstance(function, ir.Attribute) and function.name in TAKING:
        yield _last(state.spelled(function.value))


def _measured(one: ir.Compare) -> Iterator[str]:
    for part in nodes((one.left, one.right)):
        if isinstance(part, ir.Attribute) and part.name in SIZES:
            yield _last(state.spelled(part.value))
        elif isinstance(part, ir.Call) and state.spelled(part.function) == "len":
            yield from (_last(state.spelled(given.value)) for given in part.arguments)


def _held(part: ir.Node) -> Iterator[ir.Node]:
    if isinstance(part, (ir.Subscript, ir.Attribute)):
        yield part.value


def _last(name: str) -> str:
    return name.removesuffix("[]").rpartition(".")[2]
