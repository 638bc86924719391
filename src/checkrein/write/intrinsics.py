"""Values of the model as a template writes them: symbols become Ref, GetAtt and Sub."""

from __future__ import annotations

from typing import Any

from checkrein.model.values import SPECIAL, Symbol, Text
from checkrein.write.refusals import CannotEdit

PSEUDO = "@aws"


def written(value: Any, stack: str) -> Any:
    """Return plain JSON for a value inside a stack's template; raise CannotEdit if it has none.

    ``Symbol("api/template/Rides", "Arn")`` is ``{"Fn::GetAtt": ["Rides", "Arn"]}`` in the stack
    ``api/template``; another stack cannot name it.
    """
    if isinstance(value, Symbol):
        name, attribute = _named(value, stack)
        return {"Fn::GetAtt": [name, attribute]} if attribute else {"Ref": name}
    if isinstance(value, Text):
        return {"Fn::Sub": "".join(_substituted(part, stack) for part in value.parts)}
    if isinstance(value, SPECIAL):
        raise CannotEdit(f"no template can say {value}")
    if isinstance(value, dict):
        return {key: written(item, stack) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [written(item, stack) for item in value]
    return value


def is_intrinsic(value: Any) -> bool:
    """Tell whether a plain value is a function call of CloudFormation."""
    if not isinstance(value, dict) or len(value) != 1:
        return False
    name = str(next(iter(value)))
    return name in ("Ref", "Condition") or name.startswith("Fn::")


def _named(symbol: Symbol, stack: str) -> tuple[str, str]:
    """Return the name and attribute ("" for a Ref) by which a stack's template says a symbol."""
    if symbol.owner == PSEUDO:
        return f"AWS::{symbol.attribute}", ""
    if symbol.owner == f"{stack}@parameter":
        return symbol.attribute, ""
    if symbol.owner == f"{stack}@stack":
        return f"AWS::{symbol.attribute}", ""
    owner, _, name = symbol.owner.rpartition("/")
    if owner != stack:
        raise CannotEdit(f"{symbol.owner} has no name in the template of {stack}")
    return name, "" if symbol.attribute == "Ref" else symbol.attribute


def _substituted(part: Any, stack: str) -> str:
    if isinstance(part, str):
        return part.replace("${", "${!")
    if not isinstance(part, Symbol):
        raise CannotEdit(f"no template can say {part}")
    name, attribute = _named(part, stack)
    return f"${{{name}.{attribute}}}" if attribute else f"${{{name}}}"
