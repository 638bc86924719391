"""What a program makes: instances of its own classes, and what packages are asked to make or do."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from checkrein.code import ir
from checkrein.model import Place
from checkrein.read.cdk.unsynthesized.evaluation import names, values
from checkrein.read.cdk.unsynthesized.evaluation.things import (
    MISSING,
    Builtin,
    Class,
    Frame,
    Function,
    Given,
    Own,
    Scope,
)
from checkrein.read.cdk.unsynthesized.trace import (
    Called,
    Choice,
    Member,
    New,
    Package,
    Text,
    Traced,
    Unknown,
)

if TYPE_CHECKING:
    from checkrein.read.cdk.unsynthesized.evaluation.running import Evaluation

NAMED = dict[str, Traced]
ROOTS = ("App", "Stage", "Stack")  # that need no scope
CONSTRUCTS = ("Construct", "IConstruct", "Stack", "Stage", "App")
NESTED = 4  # levels of arguments in which functions are looked for
IDS = ("id", "construct_id", "id_")
CONTEXT = ("tryGetContext", "getContext")
UNNAMED = "?"  # the package of a class that is not known


def instance(run: Evaluation, cls: Class, given: Given) -> Own:
    """Make an instance of a class of the program."""
    own = Own("", [], given.place, sure=run.sure, cls=cls, fields={})
    if not cls.scope.is_python:
        _initialised(run, cls, own, given)
        return own
    for each in cls.order:
        node = each.methods.get(("__init__", ""))
        if node is not None:
            run.call(Function(node, each.scope, each, own), given)
            return own
    brought_up(run, cls, own, given)
    return own


def _initialised(run: Evaluation, cls: Class, own: Own, given: Given) -> None:
    constructor = cls.methods.get(("constructor", ""))
    if not cls.bases:
        _fields(run, cls, own)
    if constructor is not None:
        run.call(Function(constructor, cls.scope, cls, own), given)
    elif cls.bases:
        brought_up(run, cls, own, given)


def brought_up(run: Evaluation, home: Class, own: Traced, given: Given) -> None:
    """Construct an instance as what a class extends, then set the fields of the class."""
    if not isinstance(own, Own):
        return
    if home.scope.is_python:
        _annotated(run, home, own, given)
        base: Traced = home.extends
    else:
        base = home.bases[0] if home.bases else None
    given = Given(given.arguments, given.named, own.place, home.scope)
    if isinstance(base, Class):
        _initialised(run, base, own, given)
    elif isinstance(base, Package):
        made(run, own, base.name, given)
    elif isinstance(base, Choice):
        packages = [one for one in base.among if isinstance(one, Package)]
        made(run, own, packages[0].name if packages else UNNAMED, given)
    elif base is not None and not isinstance(base, Builtin):
        run.note(f"what the class {home.node.name} extends is not known", own.place)
        made(run, own, f"{UNNAMED}.{home.node.name}", given)
    if not home.scope.is_python:
        _fields(run, home, own)


def _fields(run: Evaluation, cls: Class, own: Own) -> None:
    """Set the fields that a class gives each instance."""
    scope = Scope(cls.scope.path, {}, Frame(own, cls, [], [], [], {}), cls.scope)
    for key, value in cls.node.fields:
        name = key.id if isinstance(key, ir.Name) else getattr(key, "value", None)
        if value is not None and name != "static {}" and name not in cls.kept:
            run.put(own.fields, name, run.evaluate(value, scope))


def _annotated(run: Evaluation, cls: Class, own: Own, given: Given) -> None:
    """Set the fields of a dataclass, a named tuple or a model from what it is called with."""
    fields: dict[str, ir.Node | None] = {}
    for each in reversed(cls.order):
        typed = [name for name, _ in each.node.types]
        for key, value in each.node.fields:
            if isinstance(key, ir.Name) and key.id in typed:
                fields[key.id] = value
    for name, value in (*zip(fields, given.arguments, strict=False), *given.named.items()):
        run.put(own.fields, name, value)
    for name, default in fields.items():
        if name not in own.fields and default is not None:
            run.put(own.fields, name, _default(run, default, cls.scope, given))


def _default(run: Evaluation, node: ir.Node, scope: Scope, given: Given) -> Traced:
    if isinstance(node, ir.Call):
        for argument in node.arguments:
            if argument.name == "default_factory":
                return run.apply(run.evaluate(argument.value, scope), given.instead())
            if argument.name == "default":
                return run.evaluate(argument.value, scope)
    return run.evaluate(node, scope)


# -------------------------------------------------------------------------------------- packages


def made(run: Evaluation, thing: New, kind: str, given: Given) -> None:
    """Note that something is made as an instance of a package's class."""
    if thing.kind:
        return
    rest, named = list(given.arguments), dict(given.named)
    scope: Traced = MISSING
    if _is_construct(kind, rest, named):
        scope = rest.pop(0)
    elif not rest and isinstance(named.get("scope"), (New, Choice, Unknown, Member, Called)):
        scope = named.pop("scope")
    if scope is not MISSING:
        wanted = next((name for name in IDS if name in named and not rest), None)
        thing.id = named.pop(wanted) if wanted else rest.pop(0) if rest else None
        thing.id = values.given(thing.id, given.place)
        thing.scope = _scope(run, scope, kind, given.place)
    thing.kind = kind
    thing.arguments = _handed(rest, named, given.place)
    thing.sure = run.sure
    run.done.append(thing)
    consult(run, given, thing)


