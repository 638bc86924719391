"""One resource's arguments as the properties of a CloudFormation type, each with its place.

Names and nesting follow CloudFormation's schema; the tables of :mod:`checkrein.catalog.terraform`
say what differs.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any, Final

from msgspec.structs import replace

from checkrein.catalog import shapes
from checkrein.catalog.terraform import SAME, Rule
from checkrein.catalog.terraform_names import Target
from checkrein.model import Path, Place
from checkrein.model.values import Choice, Symbol, Text, Value, choice
from checkrein.read.json_text import parse_json
from checkrein.read.terraform.instances import Instance, Json
from checkrein.read.terraform.mapping_items import EACH
from checkrein.read.terraform.mapping_values import TURNED, as_text

Resolved = tuple[Value, dict[Path, Place]]
Resolve = Callable[[Value], Resolved]
DEFAULT: Final = Rule()
META: Final = frozenset({
    "count", "for_each", "depends_on", "provider", "lifecycle", "timeouts", "tags_all", "id",
    "provisioner", "connection", "region",
})  # fmt: skip
PAIRS: Final = (("Key", "Value"), ("Name", "Value"))
ITSELF: Final = "itself"
STRUCTURED: Final = (":", shapes.FREE)  # kinds that JSON text may stand for


class Properties:
    """What one resource's arguments say, in the structure of a CloudFormation type.

    ``within`` is the property that holds what has no place elsewhere. ``resolve`` gives what a
    value refers to in the document's terms, and where the parts of it are written if that is
    elsewhere. After :meth:`read`, ``places`` says where each part of it stands, and ``single``
    holds the value of an argument that is all of it.
    """

    def __init__(self, instance: Instance, type: str, resolve: Resolve, within: str = "") -> None:
        self.instance, self.resolve = instance, resolve
        self.target = Target(type, within)
        self.places: dict[Path, Place] = {}
        self.single: Value = None

    def read(self, move: dict[str, Rule], structure: str = shapes.ROOT, base: Path = ()) -> Value:
        """Return the arguments as the content of a structure that stands at ``base``."""
        values = {key: v for key, v in self.instance.values.items() if key not in META}
        found = self.block(values, move, structure, (), base)
        self.place(base, ())
        return found

    def place(self, target: Path, source: Path) -> None:
        """Note that what stands at ``target`` is written at ``source``, or nearest above it."""
        places = self.instance.places
        ways = (source[:n] for n in range(len(source), 0, -1))
        near = next((places[way] for way in ways if way in places), self.instance.place)
        self.places.setdefault(target, near)

    def _deep(self, target: Path, source: Path) -> None:
        """Note where everything below is written, which was taken as it is."""
        self.place(target, source)
        for at, place in self.instance.places.items():
            if len(at) > len(source) and at[: len(source)] == source:
                self.places.setdefault(target + at[len(source) :], place)

    def block(
        self, values: dict[str, Any], move: dict[str, Rule], structure: str, *ways: Path
    ) -> dict[str, Value]:
        """Return a block's arguments; ``ways`` are where it is written and where it goes."""
        source, target = ways
        found: dict[str, Value] = {}
        for key, value in values.items():
            rule = move.get(key, DEFAULT)
            to = self.target.named(structure, key) if rule.to == SAME else rule.to
            if value is not None and to is not None:
                rule = replace(rule, to=to)
                self._argument(found, value, rule, (structure, (*source, key), target))
        return found

    def _argument(
        self,
        found: dict[str, Value],
        value: Any,
        rule: Rule,
        where: tuple[str, Path, Path],
    ) -> None:
        structure, source, target = where
        way = path_of(rule.to or "")
        kind = self.target.kind(structure, way)
        made = self.turned(value, rule, kind, source, (*target, *way))
        if made is not None and not way and not isinstance(made, dict):
            self.single = made
            return
        if made is not None:
            unite(found, way, made)
        for key in made if isinstance(made, dict) and not way else ():
            self.place((*target, key), source)

    def turned(self, value: Any, rule: Rule, kind: str, *ways: Path) -> Value | None:
        """Return a value as its property wants it, None where nothing is left of it."""
        source, target = ways
        self.place(target, source)
        if isinstance(value, Choice):
            options = [
                (when, self.turned(option, rule, kind, source, target))
                for when, option in value.options
            ]
            return choice(options)
        if isinstance(value, (Symbol, Text)):
            value, elsewhere = self.resolve(value)
            for at, place in elsewhere.items():
                self.places.setdefault(target + at, place)
        if rule.by == ITSELF:
            return self._itself(value, rule.using)
        if rule.by:
            self._deep(target, source)
            plain, _ = self.resolve(value)
            return TURNED[rule.by](plain, rule.using)
        made = self.shaped(value, rule, kind, source, target)
        if rule.each and isinstance(made, list):
            return self._several(made, rule, target)
        return made

    def _itself(self, value: Any, using: str) -> Value | None:
        """Return the resource itself, or what an argument names, in a list; None if not so."""
        own = Symbol(self.instance.address, "id")
        named = self.instance.values.get(using, own)
        return [self.resolve(named)[0]] if value is True else None

    def _several(self, made: list[Value], rule: Rule, target: Path) -> list[Value]:
        """Return a list in which each item may have become several, their places with them."""
        found: list[Value] = []
        before = {at: p for at, p in self.places.items() if at[: len(target)] == target}
        for index, item in enumerate(made):
            own = (*target, index)
            below = {at[len(own) :]: p for at, p in before.items() if at[: len(own)] == own}
            for each in (
                EACH[rule.each](item, str(target[-1])) if isinstance(item, dict) else [item]
            ):
                for at, place in below.items():
                    self.places[(*target, len(found), *at)] = place
                found.append(each)
        return found

    def shaped(self, value: Any, rule: Rule, kind: str, *ways: Path) -> Value | None:
        """Return a value in the nesting that a kind asks for."""
        source, target = ways
        if isinstance(value, dict):
            return self._mapping(value, rule, kind, source, target)
        if isinstance(value, list):
            return self._listing(value, rule, kind, source, target)
        if isinstance(value, Json):
            return self._json(value, rule, kind, source, target)
        if kind.lstrip("[")[:1] in STRUCTURED and isinstance(value, (str, Text)):
            parsed = parse_json(value)
            if parsed is not None:
                return self._json(Json(parsed), rule, kind, source, target)
        return [value] if kind.startswith("[") and isinstance(value, (str, Text)) else value

    def _json(self, value: Json, rule: Rule, kind: str, *ways: Path) -> Value:
        source, target = ways
        inner = value.value
        if isinstance(inner, (Symbol, Text)):
            inner, elsewhere = self.resolve(inner)
            self.places |= {target + at: place for at, place in elsewhere.items()}
        self._deep(target, source)
        plain, _ = self.resolve(inner)
        if kind == shapes.SCALAR:
            return as_text(plain)
        nested = kind.lstrip("[").startswith(":") and isinstance(plain, (dict, list))
        return self.shaped(plain, rule, kind, source, target) if nested else plain

    def _mapping(self, value: dict[str, Any], rule: Rule, kind: str, *ways: Path) -> Value:
        source, target = ways
        if kind.startswith("[:"):
            members = shapes.structure(self.target.type, kind[2:])
            for names in PAIRS:
                if set(names) <= set(members) and not {name.lower() for name in names} <= set(
                    value
                ):
                    return self._pairs(value, names, source, target)
            return [self.block(value, rule.move, kind[2:], source, (*target, 0))]
        if kind.startswith(":"):
            return self.block(value, rule.move, kind[1:], source, target)
        if kind.startswith("{"):
            return {
                key: self.turned(item, Rule(), kind[1:], (*source, key), (*target, key))
                for key, item in value.items()
                if item is not None
            }
        self._deep(target, source)
        return self.resolve(value)[0]

    def _pairs(self, value: dict[str, Any], names: tuple[str, str], *ways: Path) -> list[Value]:
        source, target = ways
        found = []
        for index, (key, item) in enumerate(value.items()):
            self.place((*target, index), (*source, key))
            found.append(dict(zip(names, (key, self.resolve(item)[0]), strict=True)))
        return found

    def _listing(self, value: list[Any], rule: Rule, kind: str, *ways: Path) -> Value | None:
        source, target = ways
        if kind.startswith("["):
            inner = Rule(move=rule.move)
            items = [
                self.turned(item, inner, kind[1:], (*source, index), (*target, index))
                for index, item in enumerate(value)
            ]
            return [item for item in items if item is not None]
        if kind == shapes.FREE or (not kind and not _is_block(value)):
            self._deep(target, source)
            return self.resolve(value)[0]
        if not value:
            return None
        return self.turned(value[0], Rule(move=rule.move), kind, (*source, 0), target)


