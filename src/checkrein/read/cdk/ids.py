"""Which texts the id of a construct may be, as far as the program says: patterns with gaps.

``${x}-table`` is anything followed by ``-table``; a parameter is what its callers give. Nothing is
run: what is computed otherwise is a gap.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import islice, product

from msgspec.structs import replace

from checkrein.code import ir
from checkrein.read.cdk.modules import file_of
from checkrein.read.cdk.program import Program, Scope, dotted

Pattern = tuple[str | None, ...]  # texts, and None for what is not known
ANY: Pattern = (None,)
DEEPEST = 8
MOST = 60  # alternatives
MOST_STEPS = 5_000  # from name to name, before the rest is a gap


def fits(pattern: Pattern, text: str) -> bool:
    """Tell whether a text may come of a pattern; CDK writes ``/`` in ids as ``--``."""
    known = [""]  # between gaps
    for each in pattern:
        if each is None:
            known.append("")
        else:
            known[-1] += each.replace("/", "--")
    first, *rest = known
    if not rest:
        return text == first
    last = rest.pop()
    at, end = len(first), len(text) - len(last)
    if at > end or not (text.startswith(first) and text.endswith(last)):
        return False
    for each in rest:  # the first place that fits leaves most for the others
        at = text.find(each, at, end)
        if at < 0:
            return False
        at += len(each)
    return True


def texts(found: Collection[Pattern]) -> set[str] | None:
    """Return the ids that CDK writes for patterns, None if there is a gap in one of them."""
    if not all(map(is_text, found)):
        return None
    return {"".join(each or "" for each in pattern).replace("/", "--") for pattern in found}


def letters(pattern: Pattern) -> int:
    """Return how much of a pattern is known."""
    return sum(len(each) for each in pattern if each)


def is_text(pattern: Pattern) -> bool:
    return None not in pattern


def patterns(program: Program, node: ir.Node | None, scope: Scope) -> set[Pattern]:
    """Return what an expression may be as a text."""
    counted = replace(program, steps_left=MOST_STEPS)
    return set(islice(_patterns(counted, node, scope, DEEPEST), MOST)) or {ANY}


def _patterns(
    program: Program, node: ir.Node | None, scope: Scope, deeper: int
) -> Iterator[Pattern]:
    program.steps_left -= 1
    if deeper <= 0 or node is None or program.steps_left <= 0:
        yield ANY
    elif isinstance(node, ir.Constant):
        yield (node.value,) if isinstance(node.value, str) else ANY
    elif isinstance(node, ir.Format):
        yield from _joined(program, node.parts, scope, deeper)
    elif isinstance(node, ir.Operation) and node.operator in ("+", "or", "??"):
        if node.operator == "+":
            yield from _joined(program, node.operands, scope, deeper)
        else:
            for each in node.operands:
                yield from _patterns(program, each, scope, deeper - 1)
    elif isinstance(node, ir.Conditional):
        yield from _patterns(program, node.then, scope, deeper - 1)
        yield from _patterns(program, node.otherwise, scope, deeper - 1)
    else:
        yield from _named(program, node, scope, deeper)


def _joined(
    program: Program, parts: Sequence[str | ir.Node], scope: Scope, deeper: int
) -> Iterator[Pattern]:
    if len(parts) > MOST:
        yield ANY
        return
    choices = [
        [(part,)]
        if isinstance(part, str)
        else list(islice(_patterns(program, part, scope, deeper - 1), MOST))
        for part in parts
    ]
    for chosen in islice(product(*choices), MOST):
        yield tuple(each for part in chosen for each in part)


def _named(program: Program, node: ir.Node, scope: Scope, deeper: int) -> Iterator[Pattern]:
    known = list(islice(values(program, node, scope, deeper - 1), MOST))
    for value, where in known:
        yield from _patterns(program, value, where, deeper - 1)
    if not known:
        yield ANY


def values(
    program: Program, node: ir.Node, scope: Scope, deeper: int
) -> Iterator[tuple[ir.Node | None, Scope]]:
    """Yield the expressions that a name or a member stands for; (None, …) where one is unknown."""
    if deeper <= 0:
        return
    if isinstance(node, ir.Name):
        yield from _bound(program, node.id, scope, deeper)
    elif isinstance(node, ir.Attribute):
        yield from _member(program, node, scope, deeper)


def _bound(
    program: Program, name: str, scope: Scope, deeper: int
) -> Iterator[tuple[ir.Node | None, Scope]]:
    where: Scope | None = scope
    while where is not None:
        if name in where.names:
            yield from ((value, where) for value in where.names[name])
            return
        for index, parameter in enumerate(_plain(where)):
            found = _taken(parameter.pattern, name)
            if found is not None:
                yield from _given(program, where, index, name, found, deeper)
                return
        where = where.around
    module, member = program.imports.get((scope.unit.path, name), ("", ""))
    there = program.modules.get(file_of(program.modules, scope.unit.path, module))
    if there is not None and member not in ("", "*"):
        yield from ((value, there) for value in there.names.get(member, ()))


def _plain(scope: Scope) -> list[ir.Parameter]:
    own = ("self", "cls")
    return [each for each in scope.parameters if dotted(each.pattern) not in (*own, "this")]


def _taken(pattern: ir.Node, name: str) -> str | None:
    """Return which member of a parameter a name is: "" for all of it, None for none."""
    if isinstance(pattern, ir.Default):
        return _taken(pattern.pattern, name)
    if isinstance(pattern, ir.Name):
        return "" if pattern.id == name else None
    if isinstance(pattern, ir.ObjectPattern):
        for key, inner in pattern.items:
            if isinstance(key, ir.Constant) and _taken(inner, name) == "":
                return str(key.value)
    return None


def _given(
    program: Program, scope: Scope, index: int, name: str, member: str, deeper: int
) -> Iterator[tuple[ir.Node | None, Scope]]:
    """Yield what the callers of a function give for a parameter, or a member of it."""
    for arguments, where in program.callers.get(scope.name, ()):
        program.steps_left -= 1
        if program.steps_left <= 0:
            yield None, where
            return
        plain = [each for each in arguments if not each.name]
        given = next((each.value for each in arguments if each.name == name), None)
        if given is None and index < len(plain):
            given = plain[index].value
        if member and given is not None:
            yield from _of(program, given, member, where, deeper - 1)
        else:
            yield given, where


def _member(
    program: Program, node: ir.Attribute, scope: Scope, deeper: int
) -> Iterator[tuple[ir.Node | None, Scope]]:
    own = dotted(node)
    where: Scope | None = scope
    while own.startswith("this.") and where is not None:
        if own in where.names:
            yield from ((value, where) for value in where.names[own])
            return
        where = where.around
    yield from _of(program, node.value, node.name, scope, deeper)


def _of(
    program: Program, node: ir.Node, name: str, scope: Scope, deeper: int
) -> Iterator[tuple[ir.Node | None, Scope]]:
    """Yield the values of a member of what an expression stands for."""
    own = [(node, scope)] if isinstance(node, ir.Dictionary) else []
    for value, where in own or values(program, node, scope, deeper - 1):
        if isinstance(value, ir.Dictionary):
            for key, inner in value.items:
                if isinstance(key, ir.Constant) and key.value == name:
                    yield inner, where
        elif isinstance(value, ir.ClassExpression):
            yield from ((v, where) for k, v in value.fields if dotted(k) == name and v)
        else:
            yield None, where
