"""Parts of values: what stands at a name or an index, what a loop goes over, and setting them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from checkrein.model import Place
from checkrein.read.cdk.unsynthesized.evaluation import names, values
from checkrein.read.cdk.unsynthesized.evaluation.methods import LATER, METHODS, PATHS
from checkrein.read.cdk.unsynthesized.evaluation.things import (
    MISSING,
    REST,
    Builtin,
    Class,
    Function,
    Given,
    Live,
    Map,
    Method,
    Own,
    Scope,
    Space,
    Super,
)
from checkrein.read.cdk.unsynthesized.trace import (
    HOME,
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

Reader = Callable[["Evaluation", Any, Any, Place, Scope], Traced]
ENVIRONMENTS = ("process.env", "os.environ")
ARGUMENTS = ("process.argv", "sys.argv")


def key_of(value: Traced) -> Any:
    """Return a value as a key: texts of numbers as numbers are kept apart only by Python."""
    return value if isinstance(value, (str, int, float, bool, New)) else None


def member(
    run: Evaluation, whole: Traced, name: Any, place: Place, scope: Scope, *, optional: bool = False
) -> Traced:
    """Return what a value has by a name or an index."""
    if isinstance(whole, Live):
        whole = run.modules.resolved(run, whole)
    if isinstance(whole, Choice):
        known = [one for one in whole.among if one is not None]
        found = [member(run, one, name, place, scope) for one in known]
        nothing = [None] if optional and len(known) < len(whole.among) else []
        return values.choice([*found, *nothing])
    if isinstance(name, (list, dict)):
        return Unknown("a part that is chosen", place)
    if isinstance(name, Choice):
        return values.choice([member(run, whole, one, place, scope) for one in name.among])
    if whole is None:
        return _of_nothing(run, name, place, optional=optional)
    value = READERS.get(type(whole), _of_language)(run, whole, name, place, scope)
    return run.modules.resolved(run, value) if isinstance(value, Live) else value


def _of_nothing(run: Evaluation, name: Any, place: Place, *, optional: bool) -> Traced:
    if name in LATER:
        return Method(None, name)
    return None if optional else run.note(f"{_shown(name)} of nothing", place)


def _shown(name: Any) -> str:
    return str(name) if isinstance(name, (str, int)) else "a part"


def _of_dict(
    _run: Evaluation, whole: dict[Any, Any], name: Any, place: Place, scope: Scope
) -> Traced:
    key = key_of(name)
    if key is None and name is not None:
        return values.choice(list(whole.values())) if whole else run_unknown(name, place)
    for each in (key, str(key)):
        if each in whole:
            return whole[each]
    if isinstance(key, str) and (key in METHODS or scope.is_python):
        return Method(whole, key)
    if REST in whole:
        return whole[REST]
    return None


def _of_map(run: Evaluation, whole: Map, name: Any, place: Place, scope: Scope) -> Traced:
    return len(whole) if name == "size" else _of_dict(run, whole, name, place, scope)


def run_unknown(name: Traced, place: Place) -> Unknown:
    """Return what stands at a name that is not known."""
    return name if isinstance(name, Unknown) else Unknown("a part that is chosen", place)


def _of_list(_run: Evaluation, whole: list[Any], name: Any, place: Place, scope: Scope) -> Traced:
    index = int(name) if isinstance(name, str) and name.isdecimal() else name
    if isinstance(index, int):
        within = -len(whole) <= index if scope.is_python else index >= 0
        return whole[index] if within and index < len(whole) else None
    if name in ("length", "size"):  # of a Set
        return len(whole)
    if isinstance(name, str):
        return Method(whole, name)
    return values.choice(whole) if whole else run_unknown(name, place)


def _of_own(run: Evaluation, whole: Own, name: Any, place: Place, scope: Scope) -> Traced:
    if name in whole.fields:
        return whole.fields[name]
    found = of_class(run, whole.cls, name, whole, place, whole.cls.order)
    if found is not MISSING:
        return found
    if name in ("__class__", "constructor"):
        return whole.cls
    if not whole.kind and whole.cls.extends is None:
        return None if not scope.is_python else Method(whole, str(name))
    return _of_made(run, whole, name, place, scope)


def of_class(
    run: Evaluation, cls: Class, name: Any, this: Traced, place: Place, order: list[Class]
) -> Traced:
    """Return what an object has from its classes: a getter's value, a method, a field of Python."""
    for each in order:
        getter = each.methods.get((name, "get"))
        if getter is not None:
            return run.call(
                Function(getter, each.scope, each, this), Given([], {}, place, each.scope)
            )
        for kind in ("", "class", "static"):
            node = each.methods.get((name, kind))
            if node is not None:
                owner = {"": this, "class": cls}.get(kind, MISSING)
                return Function(node, each.scope, each, owner)
        if each.scope.is_python or isinstance(this, Class):
            found = _field(run, each, name)
            if found is not MISSING:
                return found
    return MISSING


