"""Values that are not plain, in an expression: conditions, and what a function makes of choices."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct

from checkrein.model.values import (
    SPECIAL,
    Choice,
    Open,
    Symbol,
    Text,
    Value,
    When,
    choice,
    contradictory,
    text,
)
from checkrein.read.terraform.containers import Items, Object
from checkrein.read.terraform.instances import Json

PARAMETER = "@parameter"  # the owner of what a root module is asked for
LONGEST = 2_000_000  # letters in a text
MOST_PARTS = 5_000  # of a text that is not all known
LETTERS = 400  # that weigh as much as one value
MOST = 16  # options of a value that are told apart


class Failed(Exception):
    """Terraform would refuse an expression: ``try`` and ``can`` ask for that. Says why."""


class Fault(Struct, frozen=True, gc=False):
    """What a choice holds under a condition under which Terraform would refuse the expression."""

    reason: str


class Reference(Struct, frozen=True, gc=False):
    """A resource or data source, as a whole: ``aws_s3_bucket.site`` without an attribute."""

    address: str
    key: Any = None  # which instance, as in ``Expansion``


class ModuleReference(Struct, frozen=True, gc=False):
    """An instance of a module, as a whole: ``module.users``."""

    address: str


UNKNOWN = (*SPECIAL, Reference, ModuleReference)


def lifted(function: Callable[..., Value], *values: Value) -> Value:
    """Apply a function under each combination of its arguments' options.

    What Terraform would refuse under a condition is a Fault there, for ``try`` to see; where it
    would refuse all of them, Failed is raised.
    """
    if not any(isinstance(value, Choice) for value in values):
        return function(*values)
    combinations = _combinations(values)
    if combinations is None:
        return Open("many values")
    return bounded([(when, _applied(function, given)) for when, given in combinations])


def _applied(function: Callable[..., Value], given: tuple[Value, ...]) -> Value:
    fault = next((value for value in given if isinstance(value, Fault)), None)
    if fault:
        return fault
    try:
        return function(*given)
    except Failed as error:
        return Fault(str(error))


def faultless(value: Value) -> Value:
    """Return a value without what would be refused: that does not happen."""
    if not isinstance(value, Choice) or not any(isinstance(o, Fault) for _, o in value.options):
        return value
    return bounded([(when, one) for when, one in value.options if not isinstance(one, Fault)])


def _combinations(values: tuple[Value, ...]) -> list[tuple[When, tuple[Value, ...]]] | None:
    """Return what the values can be together, None if that is too many."""
    found: list[tuple[When, tuple[Value, ...]]] = [((), ())]
    for value in values:
        options = value.options if isinstance(value, Choice) else (((), value),)
        found = [
            (when, (*before, option))
            for assumed, before in found
            for own, option in options
            if not contradictory(when := both(assumed, own))
        ]
        if len(found) > MOST * MOST:
            return None
    return found


def both(*whens: When) -> When:
    """Return the conditions under which all of several hold."""
    return tuple(sorted({condition for when in whens for condition in when}))


def bounded(options: list[tuple[When, Value]]) -> Value:
    """Return one value of several options, open where they are too many to be told apart."""
    found = _merged(options)
    if isinstance(found, Fault):
        raise Failed(found.reason)
    if isinstance(found, Choice) and all(isinstance(one, Fault) for _, one in found.options):
        raise Failed(found.options[0][1].reason)
    if isinstance(found, Choice) and len(found.options) > MOST:
        return Open("many values")
    return found


def _merged(options: list[tuple[When, Value]]) -> Value:
    """Return a choice; ``true`` and 1 stay two values, which Python takes for equal."""
    flat = [
        (both(when, inner), simple)
        for when, value in options
        for inner, simple in (value.options if isinstance(value, Choice) else (((), value),))
    ]
    flat = [(when, value) for when, value in flat if not contradictory(when)]
    if len({type(value) for _, value in flat}) > 1:
        return Choice(tuple(_distinct(flat)))
    return choice(flat)


def _distinct(flat: list[tuple[When, Value]]) -> Iterator[tuple[When, Value]]:
    seen: list[tuple[When, Value]] = []
    for when, value in flat:
        if not any(w == when and type(v) is type(value) and v == value for w, v in seen):
            seen.append((when, value))
            yield when, value


def is_known(value: Value) -> bool:
    """Tell whether a value is plain to its depth."""
    if isinstance(value, UNKNOWN):
        return False
    if isinstance(value, Json):
        return is_known(value.value)
    if isinstance(value, dict):
        return all(is_known(item) for item in value.values())
    return all(is_known(item) for item in value) if isinstance(value, list) else True


def first_unknown(value: Value) -> Value:
    """Return the first part of a value that is not plain, None if there is none."""
    if isinstance(value, UNKNOWN):
        return value
    if isinstance(value, Json):
        return first_unknown(value.value)
    inside = value.values() if isinstance(value, dict) else value
    if not isinstance(value, (dict, list)):
        return None
    return next((found for item in inside if (found := first_unknown(item)) is not None), None)


def weight(value: Value) -> int:
    """Return how much work it is to go through a value: its parts, shared ones counted each time.

    Containers must not change once they were weighed.
    """
    if isinstance(value, str):
        return 1 + len(value) // LETTERS
    if isinstance(value, Json):
        return 1 + weight(value.value)
    if isinstance(value, Text):
        return sum(map(weight, value.parts))
    if isinstance(value, Choice):
        return sum(weight(option) for _, option in value.options)
    if not isinstance(value, (dict, list)):
        return 1
    known: int | None = getattr(value, "weight", None)
    if known is None:
        known = 1 + sum(map(weight, value.values() if isinstance(value, dict) else value))
        if isinstance(value, (Items, Object)):
            value.weight = known
    return known


def shown(value: Value) -> str:
    """Return a value as a reader of the file would write it."""
    if isinstance(value, Json):
        return shown(value.value)
    if isinstance(value, UNKNOWN):
        return _shown(value)
    try:
        return json.dumps(value, default=shown)
    except (TypeError, ValueError):
        return str(value)


def _shown(value: Value) -> str:
    if isinstance(value, Symbol):
        owner = "var" if value.owner == PARAMETER else value.owner
        return owner if value.attribute == "Ref" else f"{owner}.{value.attribute}"
    if isinstance(value, Open):
        return value.reason
    if isinstance(value, Text):
        return "".join(p if isinstance(p, str) else f"${{{shown(p)}}}" for p in value.parts)
    if isinstance(value, Choice):
        return " or ".join(shown(option) for _, option in value.options)
    return str(value.address)


def opened(name: str, value: Value) -> Open:
    """Return what a function gives that cannot work on something unknown.

    Raise Failed where all is known: then it is of a kind that the function refuses.
    """
    found = first_unknown(value)
    if found is None:
        raise Failed(f"{name} cannot work on {shown(value)[:40]}")
    if isinstance(found, Open):
        return found
    return Open(f"{name} of {shown(found)[:80]} is only known when Terraform runs")


def concatenated(parts: list[Value]) -> Value:
    """Join parts of a template into one value."""
    for part in parts:
        if isinstance(part, (dict, list)):
            raise Failed("a list or object stands in a text")
    found = text([_piece(part) for part in parts])
    if isinstance(found, str) and len(found) > LONGEST:
        return Open("a text of more than two million letters")
    if isinstance(found, Text) and len(found.parts) > MOST_PARTS:
        return Open(f"a text of more than {MOST_PARTS:,} parts")
    return found


def _piece(part: Value) -> Value:
    if isinstance(part, Json):
        return json_text(part.value)
    if isinstance(part, (Reference, ModuleReference)):
        return Symbol(part.address, "id")
    if isinstance(part, Choice):
        kept = faultless(part)
        if not isinstance(kept, Choice):
            return _piece(kept)
        return Choice(tuple((when, _piece(option)) for when, option in kept.options))
    return number_text(part)


def number_text(value: Value) -> Value:
    """Return a number as Terraform writes it into texts; anything else as it is."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value


