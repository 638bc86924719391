"""Calls: functions and classes of the program, what packages make and do, the platform."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from checkrein.code import ir
from checkrein.model import Place
from checkrein.read.cdk.unsynthesized.evaluation import values
from checkrein.read.cdk.unsynthesized.evaluation.access import member, of_class
from checkrein.read.cdk.unsynthesized.evaluation.making import (
    brought_up,
    consult,
    did,
    instance,
    made,
)
from checkrein.read.cdk.unsynthesized.evaluation.methods import method
from checkrein.read.cdk.unsynthesized.evaluation.platform import GLOBALS, platform
from checkrein.read.cdk.unsynthesized.evaluation.things import (
    MISSING,
    REST,
    RETURN,
    Builtin,
    Class,
    Frame,
    Function,
    Given,
    Live,
    Method,
    Own,
    Scope,
    Super,
)
from checkrein.read.cdk.unsynthesized.trace import (
    Called,
    Choice,
    Member,
    New,
    Package,
    Traced,
    Unknown,
)

if TYPE_CHECKING:
    from checkrein.read.cdk.unsynthesized.evaluation.running import Evaluation

__all__ = ["GLOBALS", "apply", "call", "called"]
LOADERS = ("require", "import")
NAMED = dict[str, Traced]  # arguments by name
TOO_DEEP = "calls that are too deep within each other"
ROUND = "a function that calls itself over what is not known"
OPEN = (Unknown, Member, Called)  # what nobody knows, or only a package
COMPILED = ("__importStar", "__importDefault", "__exportStar", "__createBinding")


def called(run: Evaluation, node: ir.Call, scope: Scope) -> Traced:
    """Return what a call gives."""
    if isinstance(node.function, ir.Name) and not scope.is_python:
        loaded = _loaded(run, node, node.function.id, scope)
        if loaded is not MISSING:
            return loaded
    function = _function(run, node, scope)
    if function is None and node.optional:
        return None
    return apply(run, function, _given(run, node, scope))


def _loaded(run: Evaluation, node: ir.Call, name: str, scope: Scope) -> Traced:
    """Return what ``require`` and what TypeScript's compiler adds to it give."""
    if not node.arguments or (name not in LOADERS and name not in COMPILED):
        return MISSING
    first = run.evaluate(node.arguments[0].value, scope)
    if name in ("__importStar", "__importDefault"):
        return first if name == "__importStar" else {"default": member_or(run, first, scope)}
    if name == "__exportStar":
        space = run.modules.space(scope)
        if isinstance(node.arguments[0].value, ir.Call):
            source = node.arguments[0].value.arguments[0].value
            if isinstance(source, ir.Constant):
                live = Live(str(source.value), "*", scope, run.place(node, scope))
                space.handed.append(live)
        return None
    if name in LOADERS and isinstance(first, str):
        return run.modules.whole(run, first, scope, run.place(node, scope))
    return MISSING


def member_or(run: Evaluation, whole: Traced, scope: Scope) -> Traced:
    """Return a module's default export, or the module where it has none."""
    names_of = getattr(whole, "names", None)
    if isinstance(names_of, dict) and "default" in names_of:
        return member(run, whole, "default", Place(scope.path, 1), scope)
    return whole


def _function(run: Evaluation, node: ir.Call, scope: Scope) -> Traced:
    """Return what is called; a method knows what it was taken from."""
    if not isinstance(node.function, ir.Attribute):
        return run.evaluate(node.function, scope)
    whole = run.evaluate(node.function.value, scope)
    place = run.place(node.function, scope)
    optional = node.function.optional or node.optional
    found = member(run, whole, node.function.name, place, scope, optional=optional)
    free = isinstance(found, Function) and found.this is MISSING and not found.node.is_arrow
    if free and not scope.is_python:
        return Function(found.node, found.scope, found.home, whole)
    return found


def _given(run: Evaluation, node: ir.Call, scope: Scope) -> Given:
    given = Given([], {}, _place(run, node, scope), scope, node.new)
    for argument in node.arguments:
        value = run.evaluate(argument.value, scope)
        if argument.name == "*":
            given.arguments += value if isinstance(value, list) else [value]
        elif argument.name == "**":
            if isinstance(value, dict):
                given.named.update(value)
            elif value is not None:
                given.named[REST] = value
        elif argument.name:
            given.named[argument.name] = value
        else:
            given.arguments.append(value)
    return given


def _place(run: Evaluation, node: ir.Call, scope: Scope) -> Place:
    """Return where a call stands: one that is chained to another, where its name is written."""
    called = node.function
    if isinstance(called, ir.Attribute) and isinstance(called.value, ir.Call) and not node.new:
        line, after = called.at[2:]
        return Place(scope.path, line, after - len(called.name), *node.at[2:])
    return run.place(node, scope)


def apply(run: Evaluation, function: Traced, given: Given) -> Traced:
    """Return what calling a value gives."""
    handler = CALLED.get(type(function))
    found = MISSING if handler is None else handler(run, function, given)
    return _unfollowed(run, function, given) if found is MISSING else found


