"""Literals that may be secrets: texts beside a name that says so, or of a key's own shape.

What stands in a loaded file counts whether it runs or not: whoever reads the file has it. Whether
a literal is a secret is not told here; only what can not be one is left out.
"""

from __future__ import annotations

from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from checkrein.catalog.secrets import HOLE, may_hold_key, may_name_secret
from checkrein.code import ir

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

LONGEST = 20_000  # characters; data beyond that is no secret that somebody typed
SHORTEST = 3
PART = 6  # characters
FALLBACKS = frozenset(("or", "??"))
# Methods that are given a name and then its value, or what it is where there is none.
SETTERS = frozenset(
    ("set", "append", "setHeader", "setRequestHeader", "add_header", "putheader", "header", "put")
)
GETTERS = frozenset(("get", "getenv", "pop", "setdefault"))
# Methods whose result is the text that they are of, and functions whose is what they are given.
SAME = frozenset(("encode", "strip", "trim", "toString", "decode"))
WRAPPING = frozenset(
    ("str", "String", "bytes", "bytearray", "SecretStr", "b64decode", "b64encode", "atob", "btoa")
)


TEXTS = frozenset((ir.Constant, ir.Format, ir.Operation))
PLAIN = frozenset((ir.Name, str, int, bool, float, type(None)))  # hold nothing


class Named(NamedTuple):
    """A literal: its text (HOLE for parts that are computed), where, and the names around it.

    ``role`` is "default" for what is taken where something else is missing, "compared" for what
    something is compared with, else "".
    """

    text: str
    at: ir.Span
    names: tuple[str, ...]
    role: str = ""


class _Visit(NamedTuple):
    node: Any
    names: tuple[str, ...] = ()
    role: str = ""


def of(module: ir.Module) -> tuple[Named, ...]:
    """Return the literals of a module that may be secrets, in order; looked for once."""
    if module.literals is None:
        module.literals = _found(module)
    known: tuple[Named, ...] = module.literals
    return known


def _found(module: ir.Module) -> tuple[Named, ...]:
    found: list[Named] = []
    waiting = [_Visit(node) for node in module.body]
    while waiting:
        visit = waiting.pop()
        kind = type(visit.node)
        if kind in PLAIN:
            continue
        if kind in TEXTS:
            text = _text(visit.node)
            if text is not None and may_be_secret(text, visit.names):
                found.append(Named(text, visit.node.at, visit.names, visit.role))
            if text is not None and kind is not ir.Format:
                continue
        rule = RULES.get(kind)
        if rule is not None:
            waiting.extend(rule(visit))
        else:
            waiting.extend([_Visit(child) for child in _children(visit.node)])
    return tuple(sorted(found, key=lambda one: one.at))


def written(module: ir.Module, wanted: frozenset[str]) -> Iterator[tuple[str, ir.Span]]:
    """Yield where texts, or longer parts of them, stand in a module as literals."""
    waiting: list[Any] = list(module.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ir.Constant) and _is_part(node.value, wanted):
            yield node.value, node.at
        waiting.extend(_children(node))


def _is_part(value: object, wanted: frozenset[str]) -> bool:
    if not isinstance(value, str):
        return False
    return value in wanted or (len(value) >= PART and any(value in text for text in wanted))


def may_be_secret(text: str, names: tuple[str, ...]) -> bool:
    """Tell whether a text may be a secret, beside the names around it: a quick sieve."""
    if not SHORTEST <= len(text) <= LONGEST:
        return False
    return (bool(names) and may_name_secret(names[-1])) or may_hold_key(text)


def _text(node: Any) -> str | None:
    """Return the text that a node writes, with holes for what it computes; None for no text."""
    if isinstance(node, ir.Constant):
        return node.value if isinstance(node.value, str) and not node.kind else None
    if isinstance(node, ir.Format):
        return "".join(part if isinstance(part, str) else HOLE for part in node.parts)
    if isinstance(node, ir.Operation) and node.operator == "+":
        parts = [_text(operand) for operand in node.operands]
        if any(part is not None for part in parts):
            return "".join(HOLE if part is None else part for part in parts)
    return None


def _name(node: Any) -> str:
    """Return the last name of a target or of what is read: ``x``, ``a.x``, ``a["x"]``."""
    if isinstance(node, ir.Name):
        return node.id
    if isinstance(node, ir.Attribute):
        return node.name
    if isinstance(node, ir.Subscript) and isinstance(node.index, ir.Constant):
        return node.index.value if isinstance(node.index.value, str) else _name(node.value)
    if isinstance(node, ir.Constant) and isinstance(node.value, str):
        return node.value
    return ""


# ------------------------------------------------------------------------------ rules


def _children(node: Any) -> list[Any]:
    """Return every node and part that a node is made of, but for names: they hold no text."""
    kind: Any = type(node)
    values = node if kind is tuple else _values(kind)(node)
    found: list[Any] = []
    for value in values:
        if type(value) is tuple:
            found += [one for one in value if type(one) not in PLAIN]
        elif type(value) not in PLAIN:
            found.append(value)
    return found