def _field(run: Evaluation, cls: Class, name: Any) -> Traced:
    """Return a field as the class itself has it, evaluated when it is first asked for."""
    if name in cls.kept:
        return cls.kept[name]
    for key, value in cls.node.fields:
        if value is not None and getattr(key, "id", getattr(key, "value", None)) == name:
            cls.kept[name] = None
            cls.kept[name] = run.evaluate(value, cls.scope)
            return cls.kept[name]
    return MISSING


def _of_a_class(run: Evaluation, whole: Class, name: Any, place: Place, scope: Scope) -> Traced:
    found = whole.kept[name] if name in whole.kept else _static(run, whole, name, place)
    if found is not MISSING:
        return found
    if name in ("name", "__name__"):
        return whole.node.name
    if isinstance(whole.extends, Package):
        return Package(names.below(whole.extends.name, str(name), python=scope.is_python))
    return Method(whole, str(name))


def _static(run: Evaluation, whole: Class, name: Any, place: Place) -> Traced:
    for each in whole.order:
        python = each.scope.is_python
        for kind in ("static", "class", "get", ""):
            node = each.methods.get((name, kind))
            if node is None:
                continue
            bound = MISSING if python and kind != "class" else whole
            function = Function(node, each.scope, each, bound)
            if kind == "get":
                return run.call(function, Given([], {}, place, each.scope))
            return function
        found = _field(run, each, name)
        if found is not MISSING:
            return found
    return MISSING


def _of_made(_run: Evaluation, whole: Traced, name: Any, _place: Place, scope: Scope) -> Traced:
    if isinstance(name, str) and scope.is_python:
        name = names.camel(name)
    if isinstance(whole, Member) and whole.name == "node" and isinstance(whole.of, New):
        if name == "id" and whole.of.scope is not None:
            return whole.of.id
        if name == "scope" and whole.of.scope is not None:
            return whole.of.scope
    if name in LATER:
        return Method(whole, name)
    if isinstance(name, str):
        return Member(whole, name)
    return Member(whole, f"[{name}]" if isinstance(name, int) else "[]")


def _of_package(_run: Evaluation, whole: Package, name: Any, place: Place, scope: Scope) -> Traced:
    if not isinstance(name, str):
        return run_unknown(name, place)
    return Package(names.below(whole.name, name, python=scope.is_python))


def _of_space(run: Evaluation, whole: Space, name: Any, place: Place, _scope: Scope) -> Traced:
    found = run.modules.member(run, whole, name)
    if found is MISSING and name in LATER:  # of an import that is a call
        return Method(whole, name)
    if found is MISSING:
        return run.note(f"{_shown(name)} of the module {whole.path} is not there", place)
    return found


def _of_super(run: Evaluation, whole: Super, name: Any, place: Place, scope: Scope) -> Traced:
    this = whole.this
    if name == "__init__" or not isinstance(this, Own):
        return Method(whole, str(name))
    order = this.cls.order
    after = order[order.index(whole.home) + 1 :] if whole.home in order else []
    found = of_class(run, this.cls, name, this, place, after)
    return _of_made(run, this, name, place, scope) if found is MISSING else found


def _of_builtin(_run: Evaluation, whole: Builtin, name: Any, place: Place, _scope: Scope) -> Traced:
    if not isinstance(name, str):
        return run_unknown(name, place)
    if f"{whole.name}.{name}" in ARGUMENTS:  # the toolkit gives an app none
        return ["node", HOME] if whole.name == "process" else [HOME]
    if whole.name in ENVIRONMENTS:
        if name == "get":
            return Builtin(f"{whole.name}.get")
        return Unknown(f"the environment variable {name}", place)
    return Builtin(f"{whole.name}.{name}")


