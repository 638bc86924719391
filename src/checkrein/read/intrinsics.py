"""CloudFormation's intrinsic functions in three values: known, symbolic, open."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from checkrein.late import regex
from checkrein.model.values import (
    SPECIAL,
    Choice,
    Condition,
    Open,
    Symbol,
    Text,
    Value,
    When,
    alternatives,
    choice,
    plain,
    plain_text,
    substitute,
    text,
)
from checkrein.model.values import Undecided as NotPlain
from checkrein.read.conditions import Conditions
from checkrein.read.dynamic_references import dynamic

MOST_OPTIONS = 16
TRANSFORM = "Fn::Transform"
VARIABLE = regex(r"\$\{(!?)\s*([^}]*?)\s*\}")
PSEUDO = {
    "AWS::AccountId": "AccountId",
    "AWS::Partition": "Partition",
    "AWS::Region": "Region",
    "AWS::URLSuffix": "URLSuffix",
}
OF_STACK = {"AWS::StackName": "StackName", "AWS::StackId": "StackId"}


class Nothing:
    """``AWS::NoValue``: the property or item that has this value is not there."""


NOTHING = Nothing()


@dataclass
class Scope:
    """What names mean inside one stack.

    ``parameters`` gives each declared parameter's value (an argument of the parent, a value from
    a file, the default, or a symbol); ``resources`` the logical ids.
    """

    stack: str
    resources: frozenset[str]
    parameters: dict[str, Value]
    mappings: dict[str, Any] = field(default_factory=dict)
    conditions: Conditions = field(init=False)

    def __post_init__(self) -> None:
        self.conditions = Conditions(self.stack, {}, lambda value: resolve(value, self))

    def ref(self, name: Any) -> Value:
        """Return what ``Ref`` gives for a name."""
        if not isinstance(name, str):
            return Open("Ref needs a name")
        if name in self.resources:
            return Symbol(f"{self.stack}/{name}", "Ref")
        if name in self.parameters:
            return self.parameters[name]
        return self._pseudo(name)

    def _pseudo(self, name: str) -> Value:
        if name == "AWS::NoValue":
            return NOTHING
        if name in PSEUDO:
            return Symbol("@aws", PSEUDO[name])
        if name in OF_STACK:
            return Symbol(f"{self.stack}@stack", OF_STACK[name])
        return Open(f"{name} is not declared in this template")

    def attribute(self, name: str, attribute: str) -> Value:
        """Return what ``Fn::GetAtt`` gives."""
        if name in self.resources:
            return Symbol(f"{self.stack}/{name}", attribute)
        return Open(f"{name}.{attribute} is not declared in this template")


def resolve(value: Any, scope: Scope) -> Value:
    """Return a template's value with every intrinsic evaluated as far as it can be."""
    if isinstance(value, str):
        return dynamic(value) if "{{resolve:" in value else value
    if isinstance(value, dict):
        return _mapping(value, scope)
    if isinstance(value, list):
        items = [resolve(item, scope) for item in value]
        return [item for item in items if item is not NOTHING]
    return _adopted(value, scope) if isinstance(value, SPECIAL) else value


def _mapping(value: dict[str, Any], scope: Scope) -> Value:
    if TRANSFORM in value:  # it may change what stands beside it
        value = {TRANSFORM: value[TRANSFORM]}
    if len(value) == 1:
        ((name, argument),) = value.items()
        function = FUNCTIONS.get(name)
        if function:
            return function(argument, scope)
        if name.startswith("Fn::"):
            return Open(f"{name} is not evaluated")
    found: dict[str, Value] = {}
    for key, item in value.items():
        known = resolve(item, scope)
        if known is not NOTHING:
            found[key] = known
    return found


def _adopted(value: Value, scope: Scope) -> Value:
    """Give a value that the reader of another notation made its place in this stack.

    There a resource is known by its logical id, a parameter as ``Symbol("@parameter", name)``,
    and a condition by ``#`` and its name.
    """
    if isinstance(value, Choice):
        options = [
            (_assumed(when, scope), resolve(option, scope)) for when, option in value.options
        ]
        return choice([(when, option) for when, option in options if when is not None])
    return substitute(value, lambda symbol: _own(symbol, scope))


def _own(symbol: Symbol, scope: Scope) -> Value | None:
    if symbol.owner == "@parameter":
        return scope.ref(symbol.attribute)
    if symbol.owner not in scope.resources:
        return None
    return Symbol(f"{scope.stack}/{symbol.owner}", symbol.attribute)


