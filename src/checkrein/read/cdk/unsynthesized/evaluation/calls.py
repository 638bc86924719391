"""Calls: functions and classes of the program, what packages make and do, the platform."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from checkrein.code import ir
from checkrein.model import Place
from checkrein.read.cdk.unsynthesized.evaluation import values
from checkrein.read.cdk.unsynthesized.evaluation.access import member, of_class
from checkrein.read.cdk.unsynthesized.evaluation.making import brought_up, consult, did, instance, made
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
    Live,
    Method,
    Own,
    Scope,
    Super,
)
from checkrein.read.cdk.unsynthesized.trace import Choice, Member, New, Package, Traced

if TYPE_CHECKING:
    from checkrein.read.cdk.unsynthesized.evaluation.running import Evaluation

__all__ = ["GLOBALS", "apply", "call", "called"]
LOADERS = ("require", "import")
NAMED = dict[str, Traced]  # arguments by name
COMPILED = ("__importStar", "__importDefault", "__exportStar", "__createBinding")


def called(run: Evaluation, node: ir.Call, scope: Scope) -> Traced:
    """Return what a call gives."""
    place = run.place(node, scope)
    if isinstance(node.function, ir.Name) and not scope.is_python:
        loaded = _loaded(run, node, node.function.id, scope)
        if loaded is not MISSING:
            return loaded
    function = _function(run, node, scope)
    if function is None and node.optional:
        return None
    arguments, named = _arguments(run, node, scope)
    return apply(run, function, arguments, named, place, scope, new=node.new)


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
    if isinstance(found, Function) and found.this is MISSING and not found.node.is_arrow:
        if not scope.is_python:
            return Function(found.node, found.scope, found.home, whole)
    return found


def _arguments(run: Evaluation, node: ir.Call, scope: Scope) -> tuple[list[Traced], NAMED]:
    found: list[Traced] = []
    named: NAMED = {}
    for argument in node.arguments:
        value = run.evaluate(argument.value, scope)
        if argument.name == "*":
            found += value if isinstance(value, list) else [value]
        elif argument.name == "**":
            if isinstance(value, dict):
                named.update(value)
            elif value is not None:
                named[REST] = value
        elif argument.name:
            named[argument.name] = value
        else:
            found.append(value)
    return found, named


def apply(  # noqa: PLR0911, PLR0913, C901 - one line for each kind of what is called
    run: Evaluation,
    function: Traced,
    arguments: list[Traced],
    named: NAMED,
    place: Place,
    scope: Scope,
    *,
    new: bool = False,
) -> Traced:
    """Return what calling a value gives."""
    if isinstance(function, Function):
        return call(run, function, arguments, named, place)
    if isinstance(function, Class):
        return instance(run, function, arguments, named, place)
    if isinstance(function, Package):
        return _of_package(run, function, arguments, named, place, scope, new=new)
    if isinstance(function, Member):
        return did(run, function.of, function.name, arguments, named, place)
    if isinstance(function, Super):
        brought_up(run, function.home, function.this, arguments, named, place)
        return function.this
    if isinstance(function, Method):
        if isinstance(function.of, Super) and function.name == "__init__":
            return _initialised(run, function.of, arguments, named, place)
        found = method(run, function, arguments, named, place, scope)
        return _unfollowed(run, function, arguments, place, scope) if found is MISSING else found
    if isinstance(function, Builtin):
        found = platform(run, function.name, arguments, named, place, scope)
        return _unfollowed(run, function, arguments, place, scope) if found is MISSING else found
    if isinstance(function, Choice):
        return _each(run, function, arguments, named, place, scope, new=new)
    return _unfollowed(run, function, arguments, place, scope, new=new)


def _each(
    run: Evaluation, function: Choice, arguments: list[Traced], named: NAMED, place: Place,
    scope: Scope, *, new: bool,
) -> Traced:  # fmt: skip
    """Call whatever may be called, each on a way of its own."""
    found: list[Traced] = []

    def way(one: Traced) -> None:
        found.append(apply(run, one, arguments, named, place, scope, new=new))

    called = [one for one in function.among if one is not None]
    run.ways([partial(way, one) for one in called], scope.frame)
    return values.choice(found)


def _of_package(
    run: Evaluation, function: Package, arguments: list[Traced], named: NAMED, place: Place,
    scope: Scope, *, new: bool,
) -> Traced:  # fmt: skip
    whole, _, name = function.name.rpartition(".")
    if name == "__init__" and arguments and isinstance(arguments[0], Own):
        made(run, arguments[0], whole, arguments[1:], named, place)
        return None
    if new or (scope.is_python and name[:1].isupper()):
        thing = New("", [], place)
        made(run, thing, function.name, arguments, named, place)
        return thing
    return did(run, Package(whole), name, arguments, named, place)


def _initialised(
    run: Evaluation, above: Super, arguments: list[Traced], named: NAMED, place: Place
) -> Traced:
    """Call Python's ``super().__init__``."""
    this = above.this
    if not isinstance(this, Own):
        return None
    order = this.cls.order
    after = order[order.index(above.home) + 1 :] if above.home in order else []
    found = of_class(run, this.cls, "__init__", this, place, after)
    if isinstance(found, Function):
        return call(run, found, arguments, named, place)
    brought_up(run, this.cls, this, arguments, named, place)
    return None