def _each(run: Evaluation, function: Choice, given: Given) -> Traced:
    """Call whatever may be called, each on a way of its own."""
    found: list[Traced] = []

    def way(one: Traced) -> None:
        found.append(apply(run, one, given))

    called = [one for one in function.among if one is not None]
    run.ways([partial(way, one) for one in called], given.scope.frame)
    return values.choice(found)


def _of_package(run: Evaluation, function: Package, given: Given) -> Traced:
    whole, _, name = function.name.rpartition(".")
    if name == "__init__" and given.arguments and isinstance(given.arguments[0], Own):
        own, *rest = given.arguments
        made(run, own, whole, Given(rest, given.named, given.place, given.scope))
        return None
    if given.new or (given.scope.is_python and name[:1].isupper()):
        thing = New("", [], given.place)
        made(run, thing, function.name, given)
        return thing
    return did(run, Package(whole), name, given)


def _of_member(run: Evaluation, function: Member, given: Given) -> Traced:
    return did(run, function.of, function.name, given)


def _above(run: Evaluation, function: Super, given: Given) -> Traced:
    brought_up(run, function.home, function.this, given)
    return function.this


def _method(run: Evaluation, function: Method, given: Given) -> Traced:
    above = function.of
    if not isinstance(above, Super) or function.name != "__init__":
        return method(run, function, given)
    this = above.this  # Python's super().__init__
    if not isinstance(this, Own):
        return None
    order = this.cls.order
    after = order[order.index(above.home) + 1 :] if above.home in order else []
    found = of_class(run, this.cls, "__init__", this, given.place, after)
    if isinstance(found, Function):
        return call(run, found, given)
    brought_up(run, this.cls, this, given)
    return None


def _builtin(run: Evaluation, function: Builtin, given: Given) -> Traced:
    return platform(run, function.name, given)


def _unfollowed(run: Evaluation, function: Traced, given: Given) -> Traced:
    """Return what a call gives that is not followed; it may matter where constructs are given."""
    consult(run, given, None)
    what = function.name if isinstance(function, (Builtin, Method)) else "a call"
    is_made = given.new and not isinstance(function, Builtin)
    if is_made or any(isinstance(one, New) for one in given.arguments):
        return run.note(f"what {what} does is not known", given.place)
    return values.unknown(function, f"what {what} gives", given.place)


def call(run: Evaluation, function: Function, given: Given) -> Traced:
    """Return what a function of the program gives."""
    node, arguments = function.node, given.arguments
    bound = None if function.this is MISSING else function.this
    python = function.scope.is_python
    if python and function.this is not MISSING:
        arguments = [bound, *arguments]
    elif python and arguments and function.home is not None:
        bound = arguments[0]
    frame = Frame(bound, function.home, arguments, [], [], {})
    scope = Scope(function.scope.path, {}, frame, function.scope)
    sure = run.sure
    try:
        with run.deeper((node, [bound, *arguments])) as bearable:
            if not bearable:
                return run.note(TOO_DEEP, given.place)
            if _goes_round(run, node, [bound, *arguments]):
                return run.note(ROUND, given.place)
            _passed(run, node, arguments, given.named, scope)
            left = run.run(node.body, scope)
    except RecursionError:
        return run.note(TOO_DEEP, given.place)
    finally:
        run.sure = sure
    if node.is_generator:
        return frame.yielded
    value = left.value if left is not None and left.how == RETURN else None
    return values.choice([*frame.early, value]) if frame.early else value


def _goes_round(run: Evaluation, node: ir.Lambda, arguments: list[Traced]) -> bool:
    """Tell whether a function that runs is called once more over what is not known, as before.

    It would do the same for ever: like a loop over what is not known, it runs once.
    """
    if not any(isinstance(one, OPEN) for one in arguments):
        return False
    return any(
        other is node and len(before) == len(arguments) and all(map(_alike, before, arguments))
        for other, before in run.running[:-1]
    )


def _alike(one: Traced, other: Traced) -> bool:
    if isinstance(one, OPEN):
        return isinstance(other, OPEN)
    return one is other or (isinstance(one, values.SCALARS) and one == other)


def _passed(
    run: Evaluation, node: ir.Lambda, arguments: list[Traced], named: NAMED, scope: Scope
) -> None:
    """Bind the parameters of a function."""
    from checkrein.read.cdk.unsynthesized.evaluation.statements import (  # noqa: PLC0415 - both ways
        bind,
    )

    rest, waiting = dict(named), list(arguments)
    for parameter in node.parameters:
        name = parameter.pattern.id if isinstance(parameter.pattern, ir.Name) else ""
        if name == "this":  # TypeScript's type of it
            continue
        value: Any
        if parameter.kind == "*":
            value, waiting = waiting, []
        elif parameter.kind == "**":
            value = rest
        elif name in rest:
            value = rest.pop(name)
        elif waiting:
            value = waiting.pop(0)
        else:
            value = rest.get(REST, MISSING)
        if value is MISSING or (value is None and not scope.is_python):
            default = parameter.default
            value = None if default is None else run.evaluate(default, scope)
        bind(run, parameter.pattern, value, scope, "let")


CALLED: dict[type, Callable[[Evaluation, Any, Given], Traced]] = {
    Function: call,
    Class: instance,
    Package: _of_package,
    Member: _of_member,
    Super: _above,
    Method: _method,
    Builtin: _builtin,
    Choice: _each,
}
