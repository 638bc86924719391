"""Terraform's tables read backwards: which argument says a property of a CloudFormation type.

Sources: ``data/terraform/*.yaml``, and ``data/terraform_arguments.yaml``, which says the arguments
that a fix may write and of which kind each is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final, NamedTuple

from checkrein.catalog import shapes
from checkrein.catalog.tables import table
from checkrein.catalog.terraform import SAME, Entry, Rule, entry, written
from checkrein.catalog.terraform_names import Target

Path = tuple[str | int, ...]
DEFAULT: Final = Rule()
LIST: Final = "[]"
EMPTY: Final = "empty"  # the kind of a block in which nothing needs to be said
NEW: Final = 0  # the position of an item of which it is not said which one it is


class Step(NamedTuple):
    """A nested block on the way to an argument: its name, and the property that it becomes."""

    block: str
    at: Path
    repeated: bool = False


class Route(NamedTuple):
    """How an argument of a Terraform type becomes a property.

    ``type`` is the resource's that holds the argument: its own, or of one that is merged into it.
    ``at`` is the property's path, with NEW for positions in lists; ``shape`` its kind in
    CloudFormation (see ``shapes``), ``kind`` the argument's in Terraform.
    """

    type: str
    steps: tuple[Step, ...]
    argument: str
    kind: str
    at: Path
    rule: Rule
    shape: str


@cache
def arguments(type: str) -> Mapping[str, Any]:
    """Return the arguments and nested blocks of a type that may be written; none if not known."""
    found: dict[str, dict[str, Any]] = table("terraform_arguments.yaml")
    return found.get(type, {})


@cache
def routes(type: str, target: str) -> tuple[Route, ...]:
    """Return all routes from a Terraform type to a CloudFormation type, its own first.

    Then those of the types that are merged into it.
    """
    found = list(_own(type, target))
    for name, other in sorted(written().items()):
        if other.into and type in other.into.type and arguments(name):
            found += _merged(name, other, target)
    return tuple(found)


@cache
def made_as(target: str) -> str:
    """Return the Terraform type that makes a CloudFormation type, "" if none may be written."""
    known: dict[str, Any] = table("terraform_arguments.yaml")
    for type in known:
        found = entry(type)
        if found and found.into is None and found.type == target:
            return type
    return ""


def _own(type: str, target: str) -> Iterator[Route]:
    found = entry(type)
    if found is None or found.into:
        return
    walk = _Walk(type, target, found.within)
    yield from walk.routes(arguments(type), found.move, shapes.ROOT, (), ())


def _merged(type: str, found: Entry, target: str) -> Iterator[Route]:
    assert found.into is not None
    way: Path = tuple(key for key in found.into.at.removesuffix(LIST).split(".") if key)
    walk = _Walk(type, target, "")
    kind = Target(target).kind(shapes.ROOT, way).lstrip("[").removeprefix(":")
    base = (*way, NEW) if found.into.at.endswith(LIST) else way
    own = set(found.into.by)
    given = {name: spec for name, spec in arguments(type).items() if name not in own}
    yield from walk.routes(given, found.move, kind, (), base)


class _Walk:
    """Goes through a type's arguments as the reader of its resources would."""

    def __init__(self, type: str, target: str, within: str) -> None:
        self.type = type
        self._target = Target(target, within)

    def routes(
        self,
        given: Mapping[str, Any],
        move: dict[str, Rule],
        structure: str,
        steps: tuple[Step, ...],
        base: Path,
    ) -> Iterator[Route]:
        for name, spec in given.items():
            rule = move.get(name, DEFAULT)
            to = self._target.named(structure, name) if rule.to == SAME else rule.to
            if to is None:
                continue
            way: Path = tuple(int(key) if key.isdigit() else key for key in to.split(".") if key)
            kind, at = self._target.kind(structure, way), (*base, *way)
            if not isinstance(spec, (dict, list)):
                yield Route(self.type, steps, name, str(spec), at, rule, kind)
                continue
            inner = kind.lstrip("[").removeprefix(":")
            at = (*at, NEW) if kind.startswith("[") else at
            step = Step(name, at, isinstance(spec, list))
            fields = spec[0] if isinstance(spec, list) else spec
            if not fields:
                yield Route(self.type, (*steps, step), "", EMPTY, at, rule, kind)
            yield from self.routes(fields, rule.move, inner, (*steps, step), at)
