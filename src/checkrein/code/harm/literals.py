"""Literals that may be secrets: texts beside a name that says so, or of a key's own shape.

Names of attributes that a user pool keeps of its users (``custom:role``) are found on the same way,
where code reads them: what it writes is a key, or stands under ``Name``.

What stands in a loaded file counts whether it runs or not: whoever reads the file has it. Whether
a literal is a secret is not told here; only what can not be one is left out.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from checkrein.catalog.secrets import HOLE, may_hold_key, may_name_secret
from checkrein.code import ir
from checkrein.code.running.refinement import asks_for_main

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

LONGEST = 20_000  # characters; data beyond that is no secret that somebody typed
SHORTEST = 3
PART = 6  # characters
CLAIM = "custom:"  # what the names of a user pool's own attributes begin with
NAME = "Name"  # beside it the value that is set
FALLBACKS = frozenset(("or", "??"))
PREFIX = "env_prefix"
FILLED = "BaseSettings"  # of pydantic: the environment's variables fill its fields, by their names
TEXTS: Final = frozenset((ir.Constant, ir.Format, ir.Operation))
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

ENVIRONMENTS: Final = frozenset((("process", "env"), ("os", "environ")))

EMPTY: Final = frozenset((ir.Name, type(None)))  # hold no text
# Made of one node, which their own names say nothing of.
PASSING: Final = frozenset(
    (ir.Attribute, ir.Expression, ir.Return, ir.Raise, ir.Not, ir.Yield, ir.Export)
)


class Named(NamedTuple):
    """A literal: its text (HOLE for parts that are computed), where, and the names around it.

    ``role`` is "default" for what is taken where something else is missing, "compared" for what
    something is compared with, else "". That of a user's attribute is "claim", and the one name
    around it what would else be its role. ``variables`` are those of the environment of which any
    takes a default's place. ``aside`` is what stands where the file is run as a program.
    """

    text: str
    at: ir.Span
    names: tuple[str, ...]
    role: str = ""
    variables: tuple[str, ...] = ()
    aside: bool = False


# A node, the names around it, its role: of a default, the variables too, after blanks.
Visit = tuple[Any, tuple[str, ...], str]
Waiting = list[Visit]


def of(module: ir.Module) -> tuple[Named, ...]:
    """Return the literals of a module that may be secrets, in order; looked for once."""
    if module.literals is None:
        module.literals = _found(module)
    known: tuple[Named, ...] = module.literals
    return known


def _found(module: ir.Module) -> tuple[Named, ...]:
    return tuple(sorted(among(module.body), key=lambda one: one.at))


def among(body: Iterable[ir.Node]) -> list[Named]:
    """Return the literals in statements that may be secrets."""
    found: list[Named] = []
    aside: list[Named] = []
    waiting: Waiting = [(node, (), "") for node in body]
    while waiting:
        node, names, role = waiting.pop()
        kind = type(node)
        if kind is ir.If and asks_for_main(node.test):
            aside += [one._replace(aside=True) for one in among(node.then)]
            waiting += [(one, (), "") for one in node.otherwise]
            continue
        if kind in PASSING:
            if type(node.value) not in EMPTY:
                waiting.append((node.value, (), ""))
            continue
        if kind in EMPTY or (kind in TEXTS and _is_whole(node, names, role, found)):
            continue
        rule = RULES.get(kind)
        if rule is not None:
            rule(node, names, role, waiting)
        else:
            _others(node, waiting)
    return found + aside


def _is_whole(node: Any, names: tuple[str, ...], role: str, found: list[Named]) -> bool:
    """Keep the text that a node writes; tell whether there is nothing else in it to look at."""
    text = _text(node)
    if text is None:
        return type(node) is ir.Constant
    if may_be_secret(text, names):
        word, *variables = role.split(" ")
        found.append(Named(text, node.at, names, word, tuple(variables)))
    elif text.startswith(CLAIM) and (role == "compared" or names[-1:] != (NAME,)):
        found.append(Named(text, node.at, (role,) if role else (), "claim"))
    return type(node) is not ir.Format


def written(module: ir.Module, wanted: frozenset[str]) -> Iterator[tuple[str, ir.Span]]:
    """Yield where texts, or longer parts of them, stand in a module as literals."""
    waiting: list[Any] = list(module.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ir.Constant) and _is_part(node.value, wanted):
            yield node.value, node.at
        waiting += ir.parts(node)


def imported(module: ir.Module, wanted: frozenset[str]) -> Iterator[str]:
    """Yield texts that a module has where it is not only run as a program."""
    waiting: list[Any] = list(module.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ir.If) and asks_for_main(node.test):
            waiting += node.otherwise
            continue
        if isinstance(node, ir.Constant) and isinstance(node.value, str) and node.value in wanted:
            yield node.value
        waiting += ir.parts(node)


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
    kind = type(node)
    if kind is ir.Constant:
        return node.value if isinstance(node.value, str) and not node.kind else None
    if kind is ir.Format:
        return "".join(part if isinstance(part, str) else HOLE for part in node.parts)
    if kind is ir.Operation and node.operator == "+":
        parts = [_text(operand) for operand in node.operands]
        if any(part is not None for part in parts):
            return "".join(HOLE if part is None else part for part in parts)
    return None


def _name(node: Any) -> str:
    """Return the last name of a target or of what is read: ``x``, ``a.x``, ``a["x"]``."""
    if type(node) is ir.Name:
        return node.id
    if type(node) is ir.Attribute:
        return node.name
    if type(node) is ir.Subscript and type(node.index) is ir.Constant:
        return node.index.value if isinstance(node.index.value, str) else _name(node.value)
    return node.value if type(node) is ir.Constant and isinstance(node.value, str) else ""


# ------------------------------------------------------------------------------ rules


def _others(node: Any, waiting: Waiting) -> None:
    """Visit what a node is made of, which its names say nothing of."""
    for part in ir.parts(node):
        if type(part) is not ir.Name:
            waiting.append((part, (), ""))


def _assigned(node: Any, names: tuple[str, ...], role: str, waiting: Waiting) -> None:  # noqa: ARG001
    waiting.append((node.target, (), ""))
    waiting.append((node.value, (*names, _name(node.target)), ""))


def _dictionary(node: Any, names: tuple[str, ...], role: str, waiting: Waiting) -> None:  # noqa: ARG001
    for key, value in node.items:
        waiting.append((value, names if key is None else (*names, _name(key)), ""))


def _inner(node: Any, names: tuple[str, ...], role: str, waiting: Waiting) -> None:
    """Hand the names on to what a node is one of."""
    for part in ir.parts(node):
        waiting.append((part, names, role))


def _conditional(node: Any, names: tuple[str, ...], role: str, waiting: Waiting) -> None:
    waiting.append((node.test, (), ""))
    waiting.append((node.then, names, role))
    waiting.append((node.otherwise, names, role))


def _operation(node: Any, names: tuple[str, ...], role: str, waiting: Waiting) -> None:
    if node.operator not in FALLBACKS:
        _others(node, waiting)
        return
    first = node.operands[0]
    waiting.append((first, names, ""))
    if not names or not may_name_secret(names[-1]):
        names = (*names, _name(first))
    role = "default"
    for before, operand in pairwise(node.operands):
        role = _instead(role, before)
        waiting.append((operand, names, role))


def _compare(node: Any, names: tuple[str, ...], role: str, waiting: Waiting) -> None:  # noqa: ARG001
    left, right = node.left, node.right
    if node.operator in ("==", "!=", "===", "!=="):
        waiting.append((right, (_name(left),), "compared"))
        waiting.append((left, () if _text(left) is None else (_name(right),), "compared"))
        for side in (left, right):
            if type(side) is ir.Subscript and type(side.index) is ir.Constant:
                waiting.append((side.index, (), "compared"))
    else:
        _others(node, waiting)


def _call(node: ir.Call, names: tuple[str, ...], role: str, waiting: Waiting) -> None:
    name = _name(node.function)
    if not node.arguments and type(node.function) is ir.Name:
        return
    plain = [keyword.value for keyword in node.arguments if not keyword.name]
    wraps = name in WRAPPING or (name == "from" and _is_buffer(node.function))
    around, own = (names, role) if wraps else ((), "")
    if isinstance(node.function, ir.Attribute):
        same = name in SAME
        waiting.append((node.function.value, names if same else (), role if same else ""))
    else:
        waiting.append((node.function, (), ""))
    if len(plain) > 1 and (name in SETTERS or name in GETTERS) and _text(plain[0]) is not None:
        waiting.append((plain[0], (NAME,) if name in SETTERS else (), ""))
        around, own = (_name(plain[0]),), _instead("default", node) if name in GETTERS else ""
        plain = plain[1:]
    for position, value in enumerate(plain):
        if type(value) not in EMPTY:
            waiting.append((value, () if position else around, "" if position else own))
    for keyword in node.arguments:
        if keyword.name:
            named = keyword.name.strip("*")
            waiting.append((keyword.value, (*names, named) if named else names, ""))


def _instead(role: str, node: ir.Node) -> str:
    """Return the role of a default where what a node reads is missing too."""
    return f"{role} {_variable(node)}".rstrip()


def _variable(node: Any) -> str:
    """Return the environment's variable that a node reads, "" for none."""
    key: ir.Node | None = None
    if isinstance(node, ir.Call) and node.arguments:
        asked = isinstance(node.function, ir.Attribute) and _is_environment(node.function.value)
        if _name(node.function) == "getenv" or (asked and _name(node.function) == "get"):
            key = node.arguments[0].value
    elif isinstance(node, ir.Subscript) and _is_environment(node.value):
        key = node.index
    elif isinstance(node, ir.Attribute) and _is_environment(node.value):
        return node.name
    name = key.value if isinstance(key, ir.Constant) else None
    return name if isinstance(name, str) and name.isidentifier() else ""