def _is_construct(kind: str, arguments: list[Traced], named: NAMED) -> bool:
    """Tell whether the first two arguments are a construct's scope and id."""
    if not arguments or (len(arguments) == 1 and not any(name in named for name in IDS)):
        return False
    scope, name = arguments[0], arguments[1] if len(arguments) > 1 else ""
    texts = isinstance(name, (str, Text))
    if isinstance(scope, Choice):
        return texts and any(isinstance(one, New) for one in scope.among)
    if isinstance(scope, New):
        holds = isinstance(scope, Own) or scope.kind in ROOTS
        opaque = isinstance(name, (Unknown, Member, Called, Choice, Package))
        return (texts and (holds or scope.scope is not None)) or (holds and opaque)
    unknown = isinstance(scope, (Member, Called, Unknown))
    cfn = kind.rpartition(".")[2].startswith("Cfn")
    return texts and unknown and (cfn or (len(arguments) > 2 and isinstance(arguments[2], dict)))  # noqa: PLR2004


def _scope(run: Evaluation, scope: Traced, kind: str, place: Place) -> New | None:
    for one in values.options(scope):
        if isinstance(one, New):
            return one
    run.note("the scope of a construct is not known", place)
    return New("App", [], place, sure=run.sure) if kind.endswith("Stack") else None


def _handed(arguments: list[Traced], named: NAMED, place: Place) -> list[Traced]:
    found = [values.given(one, place) for one in arguments]
    if named:
        found.append({names.camel(k): values.given(v, place) for k, v in named.items()})
    return found


def did(run: Evaluation, of: Traced, name: str, given: Given) -> Traced:
    """Note that a package's function or method is called, and return its result."""
    found = _known(run, of, name, given)
    if found is not MISSING:
        return found
    arguments = _handed(given.arguments, given.named, given.place)
    result = Called(of, name, arguments, given.place, run.sure)
    run.done.append(result)
    consult(run, given, None)
    return result


def consult(run: Evaluation, given: Given, thing: New | None) -> None:
    """Call functions that are given to what is not followed: it may call them, or not."""
    for function in _functions([*given.arguments, *given.named.values()], NESTED):
        guessed = [_guessed(one, thing, given.place) for one in function.node.parameters]
        before = len(run.done)
        run.maybe(partial(_ran, run, function, given.instead(*guessed)), given.scope.frame)
        if len(run.done) > before:
            run.note("whether and with what a package calls a function", given.place)


def _functions(given: list[Traced], depth: int) -> list[Function]:
    found: list[Function] = []
    for one in given if depth else ():
        if isinstance(one, Function):
            found.append(one)
        elif isinstance(one, (dict, list)):
            inner = list(one.values()) if isinstance(one, dict) else one
            found += _functions(inner, depth - 1)
    return found


def _guessed(parameter: ir.Parameter, thing: New | None, place: Place) -> Traced:
    """Return what a parameter gets: where it is a construct, what is made likely gives itself."""
    if thing is not None and parameter.annotation.rpartition(".")[2] in CONSTRUCTS:
        return thing
    return Unknown("what a function is called with", place)


def _ran(run: Evaluation, function: Function, given: Given) -> None:
    run.call(function, given)


def _known(run: Evaluation, of: Traced, name: str, given: Given) -> Traced:
    """Return what a package's function gives where that is known, MISSING else."""
    if not given.arguments:
        return MISSING
    first = given.arguments[0]
    if isinstance(of, Package) and (of.name, name) == ("Stack", "of"):
        return _stack(first)
    if isinstance(of, Package) and of.name == "Lazy":
        producer = first.get("produce") if isinstance(first, dict) else first
        if isinstance(producer, Function):
            return run.call(producer, given.instead())
    if name in CONTEXT and isinstance(first, str):
        found = run.context.get(first, MISSING)
        return Unknown(f"the context {first}", given.place) if found is MISSING else found
    return MISSING


def _stack(construct: Traced) -> Traced:
    one: Any = construct
    while isinstance(one, New):
        if one.kind.endswith("Stack"):
            return one
        one = one.scope
    return MISSING