def _assumed(when: When, scope: Scope) -> When | None:
    """Return what conditions of this stack come down to, None where they never hold."""
    found: set[Condition] = set()
    for name, holds in when:
        outcome: bool | Condition = (name, True)
        if name.startswith("#"):
            outcome = scope.conditions.outcome(name[1:])
        if isinstance(outcome, bool):
            if outcome is not holds:
                return None
        else:
            found.add((outcome[0], outcome[1] is holds))
    return tuple(sorted(found))


def _ref(argument: Any, scope: Scope) -> Value:
    return scope.ref(argument)


def _get_att(argument: Any, scope: Scope) -> Value:
    parts = argument.split(".", 1) if isinstance(argument, str) else argument
    if not isinstance(parts, list) or len(parts) < 2 or not isinstance(parts[0], str):  # noqa: PLR2004
        return Open("Fn::GetAtt needs a resource and an attribute")
    is_text = all(isinstance(part, str) for part in parts)
    attribute = resolve(".".join(parts[1:]) if is_text else parts[1], scope)
    if not isinstance(attribute, str):
        return Open(f"an attribute of {parts[0]} that is not known")
    return scope.attribute(parts[0], attribute)


def _sub(argument: Any, scope: Scope) -> Value:
    template, local = argument, {}
    if isinstance(argument, list) and argument:
        template = argument[0]
        if len(argument) > 1 and isinstance(argument[1], dict):
            local = {name: resolve(item, scope) for name, item in argument[1].items()}
    if not isinstance(template, str):
        return Open("Fn::Sub needs a text")
    parts: list[Value] = []
    done = 0
    for found in VARIABLE.finditer(template):
        parts += [template[done : found.start()], _variable(found, local, scope)]
        done = found.end()
    return dynamic(text([*parts, template[done:]]))


def _variable(found: re.Match[str], local: dict[str, Value], scope: Scope) -> Value:
    literal, name = found.groups()
    if literal:
        return "${" + name + "}"
    if name in local:
        value = local[name]
    elif "." in name:
        value = scope.attribute(*name.split(".", 1))
    else:
        value = scope.ref(name)
    return "" if value is NOTHING else _one_text(value, ",")


def _one_text(value: Value, delimiter: str) -> Value:
    """Join a list inside a string, as CloudFormation does for list parameters."""
    return _joined(delimiter, value) if isinstance(value, list) else value


def _join(argument: Any, scope: Scope) -> Value:
    if not isinstance(argument, list) or len(argument) != 2:  # noqa: PLR2004
        return Open("Fn::Join needs a delimiter and a list")
    delimiter, items = resolve(argument[0], scope), resolve(argument[1], scope)
    if not isinstance(delimiter, str):
        return Open("joined by a delimiter that is not known")
    return dynamic(_over(items, lambda known: _joined(delimiter, known)))


def _joined(delimiter: str, items: Value) -> Value:
    if not isinstance(items, list):
        return text([items])
    parts: list[Value] = []
    for item in items:
        parts += [*([delimiter] if parts else []), _one_text(item, delimiter)]
    return text(parts)


def _over(value: Value, function: Callable[[Value], Value]) -> Value:
    """Apply a function to each option of a value."""
    if isinstance(value, Choice):
        return choice([(when, function(option)) for when, option in value.options])
    return function(value)


def _select(argument: Any, scope: Scope) -> Value:
    if not isinstance(argument, list) or len(argument) != 2:  # noqa: PLR2004
        return Open("Fn::Select needs an index and a list")
    index, items = resolve(argument[0], scope), resolve(argument[1], scope)
    if isinstance(index, SPECIAL):
        return _any_of(items)
    if not str(index).isdigit():
        return Open("Fn::Select needs a whole number")
    return _over(items, lambda known: _item(known, int(index)))


def _item(items: Value, index: int) -> Value:
    if isinstance(items, Symbol):
        return Symbol(items.owner, f"{items.attribute}[{index}]")
    if not isinstance(items, list):
        return items if isinstance(items, Open) else Open("an item of a list that is not known")
    return items[index] if index < len(items) else Open(f"item {index} of a shorter list")


def _any_of(items: Value) -> Value:
    if isinstance(items, list) and 0 < len(items) <= MOST_OPTIONS:
        return choice([((), item) for item in items])
    return Open("one item of a list, not known which")


def _split(argument: Any, scope: Scope) -> Value:
    if not isinstance(argument, list) or len(argument) != 2:  # noqa: PLR2004
        return Open("Fn::Split needs a delimiter and a text")
    delimiter, whole = resolve(argument[0], scope), resolve(argument[1], scope)
    if not isinstance(delimiter, str) or not delimiter:
        return Open("split by a delimiter that is not known")
    return _over(whole, lambda known: _pieces(delimiter, known))