@cache
def _values(kind: Hashable) -> Callable[[Any], tuple[Any, ...]]:
    """Return what gives those fields of a kind of node that may hold others."""
    known = getattr(kind, "__struct_fields__", ())
    fields = [field for field in known if field not in ("at", "id", "operator", "kind")]
    if len(fields) > 1:
        return attrgetter(*fields)
    return lambda node: tuple([getattr(node, field) for field in fields])


def _others(visit: _Visit) -> Iterator[_Visit]:
    return map(_Visit, _children(visit.node))


def _assigned(visit: _Visit) -> Iterator[_Visit]:
    yield _Visit(visit.node.target)
    yield _Visit(visit.node.value, (*visit.names, _name(visit.node.target)))


def _dictionary(visit: _Visit) -> Iterator[_Visit]:
    for key, value in visit.node.items:
        if key is None:
            yield _Visit(value, visit.names)
        else:
            yield _Visit(value, (*visit.names, _name(key)))


def _inner(visit: _Visit) -> Iterator[_Visit]:
    """Hand the names on to what a node is one of."""
    for child in _children(visit.node):
        if isinstance(child, tuple):
            yield from (_Visit(one, visit.names, visit.role) for one in child)
        else:
            yield _Visit(child, visit.names, visit.role)


def _conditional(visit: _Visit) -> Iterator[_Visit]:
    yield _Visit(visit.node.test)
    yield _Visit(visit.node.then, visit.names, visit.role)
    yield _Visit(visit.node.otherwise, visit.names, visit.role)


def _operation(visit: _Visit) -> Iterator[_Visit]:
    if visit.node.operator not in FALLBACKS:
        yield from _others(visit)
        return
    first, *rest = visit.node.operands
    yield _Visit(first, visit.names)
    names = visit.names
    if not names or not may_name_secret(names[-1]):
        names = (*names, _name(first))
    yield from (_Visit(operand, names, "default") for operand in rest)


def _compare(visit: _Visit) -> Iterator[_Visit]:
    left, right = visit.node.left, visit.node.right
    if visit.node.operator in ("==", "!="):
        yield _Visit(right, (_name(left),), "compared")
        yield _Visit(left, () if _text(left) is None else (_name(right),), "compared")
    else:
        yield from _others(visit)


def _call(visit: _Visit) -> Iterator[_Visit]:
    node: ir.Call = visit.node
    name = _name(node.function)
    plain = [keyword.value for keyword in node.arguments if not keyword.name]
    wraps = name in WRAPPING or (name == "from" and _is_buffer(node.function))
    names, role = (visit.names, visit.role) if wraps else ((), "")
    if isinstance(node.function, ir.Attribute):
        same = name in SAME
        yield _Visit(node.function.value, visit.names if same else (), visit.role if same else "")
    else:
        yield _Visit(node.function)
    if len(plain) > 1 and name in SETTERS | GETTERS and _text(plain[0]) is not None:
        names, role, plain = (_name(plain[0]),), "default" if name in GETTERS else "", plain[1:]
    for position, value in enumerate(plain):
        yield _Visit(value, names, role) if position == 0 else _Visit(value)
    for keyword in node.arguments:
        if keyword.name:
            named = keyword.name.strip("*")
            yield _Visit(keyword.value, (*visit.names, named) if named else visit.names)


def _is_buffer(node: ir.Node) -> bool:
    return isinstance(node, ir.Attribute) and _name(node.value) == "Buffer"


def _function(visit: _Visit) -> Iterator[_Visit]:
    for parameter in visit.node.parameters:
        yield _Visit(parameter.pattern)
        yield _Visit(parameter.default, (_name(parameter.pattern),), "default")
        yield from map(_Visit, parameter.decorators)
    yield from map(_Visit, (*visit.node.decorators, *visit.node.body))


def _class(visit: _Visit) -> Iterator[_Visit]:
    yield from map(_Visit, (*visit.node.bases, *visit.node.decorators))
    yield from (_Visit(function) for _, function, _ in visit.node.methods)
    yield from (_Visit(value, (_name(key),)) for key, value in visit.node.fields)


def _pattern(visit: _Visit) -> Iterator[_Visit]:
    for key, target in visit.node.items:
        if isinstance(target, ir.Default):
            name = _name(key) if key is not None else _name(target.pattern)
            yield _Visit(target.value, (name,), "default")
            yield _Visit(target.pattern)
        else:
            yield _Visit(target)


RULES: dict[type[Any], Callable[[_Visit], Iterator[_Visit]]] = {
    ir.Assign: _assigned,
    ir.Assignment: _assigned,
    ir.Dictionary: _dictionary,
    ir.Sequence: _inner,
    ir.Spread: _inner,
    ir.Await: _inner,
    ir.Conditional: _conditional,
    ir.Operation: _operation,
    ir.Compare: _compare,
    ir.Call: _call,
    ir.Lambda: _function,
    ir.ClassExpression: _class,
    ir.ObjectPattern: _pattern,
}