def _is_environment(node: ir.Node) -> bool:
    """Tell whether a node is ``process.env`` or ``os.environ``, or the latter by its own name."""
    if isinstance(node, ir.Attribute):
        return (_name(node.value), node.name) in ENVIRONMENTS
    return isinstance(node, ir.Name) and node.id == "environ"


def _is_buffer(node: ir.Node) -> bool:
    return isinstance(node, ir.Attribute) and _name(node.value) == "Buffer"


def _function(node: Any, names: tuple[str, ...], role: str, waiting: Waiting) -> None:  # noqa: ARG001
    for parameter in node.parameters:
        waiting.append((parameter.pattern, (), ""))
        waiting.append((parameter.default, (_name(parameter.pattern),), "default"))
        waiting += [(one, (), "") for one in parameter.decorators]
    waiting += [(one, (), "") for one in node.decorators]
    waiting += [(one, (), "") for one in node.body]


def _class(node: Any, names: tuple[str, ...], role: str, waiting: Waiting) -> None:  # noqa: ARG001
    waiting += [(one, (), "") for one in node.bases]
    waiting += [(one, (), "") for one in node.decorators]
    waiting += [(function, (), "") for _, function, _ in node.methods]
    filled = any(_name(base) == FILLED for base in node.bases)
    known = filled and not _says(node, PREFIX)
    for key, value in node.fields:
        name = _name(key)
        role = f"default {name.upper()}" if known else "default" if filled else ""
        waiting.append((value, (name,), role))


def _says(node: ir.Node, name: str) -> bool:
    """Tell whether a name stands anywhere in a node, as a key or of an argument."""
    waiting: list[Any] = [node]
    while waiting:
        one = waiting.pop()
        named = one.name if type(one) is ir.Keyword else _name(one)
        if named == name:
            return True
        waiting += ir.parts(one)
    return False


def _pattern(node: Any, names: tuple[str, ...], role: str, waiting: Waiting) -> None:  # noqa: ARG001
    for key, target in node.items:
        if isinstance(target, ir.Default):
            name = _name(key) if key is not None else _name(target.pattern)
            waiting.append((target.value, (name,), "default"))
            waiting.append((target.pattern, (), ""))
        else:
            waiting.append((target, (), ""))
        if type(key) is ir.Constant:
            waiting.append((key, (), ""))


RULES: Final[dict[type[Any], Callable[[Any, tuple[str, ...], str, Waiting], None]]] = {
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
