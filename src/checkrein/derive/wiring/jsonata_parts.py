"""What a JSONata expression is made of: which parts of its variables stand where in its value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from checkrein.derive.content.paths import Tokens, below
from checkrein.derive.wiring.jsonata import Node, Unreadable, parse

COUNTING = frozenset({  # what gives nothing of what it is given
    "count", "length", "exists", "type", "boolean", "not", "contains", "random", "now", "millis",
    "uuid", "sum", "max", "min", "average", "keys", "assert", "error", "hash", "fromMillis",
    "toMillis", "range", "single",
})  # fmt: skip
KEEPING = frozenset({  # what gives its first argument, or a part of it
    "string", "parse", "filter", "sort", "reverse", "distinct", "shuffle", "lookup", "trim",
    "base64encode", "base64decode", "encodeUrl", "decodeUrl", "encodeUrlComponent",
    "decodeUrlComponent", "uppercase", "lowercase", "substring", "substringBefore",
    "substringAfter", "join", "split", "replace", "number", "sift", "pad", "partition",
})  # fmt: skip
UNITING = frozenset({"merge", "append", "spread", "zip"})
LOGICAL = frozenset({"and", "or", "in", "=", "!=", "<", ">", "<=", ">=", ".."})
ELEMENT = ("[]",)
MOST = 200  # parts of a value


class Part(Struct, frozen=True):
    """What stands at a path of a value: a part of a variable, as it is or only made of it."""

    at: Tokens
    variable: str
    path: Tokens = ()
    exact: bool = True


Parts = tuple[Part, ...]
Bound = Mapping[str, "Parts | Node"]


@lru_cache(maxsize=1024)
def parts(expression: str) -> Parts | None:
    """Return the parts of an expression's value; None where it cannot be read."""
    try:
        tree = parse(expression)
    except (Unreadable, RecursionError):
        return None
    return _Values().of(tree, (), {})


class _Values:
    """Works out values; ``here`` is what names are members of."""

    def of(self, node: Node, here: Parts, bound: Bound) -> Parts:
        reader = READERS.get(node.kind)
        return tuple(dict.fromkeys(reader(self, node, here, bound)))[:MOST] if reader else ()

    def name(self, node: Node, here: Parts, _: Bound) -> Parts:
        return _member(here, node.name)

    def variable(self, node: Node, here: Parts, bound: Bound) -> Parts:
        if node.name in {"", "$"}:
            return here
        known = bound.get(node.name)
        if isinstance(known, Node):
            return ()
        return (Part((), node.name),) if known is None else known

    def path(self, node: Node, here: Parts, bound: Bound) -> Parts:
        left, right = node.inside
        return self.of(right, self.of(left, here, bound), bound)

    def first(self, node: Node, here: Parts, bound: Bound) -> Parts:
        return self.of(node.inside[0], here, bound)

    def object(self, node: Node, here: Parts, bound: Bound) -> Parts:
        return tuple(
            replace(part, at=(pair.name or "{}", *part.at))
            for pair in node.inside
            for part in self.of(pair.inside[0], here, bound)
        )

    def array(self, node: Node, here: Parts, bound: Bound) -> Parts:
        items = (part for item in node.inside for part in self.of(item, here, bound))
        return tuple(replace(part, at=(*ELEMENT, *part.at)) for part in items)

    def block(self, node: Node, here: Parts, bound: Bound) -> Parts:
        known, found = dict(bound), Parts()
        for each in node.inside:
            found = self.of(each, here, known)
            if each.kind == "bind":
                value = each.inside[0]
                known[each.name] = value if value.kind == "lambda" else found
        return found

    def chosen(self, node: Node, here: Parts, bound: Bound) -> Parts:
        return (*self.of(node.inside[1], here, bound), *self.of(node.inside[2], here, bound))

    def operator(self, node: Node, here: Parts, bound: Bound) -> Parts:
        if node.name in LOGICAL:
            return ()
        if node.name == "~>":
            return self._chained(node, here, bound)
        found = [self.of(each, here, bound) for each in node.inside]
        if node.name in {"?:", "??"}:
            return tuple(part for each in found for part in each)
        exact = node.name == "&"  # arithmetic makes something else
        return tuple(
            replace(part, at=(), exact=exact and part.exact) for each in found for part in each
        )

    def _chained(self, node: Node, here: Parts, bound: Bound) -> Parts:
        left, right = node.inside
        given = right.inside[1:] if right.kind == "call" else ()
        function = right.inside[0] if right.kind == "call" else right
        return self.call(Node("call", "", (function, left, *given)), here, bound)

    def call(self, node: Node, here: Parts, bound: Bound) -> Parts:
        function, *given = node.inside
        known = bound.get(function.name) if function.kind == "variable" else None
        own = function if function.kind == "lambda" else known
        if isinstance(own, Node):
            return self._applied(own, [self.of(each, here, bound) for each in given], bound)
        if function.kind != "variable" or function.name in COUNTING:
            return ()
        if function.name in {"map", "each", "reduce"} and len(given) > 1:
            return self._over(function.name, given, here, bound)
        found = [self.of(each, here, bound) for each in given]
        if function.name in KEEPING:
            return found[0] if found else here
        if function.name in UNITING:
            return tuple(_inner(part) for each in found for part in each)
        return tuple(replace(part, at=(), exact=False) for each in found for part in each)

    def _over(self, name: str, given: list[Node], here: Parts, bound: Bound) -> Parts:
        """Return what a function makes of each element of a list."""
        items, function = self.of(given[0], here, bound), given[1]
        known = bound.get(function.name) if function.kind == "variable" else function
        each = tuple(_inner(part) for part in items)
        if not isinstance(known, Node) or known.kind != "lambda":
            return tuple(replace(part, at=()) for part in each)
        if name == "reduce":
            return self._applied(known, [each, each], bound)
        made = self._applied(known, [each], bound)
        return tuple(replace(part, at=(*ELEMENT, *part.at)) for part in made)

    def _applied(self, function: Node, given: Iterable[Parts], bound: Bound) -> Parts:
        names = function.name.split()
        known = {**bound, **dict.fromkeys(names, ()), **dict(zip(names, given, strict=False))}
        known = {name: one for name, one in known.items() if one is not function}  # it may recurse
        return self.block(Node("block", "", function.inside), (), known)


def _member(here: Parts, name: str) -> Parts:
    """Return a member of each of some values."""
    found = []
    for part in here:
        if not part.at:
            found.append(replace(part, path=(*part.path, name)))
        else:
            rest = below((name,), part.at)
            if rest is not None:
                found.append(replace(part, at=rest))
    return tuple(found)


def _inner(part: Part) -> Part:
    """Return an element of a list that is, or that a variable holds."""
    if part.at:
        return replace(part, at=part.at[1:]) if part.at[0] == "[]" else part
    return replace(part, path=(*part.path, *ELEMENT)) if part.path[-1:] != ELEMENT else part


Reader = Callable[[_Values, Node, Parts, Bound], Parts]
READERS: Mapping[str, Reader] = {
    "name": _Values.name,
    "variable": _Values.variable,
    "path": _Values.path,
    "filter": _Values.first,
    "focus": _Values.first,
    "object": _Values.object,
    "array": _Values.array,
    "block": _Values.block,
    "bind": _Values.first,
    "if": _Values.chosen,
    "operator": _Values.operator,
    "call": _Values.call,
    "any": lambda _self, _node, here, _bound: here,
}
