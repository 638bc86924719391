"""No check crashes, whatever stands in a template: what nobody can tell, or what makes no sense.

Every member of every resource of the checks' own examples is replaced in turn. Members that no
example sets are added: every name that a check's code, or what it calls, says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import reduce
from itertools import chain, cycle, zip_longest
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest
from msgspec.structs import replace

from checkrein import checks, pipeline
from checkrein.judge.asking import verdicts
from checkrein.model import Choice, Open, Outcome, Persona, Resource, Symbol, Undecided, Value
from checkrein.model import Path as Keys
from checkrein.model.app import App
from checkrein.model.values import at_path, items_of, members_of
from tests.checks.test_checks import CHECKS, as_json, examples, unmarked, write

UNKNOWN = Open("nobody can tell")
EITHER = Choice((((("S#IsProd", True),), ["a"]), ((("S#IsProd", False),), None)))
VALUES = (UNKNOWN, EITHER, [UNKNOWN], 7, None, [["a"]], {"a": UNKNOWN})
WRITTEN = (  # as a template says them
    *({"Ref": "Unknown"}, "text", 7, ["a"], {"a": "b"}, None, [{"Ref": "Unknown"}]),
    {"Fn::If": ["IsProd", ["a"], {"Ref": "AWS::NoValue"}]},
)
FUNCTIONS = ("Ref", "Fn::", "Condition")
NAME = re.compile(r"[A-Z][A-Za-z0-9]{2,}")
TEMPLATE = "template.yaml"
HOLDER = 2  # keys: Resources and the id
PARTS = 8
BY_ID = {check.id: check for check in CHECKS}
Change = tuple[Keys, Value]


def inside(value: Value, path: Keys = ()) -> Iterator[tuple[Keys, Value]]:
    """Yield all parts of a value, itself first; of a list the first two items."""
    yield path, value
    if isinstance(value, dict) and not any(key.startswith(FUNCTIONS) for key in value):
        for key, item in value.items():
            yield from inside(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value[:2]):
            yield from inside(item, (*path, index))


def put(value: Value, path: Keys, new: Value) -> Value:
    """Return a value with another one at a path."""
    if not path:
        return new
    first, *rest = path
    if isinstance(value, list):
        return [put(v, tuple(rest), new) if i == first else v for i, v in enumerate(value)]
    known = value if isinstance(value, dict) else {}
    return {**known, first: put(known.get(first), tuple(rest), new)}


def general(path: Keys) -> Keys:
    """Return a path with each index the same."""
    return tuple("*" if isinstance(key, int) else key for key in path)


# --------------------------------------------------------------------- what the checks are asked


def said(thing: Any, seen: set[int]) -> Iterator[str]:
    """Yield the names of members in what a function says, and the functions that it calls."""
    if id(thing) in seen:
        return
    seen.add(id(thing))
    if isinstance(thing, str):
        yield from (part for part in thing.split(".") if NAME.fullmatch(part))
    for each in within(thing):
        yield from said(each, seen)


def within(thing: Any) -> Iterator[Any]:
    """Yield what a constant holds, or what a function of the checks says and uses."""
    if isinstance(thing, (tuple, frozenset, dict)):
        yield from chain(thing, thing.values() if isinstance(thing, dict) else ())
    elif isinstance(thing, CodeType):
        yield from thing.co_consts
    elif isinstance(thing, FunctionType) and thing.__module__.startswith(checks.__name__):
        inner = getattr(thing, "__wrapped__", thing)
        yield inner.__code__
        yield from (inner.__globals__.get(name) for name in used(inner.__code__))


def used(code: CodeType) -> Iterator[str]:
    """Yield the names that code uses, also inside comprehensions."""
    yield from code.co_names
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from used(each)


def changes(resource: Resource, names: frozenset[str], seen: set[Keys]) -> Iterator[Change]:
    """Yield what to put where in a resource's properties, each kind of place once."""
    filled = dict.fromkeys(names, UNKNOWN)
    for path, value in inside(resource.properties):
        place = (resource.type, *general(path))
        if path and place not in seen:
            seen.add(place)
            yield from ((path, new) for new in VALUES)
        for name in sorted(names.difference(value)) if isinstance(value, dict) else ():
            if (*place, name) not in seen:
                seen.add((*place, name))
                yield from (((*path, name), new) for new in (UNKNOWN, 7, [filled]))


