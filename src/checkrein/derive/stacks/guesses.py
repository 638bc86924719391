"""Joins that only names tell: a parameter that is called like what another stack declares."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

from msgspec import Struct

from checkrein.derive.stacks.neighbourhood import Neighbourhood
from checkrein.late import regex
from checkrein.model import Evidence, Path, Resource, Stack, Symbol, Value
from checkrein.model.values import choice

SUFFIXES = ("Name", "Arn", "ARN", "Id", "ID", "Url", "URL")
MANY_CANDIDATES = 4  # beyond that a name says nothing
PARAMETER, STORED = "AWS::SSM::Parameter", "AWS::SSM::Parameter::Value<"
WORD = regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
UNKNOWN = regex(r"\$\{[^}]*\}")


class Join(Struct, frozen=True):
    """One join: the symbol that a stack leaves open, and what stands for it in others."""

    symbol: Symbol
    stack: str
    value: Value
    basis: str
    targets: tuple[str, ...]  # stacks
    evidence: Evidence


def guesses(near: Neighbourhood) -> Iterator[Join]:
    """Join parameters without a value to other stacks' resources whose names agree.

    A parameter agrees with a resource when its name, less ``Name Arn Id Url``, is the logical id,
    or when a parameter of the same name gives the resource its physical name. Only the nearest
    candidates count, only inside one application, never between stacks that declare the same
    store: those are copies.
    """
    offers: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for stack in near.roots:
        for resource in near.resources.get(stack.id, []):
            offers[resource.name.lower()].append((stack.id, resource.id))
            for symbol in _names(resource):
                if symbol.owner == f"{stack.id}@parameter":
                    offers[symbol.attribute.lower()].append((stack.id, resource.id))
    for stack in near.roots:
        for parameter, declaration in stack.parameters.items():
            if parameter in stack.values or not _may_name(declaration):
                continue
            yield from _guess(near, stack, parameter, offers)


def _may_name(declaration: object) -> bool:
    if not isinstance(declaration, dict) or "Default" in declaration:
        return False
    declared = str(declaration.get("Type", "String"))
    named = declared.startswith("AWS::") and "AvailabilityZone" not in declared
    return declared == "String" or named


def _names(resource: Resource) -> list[Symbol]:
    values = [resource.value(path) for path in _naming(resource.type)]
    return [value for value in values if isinstance(value, Symbol)]


@cache
def _naming(cfn_type: str) -> tuple[Path, ...]:
    """Return where a type may say a name."""
    return (f"{cfn_type.rpartition('::')[2]}Name",), ("Name",)


def _guess(
    near: Neighbourhood, stack: Stack, parameter: str, offers: Mapping[str, list[tuple[str, str]]]
) -> Iterator[Join]:
    names = {parameter.lower()}
    names |= {parameter.removesuffix(s).lower() for s in SUFFIXES if parameter.endswith(s)}
    asked = attribute(parameter)
    candidates: list[tuple[str, Value]] = [
        (other, Symbol(resource, asked))
        for name in sorted(names)
        for other, resource in offers.get(name, ())
        if other != stack.id
    ]
    if str(stack.parameters[parameter].get("Type")).startswith(STORED):
        others = [each for each in _stored(near, parameter) if each[0] != stack.id]
        candidates = near.nearest(stack.id, others) or candidates
    kept = _unique(near.nearest(stack.id, candidates))
    if 0 < len(kept) <= MANY_CANDIDATES:
        meant = " or ".join(str(getattr(value, "owner", value)) for _, value in kept)
        note = Evidence(f"parameter {parameter} is likely {meant}: the names agree", stack.place)
        symbol = Symbol(f"{stack.id}@parameter", parameter)
        value = choice([((), value) for _, value in kept])
        yield Join(symbol, stack.id, value, "guessed", tuple(o for o, _ in kept), note)


def attribute(parameter: str) -> str:
    """Return which attribute of a resource a parameter of such a name is."""
    return "Arn" if parameter.lower().endswith("arn") else "Ref"


def _unique(candidates: list[tuple[str, Value]]) -> list[tuple[str, Value]]:
    return list({(stack, str(value)): (stack, value) for stack, value in candidates}.values())


def _stored(near: Neighbourhood, parameter: str) -> list[tuple[str, Value]]:
    """Return what Parameter Store keeps under a path that says a parameter's words, the same last.

    ``EventBusName`` is ``/shop/${Stage}/platform/event-bus/name``. Where several paths do, those
    count that say least besides.
    """
    wanted = _words(parameter)
    found: list[tuple[int, str, Value]] = []
    for members in near.resources.values():
        for resource in members:
            if resource.type == PARAMETER:
                path = _words(UNKNOWN.sub("", str(resource.value("Name"))))
                if path[-1:] == wanted[-1:] and len(wanted) > 1 and {*wanted} <= {*path}:
                    beside = len({*path} - {*wanted})
                    found.append((beside, resource.stack, resource.value("Value")))
    least = min((beside for beside, _, _ in found), default=0)
    return [(stack, value) for beside, stack, value in found if beside == least]


def _words(name: str) -> list[str]:
    return [word.lower() for word in WORD.findall(name)]
