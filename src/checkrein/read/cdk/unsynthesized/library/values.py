"""Values of a trace as the model's: what is not known stays open, and never turns absent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from checkrein.model.values import SPECIAL, Open, Symbol, Value, choice, text
from checkrein.read.cdk.unsynthesized.library.enums import written
from checkrein.read.cdk.unsynthesized.trace import (
    Called,
    Choice,
    Member,
    New,
    Package,
    Traced,
    Unknown,
)

if TYPE_CHECKING:
    from checkrein.read.cdk.unsynthesized.library.world import World

PSEUDO = {
    "ACCOUNT_ID": "AccountId",
    "REGION": "Region",
    "PARTITION": "Partition",
    "URL_SUFFIX": "URLSuffix",
}
SECONDS = {
    "seconds": 1,
    "minutes": 60,
    "hours": 3600,
    "days": 86400,
    "millis": 0.001,
}
SIZES = {"bytes": 1 / 2**20, "kibibytes": 1 / 1024, "mebibytes": 1, "gibibytes": 1024}
ISO = "parse"


def last_name(traced: Traced) -> str:
    """Return the name of a member of an enumeration as the program says it, "" for another."""
    if isinstance(traced, Package):
        return traced.name.rpartition(".")[2]
    return traced.name if isinstance(traced, Member) else ""


def package(traced: Traced) -> str:
    """Return the package's name that something is, with its members; "" for another thing."""
    if isinstance(traced, Package):
        return traced.name
    if isinstance(traced, Member) and (of := package(traced.of)):
        return f"{of}.{traced.name}"
    return ""


def argument(called: Called | New, index: int, name: str = "") -> Traced:
    """Return what a call passes at a place or by a name, None if it passes nothing.

    Python's keywords come last in a dict: options that have their own place in TypeScript stand in
    it too.
    """
    given = called.arguments
    keywords = given[-1] if given and isinstance(given[-1], dict) else {}
    if name and name in keywords:
        return keywords[name]
    if index < len(given):
        return given[index]
    is_python = called.place.path.endswith(".py")
    return keywords if keywords and is_python and index == len(given) else None


def imported_as(called: Called) -> Traced:
    """Return by what something is imported: its name, its ARN, or all its attributes."""
    found = argument(called, 2)
    if isinstance(found, dict) and len(found) == 1 and "Attributes" not in called.name:
        return next(iter(found.values()))
    return found


def unwrapped(traced: Traced) -> Traced:
    """Return the keywords of a struct of Python's, all else as it is."""
    if isinstance(traced, New) and traced.scope is None and len(traced.arguments) == 1:
        only = traced.arguments[0]
        return only if isinstance(only, dict) else traced
    return traced


def prop(given: Traced, *names: str) -> Traced:
    """Return a property, or one inside it; None where it is surely absent.

    What is not known has properties that are not known.
    """
    for name in names:
        given = unwrapped(given)
        if isinstance(given, Mapping):
            given = given.get(name)
        elif isinstance(given, Choice):
            given = Choice([prop(each, name) for each in given.among])
        elif given is not None and not isinstance(given, Unknown):
            return Unknown(f"{name} of something else", _place(given))
        if given is None:
            return None
    return given


def _place(given: Traced) -> Any:
    return getattr(given, "place", None)


def is_unknown(value: Value) -> bool:
    return isinstance(value, SPECIAL)


def items(world: World, traced: Traced, what: str) -> list[Traced]:
    """Return the items of a list; one that is not known is told as not followed, by what it is."""
    if traced is not None and not isinstance(traced, list):
        world.note(what, world.at)
    return traced if isinstance(traced, list) else []


def switched(world: World, given: Traced, names: Mapping[str, str]) -> Value:
    """Return what is switched on, of names and what each writes; open where nobody knows."""
    if isinstance(given, Unknown):
        return Open(given.why)
    found: list[Value] = []
    for name, to in names.items():
        on = world.value(prop(given, name))
        if on is True or is_unknown(on):
            found.append(to if on is True else Open(f"whether {to} is on"))
    return found


def whether(world: World, traced: Traced, yes: Value, no: Value = None) -> Value:
    """Return what a switch writes where it is on, else where it is off; open where unknown."""
    on = world.value(traced)
    return Open(f"whether it is {yes}") if is_unknown(on) else yes if on is True else no