def json_text(value: Value) -> Value:
    """Return the text that ``jsonencode`` gives: keys sorted, no blanks."""
    return text(list(_json_parts(value)))


def _json_parts(value: Value) -> Iterator[Value]:
    if isinstance(value, dict):
        yield "{"
        for i, key in enumerate(sorted(value)):
            yield ("," if i else "") + _dumped(key) + ":"
            yield from _json_parts(value[key])
        yield "}"
    elif isinstance(value, list):
        yield "["
        for i, item in enumerate(value):
            yield "," if i else ""
            yield from _json_parts(item)
        yield "]"
    else:
        yield from _json_scalar(value)


def _json_scalar(value: Value) -> Iterator[Value]:
    if isinstance(value, (Text, Symbol)):
        parts = value.parts if isinstance(value, Text) else (value,)
        yield '"'
        yield from (_dumped(p)[1:-1] if isinstance(p, str) else p for p in parts)
        yield '"'
    elif isinstance(value, Choice):
        yield Choice(tuple((when, json_text(option)) for when, option in value.options))
    elif isinstance(value, Open):
        yield value
    elif isinstance(value, Json):
        yield from _json_scalar(json_text(value.value))
    elif isinstance(value, (Reference, ModuleReference)):
        yield Open(f"all of {value.address}")
    else:
        yield _dumped(int(value) if isinstance(value, float) and value.is_integer() else value)


def _dumped(value: Any) -> str:
    dumped = json.dumps(value, ensure_ascii=False)
    for letter in "<>&\u2028\u2029":
        if letter in dumped:
            dumped = dumped.replace(letter, f"\\u{ord(letter):04x}")
    return dumped