def _pieces(delimiter: str, whole: Value) -> Value:
    """Split a text; a symbol is one list of unknown length that keeps its identity."""
    if isinstance(whole, Symbol):
        return Symbol(whole.owner, f"{whole.attribute}.split({delimiter})")
    if isinstance(whole, Text):
        return _split_text(delimiter, whole)
    return plain_text(whole).split(delimiter) if not isinstance(whole, SPECIAL) else whole


def _split_text(delimiter: str, whole: Text) -> Value:
    """Split at delimiters in the plain parts, taking the symbols as free of them."""
    pieces: list[list[Value]] = [[]]
    for part in whole.parts:
        if not isinstance(part, str):
            pieces[-1].append(part)
            continue
        first, *others = part.split(delimiter)
        pieces[-1].append(first)
        pieces += [[other] for other in others]
    return [text(piece) for piece in pieces]


def _if(argument: Any, scope: Scope) -> Value:
    if not isinstance(argument, list) or len(argument) != 3:  # noqa: PLR2004
        return Open("Fn::If needs a condition and two values")
    name, yes, no = argument
    if not isinstance(name, str):
        return Open("Fn::If needs the name of a condition")
    outcome = scope.conditions.outcome(name)
    if isinstance(outcome, bool):
        return resolve(yes if outcome else no, scope)
    condition, holds = outcome
    either, other = resolve(yes, scope), resolve(no, scope)
    if either is NOTHING and other is NOTHING:
        return NOTHING
    options = (((condition, holds), either), ((condition, not holds), other))
    return choice([((literal,), None if v is NOTHING else v) for literal, v in options])


def _find_in_map(argument: Any, scope: Scope) -> Value:
    if not isinstance(argument, list) or len(argument) < 3:  # noqa: PLR2004
        return Open("Fn::FindInMap needs a map and two keys")
    default: list[Value] = []
    if len(argument) > 3 and isinstance(argument[3], dict) and "DefaultValue" in argument[3]:  # noqa: PLR2004
        default = [resolve(argument[3]["DefaultValue"], scope)]
    found: list[Any] = [scope.mappings]
    for key in argument[:3]:
        found = _step(found, resolve(key, scope))
    options = found or default
    if not options or len(options) > MOST_OPTIONS:
        return Open(f"a value of the map {argument[0]}")
    return choice([((), resolve(option, scope)) for option in options])


def _step(maps: list[Any], key: Value) -> list[Any]:
    """Return what may stand below a key; below a key that is not known, anything there."""
    found = []
    for known in (item for item in maps if isinstance(item, dict)):
        for name in alternatives(key):
            if isinstance(name, SPECIAL):
                found += list(known.values())
            elif plain_text(name) in known:
                found.append(known[plain_text(name)])
    return found


def _import_value(argument: Any, scope: Scope) -> Value:
    return _over(resolve(argument, scope), lambda name: Symbol("@export", str(name)))


def _base64(argument: Any, scope: Scope) -> Value:
    """Keep the text itself: what it says matters here, its encoding does not."""
    return resolve(argument, scope)


def _transform(argument: Any, _scope: Scope) -> Value:
    name = argument.get("Name") if isinstance(argument, dict) else argument
    return Open(f"what the macro {name} makes")


def _length(argument: Any, scope: Scope) -> Value:
    items = resolve(argument, scope)
    return len(items) if isinstance(items, list) else Open("the length of a list that is not known")


def _to_json(argument: Any, scope: Scope) -> Value:
    value = resolve(argument, scope)
    try:
        return json.dumps(plain(value))
    except NotPlain:
        return text(_json_parts(value))


def _json_parts(value: Value) -> list[Value]:
    """Render JSON with its symbols in place, so that they survive inside the text."""
    if isinstance(value, dict):
        pairs = [[json.dumps(key), ": ", *_json_parts(item)] for key, item in value.items()]
        return ["{", *_separated(pairs), "}"]
    if isinstance(value, list):
        return ["[", *_separated([_json_parts(item) for item in value]), "]"]
    if isinstance(value, SPECIAL):
        return ['"', value, '"']
    return [json.dumps(value)]


def _separated(groups: list[list[Value]]) -> list[Value]:
    return [part for i, group in enumerate(groups) for part in ([", "] if i else []) + group]


def _truth(name: str) -> Callable[[Any, Scope], Value]:
    return lambda _argument, _scope: Open(f"{name} depends on the account")


FUNCTIONS: dict[str, Callable[[Any, Scope], Value]] = {
    "Ref": _ref,
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::Join": _join,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::If": _if,
    "Fn::FindInMap": _find_in_map,
    "Fn::ImportValue": _import_value,
    "Fn::Base64": _base64,
    TRANSFORM: _transform,
    "Fn::Length": _length,
    "Fn::ToJsonString": _to_json,
    "Fn::GetAZs": _truth("Fn::GetAZs"),
    "Fn::Cidr": _truth("Fn::Cidr"),
}