def _is_block(value: list[Any]) -> bool:
    return len(value) == 1 and isinstance(value[0], dict)


def path_of(written: str) -> Path:
    """Return the path that a table writes with dots; digits are positions in lists."""
    return tuple(int(key) if key.isdigit() else key for key in written.split(".") if key)


def unite(found: Any, way: Path, value: Value) -> None:
    """Put a value at a path, beside what is there already: structures and lists grow.

    Where something on the way is no container, since it is not known, that stays.
    """
    if not way:
        found.update(value if isinstance(value, dict) else {})
        return
    for key, follows in pairwise(way):
        found = _inner(found, key, [] if isinstance(follows, int) else {})
    last = way[-1]
    there = _inner(found, last, None)
    if there is None:
        _put(found, last, value)
    elif isinstance(there, list) and isinstance(value, list):
        there.extend(value)
    elif isinstance(there, dict) and isinstance(value, dict):
        for key, item in value.items():
            unite(there, (key,), item)
    else:
        _put(found, last, value)


def _inner(found: Any, key: str | int, fresh: Any) -> Any:
    """Return what stands at a key, after putting ``fresh`` there if nothing does."""
    if isinstance(found, list) and isinstance(key, int):
        found += [fresh] * (key + 1 - len(found))
        return found[key]
    return found.setdefault(key, fresh) if isinstance(found, dict) else None


def _put(found: Any, key: Any, value: Value) -> None:
    if isinstance(found, dict) or (isinstance(found, list) and isinstance(key, int)):
        found[key] = value