def seconds(world: World, traced: Traced) -> Value:
    """Return a duration in seconds."""
    return _amount(world, traced, SECONDS)


def days(world: World, traced: Traced) -> Value:
    found = seconds(world, traced)
    return found // 86400 if isinstance(found, int) else found


def minutes(world: World, traced: Traced) -> Value:
    found = seconds(world, traced)
    return found // 60 if isinstance(found, int) else found


def mebibytes(world: World, traced: Traced) -> Value:
    """Return a size in MiB."""
    return _amount(world, traced, SIZES)


def _amount(world: World, traced: Traced, units: Mapping[str, float]) -> Value:
    if isinstance(traced, Choice):
        return choice([((), _amount(world, each, units)) for each in traced.among])
    if isinstance(traced, Called) and traced.name in units:
        number = world.value(argument(traced, 0))
        if isinstance(number, (int, float)):
            return int(number * units[traced.name])
        return number if is_unknown(number) else Open(f"{traced.name} of {number}")
    return Open("a duration or size that is not plain") if traced is not None else None


def enum(world: World, traced: Traced) -> Value:
    """Return what a member of an enumeration writes."""
    return world.value(traced)


def of_package(name: str) -> Value:
    """Return what a name of the package is as a value."""
    found = written(name)
    if found is not None:
        return found
    owner, _, member = name.rpartition(".")
    if owner == "Aws" and member in PSEUDO:
        return Symbol("@aws", PSEUDO[member])
    if name == "Aws.NO_VALUE":
        return None
    return Open(f"{name} is not known here")


def joined(*parts: Value) -> Value:
    """Return the text that parts make together."""
    return text(list(parts))


def arn(service: str, resource: Value, *, region: Value = None, account: Value = None) -> Value:
    """Return an ARN, in the deploying account and region unless others are given."""
    return joined(
        "arn:",
        Symbol("@aws", "Partition"),
        f":{service}:",
        Symbol("@aws", "Region") if region is None else region,
        ":",
        Symbol("@aws", "AccountId") if account is None else account,
        ":",
        resource,
    )


def managed_arn(name: Value) -> Value:
    """Return the ARN of a policy of AWS's own."""
    return joined("arn:", Symbol("@aws", "Partition"), ":iam::aws:policy/", name)


Converter = Callable[["World", Traced], Value]
Shape = Mapping[str, Any]


def shaped(world: World, given: Traced, shape: Shape) -> Value:
    """Return what properties become, by a table: name -> (new name, what makes the value of it).

    A maker is a converter, a table for what is nested, or a list of one table for a list of that.
    What is not in the table is left out; None where nothing of it is there.
    """
    given = unwrapped(given)
    if given is None:
        return None
    if isinstance(given, Choice):
        return choice([((), shaped(world, each, shape)) for each in given.among])
    unknown: dict[str, Value] = {}
    if isinstance(given, Unknown):
        for to in shape.values():
            _put(unknown, _target(to), Open(given.why))
        return unknown
    if not isinstance(given, Mapping):
        return world.value(given)
    found: dict[str, Value] = {}
    for name, to in shape.items():
        if name in given:
            _put(found, _target(to), _made(world, given[name], to))
    return found


def _target(to: Any) -> str:
    return to if isinstance(to, str) else str(to[0])


def _put(found: dict[str, Value], target: str, value: Value) -> None:
    if value is None:
        return
    *above, last = target.split(".")
    for name in above:
        found = found.setdefault(name, {})
    found[last] = value


def _made(world: World, traced: Traced, to: Any) -> Value:
    if isinstance(to, str):
        return world.value(traced)
    maker = to[1]
    if isinstance(maker, Mapping):
        return shaped(world, traced, maker)
    if isinstance(maker, list):
        return each_shaped(world, traced, maker[0])
    return maker(world, traced)


def each_shaped(world: World, traced: Traced, shape: Any) -> Value:
    """Return what each item of a list becomes; open where the list is not known."""
    if not isinstance(traced, list):
        return world.value(traced)
    if isinstance(shape, Mapping):
        return [shaped(world, each, shape) for each in traced]
    return [shape(world, each) for each in traced]