def _of_unknown(_run: Evaluation, whole: Unknown, _name: Any, _p: Place, _s: Scope) -> Traced:
    return whole


def _of_function(
    _run: Evaluation, whole: Function, name: Any, _place: Place, _scope: Scope
) -> Traced:
    return whole.node.name if name == "name" else Method(whole, str(name))


def _of_language(_run: Evaluation, whole: Traced, name: Any, place: Place, scope: Scope) -> Traced:
    """Return what a text or a number has."""
    if name == "length" and isinstance(whole, str):
        return len(whole)
    if isinstance(name, str) and scope.is_python and isinstance(whole, (str, int)):
        if name in ("value", "name"):  # of an enum's member
            return whole
        if isinstance(whole, str) and name in PATHS:
            return PATHS[name](whole)
    if isinstance(name, str) and not name.isdecimal():
        return Method(whole, name)
    index = int(name) if isinstance(name, str) else name
    if isinstance(whole, str) and isinstance(index, int) and -len(whole) <= index < len(whole):
        return whole[index]
    return Unknown("a part of a text", place)


READERS: dict[type, Reader] = {
    dict: _of_dict,
    Map: _of_map,
    list: _of_list,
    Own: _of_own,
    New: _of_made,
    Called: _of_made,
    Member: _of_made,
    Package: _of_package,
    Class: _of_a_class,
    Space: _of_space,
    Super: _of_super,
    Builtin: _of_builtin,
    Unknown: _of_unknown,
    Function: _of_function,
}


# ------------------------------------------------------------------------------- what is gone over


def iterated(run: Evaluation, value: Traced, scope: Scope) -> list[Traced] | None:
    """Return what a loop over a value gives, None where that is not known."""
    if isinstance(value, list):
        return list(value)
    if isinstance(value, dict):  # in JavaScript a Map
        return list(value) if scope.is_python else [[key, part] for key, part in value.items()]
    if isinstance(value, str):
        return list(value)
    if isinstance(value, Class):  # an enum
        fields = [getattr(key, "id", None) for key, _ in value.node.fields]
        return [_field(run, value, name) for name in fields if name]
    return [] if value is None else None


# ---------------------------------------------------------------------------------------- setting


def assigned(run: Evaluation, whole: Traced, name: Traced, value: Traced, given: Given) -> None:
    """Set what a value has by a name or an index; ``given`` is where."""
    whole = run.modules.resolved(run, whole) if isinstance(whole, Live) else whole
    if isinstance(whole, Choice):
        for one in whole.among:
            run.maybe(partial(assigned, run, one, name, value, given), given.scope.frame)
        return
    key = key_of(name)
    container = _container(whole)
    if key is None:
        key, value = REST, Unknown("an entry whose name is not known", given.place)
        container = container if isinstance(whole, dict) else None
    if container is not None:
        run.put(container, key, value)
    elif isinstance(whole, Own):
        _set_own(run, whole, key, value, given)
    elif isinstance(whole, list):
        _set_item(whole, key, value)
    elif isinstance(whole, (New, Member, Called)):
        shown = names.camel(str(key)) if given.scope.is_python else str(key)
        run.did(whole, "=", given.instead(shown, value))


def _container(whole: Traced) -> dict[Any, Any] | None:
    """Return where the parts of a value are kept."""
    if isinstance(whole, dict):
        return whole
    if isinstance(whole, Class):
        return whole.kept
    return whole.names if isinstance(whole, Space) else None


def _set_own(run: Evaluation, whole: Own, key: Any, value: Traced, given: Given) -> None:
    for each in whole.cls.order:
        setter = each.methods.get((key, "set"))
        if setter is not None:
            run.call(Function(setter, each.scope, each, whole), given.instead(value))
            return
    run.put(whole.fields, key, value)


def _set_item(whole: list[Traced], key: Any, value: Traced) -> None:
    index = int(key) if isinstance(key, str) and key.isdecimal() else key
    if isinstance(index, int) and 0 <= index < len(whole):
        whole[index] = value
    elif index == len(whole):
        whole.append(value)