def with_one_changed(app: App, resource: Resource) -> App:
    """Return an app in which a resource is another, quicker than from all its facts."""
    made = App()
    known = {**app._index[Resource], resource.id: (resource,)}
    made._index = {**app._index, Resource: known}
    made._lists = {kind: v for kind, v in app._lists.items() if kind is not Resource}
    made._groups = {door: v for door, v in app._groups.items() if door[0] is not Resource}
    return made


@pytest.mark.parametrize("name", BY_ID)
def test_a_check_says_that_it_cannot_tell(name: str, tmp_path: Path) -> None:
    check = BY_ID[name]
    names = frozenset(said(check.judge, set()))
    seen: set[Keys] = set()
    for number, example in enumerate(examples(check)):
        folder = write(tmp_path / str(number), unmarked(example.files))
        app = pipeline.scan((folder,), wanted=pipeline.Wanted(Persona.AUDITOR)).app
        for resource in app.every(Resource):
            for path, new in changes(resource, names, seen):
                changed = replace(resource, properties=put(resource.properties, path, new))
                for verdict in verdicts(check, with_one_changed(app, changed)):
                    assert verdict.outcome is not Outcome.CRASHED, (verdict, path, new)


@pytest.mark.parametrize("unknown", [UNKNOWN, EITHER, Symbol("S@parameter", "P")], ids=str)
def test_what_nobody_can_see_is_undecided(unknown: Value) -> None:
    for read in (items_of, members_of):
        with pytest.raises(Undecided, match="Hooks is"):
            read(unknown, "Hooks")


@pytest.mark.parametrize("value", [None, 7, "text", True])
def test_what_makes_no_sense_counts_as_not_set(value: Value) -> None:
    assert items_of(value, "Hooks") == []
    assert members_of(value, "Hooks") == {}


def test_what_is_there_is_returned() -> None:
    assert items_of([UNKNOWN], "Hooks") == [UNKNOWN]
    assert members_of({"a": UNKNOWN}, "Hooks") == {"a": UNKNOWN}
    assert (items_of({"a": 1}, "Hooks"), members_of([1], "Hooks")) == ([], {})


# ------------------------------------------------------------------- what the pipeline is given


def documents() -> Iterator[tuple[dict[str, str], str, Any]]:
    """Yield the applications of all examples with a template of theirs."""
    for check in CHECKS:
        for example in examples(check):
            for path, text in unmarked(example.files).items():
                if path.endswith(TEMPLATE):
                    yield unmarked(example.files), path, json.loads(as_json(text))


def jobs() -> Iterator[tuple[dict[str, str], str, Any, list[Change]]]:
    """Yield what to change at once in a document: two places in each resource, each place once."""
    seen: set[Keys] = set()
    values = cycle(WRITTEN)
    for files, path, document in documents():
        made: dict[Keys, list[Change]] = {}
        for keys, _ in inside(document):
            holder, rest = keys[:HOLDER], general(keys[HOLDER:])
            kind = at_path(document, (*holder, "Type"))
            place = (str(kind), *rest) if kind else general(keys)
            if keys and place not in seen:
                seen.add(place)
                made.setdefault(holder, []).append((keys, next(values)))
        halves = [
            half
            for found in made.values()
            for half in (found[: len(found) // 2], found[len(found) // 2 :])
        ]
        for together in zip_longest(*halves):
            yield files, path, document, [change for change in together if change]


@pytest.mark.parametrize("part", range(PARTS))
def test_the_pipeline_takes_any_value(part: int, tmp_path: Path) -> None:
    for number, (files, path, document, changed) in enumerate(jobs()):
        if number % PARTS != part:
            continue
        text = json.dumps(reduce(lambda made, change: put(made, *change), changed, document))
        folder = write(tmp_path / str(number), {**files, path: text})
        result = pipeline.scan((folder,), wanted=pipeline.Wanted(Persona.AUDITOR))
        crashed = [each for each in result.verdicts if each.outcome is Outcome.CRASHED]
        assert not crashed, (crashed, path, changed)
