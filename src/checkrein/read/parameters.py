"""What a stack's parameters are: an argument, a value from a file, the default, or a symbol."""

from __future__ import annotations

from typing import Any

from checkrein.model.values import SPECIAL, Choice, Open, Symbol, Value, choice, plain_text

SSM = "AWS::SSM::Parameter::Value<"


def parameter_values(
    stack: str, declared: dict[str, Any], values: dict[str, Any], arguments: dict[str, Value]
) -> dict[str, Value]:
    """Return every declared parameter's assumed value.

    ``arguments`` come from the parent stack, ``values`` from samconfig.toml or a parameter file;
    a default is an assumption, the weakest. Where nothing is said: ``Symbol("STACK@parameter")``.
    """
    return {
        name: _value(stack, name, declaration, {**values, **arguments})
        for name, declaration in declared.items()
        if isinstance(declaration, dict)
    }


def symbolic_parameters(stack: str, declared: dict[str, Any]) -> dict[str, Value]:
    """Return every declared parameter as a symbol, nothing assumed."""
    return {name: Symbol(f"{stack}@parameter", name) for name in declared}


def _value(stack: str, name: str, declaration: dict[str, Any], given: dict[str, Any]) -> Value:
    kind = str(declaration.get("Type", "String"))
    value = given[name] if name in given else declaration.get("Default")
    if value is None:
        return Symbol(f"{stack}@parameter", name)
    if kind.startswith(SSM):
        return kept(value)
    if isinstance(value, (*SPECIAL, dict)):
        return value
    if kind == "CommaDelimitedList" or kind.startswith("List<"):
        return value if isinstance(value, list) else _items(plain_text(value))
    return _number(plain_text(value)) if kind == "Number" else value


def kept(name: Value) -> Value:
    """Return what Parameter Store keeps under a name, which may be known in part only."""
    if isinstance(name, Choice):
        return choice([(when, kept(option)) for when, option in name.options])
    return name if isinstance(name, Open) else Symbol("@ssm", plain_text(name))


def _items(text: str) -> list[str]:
    return [item.strip() for item in text.split(",")] if text.strip() else []


def _number(text: str) -> int | float | str:
    try:
        return int(text)
    except ValueError:
        try:
            return float(text)
        except ValueError:
            return text
