"""The shape that the types of a pydantic model say; see ``shapes``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.catalog.uses import bits
from checkrein.code import ir
from checkrein.code.domain import shapes
from checkrein.code.domain.things import Class
from checkrein.code.domain.values import only_string

if TYPE_CHECKING:
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.domain.shapes import Shape
    from checkrein.code.running.interpreter import Interpreter

DEEPEST = 4  # models in models
SAFE = frozenset((
    "int", "float", "bool", "Decimal", "UUID", "UUID1", "UUID3", "UUID4", "UUID5", "UUID7", "date",
    "datetime", "time", "timedelta", "None", "conint", "confloat", "condecimal", "PositiveInt",
    "NegativeInt", "NonNegativeInt", "NonPositiveInt", "PositiveFloat", "NonNegativeFloat",
    "StrictInt", "StrictBool", "StrictFloat", "IPvAnyAddress", "IPv4Address", "IPv6Address",
    "AwareDatetime", "PastDate", "FutureDate", "ByteSize", "Literal",
))  # fmt: skip
TEXTS = frozenset(("str", "bytes", "StrictStr", "constr", "SecretStr", "AnyUrl", "HttpUrl"))
LISTS = frozenset(
    ("list", "List", "set", "Set", "tuple", "Tuple", "Sequence", "Iterable", "conlist")
)
SAME = frozenset(("Optional", "Required", "NotRequired", "Final"))
PATTERNS = frozenset(("pattern", "regex"))
ENUMERATIONS = frozenset(("enum.Enum", "enum.IntEnum", "enum.StrEnum"))


def of_class(run: Interpreter, cls: Class, depth: int = 0) -> Shape:
    """Return the shape of a model, or of an enumeration."""
    if any(base.name in ENUMERATIONS for base in cls.foreign()):
        return bits("all")
    found: dict[str, Shape] = {}
    if depth < DEEPEST:
        for known in reversed(cls.lineage()):
            for name, node in known.definition.types:
                defaults = {k.id: v for k, v in known.definition.fields if isinstance(k, ir.Name)}
                default = of_default(run, defaults.get(name), known.scope)
                found[name] = shapes.both(of_type(run, node, known.scope, depth), default)
    return found


def of_type(run: Interpreter, node: ir.Node, scope: Scope, depth: int) -> Shape:
    """Return the shape of values of a type."""
    if isinstance(node, ir.Operation) and node.operator == "|":
        options = [one for one in node.operands if getattr(one, "value", "") is not None]
        return shapes.either(of_type(run, one, scope, depth) for one in options)
    if isinstance(node, ir.Subscript):
        return _of_generic(run, node, scope, depth)
    if isinstance(node, ir.Call):  # constr(pattern="…")
        return shapes.both(of_type(run, node.function, scope, depth), _of_pattern(run, node, scope))
    for one in run.evaluate(node, scope).things:
        if isinstance(one, Class):
            return of_class(run, one, depth + 1)
    return _of_name(_last(node))


def _of_generic(run: Interpreter, node: ir.Subscript, scope: Scope, depth: int) -> Shape:
    """Return the shape of ``Optional[int]``, ``list[int]``, ``Annotated[str, …]``."""
    name = _last(node.value)
    parts = node.index.items if isinstance(node.index, ir.Sequence) else (node.index,)
    if name == "Union":
        return shapes.either(of_type(run, part, scope, depth) for part in parts)
    if name in SAME:
        return of_type(run, parts[0], scope, depth)
    if name in LISTS:
        return {shapes.ITEMS: of_type(run, parts[0], scope, depth)}
    if name == "Annotated":
        found = of_type(run, parts[0], scope, depth)
        for part in parts[1:]:
            if isinstance(part, ir.Call):
                found = shapes.both(found, _of_pattern(run, part, scope))
        return found
    return _of_name(name)


def _of_pattern(run: Interpreter, node: ir.Call, scope: Scope) -> int:
    """Return what ``Field(pattern="…")`` says."""
    for argument in node.arguments:
        if argument.name in PATTERNS:
            return shapes.of_pattern(only_string(run.evaluate(argument.value, scope)))
    return shapes.ANYTHING


def of_default(run: Interpreter, node: ir.Node | None, scope: Scope) -> int:
    """Return what a field's default says: ``name: str = Field(pattern="…")``."""
    return _of_pattern(run, node, scope) if isinstance(node, ir.Call) else shapes.ANYTHING


def _of_name(name: str) -> int:
    if name == "EmailStr":
        return shapes.of_word("email")
    if name in SAFE:
        return bits("all")
    return bits(shapes.TEXT) if name in TEXTS else shapes.ANYTHING


def _last(node: ir.Node) -> str:
    if isinstance(node, ir.Attribute):
        return node.name
    return node.id if isinstance(node, ir.Name) else ""