def _unfollowed(
    run: Evaluation, function: Traced, arguments: list[Traced], place: Place, scope: Scope,
    *, new: bool = False,
) -> Traced:  # fmt: skip
    """Return what a call gives that is not followed; it may matter where constructs are given."""
    consult(run, arguments, None, place)
    what = function.name if isinstance(function, (Builtin, Method)) else "a call"
    if new or any(isinstance(one, New) for one in arguments):
        return run.note(f"what {what} does is not known", place)
    return values.unknown(function, f"what {what} gives", place)


def call(
    run: Evaluation, function: Function, arguments: list[Traced], named: NAMED, place: Place
) -> Traced:
    """Return what a function of the program gives."""
    node = function.node
    bound = None if function.this is MISSING else function.this
    python = function.scope.is_python
    if python and function.this is not MISSING:
        arguments = [bound, *arguments]
    elif python and arguments and function.home is not None:
        bound = arguments[0]
    frame = Frame(bound, function.home, arguments, [], [], {})
    scope = Scope(function.scope.path, {}, frame, function.scope)
    sure = run.sure
    with run.deeper() as bearable:
        if not bearable:
            return run.note("calls that are too deep within each other", place)
        _passed(run, node, arguments, named, scope)
        left = run.run(node.body, scope)
    run.sure = sure
    if node.is_generator:
        return frame.yielded
    value = left.value if left is not None and left.how == RETURN else None
    return values.choice([*frame.early, value]) if frame.early else value


def _passed(
    run: Evaluation, node: ir.Lambda, arguments: list[Traced], named: NAMED, scope: Scope
) -> None:
    """Bind the parameters of a function."""
    from checkrein.read.cdk.unsynthesized.evaluation.statements import (  # noqa: PLC0415 - both ways
        bind,
    )

    rest = dict(named)
    for index, parameter in enumerate(node.parameters):
        name = parameter.pattern.id if isinstance(parameter.pattern, ir.Name) else ""
        value: Any
        if parameter.kind == "*":
            value = arguments[index:]
        elif parameter.kind == "**":
            value = rest
        elif name in rest:
            value = rest.pop(name)
        elif index < len(arguments):
            value = arguments[index]
        else:
            value = rest.get(REST)
        if value is None and parameter.default is not None and _is_absent(scope, index, arguments):
            value = run.evaluate(parameter.default, scope)
        bind(run, parameter.pattern, value, scope, "let")


def _is_absent(scope: Scope, index: int, arguments: list[Traced]) -> bool:
    """Tell whether a default counts: in Python a None that was passed stays."""
    return not scope.is_python or index >= len(arguments)
